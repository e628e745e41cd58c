#pragma once
// Threads of the library.

#include <csignal>
#include <pthread.h>
#include <thread>
#include <utility>

namespace ivr {

/// Blocks all signals for the calling thread while it lives.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// Starts a thread that takes no signals: they are for the threads of the program. A SIGTERM
/// delivered to one of our threads would kill the process, although the thread of `serve` waits for
/// it.
template <class F>
[[nodiscard]] std::thread startThread(F body) {
  const SignalsBlocked blocked;  // a thread inherits the mask of its creator
  return std::thread{std::move(body)};
}

/// A thread that its owner ends. The destructor waits for it; its work must have been told to end.
///
/// If its own task drops the last handle to the owner, nobody is left to wait: the thread then runs
/// alone to the end of that task. So the thread and its owner must share whatever the task uses.
class OwnedThread {
 public:
  template <class F>
  explicit OwnedThread(F body) : thread_(startThread(std::move(body))) {}
  OwnedThread(const OwnedThread&) = delete;
  OwnedThread& operator=(const OwnedThread&) = delete;
  ~OwnedThread() {
    if (thread_.get_id() == std::this_thread::get_id()) {
      thread_.detach();
    } else if (thread_.joinable()) {
      thread_.join();
    }
  }

  /// Waits now.
  void join() {
    if (thread_.get_id() != std::this_thread::get_id()) thread_.join();
  }

 private:
  std::thread thread_;
};

}  // namespace ivr
