#include "ivr/core/timers.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

namespace ivr {

namespace {

/// What the timers and their thread share.
class Schedule {
 public:
  using Id = Timers::Id;
  using Task = Timers::Task;

  Id add(std::chrono::milliseconds delay, Task task) {
    constexpr std::chrono::hours kMaximum{24 * 365 * 100};  // what is longer would be over
    const auto due =
        std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(delay, kMaximum);
    bool isFirst = false;
    Id id = 0;
    {
      const std::lock_guard lock{mutex_};
      id = ++lastId_;
      if (ending_) return id;
      const auto place = waiting_.emplace(std::pair{due, id}, std::move(task)).first;
      isFirst = place == waiting_.begin();
      due_.emplace(id, due);
    }
    if (isFirst) wake_.notify_one();
    return id;
  }

  void remove(Id id) {
    Task dropped;  // dies outside the lock
    const std::lock_guard lock{mutex_};
    const auto found = due_.find(id);
    if (found == due_.end()) return;
    auto node = waiting_.extract({found->second, id});
    dropped = std::move(node.mapped());
    due_.erase(found);
  }

  /// Runs what is due, until `end`.
  void run() {
    std::unique_lock lock{mutex_};
    while (!ending_) {
      if (waiting_.empty()) {
        wake_.wait(lock);
        continue;
      }
      const Time due = waiting_.begin()->first.first;
      if (std::chrono::steady_clock::now() < due) {
        wake_.wait_until(lock, due);
        continue;
      }
      auto node = waiting_.extract(waiting_.begin());
      due_.erase(node.key().second);
      lock.unlock();
      node.mapped()();
      node.mapped() = nullptr;
      lock.lock();
    }
  }

  /// Nothing begins any more.
  void end() {
    {
      const std::lock_guard lock{mutex_};
      ending_ = true;
    }
    wake_.notify_one();
  }

  /// After `end`.
  void drop() {
    std::map<std::pair<Time, Id>, Task> dropped;  // dies outside the lock
    const std::lock_guard lock{mutex_};
    dropped.swap(waiting_);
    due_.clear();
  }

 private:
  using Time = std::chrono::steady_clock::time_point;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::pair<Time, Id>, Task> waiting_;
  std::unordered_map<Id, Time> due_;
  Id lastId_ = 0;
  bool ending_ = false;
};

class SteadyTimers final : public Timers {
 public:
  SteadyTimers() : thread_([schedule = schedule_] { schedule->run(); }) {}

  ~SteadyTimers() override {
    schedule_->end();
    if (thread_.get_id() == std::this_thread::get_id()) {
      thread_.detach();  // a task dropped the last handle; the thread ends after it
    } else {
      thread_.join();
    }
    schedule_->drop();  // what is dropped may use these timers once more, in vain
  }

  Id after(std::chrono::milliseconds delay, Task task) override {
    return schedule_->add(delay, std::move(task));
  }
  void cancel(Id id) override { schedule_->remove(id); }

 private:
  const std::shared_ptr<Schedule> schedule_ = std::make_shared<Schedule>();
  std::thread thread_;
};

}  // namespace

std::shared_ptr<Timers> steadyTimers() { return std::make_shared<SteadyTimers>(); }

}  // namespace ivr
