#pragma once
// The words of the API for each enum, in the order of its enumerators.
//
// Written by rest/schema/generate.

#include "ivr/rest/calls.hpp"
#include "ivr/rest/conferences.hpp"
#include "ivr/rest/messages.hpp"
#include "ivr/rest/participants.hpp"
#include "ivr/rest/queues.hpp"
#include "ivr/rest/recordings.hpp"

#include <array>
#include <string_view>

namespace ivr::rest {

template <class Word>
struct Words;

template <>
struct Words<HttpMethod> {
  static constexpr std::array<std::string_view, 2> all{"GET", "POST"};
};

template <>
struct Words<CallStatus> {
  static constexpr std::array<std::string_view, 9> all{"unknown",     "queued",    "ringing",
                                                       "in-progress", "completed", "busy",
                                                       "failed",      "no-answer", "canceled"};
};

template <>
struct Words<CallEnd> {
  static constexpr std::array<std::string_view, 2> all{"canceled", "completed"};
};

template <>
struct Words<ConferenceStatus> {
  static constexpr std::array<std::string_view, 4> all{"unknown", "init", "in-progress",
                                                       "completed"};
};

template <>
struct Words<ReasonConferenceEnded> {
  static constexpr std::array<std::string_view, 6> all{
      "unknown",
      "conference-ended-via-api",
      "participant-with-end-conference-on-exit-left",
      "participant-with-end-conference-on-exit-kicked",
      "last-participant-kicked",
      "last-participant-left"};
};

template <>
struct Words<ParticipantStatus> {
  static constexpr std::array<std::string_view, 7> all{
      "unknown", "queued", "connecting", "ringing", "connected", "complete", "failed"};
};

template <>
struct Words<RecordingStatus> {
  static constexpr std::array<std::string_view, 8> all{"unknown", "in-progress", "paused",
                                                       "stopped", "processing",  "completed",
                                                       "absent",  "deleted"};
};

template <>
struct Words<RecordingSource> {
  static constexpr std::array<std::string_view, 8> all{"unknown",
                                                       "DialVerb",
                                                       "Conference",
                                                       "OutboundAPI",
                                                       "Trunking",
                                                       "RecordVerb",
                                                       "StartCallRecordingAPI",
                                                       "StartConferenceRecordingAPI"};
};

template <>
struct Words<MessageStatus> {
  static constexpr std::array<std::string_view, 14> all{"unknown",
                                                        "queued",
                                                        "sending",
                                                        "sent",
                                                        "failed",
                                                        "delivered",
                                                        "undelivered",
                                                        "receiving",
                                                        "received",
                                                        "accepted",
                                                        "scheduled",
                                                        "read",
                                                        "partially_delivered",
                                                        "canceled"};
};

template <>
struct Words<MessageDirection> {
  static constexpr std::array<std::string_view, 5> all{"unknown", "inbound", "outbound-api",
                                                       "outbound-call", "outbound-reply"};
};

template <>
struct Words<ContentRetention> {
  static constexpr std::array<std::string_view, 2> all{"retain", "discard"};
};

template <>
struct Words<AddressRetention> {
  static constexpr std::array<std::string_view, 2> all{"retain", "obfuscate"};
};

template <>
struct Words<TrafficType> {
  static constexpr std::array<std::string_view, 1> all{"free"};
};

template <>
struct Words<ScheduleType> {
  static constexpr std::array<std::string_view, 1> all{"fixed"};
};

template <>
struct Words<RiskCheck> {
  static constexpr std::array<std::string_view, 2> all{"enable", "disable"};
};

}  // namespace ivr::rest
