#pragma once
// Time as a dependency: code that needs the time of day is given a `Clock`, so that a test can
// decide what time it is.

#include <chrono>
#include <functional>

namespace ivr {

/// Returns the time of day. Called from any thread.
using Clock = std::function<std::chrono::system_clock::time_point()>;

/// The clock of the machine.
[[nodiscard]] Clock systemClock();

}  // namespace ivr
