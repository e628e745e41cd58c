#pragma once
// The words of the API for each enum, in the order of its enumerators.

#include "ivr/rest/calls.hpp"
#include "ivr/rest/conferences.hpp"
#include "ivr/rest/messages.hpp"
#include "ivr/rest/participants.hpp"
#include "ivr/rest/recordings.hpp"
#include "ivr/rest/shared.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace ivr::rest {

template <class Word>
struct RestWords;

template <>
struct RestWords<HttpMethod> {
  static constexpr std::array<std::string_view, 2> all{"GET", "POST"};
};

template <>
struct RestWords<CallStatus> {
  static constexpr std::array<std::string_view, 9> all{"unknown",     "queued",    "ringing",
                                                       "in-progress", "completed", "busy",
                                                       "failed",      "no-answer", "canceled"};
};

template <>
struct RestWords<CallEnd> {
  static constexpr std::array<std::string_view, 2> all{"canceled", "completed"};
};

template <>
struct RestWords<ConferenceStatus> {
  static constexpr std::array<std::string_view, 4> all{"unknown", "init", "in-progress",
                                                       "completed"};
};

template <>
struct RestWords<ReasonConferenceEnded> {
  static constexpr std::array<std::string_view, 6> all{
      "unknown",
      "conference-ended-via-api",
      "participant-with-end-conference-on-exit-left",
      "participant-with-end-conference-on-exit-kicked",
      "last-participant-kicked",
      "last-participant-left"};
};

template <>
struct RestWords<ParticipantStatus> {
  static constexpr std::array<std::string_view, 7> all{
      "unknown", "queued", "connecting", "ringing", "connected", "complete", "failed"};
};

template <>
struct RestWords<RecordingStatus> {
  static constexpr std::array<std::string_view, 8> all{"unknown", "in-progress", "paused",
                                                       "stopped", "processing",  "completed",
                                                       "absent",  "deleted"};
};

template <>
struct RestWords<RecordingSource> {
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
struct RestWords<MessageStatus> {
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
struct RestWords<MessageDirection> {
  static constexpr std::array<std::string_view, 5> all{"unknown", "inbound", "outbound-api",
                                                       "outbound-call", "outbound-reply"};
};

template <>
struct RestWords<ContentRetention> {
  static constexpr std::array<std::string_view, 2> all{"retain", "discard"};
};

template <>
struct RestWords<AddressRetention> {
  static constexpr std::array<std::string_view, 2> all{"retain", "obfuscate"};
};

template <>
struct RestWords<TrafficType> {
  static constexpr std::array<std::string_view, 1> all{"free"};
};

template <>
struct RestWords<ScheduleType> {
  static constexpr std::array<std::string_view, 1> all{"fixed"};
};

template <>
struct RestWords<RiskCheck> {
  static constexpr std::array<std::string_view, 2> all{"enable", "disable"};
};

/// The enumerator of a word; `unknown` for a new one.
template <class Word>
Word wordFrom(std::string_view text) noexcept {
  for (std::size_t i = 1; i < RestWords<Word>::all.size(); ++i) {
    if (RestWords<Word>::all[i] == text) return static_cast<Word>(i);
  }
  return Word::unknown;
}

}  // namespace ivr::rest
