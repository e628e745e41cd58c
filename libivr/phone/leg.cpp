#include "phone/leg.hpp"

#include "phone/call_queue.hpp"
#include "phone/conference.hpp"
#include "phone/dialling.hpp"
#include "phone/speech_time.hpp"
#include "phone/switchboard.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ivr::phone {

namespace {

using rest::CallStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kBetweenKeys{100};
constexpr std::size_t kMaxKeys = 10'000;
/// Of a number whose carrier vouches for it (SHAKEN/STIR).
constexpr std::string_view kVerified = "TN-Validation-Passed-A";

bool isAmerican(std::string_view number) { return number.starts_with("+1"); }

constexpr std::string_view kKeys = "0123456789ABCDabcd*#";

/// What is known of where a number is, which is nothing: sent empty, as the provider does.
constexpr std::array<std::string_view, 4> kPlaces{"City", "State", "Zip", "Country"};

}  // namespace

std::string_view textOf(Activity activity) noexcept {
  switch (activity) {
    case Activity::ringing: return "ringing";
    case Activity::fetching: return "fetching";
    case Activity::listening: return "listening";
    case Activity::asked: return "asked";
    case Activity::recording: return "recording";
    case Activity::dialling: return "dialling";
    case Activity::talking: return "talking";
    case Activity::acting: return "acting";
    case Activity::queued: return "queued";
    case Activity::inConference: return "inConference";
    case Activity::ended: return "ended";
  }
  return "";
}

Leg::Leg(Switchboard& board, std::string callSid, std::size_t index)
    : sid(std::move(callSid)),
      board_(board),
      ringing_(board.loop()),
      reaction_(board.loop()),
      limit_(board.loop()),
      keysAlarm_(board.loop()),
      detection_(board.loop()) {
  webCaller = board.makeWebCaller(sid);
  webCaller->index = index;
}

Leg::~Leg() = default;

void Leg::report(Happening what, std::string text, Entry::Details details, std::string code) const {
  board_.report({.callSid = sid,
                 .what = what,
                 .text = std::move(text),
                 .code = std::move(code),
                 .details = std::move(details)});
}

Activity Leg::activity() const {
  if (isOver()) return Activity::ended;
  if (!keys_.empty()) return Activity::acting;
  const Activity own = run ? run->activity() : Activity::listening;
  if (own == Activity::asked || own == Activity::recording || own == Activity::acting) return own;
  if (aside) {
    const Activity there = aside->activity();
    if (there == Activity::asked || there == Activity::acting) return there;
  }
  if (conference) return Activity::inConference;
  if (!peer.expired()) return Activity::talking;
  if (queue) return Activity::queued;
  if (dialling) return Activity::dialling;
  if (!isAnswered()) return Activity::ringing;
  return own;
}

CallView Leg::view() const {
  CallView view{.sid = sid,
                .parentSid = parentSid,
                .from = from,
                .to = to,
                .direction = direction,
                .status = status,
                .activity = activity(),
                .turn = turn,
                .began = began,
                .answered = answeredAt,
                .ended = endedAt};
  if (run) view.question = run->question();
  if (!view.question && aside) view.question = aside->question();
  if (conference) {
    view.conference = conference->name;
    if (const auto* me = conference->find(sid)) {
      view.isMuted = me->isMuted;
      view.isOnHold = me->isOnHold;
    }
  }
  if (queue) view.queue = queue->name;
  for (const auto& hearer : hearers()) view.hearers.push_back(hearer->sid);
  return view;
}

Form Leg::fields() const {
  Form form;
  form.add("CallSid", sid);
  form.add("AccountSid", board_.options().accountSid);
  form.add("From", from);
  form.add("To", to);
  form.add("Caller", from);
  form.add("Called", to);
  form.add("CallStatus", textOf(status));
  form.add("ApiVersion", "2010-04-01");
  form.add("Direction", direction);
  if (!parentSid.empty()) form.add("ParentCallSid", parentSid);
  if (direction == "inbound") {
    form.add("CallToken", R"({"parentCallInfoToken":")" + sid + R"(","identityHeaderTokens":[]})");
    if (isAmerican(from) && isAmerican(to)) form.add("StirVerstat", kVerified);
  }
  if (!answeredBy.empty() && !isDetectedLater) form.add("AnsweredBy", answeredBy);
  for (const std::string_view party : {"From", "To", "Caller", "Called"}) {
    for (const std::string_view place : kPlaces) {
      const std::string name = std::string{party} + std::string{place};
      if (!otherFields.find(name)) form.add(name, "");
    }
  }
  for (const auto& [name, value] : otherFields) form.add(name, value);
  return form;
}

