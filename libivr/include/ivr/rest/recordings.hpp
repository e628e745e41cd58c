#pragma once
// Recordings of the REST API: requests and replies.
//
// Protocol: https://www.twilio.com/docs/voice/api/recording

#include "ivr/http/form.hpp"
#include "ivr/rest/shared.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::rest {

/// The recording of a call that is going on, instead of its SID.
inline constexpr std::string_view kCurrentRecording = "Twilio.CURRENT";

enum class RecordingStatus {
  unknown,  ///< Not said, or a word that is newer than this library.
  inProgress,
  paused,
  stopped,
  processing,
  completed,
  absent,
  deleted,
};
[[nodiscard]] std::string_view textOf(RecordingStatus status) noexcept;

/// Who asked for a recording.
enum class RecordingSource {
  unknown,  ///< Not said, or a word that is newer than this library.
  dialVerb,
  conference,
  outboundApi,
  trunking,
  recordVerb,
  startCallRecordingApi,
  startConferenceRecordingApi,
};
[[nodiscard]] std::string_view textOf(RecordingSource source) noexcept;

/// Which recordings are listed. A value.
struct ListRecordings {
  DateFilter dateCreated = {};
  std::optional<std::string> callSid = {};
  std::optional<std::string> conferenceSid = {};
  std::optional<bool> includeSoftDeleted = {};
  std::optional<int> pageSize = {};  ///< 1 to 1000; 50 if nothing is said.
  std::optional<int> page = {};
  std::optional<std::string> pageToken = {};

  Form otherFields = {};
};

/// Which recordings of one call are listed. A value.
struct ListCallRecordings {
  DateFilter dateCreated = {};
  std::optional<int> pageSize = {};  ///< 1 to 1000; 50 if nothing is said.
  std::optional<int> page = {};
  std::optional<std::string> pageToken = {};

  Form otherFields = {};
};

/// A recording that begins while the call is going on. A value.
struct StartRecording {
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<std::string> recordingStatusCallbackEvent = {};  ///< `in-progress`, ... `completed`.
  std::optional<HttpMethod> recordingStatusCallbackMethod = {};
  std::optional<std::string> trim = {};               ///< `do-not-trim` if nothing is said.
  std::optional<std::string> recordingChannels = {};  ///< `mono` or `dual`.
  std::optional<std::string> recordingTrack = {};     ///< `both`, `inbound` or `outbound`.

  Form otherFields = {};
};

/// What is to become of a recording. A value.
struct UpdateRecording {
  RecordingStatus status = RecordingStatus::stopped;  ///< Or `paused`, or `inProgress` again.
  std::optional<std::string> pauseBehavior = {};      ///< `silence` or `skip`.

  Form otherFields = {};
};

/// A recording as the API describes it. A value. Text that is null is empty.
struct RecordingResource {
  std::string sid = {};
  std::string accountSid = {};
  std::string callSid = {};
  std::string conferenceSid = {};
  RecordingStatus status = RecordingStatus::unknown;
  RecordingSource source = RecordingSource::unknown;
  std::optional<int> channels = {};
  std::optional<std::chrono::seconds> duration = {};
  std::optional<std::chrono::sys_seconds> dateCreated = {};
  std::optional<std::chrono::sys_seconds> dateUpdated = {};
  std::optional<std::chrono::sys_seconds> startTime = {};
  std::string price = {};
  std::string priceUnit = {};
  std::optional<int> errorCode = {};
  std::string encryptionDetails = {};  ///< JSON, as it came.
  std::string mediaUrl = {};           ///< With `.wav` or `.mp3` behind it, the sound itself.
  std::string apiVersion = {};
  std::string uri = {};
  std::map<std::string, std::string> subresourceUris = {};

  bool operator==(const RecordingResource&) const = default;
};

}  // namespace ivr::rest
