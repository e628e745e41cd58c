#pragma once
// Locks by name on top of the leases of a store.

#include "ivr/session/locks.hpp"
#include "session/session_locks.hpp"

#include <memory>
#include <string>

namespace ivr::session {

class StoreLocks final : public LocksBackend, public std::enable_shared_from_this<StoreLocks> {
 public:
  explicit StoreLocks(std::shared_ptr<SessionLocks> sessions) : sessions_(std::move(sessions)) {}

  detail::Holding::Id take(std::string name, std::chrono::milliseconds patience,
                           Receiver receiver) override;
  StoreScope scope() const noexcept override { return sessions_->store().scope(); }

 private:
  const std::shared_ptr<SessionLocks> sessions_;
};

}  // namespace ivr::session
