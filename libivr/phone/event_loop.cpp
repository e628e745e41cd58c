#include "ivr/phone/event_loop.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How often work outside of the loop, which cannot tell when it is done, is asked again.
constexpr milliseconds kAskAgain{1};

/// Blocking work that has posted something, and is not over after this, is taken to wait for it.
constexpr milliseconds kTakenToWait{20};

constexpr std::size_t kMaxBlocking = 10'000;

}  // namespace

class EventLoop::Core : public std::enable_shared_from_this<Core> {
 public:
  using Names = std::list<std::string>;

  explicit Core(EventLoopOptions options) : options_(options), began_(steady_clock::now()) {}

  [[nodiscard]] TimeKind time() const noexcept { return options_.time; }

  [[nodiscard]] Moment now() const noexcept {
    if (options_.time == TimeKind::simulated) return Moment{now_.load(std::memory_order_acquire)};
    return std::chrono::floor<milliseconds>(steady_clock::now() - began_);
  }

  [[nodiscard]] Moment due() const noexcept { return running_; }

  [[nodiscard]] bool isInEvent() const noexcept {
    return runner_.load(std::memory_order_acquire) == std::this_thread::get_id();
  }

  [[nodiscard]] std::chrono::system_clock::time_point timeOfDay() const {
    if (options_.time == TimeKind::real) return std::chrono::system_clock::now();
    return options_.start + now();
  }

  Id after(milliseconds delay, Task task) {
    const std::lock_guard lock{mutex_};
    return add(now() + std::max(delay, milliseconds{0}), std::move(task));
  }

  void cancel(Id id) {
    Task dropped;  // destroyed outside the lock: it may hold the last handle of something
    const std::lock_guard lock{mutex_};
    const auto due = due_.find(id);
    if (due == due_.end()) return;
    const auto event = events_.find({due->second, id});
    dropped = std::move(event->second);
    events_.erase(event);
    due_.erase(due);
  }

  void post(Task task) {
    const std::lock_guard lock{mutex_};
    if (isClosed_) return;
    if (std::this_thread::get_id() == blockingThread_) {
      posted_.push_back(std::move(task));
      lastPosted_ = steady_clock::now();
    } else {
      add(now(), std::move(task));
    }
    wake_.notify_all();
  }

  Names::iterator addWork(std::string name) {
    const std::lock_guard lock{mutex_};
    return work_.insert(work_.end(), std::move(name));
  }

  void endWork(Names::iterator work) {
    const std::lock_guard lock{mutex_};
    work_.erase(work);
    wake_.notify_all();
  }

  void setOtherWork(std::function<std::optional<std::string>()> otherWork) {
    otherWork_ = std::move(otherWork);
  }

  bool runBlocking(Task task) {
    const std::lock_guard lock{mutex_};
    if (isClosed_ || blocking_.size() >= kMaxBlocking) return false;
    blocking_.push_back(std::move(task));
    if (!thread_.joinable()) {
      thread_ = std::thread{[this] { block(); }};
      blockingThread_ = thread_.get_id();
    }
    blockingWake_.notify_one();
    return true;
  }

  bool runQuick(Task task) {
    {
      const std::lock_guard lock{mutex_};
      if (isClosed_) return false;
    }
    post(std::move(task));
    return true;
  }

  Stop run(const std::function<bool()>& isDone, milliseconds limit) {
    const Moment begin = now();
    const Moment end = limit > Moment::max() - begin ? Moment::max() : begin + limit;
    stillSince_ = steady_clock::now();
    std::unique_lock lock{mutex_};
    for (;;) {
      lock.unlock();
      if (isDone()) return Stop::done;
      lock.lock();
      const auto stop = options_.time == TimeKind::simulated ? step(lock, end) : wait(lock, end);
      if (stop) return *stop;
    }
  }

  /// Nothing runs from now on.
  void close() {
    std::map<Key, Task> events;  // destroyed outside the lock
    std::deque<Task> blocking;
    std::deque<Task> posted;
    std::thread thread;
    {
      const std::lock_guard lock{mutex_};
      isClosed_ = true;
      events.swap(events_);
      due_.clear();
      blocking.swap(blocking_);
      posted.swap(posted_);
      thread = std::move(thread_);
      blockingWake_.notify_all();
    }
    if (thread.joinable()) thread.join();
  }

