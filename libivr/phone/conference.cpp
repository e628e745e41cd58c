#include "phone/conference.hpp"

#include "core/text.hpp"
#include "phone/document_run.hpp"
#include "phone/switchboard.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::seconds;

constexpr std::size_t kMaxParticipants = 250;
constexpr std::size_t kMaxLabel = 128;
constexpr std::size_t kMaxPast = 1000;  ///< States that lists may show.

std::string_view textOf(bool flag) { return flag ? "true" : "false"; }

}  // namespace

Conference::Conference(Switchboard& board, std::string conferenceSid, std::string conferenceName)
    : sid(std::move(conferenceSid)),
      name(std::move(conferenceName)),
      board_(board),
      webCaller_(board.makeWebCaller("")) {}

Conference::Participant* Conference::find(std::string_view callSidOrLabel) {
  const auto found = std::ranges::find_if(participants_, [&](const Participant& one) {
    return one.leg->sid == callSidOrLabel || (!one.label.empty() && one.label == callSidOrLabel);
  });
  return found == participants_.end() ? nullptr : &*found;
}

std::string Conference::join(Participant participant) {
  Leg& leg = *participant.leg;
  const twiml::Conference& options = participant.options;
  participant.label = options.participantLabel.value_or("").substr(0, kMaxLabel);
  if (participants_.empty() && status == Status::init) {
    maxParticipants_ = std::clamp<std::size_t>(
        static_cast<std::size_t>(std::max(1, options.maxParticipants.value_or(250))), 1,
        kMaxParticipants);
    const auto url = options.statusCallback
                         ? resolved(participant.base, trimmed(*options.statusCallback))
                         : std::nullopt;
    callback_ = {.url = url.value_or(""),
                 .method = methodOr(options.statusCallbackMethod, HttpMethod::post)};
    for (const auto& event : options.statusCallbackEvent) callback_.events.push_back(event.text());
    webCaller_->index = leg.webCaller->index;
    webCaller_->requests = leg.webCaller->requests;
  }
  if (participants_.size() >= maxParticipants_) return "16020";
  if (!participant.label.empty() && find(participant.label) != nullptr) return "16025";
  if (options.coach && find(*options.coach) == nullptr) return "13240";
  if (options.record && *options.record == twiml::ConferenceRecord::recordFromStart &&
      !recordedAs_) {
    recordedAs_ = options;
    recordingBase_ = participant.base;
  }
  participant.isMuted = options.muted.value_or(false);
  participant.endsOnExit = options.endConferenceOnExit.value_or(false);
  participant.coached = options.coach.value_or("");
  participant.joined = board_.now();
  leg.conference = shared_from_this();
  leg.takeTurn();
  participants_.push_back(std::move(participant));
  remember();
  leg.report(Happening::joined, name, {{"ConferenceSid", sid}});
  tell("join", "participant-join", &participants_.back());
  const bool wasRunning = status == Status::inProgress;
  startIfReady();
  if (status != Status::inProgress) letWait(participants_.back());
  if (wasRunning || status == Status::inProgress) {
    const auto& beep = participants_.back().options.beep;
    const bool beeps =
        !beep || *beep == twiml::ConferenceBeep::true_ || *beep == twiml::ConferenceBeep::onEnter;
    if (beeps) {
      for (const Participant& one : participants_) one.leg->report(Happening::plays, "a beep");
    }
  }
  return {};
}

void Conference::startIfReady() {
  if (status != Status::init || participants_.size() < 2) return;
  const bool mayStart = std::ranges::any_of(participants_, [](const Participant& one) {
    return one.options.startConferenceOnEnter.value_or(true);
  });
  if (!mayStart) return;
  status = Status::inProgress;
  started_ = board_.now();
  for (const Participant& one : participants_) {
    if (!one.leg->aside) continue;
    one.leg->aside->stop();
    board_.loop().post([old = std::move(one.leg->aside)] {});
    one.leg->aside.reset();
  }
  tell("start", "conference-start", nullptr);
}

