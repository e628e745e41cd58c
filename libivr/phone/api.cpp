#include "phone/api.hpp"

#include "core/base64.hpp"
#include "core/text.hpp"
#include "ivr/core/log.hpp"
#include "ivr/http/percent.hpp"
#include "ivr/rest/page.hpp"
#include "phone/call_queue.hpp"
#include "phone/conference.hpp"
#include "phone/document_run.hpp"
#include "phone/leg.hpp"
#include "phone/sids.hpp"
#include "phone/switchboard.hpp"
#include "rest/dates.hpp"
#include "rest/operations.hpp"
#include "rest/refusals.hpp"
#include "rest/request_reader.hpp"
#include "rest/resource_writer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
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
constexpr std::size_t kMaxReported = 20;  // unknown fields of one request
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

Response jsonOfRefusal(int code) {
  const RestRefusal refusal = rest::refusalOf(code);
  return json(refusal.status, rest::jsonOf(refusal));
}

rest::ConferenceStatus wordOf(Conference::Status status) {
  switch (status) {
    case Conference::Status::init: return rest::ConferenceStatus::init;
    case Conference::Status::inProgress: return rest::ConferenceStatus::inProgress;
    case Conference::Status::completed: break;
  }
  return rest::ConferenceStatus::completed;
}

/// One request to the API of a switchboard, on the loop's thread.
class ApiRequest {
 public:
  ApiRequest(Switchboard& board, const Request& request) : board_(board), request_(request) {}

  /// The recording whose sound is asked for.
  struct Download {
    std::string sid = {};
    SoundFormat format = SoundFormat::wave;
  };
  /// Nothing if something else is asked for. Throws `Refused`.
  [[nodiscard]] std::optional<Download> download() const;

  Response answer() {
    try {
      if (!isAllowed()) refuse(20003);
      if (request_.method == "GET" && request_.path() == uri(".json")) {
        return json(200, accountJson());
      }
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
    if (!credentials) return false;
    const std::string_view user = std::string_view{*credentials}.substr(0, credentials->find(':'));
    const std::string_view secret =
        std::string_view{*credentials}.substr(std::min(user.size() + 1, credentials->size()));
    if (user == board_.options().accountSid) return secret == token;
    const auto key = board_.options().apiKeys.find(user);
    return key != board_.options().apiKeys.end() && secret == key->second;
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
    std::size_t reported = 0;
    for (const auto& [name, value] : request.otherFields) {
      board_.report({.what = Happening::notPlayed,
                     .text = oneLine(name) + " is ignored in " + oneLine(request_.method) + ' ' +
                             oneLine(request_.path())});
      if (++reported == kMaxReported) break;
    }
    return request;
  }

  [[nodiscard]] std::string accountJson() const;
  std::string run();

  // Lists.
  /// The page that is asked for; `resourceOfThing` makes a resource of each thing on it.
  template <class Thing, class List, class Make>
  [[nodiscard]] std::string page(const std::vector<Thing>& all, const List& filter,
                                 const Make& resourceOfThing) const {
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
    rest::Page<decltype(resourceOfThing(all.front()))> result;
    result.page = static_cast<int>(number);
    result.pageSize = static_cast<int>(size);
    result.start = static_cast<int>(begin);
    result.end = static_cast<int>(end == begin ? begin : end - 1);
    result.uri = address(number);
    result.firstPageUri = address(0);
    if (end < all.size()) result.nextPageUri = address(number + 1);
    if (number > 0) result.previousPageUri = address(number - 1);
    for (std::size_t i = begin; i < end; ++i) result.items.push_back(resourceOfThing(all[i]));
    return rest::jsonOf(result);
  }

  /// Whether a time is what a list is filtered by. Official libraries send times, too, which
  /// `filter` has as days: these are read again.
  [[nodiscard]] bool matches(const rest::DateFilter& filter, std::string name,
                             std::optional<Moment> moment) const {
    if (!filter.on && !filter.before && !filter.after) return true;
    if (!moment) return false;
    const auto when = time(*moment);
    const auto exactly = [&](char side, std::chrono::sys_days day) {
      const auto text = form_.find(name + side);
      return (text ? rest::timeFromIso(*text) : std::nullopt).value_or(day);
    };
    if (filter.on && std::chrono::floor<std::chrono::days>(when) != *filter.on) return false;
    if (filter.before && when >= exactly('<', *filter.before)) return false;
    return !filter.after || when >= exactly('>', *filter.after);
  }

  // Calls.
  [[nodiscard]] std::shared_ptr<Leg> leg(std::string_view callSid) const {
    auto found = board_.find(callSid);
    if (!found || found->isDeleted) notFound();
    return found;
  }
  [[nodiscard]] rest::CallResource resourceOf(const Leg& leg) const;
  std::string createCall();
  std::string listCalls();
  std::string updateCall();
  std::string deleteCall();
  template <class Creation>
  std::shared_ptr<Leg> dial(const Creation& call);
  template <class Creation>
  [[nodiscard]] StatusCallback statusCallbackOf(const Creation& call, const Leg& leg) const;

  // Conferences.
  [[nodiscard]] std::shared_ptr<Conference> conference(std::string_view sid) const {
    auto found = board_.findConference(sid);
    if (!found) notFound();
    return found;
  }
  /// The state that lists show, which may be an older one.
  [[nodiscard]] Moment listed() const {
    return board_.now() - board_.options().conferenceListDelay;
  }
  [[nodiscard]] rest::ConferenceResource resourceOf(const Conference& room, Moment at) const;
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
    auto* const found = board_.recordings.find(sid);
    if (found == nullptr) notFound();
    return *found;
  }
  [[nodiscard]] rest::RecordingResource resourceOf(const VoiceRecordingMade& recording) const;
  std::string listRecordings();
  std::string startRecording();
  std::string listCallRecordings();
  std::string updateRecording();
  std::string deleteRecording();
  [[nodiscard]] rest::MessageResource resourceOf(const SentMessage& message) const;
  std::string createMessage();
  std::string listMessages();

