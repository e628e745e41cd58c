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
  std::size_t maxWaiting = 1000;  ///< Tasks that wait for a thread; more are refused.
};

/// What `work` returns (a value, or a `Later` that is flattened) or throws, run as a task by
/// `tryRun`, which takes a `std::function<void()>` and returns false if it will not run it. That is
/// an `Error{unavailable}`.
template <class F, class TryRun>
[[nodiscard]] auto runWith(const TryRun& tryRun, F work) {
  using T = detail::FlattenedType<std::invoke_result_t<F&>>;
  return Later<T>{[&](Answer<T> answer) {
    auto shared = std::make_shared<F>(std::move(work));  // a task is copyable, `work` may not be
    const bool runs = tryRun([answer, shared]() mutable {
      Later<T> result = [&]() -> Later<T> {
        try {
          return Later<T>{(*shared)()};
        } catch (...) {
          return Later<T>::failed(std::current_exception());
        }
      }();
      shared.reset();
      std::move(result).forwardTo(std::move(answer));
    });
    if (!runs) {
      answer.fail(Error{ErrorKind::unavailable, "too much work waits for a thread"});
    }
  }};
}

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
    return runWith([this](Task task) { return tryRun(std::move(task)); }, std::move(work));
  }

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ivr