void Conference::playTo(Participant& participant, std::string url, HttpMethod method,
                        std::function<void(DocumentRun::End)> ended) {
  Leg& leg = *participant.leg;
  if (leg.aside) {
    leg.aside->stop();
    board_.loop().post([old = std::move(leg.aside)] {});
  }
  leg.aside = std::make_shared<DocumentRun>(leg, DocumentUse::conferenceWait, std::move(ended));
  leg.aside->request(std::move(url), method);
}

void Conference::letWait(Participant& participant) {
  Leg& leg = *participant.leg;
  const twiml::Conference& options = participant.options;
  if (!options.waitUrl) {
    leg.report(Happening::plays, "the provider's hold music");
    return;
  }
  if (trimmed(*options.waitUrl).empty()) return;
  const auto failed = [self = weak_from_this(), weak = leg.weak_from_this()] {
    const auto room = self.lock();
    const auto party = weak.lock();
    if (room && party && party->conference == room) {
      room->leave(*party, "participant_add_failed");
    }
  };
  const auto url = resolved(participant.base, trimmed(*options.waitUrl));
  if (!url) {
    leg.report(Happening::error, "the waitUrl is invalid", {}, "11100");
    return board_.loop().post(failed);
  }
  playTo(participant, *url, methodOr(options.waitMethod, HttpMethod::post),
         [failed](DocumentRun::End how) {
           if (how == DocumentRun::End::failed) failed();
         });
}

std::vector<std::shared_ptr<Leg>> Conference::hearersOf(const Leg& leg) const {
  std::vector<std::shared_ptr<Leg>> hearers;
  if (status != Status::inProgress) return hearers;
  const auto me = std::ranges::find_if(
      participants_, [&](const Participant& one) { return one.leg.get() == &leg; });
  if (me == participants_.end() || me->isMuted || me->isOnHold) return hearers;
  for (const Participant& one : participants_) {
    if (&one == &*me || one.isOnHold) continue;
    if (!me->coached.empty() && one.leg->sid != me->coached) continue;
    hearers.push_back(one.leg);
  }
  return hearers;
}

void Conference::leave(Leg& leg, std::string_view reason) {
  const auto found = std::ranges::find_if(
      participants_, [&](const Participant& one) { return one.leg.get() == &leg; });
  if (found == participants_.end()) return;
  const auto keep = shared_from_this();
  const bool ends = found->endsOnExit && !found->isOnHold;
  const std::string callSid = leg.sid;
  const std::string label = found->label;
  const bool isKicked = reason == "participant_updated_via_api";
  remove(static_cast<std::size_t>(found - participants_.begin()), reason);
  if (ends) {
    end(isKicked ? "participant-with-end-conference-on-exit-kicked"
                 : "participant-with-end-conference-on-exit-left",
        callSid, label);
  } else if (participants_.empty()) {
    end(isKicked ? "last-participant-kicked" : "last-participant-left", callSid, label);
  }
}

void Conference::expectNoLonger() {
  if (--expected_ == 0 && participants_.empty()) end("last-participant-left");
}

void Conference::remove(std::size_t index, std::string_view reason) {
  const auto place = participants_.begin() + static_cast<std::ptrdiff_t>(index);
  const Participant gone = *place;
  participants_.erase(place);
  remember();
  Leg& leg = *gone.leg;
  leg.conference.reset();
  if (leg.aside) {
    leg.aside->stop();
    board_.loop().post([old = std::move(leg.aside)] {});
    leg.aside.reset();
  }
  leg.report(Happening::leftConference, name, {{"reason", std::string{reason}}});
  const auto& beep = gone.options.beep;
  const bool beeps =
      !beep || *beep == twiml::ConferenceBeep::true_ || *beep == twiml::ConferenceBeep::onExit;
  if (status == Status::inProgress && beeps) {
    for (const Participant& one : participants_) one.leg->report(Happening::plays, "a beep");
  }
  Form fields;
  fields.add("ParticipantCallStatus",
             textOf(leg.isOver() ? rest::CallStatus::completed : leg.status));
  fields.add("ReasonParticipantLeft", reason);
  tell("leave", "participant-leave", &gone, std::move(fields));
  if (gone.whenLeft) gone.whenLeft();
}

