#pragma once
// Connects the call to a machine: a media stream, an assistant, a video room. Goes on when it ends.
//
// Written by twiml/schema/generate. Protocol: https://www.twilio.com/docs/voice/twiml

#include "ivr/http/method.hpp"
#include "ivr/twiml/attributes_by_name.hpp"
#include "ivr/twiml/automatic.hpp"
#include "ivr/twiml/choice.hpp"
#include "ivr/twiml/nouns.hpp"
#include "ivr/twiml/shared.hpp"
#include "ivr/twiml/xml_element.hpp"

#include <chrono>
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

/// What a caller may interrupt an assistant with. `true_` is as `any`, `false_` as `none`.
enum class Interruption {
  none,
  dtmf,
  speech,
  any,
  true_,
  false_,
};
[[nodiscard]] std::string_view textOf(Interruption word) noexcept;

/// What is reported of a caller while the assistant speaks.
enum class ReportedInput {
  none,
  dtmf,
  speech,
  any,
};
[[nodiscard]] std::string_view textOf(ReportedInput word) noexcept;

enum class InterruptSensitivity {
  low,
  medium,
  high,
};
[[nodiscard]] std::string_view textOf(InterruptSensitivity word) noexcept;

enum class TextNormalization {
  on,
  auto_,
  off,
};
[[nodiscard]] std::string_view textOf(TextNormalization word) noexcept;

/// The sound of the call over a WebSocket; in Connect, both ways.
struct Stream {
  std::optional<std::string> audioFormat = {};  ///< Another format than mu-law.
  std::optional<std::string> connectorName = {};
  std::optional<std::string> name = {};            ///< Unique in the call; Stop names it.
  std::optional<std::string> sampleRate = {};      ///< Another rate than 8 kHz.
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
  std::optional<Choice<TextNormalization>> elevenlabsTextNormalization = {};
  std::optional<std::string> hints = {};
  std::optional<std::string> id = {};
  std::optional<std::string> intelligenceService = {};
  std::optional<Choice<InterruptSensitivity>> interruptSensitivity = {};
  std::optional<Choice<Interruption>> interruptible = {};
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
  std::optional<Choice<Interruption>> welcomeGreetingInterruptible = {};
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
  std::optional<std::chrono::seconds> inboundTimeout = {};
  std::optional<Choice<HttpMethod>> method = {};
  std::optional<Choice<ConversationRecord>> record = {};
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<Choice<RecordingEvent>> recordingStatusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> recordingStatusCallbackMethod = {};
  std::optional<std::chrono::seconds> routingAssignmentTimeout = {};
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
  /// Keeps the call when the WebSocket is lost, and connects again.
  std::optional<bool> applicationReconnect = {};
  /// Takes noise out before words are recognised.
  std::optional<std::string> backgroundNoiseReduction = {};
  /// Which settings of Conversations to use.
  std::optional<std::string> conversationConfiguration = {};
  std::optional<std::string> debug = {};  ///< Some of `debugging speaker-events tokens-played`.
  std::optional<bool> deepgramSmartFormat = {};  ///< Lets Deepgram write numbers and punctuation.
  std::optional<bool> dtmfDetection = {};        ///< Off by default.
  /// Keeps the assistant from hearing itself.
  std::optional<std::string> echoPromptFiltering = {};
  std::optional<Choice<TextNormalization>> elevenlabsTextNormalization = {};  ///< `off` by default.
  /// How sure to be that the caller has finished: 0.5 to 0.9, and 0.8 by default. For Deepgram's
  /// `flux` alone.
  std::optional<std::string> eotThreshold = {};
  std::optional<std::string> events = {};  ///< Some of `speaker-events tokens-played`.
  std::optional<std::string> hints = {};   ///< Words to expect, separated by commas.
  /// Lets no "yes" and "uh-huh" interrupt. Off by default.
  std::optional<bool> ignoreBackchannel = {};
  std::optional<std::string> intelligenceService = {};
  std::optional<Choice<InterruptSensitivity>> interruptSensitivity = {};  ///< `high` by default.
  /// What interrupts it: `any` by default.
  std::optional<Choice<Interruption>> interruptible = {};
  std::optional<std::string> language = {};  ///< `en-US` by default.
  std::optional<bool> partialPrompts = {};
  std::optional<bool> preemptible = {};
  std::optional<bool> profanityFilter = {};
  std::optional<Choice<ReportedInput>> reportInputDuringAgentSpeech = {};  ///< `none` by default.
  std::optional<std::string> speechModel = {};
  /// The silence that ends speech: 600 to 5000 ms; `auto` by default.
  std::optional<MillisecondsOrAuto> speechTimeout = {};
  std::optional<std::string> transcriptionLanguage = {};
  /// Such as `Deepgram`, the default, or `Google`.
  std::optional<std::string> transcriptionProvider = {};
  std::optional<std::string> ttsLanguage = {};
  std::optional<std::string> ttsProvider = {};    ///< Such as `ElevenLabs`, the default.
  std::optional<std::string> turnDetection = {};  ///< Who decides that the caller has finished.
  std::optional<std::string> url = {};            ///< `wss://`; required.
  std::optional<std::string> voice = {};
  std::optional<std::string> welcomeGreeting = {};  ///< The first thing the assistant says.
  std::optional<Choice<Interruption>> welcomeGreetingInterruptible = {};  ///< As `interruptible`.
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
  [[no_unique_address]] AttributesByName attributes = {};
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
