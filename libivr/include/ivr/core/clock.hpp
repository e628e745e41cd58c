#pragma once
// Time as a dependency: whoever needs the time of day is given a `Clock`, so that a test decides
// what time it is.

#include <chrono>
#include <functional>

namespace ivr {

/// Answers the time of day. Called from any thread.
using Clock = std::function<std::chrono::system_clock::time_point()>;

/// The clock of the machine.
[[nodiscard]] Clock systemClock();

}  // namespace ivr
