#include "test/turns.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ivr::test {

namespace {

using namespace std::chrono_literals;

/// A task that is not over after this is taken to wait for something.
constexpr auto kTurn = 50ms;

}  // namespace

class Turns::Core {
 public:
  explicit Core(phone::EventLoop& loop) : loop_(loop) {}
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core() { stop(); }

  /// Runs `task`; returns when it is over, or waits for something.
  void run(const std::string& name, Task task) {
    std::unique_lock lock{mutex_};
    if (isStopping_) return;
    const std::shared_ptr<Worker> worker = idleWorker();
    worker->task.emplace(std::move(task));
    worker->wake.notify_one();
    if (worker->done.wait_for(lock, kTurn, [&] { return !worker->task; })) return;
    worker->work.emplace(loop_.work("the task \"" + name + '"'));
  }

  void stop() noexcept {
    std::vector<std::shared_ptr<Worker>> workers;
    {
      const std::lock_guard lock{mutex_};
      isStopping_ = true;
      workers.swap(workers_);
      for (const auto& worker : workers) worker->wake.notify_one();
    }
    for (const auto& worker : workers) worker->thread.join();
  }

 private:
  struct Worker {
    std::condition_variable wake = {};
    std::condition_variable done = {};
    std::optional<Task> task = {};                    ///< Until it is over.
    std::optional<phone::EventLoop::Work> work = {};  ///< If it takes long.
    std::thread thread = {};
  };

  std::shared_ptr<Worker> idleWorker() {
    for (const auto& worker : workers_) {
      if (!worker->task) return worker;
    }
    auto worker = std::make_shared<Worker>();
    worker->thread = std::thread{[this, &own = *worker] { serve(own); }};
    workers_.push_back(worker);
    return worker;
  }

  void serve(Worker& own) {
    std::unique_lock lock{mutex_};
    for (;;) {
      own.wake.wait(lock, [&] { return own.task || isStopping_; });
      if (!own.task) return;
      lock.unlock();
      {
        Task task = std::move(*own.task);
        task();
      }  // what it holds ends within its turn
      lock.lock();
      own.task.reset();
      own.done.notify_one();
      if (auto work = std::exchange(own.work, std::nullopt)) {
        lock.unlock();
        work.reset();  // outside the lock: the loop has one too
        lock.lock();
      }
    }
  }

  phone::EventLoop& loop_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Worker>> workers_;
  bool isStopping_ = false;
};

Turns::Turns(std::shared_ptr<phone::EventLoop> loop)
    : loop_(std::move(loop)), blocking_(loop_->executor()), core_(std::make_shared<Core>(*loop_)) {}

Turns::~Turns() = default;

bool Turns::tryRun(Lane lane, Task task) {
  if (lane.pace == Pace::blocking) return blocking_->tryRun(lane, std::move(task));
  loop_->post([core = core_, name = std::string{lane.name}, task = std::move(task)]() mutable {
    core->run(name, std::move(task));
  });
  return true;
}

void Turns::stop() noexcept { core_->stop(); }

}  // namespace ivr::test
