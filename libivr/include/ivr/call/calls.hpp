#pragma once
// Live calls: move them, play to them, end them, and change their sessions from outside.

#include "ivr/call/next.hpp"
#include "ivr/core/executor.hpp"
#include "ivr/core/later.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/session/locks.hpp"
#include "ivr/session/session.hpp"
#include "ivr/twiml/twiml.hpp"

#include <chrono>
#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr {

/// The result of an attempt to change a live call. A value.
struct CallUpdate {
  enum class Result {
    done,          ///< The provider has accepted it.
    alreadyEnded,  ///< The call is over, or was when the change arrived.
    unknownCall,   ///< The provider knows no call with that SID.
    refused,       ///< For another reason; `code` and `message` are the provider's.
  };
  Result result = Result::done;
  int code = 0;
  std::string message = {};

  explicit operator bool() const noexcept { return result == Result::done; }
};

/// Detached work that has failed, or what its failure would be. A value.
struct DetachedFailure {
  std::exception_ptr error = {};
  std::string state = {};                      ///< The one that detached it; empty if none did.
  std::string callSid = {};                    ///< Empty if it was for no call.
  Next fallback = {};                          ///< Where the call goes; nowhere if it stays.
  std::vector<std::string> callerValues = {};  ///< What the caller sent, to be kept out of logs.
};

/// Detached work under way. Threads: any.
class DetachedWork {
 public:
  virtual ~DetachedWork() = default;
  DetachedWork(const DetachedWork&) = delete;
  DetachedWork& operator=(const DetachedWork&) = delete;

  /// Its outcome: null if it has succeeded. Called once.
  virtual void end(std::exception_ptr error) = 0;

 protected:
  DetachedWork() = default;
};

/// The interface behind `Calls`; the application implements it. When the application has ended,
/// `tryRun` and `after` throw `Error{unavailable}`. Threads: any.
class CallsBackend {
 public:
  virtual ~CallsBackend() = default;
  CallsBackend(const CallsBackend&) = delete;
  CallsBackend& operator=(const CallsBackend&) = delete;

  virtual Later<CallUpdate> redirect(std::string callSid, Next next) = 0;
  /// To an absolute address, which answers POST.
  virtual Later<CallUpdate> redirectTo(std::string callSid, std::string url) = 0;
  virtual Later<CallUpdate> play(std::string callSid, twiml::Twiml document) = 0;
  virtual Later<CallUpdate> hangUp(std::string callSid) = 0;
  virtual Later<Done> changeSession(std::string callSid, std::function<void(Session&)> change) = 0;
  [[nodiscard]] virtual bool tryRun(Executor::Lane lane, Executor::Task task) = 0;

  /// Runs `task` on a thread of the application when `delay` has passed.
  virtual Timers::Id after(std::chrono::milliseconds delay, std::function<void()> task) = 0;
  virtual void cancel(Timers::Id timer) = 0;

  [[nodiscard]] virtual session::Locks locks() = 0;

  /// Logs that detached work has failed, and moves the call if there is a fallback.
  virtual void reportDetached(DetachedFailure failure) = 0;

  /// Counts detached work as under way until the result is destroyed. `failure` is reported, with
  /// the error, if it fails, or is given up because the application ends.
  [[nodiscard]] virtual std::shared_ptr<DetachedWork> beginDetached(DetachedFailure failure) = 0;

 protected:
  CallsBackend() = default;
};

namespace detail {

template <class F>
concept ChangesNoSession = !std::convertible_to<F, std::function<void(Session&)>>;

/// Why detached work has failed; null if it has not. A refused `CallUpdate` is a failure too; a
/// call that had already ended is not.
template <class T>
[[nodiscard]] std::exception_ptr failureOf(const Settled<T>& outcome) {
  if (const auto* error = std::get_if<1>(&outcome)) return *error;
  if constexpr (std::same_as<T, CallUpdate>) {
    const CallUpdate& update = std::get<0>(outcome);
    if (!update && update.result != CallUpdate::Result::alreadyEnded) {
      return std::make_exception_ptr(Error{ErrorKind::remote, "not moved: " + update.message});
    }
  }
  return nullptr;
}

}  // namespace detail

