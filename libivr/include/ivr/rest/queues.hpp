#pragma once
// Queues of the REST API and the calls that wait in them: requests and replies.
//
// Protocol: https://www.twilio.com/docs/voice/api/queue-resource and .../member-resource

#include "ivr/http/form.hpp"
#include "ivr/rest/shared.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::rest {

/// The member that has waited longest, instead of the SID of its call.
inline constexpr std::string_view kFrontMember = "Front";

/// A queue to be made. A value.
struct CreateQueue {
  std::string friendlyName = {};    ///< 1 to 64 characters.
  std::optional<int> maxSize = {};  ///< 1000 if nothing is said, at most 5000.

  Form otherFields = {};  ///< Sent as they are: for what the API has learnt since.
};

/// Which queues are listed. A value.
struct ListQueues {
  std::optional<int> pageSize = {};  ///< 1 to 1000; 50 if nothing is said.
  std::optional<int> page = {};
  std::optional<std::string> pageToken = {};

  Form otherFields = {};
};

/// What is to become of a queue. A value.
struct UpdateQueue {
  std::optional<std::string> friendlyName = {};
  std::optional<int> maxSize = {};

  Form otherFields = {};
};

/// Which members are listed. A value.
struct ListMembers {
  std::optional<int> pageSize = {};  ///< 1 to 1000; 50 if nothing is said.
  std::optional<int> page = {};
  std::optional<std::string> pageToken = {};

  Form otherFields = {};
};

/// Where a member that leaves the queue goes. A value.
struct DequeueMember {
  std::string url = {};  ///< Absolute: what it answers is what the caller hears.
  std::optional<HttpMethod> method = {};

  Form otherFields = {};
};

/// A queue as the API describes it. A value. Text that is null is empty.
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

/// A call that waits in a queue. A value. Text that is null is empty.
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
