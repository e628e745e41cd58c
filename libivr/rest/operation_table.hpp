#pragma once
// What can be asked of the API, and the types of each question and answer.
//
// Written by rest/schema/generate.

#include "ivr/rest/calls.hpp"
#include "ivr/rest/conferences.hpp"
#include "ivr/rest/messages.hpp"
#include "ivr/rest/page.hpp"
#include "ivr/rest/participants.hpp"
#include "ivr/rest/queues.hpp"
#include "ivr/rest/recordings.hpp"

#include <array>
#include <string_view>

namespace ivr::rest {

enum class OperationName {
  createCall,
  listCalls,
  fetchCall,
  updateCall,
  deleteCall,
  listConferences,
  fetchConference,
  updateConference,
  createParticipant,
  listParticipants,
  fetchParticipant,
  updateParticipant,
  removeParticipant,
  createQueue,
  listQueues,
  fetchQueue,
  updateQueue,
  deleteQueue,
  listMembers,
  fetchMember,
  dequeueMember,
  listRecordings,
  fetchRecording,
  deleteRecording,
  startRecording,
  listCallRecordings,
  updateRecording,
  createMessage,
  fetchMessage,
};

/// One thing that can be asked of the API.
struct Operation {
  std::string_view method;
  std::string_view path;  ///< Behind the account, with parameters in braces.
  OperationName name;
  int status;  ///< Of a success.
};

/// All, in the order of their names.
inline constexpr std::array<Operation, 29> kOperations{
    Operation{"POST", "/Calls.json", OperationName::createCall, 201},
    Operation{"GET", "/Calls.json", OperationName::listCalls, 200},
    Operation{"GET", "/Calls/{CallSid}.json", OperationName::fetchCall, 200},
    Operation{"POST", "/Calls/{CallSid}.json", OperationName::updateCall, 200},
    Operation{"DELETE", "/Calls/{CallSid}.json", OperationName::deleteCall, 204},
    Operation{"GET", "/Conferences.json", OperationName::listConferences, 200},
    Operation{"GET", "/Conferences/{ConferenceSid}.json", OperationName::fetchConference, 200},
    Operation{"POST", "/Conferences/{ConferenceSid}.json", OperationName::updateConference, 200},
    Operation{"POST", "/Conferences/{ConferenceSid}/Participants.json",
              OperationName::createParticipant, 201},
    Operation{"GET", "/Conferences/{ConferenceSid}/Participants.json",
              OperationName::listParticipants, 200},
    Operation{"GET", "/Conferences/{ConferenceSid}/Participants/{CallSid}.json",
              OperationName::fetchParticipant, 200},
    Operation{"POST", "/Conferences/{ConferenceSid}/Participants/{CallSid}.json",
              OperationName::updateParticipant, 200},
    Operation{"DELETE", "/Conferences/{ConferenceSid}/Participants/{CallSid}.json",
              OperationName::removeParticipant, 204},
    Operation{"POST", "/Queues.json", OperationName::createQueue, 201},
    Operation{"GET", "/Queues.json", OperationName::listQueues, 200},
    Operation{"GET", "/Queues/{QueueSid}.json", OperationName::fetchQueue, 200},
    Operation{"POST", "/Queues/{QueueSid}.json", OperationName::updateQueue, 200},
    Operation{"DELETE", "/Queues/{QueueSid}.json", OperationName::deleteQueue, 204},
    Operation{"GET", "/Queues/{QueueSid}/Members.json", OperationName::listMembers, 200},
    Operation{"GET", "/Queues/{QueueSid}/Members/{CallSid}.json", OperationName::fetchMember, 200},
    Operation{"POST", "/Queues/{QueueSid}/Members/{CallSid}.json", OperationName::dequeueMember,
              200},
    Operation{"GET", "/Recordings.json", OperationName::listRecordings, 200},
    Operation{"GET", "/Recordings/{RecordingSid}.json", OperationName::fetchRecording, 200},
    Operation{"DELETE", "/Recordings/{RecordingSid}.json", OperationName::deleteRecording, 204},
    Operation{"POST", "/Calls/{CallSid}/Recordings.json", OperationName::startRecording, 201},
    Operation{"GET", "/Calls/{CallSid}/Recordings.json", OperationName::listCallRecordings, 200},
    Operation{"POST", "/Calls/{CallSid}/Recordings/{RecordingSid}.json",
              OperationName::updateRecording, 200},
    Operation{"POST", "/Messages.json", OperationName::createMessage, 201},
    Operation{"GET", "/Messages/{MessageSid}.json", OperationName::fetchMessage, 200}};

/// What an operation takes and gives: `Request` and `Answer`, each void if there is none.
template <OperationName>
struct OperationTypes;

template <>
struct OperationTypes<OperationName::createCall> {
  using Request = CreateCall;
  using Answer = CallResource;
};

template <>
struct OperationTypes<OperationName::listCalls> {
  using Request = ListCalls;
  using Answer = Page<CallResource>;
};

template <>
struct OperationTypes<OperationName::fetchCall> {
  using Request = void;
  using Answer = CallResource;
};

template <>
struct OperationTypes<OperationName::updateCall> {
  using Request = UpdateCall;
  using Answer = CallResource;
};

template <>
struct OperationTypes<OperationName::deleteCall> {
  using Request = void;
  using Answer = void;
};

template <>
struct OperationTypes<OperationName::listConferences> {
  using Request = ListConferences;
  using Answer = Page<ConferenceResource>;
};

template <>
struct OperationTypes<OperationName::fetchConference> {
  using Request = void;
  using Answer = ConferenceResource;
};

template <>
struct OperationTypes<OperationName::updateConference> {
  using Request = UpdateConference;
  using Answer = ConferenceResource;
};

template <>
struct OperationTypes<OperationName::createParticipant> {
  using Request = CreateParticipant;
  using Answer = ParticipantResource;
};

template <>
struct OperationTypes<OperationName::listParticipants> {
  using Request = ListParticipants;
  using Answer = Page<ParticipantResource>;
};

template <>
struct OperationTypes<OperationName::fetchParticipant> {
  using Request = void;
  using Answer = ParticipantResource;
};

template <>
struct OperationTypes<OperationName::updateParticipant> {
  using Request = UpdateParticipant;
  using Answer = ParticipantResource;
};

template <>
struct OperationTypes<OperationName::removeParticipant> {
  using Request = void;
  using Answer = void;
};

template <>
struct OperationTypes<OperationName::createQueue> {
  using Request = CreateQueue;
  using Answer = QueueResource;
};

template <>
struct OperationTypes<OperationName::listQueues> {
  using Request = ListQueues;
  using Answer = Page<QueueResource>;
};

template <>
struct OperationTypes<OperationName::fetchQueue> {
  using Request = void;
  using Answer = QueueResource;
};

template <>
struct OperationTypes<OperationName::updateQueue> {
  using Request = UpdateQueue;
  using Answer = QueueResource;
};

template <>
struct OperationTypes<OperationName::deleteQueue> {
  using Request = void;
  using Answer = void;
};

template <>
struct OperationTypes<OperationName::listMembers> {
  using Request = ListMembers;
  using Answer = Page<MemberResource>;
};

template <>
struct OperationTypes<OperationName::fetchMember> {
  using Request = void;
  using Answer = MemberResource;
};

template <>
struct OperationTypes<OperationName::dequeueMember> {
  using Request = DequeueMember;
  using Answer = MemberResource;
};

template <>
struct OperationTypes<OperationName::listRecordings> {
  using Request = ListRecordings;
  using Answer = Page<RecordingResource>;
};

template <>
struct OperationTypes<OperationName::fetchRecording> {
  using Request = void;
  using Answer = RecordingResource;
};

template <>
struct OperationTypes<OperationName::deleteRecording> {
  using Request = void;
  using Answer = void;
};

template <>
struct OperationTypes<OperationName::startRecording> {
  using Request = StartRecording;
  using Answer = RecordingResource;
};

template <>
struct OperationTypes<OperationName::listCallRecordings> {
  using Request = ListCallRecordings;
  using Answer = Page<RecordingResource>;
};

template <>
struct OperationTypes<OperationName::updateRecording> {
  using Request = UpdateRecording;
  using Answer = RecordingResource;
};

template <>
struct OperationTypes<OperationName::createMessage> {
  using Request = CreateMessage;
  using Answer = MessageResource;
};

template <>
struct OperationTypes<OperationName::fetchMessage> {
  using Request = void;
  using Answer = MessageResource;
};

}  // namespace ivr::rest