void Leg::arrive() {
  status = CallStatus::ringing;
  report(Happening::called, "",
         {{"from", from}, {"to", to}, {"direction", direction}, {"parent", parentSid}});
  // A caller does not hear it ring for ever, whatever the documents do before they answer.
  limit_.set(timeLimit, [self = weak_from_this()] {
    const auto leg = self.lock();
    if (!leg) return;
    leg->report(Happening::note, "the call has reached its time limit");
    leg->end(CallStatus::noAnswer);
  });
  start();
}

void Leg::start() {
  run = std::make_shared<DocumentRun>(*this, DocumentUse::call, [this](DocumentRun::End how) {
    (void)how;  // a call ends with its documents, however they end
    end(CallStatus::completed);
  });
  if (!twiml.empty()) return run->execute(twiml);
  run->request(number.voiceUrl, number.voiceMethod);
}

void Leg::ring() {
  status = CallStatus::queued;
  report(Happening::called, "",
         {{"from", from}, {"to", to}, {"direction", direction}, {"parent", parentSid}});
  tell("initiated");
  status = CallStatus::ringing;
  const auto self = weak_from_this();
  const auto later = [self](void (Leg::*act)()) {
    return [self, act] {
      if (const auto leg = self.lock()) (leg.get()->*act)();
    };
  };
  using Reaction = Telephone::Reaction;
  if (telephone.reaction == Reaction::fails) {
    reaction_.set(telephone.after, [self] {
      if (const auto leg = self.lock()) leg->end(CallStatus::failed);
    });
    return;
  }
  if (telephone.reaction == Reaction::busy) {
    reaction_.set(telephone.after, [self] {
      if (const auto leg = self.lock()) leg->end(CallStatus::busy);
    });
    return;
  }
  report(Happening::ringing);
  tell("ringing");
  ringing_.set(ringLimit, [self] {
    if (const auto leg = self.lock()) leg->end(CallStatus::noAnswer);
  });
  if (telephone.reaction == Reaction::refuses) {
    reaction_.set(telephone.after, [self] {
      if (const auto leg = self.lock()) leg->end(CallStatus::busy);
    });
  } else if (telephone.reaction != Reaction::rings) {
    reaction_.set(telephone.after, later(&Leg::answer));
  }
}

void Leg::answer() {
  if (isOver() || isAnswered()) return;
  ringing_.cancel();
  reaction_.cancel();
  answeredAt = board_.now();
  status = CallStatus::inProgress;
  report(Happening::answered);
  limitTime(timeLimit);
  const auto self = weak_from_this();
  tell("answered");
  if (!sendDigits.empty()) report(Happening::plays, "keys " + sendDigits);
  const bool isMachine = telephone.reaction == Telephone::Reaction::machine;
  if (isMachine) report(Happening::note, "an answering machine has answered");
  if (!detection.empty()) {
    const bool waitsForEnd = detection == "DetectMessageEnd";
    answeredBy = !isMachine ? "human" : waitsForEnd ? "machine_end_beep" : "machine_start";
    const milliseconds time = !isMachine    ? milliseconds{1500}
                              : waitsForEnd ? milliseconds{8000}
                                            : milliseconds{3000};
    const auto detected = [self, time] {
      const auto leg = self.lock();
      if (!leg || leg->isOver()) return;
      leg->report(Happening::note, "answered by " + leg->answeredBy);
      if (!leg->detectionCallback.url.empty()) {
        leg->board_.callBack(leg->webCaller, Purpose::machineDetection, leg->detectionCallback.url,
                             leg->detectionCallback.method,
                             {{"CallSid", leg->sid},
                              {"AccountSid", leg->board_.options().accountSid},
                              {"AnsweredBy", leg->answeredBy},
                              {"MachineDetectionDuration", std::to_string(time.count())}});
      }
      if (!leg->isDetectedLater && leg->whenAnswered) std::exchange(leg->whenAnswered, {})();
    };
    detection_.set(time, detected);
    if (!isDetectedLater) return;
  }
  if (whenAnswered) std::exchange(whenAnswered, {})();
}

void Leg::limitTime(seconds limit) {
  timeLimit = limit;
  if (!isAnswered()) return;
  limit_.set(*answeredAt + limit - board_.now(), [self = weak_from_this()] {
    const auto leg = self.lock();
    if (!leg) return;
    leg->report(Happening::note, "the call has reached its time limit");
    leg->end(CallStatus::completed);
  });
}

