#include "ivr/core/thread_pool.hpp"

#include "core/text.hpp"
#include "core/thread.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <iterator>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ivr {

namespace {

using namespace std::chrono_literals;

/// A task seen at this many ticks in a row is blocked.
constexpr std::chrono::milliseconds kTick = 5ms;
constexpr int kTicksToBlocked = 4;
/// How long the watch goes on when nothing runs: waking it costs more than a few ticks.
constexpr int kIdleTicks = 200;
constexpr std::chrono::seconds kSlowFor = 5s;
constexpr std::chrono::seconds kIdleFor = 10s;

/// Tasks of one kind. Guarded by the lock of the pool.
struct LaneState {
  explicit LaneState(Executor::Lane lane)
      : isLimited(!lane.name.empty()), blocks(lane.pace == Executor::Pace::blocking) {}

  [[nodiscard]] bool isSlow() {
    if (blocks) return true;
    if (slowUntil && std::chrono::steady_clock::now() >= *slowUntil) slowUntil.reset();
    return slowUntil.has_value();
  }
  void markSlow() { slowUntil = std::chrono::steady_clock::now() + kSlowFor; }

  const bool isLimited;  ///< False for the lane without a name.
  const bool blocks;     ///< Its tasks are expected to block.
  std::deque<Executor::Task> waiting = {};
  std::size_t running = 0;
  std::optional<std::chrono::steady_clock::time_point> slowUntil = {};
};

/// How often in a row the ticks have seen one task.
struct Sightings {
  std::uint64_t task = 0;
  int count = 0;

  /// True if the task has now been seen often enough to be blocked.
  bool add(std::uint64_t running) {
    count = running == task ? count + 1 : 1;
    task = running;
    return count >= kTicksToBlocked;
  }
};

/// A task kept for the lent thread that it came from.
struct KeptTask {
  LaneState* lane = nullptr;
  Executor::Task task = {};
};

}  // namespace

/// Lock order: that of the pool before that of a loan.
class ThreadPool::Loan final : public ThreadLoan {
 public:
  Loan(std::shared_ptr<Impl> pool, std::function<void()> replace);
  ~Loan() override;

  void open() override { here() = this; }
  void close() override {
    if (here() == this) here() = nullptr;
  }
  bool run() override;

  /// The loan that is open on this thread.
  static Loan*& here() {
    thread_local Loan* loan = nullptr;
    return loan;
  }

  [[nodiscard]] bool isOf(const Impl& pool) const noexcept { return pool_.get() == &pool; }

  void keep(KeptTask kept) {
    const std::lock_guard lock{mutex_};
    kept_.push_back(std::move(kept));
  }

  struct Sight {
    std::uint64_t begun = 0;  ///< Tasks so far.
    bool isRunning = false;
    LaneState* stuckIn = nullptr;  ///< Since this look.
  };

  /// What a tick sees. If the thread is stuck, moves its other tasks to `taken`.
  Sight look(std::vector<KeptTask>& taken);

  /// Has another thread do the lender's other work.
  const std::function<void()> replace;

 private:
  bool runKept();

  const std::shared_ptr<Impl> pool_;

  std::mutex mutex_;
  std::deque<KeptTask> kept_;
  LaneState* lane_ = nullptr;  ///< Of the running task.
  std::uint64_t begun_ = 0;
  Sightings sightings_;
  bool isStuck_ = false;
};

class ThreadPool::Impl : public std::enable_shared_from_this<Impl> {
 public:
  explicit Impl(ThreadPoolLimits limits)
      : limits_(limits),
        maxActive_(std::min<std::size_t>(
            limits.maxThreads, std::max<std::size_t>(2, std::thread::hardware_concurrency()))) {
    if (limits.maxThreads == 0) throw Error{ErrorKind::config, "maxThreads of a pool is 0"};
  }

