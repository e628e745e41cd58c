// Participants of conferences.

#include "phone/api_dialling.hpp"
#include "phone/api_operations.hpp"
#include "phone/api_request.hpp"
#include "phone/conference.hpp"
#include "phone/leg.hpp"
#include "phone/switchboard.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::phone {

namespace {

constexpr std::size_t kLongestLabel = 128;

rest::ParticipantResource participantResource(const ApiRequest& request, const Conference& room,
                                              const Conference::Participant& one) {
  rest::ParticipantResource resource;
  resource.callSid = one.leg->sid;
  resource.conferenceSid = room.sid;
  resource.accountSid = request.board().options().accountSid;
  resource.label = one.label;
  resource.callSidToCoach = one.coached;
  resource.coaching = !one.coached.empty();
  resource.muted = one.isMuted;
  resource.hold = one.isOnHold;
  resource.startConferenceOnEnter = one.options.startConferenceOnEnter.value_or(true);
  resource.endConferenceOnExit = one.endsOnExit;
  resource.status = rest::ParticipantStatus::connected;
  resource.queueTime = std::chrono::milliseconds{0};
  resource.dateCreated = request.time(one.joined);
  resource.dateUpdated = request.time(one.joined);
  resource.uri =
      request.uri("/Conferences/" + room.sid + "/Participants/" + one.leg->sid + ".json");
  return resource;
}

/// The one that the path names.
std::pair<std::shared_ptr<Conference>, Conference::Participant*> participantOf(
    const ApiRequest& request) {
  auto room = request.conference();
  auto* const one = room->find(request.parameter(1));
  if (one == nullptr) request.refuseAsNotFound();
  return {std::move(room), one};
}

/// As the `Conference` noun would say it.
twiml::Conference optionsOf(const rest::CreateParticipant& create, const std::string& name) {
  twiml::Conference options{.name = name};
  options.muted = create.muted;
  options.startConferenceOnEnter = create.startConferenceOnEnter;
  options.endConferenceOnExit = create.endConferenceOnExit;
  options.waitUrl = create.waitUrl;
  if (create.waitMethod) options.waitMethod = *create.waitMethod;
  options.maxParticipants = create.maxParticipants;
  options.participantLabel = create.label;
  if (create.beep) options.beep = twiml::Choice<twiml::ConferenceBeep>{*create.beep};
  if (create.coaching.value_or(true)) options.coach = create.callSidToCoach;
  options.statusCallback = create.conferenceStatusCallback;
  if (create.conferenceStatusCallbackMethod) {
    options.statusCallbackMethod = *create.conferenceStatusCallbackMethod;
  }
  for (const std::string& events : create.conferenceStatusCallbackEvent) {
    for (const std::string_view event : itemsOf(events, ' ')) {
      options.statusCallbackEvent.emplace_back(event);
    }
  }
  const std::string record = create.conferenceRecord.value_or("false");
  if (record == "true" || record == "record-from-start") {
    options.record = twiml::ConferenceRecord::recordFromStart;
    options.recordingStatusCallback = create.conferenceRecordingStatusCallback;
    if (create.conferenceRecordingStatusCallbackMethod) {
      options.recordingStatusCallbackMethod = *create.conferenceRecordingStatusCallbackMethod;
    }
  }
  return options;
}

}  // namespace

