#pragma once
// The executor of an application outside tests.

#include "ivr/core/executor.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace ivr {

/// How much a pool accepts.
struct ThreadPoolLimits {
  std::size_t maxThreads = 256;
  std::size_t maxWaiting = 10'000;  ///< Tasks that wait for a thread; more are refused.
};

/// A pool that grows while its tasks block.
///
/// Quick tasks share a few threads, one for each core and at least two. A task that is not done
/// within about twenty milliseconds is considered blocked: another thread takes its place, and for
/// the next seconds its lane counts as slow. Tasks of a slow lane, and those that are expected to
/// block, get a thread each; such a lane has at most as many threads as it leaves free, so that no
/// lane keeps the others waiting, however long its tasks block. The lane without a name has no such
/// limit: its tasks may take every thread.
///
/// Threads that have had nothing to do for ten seconds end. The destructor drops tasks that have
/// not begun and waits for the others. A task must not destroy its pool.
class ThreadPool final : public Executor {
 public:
  explicit ThreadPool(ThreadPoolLimits limits = {});
  ~ThreadPool() override;

  [[nodiscard]] bool tryRun(Lane lane, Task task) override;
  [[nodiscard]] std::unique_ptr<ThreadLoan> lend(std::function<void()> replace) override;

  using Executor::run;
  /// `Executor::run` in no lane.
  template <class F>
  [[nodiscard]] auto run(F work) {
    return run("", std::move(work));
  }

  /// How many threads there are now.
  [[nodiscard]] std::size_t threads() const;

 private:
  class Impl;
  class Loan;
  std::shared_ptr<Impl> impl_;
};

}  // namespace ivr
