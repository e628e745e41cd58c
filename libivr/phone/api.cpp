#include "phone/api.hpp"

#include "core/base64.hpp"
#include "core/text.hpp"
#include "ivr/http/percent.hpp"
#include "ivr/rest/page.hpp"
#include "phone/call_queue.hpp"
#include "phone/conference.hpp"
#include "phone/document_run.hpp"
#include "phone/leg.hpp"
#include "phone/sids.hpp"
#include "phone/switchboard.hpp"
#include "rest/operations.hpp"
#include "rest/refusals.hpp"
#include "rest/request_reader.hpp"
#include "rest/resource_writer.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ivr::phone {

namespace {

using rest::OperationName;
using rest::RestRefusal;
using std::chrono::seconds;

constexpr std::size_t kMaxApiFields = 1000;
constexpr int kDefaultPageSize = 50;
constexpr seconds kDefaultTimeout{60};
constexpr int kNotInProgress = 21220;

/// Thrown and caught here: what the API refuses.
struct Refused {
  RestRefusal refusal;
};

[[noreturn]] void refuse(int code, std::string_view about = {}) {
  throw Refused{rest::refusalOf(code, about)};
}

template <class Asked>
Asked read(const Form& form) {
  auto read = rest::requestFrom<Asked>(form);
  if (auto* const refusal = std::get_if<RestRefusal>(&read)) throw Refused{std::move(*refusal)};
  return std::get<Asked>(std::move(read));
}

Response json(int status, std::string body) {
  return {
      .status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

/// A copy, the newest first.
template <class Item>
std::vector<Item> newestFirst(const std::vector<Item>& items) {
  return {items.rbegin(), items.rend()};
}

/// One request to the API of a switchboard, on the loop's thread.
class ApiRequest {
 public:
  ApiRequest(Switchboard& board, const Request& request) : board_(board), request_(request) {}

  Response answer() {
    try {
      if (!isAllowed()) refuse(20003);
      auto found = rest::findOperation(request_.method, request_.path());
      if (auto* const refusal = std::get_if<RestRefusal>(&found)) throw Refused{*refusal};
      operation_ = std::get<rest::FoundOperation>(std::move(found));
      if (operation_.accountSid != board_.options().accountSid) notFound();
      auto form =
          Form::parse(request_.method == "GET" ? request_.query() : std::string_view{request_.body},
                      kMaxApiFields);
      if (!form || !form->isUtf8()) refuse(20001, "The request has fields that cannot be read");
      form_ = std::move(*form);
      std::string body = run();
      return json(rest::operationOf(operation_.name).status, std::move(body));
    } catch (const Refused& refused) {
      return json(refused.refusal.status, rest::jsonOf(refused.refusal));
    }
  }

 private:
  [[nodiscard]] bool isAllowed() const {
    const std::string& token = board_.options().authToken;
    if (token.empty()) return true;
    const auto header = request_.headers.find("Authorization");
    if (!header || header->size() < 6 || lowerCase(header->substr(0, 6)) != "basic ") return false;
    const auto credentials = base64Decoded(trimmed(header->substr(6)));
    return credentials == board_.options().accountSid + ':' + token;
  }

  [[noreturn]] void notFound() const { refuse(20404, request_.path()); }

  [[nodiscard]] const std::string& parameter(std::size_t index) const {
    return operation_.parameters.at(index);
  }

  [[nodiscard]] std::string uri(std::string_view rest) const {
    return "/2010-04-01/Accounts/" + board_.options().accountSid + std::string{rest};
  }

  [[nodiscard]] std::chrono::sys_seconds time(Moment moment) const {
    return std::chrono::floor<seconds>(board_.timeOfDay(moment));
  }

  template <class Asked>
  [[nodiscard]] Asked asked() {
    auto request = read<Asked>(form_);
    for (const auto& [name, value] : request.otherFields) {
      board_.report({.what = Happening::notPlayed,
                     .text = std::string{name} + " is ignored in " + request_.method + ' ' +
                             std::string{request_.path()}});
    }
    return request;
  }

  std::string run();

  // Lists.
  template <class Resource, class List>
  [[nodiscard]] std::string page(std::vector<Resource> all, const List& filter) const {
    const auto size = static_cast<std::size_t>(filter.pageSize.value_or(kDefaultPageSize));
    const auto number = static_cast<std::size_t>(std::max(filter.page.value_or(0), 0));
    const std::size_t begin = std::min(number * size, all.size());
    const std::size_t end = std::min(begin + size, all.size());
    const auto address = [&](std::size_t which) {
      Form query;
      for (const auto& [name, value] : form_) {
        if (name != "Page" && name != "PageToken" && name != "PageSize") query.add(name, value);
      }
      query.add("PageSize", std::to_string(size));
      query.add("Page", std::to_string(which));
      if (which > 0) query.add("PageToken", "PA" + std::to_string(which));
      return std::string{request_.path()} + '?' + query.encoded();
    };
    rest::Page<Resource> result;
    result.page = static_cast<int>(number);
    result.pageSize = static_cast<int>(size);
    result.start = static_cast<int>(begin);
    result.end = static_cast<int>(end == begin ? begin : end - 1);
    result.uri = address(number);
    result.firstPageUri = address(0);
    if (end < all.size()) result.nextPageUri = address(number + 1);
    if (number > 0) result.previousPageUri = address(number - 1);
    std::move(all.begin() + static_cast<std::ptrdiff_t>(begin),
              all.begin() + static_cast<std::ptrdiff_t>(end), std::back_inserter(result.items));
    return rest::jsonOf(result);
  }

  [[nodiscard]] static bool matches(const rest::DateFilter& filter,
                                    std::optional<std::chrono::sys_seconds> when) {
    if (!filter.on && !filter.before && !filter.after) return true;
    if (!when) return false;
    const auto day = std::chrono::floor<std::chrono::days>(*when);
    if (filter.on && day != *filter.on) return false;
    if (filter.before && *when >= *filter.before) return false;
    return !filter.after || *when >= *filter.after;
  }

  // Calls.
  [[nodiscard]] std::shared_ptr<Leg> leg(std::string_view callSid) const {
    auto found = board_.find(callSid);
    if (!found || board_.deletedCalls.contains(found->sid)) notFound();
    return found;
  }
  [[nodiscard]] rest::CallResource resourceOf(const Leg& leg) const;
  std::string createCall();
  std::string listCalls();
  std::string updateCall();
  std::string deleteCall();
  template <class Creation>
  std::shared_ptr<Leg> dial(const Creation& call);

  // Conferences.
  [[nodiscard]] std::shared_ptr<Conference> conference(std::string_view sid) const {
    auto found = board_.findConference(sid);
    if (!found) notFound();
    return found;
  }
  [[nodiscard]] rest::ConferenceResource resourceOf(const Conference& room) const;
  [[nodiscard]] rest::ParticipantResource resourceOf(const Conference& room,
                                                     const Conference::Participant& one) const;
  [[nodiscard]] std::pair<std::shared_ptr<Conference>, Conference::Participant*> participant()
      const {
    auto room = conference(parameter(0));
    auto* const one = room->find(parameter(1));
    if (one == nullptr) notFound();
    return {std::move(room), one};
  }
  std::string listConferences();
  std::string updateConference();
  std::string createParticipant();
  std::string listParticipants();
  std::string updateParticipant();
  std::string removeParticipant();

  // Queues.
  [[nodiscard]] std::shared_ptr<CallQueue> queue(std::string_view sid) const {
    const auto found =
        std::ranges::find_if(board_.queues, [&](const auto& one) { return one->sid == sid; });
    if (found == board_.queues.end()) notFound();
    return *found;
  }
  [[nodiscard]] rest::QueueResource resourceOf(const CallQueue& queue) const;
  [[nodiscard]] rest::MemberResource resourceOf(const CallQueue& queue,
                                                const CallQueue::Member& member) const;
  [[nodiscard]] CallQueue::Member& member(CallQueue& queue) const;
  std::string createQueue();
  std::string listQueues();
  std::string updateQueue();
  std::string deleteQueue();
  std::string listMembers();
  std::string dequeueMember();

  // Recordings and messages.
  [[nodiscard]] VoiceRecordingMade& recording(std::string_view sid) const {
    const auto found = std::ranges::find_if(
        board_.recordings, [&](const auto& one) { return one.sid == sid && !one.isDeleted; });
    if (found == board_.recordings.end()) notFound();
    return *found;
  }
  [[nodiscard]] rest::RecordingResource resourceOf(const VoiceRecordingMade& recording) const;
  std::string listRecordings();
  std::string startRecording();
  std::string listCallRecordings();
  std::string updateRecording();
  [[nodiscard]] rest::MessageResource resourceOf(const SentMessage& message) const;
  std::string createMessage();

  Switchboard& board_;
  const Request& request_;
  rest::FoundOperation operation_;
  Form form_;
};

std::string ApiRequest::run() {
  switch (operation_.name) {
    case OperationName::createCall: return createCall();
    case OperationName::listCalls: return listCalls();
    case OperationName::fetchCall: return rest::jsonOf(resourceOf(*leg(parameter(0))));
    case OperationName::updateCall: return updateCall();
    case OperationName::deleteCall: return deleteCall();
    case OperationName::listConferences: return listConferences();
    case OperationName::fetchConference: return rest::jsonOf(resourceOf(*conference(parameter(0))));
    case OperationName::updateConference: return updateConference();
    case OperationName::createParticipant: return createParticipant();
    case OperationName::listParticipants: return listParticipants();
    case OperationName::fetchParticipant: {
      const auto [room, one] = participant();
      return rest::jsonOf(resourceOf(*room, *one));
    }
    case OperationName::updateParticipant: return updateParticipant();
    case OperationName::removeParticipant: return removeParticipant();
    case OperationName::createQueue: return createQueue();
    case OperationName::listQueues: return listQueues();
    case OperationName::fetchQueue: return rest::jsonOf(resourceOf(*queue(parameter(0))));
    case OperationName::updateQueue: return updateQueue();
    case OperationName::deleteQueue: return deleteQueue();
    case OperationName::listMembers: return listMembers();
    case OperationName::fetchMember: {
      const auto of = queue(parameter(0));
      return rest::jsonOf(resourceOf(*of, member(*of)));
    }
    case OperationName::dequeueMember: return dequeueMember();
    case OperationName::listRecordings: return listRecordings();
    case OperationName::fetchRecording: return rest::jsonOf(resourceOf(recording(parameter(0))));
    case OperationName::deleteRecording: recording(parameter(0)).isDeleted = true; return {};
    case OperationName::startRecording: return startRecording();
    case OperationName::listCallRecordings: return listCallRecordings();
    case OperationName::updateRecording: return updateRecording();
    case OperationName::createMessage: return createMessage();
    case OperationName::fetchMessage: {
      const auto found = std::ranges::find_if(
          board_.messages, [&](const SentMessage& one) { return one.sid == parameter(0); });
      if (found == board_.messages.end()) notFound();
      return rest::jsonOf(resourceOf(*found));
    }
  }
  notFound();
}

rest::CallResource ApiRequest::resourceOf(const Leg& leg) const {
  rest::CallResource call;
  call.sid = leg.sid;
  call.accountSid = board_.options().accountSid;
  call.parentCallSid = leg.parentSid;
  call.to = leg.to;
  call.toFormatted = leg.to;
  call.from = leg.from;
  call.fromFormatted = leg.from;
  call.status = leg.status;
  call.direction = leg.direction;
  call.answeredBy = leg.answeredBy;
  call.dateCreated = time(leg.began);
  call.dateUpdated = time(leg.endedAt.value_or(leg.answeredAt.value_or(leg.began)));
  if (leg.answeredAt) call.startTime = time(*leg.answeredAt);
  if (leg.endedAt) {
    call.endTime = time(*leg.endedAt);
    call.duration =
        leg.answeredAt ? std::chrono::ceil<seconds>(*leg.endedAt - *leg.answeredAt) : seconds{0};
  }
  call.queueTime = std::chrono::milliseconds{0};
  call.priceUnit = "USD";
  call.apiVersion = "2010-04-01";
  call.uri = uri("/Calls/" + leg.sid + ".json");
  for (const std::string_view name : {"notifications", "recordings", "payments", "events", "siprec",
                                      "streams", "transcriptions"}) {
    std::string capital{name};
    capital[0] = static_cast<char>(capital[0] - 'a' + 'A');
    call.subresourceUris.emplace(name, uri("/Calls/" + leg.sid + '/' + capital + ".json"));
  }
  return call;
}

/// A call that the application makes, to be begun by an event.
template <class Creation>
std::shared_ptr<Leg> ApiRequest::dial(const Creation& call) {
  auto leg = board_.makeLeg();
  ++board_.calls;
  leg->from = call.from;
  leg->to = call.to;
  leg->direction = "outbound-api";
  leg->telephone = board_.telephoneAt(call.to);
  leg->ringLimit = std::clamp(call.timeout.value_or(kDefaultTimeout), seconds{1}, seconds{600});
  if (call.timeLimit && *call.timeLimit > seconds{0}) leg->timeLimit = *call.timeLimit;
  leg->statusCallback = {.url = call.statusCallback.value_or(""),
                         .method = call.statusCallbackMethod.value_or(HttpMethod::post),
                         .events = call.statusCallbackEvent};
  leg->detection = call.machineDetection.value_or("");
  leg->webCaller->hangUp = [weak = std::weak_ptr{leg}] {
    if (const auto still = weak.lock()) (void)still->hangUp();
  };
  if (call.record.value_or(false)) {
    // It runs from the answer to the end.
    const bool isDual = call.recordingChannels.value_or("mono") == "dual";
    VoiceRecordingMade made{.sid = board_.sids().make("RE"),
                            .callSid = leg->sid,
                            .source = "OutboundAPI",
                            .channels = isDual ? 2 : 1,
                            .status = rest::RecordingStatus::processing,
                            .track = call.recordingTrack.value_or("both")};
    made.callback = {.url = call.recordingStatusCallback.value_or(""),
                     .method = call.recordingStatusCallbackMethod.value_or(HttpMethod::post)};
    board_.recordings.push_back(std::move(made));
  }
  board_.loop().post([weak = std::weak_ptr{leg}] {
    const auto still = weak.lock();
    if (still && !still->isOver()) still->ring();
  });
  return leg;
}

std::string ApiRequest::createCall() {
  const auto call = asked<rest::CreateCall>();
  if (call.applicationSid && !call.applicationSid->empty()) refuse(21218);
  const auto leg = dial(call);
  leg->number = {.voiceUrl = call.url.value_or(""),
                 .voiceMethod = call.method.value_or(HttpMethod::post),
                 .fallbackUrl = call.fallbackUrl.value_or(""),
                 .fallbackMethod = call.fallbackMethod.value_or(HttpMethod::post)};
  if (leg->number.voiceUrl.empty()) leg->twiml = call.twiml.value_or("");
  leg->sendDigits = call.sendDigits.value_or("");
  leg->isDetectedLater = call.asyncAmd.value_or(false);
  if (leg->isDetectedLater) {
    leg->detectionCallback = {
        .url = call.asyncAmdStatusCallback.value_or(""),
        .method = call.asyncAmdStatusCallbackMethod.value_or(HttpMethod::post)};
  }
  leg->whenAnswered = [weak = std::weak_ptr{leg}] {
    const auto still = weak.lock();
    if (!still) return;
    still->board().beginRecordings(still->sid);
    still->start();
  };
  return rest::jsonOf(resourceOf(*leg));
}

std::string ApiRequest::listCalls() {
  const auto filter = asked<rest::ListCalls>();
  std::vector<rest::CallResource> calls;
  for (const auto& leg : newestFirst(board_.legs())) {  // the newest first
    if (board_.deletedCalls.contains(leg->sid)) continue;
    if (filter.to && *filter.to != leg->to) continue;
    if (filter.from && *filter.from != leg->from) continue;
    if (filter.parentCallSid && *filter.parentCallSid != leg->parentSid) continue;
    if (filter.status && *filter.status != leg->status) continue;
    auto call = resourceOf(*leg);
    if (matches(filter.startTime, call.startTime) && matches(filter.endTime, call.endTime)) {
      calls.push_back(std::move(call));
    }
  }
  return page(std::move(calls), filter);
}

std::string ApiRequest::updateCall() {
  const auto found = leg(parameter(0));
  const auto update = asked<rest::UpdateCall>();
  if (update.fallbackUrl) found->number.fallbackUrl = *update.fallbackUrl;
  if (update.fallbackMethod) found->number.fallbackMethod = *update.fallbackMethod;
  if (update.statusCallback) found->statusCallback.url = *update.statusCallback;
  if (update.statusCallbackMethod) found->statusCallback.method = *update.statusCallbackMethod;
  const bool isLive = found->status == rest::CallStatus::inProgress;
  if (update.status) {
    if (found->isOver() || (*update.status == rest::CallEnd::canceled && isLive)) {
      refuse(kNotInProgress, "Call is not in-progress. Cannot end.");
    }
    found->report(Happening::updated, std::string{textOf(*update.status)});
    found->end(isLive ? rest::CallStatus::completed : rest::CallStatus::canceled);
  } else if (update.url || update.twiml) {
    if (!isLive) refuse(kNotInProgress, "Call is not in-progress. Cannot redirect.");
    found->redirect(update.url.value_or(""), update.method.value_or(HttpMethod::post),
                    update.twiml.value_or(""));
  }
  if (update.timeLimit && !found->isOver()) found->limitTime(*update.timeLimit);
  return rest::jsonOf(resourceOf(*found));
}

std::string ApiRequest::deleteCall() {
  const auto found = leg(parameter(0));
  if (!found->isOver()) refuse(kNotInProgress, "Call is in progress. Cannot delete.");
  board_.deletedCalls.insert(found->sid);
  return {};
}

rest::ConferenceResource ApiRequest::resourceOf(const Conference& room) const {
  rest::ConferenceResource resource;
  resource.sid = room.sid;
  resource.accountSid = board_.options().accountSid;
  resource.friendlyName = room.name;
  resource.status = room.status == Conference::Status::init ? rest::ConferenceStatus::init
                    : room.status == Conference::Status::inProgress
                        ? rest::ConferenceStatus::inProgress
                        : rest::ConferenceStatus::completed;
  resource.region = "us1";
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
  resource.dateCreated = time(room.created);
  resource.dateUpdated = time(room.created);
  resource.apiVersion = "2010-04-01";
  resource.uri = uri("/Conferences/" + room.sid + ".json");
  resource.subresourceUris = {
      {"participants", uri("/Conferences/" + room.sid + "/Participants.json")},
      {"recordings", uri("/Conferences/" + room.sid + "/Recordings.json")}};
  return resource;
}

rest::ParticipantResource ApiRequest::resourceOf(const Conference& room,
                                                 const Conference::Participant& one) const {
  rest::ParticipantResource resource;
  resource.callSid = one.leg->sid;
  resource.conferenceSid = room.sid;
  resource.accountSid = board_.options().accountSid;
  resource.label = one.label;
  resource.callSidToCoach = one.coached;
  resource.coaching = !one.coached.empty();
  resource.muted = one.isMuted;
  resource.hold = one.isOnHold;
  resource.startConferenceOnEnter = one.options.startConferenceOnEnter.value_or(true);
  resource.endConferenceOnExit = one.endsOnExit;
  resource.status = rest::ParticipantStatus::connected;
  resource.queueTime = std::chrono::milliseconds{0};
  resource.dateCreated = time(one.joined);
  resource.dateUpdated = time(one.joined);
  resource.uri = uri("/Conferences/" + room.sid + "/Participants/" + one.leg->sid + ".json");
  return resource;
}

std::string ApiRequest::listConferences() {
  const auto filter = asked<rest::ListConferences>();
  std::vector<rest::ConferenceResource> rooms;
  for (const auto& room : newestFirst(board_.conferences)) {
    auto resource = resourceOf(*room);
    if (filter.friendlyName && *filter.friendlyName != room->name) continue;
    if (filter.status && *filter.status != resource.status) continue;
    if (!matches(filter.dateCreated, resource.dateCreated)) continue;
    if (!matches(filter.dateUpdated, resource.dateUpdated)) continue;
    rooms.push_back(std::move(resource));
  }
  return page(std::move(rooms), filter);
}

std::string ApiRequest::updateConference() {
  const auto room = conference(parameter(0));
  const auto update = asked<rest::UpdateConference>();
  if (room->status == Conference::Status::completed && (update.status || update.announceUrl)) {
    refuse(16022);
  }
  if (update.announceUrl) {
    room->announceToAll(*update.announceUrl, update.announceMethod.value_or(HttpMethod::post));
  }
  if (update.status == rest::ConferenceStatus::completed) room->end("conference-ended-via-api");
  return rest::jsonOf(resourceOf(*room));
}

std::string ApiRequest::createParticipant() {
  const auto participant = asked<rest::CreateParticipant>();
  // A SID, or a name, which makes the room if there is none.
  const std::string& which = parameter(0);
  auto room = board_.findConference(which);
  if (room && room->status == Conference::Status::completed) refuse(16022);
  if (!room) {
    if (which.size() == 34 && which.starts_with("CF")) notFound();
    room = board_.conference(which);
  }
  if (participant.label && room->find(*participant.label) != nullptr) refuse(16026);
  const auto leg = dial(participant);
  leg->isDetectedLater = true;  // the party is in the conference meanwhile
  leg->detectionCallback = {
      .url = participant.amdStatusCallback.value_or(""),
      .method = participant.amdStatusCallbackMethod.value_or(HttpMethod::post)};
  twiml::Conference options{.name = room->name};
  options.muted = participant.muted;
  options.startConferenceOnEnter = participant.startConferenceOnEnter;
  options.endConferenceOnExit = participant.endConferenceOnExit;
  options.waitUrl = participant.waitUrl;
  if (participant.waitMethod) options.waitMethod = *participant.waitMethod;
  options.maxParticipants = participant.maxParticipants;
  options.participantLabel = participant.label;
  if (participant.beep) options.beep = twiml::Choice<twiml::ConferenceBeep>{*participant.beep};
  if (participant.coaching.value_or(true)) options.coach = participant.callSidToCoach;
  options.statusCallback = participant.conferenceStatusCallback;
  if (participant.conferenceStatusCallbackMethod) {
    options.statusCallbackMethod = *participant.conferenceStatusCallbackMethod;
  }
  for (const std::string& events : participant.conferenceStatusCallbackEvent) {
    for (const std::string_view event : itemsOf(events, ' ')) {
      options.statusCallbackEvent.emplace_back(event);
    }
  }
  const std::string record = participant.conferenceRecord.value_or("false");
  if (record == "true" || record == "record-from-start") {
    options.record = twiml::ConferenceRecord::recordFromStart;
    options.recordingStatusCallback = participant.conferenceRecordingStatusCallback;
  }
  leg->whenAnswered = [weak = std::weak_ptr{leg}, room, options] {
    const auto still = weak.lock();
    if (!still) return;
    still->board().beginRecordings(still->sid);
    const std::string code = room->join({.leg = still, .options = options, .whenLeft = [weak] {
                                           const auto gone = weak.lock();
                                           if (gone) gone->end(rest::CallStatus::completed);
                                         }});
    if (code.empty()) return;
    still->report(Happening::error, "the conference cannot be entered", {}, code);
    still->end(rest::CallStatus::completed);
  };
  rest::ParticipantResource resource;
  resource.callSid = leg->sid;
  resource.conferenceSid = room->sid;
  resource.accountSid = board_.options().accountSid;
  resource.label = participant.label.value_or("");
  resource.callSidToCoach = participant.callSidToCoach.value_or("");
  resource.coaching = participant.coaching.value_or(false);
  resource.muted = participant.muted.value_or(false);
  resource.hold = false;
  resource.startConferenceOnEnter = participant.startConferenceOnEnter.value_or(true);
  resource.endConferenceOnExit = participant.endConferenceOnExit.value_or(false);
  resource.status = rest::ParticipantStatus::queued;
  resource.queueTime = std::chrono::milliseconds{0};
  resource.dateCreated = time(board_.now());
  resource.dateUpdated = time(board_.now());
  resource.uri = uri("/Conferences/" + room->sid + "/Participants/" + leg->sid + ".json");
  return rest::jsonOf(resource);
}

std::string ApiRequest::listParticipants() {
  const auto room = conference(parameter(0));
  const auto filter = asked<rest::ListParticipants>();
  std::vector<rest::ParticipantResource> all;
  for (const auto& one : room->participants()) {
    if (filter.muted && *filter.muted != one.isMuted) continue;
    if (filter.hold && *filter.hold != one.isOnHold) continue;
    if (filter.coaching && *filter.coaching == one.coached.empty()) continue;
    all.push_back(resourceOf(*room, one));
  }
  return page(std::move(all), filter);
}

std::string ApiRequest::updateParticipant() {
  const auto [room, one] = participant();
  const auto update = asked<rest::UpdateParticipant>();
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
  } else if (update.callSidToCoach) {
    if (room->find(*update.callSidToCoach) == nullptr) refuse(20404, "CallSidToCoach");
    room->setCoached(*one, *update.callSidToCoach);
  }
  if (update.hold) {
    room->setOnHold(*one, *update.hold, update.holdUrl.value_or(""),
                    update.holdMethod.value_or(HttpMethod::get));
  }
  if (update.announceUrl && !update.announceUrl->empty()) {
    room->announce(*one, *update.announceUrl, update.announceMethod.value_or(HttpMethod::post));
  }
  return rest::jsonOf(resourceOf(*room, *one));
}

std::string ApiRequest::removeParticipant() {
  const auto [room, one] = participant();
  const auto leg = one->leg;
  room->leave(*leg, "participant_updated_via_api");
  return {};
}

rest::QueueResource ApiRequest::resourceOf(const CallQueue& queue) const {
  rest::QueueResource resource;
  resource.sid = queue.sid;
  resource.accountSid = board_.options().accountSid;
  resource.friendlyName = queue.name;
  resource.currentSize = static_cast<int>(queue.waiting());
  resource.maxSize = static_cast<int>(queue.maxSize);
  resource.averageWaitTime = queue.averageTime();
  resource.dateCreated = time(queue.created);
  resource.dateUpdated = time(queue.created);
  resource.uri = uri("/Queues/" + queue.sid + ".json");
  resource.subresourceUris = {{"members", uri("/Queues/" + queue.sid + "/Members.json")}};
  return resource;
}

rest::MemberResource ApiRequest::resourceOf(const CallQueue& queue,
                                            const CallQueue::Member& member) const {
  rest::MemberResource resource;
  resource.callSid = member.leg->sid;
  resource.queueSid = queue.sid;
  resource.position = static_cast<int>(queue.positionOf(member));
  resource.waitTime = std::chrono::floor<seconds>(board_.now() - member.entered);
  resource.dateEnqueued = time(member.entered);
  resource.uri = uri("/Queues/" + queue.sid + "/Members/" + member.leg->sid + ".json");
  return resource;
}

CallQueue::Member& ApiRequest::member(CallQueue& queue) const {
  if (parameter(1) == rest::kFrontMember) {
    for (const CallQueue::Member& one : queue.members()) {
      if (!one.isTaken) return *queue.find(one.leg->sid);
    }
    notFound();
  }
  auto* const found = queue.find(parameter(1));
  if (found == nullptr || found->isTaken) notFound();
  return *found;
}

std::string ApiRequest::createQueue() {
  const auto create = asked<rest::CreateQueue>();
  if (board_.queue(create.friendlyName, /*makes=*/false)) {
    refuse(20409);
  }
  const auto made = board_.queue(create.friendlyName, /*makes=*/true);
  if (create.maxSize) made->maxSize = static_cast<std::size_t>(std::max(*create.maxSize, 0));
  return rest::jsonOf(resourceOf(*made));
}

std::string ApiRequest::listQueues() {
  const auto filter = asked<rest::ListQueues>();
  std::vector<rest::QueueResource> all;
  for (const auto& one : board_.queues) all.push_back(resourceOf(*one));
  return page(std::move(all), filter);
}

std::string ApiRequest::updateQueue() {
  const auto found = queue(parameter(0));
  const auto update = asked<rest::UpdateQueue>();
  if (update.friendlyName) found->name = *update.friendlyName;
  if (update.maxSize) found->maxSize = static_cast<std::size_t>(std::max(*update.maxSize, 0));
  return rest::jsonOf(resourceOf(*found));
}

std::string ApiRequest::deleteQueue() {
  const auto found = queue(parameter(0));
  if (!found->members().empty()) refuse(20409);
  std::erase(board_.queues, found);
  return {};
}

std::string ApiRequest::listMembers() {
  const auto of = queue(parameter(0));
  const auto filter = asked<rest::ListMembers>();
  std::vector<rest::MemberResource> all;
  for (const auto& one : of->members()) {
    if (!one.isTaken) all.push_back(resourceOf(*of, one));
  }
  return page(std::move(all), filter);
}

std::string ApiRequest::dequeueMember() {
  const auto of = queue(parameter(0));
  CallQueue::Member& one = member(*of);
  const auto leave = asked<rest::DequeueMember>();
  std::string body = rest::jsonOf(resourceOf(*of, one));
  const auto leg = one.leg;
  leg->redirect(leave.url, leave.method.value_or(HttpMethod::post), "");
  return body;
}

rest::RecordingResource ApiRequest::resourceOf(const VoiceRecordingMade& recording) const {
  rest::RecordingResource resource;
  resource.sid = recording.sid;
  resource.accountSid = board_.options().accountSid;
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
  resource.dateCreated = time(recording.began);
  resource.dateUpdated = time(recording.began);
  resource.startTime = time(recording.began);
  resource.priceUnit = "USD";
  resource.mediaUrl = board_.recordingUrl(recording.sid);
  resource.apiVersion = "2010-04-01";
  resource.uri = uri("/Recordings/" + recording.sid + ".json");
  return resource;
}

std::string ApiRequest::listRecordings() {
  const auto filter = asked<rest::ListRecordings>();
  std::vector<rest::RecordingResource> all;
  for (const auto& one : newestFirst(board_.recordings)) {
    if (one.isDeleted || (filter.callSid && *filter.callSid != one.callSid) ||
        (filter.conferenceSid && *filter.conferenceSid != one.conferenceSid)) {
      continue;
    }
    auto resource = resourceOf(one);
    if (matches(filter.dateCreated, resource.dateCreated)) all.push_back(std::move(resource));
  }
  return page(std::move(all), filter);
}

std::string ApiRequest::startRecording() {
  const auto of = leg(parameter(0));
  const auto start = asked<rest::StartRecording>();
  if (of->status != rest::CallStatus::inProgress) {
    refuse(kNotInProgress, "Call is not in-progress. Cannot record.");
  }
  VoiceRecordingMade made{.sid = board_.sids().make("RE"),
                          .callSid = of->sid,
                          .source = "StartCallRecordingAPI",
                          .channels = start.recordingChannels.value_or("mono") == "dual" ? 2 : 1,
                          .began = board_.now(),
                          .status = rest::RecordingStatus::inProgress,
                          .track = start.recordingTrack.value_or("both")};
  made.callback = {.url = start.recordingStatusCallback.value_or(""),
                   .method = start.recordingStatusCallbackMethod.value_or(HttpMethod::post)};
  of->report(Happening::note, "a recording begins", {{"RecordingSid", made.sid}});
  board_.recordings.push_back(made);
  return rest::jsonOf(resourceOf(made));
}

std::string ApiRequest::listCallRecordings() {
  const auto of = leg(parameter(0));
  const auto filter = asked<rest::ListCallRecordings>();
  std::vector<rest::RecordingResource> all;
  for (const auto& one : newestFirst(board_.recordings)) {
    if (one.isDeleted || one.callSid != of->sid) continue;
    auto resource = resourceOf(one);
    if (matches(filter.dateCreated, resource.dateCreated)) all.push_back(std::move(resource));
  }
  return page(std::move(all), filter);
}

std::string ApiRequest::updateRecording() {
  const auto of = leg(parameter(0));
  const auto update = asked<rest::UpdateRecording>();
  const auto isRunning = [&](const VoiceRecordingMade& one) {
    return one.callSid == of->sid && !one.isDeleted &&
           (one.status == rest::RecordingStatus::inProgress ||
            one.status == rest::RecordingStatus::paused);
  };
  const auto found = std::ranges::find_if(board_.recordings, [&](const VoiceRecordingMade& one) {
    return isRunning(one) && (parameter(1) == rest::kCurrentRecording || one.sid == parameter(1));
  });
  if (found == board_.recordings.end()) notFound();
  if (update.status == rest::RecordingStatus::stopped) {
    board_.finish(*found);
  } else {
    found->status = update.status;
  }
  return rest::jsonOf(resourceOf(*found));
}

rest::MessageResource ApiRequest::resourceOf(const SentMessage& message) const {
  rest::MessageResource resource;
  resource.sid = message.sid;
  resource.accountSid = board_.options().accountSid;
  resource.from = message.from;
  resource.to = message.to;
  resource.body = message.body;
  resource.status =
      board_.now() > message.at ? rest::MessageStatus::delivered : rest::MessageStatus::queued;
  resource.direction = rest::MessageDirection::outboundApi;
  constexpr std::size_t kSegment = 160;
  resource.numSegments = static_cast<int>(message.body.size() / kSegment + 1);
  resource.numMedia = static_cast<int>(message.mediaUrls.size());
  resource.priceUnit = "USD";
  resource.dateCreated = time(message.at);
  resource.dateUpdated = time(message.at);
  if (resource.status == rest::MessageStatus::delivered) resource.dateSent = time(message.at);
  resource.apiVersion = "2010-04-01";
  resource.uri = uri("/Messages/" + message.sid + ".json");
  resource.subresourceUris = {{"media", uri("/Messages/" + message.sid + "/Media.json")}};
  return resource;
}

std::string ApiRequest::createMessage() {
  const auto create = asked<rest::CreateMessage>();
  SentMessage message{.sid = board_.sids().make(create.mediaUrl.empty() ? "SM" : "MM"),
                      .from = create.from.value_or(create.messagingServiceSid.value_or("")),
                      .to = create.to,
                      .body = create.body.value_or(""),
                      .mediaUrls = create.mediaUrl,
                      .at = board_.now()};
  board_.report({.what = Happening::message,
                 .text = message.body,
                 .details = {{"to", message.to}, {"from", message.from}}});
  if (create.statusCallback && !create.statusCallback->empty()) {
    const auto caller = board_.makeWebCaller("");
    for (const std::string_view status : {"sent", "delivered"}) {
      board_.callBack(caller, Purpose::statusCallback, *create.statusCallback, HttpMethod::post,
                      {{"MessageSid", message.sid},
                       {"SmsSid", message.sid},
                       {"MessageStatus", status},
                       {"SmsStatus", status},
                       {"AccountSid", board_.options().accountSid},
                       {"From", message.from},
                       {"To", message.to},
                       {"ApiVersion", "2010-04-01"}});
    }
  }
  board_.messages.push_back(message);
  return rest::jsonOf(resourceOf(message));
}

/// Whether the plan of faults lets this request fail.
bool fails(Switchboard& board) {
  const FaultPlan& plan = board.options().faults;
  const std::uint64_t place = board.apiRequests++;
  return plan.restPerMille > 0 &&
         Sids::mixed(Sids::mixed(plan.seed ^ 0xa91) + place) % 1000 < plan.restPerMille;
}

}  // namespace

http::Handler apiOf(const std::shared_ptr<Switchboard>& board) {
  return [weak = std::weak_ptr{board},
          loop = std::weak_ptr{board->sharedLoop()}](Request request) -> Later<Response> {
    return Later<Response>{[&](const Answer<Response>& answer) {
      const auto running = loop.lock();
      const auto unavailable = [] {
        const RestRefusal refusal = rest::refusalOf(20503);
        return json(refusal.status, rest::jsonOf(refusal));
      };
      if (!running) return answer(unavailable());
      running->post([weak, answer, unavailable, request = std::move(request)] {
        const auto alive = weak.lock();
        if (!alive || !alive->isOpen() || fails(*alive)) return answer(unavailable());
        answer(ApiRequest{*alive, request}.answer());
      });
    }};
  };
}

}  // namespace ivr::phone
