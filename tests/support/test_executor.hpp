#pragma once
// An executor for tests: a task that a test starts is done when the call returns.

#include "ivr/core/executor.hpp"
#include "ivr/core/thread_pool.hpp"

#include <memory>
#include <utility>

namespace ivr::support {

/// Runs tasks at once, on the calling thread, except those that are expected to block: background
/// work has threads.
class TestExecutor final : public Executor {
 public:
  explicit TestExecutor(ThreadPoolLimits background = {}) : background_(background) {}

  bool tryRun(Lane lane, Task task) override {
    if (lane.pace == Pace::blocking) return background_.tryRun(lane, std::move(task));
    task();
    return true;
  }

 private:
  ThreadPool background_;
};

}  // namespace ivr::support
