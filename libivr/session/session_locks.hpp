#pragma once
// One at a time: the steps of a call, and other work under a name, wait for one another in this
// process and on every machine that shares the store.

#include "core/tasks.hpp"
#include "ivr/core/later.hpp"
#include "ivr/core/log.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/session/session_store.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ivr::session {

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

/// The exclusive right to one session. Dropped without `commit`, it saves nothing. Threads: one at
/// a time; `isLost` and `onLost` any.
class SessionLease {
 public:
  SessionLease(std::shared_ptr<SessionLocks> locks, SessionTurn turn, std::string step,
               OpenSession opened);
  SessionLease(const SessionLease&) = delete;
  SessionLease& operator=(const SessionLease&) = delete;
  ~SessionLease();

  [[nodiscard]] const std::string& name() const noexcept { return turn_.name(); }
  [[nodiscard]] const OpenSession& opened() const noexcept { return opened_; }
  [[nodiscard]] detail::Holding::Id id() const noexcept { return turn_.id(); }

  /// Saves all or nothing, and lets the next one in. Values not given stay as they are. May block.
  /// Throws, having saved nothing, what the store throws, and `Error{unavailable}` if the lease was
  /// lost.
  void commit(std::optional<std::string_view> data, std::chrono::milliseconds dataLifetime,
              std::optional<std::string_view> answer, std::chrono::milliseconds answerLifetime);

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

  const std::shared_ptr<SessionLocks> locks_;
  SessionTurn turn_;
  const std::string step_;
  OpenSession opened_;
  std::atomic<bool> hasEnded_{false};
  std::atomic<bool> isLost_{false};
  int failedRenewals_ = 0;
  std::mutex mutex_;
  std::function<void()> tell_;
};

using SessionLeasePointer = std::shared_ptr<SessionLease>;

/// Who wants a session, and for what.
struct SessionClaim {
  std::string name = {};  ///< Of the session.
  std::string step = {};  ///< The one whose answer is looked for.

  /// Where its tasks run, and how messages name it. The name lives as long as the application.
  Executor::Lane lane = "sessions";

  /// How long it waits for others; for ever if not set.
  std::optional<std::chrono::milliseconds> patience = {};
};

/// Gives out leases of one store. Shared by its leases. Threads: any.
class SessionLocks : public std::enable_shared_from_this<SessionLocks> {
 public:
  /// `timers` are used only in tasks.
  SessionLocks(std::shared_ptr<SessionStore> store, std::shared_ptr<Tasks> tasks,
               std::shared_ptr<Timers> timers, Log log);

  using Receiver = detail::OnceFunction<Settled<SessionLeasePointer>>;

  /// Gives `receiver` a lease, in a task, when all earlier claims have ended; or, on any thread, an
  /// error: `Error{unavailable}` if too many wait already, `Error{timeout}` when patience ends, and
  /// what the store throws. Returns what must end first; 0 if nothing in this process must.
  detail::Holding::Id take(SessionClaim claim, Receiver receiver);

  /// Runs `work` with the lease; the outcome is what it returns or throws. See `take`.
  template <class F>
  [[nodiscard]] auto with(SessionClaim claim, F work) {
    using T = detail::FlattenedType<detail::ResultOf<F, SessionLeasePointer>>;
    detail::Holding::Id waitsFor = 0;
    Later<T> result{[&](const Answer<T>& answer) {
      waitsFor = take(std::move(claim), [answer, work = std::move(work)](
                                            Settled<SessionLeasePointer> taken) mutable {
        if (auto* error = std::get_if<1>(&taken)) return answer.fail(std::move(*error));
        Later<SessionLeasePointer>{std::get<0>(std::move(taken))}.then(work).forwardTo(answer);
      });
    }};
    return std::move(result).waitingFor(waitsFor);
  }

  /// The data as last saved, even while the session is held. May block.
  [[nodiscard]] std::string read(std::string_view name) const { return store_->read(name); }

  [[nodiscard]] SessionStore& store() const noexcept { return *store_; }

 private:
  friend class SessionLease;
  friend class SessionTurn;

  struct Waiter {
    std::uint64_t number;
    SessionClaim claim;
    Receiver receiver;
  };
  /// Exists while a claim has the session or is about to get it.
  struct Place {
    detail::Holding::Id id = 0;  ///< Of the current turn.
    std::string_view holder = {};
    std::weak_ptr<SessionLease> lease = {};  ///< Of the current holder.
    std::deque<Waiter> line = {};
  };

  /// A claim on its way to the store.
  struct Opening {
    SessionTurn turn;
    SessionClaim claim;  ///< Its name is that of the turn.
    Receiver receiver;
    std::chrono::milliseconds retry;
    std::chrono::milliseconds waited;
  };
  void begin(SessionClaim claim, detail::Holding::Id id, Receiver receiver);
  void open(Opening opening);
  void ask(Opening opening);
  void askLater(Opening opening);
  void giveUpAfter(std::chrono::milliseconds patience, const std::string& name,
                   std::uint64_t waiter);
  void letNextIn(const std::string& name);
  void release(SessionTurn turn, std::uint64_t lease, const std::string& step);
  void renewSoon();
  void renewAll();

  const std::shared_ptr<SessionStore> store_;
  const std::shared_ptr<Tasks> tasks_;
  const std::weak_ptr<Timers> timers_;  ///< Not owned: they have a thread.
  const Log log_;

  std::mutex mutex_;
  std::unordered_map<std::string, Place> places_;  ///< By session.
  std::uint64_t lastWaiter_ = 0;
  bool renewsSoon_ = false;
};

}  // namespace ivr::session
