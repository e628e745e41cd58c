#pragma once
// Every resource with every member, as we hold it and as the API writes it.

#include "ivr/rest/rest_client.hpp"

#include <chrono>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

namespace ivr::support {

using namespace ivr::rest;
using namespace std::chrono_literals;
using Json = nlohmann::json;

inline constexpr std::chrono::sys_days kAugust31{std::chrono::year{2010} / 8 / 31};
inline constexpr std::chrono::sys_seconds kDate = kAugust31 + 20h + 36min + 28s;

/// The fields of a resource with their types, as the API describes them.
inline std::map<std::string, std::string> described(const std::string& resource) {
  std::map<std::string, std::string> fields;
  std::ifstream file{IVR_TESTS_DIR "/vectors/rest/replies.txt"};
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("  ")) {
      last = line;
    } else if (last == resource) {
      std::istringstream words{line};
      std::string name;
      words >> name;
      words >> fields[name];
    }
  }
  return fields;
}

/// A reply with every described field, whose texts are the fields' names, except `words`.
inline Json sample(const std::string& resource, const Json& words) {
  static const std::set<std::string> dates{"date_created", "date_updated",  "start_time",
                                           "end_time",     "date_enqueued", "date_sent"};
  static const std::set<std::string> numbersInText{"duration", "queue_time", "num_segments",
                                                   "num_media"};
  Json reply;
  int number = 10;
  for (const auto& [name, type] : described(resource)) {
    if (words.contains(name)) {
      reply[name] = words.at(name);
    } else if (dates.contains(name)) {
      reply[name] = "Tue, 31 Aug 2010 20:36:28 +0000";
    } else if (numbersInText.contains(name)) {
      reply[name] = "15";
    } else if (type == "integer") {
      reply[name] = ++number;
    } else if (type == "boolean") {
      reply[name] = true;
    } else if (type == "object") {
      reply[name] = {{"events", "/events.json"}};
    } else {
      reply[name] = name;
    }
  }
  return reply;
}

inline const std::map<std::string, std::string> kUris{{"events", "/events.json"}};

struct CallSample {
  using Resource = CallResource;
  static constexpr const char* kName = "call";
  static Json words() { return {{"status", "no-answer"}}; }
  static CallResource expected() {
    return {.sid = "sid",
            .accountSid = "account_sid",
            .parentCallSid = "parent_call_sid",
            .to = "to",
            .toFormatted = "to_formatted",
            .from = "from",
            .fromFormatted = "from_formatted",
            .phoneNumberSid = "phone_number_sid",
            .status = CallStatus::noAnswer,
            .direction = "direction",
            .answeredBy = "answered_by",
            .forwardedFrom = "forwarded_from",
            .callerName = "caller_name",
            .groupSid = "group_sid",
            .trunkSid = "trunk_sid",
            .dateCreated = kDate,
            .dateUpdated = kDate,
            .startTime = kDate,
            .endTime = kDate,
            .duration = 15s,
            .queueTime = 15ms,
            .price = "price",
            .priceUnit = "price_unit",
            .apiVersion = "api_version",
            .uri = "uri",
            .subresourceUris = kUris};
  }
};

struct ConferenceSample {
  using Resource = ConferenceResource;
  static constexpr const char* kName = "conference";
  static Json words() {
    return {{"status", "in-progress"}, {"reason_conference_ended", "last-participant-left"}};
  }
  static ConferenceResource expected() {
    return {.sid = "sid",
            .accountSid = "account_sid",
            .friendlyName = "friendly_name",
            .status = ConferenceStatus::inProgress,
            .region = "region",
            .reasonConferenceEnded = ReasonConferenceEnded::lastParticipantLeft,
            .callSidEndingConference = "call_sid_ending_conference",
            .dateCreated = kDate,
            .dateUpdated = kDate,
            .apiVersion = "api_version",
            .uri = "uri",
            .subresourceUris = kUris};
  }
};