/// The live calls of an application.
///
/// A handle, cheap to copy, that detached work may keep: once the application has ended, its
/// members fail with `Error{unavailable}`. Threads: any; continuations of their results run on a
/// thread of the application, where they may block. If the provider cannot be reached, they fail
/// with the errors of the REST client.
class Calls {
 public:
  explicit Calls(std::shared_ptr<CallsBackend> backend) : backend_(std::move(backend)) {}

  /// Interrupts what the caller hears, and continues with `next`, which must have a `uri`
  /// (`Error{usage}`). A call that has not heard its first document yet is moved as soon as it has.
  Later<CallUpdate> redirect(std::string callSid, Next next) const {
    return backend_->redirect(std::move(callSid), std::move(next));
  }

  /// Interrupts what the caller hears with `document`; after that the call ends unless the document
  /// says otherwise. Links in it must be absolute, and it may have up to 4,000 characters.
  Later<CallUpdate> play(std::string callSid, twiml::Twiml document) const {
    return backend_->play(std::move(callSid), std::move(document));
  }

  /// Ends the call, even one that still rings.
  Later<CallUpdate> hangUp(std::string callSid) const {
    return backend_->hangUp(std::move(callSid));
  }

  /// Changes the session of a call, between its steps: while a step runs, the change waits, for at
  /// most the deadline of an answer. So a step cannot wait for a change of its own call
  /// (`Error{usage}`); it can `detach` it. If `change` throws, that is the outcome, and nothing is
  /// saved.
  Later<Done> changeSession(std::string callSid, std::function<void(Session&)> change) const {
    return backend_->changeSession(std::move(callSid), std::move(change));
  }

  /// The same for one struct of the session.
  template <class T, class F>
  Later<Done> changeSession(std::string callSid, F change) const {
    if constexpr (std::invocable<F&, T&>) {
      return changeSession(
          std::move(callSid),
          [change = std::move(change)](Session& session) mutable { change(session.as<T>()); });
    } else {
      static_assert(detail::kNever<F>, "`changeSession<T>` needs a function that takes a T&");
      return Done{};
    }
  }

  /// Runs `work`, which may block, on a thread of the application, and returns its outcome. If too
  /// much work waits: `Error{unavailable}`. `kind` names the lane; see `ThreadPool`.
  template <class F>
  [[nodiscard]] auto inBackground(F work, std::string_view kind = "background") const {
    return Executor::runWith(
        [&](Executor::Task task) {
          return backend_->tryRun({kind, Executor::Pace::blocking}, std::move(task));
        },
        std::move(work));
  }

  /// The outcome of `later` if it comes within `limit`; otherwise an `Error{timeout}`, and a later
  /// outcome is dropped.
  template <class T>
  [[nodiscard]] Later<T> withTimeout(std::chrono::milliseconds limit, Later<T> later) const {
    if (later.isSettled()) return later;
    return Later<T>{[&](const Answer<T>& answer) {
      const Timers::Id timer = backend_->after(limit, [answer] {
        answer.fail(Error{ErrorKind::timeout, "an answer did not come in time"});
      });
      std::move(later).receive([backend = backend_, answer, timer](Settled<T> outcome) {
        backend->cancel(timer);
        answer.settle(std::move(outcome));
      });
    }};
  }

  /// Detaches `work`: nobody waits for it. A failure is logged.
  template <class T>
  void detach(Later<T> work) const {
    std::move(work).receive([detached = backend_->beginDetached({})](const Settled<T>& outcome) {
      detached->end(detail::failureOf(outcome));
    });
  }

  // For other functions, these say what to write instead.
  template <detail::ChangesNoSession F>
  Later<Done> changeSession(std::string, F) const {
    static_assert(detail::kNever<F>,
                  "`changeSession` needs a function that takes a Session&; for a struct of the "
                  "session, write `changeSession<Order>(sid, [](Order& order) { ... })`");
    return Done{};
  }
  template <std::invocable F>
  void detach(F) const {
    static_assert(detail::kNever<F>,
                  "`detach` needs a Later: write `calls.detach(calls.inBackground([] { ... }))`");
  }

  /// Locks by name, beside the sessions of the calls.
  [[nodiscard]] session::Locks locks() const { return backend_->locks(); }

 private:
  std::shared_ptr<CallsBackend> backend_;
};

}  // namespace ivr
