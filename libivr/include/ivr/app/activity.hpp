#pragma once
// What an application is doing.

#include <cstddef>

namespace ivr {

/// How much is under way in an application at one moment. A value; false if nothing is.
struct Activity {
  /// Webhooks that were asked for and are not done. A step that only waits for a deadline, or for
  /// code outside the library to answer, is under way.
  std::size_t steps = 0;
  /// Of these, the steps that are older than a second, or whose callers have held before.
  std::size_t lateSteps = 0;
  std::size_t callersOnHold = 0;  ///< Who were asked to hold, and have not come back yet.
  std::size_t detached = 0;       ///< Pieces of detached work that have no outcome yet.
  std::size_t tasks = 0;          ///< Work that waits for a thread or runs on one.
  std::size_t requests = 0;       ///< Requests to the provider that are not answered yet.

  explicit operator bool() const noexcept {
    return steps + callersOnHold + detached + tasks + requests > 0;
  }
};

}  // namespace ivr