void Conference::end(std::string_view reason, std::string_view callSid, std::string_view label) {
  if (status == Status::completed) return;
  const auto keep = shared_from_this();
  const bool wasRunning = status == Status::inProgress;
  status = Status::completed;
  reasonEnded = reason;
  callSidEnding = callSid;
  ended_ = board_.now();
  board_.ended(*this);
  while (!participants_.empty()) {
    remove(0, reason == "conference-ended-via-api" ? "conference_ended_via_api"
                                                   : "moderator_ended_conference");
  }
  tell("end", "conference-end", nullptr,
       {{"CallSidEndingConference", callSid},
        {"ParticipantLabelEndingConference", label},
        {"ReasonConferenceEnded", reason},
        {"Reason", reason}});
  if (!recordedAs_ || !wasRunning) return;
  const seconds duration = std::chrono::ceil<seconds>(board_.now() - *started_);
  if (duration <= seconds{0}) return;
  VoiceRecordingMade made{.sid = board_.sids().make("RE"),
                          .conferenceSid = sid,
                          .source = "Conference",
                          .began = *started_,
                          .duration = duration};
  board_.report({.what = Happening::recorded,
                 .details = {{"RecordingSid", made.sid},
                             {"RecordingDuration", std::to_string(duration.count())},
                             {"ConferenceSid", sid},
                             {"sound", std::string{board_.soundOfRecordings()}}}});
  const auto url = recordedAs_->recordingStatusCallback
                       ? resolved(recordingBase_, trimmed(*recordedAs_->recordingStatusCallback))
                       : std::nullopt;
  if (url) {
    board_.callBack(webCaller_, Purpose::recordingCallback, *url,
                    methodOr(recordedAs_->recordingStatusCallbackMethod, HttpMethod::post),
                    {{"AccountSid", board_.options().accountSid},
                     {"ConferenceSid", sid},
                     {"RecordingSid", made.sid},
                     {"RecordingUrl", board_.recordingUrl(made.sid)},
                     {"RecordingStatus", "completed"},
                     {"RecordingDuration", std::to_string(duration.count())},
                     {"RecordingChannels", "1"},
                     {"RecordingStartTime", board_.date(*started_)},
                     {"RecordingSource", "Conference"}});
  }
  board_.add(std::move(made));
}

void Conference::remember() {
  const auto delay = board_.options().conferenceListDelay;
  if (delay <= std::chrono::milliseconds{0}) return;
  const Moment now = board_.now();
  while (past_.size() > 1 && (past_[1].since <= now - delay || past_.size() > kMaxPast)) {
    past_.pop_front();
  }
  if (!past_.empty() && past_.back().since == now) past_.pop_back();
  Past& current = past_.emplace_back(Past{.since = now, .participants = participants_});
  for (Participant& one : current.participants) one.whenLeft = {};
}

std::optional<Conference::Status> Conference::statusAt(Moment moment) const noexcept {
  if (moment < created) return std::nullopt;
  if (ended_ && moment >= *ended_) return Status::completed;
  return started_ && moment >= *started_ ? Status::inProgress : Status::init;
}

Moment Conference::updatedAt(Moment moment) const noexcept {
  if (ended_ && moment >= *ended_) return *ended_;
  return started_ && moment >= *started_ ? *started_ : created;
}

std::span<const Conference::Participant> Conference::participantsAt(Moment moment) const noexcept {
  if (board_.options().conferenceListDelay <= std::chrono::milliseconds{0}) return participants_;
  std::span<const Participant> then;
  for (const Past& one : past_) {
    if (one.since <= moment) then = one.participants;
  }
  return then;
}