void Leg::end(CallStatus how) {
  if (isOver()) return;
  const auto self = shared_from_this();
  // Over before anybody is told: the other party ends it once more.
  endedAt = board_.now();
  status = how;
  --board_.liveLegs;
  ringing_.cancel();
  reaction_.cancel();
  limit_.cancel();
  keysAlarm_.cancel();
  detection_.cancel();
  keys_.clear();
  if (run) run->hangUp();
  leaveRooms();
  if (run) run->stop();
  takeTurn();
  board_.finishRecordings(sid);
  report(Happening::ended, std::string{textOf(how)},
         {{"duration",
           answeredAt
               ? std::to_string(std::chrono::ceil<seconds>(*endedAt - *answeredAt).count()) + " s"
               : ""}});
  tell("completed");
  if (webCaller->heldBack) std::exchange(webCaller->heldBack, {})();
  if (whenOver) std::exchange(whenOver, {})();
  // Whatever is under way may be on the stack: it ends with an event of its own.
  board_.loop().post([run = std::move(run), aside = std::move(aside)] {});
  run.reset();
  aside.reset();
}

void Leg::leaveRooms() {
  if (const auto with = std::exchange(dialling, nullptr)) {
    with->stop();
    board_.loop().post([with] {});
  }
  if (queue) {
    const auto from_ = queue;
    from_->hangUp(*this);
  }
  if (conference) {
    const auto from_ = conference;
    if (auto* const me = from_->find(sid)) me->whenLeft = {};
    from_->leave(*this, "participant_hung_up");
  }
  if (aside) aside->stop();
  if (const auto other = peer.lock()) {
    peer.reset();
    other->peer.reset();
    report(Happening::disconnected, "", {{"with", other->sid}});
    other->report(Happening::disconnected, "", {{"with", sid}});
    if (other->dialling && other->dialling->isTalking()) {
      const auto theirs = other->dialling;
      theirs->finish("completed");
    } else if (other->queue) {
      const auto theirs = other->queue;
      theirs->leave(*other, "bridged");
    } else if (other->run == nullptr || other->direction == "outbound-dial") {
      other->end(CallStatus::completed);
    }
  }
}

void Leg::redirect(std::string url, HttpMethod method, std::string text) {
  const auto self = shared_from_this();
  report(Happening::updated, url.empty() ? "by TwiML" : url);
  // The verb that is interrupted has an action: it is asked first, and its answer is discarded.
  std::optional<std::string> action;
  HttpMethod actionMethod = HttpMethod::post;
  Form fields_;
  if (dialling && dialling->action()) {
    action = dialling->action();
    actionMethod = dialling->method();
    fields_ = dialling->fieldsIfInterrupted();
  } else if (queue) {
    if (const auto* const me = queue->find(sid)) {
      action = me->verb.action;
      actionMethod = methodOr(me->verb.method, HttpMethod::post);
      fields_ = queue->actionFields(*me, peer.expired() ? "redirected" : "redirected-from-bridged");
    }
  }
  if (action && run) action = run->callbackOf(*action);
  if (queue) {
    const auto left = queue;
    left->drop(*this, "redirected");
  }
  if (conference) {
    const auto left = conference;
    if (auto* const me = left->find(sid)) me->whenLeft = {};
    left->leave(*this, "participant_updated_via_api");
  }
  leaveRooms();
  if (run) run->stop();
  board_.loop().post([old = std::move(run), other = std::move(aside)] {});
  aside.reset();
  twiml.clear();
  run = std::make_shared<DocumentRun>(*this, DocumentUse::call,
                                      [this](DocumentRun::End) { end(CallStatus::completed); });
  const auto go = [self, url = std::move(url), method, text = std::move(text),
                   mine = std::weak_ptr{run}] {
    const auto still = mine.lock();
    if (!still || self->isOver()) return;
    if (url.empty()) return still->execute(text);
    still->request(url, method);
  };
  if (!action) return board_.loop().post(go);
  Form all = fields();
  for (const auto& [name, value] : fields_) all.add(name, value);
  board_.web().send({.purpose = Purpose::document,
                     .url = *action,
                     .method = actionMethod,
                     .fields = std::move(all),
                     .caller = webCaller},
                    [go, self](const WebOutcome&) {
                      self->report(Happening::note,
                                   "the answer of the interrupted verb's action "
                                   "is discarded");
                      go();
                    });
}

bool Leg::pickUp() {
  if (isOver() || isAnswered() || direction == "inbound") return false;
  answer();
  return true;
}

bool Leg::refuse() {
  if (isOver() || isAnswered() || direction == "inbound") return false;
  end(CallStatus::busy);
  return true;
}

