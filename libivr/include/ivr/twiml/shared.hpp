#pragma once
// What several elements of TwiML share: words of attributes, and the nouns that carry a name and a
// value.
//
// Written by twiml/schema/generate. Protocol: https://www.twilio.com/docs/voice/twiml

#include "ivr/twiml/xml_element.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ivr::twiml {

/// What a dialled call does. Where events are chosen, `completed` alone if none is.
enum class CallEvent {
  initiated,
  ringing,
  answered,
  completed,
};
[[nodiscard]] std::string_view textOf(CallEvent word) noexcept;

/// What becomes of a recording. Where events are chosen, `completed` alone if none is.
enum class RecordingEvent {
  inProgress,
  completed,
  absent,
};
[[nodiscard]] std::string_view textOf(RecordingEvent word) noexcept;

/// Whose voice is recorded.
enum class RecordingTrack {
  both,
  inbound,
  outbound,
};
[[nodiscard]] std::string_view textOf(RecordingTrack word) noexcept;

/// Whether silence at the ends of a recording is cut off.
enum class Trim {
  trimSilence,
  doNotTrim,
};
[[nodiscard]] std::string_view textOf(Trim word) noexcept;

/// Whose voice is streamed: what the provider hears is inbound.
enum class StreamTrack {
  inboundTrack,
  outboundTrack,
  bothTracks,
};
[[nodiscard]] std::string_view textOf(StreamTrack word) noexcept;

enum class CardType {
  visa,
  mastercard,
  amex,
  maestro,
  discover,
  optima,
  jcb,
  dinersClub,
  enroute,
};
[[nodiscard]] std::string_view textOf(CardType word) noexcept;

/// A value that is passed on under a name.
struct Parameter {
  std::optional<std::string> name = {};
  std::optional<std::string> value = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Parameter&) const = default;
};

/// A setting of the engine behind the noun that holds it: TwiML's `<Config>`.
struct TwimlConfig {
  std::optional<std::string> name = {};
  std::optional<std::string> value = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const TwimlConfig&) const = default;
};

/// How one language is heard and spoken.
struct Language {
  std::optional<std::string> code = {};  ///< Such as `en-US`.
  std::optional<std::string> speechModel = {};
  std::optional<std::string> transcriptionProvider = {};
  std::optional<std::string> ttsProvider = {};
  std::optional<std::string> voice = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Language&) const = default;
};

}  // namespace ivr::twiml
