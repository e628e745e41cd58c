#pragma once
// Connects the call to other people, and hands it over.
//
// Written by twiml/schema/generate. Protocol: https://www.twilio.com/docs/voice/twiml

#include "ivr/http/method.hpp"
#include "ivr/twiml/attributes_by_name.hpp"
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

enum class DialEvent {
  callProgressEvent,
};
[[nodiscard]] std::string_view textOf(DialEvent word) noexcept;

/// `true` is as `recordFromAnswer`, `false` as `doNotRecord`.
enum class DialRecord {
  doNotRecord,
  recordFromAnswer,
  recordFromRinging,
  recordFromAnswerDual,
  recordFromRingingDual,
  true_,
  false_,
};
[[nodiscard]] std::string_view textOf(DialRecord word) noexcept;

/// The country whose ringing the caller hears (ISO 3166, in lower case).
enum class RingTone {
  at,
  au,
  bg,
  br,
  be,
  ch,
  cl,
  cn,
  cz,
  de,
  dk,
  ee,
  es,
  fi,
  fr,
  gr,
  hu,
  il,
  in,
  it,
  lt,
  jp,
  mx,
  my,
  nl,
  no,
  nz,
  ph,
  pl,
  pt,
  ru,
  se,
  sg,
  th,
  uk,
  us,
  usOld,
  tw,
  ve,
  za,
};
[[nodiscard]] std::string_view textOf(RingTone word) noexcept;

enum class ConferenceBeep {
  true_,
  false_,
  onEnter,
  onExit,
};
[[nodiscard]] std::string_view textOf(ConferenceBeep word) noexcept;

enum class ConferenceEvent {
  start,
  end,
  join,
  leave,
  mute,
  hold,
  modify,
  speaker,
  announcement,
};
[[nodiscard]] std::string_view textOf(ConferenceEvent word) noexcept;

enum class ConferenceRecord {
  doNotRecord,
  recordFromStart,
};
[[nodiscard]] std::string_view textOf(ConferenceRecord word) noexcept;

enum class ConferenceRegion {
  us1,
  us2,
  ie1,
  sg1,
  br1,
  au1,
  jp1,
  de1,
};
[[nodiscard]] std::string_view textOf(ConferenceRegion word) noexcept;

enum class JitterBufferSize {
  large,
  medium,
  small,
  off,
};
[[nodiscard]] std::string_view textOf(JitterBufferSize word) noexcept;

/// Which application: `AP` and 32 digits.
struct ApplicationSid {
  std::string sid = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const ApplicationSid&) const = default;
};

/// Another TwiML application.
struct Application {
  std::string sid = {};
  std::optional<bool> copyParentTo = {};
  std::optional<std::string> customerId = {};
  std::optional<Choice<HttpMethod>> method = {};
  std::optional<std::string> statusCallback = {};
  std::vector<Choice<CallEvent>> statusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  std::optional<std::string> url = {};
  Nouns<ApplicationSid, Parameter> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Application&) const = default;
};

/// Which client.
struct Identity {
  std::string identity = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Identity&) const = default;
};

/// A browser or a mobile app.
struct Client {
  std::string identity = {};
  [[no_unique_address]] AttributesByName attributes = {};
  /// Sends the push notification in the provider's place.
  std::optional<std::string> clientNotificationUrl = {};
  std::optional<Choice<HttpMethod>> method = {};
  std::optional<std::string> statusCallback = {};
  std::vector<Choice<CallEvent>> statusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  std::optional<std::string> url = {};  ///< What the callee hears before both are connected.
  Nouns<Identity, Parameter> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Client&) const = default;
};

