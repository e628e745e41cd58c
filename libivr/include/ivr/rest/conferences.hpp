#pragma once
// Conferences of the REST API: requests and replies. Participants create them.
//
// Protocol: https://www.twilio.com/docs/voice/api/conference-resource
//
// Written by rest/schema/generate.

#include "ivr/http/form.hpp"
#include "ivr/rest/shared.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::rest {

enum class ConferenceStatus {
  unknown,  ///< Absent, or a word newer than this library.
  init,
  inProgress,
  completed,
};
[[nodiscard]] std::string_view textOf(ConferenceStatus word) noexcept;

enum class ReasonConferenceEnded {
  unknown,  ///< A word newer than this library.
  conferenceEndedViaApi,
  participantWithEndConferenceOnExitLeft,
  participantWithEndConferenceOnExitKicked,
  lastParticipantKicked,
  lastParticipantLeft,
};
[[nodiscard]] std::string_view textOf(ReasonConferenceEnded word) noexcept;

/// Which conferences to list. A value.
struct ListConferences {
  DateFilter dateCreated = {};
  DateFilter dateUpdated = {};
  std::optional<std::string> friendlyName = {};
  std::optional<ConferenceStatus> status = {};
  std::optional<int> pageSize = {};  ///< 1 to 1000; default 50.
  std::optional<int> page = {};      ///< Prefer `Client::nextPage`.
  std::optional<std::string> pageToken = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Changes to a conference. A value.
struct UpdateConference {
  std::optional<ConferenceStatus> status = {};  ///< Only `completed`, which ends it.
  std::optional<std::string> announceUrl = {};  ///< What everybody hears.
  std::optional<HttpMethod> announceMethod = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// A conference as the API describes it. A value. Null text becomes empty.
struct ConferenceResource {
  std::string sid = {};
  std::string accountSid = {};
  std::string friendlyName = {};
  ConferenceStatus status = ConferenceStatus::unknown;
  std::string region = {};
  std::optional<ReasonConferenceEnded> reasonConferenceEnded = {};
  std::string callSidEndingConference = {};
  std::optional<std::chrono::sys_seconds> dateCreated = {};
  std::optional<std::chrono::sys_seconds> dateUpdated = {};
  std::string apiVersion = {};
  std::string uri = {};
  std::map<std::string, std::string> subresourceUris = {};

  bool operator==(const ConferenceResource&) const = default;
};

}  // namespace ivr::rest
