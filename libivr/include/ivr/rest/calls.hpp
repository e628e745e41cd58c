#pragma once
// Calls of the REST API: requests and replies.
//
// Protocol: https://www.twilio.com/docs/voice/api/call-resource, fields of the OpenAPI document
// twilio_api_v2010. Fields have its names. What is not set is not sent; a text that is set and
// empty is sent empty.

#include "ivr/http/form.hpp"
#include "ivr/rest/shared.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::rest {

enum class CallStatus {
  unknown,  ///< Not said, or a word that is newer than this library.
  queued,
  ringing,
  inProgress,
  completed,
  busy,
  failed,
  noAnswer,
  canceled,
};
[[nodiscard]] std::string_view textOf(CallStatus status) noexcept;

/// True if nothing more will happen to such a call. `unknown` is not over.
[[nodiscard]] bool isOver(CallStatus status) noexcept;

/// How a call is ended.
enum class CallEnd {
  canceled,   ///< Only if it is queued or ringing.
  completed,  ///< Also if it is in progress.
};
[[nodiscard]] std::string_view textOf(CallEnd end) noexcept;

/// A call to be made. A value.
///
/// One of `url`, `twiml` and `applicationSid` is needed; `url` wins over `twiml`, and with
/// `applicationSid` the addresses are those of the application.
struct CreateCall {
  std::string to = {};    ///< A number in E.164, a SIP address or `client:name`.
  std::string from = {};  ///< A number of the account or a verified one, or a client's name.

  std::optional<std::string> url = {};  ///< Absolute: what it answers is what the called one hears.
  std::optional<HttpMethod> method = {};
  std::optional<std::string> twiml = {};  ///< At most 4000 characters.
  std::optional<std::string> applicationSid = {};
  std::optional<std::string> fallbackUrl = {};  ///< Asked when `url` fails.
  std::optional<HttpMethod> fallbackMethod = {};

  /// Told of the `statusCallbackEvent`s: `initiated`, `ringing`, `answered`, `completed`; of
  /// `completed` alone if none is given.
  std::optional<std::string> statusCallback = {};
  std::vector<std::string> statusCallbackEvent = {};
  std::optional<HttpMethod> statusCallbackMethod = {};

  /// Pressed when the call is answered: at most 32 of `0-9 A-D # *` and the pauses `w` (half a
  /// second) and `W` (a second).
  std::optional<std::string> sendDigits = {};
  std::optional<std::chrono::seconds> timeout = {};    ///< How long it rings: 60, at most 600.
  std::optional<std::chrono::seconds> timeLimit = {};  ///< How long it may last.

  std::optional<bool> record = {};
  std::optional<std::string> recordingChannels = {};  ///< `mono` or `dual`.
  std::optional<std::string> recordingTrack = {};     ///< `both`, `inbound` or `outbound`.
  std::optional<std::string> trim = {};               ///< `trim-silence` or `do-not-trim`.
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<std::string> recordingStatusCallbackEvent = {};  ///< `in-progress`, ... `completed`.
  std::optional<HttpMethod> recordingStatusCallbackMethod = {};

  /// Who answers, a human or a machine: `Enable` or `DetectMessageEnd`. Not together with
  /// `sendDigits`.
  std::optional<std::string> machineDetection = {};
  std::optional<std::chrono::seconds> machineDetectionTimeout = {};
  std::optional<std::chrono::milliseconds> machineDetectionSpeechThreshold = {};
  std::optional<std::chrono::milliseconds> machineDetectionSpeechEndThreshold = {};
  std::optional<std::chrono::milliseconds> machineDetectionSilenceTimeout = {};
  std::optional<bool> asyncAmd = {};  ///< The call goes on meanwhile.
  std::optional<std::string> asyncAmdStatusCallback = {};
  std::optional<HttpMethod> asyncAmdStatusCallbackMethod = {};

  std::optional<std::string> sipAuthUsername = {};
  std::optional<std::string> sipAuthPassword = {};
  std::optional<std::string> callerId = {};
  std::optional<std::string> byoc = {};        ///< The trunk of one's own carrier.
  std::optional<std::string> callReason = {};  ///< Shown to the called one.
  std::optional<std::string> callToken = {};   ///< Of the incoming call that is forwarded.
  std::optional<std::string> clientNotificationUrl = {};

  Form otherFields = {};  ///< Sent as they are: for what the API has learnt since.
};

/// Which calls are listed. A value.
struct ListCalls {
  std::optional<std::string> to = {};
  std::optional<std::string> from = {};
  std::optional<std::string> parentCallSid = {};
  std::optional<CallStatus> status = {};
  DateFilter startTime = {};
  DateFilter endTime = {};
  std::optional<int> pageSize = {};  ///< 1 to 1000; 50 if nothing is said.
  std::optional<int> page = {};      ///< Better: `Client::nextPage`.
  std::optional<std::string> pageToken = {};

  Form otherFields = {};
};

/// What is to become of a call. A value.
///
/// `url` or `twiml`, not both, interrupt what the call is doing, which must be in progress.
struct UpdateCall {
  std::optional<std::string> url = {};
  std::optional<HttpMethod> method = {};
  std::optional<std::string> twiml = {};  ///< At most 4000 characters.
  std::optional<CallEnd> status = {};
  std::optional<std::string> fallbackUrl = {};
  std::optional<HttpMethod> fallbackMethod = {};
  std::optional<std::string> statusCallback = {};
  std::optional<HttpMethod> statusCallbackMethod = {};
  std::optional<std::chrono::seconds> timeLimit = {};

  Form otherFields = {};
};

/// A call as the API describes it, seconds late at times. A value. Text that is null is empty.
struct CallResource {
  std::string sid = {};
  std::string accountSid = {};
  std::string parentCallSid = {};  ///< Of the call that dialled this one.
  std::string to = {};
  std::string toFormatted = {};
  std::string from = {};
  std::string fromFormatted = {};
  std::string phoneNumberSid = {};
  CallStatus status = CallStatus::unknown;
  std::string direction = {};   ///< `inbound`, `outbound-api`, `outbound-dial`, ...
  std::string answeredBy = {};  ///< `human`, `machine_start`, ... if machines were looked for.
  std::string forwardedFrom = {};
  std::string callerName = {};
  std::string groupSid = {};
  std::string trunkSid = {};
  std::optional<std::chrono::sys_seconds> dateCreated = {};
  std::optional<std::chrono::sys_seconds> dateUpdated = {};
  std::optional<std::chrono::sys_seconds> startTime = {};
  std::optional<std::chrono::sys_seconds> endTime = {};
  std::optional<std::chrono::seconds> duration = {};
  std::optional<std::chrono::milliseconds> queueTime = {};  ///< How long it waited to be placed.
  std::string price = {};                                   ///< `-0.03000`; empty at first.
  std::string priceUnit = {};                               ///< `USD`
  std::string apiVersion = {};
  std::string uri = {};
  std::map<std::string, std::string> subresourceUris = {};

  bool operator==(const CallResource&) const = default;
};

}  // namespace ivr::rest