  Switchboard& board_;
  const Request& request_;
  rest::FoundOperation operation_;
  Form form_;
};

/// The account, which clients fetch to find out whether their credentials are right.
std::string ApiRequest::accountJson() const {
  const std::string created = board_.date(Moment{0});
  const std::string& sid = board_.options().accountSid;
  nlohmann::json account{{"sid", sid},
                         {"friendly_name", "The phone"},
                         {"status", "active"},
                         {"type", "Full"},
                         {"owner_account_sid", sid},
                         {"date_created", created},
                         {"date_updated", created},
                         {"uri", uri(".json")}};
  nlohmann::json& parts = account["subresource_uris"];
  for (const auto& [name, path] :
       {std::pair{"calls", "/Calls.json"}, std::pair{"conferences", "/Conferences.json"},
        std::pair{"queues", "/Queues.json"}, std::pair{"recordings", "/Recordings.json"},
        std::pair{"messages", "/Messages.json"}}) {
    parts[name] = uri(path);
  }
  return account.dump(-1, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace);
}

std::optional<ApiRequest::Download> ApiRequest::download() const {
  const bool isRead = request_.method == "GET" || request_.method == "HEAD";
  std::string_view path = request_.path();
  if (!isRead || path.ends_with(".json")) return std::nullopt;
  const std::string folder = uri("/Recordings/");
  if (!path.starts_with(folder)) return std::nullopt;
  // Whoever knows the SID may hear it, as with the provider, unless he says who he is and is wrong.
  if (request_.headers.find("Authorization") && !isAllowed()) refuse(20003);
  path.remove_prefix(folder.size());
  Download wanted;
  if (path.ends_with(".mp3")) wanted.format = SoundFormat::mp3;
  if (path.ends_with(".mp3") || path.ends_with(".wav")) path.remove_suffix(4);
  const auto* const found = board_.recordings.find(path);
  if (found == nullptr || found->status != rest::RecordingStatus::completed) notFound();
  wanted.sid = path;
  return wanted;
}

