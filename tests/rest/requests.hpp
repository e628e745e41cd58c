#pragma once
// A request of each kind that the REST client makes: for scripted answers, and for the phone.

#include "rest/client.hpp"

#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace ivr::support {

/// What requests are about.
struct RestSids {
  std::string call = "CA1";       ///< Alive, and recorded.
  std::string endedCall = "CA1";  ///< What is deleted must be over.
  std::string conference = "CF1";
  std::string participant = "CA1";
  std::string queue = "QU1";
  std::string emptyQueue = "QU1";
  std::string member = "CA1";
  std::string recording = "RE1";  ///< Complete.
  std::string message = "SM1";
};

struct RestRequest {
  std::string name;
  std::function<Later<Done>(Client&, const RestSids&)> send;
  std::string method;
  std::string path;  ///< With the SIDs that stand above.
  bool onlyOnce = false;
};

inline void PrintTo(const RestRequest& request, std::ostream* out) { *out << request.name; }

template <class T>
Later<Done> done(Later<T> later) {
  return std::move(later).then([](const T&) { return Done{}; });
}

/// With every field but one: the applications of an account are its own, and a phone has none.
inline CreateCall callOfNoApplication() {
  CreateCall create = full<CreateCall>();
  create.applicationSid.reset();
  return create;
}

inline const std::vector<RestRequest> kRestRequests{
    {"CreateCall",
     [](Client& c, const RestSids&) { return done(c.createCall(callOfNoApplication())); }, "POST",
     "/Calls.json", true},
    {"FetchCall", [](Client& c, const RestSids& of) { return done(c.fetchCall(of.call)); }, "GET",
     "/Calls/CA1.json"},
    {"ListCalls", [](Client& c, const RestSids&) { return done(c.listCalls()); }, "GET",
     "/Calls.json"},
    {"UpdateCall",
     [](Client& c, const RestSids& of) {
       return done(c.updateCall(of.call, {.status = CallEnd::completed}));
     },
     "POST", "/Calls/CA1.json"},
    {"DeleteCall", [](Client& c, const RestSids& of) { return done(c.deleteCall(of.endedCall)); },
     "DELETE", "/Calls/CA1.json"},
    {"ListConferences", [](Client& c, const RestSids&) { return done(c.listConferences()); }, "GET",
     "/Conferences.json"},
    {"FetchConference",
     [](Client& c, const RestSids& of) { return done(c.fetchConference(of.conference)); }, "GET",
     "/Conferences/CF1.json"},
    {"UpdateConference",
     [](Client& c, const RestSids& of) {
       return done(c.updateConference(of.conference, {.status = ConferenceStatus::completed}));
     },
     "POST", "/Conferences/CF1.json"},
    {"CreateParticipant",
     [](Client& c, const RestSids&) {
       return done(c.createParticipant("Room 1", full<CreateParticipant>()));
     },
     "POST", "/Conferences/Room%201/Participants.json", true},
    {"ListParticipants",
     [](Client& c, const RestSids& of) { return done(c.listParticipants(of.conference)); }, "GET",
     "/Conferences/CF1/Participants.json"},
    {"FetchParticipant",
     [](Client& c, const RestSids& of) {
       return done(c.fetchParticipant(of.conference, of.participant));
     },
     "GET", "/Conferences/CF1/Participants/CA1.json"},
    {"UpdateParticipant",
     [](Client& c, const RestSids& of) {
       return done(c.updateParticipant(of.conference, of.participant, {.muted = true}));
     },
     "POST", "/Conferences/CF1/Participants/CA1.json"},
    {"RemoveParticipant",
     [](Client& c, const RestSids& of) {
       return done(c.removeParticipant(of.conference, of.participant));
     },
     "DELETE", "/Conferences/CF1/Participants/CA1.json"},
    {"CreateQueue",
     [](Client& c, const RestSids&) { return done(c.createQueue({.friendlyName = "support"})); },
     "POST", "/Queues.json", true},
    {"ListQueues", [](Client& c, const RestSids&) { return done(c.listQueues()); }, "GET",
     "/Queues.json"},
    {"FetchQueue", [](Client& c, const RestSids& of) { return done(c.fetchQueue(of.queue)); },
     "GET", "/Queues/QU1.json"},
    {"UpdateQueue",
     [](Client& c, const RestSids& of) { return done(c.updateQueue(of.queue, {.maxSize = 5})); },
     "POST", "/Queues/QU1.json"},
    {"DeleteQueue",
     [](Client& c, const RestSids& of) { return done(c.deleteQueue(of.emptyQueue)); }, "DELETE",
     "/Queues/QU1.json"},
    {"ListMembers", [](Client& c, const RestSids& of) { return done(c.listMembers(of.queue)); },
     "GET", "/Queues/QU1/Members.json"},
    {"FetchMember",
     [](Client& c, const RestSids& of) { return done(c.fetchMember(of.queue, kFrontMember)); },
     "GET", "/Queues/QU1/Members/Front.json"},
    {"DequeueMember",
     [](Client& c, const RestSids& of) {
       return done(c.dequeueMember(of.queue, of.member, full<DequeueMember>()));
     },
     "POST", "/Queues/QU1/Members/CA1.json"},
    {"ListRecordings", [](Client& c, const RestSids&) { return done(c.listRecordings()); }, "GET",
     "/Recordings.json"},
    {"FetchRecording",
     [](Client& c, const RestSids& of) { return done(c.fetchRecording(of.recording)); }, "GET",
     "/Recordings/RE1.json"},
    {"DeleteRecording",
     [](Client& c, const RestSids& of) { return done(c.deleteRecording(of.recording)); }, "DELETE",
     "/Recordings/RE1.json"},
    {"StartRecording",
     [](Client& c, const RestSids& of) { return done(c.startRecording(of.call)); }, "POST",
     "/Calls/CA1/Recordings.json", true},
    {"ListCallRecordings",
     [](Client& c, const RestSids& of) { return done(c.listCallRecordings(of.call)); }, "GET",
     "/Calls/CA1/Recordings.json"},
    {"UpdateRecording",
     [](Client& c, const RestSids& of) {
       return done(c.updateRecording(of.call, kCurrentRecording, {}));
     },
     "POST", "/Calls/CA1/Recordings/Twilio.CURRENT.json"},
    {"CreateMessage",
     [](Client& c, const RestSids&) { return done(c.createMessage(full<CreateMessage>())); },
     "POST", "/Messages.json", true},
    {"ListMessages", [](Client& c, const RestSids&) { return done(c.listMessages()); }, "GET",
     "/Messages.json"},
    {"FetchMessage", [](Client& c, const RestSids& of) { return done(c.fetchMessage(of.message)); },
     "GET", "/Messages/SM1.json"},
};

}  // namespace ivr::support
