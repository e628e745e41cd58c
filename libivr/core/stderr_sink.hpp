#pragma once
// Where spdlog writes the lines of a log: to standard error, several at a time.

#include "core/thread.hpp"

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <spdlog/sinks/base_sink.h>
#include <utility>

namespace ivr {

/// Takes lines without waiting for standard error, where a thread writes them a moment later: so
/// many lines cost one system call, and the thread of a step costs none. Starts with the first
/// line.
///
/// `flush` returns when everything has been written, and so does the destructor. If standard error
/// takes no more, as many lines wait as have room in a megabyte; how many were left out then is
/// said in a line of its own.
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit StderrSink(std::unique_ptr<spdlog::formatter> formatter)
      : base_sink(std::move(formatter)) {}
  StderrSink(const StderrSink&) = delete;
  StderrSink& operator=(const StderrSink&) = delete;
  ~StderrSink() override;

 private:
  using Lock = std::unique_lock<std::mutex>;

  // With the lock held.
  void sink_it_(const spdlog::details::log_msg& line) override;
  void flush_() override;
  void start();
  void writeAll(Lock& lock) noexcept;

  void run();

  // Guarded by `mutex_` of the base.
  std::condition_variable changed_;
  spdlog::memory_buf_t waiting_;
  spdlog::memory_buf_t writing_;
  bool isWriting_ = false;
  bool isEnding_ = false;
  std::size_t leftOut_ = 0;  ///< Lines for which there was no room.
  std::optional<OwnedThread> thread_;
};

}  // namespace ivr
