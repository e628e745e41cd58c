#pragma once
// Whether a session store can be reached, as far as those who ask it know.

#include "ivr/core/log.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <utility>

namespace ivr::session {

/// Whether a store that threw this may answer again by itself.
[[nodiscard]] bool isPassing(const std::exception_ptr& error);

/// Logs when trouble begins and ends. Threads: any.
class StoreTrouble {
 public:
  explicit StoreTrouble(Log log) : log_(std::move(log)) {}

  /// To be called after each request to the store, with an error that is passing.
  void onAnswer();
  void onError(const std::exception_ptr& error);

  /// The error of a store in trouble. Null, too, for one who asks now and then, and finds out
  /// whether it still is.
  [[nodiscard]] std::exception_ptr current();

 private:
  const Log log_;
  std::atomic<bool> isOn_{false};
  std::mutex mutex_;
  std::exception_ptr error_;
  std::chrono::steady_clock::time_point nextProbe_;
};

}  // namespace ivr::session
