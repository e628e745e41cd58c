#pragma once
// What an application does on its executor, behind its gate.

#include "core/gate.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/executor.hpp"
#include "ivr/core/holding.hpp"
#include "ivr/core/later.hpp"

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <utility>

namespace ivr {

/// The error of work that comes after its application has ended.
[[nodiscard]] inline std::exception_ptr applicationEnded() {
  return std::make_exception_ptr(Error{ErrorKind::unavailable, "the application has ended"});
}

/// The tasks of one application. Work under way holds it with a shared_ptr, and touches the
/// application only inside a task; see core/gate.hpp. Threads: any.
class Tasks : public std::enable_shared_from_this<Tasks> {
 public:
  /// `executor` may be shared with others.
  explicit Tasks(std::shared_ptr<Executor> executor) : executor_(std::move(executor)) {}

  /// Runs `work` in a lane. False, and `work` is dropped, if too much waits or the application has
  /// ended; accepted and then dropped if the application ends before it begins.
  template <class F>
  [[nodiscard]] bool tryRun(Executor::Lane lane, F work) {
    const Gate::Entry entry = gate_.enter();
    return entry && executor_->tryRun(lane, Job<F>{shared_from_this(), std::move(work)});
  }

  /// Runs `work`; the outcome is what it returns or throws, or `Error{unavailable}` if it does not
  /// run.
  template <class F>
  [[nodiscard]] auto run(Executor::Lane lane, F work) {
    auto later =
        Executor::runWith([&](auto job) { return tryRun(lane, std::move(job)); }, std::move(work));
    using Result = decltype(later);
    return std::move(later).recover(
        [self = shared_from_this()](const std::exception_ptr& error) -> Result {
          std::rethrow_exception(self->gate_.isClosed() ? applicationEnded() : error);
        });
  }

  /// The same for work that waits for sessions or models. Where the code of a flow holds a model,
  /// it begins when that code has ended, and may not be waited for there; see `detail::Holding`.
  template <class F>
  [[nodiscard]] auto runUnheld(Executor::Lane lane, F work) {
    using Result = decltype(run(lane, std::move(work)));
    using T = typename Result::Value;
    const auto model = detail::Holding::model();
    if (model == 0) return run(lane, std::move(work));
    return Result{[&](const Answer<T>& answer) {
             detail::OnceFunction<> begin{
                 [self = shared_from_this(), lane, work = std::move(work), answer]() mutable {
                   try {
                     self->run(lane, std::move(work)).forwardTo(answer);
                   } catch (...) {
                     answer.fail(std::current_exception());
                   }
                 }};
             (void)detail::Holding::whenModelIsReleased(begin);
           }}
        .waitingFor(model);
  }

  /// Brings the outcome of `later` to a thread of the executor, where continuations may block. The
  /// name of the lane lives as long as the application.
  template <class T>
  [[nodiscard]] Later<T> bring(Executor::Lane lane, Later<T> later) {
    if (later.isSettled()) return later;
    const auto waits = later.waitsFor();
    return Later<T>{[&](const Answer<T>& answer) {
             std::move(later).receive(
                 [self = shared_from_this(), lane, answer](Settled<T> outcome) {
                   (void)self->tryRun(lane, Delivery<T>{answer, std::move(outcome)});
                 });
           }}
        .waitingFor(waits);
  }

  /// For short work on the current thread, never for code of the application's author.
  [[nodiscard]] Gate::Entry enter() noexcept { return gate_.enter(); }

  /// Why a task was refused.
  [[nodiscard]] std::exception_ptr refusal() const {
    if (gate_.isClosed()) return applicationEnded();
    return std::make_exception_ptr(
        Error{ErrorKind::unavailable, "too much work waits for a thread"});
  }

  /// No task begins from now on; returns when those that have begun are over.
  void close() noexcept {
    gate_.close();
    executor_.reset();  // it has threads, and work under way may be the last owner of this
  }

  [[nodiscard]] bool areClosed() const noexcept { return gate_.isClosed(); }

  /// Tasks that wait or run.
  [[nodiscard]] std::size_t underWay() const noexcept { return underWay_; }

 private:
  template <class F>
  struct Job {
    Job(std::shared_ptr<Tasks> of, F what) : tasks(std::move(of)), work(std::move(what)) {
      ++tasks->underWay_;
    }
    Job(Job&& other) noexcept : tasks(std::move(other.tasks)), work(std::move(other.work)) {}
    Job& operator=(Job&&) = delete;
    ~Job() {
      if (tasks) --tasks->underWay_;
    }
    void operator()() {
      if (const Gate::Entry entry = tasks->gate_.enter()) work();
    }

    std::shared_ptr<Tasks> tasks;
    F work;
  };

  template <class T>
  struct Delivery {
    Delivery(Answer<T> to, Settled<T> what) : answer(std::move(to)), outcome(std::move(what)) {}
    Delivery(Delivery&&) noexcept = default;
    Delivery& operator=(Delivery&&) = delete;
    ~Delivery() { answer.fail(applicationEnded()); }  // unless it was delivered
    void operator()() { answer.settle(std::move(outcome)); }

    Answer<T> answer;
    Settled<T> outcome;
  };

  Gate gate_;  ///< Declared first: outlives the executor.
  std::shared_ptr<Executor> executor_;
  std::atomic<std::size_t> underWay_{0};
};

}  // namespace ivr
