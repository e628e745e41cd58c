#pragma once
// Shared by the tests of the REST client: a client whose transport and time belong to the test, and
// requests with every field set.

#include "ivr/rest/rest_client.hpp"
#include "support/fake_timers.hpp"
#include "support/fake_transport.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::support {

using namespace ivr::rest;

inline constexpr std::string_view kAccount = "AC0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kSecret = "5ecret5ecret5ecret5ecret5ecret55";
inline constexpr std::string_view kCallSid = "CA0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kConferenceSid = "CF0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kQueueSid = "QU0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kRecordingSid = "RE0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kMessageSid = "SM0123456789abcdef0123456789abcdef";

inline ClientOptions restConfig() {
  ClientOptions config;
  config.accountSid = kAccount;
  config.secret = kSecret;
  return config;
}

/// A client that sends nothing.
struct FakeApi {
  explicit FakeApi(ClientOptions config = restConfig())
      : client(std::make_unique<Client>(std::move(config), transport, timers,
                                        [this](LogLevel level, std::string_view line) {
                                          const std::lock_guard lock{mutex};
                                          lines.emplace_back(level, line);
                                        })) {}

  [[nodiscard]] std::string log() const {
    const std::lock_guard lock{mutex};
    std::string text;
    for (const auto& [level, line] : lines) text += line + '\n';
    return text;
  }

  mutable std::mutex mutex;
  std::vector<std::pair<LogLevel, std::string>> lines;
  std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
  std::shared_ptr<FakeTimers> timers = std::make_shared<FakeTimers>();
  std::unique_ptr<Client> client;
};

/// For requests whose answer does not matter.
template <class T>
void ignore(Later<T> later) {
  std::move(later).receive([](const Settled<T>&) {});
}

/// The error of type `E` with which `later` ended. Fails the test if there is none.
template <class E, class T>
E errorOf(Later<T> later) {
  try {
    static_cast<void>(std::move(later).get());
  } catch (const E& error) {
    return error;
  }
  throw std::logic_error{"there is no error"};
}

/// The address of a request, without its query.
inline std::string pathOf(const http::OutgoingRequest& request) {
  return request.url.substr(0, request.url.find('?'));
}

/// What a request sends: the fields of its body, or of its query if it has none.
inline Form fieldsIn(const http::OutgoingRequest& request) {
  const std::size_t query = request.url.find('?');
  const std::string text = request.method == "GET" && query != std::string::npos
                               ? request.url.substr(query + 1)
                               : request.body;
  return Form::parse(text, 1000).value();
}

inline constexpr std::chrono::sys_days kFirstDay{std::chrono::year{2026} / 1 / 2};
inline constexpr std::chrono::sys_days kSecondDay{std::chrono::year{2026} / 3 / 4};
inline constexpr std::chrono::sys_days kThirdDay{std::chrono::year{2026} / 11 / 30};
inline constexpr DateFilter kAllDates{.on = kSecondDay, .before = kThirdDay, .after = kFirstDay};

/// A request with every field set; each value but flags and methods is unique.
template <class Request>
Request full();

template <>
inline CreateCall full() {
  return {.to = "+14155550100",
          .from = "+14155550111",
          .url = "https://example.com/voice?a=1&b=2",
          .method = HttpMethod::get,
          .twiml = "<Response><Say>Grüße & <break/></Say></Response>",
          .applicationSid = "AP0123456789abcdef0123456789abcdef",
          .fallbackUrl = "https://example.com/fallback",
          .fallbackMethod = HttpMethod::post,
          .statusCallback = "https://example.com/status",
          .statusCallbackEvent = {"initiated", "ringing", "answered", "completed"},
          .statusCallbackMethod = HttpMethod::get,
          .sendDigits = "wW1234#*ABCD",
          .timeout = std::chrono::seconds{31},
          .timeLimit = std::chrono::minutes{61},
          .record = true,
          .recordingChannels = "dual",
          .recordingTrack = "inbound",
          .trim = "do-not-trim",
          .recordingStatusCallback = "https://example.com/recording",
          .recordingStatusCallbackEvent = {"in-progress", "absent"},
          .recordingStatusCallbackMethod = HttpMethod::post,
          .recordingConfigurationId = "RC0123456789abcdef0123456789abcdef",
          .machineDetection = "DetectMessageEnd",
          .machineDetectionTimeout = std::chrono::seconds{32},
          .machineDetectionSpeechThreshold = std::chrono::milliseconds{2401},
          .machineDetectionSpeechEndThreshold = std::chrono::milliseconds{1201},
          .machineDetectionSilenceTimeout = std::chrono::milliseconds{5001},
          .asyncAmd = true,
          .asyncAmdStatusCallback = "https://example.com/amd",
          .asyncAmdStatusCallbackMethod = HttpMethod::get,
          .sipAuthUsername = "ann",
          .sipAuthPassword = "p+a=s&s %41",
          .callerId = "+14155550122",
          .byoc = "BY0123456789abcdef0123456789abcdef",
          .callReason = "Your delivery is at the door",
          .callToken = "%7B%22token%22%7D",
          .passports = "cGFzcw==,cG9ydA==",
          .clientNotificationUrl = "https://example.com/push"};
}

