#pragma once
// What a `Later` failed with.

#include "ivr/core/later.hpp"

#include <exception>
#include <string>
#include <utility>

namespace ivr::support {

/// Waits for `later`, and returns the message of the exception that it ends with.
template <class T>
std::string failureOf(Later<T> later) {
  try {
    (void)std::move(later).get();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no failure";
}

}  // namespace ivr::support
