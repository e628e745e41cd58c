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
struct CallChange {
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

/// The live calls of an application, whoever answers them at the moment.
///
/// A resource of the application, as long-lived as that. Threads: any. What a member returns fails
/// with the errors of the REST client when the provider cannot be reached.
class Calls {
 public:
  virtual ~Calls() = default;
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  /// Interrupts what the caller hears, and goes on with `next`, which must have a `uri`
  /// (`Error{usage}`). A call that has not heard its first document yet is moved as soon as it has.
  virtual Later<CallChange> redirect(std::string callSid, Next next) = 0;

  /// Interrupts what the caller hears with `twiml`; after that the call is over unless the document
  /// says otherwise. Links in it must be absolute, and it may have 4,000 characters.
  virtual Later<CallChange> play(std::string callSid, Twiml twiml) = 0;

  /// Ends the call, also one that still rings.
  virtual Later<CallChange> hangUp(std::string callSid) = 0;

  /// Changes the session of a call, between its steps: while a step runs, the change waits. So a
  /// step must not wait for a change of its own call. What `change` throws is the outcome, and
  /// nothing is saved then.
  virtual Later<Done> changeSession(std::string callSid, std::function<void(Session&)> change) = 0;

  /// The same for one struct of the session.
  template <class T, class F>
  Later<Done> changeSession(std::string callSid, F change) {
    return changeSession(
        std::move(callSid),
        [change = std::move(change)](Session& session) mutable { change(session.as<T>()); });
  }

  /// The application's threads for work that blocks.
  virtual Executor& background() = 0;

  virtual std::shared_ptr<Timers> timers() = 0;

 protected:
  Calls() = default;
};

}  // namespace ivr
