#pragma once
// What an application is doing.

#include <cstddef>

namespace ivr {

/// How much is under way in an application at one moment. A value; false if nothing is.
///
/// A step that only waits for a deadline, or for code outside the library to answer, is under way,
/// and so is a caller on hold.
struct Activity {
  std::size_t steps = 0;     ///< Webhooks that were asked for and are not done.
  std::size_t tasks = 0;     ///< Work that waits for a thread or runs on one.
  std::size_t requests = 0;  ///< Requests to the provider that are not answered yet.

  explicit operator bool() const noexcept { return steps + tasks + requests > 0; }
};

}  // namespace ivr
