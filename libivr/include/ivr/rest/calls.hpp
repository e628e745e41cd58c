#pragma once
// Calls of the REST API: requests and replies.
//
// Protocol: https://www.twilio.com/docs/voice/api/call-resource, with the fields and names of the
// OpenAPI document twilio_api_v2010. A field that is not set is not sent; a text that is set but
// empty is sent empty.
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

enum class CallStatus {
  unknown,  ///< Absent, or a word newer than this library.
  queued,
  ringing,
  inProgress,
  completed,
  busy,
  failed,
  noAnswer,
  canceled,
};
[[nodiscard]] std::string_view textOf(CallStatus word) noexcept;

/// True if nothing more will happen to a call with this status; false for `unknown`.
[[nodiscard]] bool isOver(CallStatus status) noexcept;

/// How to end a call.
enum class CallEnd {
  canceled,   ///< Only if it is queued or ringing.
  completed,  ///< Also if it is in progress.
};
[[nodiscard]] std::string_view textOf(CallEnd word) noexcept;

/// A call to make. A value.
///
/// Needs one of `url`, `twiml` and `applicationSid`; `url` wins over `twiml`, and `applicationSid`
/// brings the addresses of the application.
struct CreateCall {
  std::string to = {};    ///< A number in E.164, a SIP address or `client:name`.
  std::string from = {};  ///< A number of the account or a verified one, or a client's name.

  std::optional<std::string> url = {};  ///< Absolute; the callee hears what it answers.
  std::optional<HttpMethod> method = {};
  std::optional<std::string> twiml = {};  ///< At most 4000 characters.
  std::optional<std::string> applicationSid = {};
  std::optional<std::string> fallbackUrl = {};  ///< Asked when `url` fails.
  std::optional<HttpMethod> fallbackMethod = {};

  /// Receives the `statusCallbackEvent`s: `initiated`, `ringing`, `answered`, `completed`; only
  /// `completed` if none is given.
  std::optional<std::string> statusCallback = {};
  std::vector<std::string> statusCallbackEvent = {};
  std::optional<HttpMethod> statusCallbackMethod = {};

  /// Pressed when the call is answered: at most 32 of `0-9 A-D # *` and the pauses `w` (half a
  /// second) and `W` (a second).
  std::optional<std::string> sendDigits = {};
  std::optional<std::chrono::seconds> timeout = {};    ///< Ringing: default 60, at most 600.
  std::optional<std::chrono::seconds> timeLimit = {};  ///< How long it may last.

  std::optional<bool> record = {};
  std::optional<std::string> recordingChannels = {};  ///< `mono` or `dual`.
  std::optional<std::string> recordingTrack = {};     ///< `both`, `inbound` or `outbound`.
  std::optional<std::string> trim = {};               ///< `trim-silence` or `do-not-trim`.
  std::optional<std::string> recordingStatusCallback = {};
  std::vector<std::string> recordingStatusCallbackEvent = {};  ///< `in-progress`, ... `completed`.
  std::optional<HttpMethod> recordingStatusCallbackMethod = {};
  std::optional<std::string> recordingConfigurationId = {};  ///< How it is made and processed.

  /// Detects whether a human or a machine answers: `Enable` or `DetectMessageEnd`. Not together
  /// with `sendDigits`.
  std::optional<std::string> machineDetection = {};
  std::optional<std::chrono::seconds> machineDetectionTimeout = {};
  std::optional<std::chrono::milliseconds> machineDetectionSpeechThreshold = {};
  std::optional<std::chrono::milliseconds> machineDetectionSpeechEndThreshold = {};
  std::optional<std::chrono::milliseconds> machineDetectionSilenceTimeout = {};
  std::optional<bool> asyncAmd = {};  ///< The call continues meanwhile.
  std::optional<std::string> asyncAmdStatusCallback = {};
  std::optional<HttpMethod> asyncAmdStatusCallbackMethod = {};

  std::optional<std::string> sipAuthUsername = {};
  std::optional<std::string> sipAuthPassword = {};
  std::optional<std::string> callerId = {};
  std::optional<std::string> byoc = {};        ///< The trunk of your own carrier.
  std::optional<std::string> callReason = {};  ///< Shown to the callee.
  std::optional<std::string> callToken = {};   ///< From the incoming call that is forwarded.
  /// STIR/SHAKEN, in base64: at most 5, with commas between them.
  std::optional<std::string> passports = {};
  std::optional<std::string> clientNotificationUrl = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Which calls to list. A value.
struct ListCalls {
  std::optional<std::string> to = {};
  std::optional<std::string> from = {};
  std::optional<std::string> parentCallSid = {};
  std::optional<CallStatus> status = {};
  DateFilter startTime = {};
  DateFilter endTime = {};
  std::optional<int> pageSize = {};  ///< 1 to 1000; default 50.
  std::optional<int> page = {};      ///< Prefer `Client::nextPage`.
  std::optional<std::string> pageToken = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Changes to a call. A value.
///
/// `url` or `twiml`, not both, interrupts the call, which must be in progress.
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

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// A call as the API describes it, sometimes seconds late. A value. Null text becomes empty.
struct CallResource {
  std::string sid = {};
  std::string accountSid = {};
  std::string parentCallSid = {};  ///< The call that dialled this one.
  std::string to = {};
  std::string toFormatted = {};
  std::string from = {};
  std::string fromFormatted = {};
  std::string phoneNumberSid = {};
  CallStatus status = CallStatus::unknown;
  std::string direction = {};   ///< `inbound`, `outbound-api`, `outbound-dial`, ...
  std::string answeredBy = {};  ///< `human`, `machine_start`, ... if detection was on.
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