template <>
inline ListCalls full() {
  return {.to = "+14155550100",
          .from = "client:ann",
          .parentCallSid = std::string{kCallSid},
          .status = CallStatus::noAnswer,
          .startTime = kAllDates,
          .endTime = {.on = kFirstDay, .before = kSecondDay, .after = kThirdDay},
          .pageSize = 20,
          .page = 3,
          .pageToken = "PA token"};
}

/// Except `url`, which excludes `twiml`.
template <>
inline UpdateCall full() {
  return {.method = HttpMethod::get,
          .twiml = "<Response><Hangup/></Response>",
          .status = CallEnd::canceled,
          .fallbackUrl = "https://example.com/fallback",
          .fallbackMethod = HttpMethod::post,
          .statusCallback = "https://example.com/status",
          .statusCallbackMethod = HttpMethod::get,
          .timeLimit = std::chrono::seconds{600}};
}

template <>
inline ListConferences full() {
  return {.dateCreated = kAllDates,
          .dateUpdated = {.on = kFirstDay, .before = kSecondDay, .after = kThirdDay},
          .friendlyName = "Monday's meeting",
          .status = ConferenceStatus::inProgress,
          .pageSize = 20,
          .page = 3,
          .pageToken = "PA token"};
}

template <>
inline UpdateConference full() {
  return {.status = ConferenceStatus::completed,
          .announceUrl = "https://example.com/announce",
          .announceMethod = HttpMethod::get};
}

template <>
inline CreateParticipant full() {
  return {.from = "+14155550111",
          .to = "client:ann",
          .label = "customer 17",
          .timeout = std::chrono::seconds{31},
          .timeLimit = std::chrono::seconds{3660},
          .statusCallback = "https://example.com/status",
          .statusCallbackEvent = {"initiated", "completed"},
          .statusCallbackMethod = HttpMethod::get,
          .muted = true,
          .beep = "onEnter",
          .startConferenceOnEnter = false,
          .endConferenceOnExit = true,
          .waitUrl = "",
          .waitMethod = HttpMethod::get,
          .earlyMedia = false,
          .maxParticipants = 12,
          .coaching = true,
          .callSidToCoach = std::string{kCallSid},
          .jitterBufferSize = "small",
          .region = "ie1",
          .record = true,
          .recordingChannels = "dual",
          .recordingTrack = "outbound",
          .trim = "trim-silence",
          .recordingStatusCallback = "https://example.com/recording",
          .recordingStatusCallbackEvent = {"in-progress", "completed"},
          .recordingStatusCallbackMethod = HttpMethod::post,
          .recordingConfigurationId = "RC0123456789abcdef0123456789abcdef",
          .conferenceRecord = "record-from-start",
          .conferenceTrim = "do-not-trim",
          .conferenceStatusCallback = "https://example.com/conference",
          .conferenceStatusCallbackEvent = {"start", "end", "join", "leave"},
          .conferenceStatusCallbackMethod = HttpMethod::get,
          .conferenceRecordingStatusCallback = "https://example.com/conference-recording",
          .conferenceRecordingStatusCallbackEvent = {"completed", "absent"},
          .conferenceRecordingStatusCallbackMethod = HttpMethod::post,
          .machineDetection = "Enable",
          .machineDetectionTimeout = std::chrono::seconds{32},
          .machineDetectionSpeechThreshold = std::chrono::milliseconds{2401},
          .machineDetectionSpeechEndThreshold = std::chrono::milliseconds{1201},
          .machineDetectionSilenceTimeout = std::chrono::milliseconds{5001},
          .amdStatusCallback = "https://example.com/amd",
          .amdStatusCallbackMethod = HttpMethod::get,
          .sipAuthUsername = "ann",
          .sipAuthPassword = "p+a=s&s %41",
          .callerId = "+14155550122",
          .callerDisplayName = "Lunch line",
          .byoc = "BY0123456789abcdef0123456789abcdef",
          .callReason = "Your delivery is at the door",
          .callToken = "%7B%22token%22%7D",
          .passports = "cGFzcw==,cG9ydA==",
          .clientNotificationUrl = "https://example.com/push",
          .emergencyCallerPosition = "37.787890 -122.391664",
          .emergencyCallerLocation = "second floor",
          .emergencyName = "Lunch",
          .emergencyAddress = "375 Beale St",
          .emergencyZipCode = "94105",
          .emergencyCity = "San Francisco",
          .emergencyState = "CA",
          .emergencyCountry = "US"};
}