 private:
  using Key = std::pair<Moment, Id>;

  /// An event runs on this thread.
  class Running {
   public:
    explicit Running(Core& core) noexcept : core_(core) {
      core_.runner_.store(std::this_thread::get_id(), std::memory_order_release);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { core_.runner_.store(std::thread::id{}, std::memory_order_release); }

   private:
    Core& core_;
  };

  Id add(Moment due, Task task) {
    if (isClosed_) return 0;
    const Id id = ++lastId_;
    events_.emplace(Key{due, id}, std::move(task));
    due_.emplace(id, due);
    wake_.notify_all();
    return id;
  }

  void runFirst(std::unique_lock<std::mutex>& lock) {
    auto event = events_.extract(events_.begin());
    due_.erase(event.key().second);
    running_ = event.key().first;
    lock.unlock();
    {
      const Running running{*this};  // also if the event throws
      event.mapped()();
      event.mapped() = {};
    }
    stillSince_ = steady_clock::now();
    lock.lock();
  }

  /// One step of simulated time.
  std::optional<Stop> step(std::unique_lock<std::mutex>& lock, Moment end) {
    const Moment current = now();
    if (!events_.empty() && events_.begin()->first.first <= current) {
      runFirst(lock);
      return std::nullopt;
    }
    if (standsStill(lock)) return std::nullopt;
    if (events_.empty()) return Stop::idle;
    const Moment due = events_.begin()->first.first;
    if (due > current) {
      now_.store(std::min(due, end).count(), std::memory_order_release);
      if (due > end) return Stop::limit;
    }
    return std::nullopt;
  }

  /// Waits a moment if anything works, or if something came meanwhile.
  bool standsStill(std::unique_lock<std::mutex>& lock) {
    takePosted();
    if (!events_.empty() && events_.begin()->first.first <= now()) return true;
    std::optional<std::string> works = ownWork();
    bool tells = works.has_value();
    if (!works && otherWork_) {
      const Id before = lastId_;
      lock.unlock();
      works = otherWork_();
      lock.lock();
      if (lastId_ != before) return true;
    }
    if (!works) return false;
    if (steady_clock::now() - stillSince_ > options_.workLimit) {
      throw Error{ErrorKind::timeout, "time has stood still for " +
                                          std::to_string(options_.workLimit.count()) +
                                          " ms, because this is not done: " + *works};
    }
    if (!posted_.empty()) {
      wake_.wait_until(lock, lastPosted_ + kTakenToWait);
    } else {
      wake_.wait_for(lock, tells ? milliseconds{100} : kAskAgain);
    }
    return true;
  }

  /// What a blocking task has posted comes when the task is over, so that the order does not depend
  /// on how fast it is; or when the task seems to wait for it.
  void takePosted() {
    if (posted_.empty()) return;
    if (isBlocking_ && steady_clock::now() < lastPosted_ + kTakenToWait) return;
    for (Task& task : std::exchange(posted_, {})) add(now(), std::move(task));
  }

  [[nodiscard]] std::optional<std::string> ownWork() const {
    if (!work_.empty()) return work_.front();
    if (isBlocking_ || !blocking_.empty()) return "a task that may block";
    if (!posted_.empty()) return "what a task has posted";
    return std::nullopt;
  }

  /// One step of real time.
  std::optional<Stop> wait(std::unique_lock<std::mutex>& lock, Moment end) {
    const Moment current = now();
    for (Task& task : std::exchange(posted_, {})) add(current, std::move(task));
    if (!events_.empty() && events_.begin()->first.first <= current) {
      runFirst(lock);
      return std::nullopt;
    }
    if (current >= end) return Stop::limit;
    if (events_.empty() && !ownWork()) return Stop::idle;
    Moment due = std::min(end, current + std::chrono::hours{1});
    if (!events_.empty()) due = std::min(due, events_.begin()->first.first);
    wake_.wait_until(lock, began_ + due);
    return std::nullopt;
  }

