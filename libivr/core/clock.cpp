#include "ivr/core/clock.hpp"

#include <ctime>

namespace ivr {

Clock systemClock() {
  return [] { return std::chrono::system_clock::now(); };
}

SteadyClock steadyClock() {
  return [] { return std::chrono::steady_clock::now(); };
}

BootClock bootClock() {
  return [] {
    std::timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
  };
}

}  // namespace ivr
