#pragma once
// Participants of conferences in the REST API: requests and replies.
//
// Protocol: https://www.twilio.com/docs/voice/api/conference-participant-resource
//
// Written by rest/schema/generate.

#include "ivr/http/form.hpp"
#include "ivr/rest/shared.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::rest {

enum class ParticipantStatus {
  unknown,  ///< Absent, or a word newer than this library.
  queued,
  connecting,
  ringing,
  connected,
  complete,
  failed,
};
[[nodiscard]] std::string_view textOf(ParticipantStatus word) noexcept;

/// A call that brings somebody into a conference. A value. Fields that `CreateCall` also has mean
/// the same.
struct CreateParticipant {
  std::string from = {};
  std::string to = {};

  std::optional<std::string> label = {};  ///< A name that can replace its call's SID.
  std::optional<std::chrono::seconds> timeout = {};
  std::optional<std::chrono::seconds> timeLimit = {};
  std::optional<std::string> statusCallback = {};
  std::vector<std::string> statusCallbackEvent = {};
  std::optional<HttpMethod> statusCallbackMethod = {};

  std::optional<bool> muted = {};
  std::optional<std::string> beep = {};  ///< `true`, `false`, `onEnter` or `onExit`.
  std::optional<bool> startConferenceOnEnter = {};
  std::optional<bool> endConferenceOnExit = {};
  std::optional<std::string> waitUrl = {};  ///< Empty for silence.
  std::optional<HttpMethod> waitMethod = {};
  std::optional<bool> earlyMedia = {};  ///< The conference hears ringing and the like.
  std::optional<int> maxParticipants = {};
  std::optional<bool> coaching = {};  ///< Only `callSidToCoach` hears this participant.
  std::optional<std::string> callSidToCoach = {};
  std::optional<std::string> jitterBufferSize = {};  ///< `small`, `medium`, `large` or `off`.
  std::optional<std::string> region = {};            ///< Where the conference is mixed.

  std::optional<bool> record = {};  ///< Records this participant's call.
  std::optional<std::string> recordingChannels = {};
  std::optional<std::string> recordingTrack = {};
  std::optional<std::string> trim = {};
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<std::string> recordingStatusCallbackEvent = {};
  std::optional<HttpMethod> recordingStatusCallbackMethod = {};
  std::optional<std::string> recordingConfigurationId = {};  ///< How it is made and processed.

  std::optional<std::string> conferenceRecord = {};  ///< `true`, `false`, `record-from-start`, ...
  std::optional<std::string> conferenceTrim = {};
  std::optional<std::string> conferenceStatusCallback = {};
  std::vector<std::string> conferenceStatusCallbackEvent = {};  ///< `start`, `end`, `join`, ...
  std::optional<HttpMethod> conferenceStatusCallbackMethod = {};
  std::optional<std::string> conferenceRecordingStatusCallback = {};
  std::vector<std::string> conferenceRecordingStatusCallbackEvent = {};
  std::optional<HttpMethod> conferenceRecordingStatusCallbackMethod = {};

  std::optional<std::string> machineDetection = {};
  std::optional<std::chrono::seconds> machineDetectionTimeout = {};
  std::optional<std::chrono::milliseconds> machineDetectionSpeechThreshold = {};
  std::optional<std::chrono::milliseconds> machineDetectionSpeechEndThreshold = {};
  std::optional<std::chrono::milliseconds> machineDetectionSilenceTimeout = {};
  std::optional<std::string> amdStatusCallback = {};
  std::optional<HttpMethod> amdStatusCallbackMethod = {};

  std::optional<std::string> sipAuthUsername = {};
  std::optional<std::string> sipAuthPassword = {};
  std::optional<std::string> callerId = {};
  std::optional<std::string> callerDisplayName = {};
  std::optional<std::string> byoc = {};
  std::optional<std::string> callReason = {};
  std::optional<std::string> callToken = {};
  /// STIR/SHAKEN, in base64: at most 5, with commas between them.
  std::optional<std::string> passports = {};
  std::optional<std::string> clientNotificationUrl = {};

  /// The caller of an emergency: latitude and longitude in degrees.
  std::optional<std::string> emergencyCallerPosition = {};
  std::optional<std::string> emergencyCallerLocation = {};  ///< Where in a building.
  std::optional<std::string> emergencyName = {};
  std::optional<std::string> emergencyAddress = {};  ///< Number and street.
  std::optional<std::string> emergencyZipCode = {};
  std::optional<std::string> emergencyCity = {};
  std::optional<std::string> emergencyState = {};
  std::optional<std::string> emergencyCountry = {};  ///< `US` or `CA`.

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Which participants to list. A value.
struct ListParticipants {
  std::optional<bool> muted = {};
  std::optional<bool> hold = {};
  std::optional<bool> coaching = {};
  std::optional<int> pageSize = {};  ///< 1 to 1000; default 50.
  std::optional<int> page = {};      ///< Prefer `Client::nextPage`.
  std::optional<std::string> pageToken = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Changes to a participant. A value.
struct UpdateParticipant {
  std::optional<bool> muted = {};
  std::optional<bool> hold = {};
  std::optional<std::string> holdUrl = {};  ///< Heard on hold.
  std::optional<HttpMethod> holdMethod = {};
  std::optional<std::string> announceUrl = {};  ///< Only this participant hears it.
  std::optional<HttpMethod> announceMethod = {};
  std::optional<std::string> waitUrl = {};
  std::optional<HttpMethod> waitMethod = {};
  std::optional<bool> beepOnExit = {};
  std::optional<bool> endConferenceOnExit = {};
  std::optional<bool> coaching = {};
  std::optional<std::string> callSidToCoach = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// A participant as the API describes it. A value. Null text becomes empty.
struct ParticipantResource {
  std::string callSid = {};
  std::string conferenceSid = {};
  std::string accountSid = {};
  std::string label = {};
  std::string callSidToCoach = {};
  std::optional<bool> coaching = {};
  std::optional<bool> muted = {};
  std::optional<bool> hold = {};
  std::optional<bool> startConferenceOnEnter = {};
  std::optional<bool> endConferenceOnExit = {};
  ParticipantStatus status = ParticipantStatus::unknown;
  std::optional<std::chrono::milliseconds> queueTime = {};
  std::optional<std::chrono::sys_seconds> dateCreated = {};
  std::optional<std::chrono::sys_seconds> dateUpdated = {};
  std::string uri = {};

  bool operator==(const ParticipantResource&) const = default;
};

}  // namespace ivr::rest
