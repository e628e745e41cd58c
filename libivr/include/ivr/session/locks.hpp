#pragma once
// Locks by name, for work that two steps, calls or machines must not do at once.
//
//   ivr.calls().detach(ivr.locks().run("dispatch", [](const session::Lock& lock) {
//     crm.assign(nextTicket(), lock.fencingNumber());
//   }));

#include "ivr/core/later.hpp"
#include "ivr/session/session_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace ivr::session {

/// The interface behind `Lock`; the library implements it.
class LockHold {
 public:
  virtual ~LockHold() = default;
  LockHold(const LockHold&) = delete;
  LockHold& operator=(const LockHold&) = delete;

  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  [[nodiscard]] virtual std::uint64_t fencingNumber() const noexcept = 0;
  [[nodiscard]] virtual bool isHeld() const noexcept = 0;
  virtual void onLost(std::function<void()> tell) = 0;
  [[nodiscard]] virtual detail::Holding::Id id() const noexcept = 0;

 protected:
  LockHold() = default;
};

/// A lock that is held. A handle, valid until the work that it was given to has ended. Threads:
/// any.
class Lock {
 public:
  explicit Lock(std::shared_ptr<LockHold> hold) : hold_(std::move(hold)) {}

  [[nodiscard]] const std::string& name() const noexcept { return hold_->name(); }

  /// Larger than that of every earlier holder of a lock of this store. Whatever the lock protects
  /// can refuse a number below the last one that it saw, and so a holder that was stopped and
  /// resumes when another has the lock.
  [[nodiscard]] std::uint64_t fencingNumber() const noexcept { return hold_->fencingNumber(); }

  /// False once it is known that somebody else may have it: this process was stopped for more than
  /// five seconds, or could not reach the store for that long.
  [[nodiscard]] bool isHeld() const noexcept { return hold_->isHeld(); }

  /// Calls `tell` once, on a thread of the application, when that becomes known.
  void onLost(std::function<void()> tell) const { hold_->onLost(std::move(tell)); }

 private:
  std::shared_ptr<LockHold> hold_;
};

/// The interface behind `Locks`; the application implements it.
class LocksBackend {
 public:
  virtual ~LocksBackend() = default;
  LocksBackend(const LocksBackend&) = delete;
  LocksBackend& operator=(const LocksBackend&) = delete;

  using Receiver = detail::OnceFunction<Settled<std::shared_ptr<LockHold>>>;

  /// Gives `receiver` the lock on a thread of the application, or an error on any. Returns what
  /// must end first; 0 if nothing in this process must.
  virtual detail::Holding::Id take(std::string name, std::chrono::milliseconds patience,
                                   Receiver receiver) = 0;
  [[nodiscard]] virtual StoreScope scope() const noexcept = 0;

 protected:
  LocksBackend() = default;
};

/// The locks of an application. A handle, cheap to copy. Threads: any.
class Locks {
 public:
  explicit Locks(std::shared_ptr<LocksBackend> backend) : backend_(std::move(backend)) {}

  /// Runs `work`, which takes a `const Lock&` or nothing and may block, on a thread of the
  /// application as soon as nobody else has the lock of that name (1 to 100 bytes); the lock is
  /// held until what `work` returns has settled. The outcome is that of `work`, or
  /// - `Error{timeout}` when others have had the lock for all of `patience`;
  /// - `Error{usage}` at once when `work` of the same lock waits for it;
  /// - `Error{unavailable}` when the store cannot be reached, or the application has ended.
  template <class F>
  [[nodiscard]] auto run(std::string name, F work,
                         std::chrono::milliseconds patience = std::chrono::seconds{10}) const {
    using Hold = std::shared_ptr<LockHold>;
    using T = detail::FlattenedType<decltype(workWith(work, std::declval<const Lock&>()))>;
    detail::Holding::Id waitsFor = 0;
    Later<T> result{[&](const Answer<T>& answer) {
      waitsFor = backend_->take(
          std::move(name), patience, [answer, work = std::move(work)](Settled<Hold> taken) mutable {
            if (auto* error = std::get_if<1>(&taken)) return answer.fail(std::move(*error));
            Later<Hold>{std::get<0>(std::move(taken))}
                .then([&work](Hold hold) { return withLock<T>(work, std::move(hold)); })
                .forwardTo(answer);
          });
    }};
    return std::move(result).waitingFor(waitsFor);
  }

  /// Whom the locks exclude: with sessions in memory, only this process.
  [[nodiscard]] StoreScope scope() const noexcept { return backend_->scope(); }

 private:
  /// The outcome of `work`, which keeps the hold until it has settled.
  template <class T, class F>
  static Later<T> withLock(F& work, std::shared_ptr<LockHold> hold) {
    const Lock lock{hold};
    const detail::Holding holding{hold->id()};
    Later<T> outcome{workWith(work, lock)};
    if (outcome.waitsForHere()) std::rethrow_exception(detail::Holding::error());
    return std::move(outcome).then([hold](T value) { return value; });
  }

  template <class F>
  static auto workWith(F& work, const Lock& lock) {
    if constexpr (std::invocable<F&, const Lock&>) {
      return detail::callWith(work, lock);
    } else {
      return detail::callWith(work);
    }
  }

  std::shared_ptr<LocksBackend> backend_;
};

}  // namespace ivr::session
