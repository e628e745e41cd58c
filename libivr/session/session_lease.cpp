#include "session/session_lease.hpp"

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

void SessionTurn::end() noexcept {
  if (const auto locks = std::exchange(locks_, nullptr)) locks->letNextIn(name_);
}

SessionLease::SessionLease(std::shared_ptr<SessionLocks> locks, SessionTurn turn, std::string step,
                           std::optional<OpenSession> opened)
    : locks_(std::move(locks)),
      turn_(std::move(turn)),
      step_(std::move(step)),
      opened_(std::move(opened)) {}

SessionLease::~SessionLease() {
  if (!hasEnded_ && opened_) locks_->release(std::move(turn_), opened_->lease, step_);
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
  OpenSession opened = patiently([this] { return locks_->store_->tryOpen(name(), step_, kLease); });
  const std::uint64_t lease = opened.lease;
  {
    const std::lock_guard lock{mutex_};
    if (!isAbandoned_) opened_ = std::move(opened);
  }
  if (opened_) return locks_->keepRenewed(shared_from_this());
  (void)locks_->store_->close({.session = name(), .lease = lease, .step = step_});
  throw Error{ErrorKind::unavailable, "the session came too late for its step"};
}

std::string SessionLease::read(std::string_view session) {
  return patiently([&] { return std::optional{locks_->store_->read(session)}; });
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

bool SessionLease::tryCommit(std::optional<std::string_view> data,
                             std::chrono::milliseconds dataLifetime,
                             std::optional<std::string_view> answer,
                             std::chrono::milliseconds answerLifetime) {
  bool isSaved = !opened_;
  try {
    if (opened_) {
      SessionChange change{.session = name(),
                           .lease = opened_->lease,
                           .data = data,
                           .dataLifetime = dataLifetime,
                           .step = step_,
                           .answer = answer,
                           .answerLifetime = answerLifetime};
      isSaved = locks_->store_->close(change) || (lastError_ && trySaveAgain(change));
      locks_->trouble_.onAnswer();
    }
  } catch (...) {
    lastError_ = std::current_exception();
    if (isPassing(lastError_)) {
      locks_->trouble_.onError(lastError_);
      return false;
    }
    end();
    throw;
  }
  end();
  if (isSaved) return true;
  throw Error{ErrorKind::unavailable,
              "a step took so long that another one has begun; it was not saved"};
}

void SessionLease::commit(std::optional<std::string_view> data,
                          std::chrono::milliseconds dataLifetime,
                          std::optional<std::string_view> answer,
                          std::chrono::milliseconds answerLifetime) {
  if (tryCommit(data, dataLifetime, answer, answerLifetime)) return;
  end();
  std::rethrow_exception(lastError_);
}

void SessionLease::end() noexcept {
  hasEnded_ = true;
  turn_.end();
}

/// The lease is over, after the store has failed. Either an attempt that seemed to fail has
/// succeeded, or the lease has run out meanwhile; then it is taken again if nobody has changed
/// anything.
bool SessionLease::trySaveAgain(SessionChange change) {
  const auto again = locks_->store_->tryOpen(name(), step_, kLease);
  if (!again) return false;
  const bool isThere =
      change.answer ? again->answer == *change.answer : change.data && again->data == *change.data;
  const bool isUnchanged = !again->answer && again->data == opened_->data;
  if (isThere || !isUnchanged) {
    (void)locks_->store_->close({.session = name(), .lease = again->lease, .step = step_});
    return isThere;
  }
  change.lease = again->lease;
  return locks_->store_->close(change);
}

bool SessionLease::renew() { return locks_->store_->renew(name(), opened_->lease, kLease); }

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

}  // namespace ivr::session
