#include "ivr/core/clock.hpp"

namespace ivr {

Clock systemClock() {
  return [] { return std::chrono::system_clock::now(); };
}

}  // namespace ivr
