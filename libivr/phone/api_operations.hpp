#pragma once
// The operations of the provider's API, by resource. Each gives the body of a success, which is
// empty for a deletion, and throws `ApiRefusal`.

#include <string>

namespace ivr::phone {

class ApiRequest;

// api_calls.cpp
std::string createCall(const ApiRequest& request);
std::string listCalls(const ApiRequest& request);
std::string fetchCall(const ApiRequest& request);
std::string updateCall(const ApiRequest& request);
std::string deleteCall(const ApiRequest& request);

// api_conferences.cpp
std::string listConferences(const ApiRequest& request);
std::string fetchConference(const ApiRequest& request);
std::string updateConference(const ApiRequest& request);

// api_participants.cpp
std::string createParticipant(const ApiRequest& request);
std::string listParticipants(const ApiRequest& request);
std::string fetchParticipant(const ApiRequest& request);
std::string updateParticipant(const ApiRequest& request);
std::string removeParticipant(const ApiRequest& request);

// api_queues.cpp
std::string createQueue(const ApiRequest& request);
std::string listQueues(const ApiRequest& request);
std::string fetchQueue(const ApiRequest& request);
std::string updateQueue(const ApiRequest& request);
std::string deleteQueue(const ApiRequest& request);
std::string listMembers(const ApiRequest& request);
std::string fetchMember(const ApiRequest& request);
std::string dequeueMember(const ApiRequest& request);

// api_recordings.cpp
std::string listRecordings(const ApiRequest& request);
std::string fetchRecording(const ApiRequest& request);
std::string deleteRecording(const ApiRequest& request);
std::string startRecording(const ApiRequest& request);
std::string listCallRecordings(const ApiRequest& request);
std::string updateRecording(const ApiRequest& request);

// api_messages.cpp
std::string createMessage(const ApiRequest& request);
std::string listMessages(const ApiRequest& request);
std::string fetchMessage(const ApiRequest& request);

}  // namespace ivr::phone
