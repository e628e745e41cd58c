#pragma once
// Timers whose time passes when a test says so.

#include "ivr/core/timers.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace ivr::support {

/// Tasks run inside `advance`, on its caller's thread, in the order in which they are due.
class FakeTimers final : public Timers {
 public:
  Id after(std::chrono::milliseconds delay, Task task) override {
    const std::lock_guard lock{mutex_};
    const Id id = ++lastId_;
    waiting_.emplace(std::pair{now_ + std::max(delay, std::chrono::milliseconds{0}), id},
                     std::move(task));
    return id;
  }

  void cancel(Id id) override {
    Task dropped;  // destroyed outside the lock: it may hold the last handle of something
    const std::lock_guard lock{mutex_};
    for (auto at = waiting_.begin(); at != waiting_.end(); ++at) {
      if (at->first.second != id) continue;
      dropped = std::move(at->second);
      waiting_.erase(at);
      return;
    }
  }

  /// Lets time pass and runs what is due by then, including what is added meanwhile.
  void advance(std::chrono::milliseconds by) {
    const std::lock_guard running{running_};  // one call after the other
    std::unique_lock lock{mutex_};
    const std::chrono::milliseconds end = now_ + by;
    while (!waiting_.empty() && waiting_.begin()->first.first <= end) {
      auto node = waiting_.extract(waiting_.begin());
      now_ = std::max(now_, node.key().first);
      lock.unlock();
      node.mapped()();
      node.mapped() = {};
      lock.lock();
    }
    now_ = std::max(now_, end);
  }

  /// The time that has passed since the beginning.
  [[nodiscard]] std::chrono::milliseconds now() const {
    const std::lock_guard lock{mutex_};
    return now_;
  }

  /// How many tasks wait.
  [[nodiscard]] std::size_t waiting() const {
    const std::lock_guard lock{mutex_};
    return waiting_.size();
  }

  /// How long the waiting tasks still have to wait, the shortest first.
  [[nodiscard]] std::vector<std::chrono::milliseconds> delays() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::chrono::milliseconds> left;
    for (const auto& [due, task] : waiting_) left.push_back(due.first - now_);
    return left;
  }

 private:
  mutable std::mutex mutex_;
  std::mutex running_;
  std::map<std::pair<std::chrono::milliseconds, Id>, Task> waiting_;
  std::chrono::milliseconds now_{0};
  Id lastId_ = 0;
};

}  // namespace ivr::support
