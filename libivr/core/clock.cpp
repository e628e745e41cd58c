#include "ivr/core/clock.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"

#include <ctime>
#include <fstream>

namespace ivr {

Clock systemClock() {
  return [] { return std::chrono::system_clock::now(); };
}

SteadyClock steadyClock() {
  return [] { return std::chrono::steady_clock::now(); };
}

BootClock bootClock() {
  constexpr const char* kFile = "/proc/sys/kernel/random/boot_id";
  std::string line;
  std::getline(std::ifstream{kFile}, line);
  BootClock clock{.boot = std::string{trimmed(line)}, .sinceBoot = [] {
                    std::timespec time{};
                    ::clock_gettime(CLOCK_BOOTTIME, &time);
                    return std::chrono::seconds{time.tv_sec} +
                           std::chrono::nanoseconds{time.tv_nsec};
                  }};
  if (clock.boot.empty()) {
    throw Error{
        ErrorKind::config,
        std::string{kFile} + " cannot be read: it tells one start of the machine from another"};
  }
  return clock;
}

}  // namespace ivr