/// A room for several people, made by the first who enters.
struct Conference {
  std::string name = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<Choice<ConferenceBeep>> beep = {};  ///< `true_` by default.
  /// The call SID of the one participant who hears this one.
  std::optional<std::string> coach = {};
  std::optional<bool> endConferenceOnExit = {};  ///< Ends it for all when this participant leaves.
  std::optional<std::string> eventCallbackUrl = {};  ///< Deprecated: use `statusCallback`.
  std::optional<Choice<JitterBufferSize>> jitterBufferSize = {};  ///< `large` by default.
  std::optional<int> maxParticipants = {};                        ///< 250 by default.
  std::optional<bool> muted = {};
  /// A name for this participant: 128 characters at most, unique.
  std::optional<std::string> participantLabel = {};
  std::optional<Choice<ConferenceRecord>> record = {};
  std::optional<std::string> recordingConfigurationId = {};
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<Choice<RecordingEvent>> recordingStatusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> recordingStatusCallbackMethod = {};
  std::optional<Choice<ConferenceRegion>> region = {};
  /// True by default; until somebody enters with it, all wait.
  std::optional<bool> startConferenceOnEnter = {};
  std::optional<std::string> statusCallback = {};  ///< The first participant's counts.
  /// The first participant's count.
  std::vector<Choice<ConferenceEvent>> statusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  std::optional<Choice<Trim>> trim = {};  ///< `trimSilence` by default.
  std::optional<Choice<HttpMethod>> waitMethod = {};
  /// What those who wait hear: the provider's music by default, silence if empty.
  std::optional<std::string> waitUrl = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Conference&) const = default;
};

/// A telephone number, in E.164: `+14155550100`.
struct Number {
  std::string phoneNumber = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<std::string> amdStatusCallback = {};
  std::optional<Choice<HttpMethod>> amdStatusCallbackMethod = {};
  std::optional<std::string> byoc = {};              ///< The trunk of one's own carrier.
  std::optional<std::string> machineDetection = {};  ///< `Enable`, or `DetectMessageEnd`.
  /// 5 s by default.
  std::optional<std::chrono::milliseconds> machineDetectionSilenceTimeout = {};
  /// 1.2 s by default.
  std::optional<std::chrono::milliseconds> machineDetectionSpeechEndThreshold = {};
  /// 2.4 s by default.
  std::optional<std::chrono::milliseconds> machineDetectionSpeechThreshold = {};
  std::optional<std::chrono::seconds> machineDetectionTimeout = {};  ///< 30 s by default.
  std::optional<Choice<HttpMethod>> method = {};
  /// Keys to press when the call is answered: `0-9`, `A-D`, `#`, `*`, `w` and `W`.
  std::optional<std::string> sendDigits = {};
  std::optional<std::string> statusCallback = {};
  std::vector<Choice<CallEvent>> statusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  /// What the callee hears before both are connected: Say, Play, Gather and Hangup.
  std::optional<std::string> url = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Number&) const = default;
};

/// The caller who has waited longest in a queue.
struct Queue {
  std::string name = {};
  std::optional<Choice<HttpMethod>> method = {};
  /// TaskRouter: what the worker does after the call.
  std::optional<std::string> postWorkActivitySid = {};
  std::optional<std::string> reservationSid = {};  ///< TaskRouter: the reservation to accept.
  /// What the queued caller hears before both are connected: Play, Say, Pause and Redirect.
  std::optional<std::string> url = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Queue&) const = default;
};

/// A SIM card of the account.
struct Sim {
  std::string sid = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Sim&) const = default;
};

/// A header of a SIP call: TwiML's `<Header>`.
struct SipHeader {
  std::optional<std::string> name = {};
  std::optional<std::string> value = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const SipHeader&) const = default;
};

/// The headers of a SIP call: TwiML's `<Headers>`.
struct SipHeaders {
  Nouns<SipHeader> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const SipHeaders&) const = default;
};

/// One of several addresses of a SIP call.
struct SipUri {
  std::string uri = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<std::string> password = {};
  std::optional<std::string> priority = {};
  std::optional<std::string> username = {};
  std::optional<std::string> weight = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const SipUri&) const = default;
};

