#pragma once
// What the code on a thread holds, so that a wait in vain can be detected.

#include "ivr/core/error.hpp"

#include <cstdint>
#include <exception>
#include <utility>

namespace ivr::detail {

/// Records, while it lives, what the code on this thread holds (a session, a lock), so that waiting
/// for something that needs exactly that is an error and not an endless wait.
class Holding {
 public:
  using Id = std::uint64_t;  ///< Never 0, and never the same twice in a process.

  explicit Holding(Id what) noexcept : what_(what), outer_(std::exchange(innermost(), this)) {}
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  ~Holding() { innermost() = outer_; }

  [[nodiscard]] static bool isHeldHere(Id what) noexcept {
    for (const Holding* one = innermost(); what != 0 && one != nullptr; one = one->outer_) {
      if (one->what_ == what) return true;
    }
    return false;
  }

  [[nodiscard]] static std::exception_ptr error() {
    return std::make_exception_ptr(Error{
        ErrorKind::usage,
        "this would wait for ever: it begins when what waits for it here has ended (a step "
        "cannot wait for a change of its own session, nor the holder of a lock for the lock); "
        "let it go on with detach"});
  }

 private:
  static Holding*& innermost() noexcept {
    thread_local Holding* holding = nullptr;
    return holding;
  }

  const Id what_;
  Holding* const outer_;
};

}  // namespace ivr::detail
