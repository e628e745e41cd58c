#pragma once
// An executor whose blocking tasks run when a test says so.

#include "ivr/core/executor.hpp"

#include <cstddef>
#include <latch>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace ivr::support {

/// Runs quick tasks at once, on the calling thread, and keeps the blocking ones.
class HeldExecutor final : public Executor {
 public:
  bool tryRun(Lane lane, Task task) override {
    if (lane.pace == Pace::blocking) {
      const std::lock_guard lock{mutex_};
      held_.push_back(std::move(task));
    } else {
      task();
    }
    return true;
  }

  /// How many tasks are kept.
  [[nodiscard]] std::size_t held() const {
    const std::lock_guard lock{mutex_};
    return held_.size();
  }

  /// Runs the kept tasks at once, each on a thread of its own, and returns when they are done.
  void runHeld() {
    std::vector<Task> tasks;
    {
      const std::lock_guard lock{mutex_};
      tasks.swap(held_);
    }
    std::latch start{static_cast<std::ptrdiff_t>(tasks.size())};
    std::vector<std::jthread> threads;
    for (Task& task : tasks) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        std::exchange(task, {})();
      });
    }
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Task> held_;
};

}  // namespace ivr::support