template <>
inline ListParticipants full() {
  return {.muted = true,
          .hold = false,
          .coaching = true,
          .pageSize = 20,
          .page = 3,
          .pageToken = "PA token"};
}

template <>
inline UpdateParticipant full() {
  return {.muted = false,
          .hold = true,
          .holdUrl = "https://example.com/hold",
          .holdMethod = HttpMethod::post,
          .announceUrl = "https://example.com/announce",
          .announceMethod = HttpMethod::get,
          .waitUrl = "https://example.com/wait",
          .waitMethod = HttpMethod::get,
          .beepOnExit = true,
          .endConferenceOnExit = false,
          .coaching = true,
          .callSidToCoach = std::string{kCallSid}};
}

template <>
inline CreateQueue full() {
  return {.friendlyName = "support & sales", .maxSize = 50};
}

template <>
inline ListQueues full() {
  return {.pageSize = 20, .page = 3, .pageToken = "PA token"};
}

template <>
inline UpdateQueue full() {
  return {.friendlyName = "support", .maxSize = 60};
}

template <>
inline ListMembers full() {
  return {.pageSize = 20, .page = 3, .pageToken = "PA token"};
}

template <>
inline DequeueMember full() {
  return {.url = "https://example.com/next", .method = HttpMethod::get};
}

template <>
inline ListRecordings full() {
  return {.dateCreated = kAllDates,
          .callSid = std::string{kCallSid},
          .conferenceSid = std::string{kConferenceSid},
          .includeSoftDeleted = true,
          .pageSize = 20,
          .page = 3,
          .pageToken = "PA token"};
}

template <>
inline ListCallRecordings full() {
  return {.dateCreated = kAllDates, .pageSize = 20, .page = 3, .pageToken = "PA token"};
}

template <>
inline StartRecording full() {
  return {.recordingStatusCallback = "https://example.com/recording",
          .recordingStatusCallbackEvent = {"in-progress", "completed"},
          .recordingStatusCallbackMethod = HttpMethod::get,
          .trim = "trim-silence",
          .recordingChannels = "dual",
          .recordingTrack = "both",
          .recordingConfigurationId = "RC0123456789abcdef0123456789abcdef"};
}

template <>
inline UpdateRecording full() {
  return {.status = RecordingStatus::paused, .pauseBehavior = "skip"};
}

template <>
inline CreateMessage full() {
  return {.to = "+14155550100",
          .from = "+14155550111",
          .messagingServiceSid = "MG0123456789abcdef0123456789abcdef",
          .fallbackFrom = "+14155550122",
          .body = "Lunch is ready: 2 × soup & bread\nCome!",
          .mediaUrl = {"https://example.com/soup.png", "https://example.com/bread.png"},
          .contentSid = "HX0123456789abcdef0123456789abcdef",
          .contentVariables = R"({"1":"soup"})",
          .statusCallback = "https://example.com/status",
          .applicationSid = "AP0123456789abcdef0123456789abcdef",
          .sendAt = kSecondDay + std::chrono::hours{5} + std::chrono::seconds{67},
          .scheduleType = ScheduleType::fixed,
          .validityPeriod = std::chrono::seconds{600},
          .maxPrice = "0.05",
          .provideFeedback = true,
          .attempt = 2,
          .forceDelivery = false,
          .contentRetention = ContentRetention::discard,
          .addressRetention = AddressRetention::obfuscate,
          .smartEncoded = true,
          .persistentAction = {"geo:37.787890,-122.391664|375 Beale St", "tel:911"},
          .trafficType = TrafficType::free,
          .messageIntent = "notifications",
          .shortenUrls = false,
          .sendAsMms = true,
          .riskCheck = RiskCheck::disable};
}

}  // namespace ivr::support
