#include "twiml/spelling.hpp"

#include "core/spelling.hpp"

namespace ivr::twiml {

std::string didYouMean(std::string_view name, std::span<const std::string_view> known) {
  constexpr std::size_t kMaxSteps = 2;  // three letters make another name of a short one
  const std::string_view nearest = nearestOf(name, known, kMaxSteps);
  return nearest.empty() ? std::string{} : "; did you mean " + std::string{nearest} + '?';
}

}  // namespace ivr::twiml
