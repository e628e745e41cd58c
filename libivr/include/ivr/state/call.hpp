#pragma once
// What a state knows about the call it answers.

#include "ivr/http/form.hpp"
#include "ivr/state/url_for.hpp"

#include <string>
#include <string_view>

namespace ivr {

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
  Call(Form fields, UrlFor urlFor);
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

  /// Every field of the request, whoever consumed it: for logs and records, not for deciding.
  [[nodiscard]] const Form& fields() const noexcept { return fields_; }

  /// From now on `input()` is empty. Called by the framework once the first consumer has had its
  /// turn.
  void consumeInput() noexcept { inputConsumed_ = true; }

 private:
  Form fields_;
  UrlFor urlFor_;
  bool inputConsumed_ = false;
};

}  // namespace ivr
