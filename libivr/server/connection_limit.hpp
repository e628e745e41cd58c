#pragma once
// How many connections may be open, in all and for each address.

#include "ivr/server/server.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace ivr::server {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Raises the limit on descriptors of this process as far as it may, and returns how many
/// connections fit below it, at most `wanted`. A quarter of the descriptors, but from 256 to 1024
/// and at most half of them, are for everything else: files, the store, the provider.
ServerCapacity claimDescriptors(std::size_t wanted);

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

  /// None if the limit is reached. If it is that of all addresses, this waits until a connection is
  /// closed, at most for `patience`, and calls `makeRoom`, which asks somebody for that, again and
  /// again.
  [[nodiscard]] std::optional<Slot> take(std::string address, const std::function<void()>& makeRoom,
                                         std::chrono::milliseconds patience);

  /// Whether somebody waits for a connection to be closed, and none has been.
  [[nodiscard]] bool isWaitedFor();

  /// Blocks until no connection is open or `giveUpBy` has come.
  void waitUntilNone();
  /// Makes `waitUntilNone` end by `time`: sooner than set before, never later.
  void giveUpBy(SteadyTime time);

  /// Blocks for `time`, or until `giveUpBy` has come.
  void pause(std::chrono::milliseconds time);

 private:
  void give(const std::string& address);
  void awaitPlace(std::unique_lock<std::mutex>& lock, const std::function<void()>& makeRoom,
                  std::chrono::milliseconds patience);

  std::size_t most_;
  std::size_t maxPerAddress_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t open_ = 0;
  bool isAwaited_ = false;                                 ///< Somebody waits for a place.
  std::unordered_map<std::string, std::size_t> openFrom_;  ///< Used if there is a limit for each.
  SteadyTime giveUpBy_ = SteadyTime::max();
};

}  // namespace ivr::server
