#pragma once
// One at a time: the steps of a call, and other work under a name, wait for one another in this
// process and on every machine that shares the store.

#include "core/tasks.hpp"
#include "ivr/core/later.hpp"
#include "ivr/core/log.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/session/session_store.hpp"
#include "session/session_lease.hpp"
#include "session/store_trouble.hpp"

#include <atomic>
#include <chrono>
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

  StoreTrouble trouble_;
  std::atomic<std::size_t> waitForStore_{0};  ///< Claims that do.
};

}  // namespace ivr::session