  /// The thread of blocking tasks.
  void block() {
    std::unique_lock lock{mutex_};
    for (;;) {
      blockingWake_.wait(lock, [this] { return isClosed_ || !blocking_.empty(); });
      if (isClosed_) return;
      Task task = std::move(blocking_.front());
      blocking_.pop_front();
      isBlocking_ = true;
      lock.unlock();
      task();
      task = {};
      lock.lock();
      isBlocking_ = false;
      wake_.notify_all();
    }
  }

  const EventLoopOptions options_;
  const steady_clock::time_point began_;
  std::atomic<Moment::rep> now_{0};
  std::function<std::optional<std::string>()> otherWork_;
  steady_clock::time_point stillSince_;
  Moment running_{};  ///< When the event was due that runs.
  std::atomic<std::thread::id> runner_{};

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable blockingWake_;
  std::map<Key, Task> events_;
  std::unordered_map<Id, Moment> due_;
  Id lastId_ = 0;
  Names work_;
  std::deque<Task> blocking_;  ///< Tasks that have not begun.
  std::deque<Task> posted_;    ///< By the blocking task.
  steady_clock::time_point lastPosted_;
  std::thread thread_;
  std::thread::id blockingThread_;
  bool isBlocking_ = false;
  bool isClosed_ = false;
};

struct EventLoop::Work::Entry {
  Entry(std::shared_ptr<Core> of, std::string name)
      : core(std::move(of)), place(core->addWork(std::move(name))) {}
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  ~Entry() { core->endWork(place); }

  std::shared_ptr<Core> core;
  Core::Names::iterator place;
};

EventLoop::Work::Work(std::shared_ptr<Entry> entry) noexcept : entry_(std::move(entry)) {}
EventLoop::Work::Work(Work&& other) noexcept = default;
EventLoop::Work& EventLoop::Work::operator=(Work&& other) noexcept = default;
EventLoop::Work::~Work() = default;

EventLoop::EventLoop(EventLoopOptions options) : core_(std::make_shared<Core>(options)) {}
EventLoop::~EventLoop() { core_->close(); }

Moment EventLoop::now() const noexcept { return core_->now(); }
Moment EventLoop::due() const noexcept { return core_->due(); }
TimeKind EventLoop::time() const noexcept { return core_->time(); }

bool EventLoop::isInEvent() const noexcept { return core_->isInEvent(); }

EventLoop::Id EventLoop::after(std::chrono::milliseconds delay, Task task) {
  return core_->after(delay, std::move(task));
}
void EventLoop::cancel(Id id) { core_->cancel(id); }
void EventLoop::post(Task task) { core_->post(std::move(task)); }

EventLoop::Work EventLoop::work(std::string name) {
  return Work{std::make_shared<Work::Entry>(core_, std::move(name))};
}

void EventLoop::setOtherWork(std::function<std::optional<std::string>()> otherWork) {
  core_->setOtherWork(std::move(otherWork));
}

EventLoop::Stop EventLoop::run(const std::function<bool()>& isDone,
                               std::chrono::milliseconds limit) {
  return core_->run(isDone, limit);
}

Clock EventLoop::clock() {
  return [core = core_] { return core->timeOfDay(); };
}

std::shared_ptr<Timers> EventLoop::timers() {
  class LoopTimers final : public Timers {
   public:
    explicit LoopTimers(std::shared_ptr<Core> core) : core_(std::move(core)) {}
    Id after(std::chrono::milliseconds delay, Task task) override {
      const Id id = core_->after(delay, std::move(task));
      return id != 0 ? id : 1;  // a closed loop has none: the task was dropped
    }
    void cancel(Id id) override { core_->cancel(id); }

   private:
    std::shared_ptr<Core> core_;
  };
  return std::make_shared<LoopTimers>(core_);
}

std::shared_ptr<Executor> EventLoop::executor() {
  class LoopExecutor final : public Executor {
   public:
    explicit LoopExecutor(std::shared_ptr<Core> core) : core_(std::move(core)) {}
    bool tryRun(Lane lane, Task task) override {
      if (lane.pace == Pace::blocking) return core_->runBlocking(std::move(task));
      return core_->runQuick(std::move(task));
    }

   private:
    std::shared_ptr<Core> core_;
  };
  return std::make_shared<LoopExecutor>(core_);
}

}  // namespace ivr::phone
