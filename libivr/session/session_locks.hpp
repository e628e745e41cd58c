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
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
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
    bool waitsForStore = false;
  };
  void begin(SessionClaim claim, detail::Holding::Id id, Receiver receiver);
  void open(Opening opening);
  void ask(Opening opening);
  void askLater(Opening opening);
  [[nodiscard]] bool mayWaitForStore(const Opening& opening) const;
  void keepRenewed(const SessionLeasePointer& lease);
  void onStoreAnswer();
  void onStoreError(const std::exception_ptr& error);
  [[nodiscard]] std::exception_ptr trouble();
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

  std::atomic<bool> isInTrouble_{false};
  std::exception_ptr trouble_;
  std::chrono::steady_clock::time_point nextProbe_;
  std::atomic<std::size_t> waitForStore_{0};  ///< Claims that do.
};

}  // namespace ivr::session