/// A SIP address: `sip:ann@example.com`.
struct Sip {
  std::string uri = {};
  [[no_unique_address]] AttributesByName attributes = {};
  std::optional<std::string> amdStatusCallback = {};
  std::optional<Choice<HttpMethod>> amdStatusCallbackMethod = {};
  std::optional<std::string> machineDetection = {};  ///< `Enable`, or `DetectMessageEnd`.
  /// 5 s by default.
  std::optional<std::chrono::milliseconds> machineDetectionSilenceTimeout = {};
  /// 1.2 s by default.
  std::optional<std::chrono::milliseconds> machineDetectionSpeechEndThreshold = {};
  /// 2.4 s by default.
  std::optional<std::chrono::milliseconds> machineDetectionSpeechThreshold = {};
  std::optional<std::chrono::seconds> machineDetectionTimeout = {};  ///< 30 s by default.
  std::optional<Choice<HttpMethod>> method = {};
  std::optional<std::string> password = {};
  std::optional<std::string> statusCallback = {};
  std::vector<Choice<CallEvent>> statusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  std::optional<std::string> url = {};  ///< What the callee hears before both are connected.
  std::optional<std::string> username = {};
  Nouns<SipHeaders, SipUri> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Sip&) const = default;
};

/// A WhatsApp number, in E.164.
struct WhatsApp {
  std::string phoneNumber = {};
  std::optional<Choice<HttpMethod>> method = {};
  std::optional<std::string> statusCallback = {};
  std::vector<Choice<CallEvent>> statusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  std::optional<std::string> url = {};  ///< What the callee hears before both are connected.
  XmlAttributes otherAttributes = {};

  bool operator==(const WhatsApp&) const = default;
};

/// Connects the caller to others: one number as text, or nouns, of which ten ring at once and the
/// first to answer wins. Never a Conference beside others.
struct Dial {
  std::string phoneNumber = {};
  [[no_unique_address]] AttributesByName attributes = {};
  /// If given, its answer goes on with the call, and later verbs are never reached.
  std::optional<std::string> action = {};
  /// Lets the caller hear ringing until the callee answers.
  std::optional<bool> answerOnBridge = {};
  std::optional<std::string> callReason = {};    ///< Why one calls, for the display of the callee.
  std::optional<std::string> callerId = {};      ///< The caller's own number by default.
  std::optional<Choice<DialEvent>> events = {};  ///< Not documented by the provider.
  std::optional<bool> hangupOnStar = {};  ///< Lets the caller end the callee's call with `*`.
  std::optional<Choice<HttpMethod>> method = {};
  /// Proofs of who calls (SHAKEN, div): in Base64, separated by commas.
  std::optional<std::string> passports = {};
  std::optional<Choice<DialRecord>> record = {};  ///< `doNotRecord` by default.
  std::optional<std::string> recordingConfigurationId = {};
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<Choice<RecordingEvent>> recordingStatusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> recordingStatusCallbackMethod = {};
  std::optional<Choice<RecordingTrack>> recordingTrack = {};  ///< `both` by default.
  std::optional<Choice<HttpMethod>> referMethod = {};
  /// Is asked when the callee refers the caller elsewhere (SIP).
  std::optional<std::string> referUrl = {};
  std::optional<Choice<RingTone>> ringTone = {};       ///< The carrier's by default.
  std::optional<bool> sequential = {};                 ///< Rings one noun after the other.
  std::optional<std::chrono::seconds> timeLimit = {};  ///< How long they may talk; 4 h by default.
  std::optional<std::chrono::seconds> timeout = {};    ///< How long it rings; 30 s by default.
  std::optional<Choice<Trim>> trim = {};               ///< `doNotTrim` by default.
  Nouns<Application, Client, Conference, Number, Queue, Sim, Sip, WhatsApp> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Dial&) const = default;
};

/// Where a SIP call is handed over to.
struct ReferSip {
  std::string uri = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const ReferSip&) const = default;
};

/// Hands a SIP call over to another address.
struct Refer {
  std::optional<std::string> action = {};  ///< Is asked when it is done; the next verb by default.
  std::optional<Choice<HttpMethod>> method = {};
  Nouns<ReferSip> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Refer&) const = default;
};

}  // namespace ivr::twiml