struct ParticipantSample {
  using Resource = ParticipantResource;
  static constexpr const char* kName = "conference.participant";
  static Json words() { return {{"status", "connecting"}, {"hold", false}}; }
  static ParticipantResource expected() {
    return {.callSid = "call_sid",
            .conferenceSid = "conference_sid",
            .accountSid = "account_sid",
            .label = "label",
            .callSidToCoach = "call_sid_to_coach",
            .coaching = true,
            .muted = true,
            .hold = false,
            .startConferenceOnEnter = true,
            .endConferenceOnExit = true,
            .status = ParticipantStatus::connecting,
            .queueTime = 15ms,
            .dateCreated = kDate,
            .dateUpdated = kDate,
            .uri = "uri"};
  }
};

struct QueueSample {
  using Resource = QueueResource;
  static constexpr const char* kName = "queue";
  static Json words() { return {{"current_size", 2}, {"max_size", 100}, {"average_wait_time", 7}}; }
  static QueueResource expected() {
    return {.sid = "sid",
            .accountSid = "account_sid",
            .friendlyName = "friendly_name",
            .currentSize = 2,
            .maxSize = 100,
            .averageWaitTime = 7s,
            .dateCreated = kDate,
            .dateUpdated = kDate,
            .uri = "uri"};
  }
};

struct MemberSample {
  using Resource = MemberResource;
  static constexpr const char* kName = "queue.member";
  static Json words() { return {{"position", 3}, {"wait_time", 143}}; }
  static MemberResource expected() {
    return {.callSid = "call_sid",
            .queueSid = "queue_sid",
            .position = 3,
            .waitTime = 143s,
            .dateEnqueued = kDate,
            .uri = "uri"};
  }
};

struct RecordingSample {
  using Resource = RecordingResource;
  static constexpr const char* kName = "recording";
  static Json words() {
    return {{"status", "paused"},
            {"source", "StartCallRecordingAPI"},
            {"channels", 2},
            {"error_code", 31},
            {"encryption_details", {{"type", "rsa-aes"}}}};
  }
  static RecordingResource expected() {
    return {.sid = "sid",
            .accountSid = "account_sid",
            .callSid = "call_sid",
            .conferenceSid = "conference_sid",
            .status = RecordingStatus::paused,
            .source = RecordingSource::startCallRecordingApi,
            .channels = 2,
            .track = "track",
            .duration = 15s,
            .dateCreated = kDate,
            .dateUpdated = kDate,
            .startTime = kDate,
            .price = "price",
            .priceUnit = "price_unit",
            .errorCode = 31,
            .encryptionDetails = R"({"type":"rsa-aes"})",
            .mediaUrl = "media_url",
            .apiVersion = "api_version",
            .uri = "uri",
            .subresourceUris = kUris};
  }
};

struct MessageSample {
  using Resource = MessageResource;
  static constexpr const char* kName = "message";
  static Json words() {
    return {{"status", "partially_delivered"},
            {"direction", "outbound-reply"},
            {"num_media", "2"},
            {"error_code", 30007}};
  }
  static MessageResource expected() {
    return {.sid = "sid",
            .accountSid = "account_sid",
            .messagingServiceSid = "messaging_service_sid",
            .from = "from",
            .to = "to",
            .body = "body",
            .status = MessageStatus::partiallyDelivered,
            .direction = MessageDirection::outboundReply,
            .numSegments = 15,
            .numMedia = 2,
            .errorCode = 30007,
            .errorMessage = "error_message",
            .price = "price",
            .priceUnit = "price_unit",
            .dateCreated = kDate,
            .dateSent = kDate,
            .dateUpdated = kDate,
            .apiVersion = "api_version",
            .uri = "uri",
            .subresourceUris = kUris};
  }
};

using Samples = testing::Types<CallSample, ConferenceSample, ParticipantSample, QueueSample,
                               MemberSample, RecordingSample, MessageSample>;

inline std::string restVector(const std::string& name) {
  std::ifstream file{IVR_TESTS_DIR "/vectors/rest/" + name};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace ivr::support
