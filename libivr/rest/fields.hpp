#pragma once
// What each request sends and each resource says: the names of the API, and the members that hold
// them.
//
// Written by rest/schema/generate.

#include "ivr/rest/calls.hpp"
#include "ivr/rest/conferences.hpp"
#include "ivr/rest/messages.hpp"
#include "ivr/rest/participants.hpp"
#include "ivr/rest/queues.hpp"
#include "ivr/rest/recordings.hpp"
#include "rest/field.hpp"

#include <array>
#include <string_view>
#include <tuple>

namespace ivr::rest {

template <>
struct Fields<CreateCall> {
  static constexpr std::tuple all{
      Field{"To", &CreateCall::to},
      Field{"From", &CreateCall::from},
      Field{"Url", &CreateCall::url, Limits{.code = 21205, .address = Address::absoluteOrEmpty}},
      Field{"Method", &CreateCall::method, Limits{.code = 21209}},
      Field{"Twiml", &CreateCall::twiml, Limits{.unless = "Url", .code = 32018, .most = 4000}},
      Field{"ApplicationSid", &CreateCall::applicationSid},
      Field{"FallbackUrl", &CreateCall::fallbackUrl},
      Field{"FallbackMethod", &CreateCall::fallbackMethod},
      Field{"StatusCallback", &CreateCall::statusCallback},
      Field{"StatusCallbackEvent", &CreateCall::statusCallbackEvent},
      Field{"StatusCallbackMethod", &CreateCall::statusCallbackMethod},
      Field{"SendDigits", &CreateCall::sendDigits,
            Limits{.characters = "0123456789ABCDabcd#*wW", .code = 21206, .most = 32}},
      Field{"Timeout", &CreateCall::timeout, Limits{.code = 21208}},
      Field{"TimeLimit", &CreateCall::timeLimit},
      Field{"Record", &CreateCall::record},
      Field{"RecordingChannels", &CreateCall::recordingChannels},
      Field{"RecordingTrack", &CreateCall::recordingTrack},
      Field{"Trim", &CreateCall::trim},
      Field{"RecordingStatusCallback", &CreateCall::recordingStatusCallback},
      Field{"RecordingStatusCallbackEvent", &CreateCall::recordingStatusCallbackEvent},
      Field{"RecordingStatusCallbackMethod", &CreateCall::recordingStatusCallbackMethod},
      Field{"RecordingConfigurationId", &CreateCall::recordingConfigurationId},
      Field{"MachineDetection", &CreateCall::machineDetection},
      Field{"MachineDetectionTimeout", &CreateCall::machineDetectionTimeout},
      Field{"MachineDetectionSpeechThreshold", &CreateCall::machineDetectionSpeechThreshold},
      Field{"MachineDetectionSpeechEndThreshold", &CreateCall::machineDetectionSpeechEndThreshold},
      Field{"MachineDetectionSilenceTimeout", &CreateCall::machineDetectionSilenceTimeout},
      Field{"AsyncAmd", &CreateCall::asyncAmd},
      Field{"AsyncAmdStatusCallback", &CreateCall::asyncAmdStatusCallback},
      Field{"AsyncAmdStatusCallbackMethod", &CreateCall::asyncAmdStatusCallbackMethod},
      Field{"SipAuthUsername", &CreateCall::sipAuthUsername},
      Field{"SipAuthPassword", &CreateCall::sipAuthPassword},
      Field{"CallerId", &CreateCall::callerId},
      Field{"Byoc", &CreateCall::byoc},
      Field{"CallReason", &CreateCall::callReason},
      Field{"CallToken", &CreateCall::callToken},
      Field{"Passports", &CreateCall::passports},
      Field{"ClientNotificationUrl", &CreateCall::clientNotificationUrl}};
  static constexpr std::array<Rule, 3> rules{
      Rule{.fields = {"To"}, .sentence = "To is empty", .kind = Rule::Kind::needs, .code = 21201},
      Rule{.fields = {"Url", "Twiml", "ApplicationSid"},
           .sentence = "a call needs Url, Twiml or ApplicationSid",
           .says = "Url parameter is required.",
           .kind = Rule::Kind::needs,
           .code = 21205},
      Rule{.fields = {"From"},
           .sentence = "From is empty",
           .kind = Rule::Kind::needs,
           .code = 21213}};
};

template <>
struct Fields<ListCalls> {
  static constexpr std::tuple all{Field{"To", &ListCalls::to},
                                  Field{"From", &ListCalls::from},
                                  Field{"ParentCallSid", &ListCalls::parentCallSid},
                                  Field{"Status", &ListCalls::status},
                                  Field{"StartTime", &ListCalls::startTime},
                                  Field{"EndTime", &ListCalls::endTime},
                                  Field{"PageSize", &ListCalls::pageSize,
                                        Limits{.codeBeyond = 20007, .least = 1, .most = 1000}},
                                  Field{"Page", &ListCalls::page},
                                  Field{"PageToken", &ListCalls::pageToken}};
  static constexpr std::array<Rule, 0> rules{};
};

template <>
struct Fields<UpdateCall> {
  static constexpr std::tuple all{
      Field{"Url", &UpdateCall::url, Limits{.code = 21205, .address = Address::absolute}},
      Field{"Method", &UpdateCall::method, Limits{.code = 21209}},
      Field{"Twiml", &UpdateCall::twiml, Limits{.code = 32018, .most = 4000}},
      Field{"Status", &UpdateCall::status},
      Field{"FallbackUrl", &UpdateCall::fallbackUrl},
      Field{"FallbackMethod", &UpdateCall::fallbackMethod},
      Field{"StatusCallback", &UpdateCall::statusCallback},
      Field{"StatusCallbackMethod", &UpdateCall::statusCallbackMethod},
      Field{"TimeLimit", &UpdateCall::timeLimit}};
  static constexpr std::array<Rule, 1> rules{
      Rule{.fields = {"Url", "Twiml"},
           .sentence = "a call gets either Url or Twiml, not both",
           .kind = Rule::Kind::excludes,
           .code = 20001}};
};

template <>
struct Fields<ListConferences> {
  static constexpr std::tuple all{Field{"DateCreated", &ListConferences::dateCreated},
                                  Field{"DateUpdated", &ListConferences::dateUpdated},
                                  Field{"FriendlyName", &ListConferences::friendlyName},
                                  Field{"Status", &ListConferences::status},
                                  Field{"PageSize", &ListConferences::pageSize,
                                        Limits{.codeBeyond = 20007, .least = 1, .most = 1000}},
                                  Field{"Page", &ListConferences::page},
                                  Field{"PageToken", &ListConferences::pageToken}};
  static constexpr std::array<Rule, 0> rules{};
};

template <>
struct Fields<UpdateConference> {
  static constexpr std::tuple all{Field{"Status", &UpdateConference::status},
                                  Field{"AnnounceUrl", &UpdateConference::announceUrl},
                                  Field{"AnnounceMethod", &UpdateConference::announceMethod}};
  static constexpr std::array<Rule, 1> rules{Rule{
      .fields = {"Status"},
      .word = "completed",
      .sentence = "a conference can only be ended: its Status can become nothing but completed",
      .kind = Rule::Kind::only,
      .code = 20001}};
};

template <>
struct Fields<CreateParticipant> {
  static constexpr std::tuple all{
      Field{"From", &CreateParticipant::from},
      Field{"To", &CreateParticipant::to},
      Field{"Label", &CreateParticipant::label},
      Field{"Timeout", &CreateParticipant::timeout, Limits{.code = 21208}},
      Field{"TimeLimit", &CreateParticipant::timeLimit},
      Field{"StatusCallback", &CreateParticipant::statusCallback},
      Field{"StatusCallbackEvent", &CreateParticipant::statusCallbackEvent},
      Field{"StatusCallbackMethod", &CreateParticipant::statusCallbackMethod},
      Field{"Muted", &CreateParticipant::muted},
      Field{"Beep", &CreateParticipant::beep},
      Field{"StartConferenceOnEnter", &CreateParticipant::startConferenceOnEnter},
      Field{"EndConferenceOnExit", &CreateParticipant::endConferenceOnExit},
      Field{"WaitUrl", &CreateParticipant::waitUrl},
      Field{"WaitMethod", &CreateParticipant::waitMethod},
      Field{"EarlyMedia", &CreateParticipant::earlyMedia},
      Field{"MaxParticipants", &CreateParticipant::maxParticipants},
      Field{"Coaching", &CreateParticipant::coaching},
      Field{"CallSidToCoach", &CreateParticipant::callSidToCoach},
      Field{"JitterBufferSize", &CreateParticipant::jitterBufferSize},
      Field{"Region", &CreateParticipant::region},
      Field{"Record", &CreateParticipant::record},
      Field{"RecordingChannels", &CreateParticipant::recordingChannels},
      Field{"RecordingTrack", &CreateParticipant::recordingTrack},
      Field{"Trim", &CreateParticipant::trim},
      Field{"RecordingStatusCallback", &CreateParticipant::recordingStatusCallback},
      Field{"RecordingStatusCallbackEvent", &CreateParticipant::recordingStatusCallbackEvent},
      Field{"RecordingStatusCallbackMethod", &CreateParticipant::recordingStatusCallbackMethod},
      Field{"RecordingConfigurationId", &CreateParticipant::recordingConfigurationId},
      Field{"ConferenceRecord", &CreateParticipant::conferenceRecord},
      Field{"ConferenceTrim", &CreateParticipant::conferenceTrim},
      Field{"ConferenceStatusCallback", &CreateParticipant::conferenceStatusCallback},
      Field{"ConferenceStatusCallbackEvent", &CreateParticipant::conferenceStatusCallbackEvent},
      Field{"ConferenceStatusCallbackMethod", &CreateParticipant::conferenceStatusCallbackMethod},
      Field{"ConferenceRecordingStatusCallback",
            &CreateParticipant::conferenceRecordingStatusCallback},
      Field{"ConferenceRecordingStatusCallbackEvent",
            &CreateParticipant::conferenceRecordingStatusCallbackEvent},
      Field{"ConferenceRecordingStatusCallbackMethod",
            &CreateParticipant::conferenceRecordingStatusCallbackMethod},
      Field{"MachineDetection", &CreateParticipant::machineDetection},
      Field{"MachineDetectionTimeout", &CreateParticipant::machineDetectionTimeout},
      Field{"MachineDetectionSpeechThreshold", &CreateParticipant::machineDetectionSpeechThreshold},
      Field{"MachineDetectionSpeechEndThreshold",
            &CreateParticipant::machineDetectionSpeechEndThreshold},
      Field{"MachineDetectionSilenceTimeout", &CreateParticipant::machineDetectionSilenceTimeout},
      Field{"AmdStatusCallback", &CreateParticipant::amdStatusCallback},
      Field{"AmdStatusCallbackMethod", &CreateParticipant::amdStatusCallbackMethod},
      Field{"SipAuthUsername", &CreateParticipant::sipAuthUsername},
      Field{"SipAuthPassword", &CreateParticipant::sipAuthPassword},
      Field{"CallerId", &CreateParticipant::callerId},
      Field{"CallerDisplayName", &CreateParticipant::callerDisplayName},
      Field{"Byoc", &CreateParticipant::byoc},
      Field{"CallReason", &CreateParticipant::callReason},
      Field{"CallToken", &CreateParticipant::callToken},
      Field{"Passports", &CreateParticipant::passports},
      Field{"ClientNotificationUrl", &CreateParticipant::clientNotificationUrl},
      Field{"EmergencyCallerPosition", &CreateParticipant::emergencyCallerPosition},
      Field{"EmergencyCallerLocation", &CreateParticipant::emergencyCallerLocation},
      Field{"EmergencyName", &CreateParticipant::emergencyName},
      Field{"EmergencyAddress", &CreateParticipant::emergencyAddress},
      Field{"EmergencyZipCode", &CreateParticipant::emergencyZipCode},
      Field{"EmergencyCity", &CreateParticipant::emergencyCity},
      Field{"EmergencyState", &CreateParticipant::emergencyState},
      Field{"EmergencyCountry", &CreateParticipant::emergencyCountry}};
  static constexpr std::array<Rule, 2> rules{
      Rule{.fields = {"To"}, .sentence = "To is empty", .kind = Rule::Kind::needs, .code = 21201},
      Rule{.fields = {"From"},
           .sentence = "From is empty",
           .kind = Rule::Kind::needs,
           .code = 21213}};
};

template <>
struct Fields<ListParticipants> {
  static constexpr std::tuple all{Field{"Muted", &ListParticipants::muted},
                                  Field{"Hold", &ListParticipants::hold},
                                  Field{"Coaching", &ListParticipants::coaching},
                                  Field{"PageSize", &ListParticipants::pageSize,
                                        Limits{.codeBeyond = 20007, .least = 1, .most = 1000}},
                                  Field{"Page", &ListParticipants::page},
                                  Field{"PageToken", &ListParticipants::pageToken}};
  static constexpr std::array<Rule, 0> rules{};
};

template <>
struct Fields<UpdateParticipant> {
  static constexpr std::tuple all{
      Field{"Muted", &UpdateParticipant::muted},
      Field{"Hold", &UpdateParticipant::hold},
      Field{"HoldUrl", &UpdateParticipant::holdUrl},
      Field{"HoldMethod", &UpdateParticipant::holdMethod},
      Field{"AnnounceUrl", &UpdateParticipant::announceUrl},
      Field{"AnnounceMethod", &UpdateParticipant::announceMethod},
      Field{"WaitUrl", &UpdateParticipant::waitUrl},
      Field{"WaitMethod", &UpdateParticipant::waitMethod},
      Field{"BeepOnExit", &UpdateParticipant::beepOnExit},
      Field{"EndConferenceOnExit", &UpdateParticipant::endConferenceOnExit},
      Field{"Coaching", &UpdateParticipant::coaching},
      Field{"CallSidToCoach", &UpdateParticipant::callSidToCoach}};
  static constexpr std::array<Rule, 0> rules{};
};

template <>
struct Fields<CreateQueue> {
  static constexpr std::tuple all{
      Field{"FriendlyName", &CreateQueue::friendlyName, Limits{.least = 1, .most = 64}},
      Field{"MaxSize", &CreateQueue::maxSize}};
  static constexpr std::array<Rule, 1> rules{Rule{.fields = {"FriendlyName"},
                                                  .sentence = "FriendlyName is empty",
                                                  .kind = Rule::Kind::needs,
                                                  .code = 20001}};
};

template <>
struct Fields<ListQueues> {
  static constexpr std::tuple all{Field{"PageSize", &ListQueues::pageSize,
                                        Limits{.codeBeyond = 20007, .least = 1, .most = 1000}},
                                  Field{"Page", &ListQueues::page},
                                  Field{"PageToken", &ListQueues::pageToken}};
  static constexpr std::array<Rule, 0> rules{};
};

template <>
struct Fields<UpdateQueue> {
  static constexpr std::tuple all{
      Field{"FriendlyName", &UpdateQueue::friendlyName, Limits{.least = 1, .most = 64}},
      Field{"MaxSize", &UpdateQueue::maxSize}};
  static constexpr std::array<Rule, 0> rules{};
};

template <>
struct Fields<ListMembers> {
  static constexpr std::tuple all{Field{"PageSize", &ListMembers::pageSize,
                                        Limits{.codeBeyond = 20007, .least = 1, .most = 1000}},
                                  Field{"Page", &ListMembers::page},
                                  Field{"PageToken", &ListMembers::pageToken}};
  static constexpr std::array<Rule, 0> rules{};
};

template <>
struct Fields<DequeueMember> {
  static constexpr std::tuple all{
      Field{"Url", &DequeueMember::url, Limits{.code = 21205, .address = Address::absolute}},
      Field{"Method", &DequeueMember::method, Limits{.code = 21209}}};
  static constexpr std::array<Rule, 1> rules{Rule{.fields = {"Url"},
                                                  .sentence = "Url is not an absolute web address",
                                                  .says = "Url parameter is required.",
                                                  .kind = Rule::Kind::needs,
                                                  .code = 21205}};
};

template <>
struct Fields<ListRecordings> {
  static constexpr std::tuple all{Field{"DateCreated", &ListRecordings::dateCreated},
                                  Field{"CallSid", &ListRecordings::callSid},
                                  Field{"ConferenceSid", &ListRecordings::conferenceSid},
                                  Field{"IncludeSoftDeleted", &ListRecordings::includeSoftDeleted},
                                  Field{"PageSize", &ListRecordings::pageSize,
                                        Limits{.codeBeyond = 20007, .least = 1, .most = 1000}},
                                  Field{"Page", &ListRecordings::page},
                                  Field{"PageToken", &ListRecordings::pageToken}};
  static constexpr std::array<Rule, 0> rules{};
};

template <>
struct Fields<ListCallRecordings> {
  static constexpr std::tuple all{Field{"DateCreated", &ListCallRecordings::dateCreated},
                                  Field{"PageSize", &ListCallRecordings::pageSize,
                                        Limits{.codeBeyond = 20007, .least = 1, .most = 1000}},
                                  Field{"Page", &ListCallRecordings::page},
                                  Field{"PageToken", &ListCallRecordings::pageToken}};
  static constexpr std::array<Rule, 0> rules{};
};

template <>
struct Fields<StartRecording> {
  static constexpr std::tuple all{
      Field{"RecordingStatusCallback", &StartRecording::recordingStatusCallback},
      Field{"RecordingStatusCallbackEvent", &StartRecording::recordingStatusCallbackEvent},
      Field{"RecordingStatusCallbackMethod", &StartRecording::recordingStatusCallbackMethod},
      Field{"Trim", &StartRecording::trim},
      Field{"RecordingChannels", &StartRecording::recordingChannels},
      Field{"RecordingTrack", &StartRecording::recordingTrack},
      Field{"RecordingConfigurationId", &StartRecording::recordingConfigurationId}};
  static constexpr std::array<Rule, 0> rules{};
};

template <>
struct Fields<UpdateRecording> {
  static constexpr std::tuple all{Field{"Status", &UpdateRecording::status},
                                  Field{"PauseBehavior", &UpdateRecording::pauseBehavior}};
  static constexpr std::array<Rule, 2> rules{
      Rule{.fields = {"Status"},
           .sentence = "Status is empty",
           .kind = Rule::Kind::needs,
           .code = 20001},
      Rule{.fields = {"Status"},
           .word = "deleted",
           .sentence = "a recording is deleted with deleteRecording, not by its Status",
           .kind = Rule::Kind::never,
           .code = 20001}};
};

template <>
struct Fields<CreateMessage> {
  static constexpr std::tuple all{
      Field{"To", &CreateMessage::to},
      Field{"From", &CreateMessage::from},
      Field{"MessagingServiceSid", &CreateMessage::messagingServiceSid},
      Field{"FallbackFrom", &CreateMessage::fallbackFrom},
      Field{"Body", &CreateMessage::body, Limits{.code = 21617, .most = 1600}},
      Field{"MediaUrl", &CreateMessage::mediaUrl},
      Field{"ContentSid", &CreateMessage::contentSid},
      Field{"ContentVariables", &CreateMessage::contentVariables},
      Field{"StatusCallback", &CreateMessage::statusCallback},
      Field{"ApplicationSid", &CreateMessage::applicationSid},
      Field{"SendAt", &CreateMessage::sendAt},
      Field{"ScheduleType", &CreateMessage::scheduleType},
      Field{"ValidityPeriod", &CreateMessage::validityPeriod},
      Field{"MaxPrice", &CreateMessage::maxPrice},
      Field{"ProvideFeedback", &CreateMessage::provideFeedback},
      Field{"Attempt", &CreateMessage::attempt},
      Field{"ForceDelivery", &CreateMessage::forceDelivery},
      Field{"ContentRetention", &CreateMessage::contentRetention},
      Field{"AddressRetention", &CreateMessage::addressRetention},
      Field{"SmartEncoded", &CreateMessage::smartEncoded},
      Field{"PersistentAction", &CreateMessage::persistentAction},
      Field{"TrafficType", &CreateMessage::trafficType},
      Field{"MessageIntent", &CreateMessage::messageIntent},
      Field{"ShortenUrls", &CreateMessage::shortenUrls},
      Field{"SendAsMms", &CreateMessage::sendAsMms},
      Field{"RiskCheck", &CreateMessage::riskCheck}};
  static constexpr std::array<Rule, 3> rules{
      Rule{.fields = {"To"}, .sentence = "To is empty", .kind = Rule::Kind::needs, .code = 21604},
      Rule{.fields = {"From", "MessagingServiceSid"},
           .sentence = "a message needs From or MessagingServiceSid",
           .kind = Rule::Kind::needs,
           .code = 21603},
      Rule{.fields = {"Body", "MediaUrl", "ContentSid"},
           .sentence = "a message needs Body, MediaUrl or ContentSid",
           .kind = Rule::Kind::needs,
           .code = 21602}};
};

template <>
struct Fields<CallResource> {
  static constexpr std::string_view plural = "calls";
  static constexpr std::tuple all{Field{"sid", &CallResource::sid, As::id},
                                  Field{"account_sid", &CallResource::accountSid},
                                  Field{"parent_call_sid", &CallResource::parentCallSid},
                                  Field{"to", &CallResource::to},
                                  Field{"to_formatted", &CallResource::toFormatted},
                                  Field{"from", &CallResource::from},
                                  Field{"from_formatted", &CallResource::fromFormatted},
                                  Field{"phone_number_sid", &CallResource::phoneNumberSid},
                                  Field{"status", &CallResource::status},
                                  Field{"direction", &CallResource::direction},
                                  Field{"answered_by", &CallResource::answeredBy},
                                  Field{"forwarded_from", &CallResource::forwardedFrom},
                                  Field{"caller_name", &CallResource::callerName},
                                  Field{"group_sid", &CallResource::groupSid},
                                  Field{"trunk_sid", &CallResource::trunkSid},
                                  Field{"date_created", &CallResource::dateCreated},
                                  Field{"date_updated", &CallResource::dateUpdated},
                                  Field{"start_time", &CallResource::startTime},
                                  Field{"end_time", &CallResource::endTime},
                                  Field{"duration", &CallResource::duration, As::numberInText},
                                  Field{"queue_time", &CallResource::queueTime, As::numberInText},
                                  Field{"price", &CallResource::price},
                                  Field{"price_unit", &CallResource::priceUnit},
                                  Field{"api_version", &CallResource::apiVersion},
                                  Field{"uri", &CallResource::uri},
                                  Field{"subresource_uris", &CallResource::subresourceUris}};
};

template <>
struct Fields<ConferenceResource> {
  static constexpr std::string_view plural = "conferences";
  static constexpr std::tuple all{
      Field{"sid", &ConferenceResource::sid, As::id},
      Field{"account_sid", &ConferenceResource::accountSid},
      Field{"friendly_name", &ConferenceResource::friendlyName},
      Field{"status", &ConferenceResource::status},
      Field{"region", &ConferenceResource::region},
      Field{"reason_conference_ended", &ConferenceResource::reasonConferenceEnded},
      Field{"call_sid_ending_conference", &ConferenceResource::callSidEndingConference},
      Field{"date_created", &ConferenceResource::dateCreated},
      Field{"date_updated", &ConferenceResource::dateUpdated},
      Field{"api_version", &ConferenceResource::apiVersion},
      Field{"uri", &ConferenceResource::uri},
      Field{"subresource_uris", &ConferenceResource::subresourceUris}};
};

template <>
struct Fields<ParticipantResource> {
  static constexpr std::string_view plural = "participants";
  static constexpr std::tuple all{
      Field{"call_sid", &ParticipantResource::callSid, As::id},
      Field{"conference_sid", &ParticipantResource::conferenceSid},
      Field{"account_sid", &ParticipantResource::accountSid},
      Field{"label", &ParticipantResource::label},
      Field{"call_sid_to_coach", &ParticipantResource::callSidToCoach},
      Field{"coaching", &ParticipantResource::coaching},
      Field{"muted", &ParticipantResource::muted},
      Field{"hold", &ParticipantResource::hold},
      Field{"start_conference_on_enter", &ParticipantResource::startConferenceOnEnter},
      Field{"end_conference_on_exit", &ParticipantResource::endConferenceOnExit},
      Field{"status", &ParticipantResource::status},
      Field{"queue_time", &ParticipantResource::queueTime, As::numberInText},
      Field{"date_created", &ParticipantResource::dateCreated},
      Field{"date_updated", &ParticipantResource::dateUpdated},
      Field{"uri", &ParticipantResource::uri}};
};

template <>
struct Fields<QueueResource> {
  static constexpr std::string_view plural = "queues";
  static constexpr std::tuple all{Field{"sid", &QueueResource::sid, As::id},
                                  Field{"account_sid", &QueueResource::accountSid},
                                  Field{"friendly_name", &QueueResource::friendlyName},
                                  Field{"current_size", &QueueResource::currentSize},
                                  Field{"max_size", &QueueResource::maxSize},
                                  Field{"average_wait_time", &QueueResource::averageWaitTime},
                                  Field{"date_created", &QueueResource::dateCreated},
                                  Field{"date_updated", &QueueResource::dateUpdated},
                                  Field{"uri", &QueueResource::uri},
                                  Field{"subresource_uris", &QueueResource::subresourceUris}};
};

template <>
struct Fields<MemberResource> {
  static constexpr std::string_view plural = "queue_members";
  static constexpr std::tuple all{Field{"call_sid", &MemberResource::callSid, As::id},
                                  Field{"queue_sid", &MemberResource::queueSid},
                                  Field{"position", &MemberResource::position},
                                  Field{"wait_time", &MemberResource::waitTime},
                                  Field{"date_enqueued", &MemberResource::dateEnqueued},
                                  Field{"uri", &MemberResource::uri}};
};

template <>
struct Fields<RecordingResource> {
  static constexpr std::string_view plural = "recordings";
  static constexpr std::tuple all{
      Field{"sid", &RecordingResource::sid, As::id},
      Field{"account_sid", &RecordingResource::accountSid},
      Field{"call_sid", &RecordingResource::callSid},
      Field{"conference_sid", &RecordingResource::conferenceSid},
      Field{"status", &RecordingResource::status},
      Field{"source", &RecordingResource::source},
      Field{"channels", &RecordingResource::channels},
      Field{"track", &RecordingResource::track},
      Field{"duration", &RecordingResource::duration, As::numberInText},
      Field{"date_created", &RecordingResource::dateCreated},
      Field{"date_updated", &RecordingResource::dateUpdated},
      Field{"start_time", &RecordingResource::startTime},
      Field{"price", &RecordingResource::price},
      Field{"price_unit", &RecordingResource::priceUnit},
      Field{"error_code", &RecordingResource::errorCode},
      Field{"encryption_details", &RecordingResource::encryptionDetails, As::json},
      Field{"media_url", &RecordingResource::mediaUrl},
      Field{"api_version", &RecordingResource::apiVersion},
      Field{"uri", &RecordingResource::uri},
      Field{"subresource_uris", &RecordingResource::subresourceUris}};
};

template <>
struct Fields<MessageResource> {
  static constexpr std::string_view plural = "messages";
  static constexpr std::tuple all{
      Field{"sid", &MessageResource::sid, As::id},
      Field{"account_sid", &MessageResource::accountSid},
      Field{"messaging_service_sid", &MessageResource::messagingServiceSid},
      Field{"from", &MessageResource::from},
      Field{"to", &MessageResource::to},
      Field{"body", &MessageResource::body},
      Field{"status", &MessageResource::status},
      Field{"direction", &MessageResource::direction},
      Field{"num_segments", &MessageResource::numSegments, As::numberInText},
      Field{"num_media", &MessageResource::numMedia, As::numberInText},
      Field{"error_code", &MessageResource::errorCode},
      Field{"error_message", &MessageResource::errorMessage},
      Field{"price", &MessageResource::price},
      Field{"price_unit", &MessageResource::priceUnit},
      Field{"date_created", &MessageResource::dateCreated},
      Field{"date_sent", &MessageResource::dateSent},
      Field{"date_updated", &MessageResource::dateUpdated},
      Field{"api_version", &MessageResource::apiVersion},
      Field{"uri", &MessageResource::uri},
      Field{"subresource_uris", &MessageResource::subresourceUris}};
};

}  // namespace ivr::rest
