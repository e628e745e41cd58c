#pragma once
// Time as a dependency: code that needs a clock is given one, so that a test can decide what time
// it is.

#include <chrono>
#include <functional>
#include <string>

namespace ivr {

/// Returns the time of day, which jumps when somebody sets it. Called from any thread.
using Clock = std::function<std::chrono::system_clock::time_point()>;

/// The clock of the machine.
[[nodiscard]] Clock systemClock();

/// Returns a time that nobody can set, for durations within this process. Called from any thread.
using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

/// The steady clock of the machine.
[[nodiscard]] SteadyClock steadyClock();

/// A time that nobody can set, the same for all processes of a machine until it restarts.
struct BootClock {
  std::string boot = {};  ///< Which start of the machine: never the same text twice.

  /// Returns the time since then, that asleep included. Called from any thread.
  std::function<std::chrono::nanoseconds()> sinceBoot = {};
};

/// The boot clock of the machine. Throws `Error{config}` if the machine does not say which start
/// this is.
[[nodiscard]] BootClock bootClock();

}  // namespace ivr