  /// Tasks that still run may ask for more, and are refused.
  void end() {
    std::vector<Task> dropped;
    {
      const std::lock_guard lock{mutex_};
      isEnding_ = true;
      for (LaneState* lane : ready_) {
        std::ranges::move(lane->waiting, std::back_inserter(dropped));
        lane->waiting.clear();
      }
      ready_.clear();
      waiting_ = 0;
      for (Worker* worker : idle_) worker->wake.notify_one();
    }
    dropped.clear();  // outside the lock: it fails `Later`s, whose continuations run
    watch_.notify_one();
    for (Worker& worker : workers_) worker.thread.join();
    joinRetired();
    if (watcher_.joinable()) watcher_.join();
  }

  bool tryRun(Executor::Lane asked, Task task) {
    Loan* const loan = Loan::here();
    std::unique_lock lock{mutex_};  // released before `task` is destroyed, which may do anything
    if (isEnding_) {
      lock.unlock();
      return false;
    }
    LaneState& lane = laneOf(asked);
    if (loan != nullptr && loan->isOf(*this) && lane.isLimited && !lane.isSlow()) {
      lock.unlock();
      loan->keep({&lane, std::move(task)});
      return true;
    }
    if (waiting_ >= limits_.maxWaiting + limits_.maxThreads - running_) {
      lock.unlock();
      return false;
    }
    add(lane, std::move(task));
    start();
    return true;
  }

  std::size_t threads() const {
    const std::lock_guard lock{mutex_};
    return workers_.size();
  }

  void addLoan(Loan& loan) {
    const std::lock_guard lock{mutex_};
    loans_.push_back(&loan);
  }
  void removeLoan(Loan& loan) {
    const std::lock_guard lock{mutex_};
    std::erase(loans_, &loan);
  }

  /// Called when a task has begun on a lent thread.
  void watchOver() {
    if (isWatching_) return;
    const std::lock_guard lock{mutex_};
    startWatch();
  }

  /// Called when a task that blocked a lent thread is done.
  void leaveBlocked(LaneState& lane) {
    const std::lock_guard lock{mutex_};
    leave(lane);
    lane.markSlow();
    start();
  }

 private:
  struct Worker {
    std::thread thread = {};
    std::condition_variable wake = {};
    LaneState* lane = nullptr;  ///< Of its task.
    Task task = {};
    bool isActive = false;  ///< Counted in `active_`.
    std::uint64_t begun = 0;
    Sightings sightings = {};
  };

  // ---- With the lock held.

  LaneState& laneOf(Executor::Lane lane) {
    const auto found = lanes_.find(lane.name);
    if (found != lanes_.end()) return found->second;
    return lanes_.try_emplace(std::string{lane.name}, lane).first->second;
  }

  void add(LaneState& lane, Task task) {
    lane.waiting.push_back(std::move(task));
    ++waiting_;
    if (lane.waiting.size() == 1) ready_.push_back(&lane);
  }

  [[nodiscard]] bool mayBegin(LaneState& lane, bool amongSlow) const {
    if (lane.isSlow() != amongSlow) return false;
    if (!amongSlow) return active_ < maxActive_;
    return !lane.isLimited || lane.running <= limits_.maxThreads - running_;
  }

  /// Gives a worker the next task that may begin, a quick one before a slow one. False if there is
  /// none.
  bool give(Worker& worker) {
    for (const bool amongSlow : {false, true}) {
      const auto next =
          std::ranges::find_if(ready_, [&](LaneState* lane) { return mayBegin(*lane, amongSlow); });
      if (next == ready_.end()) continue;
      LaneState& lane = **next;
      ready_.erase(next);
      worker.lane = &lane;
      worker.task = std::move(lane.waiting.front());
      lane.waiting.pop_front();
      if (!lane.waiting.empty()) ready_.push_back(&lane);  // by turns
      --waiting_;
      ++running_;
      ++lane.running;
      ++worker.begun;
      ++begun_;
      worker.isActive = !amongSlow;
      if (worker.isActive) ++active_;
      startWatch();
      return true;
    }
    return false;
  }

