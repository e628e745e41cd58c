#pragma once
// What is known about a caller whose answer is late.

#include "ivr/state/url_for.hpp"

#include <chrono>
#include <string>

namespace ivr {

/// A caller who waits for an answer. A value.
struct Waiting {
  std::string callSid = {};
  std::string state = {};  ///< Who was asked; empty if another machine knows.
  int round = 1;           ///< How often the caller has been asked to wait, this time included.
  std::chrono::milliseconds waited{0};  ///< Since the provider asked first.
  UrlFor urlFor;
};

}  // namespace ivr
