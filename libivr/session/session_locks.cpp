#include "session/session_locks.hpp"

#include "core/log_line.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <utility>

namespace ivr::session {

namespace {

constexpr std::chrono::milliseconds kRenewal{1500};

/// The longest pause before a session that another process holds is asked for again.
constexpr std::chrono::milliseconds kMaxRetry{100};

/// The most claims that wait for a store in trouble.
constexpr std::size_t kMaxWaitForStore = 10'000;

/// The most claims that wait for one session. A call has one caller, so more are a mistake.
constexpr std::size_t kMaxWaiting = 64;

constexpr const char* kLane = "sessions";

detail::Holding::Id nextId() {
  static std::atomic<detail::Holding::Id> last{0};
  return ++last;
}

std::exception_ptr tooLong(std::string_view name, std::string_view holder,
                           std::chrono::milliseconds patience) {
  return std::make_exception_ptr(Error{
      ErrorKind::timeout, "waited " + std::to_string(patience.count()) + " ms for the session " +
                              std::string{name} + ", which " + std::string{holder} +
                              " has; a step that waits for a change of its own session "
                              "waits in vain"});
}

Settled<SessionLeasePointer> failed(std::exception_ptr error) {
  return Settled<SessionLeasePointer>{std::in_place_index<1>, std::move(error)};
}

}  // namespace

SessionLocks::SessionLocks(std::shared_ptr<SessionStore> store, std::shared_ptr<Tasks> tasks,
                           std::shared_ptr<Timers> timers, Log log)
    : store_(std::move(store)),
      tasks_(std::move(tasks)),
      timers_(timers),
      log_(std::move(log)),
      trouble_(log_) {}

detail::Holding::Id SessionLocks::take(SessionClaim claim, Receiver receiver) {
  auto lease =
      std::make_shared<SessionLease>(shared_from_this(), std::move(claim), std::move(receiver));
  {
    const std::lock_guard lock{mutex_};
    const auto found = places_.find(lease->name());
    if (found == places_.end()) {
      Place& place = addPlace(lease->name());
      lease->id_ = place.id = nextId();
      lease->hasTurn_ = true;
      place.holder = lease->claim_.lane.name;
    } else if (Place& place = found->second; place.line.size() < kMaxWaiting) {
      if (lease->claim_.patience) giveUpAfter(*lease->claim_.patience, lease);
      place.line.push_back(std::move(lease));
      return place.id;
    }
  }
  if (lease->hasTurn_) {
    ask(std::move(lease));
  } else {
    lease->receive(failed(std::make_exception_ptr(
        Error{ErrorKind::unavailable, "too many steps of one call wait for one another"})));
  }
  return 0;
}

/// With the lock held.
SessionLocks::Place& SessionLocks::addPlace(const std::string& session) {
  if (spare_.empty()) return places_[session];
  Places::node_type place = std::move(spare_.back());
  spare_.pop_back();
  place.key() = session;
  return places_.insert(std::move(place)).position->second;
}

/// When its turn has come in this process: asks until no other process has the session, and the
/// store can be reached.
void SessionLocks::ask(SessionLeasePointer lease) {
  if (std::exchange(lease->waitsForStore_, false)) --waitForStore_;
  const auto asked = std::chrono::steady_clock::now();
  if (const auto error = trouble_.current()) return onStoreError(std::move(lease), error, asked);
  auto opened = [&]() -> Later<std::optional<OpenSession>> {
    try {
      return store_->tryOpen(lease->name(), lease->claim_.step, kLease);
    } catch (...) {
      return Later<std::optional<OpenSession>>::failed(std::current_exception());
    }
  }();
  std::move(opened).receive([self = shared_from_this(), lease = std::move(lease),
                             asked](Settled<std::optional<OpenSession>> outcome) mutable {
    self->onAsked(std::move(lease), std::move(outcome), asked);
  });
}

void SessionLocks::onAsked(SessionLeasePointer lease, Settled<std::optional<OpenSession>> outcome,
                           std::chrono::steady_clock::time_point asked) {
  if (const auto* error = std::get_if<1>(&outcome)) {
    if (isPassing(*error)) {
      trouble_.onError(*error);
      return onStoreError(std::move(lease), *error, asked);
    }
    lease->end();
    return lease->receive(failed(*error));
  }
  trouble_.onAnswer();
  if (auto& opened = std::get<0>(outcome)) {
    lease->opened_ = std::move(opened);
    keepRenewed(lease);
    return start(lease);
  }
  const auto& patience = lease->claim_.patience;
  if (!patience || lease->waited_ < *patience) return askLater(std::move(lease));
  lease->end();
  lease->receive(failed(tooLong(lease->name(), "another process", *patience)));
}

void SessionLocks::onStoreError(SessionLeasePointer lease, const std::exception_ptr& error,
                                std::chrono::steady_clock::time_point asked) {
  if (lease->claim_.startsWithoutStore) return start(lease);
  lease->waited_ += std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - asked);
  if (!mayWaitForStore(*lease)) {
    lease->end();
    return lease->receive(failed(error));
  }
  lease->waitsForStore_ = true;
  ++waitForStore_;
  askLater(std::move(lease));
}

