#include "session/session_locks.hpp"

#include "core/log_line.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <utility>

namespace ivr::session {

namespace {

constexpr std::chrono::milliseconds kRenewal{1500};

/// How often to ask for a session that another process holds.
constexpr std::chrono::milliseconds kFirstRetry{5};
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

/// Asks until no other process has the session, and the store can be reached.
void SessionLocks::ask(Opening opening) {
  SessionClaim& claim = opening.claim;
  if (std::exchange(opening.waitsForStore, false)) --waitForStore_;
  const auto begin = [&](std::optional<OpenSession> opened) {
    auto lease = std::make_shared<SessionLease>(shared_from_this(), std::move(opening.turn),
                                                std::move(claim.step), std::move(opened));
    if (lease->isOpen()) keepRenewed(lease);
    opening.receiver(Settled<SessionLeasePointer>{std::move(lease)});
  };
  const auto asked = std::chrono::steady_clock::now();
  std::exception_ptr error = trouble_.current();
  std::optional<OpenSession> opened;
  if (!error) {
    try {
      opened = store_->tryOpen(claim.name, claim.step, kLease);
      trouble_.onAnswer();
    } catch (...) {
      error = std::current_exception();
      if (!isPassing(error)) {
        opening.turn.end();
        return opening.receiver(failed(error));
      }
      trouble_.onError(error);
    }
  }
  if (opened) return begin(std::move(opened));
  if (!error) {
    if (!claim.patience || opening.waited < *claim.patience) return askLater(std::move(opening));
    opening.turn.end();
    return opening.receiver(failed(tooLong(claim.name, "another process", *claim.patience)));
  }
  if (claim.startsWithoutStore) return begin(std::nullopt);
  opening.waited += std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - asked);
  if (!mayWaitForStore(opening)) {
    opening.turn.end();
    return opening.receiver(failed(error));
  }
  opening.waitsForStore = true;
  ++waitForStore_;
  askLater(std::move(opening));
}

bool SessionLocks::mayWaitForStore(const Opening& opening) const {
  const SessionClaim& claim = opening.claim;
  if (waitForStore_ >= kMaxWaitForStore) return false;
  return claim.patience ? opening.waited < *claim.patience : claim.isWanted && claim.isWanted();
}

void SessionLocks::keepRenewed(const SessionLeasePointer& lease) {
  const std::lock_guard lock{mutex_};
  places_.find(lease->name())->second.lease = lease;
  renewSoon();
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
          const std::exception_ptr error = std::current_exception();
          if (isPassing(error)) return self->trouble_.onError(error);
          LogLine line{PersonalData::masked, "a session could not be given back"};
          self->log_(LogLevel::warning, line.add(error).text());
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
