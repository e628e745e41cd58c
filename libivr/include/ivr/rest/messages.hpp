#pragma once
// Messages of the REST API: requests and replies.
//
// Protocol: https://www.twilio.com/docs/messaging/api/message-resource
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

enum class MessageStatus {
  unknown,  ///< Absent, or a word newer than this library.
  queued,
  sending,
  sent,
  failed,
  delivered,
  undelivered,
  receiving,
  received,
  accepted,
  scheduled,
  read,
  partiallyDelivered,
  canceled,
};
[[nodiscard]] std::string_view textOf(MessageStatus word) noexcept;

enum class MessageDirection {
  unknown,  ///< Absent, or a word newer than this library.
  inbound,
  outboundApi,
  outboundCall,
  outboundReply,
};
[[nodiscard]] std::string_view textOf(MessageDirection word) noexcept;

/// Whether the provider keeps the text of a message.
enum class ContentRetention {
  retain,
  discard,
};
[[nodiscard]] std::string_view textOf(ContentRetention word) noexcept;

/// Whether the provider keeps the number of a message's recipient.
enum class AddressRetention {
  retain,
  obfuscate,
};
[[nodiscard]] std::string_view textOf(AddressRetention word) noexcept;

enum class TrafficType {
  free,
};
[[nodiscard]] std::string_view textOf(TrafficType word) noexcept;

enum class ScheduleType {
  fixed,
};
[[nodiscard]] std::string_view textOf(ScheduleType word) noexcept;

/// Whether the provider checks for fraud before it sends.
enum class RiskCheck {
  enable,
  disable,
};
[[nodiscard]] std::string_view textOf(RiskCheck word) noexcept;

/// A message to send. A value.
///
/// Needs one of `from` and `messagingServiceSid`, and one of `body`, `mediaUrl` and `contentSid`.
struct CreateMessage {
  std::string to = {};
  std::optional<std::string> from = {};
  std::optional<std::string> messagingServiceSid = {};
  std::optional<std::string> fallbackFrom = {};

  std::optional<std::string> body = {};  ///< At most 1600 characters.
  std::vector<std::string> mediaUrl = {};
  std::optional<std::string> contentSid = {};
  /// JSON: values for the content's placeholders.
  std::optional<std::string> contentVariables = {};

  std::optional<std::string> statusCallback = {};
  std::optional<std::string> applicationSid = {};

  std::optional<std::chrono::sys_seconds> sendAt = {};  ///< Together with `scheduleType`.
  std::optional<ScheduleType> scheduleType = {};
  std::optional<std::chrono::seconds> validityPeriod = {};  ///< How long it may wait to be sent.

  std::optional<std::string> maxPrice = {};  ///< A decimal number, such as `0.05`.
  std::optional<bool> provideFeedback = {};
  std::optional<int> attempt = {};
  std::optional<bool> forceDelivery = {};
  std::optional<ContentRetention> contentRetention = {};
  std::optional<AddressRetention> addressRetention = {};
  std::optional<bool> smartEncoded = {};
  std::vector<std::string> persistentAction = {};
  std::optional<TrafficType> trafficType = {};
  std::optional<std::string> messageIntent = {};  ///< `otp`, `notifications`, ...
  std::optional<bool> shortenUrls = {};
  std::optional<bool> sendAsMms = {};
  std::optional<RiskCheck> riskCheck = {};

  Form otherFields = {};  ///< Sent unchanged: for fields newer than this library.
};

/// A message as the API describes it. A value. Null text becomes empty.
struct MessageResource {
  std::string sid = {};
  std::string accountSid = {};
  std::string messagingServiceSid = {};
  std::string from = {};
  std::string to = {};
  std::string body = {};
  MessageStatus status = MessageStatus::unknown;
  MessageDirection direction = MessageDirection::unknown;
  std::optional<int> numSegments = {};
  std::optional<int> numMedia = {};
  std::optional<int> errorCode = {};
  std::string errorMessage = {};
  std::string price = {};
  std::string priceUnit = {};
  std::optional<std::chrono::sys_seconds> dateCreated = {};
  std::optional<std::chrono::sys_seconds> dateSent = {};
  std::optional<std::chrono::sys_seconds> dateUpdated = {};
  std::string apiVersion = {};
  std::string uri = {};
  std::map<std::string, std::string> subresourceUris = {};

  bool operator==(const MessageResource&) const = default;
};

}  // namespace ivr::rest
