#include "twiml/spelling.hpp"

#include "core/spelling.hpp"

namespace ivr::twiml {

std::string_view nearestName(std::string_view name, std::span<const std::string_view> known) {
  constexpr std::size_t kMaxSteps = 2;  // three letters make another name of a short one
  return nearestOf(name, known, kMaxSteps);
}

}  // namespace ivr::twiml