  void leave(LaneState& lane) {
    --running_;
    --lane.running;
  }

  /// Gives threads to all tasks that may begin.
  void start() {
    while (!isEnding_ && !ready_.empty() && running_ < limits_.maxThreads) {
      if (!idle_.empty()) {
        Worker& worker = *idle_.back();
        if (!give(worker)) return;
        idle_.pop_back();
        worker.wake.notify_one();
        continue;
      }
      Worker& worker = workers_.emplace_back();
      if (!give(worker)) return workers_.pop_back();
      try {
        worker.thread = startThread([this, &worker] { work(worker); });
      } catch (const std::system_error&) {  // no more threads: the task waits for another
        takeBack(worker);
        return workers_.pop_back();
      }
    }
  }

  void takeBack(Worker& worker) {
    LaneState& lane = *worker.lane;
    lane.waiting.push_front(std::move(worker.task));
    if (lane.waiting.size() == 1) ready_.push_front(&lane);
    ++waiting_;
    if (worker.isActive) --active_;
    leave(lane);
  }

  void startWatch() {
    if (isEnding_ || isWatching_.exchange(true)) return;
    if (watcher_.joinable()) {
      watch_.notify_one();
    } else {
      watcher_ = startThread([this] { watch(); });
    }
  }

  // ---- The threads.

  void work(Worker& worker) {
    std::unique_lock lock{mutex_};
    do {
      Task task = std::move(worker.task);
      lock.unlock();
      task();
      task = {};  // what it holds dies outside the lock
      lock.lock();
      if (std::exchange(worker.isActive, false)) --active_;
      leave(*std::exchange(worker.lane, nullptr));
      if (isEnding_) return;
      if (give(worker)) start();  // others that may begin too
    } while (worker.lane != nullptr || waitIdle(worker, lock));
  }

  /// False if the thread is to end.
  bool waitIdle(Worker& worker, std::unique_lock<std::mutex>& lock) {
    idle_.push_back(&worker);
    const auto isCalled = [&] { return worker.lane != nullptr || isEnding_; };
    while (!worker.wake.wait_for(lock, kIdleFor, isCalled)) {
      if (workers_.size() <= maxActive_) continue;
      std::erase(idle_, &worker);
      const auto self = std::ranges::find(workers_, &worker, [](Worker& one) { return &one; });
      retired_.splice(retired_.end(), workers_, self);
      startWatch();  // to be joined
      return false;
    }
    return worker.lane != nullptr;
  }

  void watch() {
    std::uint64_t before = 0;
    int idleTicks = 0;
    std::unique_lock lock{mutex_};
    while (!isEnding_) {
      watch_.wait_for(lock, kTick, [this] { return isEnding_; });
      lock.unlock();
      joinRetired();
      const bool isQuiet = look(before);
      lock.lock();
      idleTicks = isQuiet ? idleTicks + 1 : 0;
      if (idleTicks < kIdleTicks) continue;
      // The look after the next line sees tasks begun before it; later ones wake us.
      isWatching_ = false;
      lock.unlock();
      const bool isStillQuiet = look(before);
      lock.lock();
      if (isStillQuiet) watch_.wait(lock, [this] { return isEnding_ || isWatching_; });
      isWatching_ = true;
      idleTicks = 0;
    }
  }

  /// Finds the tasks that block. True if nothing runs, and nothing has run since the last look.
  bool look(std::uint64_t& before) {
    std::vector<std::function<void()>> replacements;
    bool isQuiet = false;
    {
      const std::lock_guard lock{mutex_};
      std::uint64_t begun = begun_;
      lookAtWorkers();
      bool isRunning = running_ > 0;
      for (Loan* loan : loans_) {
        std::vector<KeptTask> taken;
        const Loan::Sight sight = loan->look(taken);
        begun += sight.begun;
        isRunning = isRunning || sight.isRunning;
        if (sight.stuckIn == nullptr) continue;
        ++running_;
        ++sight.stuckIn->running;
        sight.stuckIn->markSlow();
        for (KeptTask& kept : taken) add(*kept.lane, std::move(kept.task));
        replacements.push_back(loan->replace);
      }
      start();
      isQuiet = !isRunning && begun == before;
      before = begun;
    }
    for (const auto& replace : replacements) replace();
    return isQuiet;
  }

