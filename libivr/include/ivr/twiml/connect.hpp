#pragma once
// Connects the call to a machine: a media stream, an assistant, a video room. Goes on when it ends.
//
// Written by twiml/schema/generate. Protocol: https://www.twilio.com/docs/voice/twiml

#include "ivr/http/method.hpp"
#include "ivr/twiml/choice.hpp"
#include "ivr/twiml/nouns.hpp"
#include "ivr/twiml/shared.hpp"
#include "ivr/twiml/xml_element.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::twiml {

enum class ConversationEvent {
  callInitiated,
  callRinging,
  callAnswered,
  callCompleted,
};
[[nodiscard]] std::string_view textOf(ConversationEvent word) noexcept;

enum class ConversationRecord {
  doNotRecord,
  recordFromAnswer,
  recordFromRinging,
  recordFromAnswerDual,
  recordFromRingingDual,
  true_,
  false_,
};
[[nodiscard]] std::string_view textOf(ConversationRecord word) noexcept;

/// The sound of the call over a WebSocket; in Connect, both ways.
struct Stream {
  std::optional<std::string> connectorName = {};
  std::optional<std::string> name = {};            ///< Unique in the call; Stop names it.
  std::optional<std::string> statusCallback = {};  ///< Must be absolute.
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  /// `inboundTrack` by default, and the only one in Connect.
  std::optional<Choice<StreamTrack>> track = {};
  std::optional<std::string> url = {};  ///< `wss://`, without a query.
  Nouns<Parameter> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Stream&) const = default;
};

/// A session of an AI connector. Not documented by the provider.
struct AiSession {
  std::optional<std::string> aiConnector = {};
  std::optional<std::string> aiSessionConfiguration = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const AiSession&) const = default;
};

/// An assistant of the provider's. Not documented by the provider.
struct Assistant {
  std::optional<std::string> debug = {};
  std::optional<bool> dtmfDetection = {};
  std::optional<std::string> elevenlabsTextNormalization = {};
  std::optional<std::string> hints = {};
  std::optional<std::string> id = {};
  std::optional<std::string> intelligenceService = {};
  std::optional<std::string> interruptSensitivity = {};
  std::optional<std::string> interruptible = {};
  std::optional<std::string> language = {};
  std::optional<bool> partialPrompts = {};
  std::optional<bool> preemptible = {};
  std::optional<bool> profanityFilter = {};
  std::optional<bool> reportInputDuringAgentSpeech = {};
  std::optional<std::string> speechModel = {};
  std::optional<std::string> transcriptionLanguage = {};
  std::optional<std::string> transcriptionProvider = {};
  std::optional<std::string> ttsLanguage = {};
  std::optional<std::string> ttsProvider = {};
  std::optional<std::string> voice = {};
  std::optional<std::string> welcomeGreeting = {};
  std::optional<std::string> welcomeGreetingInterruptible = {};
  Nouns<Language, Parameter> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Assistant&) const = default;
};

/// An Autopilot assistant; the service has been shut down.
struct Autopilot {
  std::string name = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Autopilot&) const = default;
};

/// A conversation of several channels. Not documented by the provider.
struct Conversation {
  std::optional<bool> inboundAutocreation = {};
  std::optional<int> inboundTimeout = {};
  std::optional<Choice<HttpMethod>> method = {};
  std::optional<Choice<ConversationRecord>> record = {};
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<Choice<RecordingEvent>> recordingStatusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> recordingStatusCallbackMethod = {};
  std::optional<int> routingAssignmentTimeout = {};
  std::optional<std::string> serviceInstanceSid = {};
  std::optional<std::string> statusCallback = {};
  std::vector<Choice<ConversationEvent>> statusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  std::optional<Choice<Trim>> trim = {};
  std::optional<std::string> url = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Conversation&) const = default;
};

/// Words over a WebSocket: the provider hears and speaks, the application reads and writes.
struct ConversationRelay {
  std::optional<std::string> backgroundnoisereduction = {};
  std::optional<std::string> debug = {};  ///< Some of `debugging speaker-events tokens-played`.
  std::optional<std::string> deepgramsmartformat = {};
  std::optional<bool> dtmfDetection = {};  ///< Off by default.
  /// `on`, `auto` or `off`, the default.
  std::optional<std::string> elevenlabsTextNormalization = {};
  std::optional<std::string> events = {};
  std::optional<std::string> hints = {};  ///< Words to expect, separated by commas.
  std::optional<std::string> ignorebackchannel = {};
  std::optional<std::string> intelligenceService = {};
  /// `low`, `medium` or `high`, the default.
  std::optional<std::string> interruptSensitivity = {};
  /// What interrupts it: `none`, `dtmf`, `speech` or `any`, the default.
  std::optional<std::string> interruptible = {};
  std::optional<std::string> language = {};  ///< `en-US` by default.
  std::optional<bool> partialPrompts = {};
  std::optional<bool> preemptible = {};
  std::optional<bool> profanityFilter = {};
  std::optional<bool> reportInputDuringAgentSpeech = {};
  std::optional<std::string> speechModel = {};
  std::optional<std::string> speechtimeout = {};
  std::optional<std::string> transcriptionLanguage = {};
  /// Such as `Deepgram`, the default, or `Google`.
  std::optional<std::string> transcriptionProvider = {};
  std::optional<std::string> ttsLanguage = {};
  std::optional<std::string> ttsProvider = {};  ///< Such as `ElevenLabs`, the default.
  std::optional<std::string> url = {};          ///< `wss://`; required.
  std::optional<std::string> voice = {};
  std::optional<std::string> welcomeGreeting = {};  ///< The first thing the assistant says.
  std::optional<std::string> welcomeGreetingInterruptible = {};  ///< As `interruptible`.
  Nouns<Language, Parameter> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const ConversationRelay&) const = default;
};

/// A session that was set up elsewhere. Not documented by the provider.
struct ConversationRelaySession {
  std::optional<std::string> connector = {};
  std::optional<std::string> sessionConfiguration = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const ConversationRelaySession&) const = default;
};

/// A video room.
struct Room {
  std::string name = {};
  std::optional<std::string> participantIdentity = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Room&) const = default;
};

/// A Dialogflow agent.
struct VirtualAgent {
  std::optional<std::string> connectorName = {};
  std::optional<std::string> language = {};
  std::optional<bool> sentimentAnalysis = {};
  std::optional<std::string> statusCallback = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  Nouns<TwimlConfig, Parameter> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const VirtualAgent&) const = default;
};

/// Connects the call to a machine, until that ends.
struct Connect {
  std::optional<std::string> action = {};  ///< Is asked when it ends; the next verb by default.
  std::optional<Choice<HttpMethod>> method = {};
  Nouns<AiSession, Assistant, Autopilot, Conversation, ConversationRelay, ConversationRelaySession,
        Room, Stream, VirtualAgent>
      nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Connect&) const = default;
};

}  // namespace ivr::twiml
