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

/// Gives out leases of one store. Shared by its leases. Threads: any.
class SessionLocks : public std::enable_shared_from_this<SessionLocks> {
 public:
  SessionLocks(std::shared_ptr<SessionStore> store, std::shared_ptr<Tasks> tasks,
               std::shared_ptr<Timers> timers, Log log);

  using Receiver = SessionLease::Receiver;

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

  /// Exists while a claim has the session or is about to get it.
  struct Place {
    detail::Holding::Id id = 0;  ///< Of the current turn.
    std::string_view holder = {};
    std::weak_ptr<SessionLease> lease = {};  ///< Of the current turn, once it is open.
    std::vector<SessionLeasePointer> line = {};
  };

  Place& addPlace(const std::string& session);
  void ask(SessionLeasePointer lease);
  void onAsked(SessionLeasePointer lease, Settled<std::optional<OpenSession>> outcome,
               std::chrono::steady_clock::time_point asked);
  void onStoreError(SessionLeasePointer lease, const std::exception_ptr& error,
                    std::chrono::steady_clock::time_point asked);
  void askLater(SessionLeasePointer lease);
  void start(const SessionLeasePointer& lease);
  [[nodiscard]] bool mayWaitForStore(const SessionLease& lease) const;
  void keepRenewed(const SessionLeasePointer& lease);
  void giveUpAfter(std::chrono::milliseconds patience, const SessionLeasePointer& waiter);
  void letNextIn(const std::string& name) noexcept;
  void renewSoon();
  void renewAll();

  const std::shared_ptr<SessionStore> store_;
  const std::shared_ptr<Tasks> tasks_;
  const std::weak_ptr<Timers> timers_;  ///< Not owned: they have a thread.
  const Log log_;

  std::mutex mutex_;
  using Places = std::unordered_map<std::string_view, Place>;

  /// By session; the names are those of the leases that have the turn.
  Places places_;
  std::vector<Places::node_type> spare_;  ///< Of sessions that nobody has any more.
  bool renewsSoon_ = false;

  StoreTrouble trouble_;
  std::atomic<std::size_t> waitForStore_{0};  ///< Claims that do.
};

}  // namespace ivr::session
