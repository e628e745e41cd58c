#pragma once
// What a state knows about the call it answers.

#include "ivr/core/later.hpp"
#include "ivr/http/form.hpp"
#include "ivr/session/session.hpp"
#include "ivr/state/calls.hpp"
#include "ivr/state/url_for.hpp"

#include <chrono>
#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace ivr {

/// What a call has of the application that answers it.
struct CallHome {
  std::shared_ptr<CallsHome> calls = nullptr;  ///< Null if there is no application.
  std::shared_ptr<Session> session = std::make_shared<Session>();
  std::shared_ptr<Session> parentSession = nullptr;
};

/// One request about one call, as the states see it.
///
/// Who calls is known to every state. What the caller pressed or said goes to the first state that
/// consumes it, and to nobody after it: a state reached by a transition finds `input()`, `digits()`
/// and `speech()` empty.
///
/// A resource: the framework makes it and keeps it until the answer has settled; states get a
/// reference. Copy strings out of it for work that goes on elsewhere. Threads: one at a time.
class Call {
 public:
  /// `fields` are the decoded fields that the provider posted.
  Call(Form fields, UrlFor urlFor, CallHome home = {});
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// The provider's ids and the parties, as sent; empty when the provider did not send them.
  /// Opaque: a number (E.164), a SIP address, `client:name`, or a word such as `anonymous`.
  [[nodiscard]] std::string_view sid() const noexcept { return fields_.get("CallSid"); }
  [[nodiscard]] std::string_view accountSid() const noexcept { return fields_.get("AccountSid"); }
  [[nodiscard]] std::string_view from() const noexcept { return fields_.get("From"); }
  [[nodiscard]] std::string_view to() const noexcept { return fields_.get("To"); }

  /// Every field of the request if this state is its first consumer; otherwise an empty form.
  [[nodiscard]] const Form& input() const noexcept;

  /// The keys pressed, without the one that ended them; empty if there are none.
  [[nodiscard]] std::string_view digits() const noexcept { return input().get("Digits"); }

  /// What was said, as recognised; empty if nothing was.
  [[nodiscard]] std::string_view speech() const noexcept { return input().get("SpeechResult"); }

  /// A link to an audio file or a state of this application; see `UrlFor`.
  [[nodiscard]] std::string urlFor(std::string_view path, const UrlOptions& options = {}) const {
    return urlFor_(path, options);
  }
  [[nodiscard]] const UrlFor& urlFor() const noexcept { return urlFor_; }

  // What lasts longer than the step. See libivr/docs/sessions.md and libivr/docs/live_calls.md.

  /// What this call remembers from step to step, by its SID. Saved when the step ends well; a step
  /// that fails leaves no trace in it. A call without a SID has a session for one step.
  [[nodiscard]] Session& session() const noexcept { return *home_.session; }

  /// The struct of class `T` in it.
  template <class T>
  [[nodiscard]] T& session() const {
    return home_.session->as<T>();
  }

  /// The SID of the call that dialled this one; empty if that is nobody's.
  [[nodiscard]] std::string_view parentSid() const noexcept;

  /// The session of that call, as it was saved last: a copy, empty if there is none. To change it:
  /// `calls().changeSession(parentSid(), ...)`.
  [[nodiscard]] Session& parentSession();

  /// Runs `work`, which may block, on a thread of the application; returns what it returns. Copy
  /// what it needs of the call by name. Too much work waiting is an `Error{unavailable}`.
  template <class F>
  [[nodiscard]] auto inBackground(F work) const {
    return calls().inBackground(std::move(work));
  }

  /// What `later` becomes if that is within `limit`; otherwise an `Error{timeout}`.
  template <class T>
  [[nodiscard]] Later<T> within(std::chrono::milliseconds limit, Later<T> later) const {
    return calls().within(limit, std::move(later));
  }

  /// Lets work go on that nobody waits for. A failure is logged, and moves the call to where
  /// `backgroundFailed` of the state says.
  /// A refused `CallUpdate` is a failure too; that the call had ended already is none.
  template <class T>
  void detach(Later<T> work) const {
    std::move(work).receive([report = backgroundFailed_](const Settled<T>& outcome) {
      if (!report) return;
      if (const auto* error = std::get_if<1>(&outcome)) {
        report(*error);
      } else if constexpr (std::same_as<T, CallUpdate>) {
        if (const auto& change = std::get<0>(outcome);
            !change && change.result != CallUpdate::Result::alreadyEnded) {
          report(std::make_exception_ptr(Error{ErrorKind::remote, change.message}));
        }
      }
    });
  }

  /// The live calls of the application, this one among them; for work that goes on to keep.
  /// `Error{usage}` if the call belongs to no application.
  [[nodiscard]] Calls calls() const;

  /// Moves this call, after this step; see `Calls::redirect`. Not to be waited for in the step.
  Later<CallUpdate> redirect(Next next) const {
    return calls().redirect(std::string{sid()}, std::move(next));
  }

  /// Every field of the request, whoever consumed it: for logs and records, not for deciding.
  [[nodiscard]] const Form& fields() const noexcept { return fields_; }

  /// From now on `input()` is empty. Called by the framework once the first consumer has had its
  /// turn.
  void consumeInput() noexcept { inputConsumed_ = true; }

  /// Who is told, on any thread, of work of `detach` that failed. Called by the framework before
  /// `backgroundTrigger`.
  void onBackgroundFailure(std::function<void(const std::exception_ptr&)> report) {
    backgroundFailed_ = std::move(report);
  }

 private:
  Form fields_;
  UrlFor urlFor_;
  CallHome home_;
  std::function<void(const std::exception_ptr&)> backgroundFailed_;
  bool inputConsumed_ = false;
};

}  // namespace ivr
