#include "rest/fields.hpp"

#include "core/utf8.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/headers.hpp"
#include "ivr/http/percent.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ivr::rest {

namespace {

constexpr std::size_t kMaxTwimlBytes = 4000;  // characters, like the other lengths
constexpr std::size_t kMaxBody = 1600;
constexpr std::size_t kMaxQueueName = 64;
constexpr std::size_t kMaxSendDigits = 32;
constexpr int kLargestPage = 1000;

void require(bool holds, const std::string& otherwise) {
  if (!holds) throw Error{ErrorKind::usage, otherwise};
}

bool isEmpty(const std::optional<std::string>& text) { return !text || text->empty(); }

std::size_t characters(const std::optional<std::string>& text) {
  if (!text) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(
      *text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// The provider fetches it, so it must be absolute.
void requireAbsolute(std::string_view url) {
  const auto begins = [&](std::string_view scheme) {
    return url.size() > scheme.size() &&
           http::equalIgnoringCase(url.substr(0, scheme.size()), scheme);
  };
  require(begins("https://") || begins("http://"), "Url is not an absolute web address");
}

void requireTwiml(const std::optional<std::string>& twiml) {
  require(characters(twiml) <= kMaxTwimlBytes,
          "Twiml has more than 4000 characters: use Url instead");
}

std::string dayText(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  const int year = static_cast<int>(date.year());
  require(year >= 0 && year <= 9999, "a date has a year that cannot be written in four digits");
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", year,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string timeText(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "T%02d:%02d:%02dZ",
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return dayText(day) + text.data();
}

/// Writes the fields that are set.
class Fields {
 public:
  void put(const std::string& name, const std::string& value) {
    require(isUtf8(value), name + " is not UTF-8");
    form_.add(name, value);
  }
  void put(const std::string& name, bool value) { form_.add(name, value ? "true" : "false"); }
  void put(const std::string& name, int value) {
    require(value >= 0, name + " is negative");
    form_.add(name, std::to_string(value));
  }
  template <class Rep, class Period>
  void put(const std::string& name, std::chrono::duration<Rep, Period> value) {
    require(value.count() >= 0, name + " is negative");
    form_.add(name, std::to_string(value.count()));
  }
  void put(const std::string& name, std::chrono::sys_seconds value) {
    form_.add(name, timeText(value));
  }
  void put(const std::string& name, const DateFilter& days) {
    if (days.on) form_.add(name, dayText(*days.on));
    if (days.before) form_.add(name + '<', dayText(*days.before));
    if (days.after) form_.add(name + '>', dayText(*days.after));
  }
  template <class Word>
  requires std::is_enum_v<Word>
  void put(const std::string& name, Word value) {
    const std::string_view text = textOf(value);
    require(!text.empty() && text != "unknown", name + " is no word of the API");
    form_.add(name, text);
  }
  template <class T>
  void put(const std::string& name, const std::optional<T>& value) {
    if (value) put(name, *value);
  }
  template <class T>
  void put(const std::string& name, const std::vector<T>& values) {
    for (const T& value : values) put(name, value);
  }

  template <class List>
  void putPaging(const List& list) {
    require(!list.pageSize || (*list.pageSize >= 1 && *list.pageSize <= kLargestPage),
            "PageSize is not 1 to 1000");
    put("PageSize", list.pageSize);
    put("Page", list.page);
    put("PageToken", list.pageToken);
  }

  [[nodiscard]] Form with(const Form& others) && {
    for (const auto& [name, value] : others) {
      require(!name.empty(), "a field has no name");
      put(std::string{name}, std::string{value});
    }
    return std::move(form_);
  }

 private:
  Form form_;
};

/// What calls and participants have in common.
template <class Request>
void putDialling(Fields& fields, const Request& request) {
  require(!request.to.empty(), "To is empty");
  require(!request.from.empty(), "From is empty");
  fields.put("To", request.to);
  fields.put("From", request.from);
  fields.put("StatusCallback", request.statusCallback);
  fields.put("StatusCallbackEvent", request.statusCallbackEvent);
  fields.put("StatusCallbackMethod", request.statusCallbackMethod);
  fields.put("Timeout", request.timeout);
  fields.put("TimeLimit", request.timeLimit);
  fields.put("Record", request.record);
  fields.put("RecordingChannels", request.recordingChannels);
  fields.put("RecordingTrack", request.recordingTrack);
  fields.put("Trim", request.trim);
  fields.put("RecordingStatusCallback", request.recordingStatusCallback);
  fields.put("RecordingStatusCallbackEvent", request.recordingStatusCallbackEvent);
  fields.put("RecordingStatusCallbackMethod", request.recordingStatusCallbackMethod);
  fields.put("MachineDetection", request.machineDetection);
  fields.put("MachineDetectionTimeout", request.machineDetectionTimeout);
  fields.put("MachineDetectionSpeechThreshold", request.machineDetectionSpeechThreshold);
  fields.put("MachineDetectionSpeechEndThreshold", request.machineDetectionSpeechEndThreshold);
  fields.put("MachineDetectionSilenceTimeout", request.machineDetectionSilenceTimeout);
  fields.put("SipAuthUsername", request.sipAuthUsername);
  fields.put("SipAuthPassword", request.sipAuthPassword);
  fields.put("CallerId", request.callerId);
  fields.put("Byoc", request.byoc);
  fields.put("CallReason", request.callReason);
  fields.put("CallToken", request.callToken);
  fields.put("ClientNotificationUrl", request.clientNotificationUrl);
}

}  // namespace

Form fieldsOf(const CreateCall& call) {
  require(!isEmpty(call.url) || !isEmpty(call.twiml) || !isEmpty(call.applicationSid),
          "a call needs Url, Twiml or ApplicationSid");
  if (isEmpty(call.url)) {
    requireTwiml(call.twiml);
  } else {
    requireAbsolute(*call.url);
  }
  if (call.sendDigits) {
    require(call.sendDigits->size() <= kMaxSendDigits &&
                call.sendDigits->find_first_not_of("0123456789ABCDabcd#*wW") == std::string::npos,
            "SendDigits is not at most 32 of 0-9, A-D, #, *, w and W");
  }
  Fields fields;
  putDialling(fields, call);
  fields.put("Url", call.url);
  fields.put("Method", call.method);
  fields.put("Twiml", call.twiml);
  fields.put("ApplicationSid", call.applicationSid);
  fields.put("FallbackUrl", call.fallbackUrl);
  fields.put("FallbackMethod", call.fallbackMethod);
  fields.put("SendDigits", call.sendDigits);
  fields.put("AsyncAmd", call.asyncAmd);
  fields.put("AsyncAmdStatusCallback", call.asyncAmdStatusCallback);
  fields.put("AsyncAmdStatusCallbackMethod", call.asyncAmdStatusCallbackMethod);
  return std::move(fields).with(call.otherFields);
}

Form fieldsOf(const ListCalls& filter) {
  Fields fields;
  fields.put("To", filter.to);
  fields.put("From", filter.from);
  fields.put("ParentCallSid", filter.parentCallSid);
  fields.put("Status", filter.status);
  fields.put("StartTime", filter.startTime);
  fields.put("EndTime", filter.endTime);
  fields.putPaging(filter);
  return std::move(fields).with(filter.otherFields);
}

Form fieldsOf(const UpdateCall& update) {
  require(!update.url || isEmpty(update.twiml), "a call gets either Url or Twiml, not both");
  if (update.url) requireAbsolute(*update.url);
  requireTwiml(update.twiml);
  Fields fields;
  fields.put("Url", update.url);
  fields.put("Method", update.method);
  fields.put("Twiml", update.twiml);
  fields.put("Status", update.status);
  fields.put("FallbackUrl", update.fallbackUrl);
  fields.put("FallbackMethod", update.fallbackMethod);
  fields.put("StatusCallback", update.statusCallback);
  fields.put("StatusCallbackMethod", update.statusCallbackMethod);
  fields.put("TimeLimit", update.timeLimit);
  return std::move(fields).with(update.otherFields);
}

Form fieldsOf(const ListConferences& filter) {
  Fields fields;
  fields.put("DateCreated", filter.dateCreated);
  fields.put("DateUpdated", filter.dateUpdated);
  fields.put("FriendlyName", filter.friendlyName);
  fields.put("Status", filter.status);
  fields.putPaging(filter);
  return std::move(fields).with(filter.otherFields);
}

Form fieldsOf(const UpdateConference& update) {
  require(!update.status || *update.status == ConferenceStatus::completed,
          "a conference can only be ended: its Status can become nothing but completed");
  Fields fields;
  fields.put("Status", update.status);
  fields.put("AnnounceUrl", update.announceUrl);
  fields.put("AnnounceMethod", update.announceMethod);
  return std::move(fields).with(update.otherFields);
}

Form fieldsOf(const CreateParticipant& participant) {
  Fields fields;
  putDialling(fields, participant);
  fields.put("Label", participant.label);
  fields.put("Muted", participant.muted);
  fields.put("Beep", participant.beep);
  fields.put("StartConferenceOnEnter", participant.startConferenceOnEnter);
  fields.put("EndConferenceOnExit", participant.endConferenceOnExit);
  fields.put("WaitUrl", participant.waitUrl);
  fields.put("WaitMethod", participant.waitMethod);
  fields.put("EarlyMedia", participant.earlyMedia);
  fields.put("MaxParticipants", participant.maxParticipants);
  fields.put("Coaching", participant.coaching);
  fields.put("CallSidToCoach", participant.callSidToCoach);
  fields.put("JitterBufferSize", participant.jitterBufferSize);
  fields.put("Region", participant.region);
  fields.put("ConferenceRecord", participant.conferenceRecord);
  fields.put("ConferenceTrim", participant.conferenceTrim);
  fields.put("ConferenceStatusCallback", participant.conferenceStatusCallback);
  fields.put("ConferenceStatusCallbackEvent", participant.conferenceStatusCallbackEvent);
  fields.put("ConferenceStatusCallbackMethod", participant.conferenceStatusCallbackMethod);
  fields.put("ConferenceRecordingStatusCallback", participant.conferenceRecordingStatusCallback);
  fields.put("ConferenceRecordingStatusCallbackEvent",
             participant.conferenceRecordingStatusCallbackEvent);
  fields.put("ConferenceRecordingStatusCallbackMethod",
             participant.conferenceRecordingStatusCallbackMethod);
  fields.put("AmdStatusCallback", participant.amdStatusCallback);
  fields.put("AmdStatusCallbackMethod", participant.amdStatusCallbackMethod);
  fields.put("CallerDisplayName", participant.callerDisplayName);
  return std::move(fields).with(participant.otherFields);
}

Form fieldsOf(const ListParticipants& filter) {
  Fields fields;
  fields.put("Muted", filter.muted);
  fields.put("Hold", filter.hold);
  fields.put("Coaching", filter.coaching);
  fields.putPaging(filter);
  return std::move(fields).with(filter.otherFields);
}

Form fieldsOf(const UpdateParticipant& update) {
  Fields fields;
  fields.put("Muted", update.muted);
  fields.put("Hold", update.hold);
  fields.put("HoldUrl", update.holdUrl);
  fields.put("HoldMethod", update.holdMethod);
  fields.put("AnnounceUrl", update.announceUrl);
  fields.put("AnnounceMethod", update.announceMethod);
  fields.put("WaitUrl", update.waitUrl);
  fields.put("WaitMethod", update.waitMethod);
  fields.put("BeepOnExit", update.beepOnExit);
  fields.put("EndConferenceOnExit", update.endConferenceOnExit);
  fields.put("Coaching", update.coaching);
  fields.put("CallSidToCoach", update.callSidToCoach);
  return std::move(fields).with(update.otherFields);
}

Form fieldsOf(const CreateQueue& queue) {
  require(!queue.friendlyName.empty() && characters(queue.friendlyName) <= kMaxQueueName,
          "FriendlyName of a queue has not 1 to 64 characters");
  Fields fields;
  fields.put("FriendlyName", queue.friendlyName);
  fields.put("MaxSize", queue.maxSize);
  return std::move(fields).with(queue.otherFields);
}

Form fieldsOf(const ListQueues& filter) {
  Fields fields;
  fields.putPaging(filter);
  return std::move(fields).with(filter.otherFields);
}

Form fieldsOf(const UpdateQueue& update) {
  require(!update.friendlyName ||
              (!update.friendlyName->empty() && characters(update.friendlyName) <= kMaxQueueName),
          "FriendlyName of a queue has not 1 to 64 characters");
  Fields fields;
  fields.put("FriendlyName", update.friendlyName);
  fields.put("MaxSize", update.maxSize);
  return std::move(fields).with(update.otherFields);
}

Form fieldsOf(const ListMembers& filter) {
  Fields fields;
  fields.putPaging(filter);
  return std::move(fields).with(filter.otherFields);
}

Form fieldsOf(const DequeueMember& leave) {
  requireAbsolute(leave.url);
  Fields fields;
  fields.put("Url", leave.url);
  fields.put("Method", leave.method);
  return std::move(fields).with(leave.otherFields);
}

Form fieldsOf(const ListRecordings& filter) {
  Fields fields;
  fields.put("DateCreated", filter.dateCreated);
  fields.put("CallSid", filter.callSid);
  fields.put("ConferenceSid", filter.conferenceSid);
  fields.put("IncludeSoftDeleted", filter.includeSoftDeleted);
  fields.putPaging(filter);
  return std::move(fields).with(filter.otherFields);
}

Form fieldsOf(const ListCallRecordings& filter) {
  Fields fields;
  fields.put("DateCreated", filter.dateCreated);
  fields.putPaging(filter);
  return std::move(fields).with(filter.otherFields);
}

Form fieldsOf(const StartRecording& recording) {
  Fields fields;
  fields.put("RecordingStatusCallback", recording.recordingStatusCallback);
  fields.put("RecordingStatusCallbackEvent", recording.recordingStatusCallbackEvent);
  fields.put("RecordingStatusCallbackMethod", recording.recordingStatusCallbackMethod);
  fields.put("Trim", recording.trim);
  fields.put("RecordingChannels", recording.recordingChannels);
  fields.put("RecordingTrack", recording.recordingTrack);
  return std::move(fields).with(recording.otherFields);
}

Form fieldsOf(const UpdateRecording& update) {
  require(update.status != RecordingStatus::deleted,
          "a recording is deleted with deleteRecording, not by its Status");
  Fields fields;
  fields.put("Status", update.status);
  fields.put("PauseBehavior", update.pauseBehavior);
  return std::move(fields).with(update.otherFields);
}

Form fieldsOf(const CreateMessage& message) {
  require(!message.to.empty(), "To is empty");
  require(!isEmpty(message.from) || !isEmpty(message.messagingServiceSid),
          "a message needs From or MessagingServiceSid");
  require(!isEmpty(message.body) || !message.mediaUrl.empty() || !isEmpty(message.contentSid),
          "a message needs Body, MediaUrl or ContentSid");
  require(characters(message.body) <= kMaxBody, "Body has more than 1600 characters");
  Fields fields;
  fields.put("To", message.to);
  fields.put("From", message.from);
  fields.put("MessagingServiceSid", message.messagingServiceSid);
  fields.put("FallbackFrom", message.fallbackFrom);
  fields.put("Body", message.body);
  fields.put("MediaUrl", message.mediaUrl);
  fields.put("ContentSid", message.contentSid);
  fields.put("ContentVariables", message.contentVariables);
  fields.put("StatusCallback", message.statusCallback);
  fields.put("ApplicationSid", message.applicationSid);
  fields.put("SendAt", message.sendAt);
  fields.put("ScheduleType", message.scheduleType);
  fields.put("ValidityPeriod", message.validityPeriod);
  fields.put("MaxPrice", message.maxPrice);
  fields.put("ProvideFeedback", message.provideFeedback);
  fields.put("Attempt", message.attempt);
  fields.put("ForceDelivery", message.forceDelivery);
  fields.put("ContentRetention", message.contentRetention);
  fields.put("AddressRetention", message.addressRetention);
  fields.put("SmartEncoded", message.smartEncoded);
  fields.put("PersistentAction", message.persistentAction);
  fields.put("TrafficType", message.trafficType);
  fields.put("ShortenUrls", message.shortenUrls);
  fields.put("SendAsMms", message.sendAsMms);
  fields.put("RiskCheck", message.riskCheck);
  return std::move(fields).with(message.otherFields);
}

}  // namespace ivr::rest
