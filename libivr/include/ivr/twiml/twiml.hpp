#pragma once
// TwiML: what the provider does with the call, as plain values nested as the XML is nested.
//
//   Twiml{Gather{.action = "/choice", .numDigits = 1, .prompt = {Say{"For lunch press one."}}},
//         Redirect{"/choice"}}
//
// Names are TwiML's own. An attribute that is not given is not written, and the provider's default
// applies. Texts are UTF-8 and are escaped once, by the writer. Protocol:
// https://www.twilio.com/docs/voice/twiml
//
// Threads: values; share them for reading.

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ivr {

enum class HttpMethod { get, post };

/// Speaks a text.
struct Say {
  std::string text = {};
  std::optional<std::string> voice =
      {};  ///< Such as `Polly.Joanna`; new ones appear without notice.
  std::optional<std::string> language = {};  ///< Such as `en-GB`.
  std::optional<int> loop = {};              ///< How often; 0 is until the call ends.
};

/// Plays a file, or keys.
struct Play {
  std::string url = {};
  std::optional<int> loop = {};  ///< How often; 0 is until the call ends.
  std::optional<std::string> digits =
      {};  ///< Keys to play instead of a file; `w` is half a second of silence.
};

/// Is silent.
struct Pause {
  std::optional<std::chrono::seconds> length = {};
};

using Prompt = std::variant<Say, Play, Pause>;

/// Collects keys or speech while the prompt is heard, and posts them to `action`.
struct Gather {
  std::optional<std::string> action = {};
  std::optional<HttpMethod> method = {};
  std::optional<std::string> input = {};  ///< `dtmf`, `speech` or `dtmf speech`.
  std::optional<int> numDigits = {};
  std::optional<std::chrono::seconds> timeout = {};
  std::optional<std::string> finishOnKey = {};    ///< One key; the empty string is none.
  std::optional<std::string> speechTimeout = {};  ///< Whole seconds, or `auto`.
  std::optional<std::string> hints = {};          ///< Words to expect, separated by commas.
  std::optional<std::string> language = {};
  std::optional<bool> actionOnEmptyResult = {};
  std::vector<Prompt> prompt = {};
};

/// Records the caller.
struct Record {
  std::optional<std::string> action = {};
  std::optional<HttpMethod> method = {};
  std::optional<std::chrono::seconds> timeout = {};  ///< The silence that ends it.
  std::optional<std::string> finishOnKey = {};
  std::optional<std::chrono::seconds> maxLength = {};
  std::optional<bool> playBeep = {};
  std::optional<std::string> recordingStatusCallback = {};
};

/// Goes on with another document; nothing behind it is reached.
struct Redirect {
  std::string url = {};
  std::optional<HttpMethod> method = {};
};

/// Refuses the call without answering it.
struct Reject {
  std::optional<std::string> reason = {};  ///< `rejected` or `busy`.
};

/// Ends the call.
struct Hangup {};

using Verb = std::variant<Say, Play, Pause, Gather, Record, Redirect, Reject, Hangup>;

/// One document: `<Response>` with its verbs, done from top to bottom. A value.
class Twiml {
 public:
  /// A document that does nothing, which ends the call.
  Twiml() = default;

  /// The verbs in order.
  template <class... Verbs>
  requires(sizeof...(Verbs) > 0 && (std::convertible_to<Verbs, Verb> && ...))
      Twiml(Verbs&&... verbs) {  // NOLINT(google-explicit-constructor): `return Twiml{...}` reads
                                 // as the XML
    verbs_.reserve(sizeof...(verbs));
    (verbs_.emplace_back(std::forward<Verbs>(verbs)), ...);
  }

  /// A document given as text, sent byte for byte. Throws `Error{usage}` unless it is well-formed
  /// XML whose root is `Response`: a caller should not be the one to find that out.
  [[nodiscard]] static Twiml raw(std::string text);

  /// The document as XML: UTF-8, with declaration, compact. Characters that XML cannot hold are
  /// written as U+FFFD.
  [[nodiscard]] std::string xml() const;

 private:
  std::vector<Verb> verbs_;
  std::optional<std::string> raw_;
};

}  // namespace ivr
