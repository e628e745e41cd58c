#pragma once
// What runs beside the call while the next verbs are done: streams, recordings, transcriptions.
//
// Written by twiml/schema/generate. Protocol: https://www.twilio.com/docs/voice/twiml

#include "ivr/http/method.hpp"
#include "ivr/twiml/choice.hpp"
#include "ivr/twiml/connect.hpp"
#include "ivr/twiml/nouns.hpp"
#include "ivr/twiml/shared.hpp"
#include "ivr/twiml/xml_element.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::twiml {

enum class RecordingChannels {
  mono,
  dual,
};
[[nodiscard]] std::string_view textOf(RecordingChannels word) noexcept;

/// Records the call beside everything else.
struct Recording {
  std::optional<Choice<RecordingChannels>> channels = {};  ///< `dual` by default.
  std::optional<std::string> name = {};                    ///< Unique in the call; Stop names it.
  std::optional<std::string> recordingConfigurationId = {};
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<Choice<RecordingEvent>> recordingStatusCallbackEvent = {};
  std::optional<Choice<HttpMethod>> recordingStatusCallbackMethod = {};
  std::optional<Choice<RecordingTrack>> track = {};  ///< `both` by default.
  std::optional<Choice<Trim>> trim = {};             ///< `trimSilence` by default.
  XmlAttributes otherAttributes = {};

  bool operator==(const Recording&) const = default;
};

/// The sound of the call to a recording server.
struct Siprec {
  std::optional<std::string> connectorName = {};
  std::optional<std::string> name = {};  ///< Unique in the call; Stop names it.
  std::optional<std::string> statusCallback = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  std::optional<Choice<StreamTrack>> track = {};
  Nouns<Parameter> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Siprec&) const = default;
};

/// The words of the call, as they are spoken.
struct Transcription {
  std::optional<bool> enableAutomaticPunctuation = {};
  std::optional<std::string> hints = {};  ///< Words to expect, separated by commas.
  std::optional<std::string> inboundTrackLabel = {};
  std::optional<std::string> intelligenceService = {};
  std::optional<std::string> languageCode = {};
  std::optional<std::string> name = {};  ///< Unique in the call; Stop names it.
  std::optional<std::string> outboundTrackLabel = {};
  std::optional<bool> partialResults = {};
  std::optional<bool> profanityFilter = {};
  std::optional<std::string> speechModel = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  std::optional<std::string> statusCallbackUrl = {};
  std::optional<Choice<StreamTrack>> track = {};
  std::optional<std::string> transcriptionEngine = {};
  Nouns<TwimlConfig, Parameter> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Transcription&) const = default;
};

/// Starts something beside the call, and goes on at once.
struct Start {
  std::optional<std::string> action = {};
  std::optional<Choice<HttpMethod>> method = {};
  Nouns<Recording, Siprec, Stream, Transcription> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Start&) const = default;
};

/// Stops what Start has started, by its name.
struct Stop {
  Nouns<Recording, Siprec, Stream, Transcription> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Stop&) const = default;
};

}  // namespace ivr::twiml
