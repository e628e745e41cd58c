// Recordings.

#include "phone/api_operations.hpp"
#include "phone/api_request.hpp"
#include "phone/leg.hpp"
#include "phone/switchboard.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace ivr::phone {

namespace {

constexpr std::size_t kMostAtOnce = 20;  // of one call
constexpr std::size_t kMostPauses = 1000;

rest::RecordingResource recordingResource(const ApiRequest& request,
                                          const VoiceRecordingMade& recording) {
  rest::RecordingResource resource;
  resource.sid = recording.sid;
  resource.accountSid = request.board().options().accountSid;
  resource.callSid = recording.callSid;
  resource.conferenceSid = recording.conferenceSid;
  resource.status = recording.status;
  constexpr std::array kSources{rest::RecordingSource::dialVerb,
                                rest::RecordingSource::conference,
                                rest::RecordingSource::outboundApi,
                                rest::RecordingSource::trunking,
                                rest::RecordingSource::recordVerb,
                                rest::RecordingSource::startCallRecordingApi,
                                rest::RecordingSource::startConferenceRecordingApi};
  for (const auto source : kSources) {
    if (textOf(source) == recording.source) resource.source = source;
  }
  resource.channels = recording.channels;
  resource.track = recording.conferenceSid.empty() ? recording.track : "";
  if (recording.status == rest::RecordingStatus::completed) resource.duration = recording.duration;
  resource.dateCreated = request.time(recording.began);
  resource.dateUpdated = request.time(recording.began);
  resource.startTime = request.time(recording.began);
  resource.priceUnit = "USD";
  resource.mediaUrl = request.board().recordingUrl(recording.sid);
  resource.apiVersion = "2010-04-01";
  resource.uri = request.uri("/Recordings/" + recording.sid + ".json");
  return resource;
}

}  // namespace

std::string listRecordings(const ApiRequest& request) {
  const auto filter =
      request.asked<rest::ListRecordings>({"DateCreated", "CallSid", "ConferenceSid"});
  std::vector<const VoiceRecordingMade*> all;
  for (const auto& [sid, one, over] : request.board().recordings.newestFirst()) {
    if (filter.callSid && *filter.callSid != one.callSid) continue;
    if (filter.conferenceSid && *filter.conferenceSid != one.conferenceSid) continue;
    if (request.matches(filter.dateCreated, "DateCreated", one.began)) all.push_back(&one);
  }
  return request.page(
      all, filter, [](const VoiceRecordingMade* one) { return one->sid; },
      [&](const VoiceRecordingMade* one) { return recordingResource(request, *one); });
}

std::string fetchRecording(const ApiRequest& request) {
  const auto* const found = request.board().recordings.find(request.parameter(0));
  if (found == nullptr) request.refuseAsNotFound();
  return rest::jsonOf(recordingResource(request, *found));
}

std::string deleteRecording(const ApiRequest& request) {
  Switchboard& board = request.board();
  const auto gone = board.recordings.erase(request.parameter(0));
  if (!gone) request.refuseAsNotFound();
  board.studio().forget(gone->sid);
  if (const auto leg = board.find(gone->callSid)) std::erase(leg->runningRecordings, gone->sid);
  return {};
}

std::string startRecording(const ApiRequest& request) {
  const auto leg = request.call();
  const auto start = request.asked<rest::StartRecording>(
      {"RecordingStatusCallback", "RecordingStatusCallbackEvent", "RecordingStatusCallbackMethod",
       "RecordingChannels", "RecordingTrack"});
  if (leg->status != rest::CallStatus::inProgress) refuse(21220);
  if (leg->runningRecordings.size() >= kMostAtOnce) refuse(20409);
  Switchboard& board = request.board();
  VoiceRecordingMade made{.sid = board.sids().make("RE"),
                          .callSid = leg->sid,
                          .source = "StartCallRecordingAPI",
                          .channels = start.recordingChannels.value_or("mono") == "dual" ? 2 : 1,
                          .began = board.now(),
                          .status = rest::RecordingStatus::inProgress,
                          .track = start.recordingTrack.value_or("both")};
  made.callback = {.url = start.recordingStatusCallback.value_or(""),
                   .method = start.recordingStatusCallbackMethod.value_or(HttpMethod::post),
                   .events = start.recordingStatusCallbackEvent};
  leg->report(Happening::note, "a recording begins", {{"RecordingSid", made.sid}});
  const VoiceRecordingMade& running = board.add(std::move(made));
  board.tell(running);
  return rest::jsonOf(recordingResource(request, running));
}

std::string listCallRecordings(const ApiRequest& request) {
  const auto leg = request.call();
  const auto filter = request.asked<rest::ListCallRecordings>({"DateCreated"});
  std::vector<const VoiceRecordingMade*> all;
  for (const auto& [sid, one, over] : request.board().recordings.newestFirst()) {
    if (one.callSid != leg->sid) continue;
    if (request.matches(filter.dateCreated, "DateCreated", one.began)) all.push_back(&one);
  }
  return request.page(
      all, filter, [](const VoiceRecordingMade* one) { return one->sid; },
      [&](const VoiceRecordingMade* one) { return recordingResource(request, *one); });
}

std::string updateRecording(const ApiRequest& request) {
  const auto leg = request.call();
  const auto update = request.asked<rest::UpdateRecording>({"Status"});
  VoiceRecordingMade* found = nullptr;
  for (const std::string& sid : leg->runningRecordings) {
    if (request.parameter(1) != rest::kCurrentRecording && request.parameter(1) != sid) continue;
    VoiceRecordingMade* const one = request.board().recordings.find(sid);
    const bool isRunning = one != nullptr && (one->status == rest::RecordingStatus::inProgress ||
                                              one->status == rest::RecordingStatus::paused);
    if (isRunning && found == nullptr) found = one;
  }
  if (found == nullptr) request.refuseAsNotFound();
  Switchboard& board = request.board();
  switch (update.status) {
    case rest::RecordingStatus::stopped: board.finish(*found); break;
    case rest::RecordingStatus::paused:
      if (found->pauses.size() >= kMostPauses) refuse(20409);
      board.pause(*found);
      break;
    default: board.goOn(*found); break;
  }
  return rest::jsonOf(recordingResource(request, *found));
}

}  // namespace ivr::phone
