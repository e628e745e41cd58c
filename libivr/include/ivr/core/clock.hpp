#pragma once
// Time as a dependency: code that needs a clock is given one, so that a test can decide what time
// it is.

#include <chrono>
#include <functional>

namespace ivr {

/// Returns the time of day, which jumps when somebody sets it. Called from any thread.
using Clock = std::function<std::chrono::system_clock::time_point()>;

/// The clock of the machine.
[[nodiscard]] Clock systemClock();

/// Returns a time that nobody can set, for durations within this process. Called from any thread.
using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

/// The steady clock of the machine.
[[nodiscard]] SteadyClock steadyClock();

/// Returns the time since the machine was started, that asleep included: a time that nobody can
/// set, the same for all processes of a machine. Called from any thread.
using BootClock = std::function<std::chrono::nanoseconds()>;

/// The boot clock of the machine.
[[nodiscard]] BootClock bootClock();

}  // namespace ivr
