#pragma once
// The one rule for lifetimes.
//
// An object that has work under way elsewhere (a step in an executor, a request at the provider, a
// timer) does not wait for that work, and the work does not own it. Both own a gate between them.
// Work enters the gate before it touches the object, and leaves when it is done with it. The owner
// closes the gate before it destroys the object: nobody enters any more, and `close` waits for
// those inside. After that the object may go; work that comes later finds the gate closed and ends,
// saying that the application has ended.
//
// So no code behind a gate asks whether a part of the object is still there, a thread is joined by
// its owner and never by itself, and work under way owns nothing that has a thread.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

namespace ivr {

/// Shared by an object and the work under way for it. Threads: any; `close` not from inside.
class Gate {
 public:
  /// True while it is held, if the gate was open.
  class Entry {
   public:
    explicit Entry(Gate* gate) noexcept : gate_(gate) {}
    Entry(Entry&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Entry& operator=(Entry&&) = delete;
    ~Entry() {
      if (gate_ != nullptr) gate_->leave();
    }
    explicit operator bool() const noexcept { return gate_ != nullptr; }

   private:
    Gate* gate_;
  };

  Gate() = default;
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  [[nodiscard]] Entry enter() noexcept {
    if ((state_.fetch_add(1) & kClosed) == 0) return Entry{this};
    leave();
    return Entry{nullptr};
  }

  [[nodiscard]] bool isClosed() const noexcept { return (state_ & kClosed) != 0; }

  /// Returns when nobody is inside.
  void close() noexcept {
    std::unique_lock lock{mutex_};
    state_ |= kClosed;
    isEmpty_.wait(lock, [this] { return state_ == kClosed; });
  }

 private:
  static constexpr std::uint64_t kClosed = std::uint64_t{1} << 63;

  void leave() noexcept {
    if (state_.fetch_sub(1) != (kClosed | 1)) return;
    const std::lock_guard lock{mutex_};
    isEmpty_.notify_all();
  }

  std::atomic<std::uint64_t> state_{0};  ///< How many are inside, and whether it is closed.
  std::mutex mutex_;
  std::condition_variable isEmpty_;
};

}  // namespace ivr
