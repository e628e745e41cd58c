#include "session/store_locks.hpp"

#include "ivr/core/error.hpp"

#include <utility>

namespace ivr::session {

namespace {

/// Tells the names of locks from those of sessions, which are SIDs.
constexpr std::string_view kPrefix = "lock.";
constexpr std::size_t kMaxLockNameBytes = 100;

class LeaseHold final : public LockHold {
 public:
  LeaseHold(std::string name, SessionLeasePointer lease, std::uint64_t fence)
      : name_(std::move(name)), lease_(std::move(lease)), fence_(fence) {}

  const std::string& name() const noexcept override { return name_; }
  std::uint64_t fencingNumber() const noexcept override { return fence_; }
  bool isHeld() const noexcept override { return !lease_->isLost(); }
  void onLost(std::function<void()> tell) override { lease_->onLost(std::move(tell)); }
  detail::Holding::Id id() const noexcept override { return lease_->id(); }

 private:
  const std::string name_;
  const SessionLeasePointer lease_;
  const std::uint64_t fence_;
};

std::shared_ptr<LockHold> holdOf(const SessionLocks& sessions, const std::string& name,
                                 SessionLeasePointer lease) {
  const std::uint64_t fence = sessions.store().nextFence().get();
  // If this process was stopped before it got the number, another may have had the lock, and got a
  // smaller one.
  if (!lease->renew().get()) {
    throw Error{ErrorKind::unavailable, "the lock " + name + " was lost as it was taken"};
  }
  return std::make_shared<LeaseHold>(name, std::move(lease), fence);
}

}  // namespace

detail::Holding::Id StoreLocks::take(std::string name, std::chrono::milliseconds patience,
                                     Receiver receiver) {
  using Taken = Settled<std::shared_ptr<LockHold>>;
  if (name.empty() || name.size() > kMaxLockNameBytes) {
    receiver(Taken{std::in_place_index<1>,
                   std::make_exception_ptr(Error{
                       ErrorKind::usage, "the name of a lock has " + std::to_string(name.size()) +
                                             " bytes; it must have 1 to 100"})});
    return 0;
  }
  SessionClaim claim{.name = std::string{kPrefix} + name,
                     .step = "lock",
                     .lane = {"locks", Executor::Pace::blocking},
                     .patience = patience};
  return sessions_->take(std::move(claim), [sessions = sessions_, name = std::move(name),
                                            receiver = std::move(receiver)](
                                               Settled<SessionLeasePointer> lease) mutable {
    Taken taken{std::in_place_index<1>};
    try {
      if (auto* error = std::get_if<1>(&lease)) std::rethrow_exception(*error);
      taken.emplace<0>(holdOf(*sessions, name, std::get<0>(std::move(lease))));
    } catch (...) {
      taken.emplace<1>(std::current_exception());
    }
    receiver(std::move(taken));
  });
}

}  // namespace ivr::session
