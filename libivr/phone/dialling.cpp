#include "phone/dialling.hpp"

#include "core/text.hpp"
#include "phone/call_queue.hpp"
#include "phone/conference.hpp"
#include "phone/document_run.hpp"
#include "phone/leg.hpp"
#include "phone/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace ivr::phone {

namespace {

using rest::CallStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMaxTargets = 10;
constexpr seconds kRingTimeout{30};
constexpr seconds kTimeLimit{14'400};

/// A number as people and programs write it: `+1 (415) 555-0100`, `911`.
bool isNumber(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  return text.find_first_not_of("+0123456789 -.()") == std::string_view::npos &&
         text.find_first_of(kDigits) != std::string_view::npos;
}

std::vector<std::string> textsOf(const auto& words) {
  std::vector<std::string> texts;
  texts.reserve(words.size());
  for (const auto& word : words) texts.push_back(word.text());
  return texts;
}

}  // namespace

Dialling::Dialling(std::shared_ptr<DocumentRun> run, twiml::Dial dial)
    : run_(std::move(run)),
      leg_(run_->leg()),
      dial_(std::move(dial)),
      limit_(leg_.board().loop()) {}

Dialling::~Dialling() = default;

HttpMethod Dialling::method() const { return methodOr(dial_.method, HttpMethod::post); }

std::vector<Dialling::Target> Dialling::targets() {
  std::vector<Target> targets;
  const auto common = [](const auto& noun, std::string address, std::string kind) {
    return Target{.address = std::move(address),
                  .kind = std::move(kind),
                  .url = noun.url,
                  .method = methodOr(noun.method, HttpMethod::post),
                  .statusCallback = noun.statusCallback,
                  .statusMethod = methodOr(noun.statusCallbackMethod, HttpMethod::post),
                  .events = textsOf(noun.statusCallbackEvent)};
  };
  const auto detecting = [](Target target, const auto& noun) {
    target.detection = noun.machineDetection.value_or("");
    target.detectionCallback = noun.amdStatusCallback;
    target.detectionMethod = methodOr(noun.amdStatusCallbackMethod, HttpMethod::post);
    return target;
  };
  if (const std::string_view number = trimmed(dial_.phoneNumber); !number.empty()) {
    targets.push_back({.address = std::string{number}, .kind = "Number"});
  }
  for (const auto& noun : dial_.nouns) {
    if (const auto* const number = std::get_if<twiml::Number>(&noun)) {
      Target target =
          detecting(common(*number, std::string{trimmed(number->phoneNumber)}, "Number"), *number);
      target.sendDigits = number->sendDigits.value_or("");
      targets.push_back(std::move(target));
    } else if (const auto* const client = std::get_if<twiml::Client>(&noun)) {
      std::string identity{trimmed(client->identity)};
      for (const auto& part : client->nouns) {
        if (const auto* const one = std::get_if<twiml::Identity>(&part)) {
          identity = trimmed(one->identity);
        }
      }
      targets.push_back(common(*client, "client:" + identity, "Client"));
    } else if (const auto* const sip = std::get_if<twiml::Sip>(&noun)) {
      std::string address{trimmed(sip->uri)};
      for (const auto& part : sip->nouns) {
        if (const auto* const one = std::get_if<twiml::SipUri>(&part)) address = trimmed(one->uri);
      }
      leg_.report(Happening::notPlayed, "SIP: the address is called like any telephone");
      targets.push_back(detecting(common(*sip, std::move(address), "Sip"), *sip));
    } else if (const auto* const whatsApp = std::get_if<twiml::WhatsApp>(&noun)) {
      leg_.report(Happening::notPlayed, "WhatsApp: the number is called like any telephone");
      targets.push_back(
          common(*whatsApp, "whatsapp:" + std::string{trimmed(whatsApp->phoneNumber)}, "WhatsApp"));
    } else if (std::holds_alternative<twiml::Application>(noun)) {
      leg_.report(Happening::notPlayed, "Dial of another application");
    } else if (std::holds_alternative<twiml::Sim>(noun)) {
      leg_.report(Happening::notPlayed, "Dial of a SIM");
    } else if (const auto* const other = std::get_if<twiml::XmlElement>(&noun)) {
      leg_.report(Happening::warning, "Dial has no such noun: " + other->name, {}, "13215");
    }
  }
  if (targets.size() > kMaxTargets) {
    leg_.report(Happening::warning, "more than 10 are dialled: the others are not", {}, "13215");
    targets.resize(kMaxTargets);
  }
  return targets;
}

void Dialling::begin() {
  const twiml::Conference* conference = nullptr;
  const twiml::Queue* queue = nullptr;
  bool hasOthers = !trimmed(dial_.phoneNumber).empty();
  for (const auto& noun : dial_.nouns) {
    if (const auto* const one = std::get_if<twiml::Conference>(&noun)) {
      if (conference == nullptr) conference = one;
    } else if (const auto* const other = std::get_if<twiml::Queue>(&noun)) {
      if (queue == nullptr) queue = other;
    } else {
      hasOthers = true;
    }
  }
  const auto self = shared_from_this();
  Switchboard& board = leg_.board();
  if (conference != nullptr) {
    if (hasOthers || queue != nullptr) {
      leg_.report(Happening::warning,
                  "a Conference stands beside other nouns, which are not "
                  "dialled",
                  {}, "13000");
    }
    isConference_ = true;
    if (!leg_.isAnswered()) leg_.answer();
    const auto room = board.conference(std::string{trimmed(conference->name)});
    const std::string code = room->join({.leg = leg_.shared_from_this(),
                                         .options = *conference,
                                         .base = run_->url(),
                                         .whenLeft = [weak = weak_from_this()] {
                                           if (const auto me = weak.lock()) me->finish("answered");
                                         }});
    if (!code.empty()) {
      leg_.report(Happening::error, "the conference cannot be entered", {}, code);
      return skip();
    }
    talkingSince_ = board.now();
    limit_.set(withinADay(dial_.timeLimit.value_or(kTimeLimit)), [weak = weak_from_this()] {
      const auto me = weak.lock();
      if (!me) return;
      if (const auto room_ = me->leg_.conference) room_->leave(me->leg_, "participant_hung_up");
    });
    return;
  }
  if (queue != nullptr) {
    isQueue_ = true;
    const auto found = board.queue(std::string{trimmed(queue->name)}, /*makes=*/false);
    leg_.report(Happening::dials, "queue " + std::string{trimmed(queue->name)});
    leg_.takeTurn();
    if (!found) {
      leg_.report(Happening::warning, "there is no such queue", {}, "13231");
      return finish("failed");
    }
    waitForQueue(found);
    return found->dial(self, *queue, run_->url());
  }
  targets_ = targets();
  if (targets_.empty()) return finish("failed");
  leg_.takeTurn();
  if (dial_.sequential.value_or(false)) return ringNext();
  nextTarget_ = targets_.size();
  for (const Target& target : targets_) ring(target);
}

void Dialling::waitForQueue(const std::shared_ptr<CallQueue>& queue) {
  limit_.set(withinADay(dial_.timeout.value_or(kRingTimeout)), [weak = weak_from_this(), queue] {
    const auto me = weak.lock();
    if (!me) return;
    queue->stopDialling(*me);
    me->finish("no-answer");
  });
}

void Dialling::ringNext() { ring(targets_[nextTarget_++]); }

void Dialling::ring(const Target& target) {
  Switchboard& board = leg_.board();
  leg_.report(Happening::dials, target.address);
  const auto callee = board.makeLeg();
  callee->webCaller->index = leg_.webCaller->index;
  callee->webCaller->requests = leg_.webCaller->requests;
  callee->parentSid = leg_.sid;
  callee->from = dial_.callerId.value_or(leg_.direction == "inbound" ? leg_.from : leg_.to);
  callee->to = target.address;
  callee->direction = "outbound-dial";
  callee->telephone = board.telephoneAt(target.address);
  if (target.kind == "Number" && !isNumber(target.address)) {
    leg_.report(Happening::error, "this is no number", {}, "13223");
    callee->telephone = {.reaction = Telephone::Reaction::fails};
  }
  callee->ringLimit = std::clamp(dial_.timeout.value_or(kRingTimeout), seconds{5}, seconds{600});
  callee->sendDigits = target.sendDigits;
  callee->detection = target.detection;
  callee->isDetectedLater = true;  // the parties are connected meanwhile
  if (target.detectionCallback) {
    callee->detectionCallback = {.url = run_->callbackOf(*target.detectionCallback).value_or(""),
                                 .method = target.detectionMethod};
  }
  if (target.statusCallback) {
    callee->statusCallback = {.url = run_->callbackOf(*target.statusCallback).value_or(""),
                              .method = target.statusMethod,
                              .events = target.events};
  }
  const auto self = weak_from_this();
  const std::weak_ptr<Leg> weak = callee;
  callee->whenAnswered = [self, weak, target] {
    const auto me = self.lock();
    const auto leg = weak.lock();
    if (me && leg) me->pickedUp(leg, target);
  };
  callee->whenOver = [self, weak] {
    const auto me = self.lock();
    const auto leg = weak.lock();
    if (me && leg) me->over(leg);
  };
  callees_.push_back(callee);
  callee->ring();
}

void Dialling::pickedUp(const std::shared_ptr<Leg>& callee, const Target& target) {
  if (isOver_) return;
  if (!target.url) return connect(callee);
  const auto url = run_->callbackOf(*target.url);
  if (!url) return callee->end(CallStatus::completed);
  callee->run = std::make_shared<DocumentRun>(
      *callee, DocumentUse::screening,
      [self = weak_from_this(), weak = std::weak_ptr{callee}](DocumentRun::End how) {
        const auto me = self.lock();
        const auto leg = weak.lock();
        if (!leg) return;
        if (me && how == DocumentRun::End::finished) return me->connect(leg);
        leg->end(CallStatus::completed);
      });
  callee->run->request(*url, target.method);
}

void Dialling::connect(const std::shared_ptr<Leg>& callee) {
  if (isOver_ || callee_ || callee->isOver()) return callee->end(CallStatus::canceled);
  callee_ = callee;
  callee->run.reset();
  for (const auto& other : std::vector{callees_}) {
    if (other == callee) continue;
    other->end(other->isAnswered() ? CallStatus::completed : CallStatus::canceled);
  }
  connectedTo(*callee);
}

void Dialling::connectedTo(Leg& other) {
  if (!leg_.isAnswered()) leg_.answer();
  Switchboard& board = leg_.board();
  leg_.peer = other.weak_from_this();
  other.peer = leg_.weak_from_this();
  talkingSince_ = board.now();
  leg_.takeTurn();
  other.takeTurn();
  leg_.report(Happening::connected, "", {{"with", other.sid}});
  other.report(Happening::connected, "", {{"with", leg_.sid}});
  limit_.set(withinADay(dial_.timeLimit.value_or(kTimeLimit)), [weak = weak_from_this()] {
    const auto me = weak.lock();
    if (!me) return;
    me->leg_.report(Happening::note, "the connection has reached its time limit");
    me->finish("completed");
  });
}

bool Dialling::press(char key) {
  if (key != '*' || !dial_.hangupOnStar.value_or(false) || !isTalking()) return false;
  if (isConference_) {
    if (const auto room = leg_.conference) room->leave(leg_, "participant_hung_up");
  } else {
    finish("completed");
  }
  return true;
}

void Dialling::over(const std::shared_ptr<Leg>& callee) {
  if (isOver_) return;
  if (callee == callee_) return finish("completed");
  if (callee_) return;
  if (std::ranges::any_of(callees_, [](const auto& one) { return !one->isOver(); })) return;
  if (nextTarget_ < targets_.size()) return ringNext();
  finish(outcome());
}

/// Of calls of which none was connected.
std::string Dialling::outcome() const {
  const auto isAny = [&](CallStatus status) {
    return std::ranges::any_of(callees_, [&](const auto& one) { return one->status == status; });
  };
  // Whoever picked up and hung up before the connection has not answered the caller.
  if (isAny(CallStatus::noAnswer) || isAny(CallStatus::completed)) return "no-answer";
  if (isAny(CallStatus::busy)) return "busy";
  return isAny(CallStatus::canceled) ? "canceled" : "failed";
}

Form Dialling::fields(std::string_view status) const {
  Form form{{"DialCallStatus", status}};
  if (!isConference_) {
    const Leg* const callee = callee_            ? callee_.get()
                              : callees_.empty() ? nullptr
                                                 : callees_.back().get();
    if (callee != nullptr) form.add("DialCallSid", callee->sid);
    if (callee_ || isQueue_) form.add("DialCallDuration", std::to_string(talked_.count()));
    form.add("DialBridged", talkingSince_ || talked_ > seconds{0} ? "true" : "false");
    if (callee != nullptr && callee->to.starts_with("sip:")) {
      form.add("DialSipCallId", callee->sid);
      form.add("DialSipResponseCode", callee->isAnswered() ? "200" : "487");
    }
  }
  if (!recordingSid_.empty()) {
    form.add("RecordingUrl", leg_.board().recordingUrl(recordingSid_));
    form.add("RecordingSid", recordingSid_);
  }
  for (const auto& [name, value] : queueFields_) form.add(name, value);
  return form;
}

Form Dialling::fieldsIfInterrupted() const {
  return fields(talkingSince_ ? isConference_ ? "answered" : "completed" : "canceled");
}

void Dialling::stop() {
  if (isOver_) return;
  isOver_ = true;
  limit_.cancel();
  if (isQueue_) {
    for (const auto& queue : leg_.board().queues) queue->stopDialling(*this);
  }
  endCallees();
}

void Dialling::endCallees() {
  for (const auto& callee : std::vector{callees_}) {
    callee->whenAnswered = {};
    callee->whenOver = {};
    callee->end(callee->isAnswered() ? CallStatus::completed : CallStatus::canceled);
  }
}

void Dialling::finish(std::string_view status) {
  if (isOver_) return;
  isOver_ = true;
  limit_.cancel();
  const auto self = shared_from_this();
  Switchboard& board = leg_.board();
  if (talkingSince_) {
    talked_ = std::chrono::ceil<seconds>(board.now() - *talkingSince_);
    const bool records = dial_.record && !(*dial_.record == twiml::DialRecord::doNotRecord) &&
                         !(*dial_.record == twiml::DialRecord::false_);
    if (records && !isConference_ && talked_ > seconds{0}) {
      const bool isDual = dial_.record->text().ends_with("-dual");
      recordingSid_ = board.sids().make("RE");
      board.recordings.push_back({.sid = recordingSid_,
                                  .callSid = leg_.sid,
                                  .source = "DialVerb",
                                  .channels = isDual ? 2 : 1,
                                  .began = *talkingSince_,
                                  .duration = talked_});
      leg_.report(Happening::recorded, "",
                  {{"RecordingSid", recordingSid_},
                   {"RecordingDuration", std::to_string(talked_.count())}});
      if (dial_.recordingStatusCallback) {
        board.callBack(
            leg_.webCaller, Purpose::recordingCallback,
            run_->callbackOf(*dial_.recordingStatusCallback).value_or(""),
            methodOr(dial_.recordingStatusCallbackMethod, HttpMethod::post),
            {{"AccountSid", board.options().accountSid},
             {"CallSid", leg_.sid},
             {"RecordingSid", recordingSid_},
             {"RecordingUrl", board.recordingUrl(recordingSid_)},
             {"RecordingStatus", "completed"},
             {"RecordingDuration", std::to_string(talked_.count())},
             {"RecordingChannels", isDual ? "2" : "1"},
             {"RecordingStartTime", board.date(*talkingSince_)},
             {"RecordingSource", "DialVerb"},
             {"RecordingTrack", dial_.recordingTrack ? dial_.recordingTrack->text() : "both"}});
      }
    }
  }
  if (const auto other = leg_.peer.lock()) {
    leg_.peer.reset();
    other->peer.reset();
    leg_.report(Happening::disconnected, "", {{"with", other->sid}});
    other->report(Happening::disconnected, "", {{"with", leg_.sid}});
    if (other->queue) {
      const auto queue = other->queue;
      queue->leave(*other, "bridged");
    }
  }
  endCallees();
  if (leg_.dialling.get() == this) leg_.dialling.reset();
  if (leg_.isOver()) return;
  board.loop().post([self] {});
  run_->proceed(dial_.action, method(), fields(status));
}

void Dialling::skip() {
  isOver_ = true;
  limit_.cancel();
  const auto self = shared_from_this();
  if (leg_.dialling.get() == this) leg_.dialling.reset();
  leg_.board().loop().post([self] {});
  run_->proceed();
}

}  // namespace ivr::phone