  void lookAtWorkers() {
    for (Worker& worker : workers_) {
      if (worker.lane == nullptr || !worker.sightings.add(worker.begun)) continue;
      worker.lane->markSlow();
      if (std::exchange(worker.isActive, false)) --active_;
    }
  }

  void joinRetired() {
    std::list<Worker> retired;
    {
      const std::lock_guard lock{mutex_};
      retired.swap(retired_);
    }
    for (Worker& worker : retired) worker.thread.join();
  }

  const ThreadPoolLimits limits_;
  const std::size_t maxActive_;  ///< Quick tasks at a time.

  mutable std::mutex mutex_;
  bool isEnding_ = false;
  std::unordered_map<std::string, LaneState, TextHash, std::equal_to<>> lanes_;
  std::deque<LaneState*> ready_;  ///< Lanes with waiting tasks.
  std::size_t waiting_ = 0;
  std::size_t running_ = 0;  ///< Tasks on our threads, and those that block lent ones.
  std::size_t active_ = 0;   ///< Quick tasks on our threads that were not seen to block.
  std::uint64_t begun_ = 0;
  std::list<Worker> workers_;
  std::vector<Worker*> idle_;
  std::list<Worker> retired_;  ///< Ending threads, to be joined.
  std::vector<Loan*> loans_;

  std::condition_variable watch_;
  std::atomic<bool> isWatching_{false};
  std::thread watcher_;
};

ThreadPool::Loan::Loan(std::shared_ptr<Impl> pool, std::function<void()> replacement)
    : replace(std::move(replacement)), pool_(std::move(pool)) {
  pool_->addLoan(*this);
}

ThreadPool::Loan::~Loan() {
  close();
  pool_->removeLoan(*this);
}

bool ThreadPool::Loan::run() {
  open();
  const bool stayed = runKept();
  close();
  return stayed;
}

bool ThreadPool::Loan::runKept() {
  while (true) {
    KeptTask kept;
    {
      const std::lock_guard lock{mutex_};
      if (kept_.empty()) return true;
      kept = std::move(kept_.front());
      kept_.pop_front();
      lane_ = kept.lane;
      ++begun_;
    }
    pool_->watchOver();
    kept.task();
    kept.task = {};
    bool wasStuck = false;
    {
      const std::lock_guard lock{mutex_};
      lane_ = nullptr;
      wasStuck = std::exchange(isStuck_, false);
    }
    if (!wasStuck) continue;
    pool_->leaveBlocked(*kept.lane);
    return false;
  }
}

ThreadPool::Loan::Sight ThreadPool::Loan::look(std::vector<KeptTask>& taken) {
  const std::lock_guard lock{mutex_};
  Sight sight{.begun = begun_, .isRunning = lane_ != nullptr};
  if (lane_ == nullptr || !sightings_.add(begun_)) return sight;
  lane_->markSlow();
  if (std::exchange(isStuck_, true)) return sight;
  sight.stuckIn = lane_;
  std::ranges::move(kept_, std::back_inserter(taken));
  kept_.clear();
  return sight;
}

ThreadPool::ThreadPool(ThreadPoolLimits limits) : impl_(std::make_shared<Impl>(limits)) {}
ThreadPool::~ThreadPool() { impl_->end(); }

bool ThreadPool::tryRun(Lane lane, Task task) { return impl_->tryRun(lane, std::move(task)); }

std::unique_ptr<ThreadLoan> ThreadPool::lend(std::function<void()> replace) {
  return std::make_unique<Loan>(impl_, std::move(replace));
}

std::size_t ThreadPool::threads() const { return impl_->threads(); }

}  // namespace ivr
