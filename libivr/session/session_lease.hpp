#pragma once
// The right to a session, from the moment when a step asks for it to the moment when everything is
// saved.

#include "ivr/core/executor.hpp"
#include "ivr/core/holding.hpp"
#include "ivr/core/later.hpp"
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

/// Who wants a session, and for what.
struct SessionClaim {
  std::string name = {};  ///< Of the session.
  std::string step = {};  ///< The one whose answer is looked for.

  /// Where its tasks run, and how messages name it. The name lives as long as the application.
  Executor::Lane lane = "sessions";

  /// How long it waits for others, and for a store that cannot be reached. If not set, it waits for
  /// others for ever, and for the store while `isWanted`.
  std::optional<std::chrono::milliseconds> patience = {};

  /// Whether somebody still waits for it.
  std::function<bool()> isWanted = {};

  /// Whether the lease may begin before the store can be reached.
  bool startsWithoutStore = false;
};

class SessionLease;
class SessionLocks;
using SessionLeasePointer = std::shared_ptr<SessionLease>;

/// The exclusive right to one session, or, until it is the claim's turn, the claim to it. Dropped
/// without being saved, it saves nothing. However it ends, the next claim gets its turn.
///
/// A lease that begins without the store (`SessionClaim::startsWithoutStore`) excludes others in
/// this process only, until it is opened.
///
/// Threads: one at a time; `isOpen`, `abandon`, `isLost` and `onLost` any.
class SessionLease : public std::enable_shared_from_this<SessionLease> {
 public:
  using Receiver = detail::OnceFunction<Settled<SessionLeasePointer>>;

  SessionLease(std::shared_ptr<SessionLocks> locks, SessionClaim claim, Receiver receiver);
  SessionLease(const SessionLease&) = delete;
  SessionLease& operator=(const SessionLease&) = delete;
  ~SessionLease();

  [[nodiscard]] const std::string& name() const noexcept { return claim_.name; }

  /// Identifies its turn to code that waits for it.
  [[nodiscard]] detail::Holding::Id id() const noexcept { return id_; }

  /// Whether the store has given the session.
  [[nodiscard]] bool isOpen() const;

  /// What the store gave. If it has given nothing yet, blocks until it does; throws what the store
  /// throws last if the lease is abandoned, or the application ends, before that.
  [[nodiscard]] const OpenSession& opened();

  /// The data of another session as last saved; waits and throws as `opened` does.
  [[nodiscard]] std::string read(std::string_view session);

  /// Saves all of `change`, whose session, lease and step are set here, or nothing; a lease that is
  /// not open saves nothing. `done` gets
  /// - true when it is saved, and the next one is let in;
  /// - false, and the lease goes on, if the store cannot be reached;
  /// - what else the store throws, or `Error{unavailable}` if the lease was lost: then it is over.
  /// `done` runs at once or on a thread of the store, where it must not block.
  void save(SessionChange change, detail::OnceFunction<Settled<bool>> done);

  /// The same for a change that `save` could not save: it may have been saved all the same. Blocks.
  /// Throws what `done` would get.
  [[nodiscard]] bool saveAgain(SessionChange change);

  /// The same as `save`; if the store cannot be reached, fails, and the lease is over.
  [[nodiscard]] Later<Done> commit(const SessionChange& change);

  /// Blocks for a moment, for another attempt; false if the lease is abandoned or the application
  /// ends.
  [[nodiscard]] bool waitForStore();

  /// What the store threw last; null if it threw nothing.
  [[nodiscard]] const std::exception_ptr& lastError() const noexcept { return lastError_; }

  /// Ends every wait for the store: nobody waits for the step any more.
  void abandon() noexcept;

  /// Extends it. False if it was lost.
  [[nodiscard]] Later<bool> renew();

  /// Whether somebody else may have the session by now.
  [[nodiscard]] bool isLost() const noexcept { return isLost_; }

  /// Calls `tell`, in a task, when the lease is lost; at once if it already is.
  void onLost(std::function<void()> tell);

 private:
  friend class SessionLocks;

  void receive(Settled<SessionLeasePointer> outcome) {
    std::exchange(receiver_, {})(std::move(outcome));
  }

  [[nodiscard]] SessionChange completed(SessionChange change) const;

  /// The outcome of an attempt to save, as `save` says.
  [[nodiscard]] Settled<bool> onClosed(Settled<bool> closed);

  /// Called after each attempt to extend the lease.
  void onRenewal(std::optional<bool> isHeld);

  /// The value that `ask` returns in the end.
  template <class Ask>
  auto patiently(Ask ask);
  void open();
  void giveBack(std::uint64_t lease) noexcept;
  void end() noexcept;
  [[nodiscard]] bool trySaveAgain(SessionChange change);

  const std::shared_ptr<SessionLocks> locks_;
  SessionClaim claim_;
  Receiver receiver_;
  detail::Holding::Id id_ = 0;  ///< 0 until it is its turn.
  bool hasTurn_ = false;

  // While it asks for the session.
  std::chrono::milliseconds retry_{5};  ///< Before the next attempt, while another process has it.
  std::chrono::milliseconds waited_{0};
  bool waitsForStore_ = false;

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

}  // namespace ivr::session
