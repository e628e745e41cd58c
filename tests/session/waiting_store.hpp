#pragma once
// A session store for tests that ask one thing after another.

#include "ivr/session/session_store.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::support {

/// Waits for every result.
class WaitingStore {
 public:
  explicit WaitingStore(std::shared_ptr<session::SessionStore> store) : store_(std::move(store)) {}

  [[nodiscard]] auto tryOpen(std::string_view session, std::string_view step,
                             std::chrono::milliseconds lease) {
    return store_->tryOpen(session, step, lease).get();
  }
  [[nodiscard]] bool renew(std::string_view session, std::uint64_t lease,
                           std::chrono::milliseconds duration) {
    return store_->renew(session, lease, duration).get();
  }
  [[nodiscard]] bool close(const session::SessionChange& change) {
    return store_->close(change).get();
  }
  [[nodiscard]] std::string read(std::string_view session) { return store_->read(session).get(); }
  [[nodiscard]] std::vector<std::string> withWork(std::size_t limit = 100) {
    return store_->withWork(limit).get();
  }
  [[nodiscard]] std::uint64_t nextFence() { return store_->nextFence().get(); }

  [[nodiscard]] session::SessionStore& store() const noexcept { return *store_; }

 private:
  std::shared_ptr<session::SessionStore> store_;
};

}  // namespace ivr::support
