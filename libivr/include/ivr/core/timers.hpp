#pragma once
// Deadlines as a dependency: code that needs to be called later is given `Timers`, so that a test
// can decide how time passes.

#include "ivr/core/error.hpp"
#include "ivr/core/later.hpp"
#include "ivr/core/once_function.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace ivr {

/// Calls back after a while.
///
/// A resource. Threads: any; the tasks of one object run one after the other, on a thread of its
/// own or on the thread that lets time pass. A task must be quick and must not throw.
class Timers {
 public:
  using Id = std::uint64_t;  ///< Never 0.
  using Task = detail::OnceFunction<>;

  virtual ~Timers() = default;
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  /// Runs `task` once, when `delay` has passed, never inside this call.
  virtual Id after(std::chrono::milliseconds delay, Task task) = 0;

  /// Forgets a task. One that has begun or ended is not affected: it may still be running when this
  /// returns.
  virtual void cancel(Id id) = 0;

 protected:
  Timers() = default;
};

/// Timers by the steady clock of the machine, with one thread. The destructor drops waiting tasks,
/// and waits for a task that has begun.
[[nodiscard]] std::shared_ptr<Timers> steadyTimers();

/// The outcome of `later` if it comes within `limit`; otherwise an `Error{timeout}`, and a later
/// outcome is dropped.
template <class T>
[[nodiscard]] Later<T> withTimeout(const std::shared_ptr<Timers>& timers,
                                   std::chrono::milliseconds limit, Later<T> later) {
  if (later.isSettled()) return later;
  return Later<T>{[&](const Answer<T>& answer) {
    const Timers::Id timer = timers->after(limit, [answer] {
      answer.fail(Error{ErrorKind::timeout, "an answer did not come in time"});
    });
    std::move(later).receive([answer, timer, weak = std::weak_ptr{timers}](Settled<T> outcome) {
      if (const auto alive = weak.lock()) alive->cancel(timer);
      answer.settle(std::move(outcome));
    });
  }};
}

}  // namespace ivr
