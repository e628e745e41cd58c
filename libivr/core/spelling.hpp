#pragma once
// Names that were probably meant.

#include <cstddef>
#include <span>
#include <string_view>

namespace ivr {

/// The text of `known` that `name` becomes when the fewest letters, `maxSteps` at most and less
/// than half of it, are inserted, removed, changed or swapped with their neighbour; case does not
/// count. Empty if there is none, and for a name of more than 100 bytes.
[[nodiscard]] std::string_view nearestOf(std::string_view name,
                                         std::span<const std::string_view> known,
                                         std::size_t maxSteps);

}  // namespace ivr
