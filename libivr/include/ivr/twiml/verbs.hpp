#pragma once
// The other verbs, and `Verb`: any of them.
//
// Written by twiml/schema/generate. Protocol: https://www.twilio.com/docs/voice/twiml

#include "ivr/http/method.hpp"
#include "ivr/twiml/attributes_by_name.hpp"
#include "ivr/twiml/choice.hpp"
#include "ivr/twiml/connect.hpp"
#include "ivr/twiml/dial.hpp"
#include "ivr/twiml/gather.hpp"
#include "ivr/twiml/nouns.hpp"
#include "ivr/twiml/pay.hpp"
#include "ivr/twiml/shared.hpp"
#include "ivr/twiml/start.hpp"
#include "ivr/twiml/xml_element.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ivr::twiml {

enum class RejectReason {
  rejected,
  busy,
};
[[nodiscard]] std::string_view textOf(RejectReason word) noexcept;

/// Lets the caller hear what they say. Not documented by the provider.
struct Echo {
  XmlAttributes otherAttributes = {};

  bool operator==(const Echo&) const = default;
};

/// TaskRouter: the attributes of the task, as JSON.
struct Task {
  std::string attributes = {};
  std::optional<int> priority = {};
  std::optional<std::chrono::seconds> timeout = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Task&) const = default;
};

/// Lets the caller wait in a queue, which is made if it is not there.
struct Enqueue {
  std::string name = {};
  [[no_unique_address]] AttributesByName attributes = {};
  /// Is asked when the caller leaves the queue; the next verb by default.
  std::optional<std::string> action = {};
  std::optional<int> maxQueueSize = {};  ///< Not documented by the provider.
  std::optional<Choice<HttpMethod>> method = {};
  /// What the caller hears meanwhile: the provider's music by default, silence if empty.
  std::optional<std::string> waitUrl = {};
  std::optional<Choice<HttpMethod>> waitUrlMethod = {};
  std::optional<std::string> workflowSid = {};  ///< TaskRouter: the workflow, in place of a name.
  Nouns<Task> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Enqueue&) const = default;
};

/// Ends the call.
struct Hangup {
  Nouns<Parameter> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Hangup&) const = default;
};

/// Leaves the queue, in a document that is heard there.
struct Leave {
  XmlAttributes otherAttributes = {};

  bool operator==(const Leave&) const = default;
};

/// Records the caller, and asks `action` what is next. Later verbs are never reached.
struct Record {
  /// The address of this document by default, which may record again.
  std::optional<std::string> action = {};
  std::optional<std::string> finishOnKey = {};         ///< The keys that end it: any by default.
  std::optional<std::chrono::seconds> maxLength = {};  ///< 1 h by default.
  std::optional<Choice<HttpMethod>> method = {};
  std::optional<bool> playBeep = {};  ///< True by default.
  std::optional<std::string> recordingConfigurationId = {};
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<Choice<RecordingEvent>> recordingStatusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> recordingStatusCallbackMethod = {};
  /// The silence that ends it, 5 s by default; 0 to ignore silence.
  std::optional<std::chrono::seconds> timeout = {};
  std::optional<bool> transcribe = {};
  std::optional<std::string> transcribeCallback = {};  ///< Is told the words; needs `transcribe`.
  std::optional<Choice<Trim>> trim = {};               ///< `trimSilence` by default.
  XmlAttributes otherAttributes = {};

  bool operator==(const Record&) const = default;
};

/// Goes on with another document; nothing behind it is reached.
struct Redirect {
  std::string url = {};
  std::optional<Choice<HttpMethod>> method = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Redirect&) const = default;
};

/// Refuses the call without answering it.
struct Reject {
  std::optional<Choice<RejectReason>> reason = {};  ///< `rejected` by default.
  Nouns<Parameter> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Reject&) const = default;
};

/// Sends a text message. Legacy: create messages over REST.
struct Sms {
  std::string body = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<std::string> action = {};
  std::optional<std::string> from = {};
  std::optional<Choice<HttpMethod>> method = {};
  std::optional<std::string> statusCallback = {};
  std::optional<std::string> to = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Sms&) const = default;
};

/// One step of a document.
using Verb =
    std::variant<Connect, Dial, Echo, Enqueue, Gather, Hangup, Leave, Pause, Pay, Play, Prompt,
                 Queue, Record, Redirect, Refer, Reject, Say, Sms, Start, Stop, XmlElement>;

}  // namespace ivr::twiml