bool SessionLocks::mayWaitForStore(const SessionLease& lease) const {
  const SessionClaim& claim = lease.claim_;
  if (waitForStore_ >= kMaxWaitForStore) return false;
  return claim.patience ? lease.waited_ < *claim.patience : claim.isWanted && claim.isWanted();
}

/// The receiver is the lease's, so that it is still there if the task is refused.
void SessionLocks::start(const SessionLeasePointer& lease) {
  const bool runs = tasks_->tryRun(
      lease->claim_.lane, [lease] { lease->receive(Settled<SessionLeasePointer>{lease}); });
  if (!runs) lease->receive(failed(tasks_->refusal()));
}

void SessionLocks::keepRenewed(const SessionLeasePointer& lease) {
  const std::lock_guard lock{mutex_};
  places_.find(lease->name())->second.lease = lease;
  renewSoon();
}

void SessionLocks::askLater(SessionLeasePointer lease) {
  const auto timers = timers_.lock();
  if (!timers) return lease->receive(failed(applicationEnded()));
  const auto retry = std::exchange(lease->retry_, std::min(lease->retry_ * 2, kMaxRetry));
  lease->waited_ += retry;
  timers->after(retry, [self = shared_from_this(), lease] { self->ask(lease); });
}

/// With the lock held.
void SessionLocks::giveUpAfter(std::chrono::milliseconds patience,
                               const SessionLeasePointer& waiter) {
  const auto timers = timers_.lock();
  if (!timers) return;
  timers->after(patience, [weak = weak_from_this(), waiting = std::weak_ptr{waiter}, patience] {
    const auto self = weak.lock();
    const auto gone = waiting.lock();
    if (!self || !gone) return;
    (void)self->tasks_->tryRun(kLane, [self, gone, patience] {
      std::string_view holder;
      {
        const std::lock_guard lock{self->mutex_};
        const auto place = self->places_.find(gone->name());
        if (place == self->places_.end()) return;
        auto& line = place->second.line;
        const auto found = std::ranges::find(line, gone);
        if (found == line.end()) return;
        line.erase(found);
        holder = place->second.holder;
      }
      gone->receive(failed(tooLong(gone->name(), holder, patience)));
    });
  });
}

void SessionLocks::letNextIn(const std::string& name) noexcept try {
  SessionLeasePointer next;
  {
    const std::lock_guard lock{mutex_};
    constexpr std::size_t kMaxSpare = 64;
    auto place = places_.extract(name);
    if (place.mapped().line.empty()) {
      place.mapped().lease.reset();
      if (spare_.size() < kMaxSpare) spare_.push_back(std::move(place));
      return;
    }
    auto& line = place.mapped().line;
    next = std::move(line.front());
    line.erase(line.begin());
    next->id_ = place.mapped().id = nextId();
    next->hasTurn_ = true;
    place.mapped().holder = next->claim_.lane.name;
    place.mapped().lease.reset();
    place.key() = next->name();
    places_.insert(std::move(place));
  }
  ask(std::move(next));
} catch (...) {  // no memory: a claim that is dropped lets the one behind it in
}

/// With the lock held: while sessions are held, their leases are renewed now and then.
void SessionLocks::renewSoon() {
  const auto timers = renewsSoon_ ? nullptr : timers_.lock();
  if (!timers) return;
  renewsSoon_ = true;
  timers->after(kRenewal, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      (void)self->tasks_->tryRun(kLane, [self] { self->renewAll(); });
    }
  });
}

void SessionLocks::renewAll() {
  std::vector<SessionLeasePointer> held;
  {
    const std::lock_guard lock{mutex_};
    renewsSoon_ = false;
    for (const auto& [name, place] : places_) {
      if (auto lease = place.lease.lock()) held.push_back(std::move(lease));
    }
    if (!held.empty()) renewSoon();
  }
  for (const SessionLeasePointer& lease : held) {
    lease->renew().receive([lease](const Settled<bool>& renewed) {
      const bool* const isHeld = std::get_if<0>(&renewed);  // an error may pass
      lease->onRenewal(isHeld == nullptr ? std::nullopt : std::optional{*isHeld});
    });
  }
}

}  // namespace ivr::session
