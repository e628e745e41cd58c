#pragma once
// Durations that may be left to the provider.

#include <chrono>
#include <variant>

namespace ivr::twiml {

/// TwiML's `auto`: the provider decides.
struct Automatic {
  bool operator==(const Automatic&) const = default;
};

using SecondsOrAuto = std::variant<std::chrono::seconds, Automatic>;
using MillisecondsOrAuto = std::variant<std::chrono::milliseconds, Automatic>;

}  // namespace ivr::twiml
