#include "phone/switchboard.hpp"

#include "http/date.hpp"
#include "phone/call_queue.hpp"
#include "phone/conference.hpp"

#include <algorithm>
#include <utility>

namespace ivr::phone {

namespace {

constexpr std::size_t kMaxCachedAudio = 10'000;
constexpr std::size_t kQueueSize = 1000;

}  // namespace

Switchboard::Switchboard(std::shared_ptr<EventLoop> loop, ProviderOptions options)
    : loop_(std::move(loop)), options_(std::move(options)), sids_(options_.seed) {
  web_ = std::make_unique<WebClient>(loop_, options_, sids_,
                                     [this](Entry entry) { report(std::move(entry)); });
}

Switchboard::~Switchboard() = default;

void Switchboard::close() {
  web_.reset();
  for (const auto& leg : legs_) {
    leg->whenAnswered = {};
    leg->whenOver = {};
    if (leg->run) leg->run->stop();
    if (leg->aside) leg->aside->stop();
    leg->dialling.reset();
    leg->conference.reset();
    leg->queue.reset();
  }
  conferences.clear();
  queues.clear();
  legsBySid_.clear();
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
  legs_.push_back(leg);
  legsBySid_.emplace(leg->sid, leg);
  ++liveLegs;
  return leg;
}

std::shared_ptr<Leg> Switchboard::find(std::string_view callSid) const {
  const auto found = legsBySid_.find(callSid);
  return found == legsBySid_.end() ? nullptr : found->second;
}

std::shared_ptr<Conference> Switchboard::conference(const std::string& name) {
  for (const auto& one : conferences) {
    if (one->name == name && one->status != Conference::Status::completed) return one;
  }
  auto made = std::make_shared<Conference>(*this, sids_.make("CF"), name);
  made->created = now();
  conferences.push_back(made);
  return made;
}

std::shared_ptr<Conference> Switchboard::findConference(std::string_view sid) const {
  const auto found =
      std::ranges::find_if(conferences, [&](const auto& one) { return one->sid == sid; });
  return found == conferences.end() ? nullptr : *found;
}

std::shared_ptr<CallQueue> Switchboard::queue(const std::string& name, bool makes) {
  for (const auto& one : queues) {
    if (one->name == name || one->sid == name) return one;
  }
  if (!makes) return nullptr;
  auto made = std::make_shared<CallQueue>(*this, sids_.make("QU"), name, kQueueSize);
  made->created = now();
  queues.push_back(made);
  return made;
}

std::string Switchboard::recordingUrl(std::string_view sid) const {
  return "https://api.twilio.com/2010-04-01/Accounts/" + options_.accountSid + "/Recordings/" +
         std::string{sid};
}

void Switchboard::beginRecordings(std::string_view callSid) {
  for (VoiceRecordingMade& one : recordings) {
    if (one.callSid != callSid || one.status != rest::RecordingStatus::processing) continue;
    one.status = rest::RecordingStatus::inProgress;
    one.began = now();
  }
}

void Switchboard::finishRecordings(std::string_view callSid) {
  for (VoiceRecordingMade& one : recordings) {
    const bool isRunning = one.status == rest::RecordingStatus::inProgress ||
                           one.status == rest::RecordingStatus::paused;
    if (isRunning && one.callSid == callSid) finish(one);
  }
}

void Switchboard::finish(VoiceRecordingMade& recording) {
  recording.status = rest::RecordingStatus::completed;
  recording.duration = std::chrono::ceil<std::chrono::seconds>(now() - recording.began);
  const auto leg = find(recording.callSid);
  if (!leg) return;
  const std::string length = std::to_string(recording.duration.count());
  leg->report(Happening::recorded, "",
              {{"RecordingSid", recording.sid}, {"RecordingDuration", length}});
  callBack(leg->webCaller, Purpose::recordingCallback, recording.callback.url,
           recording.callback.method,
           {{"AccountSid", options_.accountSid},
            {"CallSid", recording.callSid},
            {"RecordingSid", recording.sid},
            {"RecordingUrl", recordingUrl(recording.sid)},
            {"RecordingStatus", "completed"},
            {"RecordingDuration", length},
            {"RecordingChannels", std::to_string(recording.channels)},
            {"RecordingStartTime", date(recording.began)},
            {"RecordingSource", recording.source},
            {"RecordingTrack", recording.track}});
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
