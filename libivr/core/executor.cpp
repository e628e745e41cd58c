#include "ivr/core/executor.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace ivr {

class Executor::Impl {
 public:
  explicit Impl(ExecutorLimits limits) : maxWaiting_(limits.maxWaiting) {
    if (limits.threads == 0) throw Error{ErrorKind::config, "an executor needs a thread"};
    threads_.reserve(limits.threads);
    for (std::size_t i = 0; i < limits.threads; ++i) threads_.emplace_back([this] { work(); });
  }

  /// Tasks that still run may ask for more, and are told no.
  void end() {
    std::deque<Task> dropped;
    {
      const std::lock_guard lock{mutex_};
      ending_ = true;
      dropped.swap(waiting_);
    }
    wake_.notify_all();
    dropped.clear();  // outside the lock: it fails `Later`s, and what follows on them runs
    for (std::thread& thread : threads_) thread.join();
  }

  bool tryRun(Task task) {
    {
      const std::lock_guard lock{mutex_};
      if (ending_ || waiting_.size() >= maxWaiting_ + threads_.size() - busy_) return false;
      waiting_.push_back(std::move(task));
    }
    wake_.notify_one();
    return true;
  }

 private:
  void work() {
    std::unique_lock lock{mutex_};
    for (;;) {
      wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
      if (ending_) return;
      ++busy_;
      Task task = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      task();
      task = nullptr;  // its captures die outside the lock
      lock.lock();
      --busy_;
    }
  }

  const std::size_t maxWaiting_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> waiting_;
  std::size_t busy_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

Executor::Executor(ExecutorLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
Executor::~Executor() { impl_->end(); }
bool Executor::tryRun(Task task) { return impl_->tryRun(std::move(task)); }

}  // namespace ivr