bool Leg::hangUp() {
  if (isOver()) return false;
  const auto self = shared_from_this();
  report(Happening::hungUp);
  end(isAnswered()             ? CallStatus::completed
      : direction == "inbound" ? CallStatus::noAnswer
                               : CallStatus::busy);
  return true;
}

bool Leg::press(std::string_view keys) {
  if (isOver() || !isAnswered()) return false;
  const bool isPressing = !keys_.empty();
  bool isAny = false;
  for (const char key : keys) {
    const bool isKey = kKeys.find(key) != std::string_view::npos || key == 'w' || key == 'W';
    if (!isKey || keys_.size() >= kMaxKeys) continue;
    keys_.push_back(key);
    isAny = true;
  }
  if (!isAny) return false;
  report(Happening::pressed, std::string{keys});
  if (!isPressing) pressNext();  // otherwise they come behind those that are still to come
  return true;
}

void Leg::pressNext() {
  if (keys_.empty()) return;
  const char key = keys_.front();
  milliseconds pause = kBetweenKeys;
  if (key == 'w' || key == 'W') {
    pause = key == 'w' ? milliseconds{500} : milliseconds{1000};
  } else {
    pressKey(key);
    if (isOver()) return;
  }
  keys_.pop_front();
  const auto self = weak_from_this();
  if (keys_.empty() && key != 'w' && key != 'W') return;
  if (keys_.empty()) keys_.push_back(' ');  // the pause at the end is still to come
  keysAlarm_.set(pause, [self] {
    const auto leg = self.lock();
    if (!leg) return;
    if (!leg->keys_.empty() && leg->keys_.front() == ' ') leg->keys_.pop_front();
    leg->pressNext();
  });
}

void Leg::pressKey(char key) {
  if (aside && aside->press(key)) return;
  if (run && run->press(key)) return;
  if (dialling && dialling->press(key)) return;
  const auto others = hearers();
  for (const auto& other : others) other->hear(std::string{"key "} + key, *this);
  if (others.empty()) report(Happening::lost, std::string{key});
}

bool Leg::say(const Speech& speech) {
  if (isOver() || !isAnswered()) return false;
  report(Happening::spoke, speech.words);
  if (aside && aside->hear(speech)) return true;
  if (run && run->hear(speech)) return true;
  const auto others = hearers();
  for (const auto& other : others) other->hear(speech.words, *this);
  if (others.empty()) report(Happening::lost, speech.words);
  return true;
}

void Leg::hear(std::string_view words, const Leg& speaker) {
  report(Happening::hears, std::string{words}, {{"speaker", speaker.sid}});
}

std::vector<std::shared_ptr<Leg>> Leg::hearers() const {
  if (conference) return conference->hearersOf(*this);
  if (auto other = peer.lock()) return {std::move(other)};
  return {};
}

void Leg::tell(std::string_view event) {
  const unsigned sequence = sequence_++;
  if (statusCallback.url.empty()) return;
  const bool isWanted =
      statusCallback.events.empty()
          ? event == "completed"
          : std::ranges::find(statusCallback.events, event) != statusCallback.events.end();
  if (!isWanted) return;
  Form form = fields();
  if (event == "initiated") {
    Form again;
    for (const auto& [name, value] : form) {
      again.add(name, name == "CallStatus" ? std::string_view{"initiated"} : value);
    }
    form = std::move(again);
  }
  form.add("Timestamp", board_.date(board_.now()));
  form.add("CallbackSource", "call-progress-events");
  if ((event == "ringing" || event == "answered") && isAmerican(from)) {
    form.add("StirStatus", kVerified.substr(kVerified.size() - 1));
  }
  form.add("SequenceNumber", std::to_string(sequence));
  if (isOver()) {
    const auto talked =
        answeredAt ? std::chrono::ceil<seconds>(*endedAt - *answeredAt) : seconds{0};
    form.add("CallDuration", std::to_string(talked.count()));
    if (direction == "outbound-api") {
      form.add("Duration", std::to_string(std::chrono::ceil<std::chrono::minutes>(talked).count()));
    }
    const std::string_view code = status == CallStatus::busy       ? "486"
                                  : status == CallStatus::noAnswer ? "487"
                                  : status == CallStatus::canceled ? "487"
                                  : status == CallStatus::failed   ? "404"
                                                                   : "";
    if (!code.empty()) form.add("SipResponseCode", code);
  }
  board_.callBack(webCaller, Purpose::statusCallback, statusCallback.url, statusCallback.method,
                  std::move(form));
}

}  // namespace ivr::phone
