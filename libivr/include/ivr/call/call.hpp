#pragma once
// What a state knows about the call it answers.

#include "ivr/call/calls.hpp"
#include "ivr/call/url_for.hpp"
#include "ivr/core/later.hpp"
#include "ivr/http/form.hpp"
#include "ivr/session/session.hpp"

#include <chrono>
#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ivr {

/// What a call uses of the application that answers it.
struct CallContext {
  std::shared_ptr<CallsBackend> calls = nullptr;  ///< Null if there is no application.
  std::function<Session()> parentSession = {};    ///< Reads it; empty if there is no parent.
  http::Form query = {};                          ///< Of the requested address.
};

/// One request about one call, as the states see it.
///
/// Every state knows who calls. What the caller pressed or said goes to the first state that
/// consumes it, and to none after it: a state reached by a transition finds `input()`, `digits()`
/// and `speech()` empty.
///
/// A resource: the framework makes it and keeps it until the answer has settled; states get a
/// reference. Copy strings out of it for work that continues elsewhere. Threads: one at a time.
class Call {
 public:
  /// `fields` are the decoded fields that the provider posted.
  Call(http::Form fields, UrlFor urlFor, CallContext context = {});
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// The provider's ids and the parties, as sent; empty when the provider did not send them.
  /// Opaque: a number (E.164), a SIP address, `client:name`, or a word such as `anonymous`.
  [[nodiscard]] std::string_view sid() const noexcept { return fields_.get("CallSid"); }
  [[nodiscard]] std::string_view accountSid() const noexcept { return fields_.get("AccountSid"); }
  [[nodiscard]] std::string_view from() const noexcept { return fields_.get("From"); }
  [[nodiscard]] std::string_view to() const noexcept { return fields_.get("To"); }

  /// Every field of the request if this state is its first consumer; otherwise an empty form.
  [[nodiscard]] const http::Form& input() const noexcept;

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

  /// What this call remembers from step to step, by its SID. Saved when the step succeeds; a step
  /// that fails leaves no trace in it. Without a SID, a session lasts for one step.
  [[nodiscard]] Session& session() {
    if (!session_) session_.emplace(readSession_ ? readSession_() : Session{});
    return *session_;
  }

  /// The struct of class `T` in the session.
  template <class T>
  [[nodiscard]] T& session() {
    return session().as<T>();
  }

  /// The SID of the call that dialled this one; empty if there is none.
  [[nodiscard]] std::string_view parentSid() const noexcept;

  /// The session of that call as last saved: a copy, read on first use; empty if there is none. To
  /// change it: `calls().changeSession(parentSid(), ...)`.
  [[nodiscard]] Session& parentSession();

  /// Runs `work`, which may block, on a thread of the application; returns what it returns. Capture
  /// copies of what it needs of the call, each by name. If too much work waits:
  /// `Error{unavailable}`.
  template <class F>
  [[nodiscard]] auto inBackground(F work) const {
    return calls().inBackground(std::move(work), std::string{state_.name} + " background");
  }

  /// The outcome of `later` if it comes within `limit`; otherwise an `Error{timeout}`.
  template <class T>
  [[nodiscard]] Later<T> withTimeout(std::chrono::milliseconds limit, Later<T> later) const {
    return calls().withTimeout(limit, std::move(later));
  }

  /// Detaches `work`, from any member of a state: nobody waits for it. A failure is logged, and
  /// moves the call to the `backgroundFailed` of that state, if it has one. A refused `CallUpdate`
  /// is a failure too; a call that had already ended is not.
  template <class T>
  void detach(Later<T> work) const {
    if (!context_.calls) return;
    std::move(work).receive(
        [detached = context_.calls->beginDetached(detachedFailure())](const Settled<T>& outcome) {
          detached->end(detail::failureOf(outcome));
        });
  }

  // For a function, this says what to write instead.
  template <std::invocable F>
  void detach(F) const {
    static_assert(detail::kNever<F>,
                  "`detach` needs a Later: write `call.detach(call.inBackground([] { ... }))`");
  }

  /// The live calls of the application, including this one; detached work may keep it.
  /// `Error{usage}` if the call belongs to no application.
  [[nodiscard]] Calls calls() const;

  /// Moves this call, after this step; see `Calls::redirect`.
  Later<CallUpdate> redirect(Next next) const {
    return calls().redirect(std::string{sid()}, std::move(next));
  }

  /// What the query of the requested address says: the application's own words, if all links to
  /// the address are its own.
  [[nodiscard]] const http::Form& query() const noexcept { return context_.query; }

  /// Every field of the request, consumed or not: for logs and records, not for decisions.
  [[nodiscard]] const http::Form& fields() const noexcept { return fields_; }

  // For the framework.

  /// From now on `input()` is empty. Called once the first consumer has had its turn.
  void consumeInput() noexcept { inputConsumed_ = true; }

  /// Sets where what the call remembers comes from, when it is first asked for. Called before the
  /// first state gets the call.
  void setSession(std::function<Session()> read) { readSession_ = std::move(read); }

  /// The session, if it was asked for; null otherwise.
  [[nodiscard]] const Session* usedSession() const noexcept {
    return session_ ? &*session_ : nullptr;
  }

  /// The state that has the call now, as detached work needs it.
  struct CurrentState {
    std::string_view name = {};  ///< Lives as long as the application.
    const void* state = nullptr;
    Next (*fallbackOf)(const void* state) = [](const void*) { return Next{}; };
  };
  void setState(CurrentState state) noexcept { state_ = state; }

 private:
  [[nodiscard]] DetachedFailure detachedFailure() const;

  http::Form fields_;
  UrlFor urlFor_;
  CallContext context_;
  std::function<Session()> readSession_;
  std::optional<Session> session_;
  std::optional<Session> parentSession_;
  CurrentState state_;
  bool inputConsumed_ = false;
};

}  // namespace ivr
