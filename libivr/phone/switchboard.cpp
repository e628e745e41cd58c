#include "phone/switchboard.hpp"

#include "core/child_process.hpp"
#include "core/text.hpp"
#include "http/date.hpp"
#include "phone/call_queue.hpp"
#include "phone/conference.hpp"
#include "phone/speech_program.hpp"

#include <algorithm>
#include <utility>

namespace ivr::phone {

namespace {

constexpr std::size_t kMaxCachedAudio = 10'000;
constexpr std::size_t kQueueSize = 1000;
constexpr std::size_t kMaxQueues = 1000;

}  // namespace

Switchboard::Switchboard(std::shared_ptr<EventLoop> loop, ProviderOptions options)
    : recordings(options.keptRecordings),
      messages(options.keptMessages),
      loop_(std::move(loop)),
      options_(std::move(options)),
      sids_(options_.seed),
      legs_(options_.keptCalls),
      conferences_(options_.keptConferences) {
  studio_ = std::make_unique<RecordingStudio>(loop_);
  web_ = std::make_unique<WebClient>(loop_, options_, sids_,
                                     [this](Entry entry) { report(std::move(entry)); });
}

Switchboard::~Switchboard() = default;

void Switchboard::close() {
  web_.reset();
  studio_.reset();
  for (const auto& [sid, leg, over] : legs_.entries()) {
    leg->whenAnswered = {};
    leg->whenOver = {};
    if (leg->run) leg->run->stop();
    if (leg->aside) leg->aside->stop();
    leg->dialling.reset();
    leg->conference.reset();
    leg->queue.reset();
  }
  liveConferences_.clear();
  conferences_.clear();
  queues.clear();
  legs_.clear();
}

std::chrono::system_clock::time_point Switchboard::timeOfDay(Moment moment) const {
  return loop_->clock()() + (moment - now());
}

std::string Switchboard::date(Moment moment) const {
  std::string text = http::httpDate(timeOfDay(moment));
  if (text.ends_with("GMT")) text.replace(text.size() - 3, 3, "+0000");
  return text;
}

void Switchboard::report(Entry entry) {
  entry.at = now();
  if (options_.onEntry) options_.onEntry(entry);
  if (!options_.keepsTimeline || isFull_) return;
  if (timeline.size() >= options_.maxEntries) {
    isFull_ = true;
    entry = {.at = entry.at,
             .what = Happening::note,
             .text = "the timeline is full: what happens from here on is not in it"};
  }
  timeline.push_back(std::move(entry));
}

const Telephone& Switchboard::telephoneAt(std::string_view address) const {
  const auto found = telephones.find(address);
  return found == telephones.end() ? otherTelephones : found->second;
}

std::shared_ptr<WebCaller> Switchboard::makeWebCaller(std::string callSid) {
  auto caller = std::make_shared<WebCaller>();
  caller->callSid = std::move(callSid);
  caller->index = calls;
  return caller;
}

std::shared_ptr<Leg> Switchboard::makeLeg() {
  auto leg = std::make_shared<Leg>(*this, sids_.make("CA"), calls);
  leg->began = now();
  legs_.add(leg->sid, leg);
  ++liveLegs;
  return leg;
}

std::shared_ptr<Leg> Switchboard::find(std::string_view callSid) const {
  const auto* const found = legs_.find(callSid);
  return found == nullptr ? nullptr : *found;
}

void Switchboard::ended(const Leg& leg) {
  // It may be on the stack: it goes with an event of its own.
  if (auto gone = legs_.end(leg.sid)) loop_->post([forgotten = *std::move(gone)] {});
}

std::shared_ptr<Conference> Switchboard::conference(const std::string& name) {
  if (auto live = liveConference(name)) return live;
  auto made = std::make_shared<Conference>(*this, sids_.make("CF"), name);
  made->created = now();
  conferences_.add(made->sid, made);
  liveConferences_.emplace(name, made);
  return made;
}

std::shared_ptr<Conference> Switchboard::liveConference(std::string_view name) const {
  const auto found = liveConferences_.find(name);
  return found == liveConferences_.end() ? nullptr : found->second;
}

std::shared_ptr<Conference> Switchboard::findConference(std::string_view sid) const {
  const auto* const found = conferences_.find(sid);
  return found == nullptr ? nullptr : *found;
}

void Switchboard::ended(const Conference& room) {
  liveConferences_.erase(room.name);
  if (auto gone = conferences_.end(room.sid)) loop_->post([forgotten = *std::move(gone)] {});
}

std::shared_ptr<CallQueue> Switchboard::queue(const std::string& name, bool makes) {
  for (const auto& one : queues) {
    if (one->name == name || one->sid == name) return one;
  }
  if (!makes) return nullptr;
  if (queues.size() >= kMaxQueues) {
    // An application may name one after each call: the oldest that is empty makes room.
    const auto empty = std::ranges::find_if(queues, [](const auto& one) { return one->isIdle(); });
    if (empty != queues.end()) queues.erase(empty);
  }
  auto made = std::make_shared<CallQueue>(*this, sids_.make("QU"), name, kQueueSize);
  made->created = now();
  queues.push_back(made);
  return made;
}

std::string Switchboard::recordingUrl(std::string_view sid) const {
  return options_.apiUrl + "/2010-04-01/Accounts/" + options_.accountSid + "/Recordings/" +
         std::string{sid};
}

std::string_view Switchboard::soundOfRecordings() {
  if (!speaks_) speaks_ = isProgram(options_.speechProgram);
  return textOf(*speaks_ && options_.keepsTimeline ? SaidAs::spoken : SaidAs::silence);
}

VoiceRecordingMade& Switchboard::add(VoiceRecordingMade recording) {
  const std::string sid = recording.sid;
  const bool isOver = recording.status == rest::RecordingStatus::completed;
  if (const auto leg = find(recording.callSid); leg && !isOver) {
    leg->runningRecordings.push_back(sid);
  }
  VoiceRecordingMade& made = recordings.add(sid, std::move(recording));
  if (isOver) (void)recordings.end(sid);
  return made;
}

void Switchboard::add(SentMessage message) {
  const std::string sid = message.sid;
  messages.add(sid, std::move(message));
  (void)messages.end(sid);
}

void Switchboard::beginRecordings(const Leg& leg) {
  for (const std::string& sid : leg.runningRecordings) {
    VoiceRecordingMade* const one = recordings.find(sid);
    if (one == nullptr || one->status != rest::RecordingStatus::processing) continue;
    one->status = rest::RecordingStatus::inProgress;
    one->began = now();
    tell(*one);
  }
}

void Switchboard::finishRecordings(Leg& leg) {
  for (const std::string& sid : std::exchange(leg.runningRecordings, {})) {
    VoiceRecordingMade* const one = recordings.find(sid);
    if (one == nullptr) continue;
    if (one->status == rest::RecordingStatus::processing) {
      (void)recordings.erase(sid);  // the call was not answered
    } else {
      finish(*one);
    }
  }
}

void Switchboard::pause(VoiceRecordingMade& recording) {
  if (recording.status == rest::RecordingStatus::paused) return;
  recording.status = rest::RecordingStatus::paused;
  recording.pauses.push_back({.begin = now()});
}

void Switchboard::goOn(VoiceRecordingMade& recording) {
  if (recording.status != rest::RecordingStatus::paused) return;
  recording.status = rest::RecordingStatus::inProgress;
  recording.pauses.back().end = now();
}

void Switchboard::finish(VoiceRecordingMade& recording) {
  goOn(recording);
  recording.status = rest::RecordingStatus::completed;
  recording.duration = std::chrono::ceil<std::chrono::seconds>(now() - recording.began);
  const auto leg = find(recording.callSid);
  (void)recordings.end(recording.sid);
  if (!leg) return;
  std::erase(leg->runningRecordings, recording.sid);
  leg->report(Happening::recorded, "",
              {{"RecordingSid", recording.sid},
               {"RecordingDuration", std::to_string(recording.duration.count())},
               {"sound", std::string{soundOfRecordings()}}});
  tell(recording);
}

void Switchboard::tell(const VoiceRecordingMade& recording) {
  const auto leg = find(recording.callSid);
  if (!leg || recording.callback.url.empty()) return;
  const std::string_view status = textOf(recording.status);
  const bool isOver = recording.status == rest::RecordingStatus::completed;
  const auto& events = recording.callback.events;
  const bool isWanted =
      events.empty() ? isOver : std::ranges::any_of(events, [&](const std::string& some) {
        // Each may have several, as in TwiML.
        return std::ranges::count(itemsOf(some, ' '), status) > 0;
      });
  if (!isWanted) return;
  Form fields{{"AccountSid", options_.accountSid},
              {"CallSid", recording.callSid},
              {"RecordingSid", recording.sid},
              {"RecordingStatus", status}};
  if (isOver) {
    fields.add("RecordingUrl", recordingUrl(recording.sid));
    fields.add("RecordingDuration", std::to_string(recording.duration.count()));
  }
  fields.add("RecordingChannels", std::to_string(recording.channels));
  fields.add("RecordingStartTime", date(recording.began));
  fields.add("RecordingSource", recording.source);
  fields.add("RecordingTrack", recording.track);
  callBack(leg->webCaller, Purpose::recordingCallback, recording.callback.url,
           recording.callback.method, std::move(fields));
}

void Switchboard::callBack(const std::shared_ptr<WebCaller>& caller, Purpose purpose,
                           const std::string& url, HttpMethod method, Form fields) {
  if (!web_ || url.empty()) return;
  web_->send({.purpose = purpose,
              .url = url,
              .method = method,
              .fields = std::move(fields),
              .caller = caller},
             [this, caller, purpose](const WebOutcome& outcome) {
               const auto* reply = std::get_if<WebReply>(&outcome);
               if (reply != nullptr && reply->status / 100 == 2) return;
               report({.callSid = caller->callSid,
                       .what = Happening::warning,
                       .text = "a " + std::string{textOf(purpose)} + " was not taken",
                       .code = purpose == Purpose::conferenceCallback ? "16011" : "15003"});
             });
}

const CachedAudio* Switchboard::cachedAudio(const std::string& url) const {
  const auto found = audio_.find(url);
  return found != audio_.end() && found->second.freshUntil > now() ? &found->second : nullptr;
}

void Switchboard::cacheAudio(const std::string& url, CachedAudio audio) {
  if (audio_.size() >= kMaxCachedAudio) audio_.clear();
  audio_.insert_or_assign(url, std::move(audio));
}

}  // namespace ivr::phone
