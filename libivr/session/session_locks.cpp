#include "session/session_locks.hpp"

#include "core/log_line.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <utility>

namespace ivr::session {

namespace {

/// How long a holder may be silent before others take it for dead. Below the deadline of an answer,
/// so that a call whose process died goes on in time.
constexpr std::chrono::milliseconds kLease{5000};
constexpr std::chrono::milliseconds kRenewal{1500};
constexpr int kFailedRenewalsToLoss = 3;

/// How often to ask for a session that another process holds.
constexpr std::chrono::milliseconds kFirstRetry{5};
constexpr std::chrono::milliseconds kMaxRetry{100};

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

void SessionTurn::end() noexcept {
  if (const auto locks = std::exchange(locks_, nullptr)) locks->letNextIn(name_);
}

// ---- The lease

SessionLease::SessionLease(std::shared_ptr<SessionLocks> locks, SessionTurn turn, std::string step,
                           OpenSession opened)
    : locks_(std::move(locks)),
      turn_(std::move(turn)),
      step_(std::move(step)),
      opened_(std::move(opened)) {}

SessionLease::~SessionLease() {
  if (!hasEnded_) locks_->release(std::move(turn_), opened_.lease, step_);
}

void SessionLease::commit(std::optional<std::string_view> data,
                          std::chrono::milliseconds dataLifetime,
                          std::optional<std::string_view> answer,
                          std::chrono::milliseconds answerLifetime) {
  hasEnded_ = true;
  bool isSaved = false;
  try {
    isSaved = locks_->store_->close({.session = name(),
                                     .lease = opened_.lease,
                                     .data = data,
                                     .dataLifetime = dataLifetime,
                                     .step = step_,
                                     .answer = answer,
                                     .answerLifetime = answerLifetime});
  } catch (...) {
    turn_.end();
    throw;
  }
  turn_.end();
  if (isSaved) return;
  throw Error{ErrorKind::unavailable,
              "a step took so long that another one has begun; it was not saved"};
}

bool SessionLease::renew() { return locks_->store_->renew(name(), opened_.lease, kLease); }

void SessionLease::onLost(std::function<void()> tell) {
  {
    const std::lock_guard lock{mutex_};
    if (!isLost_) {
      tell_ = std::move(tell);
      return;
    }
  }
  tell();
}

void SessionLease::onRenewal(std::optional<bool> isHeld) {
  std::function<void()> tell;
  {
    const std::lock_guard lock{mutex_};
    if (hasEnded_) return;
    failedRenewals_ = isHeld ? 0 : failedRenewals_ + 1;
    if (isHeld.value_or(failedRenewals_ < kFailedRenewalsToLoss) || isLost_.exchange(true)) return;
    tell = std::move(tell_);
  }
  if (tell) tell();
}

// ---- The locks

SessionLocks::SessionLocks(std::shared_ptr<SessionStore> store, std::shared_ptr<Tasks> tasks,
                           std::shared_ptr<Timers> timers, Log log)
    : store_(std::move(store)), tasks_(std::move(tasks)), timers_(timers), log_(std::move(log)) {}

detail::Holding::Id SessionLocks::take(SessionClaim claim, Receiver receiver) {
  detail::Holding::Id id = 0;
  {
    const std::lock_guard lock{mutex_};
    const auto [found, isFree] = places_.try_emplace(claim.name);
    Place& place = found->second;
    if (!isFree && place.line.size() < kMaxWaiting) {
      const std::uint64_t number = ++lastWaiter_;
      if (claim.patience) giveUpAfter(*claim.patience, claim.name, number);
      place.line.push_back({number, std::move(claim), std::move(receiver)});
      return place.id;
    }
    if (isFree) {
      id = place.id = nextId();
      place.holder = claim.lane.name;
    }
  }
  if (id == 0) {
    receiver(failed(std::make_exception_ptr(
        Error{ErrorKind::unavailable, "too many steps of one call wait for one another"})));
  } else {
    begin(std::move(claim), id, std::move(receiver));
  }
  return 0;
}

void SessionLocks::begin(SessionClaim claim, detail::Holding::Id id, Receiver receiver) {
  SessionTurn turn{shared_from_this(), claim.name, id};
  open({std::move(turn), std::move(claim), std::move(receiver), kFirstRetry, {}});
}

/// When its turn has come in this process, asks the store, in a task.
void SessionLocks::open(Opening opening) {
  const Executor::Lane lane = opening.claim.lane;
  // Shared, so that it is still there if the task is refused.
  const auto shared = std::make_shared<Opening>(std::move(opening));
  const bool runs =
      tasks_->tryRun(lane, [self = shared_from_this(), shared] { self->ask(std::move(*shared)); });
  if (!runs) shared->receiver(failed(tasks_->refusal()));
}

/// Asks until no other process has the session.
void SessionLocks::ask(Opening opening) {
  SessionClaim& claim = opening.claim;
  std::optional<OpenSession> opened;
  try {
    opened = store_->tryOpen(claim.name, claim.step, kLease);
    if (!opened && claim.patience && opening.waited >= *claim.patience) {
      std::rethrow_exception(tooLong(claim.name, "another process", *claim.patience));
    }
  } catch (...) {
    opening.turn.end();
    return opening.receiver(failed(std::current_exception()));
  }
  if (!opened) return askLater(std::move(opening));
  auto lease = std::make_shared<SessionLease>(shared_from_this(), std::move(opening.turn),
                                              std::move(claim.step), *std::move(opened));
  {
    const std::lock_guard lock{mutex_};
    places_.find(lease->name())->second.lease = lease;
    renewSoon();
  }
  opening.receiver(Settled<SessionLeasePointer>{std::move(lease)});
}

void SessionLocks::askLater(Opening opening) {
  const auto timers = timers_.lock();
  if (!timers) return opening.receiver(failed(applicationEnded()));
  const auto retry = std::exchange(opening.retry, std::min(opening.retry * 2, kMaxRetry));
  opening.waited += retry;
  const auto shared = std::make_shared<Opening>(std::move(opening));
  timers->after(retry, [self = shared_from_this(), shared] { self->open(std::move(*shared)); });
}

/// With the lock held.
void SessionLocks::giveUpAfter(std::chrono::milliseconds patience, const std::string& name,
                               std::uint64_t waiter) {
  const auto timers = timers_.lock();
  if (!timers) return;
  timers->after(patience, [weak = weak_from_this(), name, waiter, patience] {
    const auto self = weak.lock();
    if (!self) return;
    (void)self->tasks_->tryRun(kLane, [self, name, waiter, patience] {
      std::optional<Waiter> gone;
      std::string_view holder;
      {
        const std::lock_guard lock{self->mutex_};
        const auto place = self->places_.find(name);
        if (place == self->places_.end()) return;
        std::deque<Waiter>& line = place->second.line;
        const auto found = std::ranges::find(line, waiter, &Waiter::number);
        if (found == line.end()) return;
        gone.emplace(std::move(*found));
        line.erase(found);
        holder = place->second.holder;
      }
      gone->receiver(failed(tooLong(name, holder, patience)));
    });
  });
}

void SessionLocks::letNextIn(const std::string& name) {
  std::optional<Waiter> next;
  detail::Holding::Id id = 0;
  {
    const std::lock_guard lock{mutex_};
    const auto found = places_.find(name);
    Place& place = found->second;
    if (place.line.empty()) {
      places_.erase(found);
      return;
    }
    next.emplace(std::move(place.line.front()));
    place.line.pop_front();
    id = place.id = nextId();
    place.holder = next->claim.lane.name;
    place.lease.reset();
  }
  begin(std::move(next->claim), id, std::move(next->receiver));
}

/// Gives back a lease that saves nothing. If this cannot run, the lease runs out.
void SessionLocks::release(SessionTurn turn, std::uint64_t lease, const std::string& step) {
  (void)tasks_->tryRun(
      kLane, [self = shared_from_this(), turn = std::move(turn), lease, step]() mutable {
        try {
          (void)self->store_->close({.session = turn.name(), .lease = lease, .step = step});
        } catch (...) {
          LogLine line{PersonalData::masked, "a session could not be given back"};
          self->log_(LogLevel::warning, line.add(std::current_exception()).text());
        }
        turn.end();
      });
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
  for (SessionLeasePointer& lease : held) {
    (void)tasks_->tryRun(kLane, [self = shared_from_this(), lease = std::move(lease)] {
      std::optional<bool> isHeld;
      try {
        isHeld = lease->renew();
      } catch (const std::exception&) {  // what cannot be done now may succeed later
      }
      lease->onRenewal(isHeld);
    });
  }
}

}  // namespace ivr::session
