#pragma once
// Threads for work that may block: states, background work, stores.
//
// An application has one executor (`Config::executor`). Tests give it one that runs everything at
// once on the calling thread.

#include "ivr/core/error.hpp"
#include "ivr/core/later.hpp"
#include "ivr/core/once_function.hpp"

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ivr {

/// The loan of a thread that also has other work: tasks that the thread gives to the executor are
/// kept, and the thread runs them itself in `run`, with the tasks that they add. If a task blocks,
/// the executor takes over the rest and tells the lender, which has another thread do its other
/// work. Belongs to the lending thread.
class ThreadLoan {
 public:
  ThreadLoan() = default;
  ThreadLoan(const ThreadLoan&) = delete;
  ThreadLoan& operator=(const ThreadLoan&) = delete;
  virtual ~ThreadLoan() = default;

  /// While it is open, quick work that this thread gives to the executor is kept for `run`.
  virtual void open() = 0;
  virtual void close() = 0;

  /// Runs the kept tasks on this thread. False if that took so long that the rest was taken over.
  virtual bool run() = 0;
};

/// Runs tasks. A resource. Threads: any, including those of tasks.
class Executor {
 public:
  using Task = detail::OnceFunction<>;

  /// How long a task is expected to keep its thread.
  enum class Pace {
    quick,     ///< A moment.
    blocking,  ///< It may wait for something outside.
  };

  /// Tasks of one kind. What a lane means is up to the executor (see `ThreadPool`). A value; the
  /// name is not owned.
  struct Lane {
    Lane(const char* of) : name(of) {}         // NOLINT(google-explicit-constructor): as text
    Lane(const std::string& of) : name(of) {}  // NOLINT(google-explicit-constructor)
    Lane(std::string_view of, Pace expected = Pace::quick)  // NOLINT(google-explicit-constructor)
        : name(of), pace(expected) {}

    std::string_view name;
    Pace pace = Pace::quick;
  };

  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  /// Runs `task`, which may block and must not throw. Tasks of one lane begin in the order in which
  /// they came. False, and the task is dropped, if too many wait already or the executor is ending.
  [[nodiscard]] virtual bool tryRun(Lane lane, Task task) = 0;

  /// Lends the calling thread; `replace` is called, on a thread of the executor, when the lent one
  /// is stuck in a task. Null if this executor takes no loans.
  [[nodiscard]] virtual std::unique_ptr<ThreadLoan> lend(std::function<void()> replace);

  /// Runs `work`; the outcome is what it returns (a value, nothing, or a `Later` that is flattened)
  /// or throws. `Error{unavailable}` if it was refused or dropped.
  template <class F>
  [[nodiscard]] auto run(Lane lane, F work) {
    return runWith([&](Task task) { return tryRun(lane, std::move(task)); }, std::move(work));
  }

  /// The same with any function that runs a task.
  template <class F, class TryRun>
  [[nodiscard]] static auto runWith(const TryRun& tryRun, F work) {
    if constexpr (std::invocable<F&>) {
      using T = detail::FlattenedType<detail::ResultOf<F>>;
      return Later<T>{[&](Answer<T> answer) {
        (void)tryRun(Job<T, F>{std::move(answer), std::move(work)});
      }};
    } else {
      static_assert(detail::kNever<F>,
                    "work for another thread is a function that takes nothing: capture copies of "
                    "what it needs; if its returns are of different types, write `() -> "
                    "Later<Next>`, or whatever it returns, after the captures");
      return Later<detail::Refused>{};
    }
  }

 private:
  /// Work, and the `Answer` to the `Later` that waits for it.
  template <class T, class F>
  struct Job {
    Job(Answer<T> to, F what) : answer(std::move(to)), work(std::move(what)) {}
    Job(Job&& other) noexcept
        : answer(std::move(other.answer)), work(std::exchange(other.work, std::nullopt)) {}
    Job& operator=(Job&&) = delete;
    ~Job() {
      if (work) answer.fail(Error{ErrorKind::unavailable, "too much work waits for a thread"});
    }
    void operator()() {
      Later<T> result = [&]() -> Later<T> {
        try {
          return Later<T>{detail::callWith(*work)};
        } catch (...) {
          return Later<T>::failed(std::current_exception());
        }
      }();
      work.reset();  // before continuations run
      std::move(result).forwardTo(answer);
    }

    Answer<T> answer;
    std::optional<F> work;
  };
};

}  // namespace ivr
