#pragma once
// Calls while they live: moved, spoken to and ended from outside, and remembered.

#include "ivr/core/executor.hpp"
#include "ivr/core/later.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/session/session.hpp"
#include "ivr/state/next.hpp"
#include "ivr/twiml/twiml.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace ivr {

/// What became of the attempt to change a live call. A value.
struct CallUpdate {
  enum class Result {
    done,          ///< The provider has accepted it.
    alreadyEnded,  ///< The call is over, or was when the change arrived.
    unknownCall,   ///< The provider knows no call of that SID.
    refused,       ///< For another reason; `code` and `message` are the provider's.
  };
  Result result = Result::done;
  int code = 0;
  std::string message = {};

  explicit operator bool() const noexcept { return result == Result::done; }
};

/// What carries out what `Calls` is asked for: the application. Members that return no `Later`
/// throw `Error{unavailable}` when it has ended. Threads: any.
class CallsHome {
 public:
  virtual ~CallsHome() = default;
  CallsHome(const CallsHome&) = delete;
  CallsHome& operator=(const CallsHome&) = delete;

  virtual Later<CallUpdate> redirect(std::string callSid, Next next) = 0;
  virtual Later<CallUpdate> play(std::string callSid, Twiml twiml) = 0;
  virtual Later<CallUpdate> hangUp(std::string callSid) = 0;
  virtual Later<Done> changeSession(std::string callSid, std::function<void(Session&)> change) = 0;
  [[nodiscard]] virtual bool tryRunInBackground(Executor::Task task) = 0;
  [[nodiscard]] virtual std::shared_ptr<Timers> timers() = 0;

 protected:
  CallsHome() = default;
};

/// The live calls of an application, whoever answers them at the moment.
///
/// A handle, cheap to copy, for work that goes on to keep: when the application has ended, what its
/// members return is an `Error{unavailable}`. Threads: any. What a member returns fails with the
/// errors of the REST client when the provider cannot be reached.
class Calls {
 public:
  explicit Calls(std::shared_ptr<CallsHome> home) : home_(std::move(home)) {}

  /// Interrupts what the caller hears, and goes on with `next`, which must have a `uri`
  /// (`Error{usage}`). A call that has not heard its first document yet is moved as soon as it has.
  Later<CallUpdate> redirect(std::string callSid, Next next) const {
    return home_->redirect(std::move(callSid), std::move(next));
  }

  /// Interrupts what the caller hears with `twiml`; after that the call is over unless the document
  /// says otherwise. Links in it must be absolute, and it may have 4,000 characters.
  Later<CallUpdate> play(std::string callSid, Twiml twiml) const {
    return home_->play(std::move(callSid), std::move(twiml));
  }

  /// Ends the call, also one that still rings.
  Later<CallUpdate> hangUp(std::string callSid) const { return home_->hangUp(std::move(callSid)); }

  /// Changes the session of a call, between its steps: while a step runs, the change waits. So a
  /// step must not wait for a change of its own call. What `change` throws is the outcome, and
  /// nothing is saved then.
  Later<Done> changeSession(std::string callSid, std::function<void(Session&)> change) const {
    return home_->changeSession(std::move(callSid), std::move(change));
  }

  /// The same for one struct of the session.
  template <class T, class F>
  Later<Done> changeSession(std::string callSid, F change) const {
    return changeSession(
        std::move(callSid),
        [change = std::move(change)](Session& session) mutable { change(session.as<T>()); });
  }

  /// What `work`, which may block, returns or throws, run on a thread of the application. Too much
  /// work waiting is an `Error{unavailable}`.
  template <class F>
  [[nodiscard]] auto inBackground(F work) const {
    return runWith(
        [this](Executor::Task task) { return home_->tryRunInBackground(std::move(task)); },
        std::move(work));
  }

  /// What `later` becomes if that is within `limit`; otherwise an `Error{timeout}`.
  template <class T>
  [[nodiscard]] Later<T> within(std::chrono::milliseconds limit, Later<T> later) const {
    return Later<T>{[&](const Answer<T>& answer) {
      ivr::within(home_->timers(), limit, std::move(later)).forwardTo(answer);
    }};
  }

 private:
  std::shared_ptr<CallsHome> home_;
};

}  // namespace ivr
