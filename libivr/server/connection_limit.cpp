#include "server/connection_limit.hpp"

#include <algorithm>
#include <utility>

namespace ivr::server {

ConnectionLimit::Slot::Slot(std::shared_ptr<ConnectionLimit> limit, std::string address) noexcept
    : limit_(std::move(limit)), address_(std::move(address)) {}

ConnectionLimit::Slot::~Slot() {
  if (limit_) limit_->give(address_);
}

std::optional<ConnectionLimit::Slot> ConnectionLimit::take(std::string address) {
  {
    const std::lock_guard lock{mutex_};
    if (open_ >= most_) return std::nullopt;
    if (maxPerAddress_ > 0) {
      std::size_t& open = openFrom_[address];
      if (open >= maxPerAddress_) return std::nullopt;
      ++open;
    }
    ++open_;
  }
  return Slot{shared_from_this(), std::move(address)};
}

void ConnectionLimit::give(const std::string& address) {
  {
    const std::lock_guard lock{mutex_};
    --open_;
    const auto from = openFrom_.find(address);
    if (from != openFrom_.end() && --from->second == 0) openFrom_.erase(from);
    if (open_ > 0) return;
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
