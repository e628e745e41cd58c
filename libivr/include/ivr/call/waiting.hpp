#pragma once
// What is known about a caller whose answer is late.

#include "ivr/call/url_for.hpp"

#include <chrono>
#include <string>

namespace ivr {

/// A caller who waits for an answer. A value.
struct Waiting {
  std::string callSid = {};
  std::string state = {};  ///< The requested state; empty if this application no longer has it.
  int round = 1;           ///< How often the caller has been asked to hold, this time included.
  std::chrono::milliseconds waited{0};  ///< Since the provider first asked.
  UrlFor urlFor;
};

}  // namespace ivr