void Conference::setMuted(Participant& participant, bool isMuted) {
  if (participant.isMuted == isMuted) return;
  participant.isMuted = isMuted;
  remember();
  participant.leg->report(Happening::conference,
                          isMuted ? "participant-mute" : "participant-unmute");
  tell("mute", isMuted ? "participant-mute" : "participant-unmute", &participant);
}

void Conference::setOnHold(Participant& participant, bool isOnHold, std::string url,
                           HttpMethod method) {
  if (participant.isOnHold == isOnHold) return;
  participant.isOnHold = isOnHold;
  remember();
  Leg& leg = *participant.leg;
  leg.report(Happening::conference, isOnHold ? "participant-hold" : "participant-unhold");
  tell("hold", isOnHold ? "participant-hold" : "participant-unhold", &participant);
  if (!isOnHold) {
    if (leg.aside) {
      leg.aside->stop();
      board_.loop().post([old = std::move(leg.aside)] {});
      leg.aside.reset();
    }
    return;
  }
  if (url.empty()) {
    leg.report(Happening::plays, "the provider's hold music");
    return;
  }
  playTo(participant, std::move(url), method, [](DocumentRun::End) {});
}

void Conference::setCoached(Participant& participant, std::string callSid) {
  participant.coached = std::move(callSid);
  modified(participant);
}

void Conference::modified(const Participant& participant) {
  remember();
  participant.leg->report(Happening::conference, "participant-modify");
  tell("modify", "participant-modify", &participant);
}

void Conference::announce(Participant& participant, std::string url, HttpMethod method) {
  const std::string address = url;
  playTo(participant, std::move(url), method,
         [self = weak_from_this(), weak = participant.leg->weak_from_this(),
          address](DocumentRun::End how) {
           const auto room = self.lock();
           const auto party = weak.lock();
           if (!room || !party) return;
           const Participant* const me = room->find(party->sid);
           if (me == nullptr) return;
           const bool isFailed = how == DocumentRun::End::failed;
           Form fields{{"AnnounceUrl", address}};
           if (isFailed) fields.add("ReasonAnnouncementFailed", "the document could not be played");
           room->tell("announcement", isFailed ? "announcement-fail" : "announcement-end", me,
                      std::move(fields));
         });
}

void Conference::announceToAll(const std::string& url, HttpMethod method) {
  for (Participant& one : participants_) announce(one, url, method);
}

void Conference::tell(std::string_view subscription, std::string_view event,
                      const Participant* participant, Form otherFields) {
  if (participant == nullptr) {
    board_.report({.what = Happening::conference,
                   .text = std::string{event},
                   .details = {{"name", name}, {"ConferenceSid", sid}}});
  }
  const unsigned sequence = ++sequence_;
  if (callback_.url.empty() ||
      std::ranges::find(callback_.events, subscription) == callback_.events.end()) {
    return;
  }
  Form form{{"ConferenceSid", sid},
            {"FriendlyName", name},
            {"AccountSid", board_.options().accountSid},
            {"SequenceNumber", std::to_string(sequence)},
            {"Timestamp", board_.date(board_.now())},
            {"StatusCallbackEvent", event}};
  if (participant != nullptr) {
    form.add("CallSid", participant->leg->sid);
    form.add("Muted", textOf(participant->isMuted));
    form.add("Hold", textOf(participant->isOnHold));
    form.add("Coaching", textOf(!participant->coached.empty()));
    form.add("EndConferenceOnExit", textOf(participant->endsOnExit));
    form.add("StartConferenceOnEnter",
             textOf(participant->options.startConferenceOnEnter.value_or(true)));
    if (!participant->label.empty()) form.add("ParticipantLabel", participant->label);
  }
  for (const auto& [key, value] : otherFields) form.add(key, value);
  board_.callBack(webCaller_, Purpose::conferenceCallback, callback_.url, callback_.method,
                  std::move(form));
}

}  // namespace ivr::phone
