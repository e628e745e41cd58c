#pragma once
// Names that were probably meant.

#include <span>
#include <string_view>

namespace ivr::twiml {

/// The one of `known` that is spelt much like `name`; empty if none is.
[[nodiscard]] std::string_view nearestName(std::string_view name,
                                           std::span<const std::string_view> known);

}  // namespace ivr::twiml