std::string ApiRequest::run() {
  switch (operation_.name) {
    case OperationName::createCall: return createCall();
    case OperationName::listCalls: return listCalls();
    case OperationName::fetchCall: return rest::jsonOf(resourceOf(*leg(parameter(0))));
    case OperationName::updateCall: return updateCall();
    case OperationName::deleteCall: return deleteCall();
    case OperationName::listConferences: return listConferences();
    case OperationName::fetchConference:
      return rest::jsonOf(resourceOf(*conference(parameter(0)), board_.now()));
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
    case OperationName::deleteRecording: return deleteRecording();
    case OperationName::startRecording: return startRecording();
    case OperationName::listCallRecordings: return listCallRecordings();
    case OperationName::updateRecording: return updateRecording();
    case OperationName::createMessage: return createMessage();
    case OperationName::listMessages: return listMessages();
    case OperationName::fetchMessage: {
      const auto* const found = board_.messages.find(parameter(0));
      if (found == nullptr) notFound();
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

/// Who is told of the events of a call. Names of events that there are not, as in `initiated
/// answered` in one value, are taken without a complaint, and then nobody is told anything (21626).
template <class Creation>
StatusCallback ApiRequest::statusCallbackOf(const Creation& call, const Leg& leg) const {
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
  leg->statusCallback = statusCallbackOf(call, *leg);
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
    board_.add(std::move(made));
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
    still->board().beginRecordings(*still);
    still->start();
  };
  return rest::jsonOf(resourceOf(*leg));
}

std::string ApiRequest::listCalls() {
  const auto filter = asked<rest::ListCalls>();
  std::vector<const Leg*> calls;
  for (const auto& [sid, leg, over] : board_.legs().newestFirst()) {
    if (leg->isDeleted) continue;
    if (filter.to && *filter.to != leg->to) continue;
    if (filter.from && *filter.from != leg->from) continue;
    if (filter.parentCallSid && *filter.parentCallSid != leg->parentSid) continue;
    if (filter.status && *filter.status != leg->status) continue;
    if (!matches(filter.startTime, "StartTime", leg->answeredAt)) continue;
    if (!matches(filter.endTime, "EndTime", leg->endedAt)) continue;
    calls.push_back(leg.get());
  }
  return page(calls, filter, [this](const Leg* one) { return resourceOf(*one); });
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
  found->isDeleted = true;
  return {};
}

rest::ConferenceResource ApiRequest::resourceOf(const Conference& room, Moment at) const {
  rest::ConferenceResource resource;
  resource.sid = room.sid;
  resource.accountSid = board_.options().accountSid;
  resource.friendlyName = room.name;
  const auto status = room.statusAt(at).value_or(Conference::Status::init);
  resource.status = wordOf(status);
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
  resource.dateCreated = time(room.created);
  resource.dateUpdated = time(room.updatedAt(at));
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
  std::vector<const Conference*> rooms;
  for (const auto& [sid, room, over] : board_.conferences().newestFirst()) {
    const auto status = room->statusAt(listed());
    if (!status || (filter.status && *filter.status != wordOf(*status))) continue;
    if (filter.friendlyName && *filter.friendlyName != room->name) continue;
    if (!matches(filter.dateCreated, "DateCreated", room->created)) continue;
    if (!matches(filter.dateUpdated, "DateUpdated", room->updatedAt(listed()))) continue;
    rooms.push_back(room.get());
  }
  return page(rooms, filter, [this](const Conference* one) { return resourceOf(*one, listed()); });
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
  return rest::jsonOf(resourceOf(*room, board_.now()));
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
    still->board().beginRecordings(*still);
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
  std::vector<const Conference::Participant*> all;
  for (const auto& one : room->participantsAt(listed())) {
    if (filter.muted && *filter.muted != one.isMuted) continue;
    if (filter.hold && *filter.hold != one.isOnHold) continue;
    if (filter.coaching && *filter.coaching == one.coached.empty()) continue;
    all.push_back(&one);
  }
  return page(all, filter,
              [&](const Conference::Participant* one) { return resourceOf(*room, *one); });
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
  return page(board_.queues, filter,
              [this](const std::shared_ptr<CallQueue>& one) { return resourceOf(*one); });
}

std::string ApiRequest::updateQueue() {
  const auto found = queue(parameter(0));
  const auto update = asked<rest::UpdateQueue>();
  if (update.friendlyName) {
    const auto other = board_.queue(*update.friendlyName, /*makes=*/false);
    if (other && other != found) refuse(20409);
    found->name = *update.friendlyName;
  }
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
  std::vector<const CallQueue::Member*> all;
  for (const auto& one : of->members()) {
    if (!one.isTaken) all.push_back(&one);
  }
  return page(all, filter, [&](const CallQueue::Member* one) { return resourceOf(*of, *one); });
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
  std::vector<const VoiceRecordingMade*> all;
  for (const auto& [sid, one, over] : board_.recordings.newestFirst()) {
    if (filter.callSid && *filter.callSid != one.callSid) continue;
    if (filter.conferenceSid && *filter.conferenceSid != one.conferenceSid) continue;
    if (matches(filter.dateCreated, "DateCreated", one.began)) all.push_back(&one);
  }
  return page(all, filter, [this](const VoiceRecordingMade* one) { return resourceOf(*one); });
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
  return rest::jsonOf(resourceOf(board_.add(std::move(made))));
}

std::string ApiRequest::listCallRecordings() {
  const auto of = leg(parameter(0));
  const auto filter = asked<rest::ListCallRecordings>();
  std::vector<const VoiceRecordingMade*> all;
  for (const auto& [sid, one, over] : board_.recordings.newestFirst()) {
    if (one.callSid != of->sid) continue;
    if (matches(filter.dateCreated, "DateCreated", one.began)) all.push_back(&one);
  }
  return page(all, filter, [this](const VoiceRecordingMade* one) { return resourceOf(*one); });
}

std::string ApiRequest::updateRecording() {
  const auto of = leg(parameter(0));
  const auto update = asked<rest::UpdateRecording>();
  VoiceRecordingMade* found = nullptr;
  for (const std::string& sid : of->runningRecordings) {
    if (parameter(1) != rest::kCurrentRecording && parameter(1) != sid) continue;
    VoiceRecordingMade* const one = board_.recordings.find(sid);
    const bool isRunning = one != nullptr && (one->status == rest::RecordingStatus::inProgress ||
                                              one->status == rest::RecordingStatus::paused);
    if (isRunning && found == nullptr) found = one;
  }
  if (found == nullptr) notFound();
  if (update.status == rest::RecordingStatus::stopped) {
    board_.finish(*found);
  } else {
    found->status = update.status;
  }
  return rest::jsonOf(resourceOf(*found));
}

std::string ApiRequest::deleteRecording() {
  const auto gone = board_.recordings.erase(parameter(0));
  if (!gone) notFound();
  board_.studio().forget(gone->sid);
  if (const auto of = board_.find(gone->callSid)) std::erase(of->runningRecordings, gone->sid);
  return {};
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
  std::string body = rest::jsonOf(resourceOf(message));
  board_.add(std::move(message));
  return body;
}

std::string ApiRequest::listMessages() {
  const auto filter = asked<rest::ListMessages>();
  std::vector<const SentMessage*> all;
  for (const auto& [sid, one, over] : board_.messages.newestFirst()) {
    if (filter.to && *filter.to != one.to) continue;
    if (filter.from && *filter.from != one.from) continue;
    if (matches(filter.dateSent, "DateSent", one.at)) all.push_back(&one);
  }
  return page(all, filter, [this](const SentMessage* one) { return resourceOf(*one); });
}

/// Whether the plan of faults lets this request fail.
bool fails(Switchboard& board) {
  const FaultPlan& plan = board.options().faults;
  const std::uint64_t place = board.apiRequests++;
  return plan.restPerMille > 0 &&
         Sids::mixed(Sids::mixed(plan.seed ^ 0xa91) + place) % 1000 < plan.restPerMille;
}

Response responseWith(const MadeRecording& made, SoundFormat format) {
  if (!made.file) return jsonOfRefusal(20404);
  const bool isMp3 = format == SoundFormat::mp3;
  Response response{.headers = {{"Content-Type", isMp3 ? "audio/mpeg" : "audio/x-wav"},
                                {"X-Ivr-Sound", textOf(made.said)}},
                    .body = *made.file};
  if (made.isCut) response.headers.add("X-Ivr-Sound-Cut", "600");
  return response;
}

void answerOn(Switchboard& board, const Request& request, const Answer<Response>& answer) {
  ApiRequest asked{board, request};
  try {
    const auto wanted = asked.download();
    if (!wanted) return answer(asked.answer());
    if (const auto* made = board.studio().find(wanted->sid, wanted->format)) {
      return answer(responseWith(*made, wanted->format));
    }
    if (board.studio().isBusy()) refuse(20503);
    board.studio().make(wanted->sid, wanted->format,
                        planOf(*board.recordings.find(wanted->sid), board.timeline,
                               board.playedFiles, board.options().wordsPerMinute,
                               board.options().keepsTimeline ? board.options().speechProgram : ""),
                        [answer, format = wanted->format](const MadeRecording& made) {
                          answer(responseWith(made, format));
                        });
  } catch (const Refused& refused) {
    answer(json(refused.refusal.status, rest::jsonOf(refused.refusal)));
  }
}

}  // namespace

http::Handler apiOf(const std::shared_ptr<Switchboard>& board) {
  return [weak = std::weak_ptr{board},
          loop = std::weak_ptr{board->sharedLoop()}](Request request) -> Later<Response> {
    return Later<Response>{[&](const Answer<Response>& answer) {
      const auto running = loop.lock();
      const auto unavailable = [] { return jsonOfRefusal(20503); };
      if (!running) return answer(unavailable());
      running->post([weak, answer, unavailable, request = std::move(request)] {
        const auto alive = weak.lock();
        if (!alive || !alive->isOpen() || fails(*alive)) return answer(unavailable());
        answerOn(*alive, request, answer);
      });
    }};
  };
}

}  // namespace ivr::phone
