#pragma once
// Names that were probably meant.

#include <span>
#include <string>
#include <string_view>

namespace ivr::twiml {

/// `; did you mean timeout?` if one of `known` is spelt much like `name`, otherwise nothing.
[[nodiscard]] std::string didYouMean(std::string_view name,
                                     std::span<const std::string_view> known);

}  // namespace ivr::twiml
