#include "server/connection_limit.hpp"

#include <algorithm>
#include <sys/resource.h>
#include <utility>

namespace ivr::server {

ServerCapacity claimDescriptors(std::size_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t before = std::exchange(limit.rlim_cur, limit.rlim_max);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  const std::size_t descriptors = limit.rlim_cur;
  const std::size_t reserve =
      std::min(descriptors / 2, std::clamp<std::size_t>(descriptors / 4, 256, 1024));
  return {.connections = std::min(wanted, descriptors - reserve),
          .descriptors = descriptors,
          .reserve = reserve};
}

ConnectionLimit::Slot::Slot(std::shared_ptr<ConnectionLimit> limit, std::string address) noexcept
    : limit_(std::move(limit)), address_(std::move(address)) {}

ConnectionLimit::Slot::~Slot() {
  if (limit_) limit_->give(address_);
}

std::optional<ConnectionLimit::Slot> ConnectionLimit::take(std::string address,
                                                           const std::function<void()>& makeRoom,
                                                           std::chrono::milliseconds patience) {
  {
    std::unique_lock lock{mutex_};
    const auto from = openFrom_.find(address);
    if (from != openFrom_.end() && from->second >= maxPerAddress_) return std::nullopt;
    if (open_ >= most_) awaitPlace(lock, makeRoom, patience);
    if (open_ >= most_) return std::nullopt;
    if (maxPerAddress_ > 0) ++openFrom_[address];
    ++open_;
  }
  return Slot{shared_from_this(), std::move(address)};
}

void ConnectionLimit::awaitPlace(std::unique_lock<std::mutex>& lock,
                                 const std::function<void()>& makeRoom,
                                 std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kAskAgain{5};  // the one asked may have been busy
  const SteadyTime end = std::chrono::steady_clock::now() + patience;
  isAwaited_ = true;
  while (open_ >= most_ && std::chrono::steady_clock::now() < end) {
    lock.unlock();
    makeRoom();
    lock.lock();
    changed_.wait_until(lock, std::min(end, std::chrono::steady_clock::now() + kAskAgain),
                        [&] { return open_ < most_; });
  }
  isAwaited_ = false;
}

bool ConnectionLimit::isWaitedFor() {
  const std::lock_guard lock{mutex_};
  return isAwaited_ && open_ >= most_;
}

void ConnectionLimit::give(const std::string& address) {
  {
    const std::lock_guard lock{mutex_};
    --open_;
    const auto from = openFrom_.find(address);
    if (from != openFrom_.end() && --from->second == 0) openFrom_.erase(from);
    if (open_ > 0 && !isAwaited_) return;
  }
  changed_.notify_all();
}

void ConnectionLimit::waitUntilNone() {
  std::unique_lock lock{mutex_};
  while (open_ > 0 && std::chrono::steady_clock::now() < giveUpBy_) {
    changed_.wait_until(lock, giveUpBy_);
  }
}

void ConnectionLimit::giveUpBy(SteadyTime time) {
  {
    const std::lock_guard lock{mutex_};
    giveUpBy_ = std::min(giveUpBy_, time);
  }
  changed_.notify_all();
}

void ConnectionLimit::pause(std::chrono::milliseconds time) {
  const SteadyTime end = std::chrono::steady_clock::now() + time;
  std::unique_lock lock{mutex_};
  while (std::chrono::steady_clock::now() < std::min(end, giveUpBy_)) {
    changed_.wait_until(lock, std::min(end, giveUpBy_));
  }
}

}  // namespace ivr::server
