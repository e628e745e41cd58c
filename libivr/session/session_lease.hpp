#pragma once
// The right to a session, from the turn of its step to the moment when everything is saved.

#include "ivr/core/holding.hpp"
#include "ivr/session/session_store.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ivr::session {

/// How long a holder may be silent before others take it for dead. Below the deadline of an answer,
/// so that a call whose process died goes on in time.
inline constexpr std::chrono::milliseconds kLease{5000};

class SessionLocks;

/// The first place in the line for a session. However it ends, the next one gets it.
class SessionTurn {
 public:
  SessionTurn(std::shared_ptr<SessionLocks> locks, std::string name, detail::Holding::Id id)
      : locks_(std::move(locks)), name_(std::move(name)), id_(id) {}
  SessionTurn(SessionTurn&& other) noexcept = default;
  SessionTurn& operator=(SessionTurn&&) = delete;
  ~SessionTurn() { end(); }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Identifies this turn to code that waits for it.
  [[nodiscard]] detail::Holding::Id id() const noexcept { return id_; }

  void end() noexcept;

 private:
  std::shared_ptr<SessionLocks> locks_;  ///< Null when it has ended.
  std::string name_;
  detail::Holding::Id id_;
};

/// The exclusive right to one session. Dropped without `commit`, it saves nothing.
///
/// A lease that begins without the store (`SessionClaim::startsWithoutStore`) excludes others in
/// this process only, until it is opened.
///
/// Threads: one at a time; `isOpen`, `abandon`, `isLost` and `onLost` any.
class SessionLease : public std::enable_shared_from_this<SessionLease> {
 public:
  /// `opened` is empty if the store has not been reached.
  SessionLease(std::shared_ptr<SessionLocks> locks, SessionTurn turn, std::string step,
               std::optional<OpenSession> opened);
  SessionLease(const SessionLease&) = delete;
  SessionLease& operator=(const SessionLease&) = delete;
  ~SessionLease();

  [[nodiscard]] const std::string& name() const noexcept { return turn_.name(); }
  [[nodiscard]] detail::Holding::Id id() const noexcept { return turn_.id(); }

  /// Whether the store has given the session.
  [[nodiscard]] bool isOpen() const;

  /// What the store gave. If it has given nothing yet, blocks until it does; throws what the store
  /// throws last if the lease is abandoned, or the application ends, before that.
  [[nodiscard]] const OpenSession& opened();

  /// The data of another session as last saved; waits and throws as `opened` does.
  [[nodiscard]] std::string read(std::string_view session);

  /// Saves all or nothing, and lets the next one in. Values not given stay as they are; a lease
  /// that is not open saves nothing. May block. Throws, having saved nothing, what the store
  /// throws, and `Error{unavailable}` if the lease was lost.
  void commit(std::optional<std::string_view> data, std::chrono::milliseconds dataLifetime,
              std::optional<std::string_view> answer, std::chrono::milliseconds answerLifetime);

  /// The same; false, and the lease goes on, if the store cannot be reached.
  [[nodiscard]] bool tryCommit(std::optional<std::string_view> data,
                               std::chrono::milliseconds dataLifetime,
                               std::optional<std::string_view> answer,
                               std::chrono::milliseconds answerLifetime);

  /// Blocks for a moment, for another attempt; false if the lease is abandoned or the application
  /// ends.
  [[nodiscard]] bool waitForStore();

  /// What the store threw last; null if it threw nothing.
  [[nodiscard]] const std::exception_ptr& lastError() const noexcept { return lastError_; }

  /// Ends every wait for the store: nobody waits for the step any more.
  void abandon() noexcept;

  /// Extends it. May block. False if it was lost.
  [[nodiscard]] bool renew();

  /// Whether somebody else may have the session by now.
  [[nodiscard]] bool isLost() const noexcept { return isLost_; }

  /// Calls `tell`, in a task, when the lease is lost; at once if it already is.
  void onLost(std::function<void()> tell);

 private:
  friend class SessionLocks;

  /// Called after each attempt to extend the lease.
  void onRenewal(std::optional<bool> isHeld);

  /// The value that `ask` returns in the end.
  template <class Ask>
  auto patiently(Ask ask);
  void open();
  void end() noexcept;
  [[nodiscard]] bool trySaveAgain(SessionChange change);

  const std::shared_ptr<SessionLocks> locks_;
  SessionTurn turn_;
  const std::string step_;
  std::optional<OpenSession> opened_;
  std::chrono::milliseconds pause_{20};  ///< Before the next attempt to reach the store.
  std::exception_ptr lastError_;
  bool isAbandoned_ = false;
  std::condition_variable abandoned_;
  std::atomic<bool> hasEnded_{false};
  std::atomic<bool> isLost_{false};
  int failedRenewals_ = 0;
  mutable std::mutex mutex_;
  std::function<void()> tell_;
};

using SessionLeasePointer = std::shared_ptr<SessionLease>;

}  // namespace ivr::session
