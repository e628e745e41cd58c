#include "core/stderr_sink.hpp"

#include <cerrno>
#include <chrono>
#include <poll.h>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ivr {

namespace {

/// How long a line waits for others.
constexpr std::chrono::milliseconds kPause{10};

/// So much is written at once, without a pause.
constexpr std::size_t kEnough = 64 << 10;

constexpr std::size_t kMaxWaiting = 1 << 20;

/// Gives up if standard error is gone, or a reader takes nothing of it for a while.
void writeToStderr(std::string_view text) {
  constexpr int kPatienceMs = 1000;
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    pollfd ready{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    const bool isFull = written < 0 && errno == EAGAIN;
    if (!isFull || ::poll(&ready, 1, kPatienceMs) <= 0) return;
  }
}

}  // namespace

StderrSink::~StderrSink() {
  {
    const Lock lock{mutex_};
    isEnding_ = true;
  }
  changed_.notify_all();
  thread_.reset();  // writes what waits
}

void StderrSink::sink_it_(const spdlog::details::log_msg& line) {
  if (waiting_.size() >= kMaxWaiting) {
    ++leftOut_;
    return;
  }
  const std::size_t before = waiting_.size();
  formatter_->format(line, waiting_);
  if (!thread_) return start();
  if (before == 0 || (before < kEnough && waiting_.size() >= kEnough)) changed_.notify_all();
}

void StderrSink::start() {
  try {
    thread_.emplace([this] { run(); });
  } catch (const std::system_error&) {  // no more threads
    flush_();
  }
}

void StderrSink::flush_() {
  Lock lock{mutex_, std::adopt_lock};  // of the caller
  writeAll(lock);
  lock.release();
}

void StderrSink::writeAll(Lock& lock) noexcept {
  changed_.wait(lock, [this] { return !isWriting_; });
  std::swap(waiting_, writing_);
  if (const std::size_t count = std::exchange(leftOut_, 0); count > 0) {
    const std::string text = "log lines left out=" + std::to_string(count) +
                             " reason=\"standard error did not take them in time\"";
    formatter_->format({"ivr", spdlog::level::warn, text}, writing_);
  }
  isWriting_ = true;
  lock.unlock();
  writeToStderr({writing_.data(), writing_.size()});
  lock.lock();
  writing_.clear();
  isWriting_ = false;
  changed_.notify_all();
}

void StderrSink::run() {
  Lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return isEnding_ || waiting_.size() > 0; });
    if (waiting_.size() == 0) return;  // and nothing comes any more
    changed_.wait_for(lock, kPause, [this] { return isEnding_ || waiting_.size() >= kEnough; });
    writeAll(lock);
  }
}

}  // namespace ivr
