#include "session/session_lease.hpp"

#include "core/log_line.hpp"
#include "ivr/core/error.hpp"
#include "session/session_locks.hpp"

#include <algorithm>
#include <utility>

namespace ivr::session {

namespace {

constexpr int kFailedRenewalsToLoss = 3;

/// The longest pause before a store in trouble is asked again.
constexpr std::chrono::milliseconds kMaxPause{500};

/// How soon a lease that waits notices that the application ends, which nothing tells it.
constexpr std::chrono::milliseconds kLook{100};

}  // namespace

SessionLease::SessionLease(std::shared_ptr<SessionLocks> locks, SessionClaim claim,
                           Receiver receiver)
    : locks_(std::move(locks)), claim_(std::move(claim)), receiver_(std::move(receiver)) {}

SessionLease::~SessionLease() {
  if (!hasEnded_ && opened_) giveBack(opened_->lease);
  end();
}

bool SessionLease::isOpen() const {
  const std::lock_guard lock{mutex_};
  return opened_.has_value();
}

template <class Ask>
auto SessionLease::patiently(Ask ask) {
  for (;;) {
    try {
      auto answer = ask();
      locks_->trouble_.onAnswer();
      if (answer) return *std::move(answer);
    } catch (...) {
      lastError_ = std::current_exception();
      if (!isPassing(lastError_)) throw;
      locks_->trouble_.onError(lastError_);
    }
    if (waitForStore()) continue;
    if (lastError_) std::rethrow_exception(lastError_);
    throw Error{ErrorKind::unavailable, "another process has had the session for too long"};
  }
}

const OpenSession& SessionLease::opened() {
  if (!isOpen()) open();
  return *opened_;
}

void SessionLease::open() {
  OpenSession opened =
      patiently([this] { return locks_->store().tryOpen(name(), claim_.step, kLease).get(); });
  const std::uint64_t lease = opened.lease;
  {
    const std::lock_guard lock{mutex_};
    if (!isAbandoned_) opened_ = std::move(opened);
  }
  if (opened_) return locks_->keepRenewed(shared_from_this());
  giveBack(lease);
  throw Error{ErrorKind::unavailable, "the session came too late for its step"};
}

std::string SessionLease::read(std::string_view session) {
  return patiently([&] { return std::optional{locks_->store().read(session).get()}; });
}

bool SessionLease::waitForStore() {
  std::unique_lock lock{mutex_};
  const auto end =
      std::chrono::steady_clock::now() + std::exchange(pause_, std::min(pause_ * 2, kMaxPause));
  while (!isAbandoned_ && !locks_->tasks_->areClosed()) {
    const auto next = std::min(end, std::chrono::steady_clock::now() + kLook);
    abandoned_.wait_until(lock, next);
    if (std::chrono::steady_clock::now() >= end) return !isAbandoned_;
  }
  return false;
}

void SessionLease::abandon() noexcept {
  {
    const std::lock_guard lock{mutex_};
    isAbandoned_ = true;
  }
  abandoned_.notify_all();
}

SessionChange SessionLease::completed(SessionChange change) const {
  change.session = name();
  change.lease = opened_->lease;
  change.step = claim_.step;
  return change;
}

void SessionLease::save(SessionChange change, detail::OnceFunction<Settled<bool>> done) {
  if (!opened_) {
    end();
    return done(Settled<bool>{true});
  }
  Later<bool> closed = [&]() -> Later<bool> {
    try {
      return locks_->store().close(completed(change));
    } catch (...) {
      return Later<bool>::failed(std::current_exception());
    }
  }();
  std::move(closed).receive(
      [self = shared_from_this(), done = std::move(done)](Settled<bool> outcome) mutable {
        done(self->onClosed(std::move(outcome)));
      });
}

bool SessionLease::saveAgain(SessionChange change) {
  change = completed(change);
  Settled<bool> closed{true};
  try {
    closed = locks_->store().close(change).get() || trySaveAgain(change);
  } catch (...) {
    closed = std::current_exception();
  }
  Settled<bool> outcome = onClosed(std::move(closed));
  if (auto* error = std::get_if<1>(&outcome)) std::rethrow_exception(*error);
  return std::get<0>(outcome);
}

Settled<bool> SessionLease::onClosed(Settled<bool> closed) {
  if (const auto* error = std::get_if<1>(&closed)) {
    if (isPassing(*error)) {
      lastError_ = *error;
      locks_->trouble_.onError(*error);
      return false;
    }
    end();
    return closed;
  }
  locks_->trouble_.onAnswer();
  end();
  if (std::get<0>(closed)) return true;
  return std::make_exception_ptr(Error{
      ErrorKind::unavailable, "a step took so long that another one has begun; it was not saved"});
}

Later<Done> SessionLease::commit(const SessionChange& change) {
  return Later<Done>{[&](Answer<Done> answer) {
    save(change, [self = shared_from_this(), answer = std::move(answer)](Settled<bool> saved) {
      if (auto* error = std::get_if<1>(&saved)) return answer.fail(std::move(*error));
      if (std::get<0>(saved)) return answer(Done{});
      self->end();
      answer.fail(self->lastError_);
    });
  }};
}

void SessionLease::end() noexcept {
  hasEnded_ = true;
  if (std::exchange(hasTurn_, false)) locks_->letNextIn(name());
}

/// Nobody waits for it: if it fails, the lease runs out.
void SessionLease::giveBack(std::uint64_t lease) noexcept try {
  locks_->store()
      .close({.session = name(), .lease = lease, .step = claim_.step})
      .receive([locks = locks_](const Settled<bool>& closed) {
        const auto* error = std::get_if<1>(&closed);
        if (error == nullptr) return;
        if (isPassing(*error)) return locks->trouble_.onError(*error);
        LogLine line{PersonalData::masked, "a session could not be given back"};
        locks->log_(LogLevel::warning, line.add(*error).text());
      });
} catch (const std::exception&) {
}

/// The lease is over, after the store has failed. Either an attempt that seemed to fail has
/// succeeded, or the lease has run out meanwhile; then it is taken again if nobody else has changed
/// anything.
bool SessionLease::trySaveAgain(SessionChange change) {
  SessionStore& store = locks_->store();
  const auto again = store.tryOpen(name(), claim_.step, kLease).get();
  if (!again) return false;
  const bool isThere =
      change.answer ? again->answer == *change.answer : change.data && again->data == *change.data;
  const bool isUnchanged = !again->answer && (again->data == opened_->data ||
                                              (change.data && again->data == *change.data));
  if (isThere || !isUnchanged) {
    giveBack(again->lease);
    return isThere;
  }
  change.lease = again->lease;
  return store.close(change).get();
}

Later<bool> SessionLease::renew() { return locks_->store().renew(name(), opened_->lease, kLease); }

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
  if (!tell) return;
  (void)locks_->tasks_->tryRun(claim_.lane, std::move(tell));
}

}  // namespace ivr::session
