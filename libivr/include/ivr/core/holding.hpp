#pragma once
// What the code on a thread holds, so that a wait in vain can be detected.

#include "ivr/core/error.hpp"
#include "ivr/core/once_function.hpp"

#include <cstdint>
#include <exception>
#include <functional>
#include <utility>
#include <vector>

namespace ivr::detail {

/// Records, while it lives, what the code on this thread holds (a session, a lock), so that waiting
/// for something that needs exactly that is an error and not an endless wait.
class Holding {
 public:
  using Id = std::uint64_t;  ///< Never 0, and never the same twice in a process.

  /// In which order they are taken: while a model is held, no session of a call may be waited for,
  /// and no other model.
  enum class Kind { session, model };

  /// `beforeWork`, which must outlive this, is called before the code on this thread begins work
  /// that goes on without it.
  explicit Holding(Id what, const std::function<void()>* beforeWork = nullptr,
                   Kind kind = Kind::session) noexcept
      : what_(what),
        beforeWork_(beforeWork),
        kind_(kind),
        outer_(std::exchange(innermost(), this)) {}
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  ~Holding() {
    innermost() = outer_;
    for (auto& begin : released_) begin();
  }

  [[nodiscard]] static bool isHeldHere(Id what) noexcept {
    for (const Holding* one = innermost(); what != 0 && one != nullptr; one = one->outer_) {
      if (one->what_ == what) return true;
    }
    return false;
  }

  /// The model that the code on this thread holds; 0 if there is none.
  [[nodiscard]] static Id model() noexcept {
    for (const Holding* one = innermost(); one != nullptr; one = one->outer_) {
      if (one->kind_ == Kind::model) return one->what_;
    }
    return 0;
  }

  /// Calls `begin`, which must not throw, when the code on this thread has ended that holds a
  /// model. False, and nothing is done, if there is none.
  [[nodiscard]] static bool whenModelIsReleased(OnceFunction<>& begin) {
    for (Holding* one = innermost(); one != nullptr; one = one->outer_) {
      if (one->kind_ != Kind::model) continue;
      one->released_.push_back(std::move(begin));
      return true;
    }
    return false;
  }

  /// To be called before such work begins: a task, a request, a change of a call. Throws if it must
  /// not begin.
  static void prepareForWork() {
    for (const Holding* one = innermost(); one != nullptr; one = one->outer_) {
      if (one->beforeWork_ != nullptr && *one->beforeWork_) (*one->beforeWork_)();
    }
  }

  [[nodiscard]] static std::exception_ptr error() {
    return std::make_exception_ptr(Error{
        ErrorKind::usage,
        "this would wait for ever: it begins when what waits for it here has ended (a step "
        "cannot wait for a change of its own session, nor the holder of a lock for the lock, nor "
        "a step or a callback of a flow for the session of a call or for another model); "
        "let it go on with detach"});
  }

 private:
  static Holding*& innermost() noexcept {
    thread_local Holding* holding = nullptr;
    return holding;
  }

  const Id what_;
  const std::function<void()>* const beforeWork_;
  const Kind kind_;
  std::vector<OnceFunction<>> released_;
  Holding* const outer_;
};

}  // namespace ivr::detail
