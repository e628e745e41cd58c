#pragma once
// Queues of the REST API and the calls that wait in them: requests and replies.
//
// Protocol: https://www.twilio.com/docs/voice/api/queue-resource and .../member-resource
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

/// Names the member that has waited longest, instead of its call's SID.
inline constexpr std::string_view kFrontMember = "Front";

/// A queue to create. A value.
struct CreateQueue {
  std::string friendlyName = {};    ///< 1 to 64 characters.
  std::optional<int> maxSize = {};  ///< Default 1000, at most 5000.

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Which queues to list. A value.
struct ListQueues {
  std::optional<int> pageSize = {};  ///< 1 to 1000; default 50.
  std::optional<int> page = {};      ///< Prefer `Client::nextPage`.
  std::optional<std::string> pageToken = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Changes to a queue. A value.
struct UpdateQueue {
  std::optional<std::string> friendlyName = {};
  std::optional<int> maxSize = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Which members to list. A value.
struct ListMembers {
  std::optional<int> pageSize = {};  ///< 1 to 1000; default 50.
  std::optional<int> page = {};      ///< Prefer `Client::nextPage`.
  std::optional<std::string> pageToken = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// Where a member goes when it leaves the queue. A value.
struct DequeueMember {
  std::string url = {};  ///< Absolute; the caller hears what it answers.
  std::optional<HttpMethod> method = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// A queue as the API describes it. A value. Null text becomes empty.
struct QueueResource {
  std::string sid = {};
  std::string accountSid = {};
  std::string friendlyName = {};
  int currentSize = 0;
  int maxSize = 0;
  std::chrono::seconds averageWaitTime{0};
  std::optional<std::chrono::sys_seconds> dateCreated = {};
  std::optional<std::chrono::sys_seconds> dateUpdated = {};
  std::string uri = {};
  std::map<std::string, std::string> subresourceUris = {};

  bool operator==(const QueueResource&) const = default;
};

/// A call that waits in a queue. A value. Null text becomes empty.
struct MemberResource {
  std::string callSid = {};
  std::string queueSid = {};
  int position = 0;  ///< The first is 1.
  std::chrono::seconds waitTime{0};
  std::optional<std::chrono::sys_seconds> dateEnqueued = {};
  std::string uri = {};

  bool operator==(const MemberResource&) const = default;
};

}  // namespace ivr::rest
