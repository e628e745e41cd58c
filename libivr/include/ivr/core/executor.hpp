#pragma once
// Threads for work that blocks: look-ups, files, other people's clients. Network threads never do
// such work themselves.

#include "ivr/core/error.hpp"
#include "ivr/core/later.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace ivr {

/// How much an executor takes on.
struct ExecutorLimits {
  std::size_t threads = 16;
  std::size_t mostWaiting = 1000;  ///< Tasks that wait for a thread; more are refused.
};

/// A bounded pool of threads.
///
/// A resource: tasks begin in the order in which they came. The destructor drops what has not begun
/// (whose `Later` then fails) and waits for what has. Threads: all members may be called from any
/// thread, tasks included, but a task must not destroy its executor.
class Executor {
 public:
  using Task = std::function<void()>;

  explicit Executor(ExecutorLimits limits = {});
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  ~Executor();

  /// Runs `task`, which must not throw, when a thread is free. False, and nothing runs, if too many
  /// wait already or the executor is ending.
  [[nodiscard]] bool tryRun(Task task);

  /// What `work` returns (a value, or a `Later` that is flattened) or throws. `Error{unavailable}`
  /// if too much waits already.
  template <class F>
  [[nodiscard]] auto run(F work) {
    using R = std::invoke_result_t<F&>;
    if constexpr (detail::IsLater<R>::value) {
      return runFor<typename R::Value>(std::move(work));
    } else {
      return runFor<std::remove_cvref_t<R>>(std::move(work));
    }
  }

 private:
  template <class T, class F>
  Later<T> runFor(F work) {
    return Later<T>{[&](Answer<T> answer) {
      auto shared =
          std::make_shared<F>(std::move(work));  // a `Task` is copyable, `work` may not be
      if (!tryRun([answer, shared]() mutable {
            Later<T> result = [&]() -> Later<T> {
              try {
                return Later<T>{(*shared)()};
              } catch (...) {
                return Later<T>::failed(std::current_exception());
              }
            }();
            shared.reset();
            std::move(result).passTo(std::move(answer));
          })) {
        answer.fail(Error{ErrorKind::unavailable, "too much work waits for a thread"});
      }
    }};
  }

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ivr
