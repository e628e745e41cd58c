#include "phone/api_dialling.hpp"

#include "ivr/core/log.hpp"
#include "ivr/rest/calls.hpp"
#include "ivr/rest/participants.hpp"
#include "phone/api_request.hpp"
#include "phone/switchboard.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::seconds;

constexpr seconds kDefaultRinging{60};
constexpr seconds kLongestRinging{600};

/// A number, however it is grouped, a client or a SIP address.
bool isCallable(std::string_view party) {
  constexpr std::string_view kOfNumbers = "0123456789+-.() ";
  if (party.starts_with("client:") || party.starts_with("sip:") || party.starts_with("sips:")) {
    return true;
  }
  return party.find_first_of("0123456789") != std::string_view::npos &&
         party.find_first_not_of(kOfNumbers) == std::string_view::npos;
}

/// Who is told of the events of a call. Names of events that there are not, as in `initiated
/// answered` in one value, are taken without a complaint, and then nobody is told anything (21626).
template <class Creation>
StatusCallback statusCallbackOf(const Creation& call, const Leg& leg) {
  constexpr std::array<std::string_view, 4> kEvents{"initiated", "ringing", "answered",
                                                    "completed"};
  for (const std::string& event : call.statusCallbackEvent) {
    if (std::ranges::find(kEvents, event) != kEvents.end()) continue;
    leg.report(
        Happening::warning,
        "StatusCallbackEvent is no event: \"" + oneLine(event) + "\"; nobody is told anything", {},
        "21626");
    return {};
  }
  return {.url = call.statusCallback.value_or(""),
          .method = call.statusCallbackMethod.value_or(HttpMethod::post),
          .events = call.statusCallbackEvent};
}

/// A recording that runs from the answer to the end.
template <class Creation>
VoiceRecordingMade recordingOf(const Creation& call, const std::string& callSid,
                               const std::string& sid) {
  VoiceRecordingMade made{.sid = sid,
                          .callSid = callSid,
                          .source = "OutboundAPI",
                          .channels = call.recordingChannels.value_or("mono") == "dual" ? 2 : 1,
                          .status = rest::RecordingStatus::processing,
                          .track = call.recordingTrack.value_or("both")};
  made.callback = {.url = call.recordingStatusCallback.value_or(""),
                   .method = call.recordingStatusCallbackMethod.value_or(HttpMethod::post),
                   .events = call.recordingStatusCallbackEvent};
  return made;
}

}  // namespace

template <class Creation>
std::shared_ptr<Leg> dial(const ApiRequest& request, const Creation& call) {
  Switchboard& board = request.board();
  if (!isCallable(call.to)) refuse(21211, call.to);
  if (board.liveLegs >= board.options().maxLiveCalls) refuse(10004);
  auto leg = board.makeLeg();
  ++board.calls;
  leg->from = call.from;
  leg->to = call.to;
  leg->direction = "outbound-api";
  leg->telephone = board.telephoneAt(call.to);
  leg->ringLimit = std::clamp(call.timeout.value_or(kDefaultRinging), seconds{1}, kLongestRinging);
  if (call.timeLimit && *call.timeLimit > seconds{0}) leg->timeLimit = *call.timeLimit;
  leg->statusCallback = statusCallbackOf(call, *leg);
  leg->detection = call.machineDetection.value_or("");
  leg->webCaller->hangUp = [weak = std::weak_ptr{leg}] {
    if (const auto still = weak.lock()) (void)still->hangUp();
  };
  if (call.record.value_or(false)) {
    board.add(recordingOf(call, leg->sid, board.sids().make("RE")));
  }
  board.loop().post([weak = std::weak_ptr{leg}] {
    const auto still = weak.lock();
    if (still && !still->isOver()) still->ring();
  });
  return leg;
}

template std::shared_ptr<Leg> dial(const ApiRequest&, const rest::CreateCall&);
template std::shared_ptr<Leg> dial(const ApiRequest&, const rest::CreateParticipant&);

}  // namespace ivr::phone
