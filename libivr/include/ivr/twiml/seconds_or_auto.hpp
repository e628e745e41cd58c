#pragma once
// A duration that may be left to the provider.

#include <chrono>
#include <variant>

namespace ivr::twiml {

/// TwiML's `auto`: the provider decides.
struct Automatic {
  bool operator==(const Automatic&) const = default;
};

using SecondsOrAuto = std::variant<std::chrono::seconds, Automatic>;

}  // namespace ivr::twiml
