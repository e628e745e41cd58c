#pragma once
// Recordings of the REST API: requests and replies.
//
// Protocol: https://www.twilio.com/docs/voice/api/recording
//
// Written by rest/schema/generate.

#include "ivr/http/form.hpp"
#include "ivr/rest/shared.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::rest {

/// Names the recording of a call in progress, instead of its SID.
inline constexpr std::string_view kCurrentRecording = "Twilio.CURRENT";

enum class RecordingStatus {
  unknown,  ///< Absent, or a word newer than this library.
  inProgress,
  paused,
  stopped,
  processing,
  completed,
  absent,
  deleted,
};
[[nodiscard]] std::string_view textOf(RecordingStatus word) noexcept;

/// What requested a recording.
enum class RecordingSource {
  unknown,  ///< Absent, or a word newer than this library.
  dialVerb,
  conference,
  outboundApi,
  trunking,
  recordVerb,
  startCallRecordingApi,
  startConferenceRecordingApi,
};
[[nodiscard]] std::string_view textOf(RecordingSource word) noexcept;

/// Which recordings to list. A value.
struct ListRecordings {
  DateFilter dateCreated = {};
  std::optional<std::string> callSid = {};
  std::optional<std::string> conferenceSid = {};
  std::optional<bool> includeSoftDeleted = {};
  std::optional<int> pageSize = {};  ///< 1 to 1000; default 50.
  std::optional<int> page = {};      ///< Prefer `Client::nextPage`.
  std::optional<std::string> pageToken = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Which recordings of one call to list. A value.
struct ListCallRecordings {
  DateFilter dateCreated = {};
  std::optional<int> pageSize = {};  ///< 1 to 1000; default 50.
  std::optional<int> page = {};      ///< Prefer `Client::nextPage`.
  std::optional<std::string> pageToken = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// A recording that starts while the call is in progress. A value.
struct StartRecording {
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<std::string> recordingStatusCallbackEvent = {};  ///< `in-progress`, ... `completed`.
  std::optional<HttpMethod> recordingStatusCallbackMethod = {};
  std::optional<std::string> trim = {};                      ///< Default `do-not-trim`.
  std::optional<std::string> recordingChannels = {};         ///< `mono` or `dual`.
  std::optional<std::string> recordingTrack = {};            ///< `both`, `inbound` or `outbound`.
  std::optional<std::string> recordingConfigurationId = {};  ///< How it is made and processed.

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Changes to a recording. A value.
struct UpdateRecording {
  RecordingStatus status = RecordingStatus::stopped;  ///< Or `paused`, or `inProgress` again.
  std::optional<std::string> pauseBehavior = {};      ///< `silence` or `skip`.

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// A recording as the API describes it. A value. Null text becomes empty.
struct RecordingResource {
  std::string sid = {};
  std::string accountSid = {};
  std::string callSid = {};
  std::string conferenceSid = {};
  RecordingStatus status = RecordingStatus::unknown;
  RecordingSource source = RecordingSource::unknown;
  std::optional<int> channels = {};
  std::string track = {};  ///< `both`, `inbound` or `outbound`; only of a call's recordings.
  std::optional<std::chrono::seconds> duration = {};
  std::optional<std::chrono::sys_seconds> dateCreated = {};
  std::optional<std::chrono::sys_seconds> dateUpdated = {};
  std::optional<std::chrono::sys_seconds> startTime = {};
  std::string price = {};
  std::string priceUnit = {};
  std::optional<int> errorCode = {};
  std::string encryptionDetails = {};  ///< JSON, as received.
  std::string mediaUrl = {};           ///< Append `.wav` or `.mp3` for the sound itself.
  std::string apiVersion = {};
  std::string uri = {};
  std::map<std::string, std::string> subresourceUris = {};

  bool operator==(const RecordingResource&) const = default;
};

}  // namespace ivr::rest
