#pragma once
// How many connections may be open, in all and for each address.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace ivr::server {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Threads: any.
class ConnectionLimit : public std::enable_shared_from_this<ConnectionLimit> {
 public:
  /// The right to one connection; given back when it is destroyed.
  class Slot {
   public:
    Slot(Slot&&) noexcept = default;
    Slot& operator=(Slot&&) = delete;
    ~Slot();

   private:
    friend class ConnectionLimit;
    Slot(std::shared_ptr<ConnectionLimit> limit, std::string address) noexcept;

    std::shared_ptr<ConnectionLimit> limit_;
    std::string address_;
  };

  /// `maxPerAddress` 0 is no limit.
  ConnectionLimit(std::size_t most, std::size_t maxPerAddress)
      : most_(most), maxPerAddress_(maxPerAddress) {}

  /// None if the limit is reached.
  [[nodiscard]] std::optional<Slot> take(std::string address);

  /// Blocks until no connection is open or `giveUpBy` has come.
  void waitUntilNone();
  /// Makes `waitUntilNone` end by `time`: sooner than set before, never later.
  void giveUpBy(SteadyTime time);

  /// Blocks for `time`, or until `giveUpBy` has come.
  void pause(std::chrono::milliseconds time);

 private:
  void give(const std::string& address);

  std::size_t most_;
  std::size_t maxPerAddress_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t open_ = 0;
  std::unordered_map<std::string, std::size_t> openFrom_;  ///< Used if there is a limit for each.
  SteadyTime giveUpBy_ = SteadyTime::max();
};

}  // namespace ivr::server
