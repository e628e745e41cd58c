// Conferences.

#include "phone/api_operations.hpp"
#include "phone/api_request.hpp"
#include "phone/conference.hpp"

#include <array>
#include <string>
#include <vector>

namespace ivr::phone {

namespace {

rest::ConferenceStatus conferenceWord(Conference::Status status) {
  switch (status) {
    case Conference::Status::init: return rest::ConferenceStatus::init;
    case Conference::Status::inProgress: return rest::ConferenceStatus::inProgress;
    case Conference::Status::completed: break;
  }
  return rest::ConferenceStatus::completed;
}

rest::ConferenceResource conferenceResource(const ApiRequest& request, const Conference& room,
                                            Moment at) {
  rest::ConferenceResource resource;
  resource.sid = room.sid;
  resource.accountSid = request.board().options().accountSid;
  resource.friendlyName = room.name;
  const auto status = room.statusAt(at).value_or(Conference::Status::init);
  resource.status = conferenceWord(status);
  resource.region = "us1";
  if (status == Conference::Status::completed) {
    constexpr std::array kReasons{
        rest::ReasonConferenceEnded::conferenceEndedViaApi,
        rest::ReasonConferenceEnded::participantWithEndConferenceOnExitLeft,
        rest::ReasonConferenceEnded::participantWithEndConferenceOnExitKicked,
        rest::ReasonConferenceEnded::lastParticipantKicked,
        rest::ReasonConferenceEnded::lastParticipantLeft};
    for (const auto reason : kReasons) {
      if (textOf(reason) == room.reasonEnded) resource.reasonConferenceEnded = reason;
    }
    resource.callSidEndingConference = room.callSidEnding;
  }
  resource.dateCreated = request.time(room.created);
  resource.dateUpdated = request.time(room.updatedAt(at));
  resource.apiVersion = "2010-04-01";
  resource.uri = request.uri("/Conferences/" + room.sid + ".json");
  resource.subresourceUris = {
      {"participants", request.uri("/Conferences/" + room.sid + "/Participants.json")},
      {"recordings", request.uri("/Conferences/" + room.sid + "/Recordings.json")}};
  return resource;
}

}  // namespace

std::string listConferences(const ApiRequest& request) {
  const auto filter = request.asked<rest::ListConferences>(
      {"DateCreated", "DateUpdated", "FriendlyName", "Status"});
  const Moment listed = request.listed();
  std::vector<const Conference*> rooms;
  for (const auto& [sid, room, over] : request.board().conferences().newestFirst()) {
    const auto status = room->statusAt(listed);
    if (!status || (filter.status && *filter.status != conferenceWord(*status))) continue;
    if (filter.friendlyName && *filter.friendlyName != room->name) continue;
    if (!request.matches(filter.dateCreated, "DateCreated", room->created)) continue;
    if (!request.matches(filter.dateUpdated, "DateUpdated", room->updatedAt(listed))) continue;
    rooms.push_back(room.get());
  }
  return request.page(
      rooms, filter, [](const Conference* one) { return one->sid; },
      [&](const Conference* one) { return conferenceResource(request, *one, listed); });
}

std::string fetchConference(const ApiRequest& request) {
  return rest::jsonOf(conferenceResource(request, *request.conference(), request.board().now()));
}

std::string updateConference(const ApiRequest& request) {
  const auto room = request.conference();
  const auto update =
      request.asked<rest::UpdateConference>({"Status", "AnnounceUrl", "AnnounceMethod"});
  if (room->status == Conference::Status::completed && (update.status || update.announceUrl)) {
    refuse(16022);
  }
  if (update.announceUrl) {
    room->announceToAll(*update.announceUrl, update.announceMethod.value_or(HttpMethod::post));
  }
  if (update.status == rest::ConferenceStatus::completed) room->end("conference-ended-via-api");
  return rest::jsonOf(conferenceResource(request, *room, request.board().now()));
}

}  // namespace ivr::phone
