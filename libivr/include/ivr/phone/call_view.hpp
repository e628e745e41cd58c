#pragma once
// What can be seen of the calls of a provider from outside.
//
// Threads: values.

#include "ivr/phone/timeline.hpp"
#include "ivr/rest/calls.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ivr::phone {

/// What a party at the end of a call experiences at one moment.
enum class Activity {
  ringing,
  fetching,   ///< The provider waits for the application.
  listening,  ///< Something is said or played.
  asked,      ///< A Gather whose prompts are over.
  recording,
  dialling,  ///< The caller hears ringing at the other end.
  talking,   ///< Another party hears this one.
  acting,    ///< This party is still pressing keys, or speaking.
  queued,
  inConference,
  ended,
};
[[nodiscard]] std::string_view textOf(Activity activity) noexcept;

/// What a Gather asks for.
struct Question {
  std::string url = {};       ///< Where its document came from.
  std::string document = {};  ///< The document, as it was received.
  bool takesDigits = true;
  bool takesSpeech = false;
  std::optional<int> numDigits = {};
  std::string finishOnKey = "#";
  std::vector<std::string> hints = {};
  std::chrono::seconds timeout{5};
};

/// A call, which the provider calls a leg if another one dialled it. A value.
struct CallView {
  std::string sid = {};
  std::string parentSid = {};  ///< The call that dialled this one; empty if none did.
  std::string from = {};
  std::string to = {};
  std::string direction = {};  ///< `inbound`, `outbound-api`, `outbound-dial`.
  rest::CallStatus status = rest::CallStatus::unknown;
  Activity activity = Activity::ringing;

  /// How often it has become this party's turn: a Gather's prompts were over, a recording began,
  /// another telephone began to ring, two parties were connected, a queue or a conference was
  /// entered, the call ended.
  std::size_t turn = 0;

  std::optional<Question> question = {};  ///< Also while its prompts are heard.
  std::string conference = {};            ///< The name of the conference or the queue it is in.
  std::string queue = {};
  bool isMuted = false;
  bool isOnHold = false;
  std::vector<std::string> hearers = {};  ///< The SIDs of the calls that hear what is said here.
  Moment began{};
  std::optional<Moment> answered = {};
  std::optional<Moment> ended = {};

  [[nodiscard]] bool isOver() const noexcept { return activity == Activity::ended; }
};

/// A message that went out. A value.
struct SentMessage {
  std::string sid = {};
  std::string from = {};
  std::string to = {};
  std::string body = {};
  std::vector<std::string> mediaUrls = {};
  Moment at{};
};

}  // namespace ivr::phone
