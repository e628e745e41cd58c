#include "ivr/core/timers.hpp"

#include "core/thread.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ivr {

namespace {

/// What the timers and their thread share.
class Schedule {
 public:
  using Id = Timers::Id;
  using Task = Timers::Task;

  Id add(std::chrono::milliseconds delay, Task task) {
    constexpr std::chrono::hours kMaximum{24 * 365 * 100};  // a longer one would overflow
    const auto due =
        std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(delay, kMaximum);
    const std::lock_guard lock{mutex_};
    const Id id = ++lastId_;
    if (isEnding_) return id;
    if (spare_.empty()) {
      tasks_.emplace(id, std::move(task));
    } else {
      spare_.back().key() = id;
      spare_.back().mapped() = std::move(task);
      tasks_.insert(std::move(spare_.back()));
      spare_.pop_back();
    }
    order_.push_back({due, id});
    std::ranges::push_heap(order_, kLater);
    // Rarely: the task set last is usually due last, and the thread looks again by itself.
    if (due < wakesAt_) wake_.notify_one();
    return id;
  }

  void remove(Id id) {
    Task dropped;  // dies outside the lock
    const std::lock_guard lock{mutex_};
    Node node = tasks_.extract(id);
    if (node.empty()) return;
    dropped = std::move(node.mapped());
    keep(std::move(node));
    constexpr std::size_t kFew = 64;
    if (order_.size() < 2 * tasks_.size() + kFew) return;
    std::erase_if(order_, [this](const Entry& entry) { return !tasks_.contains(entry.id); });
    std::ranges::make_heap(order_, kLater);
  }

  /// Runs due tasks until `end`.
  void run() {
    std::unique_lock lock{mutex_};
    while (!isEnding_) {
      wakesAt_ = order_.empty() ? Time::max() : order_.front().due;
      if (order_.empty()) {
        wake_.wait(lock);
        continue;
      }
      if (std::chrono::steady_clock::now() < wakesAt_) {
        wake_.wait_until(lock, wakesAt_);
        continue;
      }
      const Id id = order_.front().id;
      std::ranges::pop_heap(order_, kLater);
      order_.pop_back();
      Node node = tasks_.extract(id);
      if (node.empty()) continue;  // cancelled
      wakesAt_ = Time::min();
      lock.unlock();
      node.mapped()();
      node.mapped() = {};
      lock.lock();
      keep(std::move(node));
    }
  }

  /// Nothing begins any more.
  void end() {
    {
      const std::lock_guard lock{mutex_};
      isEnding_ = true;
    }
    wake_.notify_one();
  }

  /// After `end`.
  void drop() {
    std::unordered_map<Id, Task> dropped;  // dies outside the lock
    const std::lock_guard lock{mutex_};
    dropped.swap(tasks_);
    order_.clear();
  }

 private:
  using Time = std::chrono::steady_clock::time_point;
  using Node = std::unordered_map<Id, Task>::node_type;

  /// A cancelled entry stays until it is due, or until there are too many.
  struct Entry {
    Time due;
    Id id;
  };
  static constexpr auto kLater = [](const Entry& left, const Entry& right) {
    return std::pair{left.due, left.id} > std::pair{right.due, right.id};
  };

  /// With the lock held: keeps a place for the next task, which then needs no allocation.
  void keep(Node node) {
    constexpr std::size_t kMaxSpare = 1000;
    if (spare_.size() < kMaxSpare) spare_.push_back(std::move(node));
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Entry> order_;  ///< A heap, the next in front.
  std::unordered_map<Id, Task> tasks_;
  std::vector<Node> spare_;     ///< Of tasks that are over.
  Time wakesAt_ = Time::min();  ///< When the thread looks at the order again.
  Id lastId_ = 0;
  bool isEnding_ = false;
};

class SteadyTimers final : public Timers {
 public:
  SteadyTimers() = default;

  ~SteadyTimers() override {
    schedule_->end();
    thread_.join();
    schedule_->drop();  // dropped tasks may use these timers once more, in vain
  }

  Id after(std::chrono::milliseconds delay, Task task) override {
    return schedule_->add(delay, std::move(task));
  }
  void cancel(Id id) override { schedule_->remove(id); }

 private:
  const std::shared_ptr<Schedule> schedule_ = std::make_shared<Schedule>();
  OwnedThread thread_{[schedule = schedule_] { schedule->run(); }};
};

}  // namespace

std::shared_ptr<Timers> steadyTimers() { return std::make_shared<SteadyTimers>(); }

}  // namespace ivr