std::string createParticipant(const ApiRequest& request) {
  const auto create =
      request.asked<rest::CreateParticipant>({"From",
                                              "To",
                                              "Label",
                                              "Timeout",
                                              "TimeLimit",
                                              "StatusCallback",
                                              "StatusCallbackEvent",
                                              "StatusCallbackMethod",
                                              "Muted",
                                              "Beep",
                                              "StartConferenceOnEnter",
                                              "EndConferenceOnExit",
                                              "WaitUrl",
                                              "WaitMethod",
                                              "MaxParticipants",
                                              "Coaching",
                                              "CallSidToCoach",
                                              "Record",
                                              "RecordingChannels",
                                              "RecordingTrack",
                                              "RecordingStatusCallback",
                                              "RecordingStatusCallbackEvent",
                                              "RecordingStatusCallbackMethod",
                                              "ConferenceRecord",
                                              "ConferenceStatusCallback",
                                              "ConferenceStatusCallbackEvent",
                                              "ConferenceStatusCallbackMethod",
                                              "ConferenceRecordingStatusCallback",
                                              "ConferenceRecordingStatusCallbackMethod",
                                              "MachineDetection",
                                              "AmdStatusCallback",
                                              "AmdStatusCallbackMethod"});
  if (create.label && create.label->size() > kLongestLabel) refuse(16024);
  // A SID, or a name, which makes the room if there is none.
  const std::string& which = request.parameter(0);
  Switchboard& board = request.board();
  auto room = board.findConference(which);
  if (room && room->status == Conference::Status::completed) refuse(16022);
  const bool isSid = which.size() == 34 && which.starts_with("CF");
  if (!room && isSid) request.refuseAsNotFound();
  if (!room) room = board.liveConference(which);
  if (room && create.label && room->find(*create.label) != nullptr) refuse(16026);
  const auto leg = dial(request, create);
  if (!room) room = board.conference(which);
  leg->isDetectedLater = true;  // the party is in the conference meanwhile
  leg->detectionCallback = {.url = create.amdStatusCallback.value_or(""),
                            .method = create.amdStatusCallbackMethod.value_or(HttpMethod::post)};
  leg->whenAnswered = [weak = std::weak_ptr{leg}, room, options = optionsOf(create, room->name)] {
    const auto still = weak.lock();
    if (!still) return;
    still->board().beginRecordings(*still);
    // It may have ended meanwhile: then the party is the first in another of that name.
    const bool isOver = room->status == Conference::Status::completed;
    const auto entered = isOver ? still->board().conference(room->name) : room;
    const std::string code = entered->join({.leg = still, .options = options, .whenLeft = [weak] {
                                              const auto gone = weak.lock();
                                              if (gone) gone->end(rest::CallStatus::completed);
                                            }});
    if (code.empty()) return;
    still->report(Happening::error, "the conference cannot be entered", {}, code);
    still->end(rest::CallStatus::completed);
  };
  room->expectOne();
  leg->whenOver = [room] { room->expectNoLonger(); };
  rest::ParticipantResource resource;
  resource.callSid = leg->sid;
  resource.conferenceSid = room->sid;
  resource.accountSid = board.options().accountSid;
  resource.label = create.label.value_or("");
  resource.callSidToCoach = create.callSidToCoach.value_or("");
  resource.coaching = create.coaching.value_or(false);
  resource.muted = create.muted.value_or(false);
  resource.hold = false;
  resource.startConferenceOnEnter = create.startConferenceOnEnter.value_or(true);
  resource.endConferenceOnExit = create.endConferenceOnExit.value_or(false);
  resource.status = rest::ParticipantStatus::queued;
  resource.queueTime = std::chrono::milliseconds{0};
  resource.dateCreated = request.time(board.now());
  resource.dateUpdated = request.time(board.now());
  resource.uri = request.uri("/Conferences/" + room->sid + "/Participants/" + leg->sid + ".json");
  return rest::jsonOf(resource);
}

std::string listParticipants(const ApiRequest& request) {
  const auto room = request.conference();
  const auto filter = request.asked<rest::ListParticipants>({"Muted", "Hold", "Coaching"});
  std::vector<const Conference::Participant*> all;
  for (const auto& one : room->participantsAt(request.listed())) {
    if (filter.muted && *filter.muted != one.isMuted) continue;
    if (filter.hold && *filter.hold != one.isOnHold) continue;
    if (filter.coaching && *filter.coaching == one.coached.empty()) continue;
    all.push_back(&one);
  }
  return request.page(
      all, filter, [](const Conference::Participant* one) { return one->leg->sid; },
      [&](const Conference::Participant* one) {
        return participantResource(request, *room, *one);
      });
}

std::string fetchParticipant(const ApiRequest& request) {
  const auto [room, one] = participantOf(request);
  return rest::jsonOf(participantResource(request, *room, *one));
}

std::string updateParticipant(const ApiRequest& request) {
  const auto [room, one] = participantOf(request);
  const auto update = request.asked<rest::UpdateParticipant>(
      {"Muted", "Hold", "HoldUrl", "HoldMethod", "AnnounceUrl", "AnnounceMethod",
       "EndConferenceOnExit", "Coaching", "CallSidToCoach"});
  const bool coaches = update.coaching.value_or(true) && update.callSidToCoach.has_value();
  if (coaches && room->find(*update.callSidToCoach) == nullptr) refuse(20404, "CallSidToCoach");
  if (update.muted) room->setMuted(*one, *update.muted);
  if (update.endConferenceOnExit) {
    if (one->isOnHold) {
      one->leg->report(Happening::note, "EndConferenceOnExit cannot be changed on hold: it stays");
    } else {
      one->endsOnExit = *update.endConferenceOnExit;
      room->modified(*one);
    }
  }
  if (update.coaching && !*update.coaching) {
    room->setCoached(*one, "");
  } else if (coaches) {
    room->setCoached(*one, *update.callSidToCoach);
  }
  if (update.hold) {
    room->setOnHold(*one, *update.hold, update.holdUrl.value_or(""),
                    update.holdMethod.value_or(HttpMethod::get));
  }
  if (update.announceUrl && !update.announceUrl->empty()) {
    room->announce(*one, *update.announceUrl, update.announceMethod.value_or(HttpMethod::post));
  }
  return rest::jsonOf(participantResource(request, *room, *one));
}

std::string removeParticipant(const ApiRequest& request) {
  const auto [room, one] = participantOf(request);
  const auto leg = one->leg;
  room->leave(*leg, "participant_updated_via_api");
  return {};
}

}  // namespace ivr::phone
