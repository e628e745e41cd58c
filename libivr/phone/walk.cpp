#include "phone/walk.hpp"

#include "core/text.hpp"
#include "ivr/http/percent.hpp"
#include "phone/generated.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ivr::phone {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// How long a caller listens in a queue or a conference before that is the place.
constexpr milliseconds kListens = 30s;

/// How long another telephone rings before somebody decides.
constexpr milliseconds kRings = 1s;

/// A call in which nobody decides for so long is endless.
constexpr milliseconds kPatience = 30min;

/// How long what belongs to a call may go on after its end.
constexpr milliseconds kAfterwards = 60s;

constexpr std::size_t kMaxHeard = 50;

std::vector<Act> actsOf(const MenuPath& path) {
  std::vector<Act> acts;
  for (const MenuStep& step : path) {
    acts.insert(acts.end(), static_cast<std::size_t>(std::max(step.times, 1)), step.act);
  }
  return acts;
}

std::string wholeSeconds(Moment moment) {
  return std::to_string(std::chrono::round<std::chrono::seconds>(moment).count()) + " s";
}

}  // namespace

class Walk::Core {
 public:
  Core(std::shared_ptr<EventLoop> loop, ProviderOptions provider, const NumberSettings& number,
       const IncomingCall& call, WalkOptions options, WalkListener& listener)
      : loop_(std::move(loop)),
        options_(std::move(options)),
        listener_(listener),
        given_(actsOf(options_.path)) {
    provider.keepsTimeline = false;
    provider.onEntry = [this, also = std::move(provider.onEntry)](const Entry& entry) {
      see(entry);
      if (also) also(entry);
    };
    provider_.emplace(loop_, std::move(provider));
    provider_->setNumber(call.to, number);
    provider_->setOtherTelephones({.reaction = Telephone::Reaction::rings});
    sid_ = provider_->call(call);
    expect();
  }
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core() {
    for (const EventLoop::Id event : {event_, patience_, listening_, afterwards_}) {
      loop_->cancel(event);
    }
  }

  Provider& provider() noexcept { return *provider_; }

  [[nodiscard]] bool isOver() const {
    return hasEnded_ && (isGivenUp_ || (provider_->liveCalls() == 0 && provider_->requests() == 0));
  }

  void giveUp() {
    if (!isFinished_) arrive({.kind = MenuNode::Kind::endless});
    hasEnded_ = true;
    isGivenUp_ = true;
  }

  [[nodiscard]] const std::optional<Place>& place() const noexcept { return place_; }
  [[nodiscard]] int times() const noexcept { return times_; }
  [[nodiscard]] const MenuPath& done() const noexcept { return done_; }

 private:
  /// Another call than the caller's.
  struct Other {
    std::string number = {};
    bool isDialled = false;  ///< By a document; otherwise by the API.
  };

  // ---- What happens.

  void see(const Entry& entry) {
    switch (entry.what) {
      case Happening::webhook: onWebhook(entry); break;
      case Happening::error:
      case Happening::warning: onTrouble(entry); break;
      case Happening::notPlayed: listener_.notPlayed(entry.text); break;
      case Happening::called:
        if (entry.callSid == sid_) break;
        others_.emplace(entry.callSid,
                        Other{.number = std::string{entry.detail("to")},
                              .isDialled = entry.detail("direction") == "outbound-dial"});
        break;
      default: break;
    }
    if (entry.callSid == sid_) {
      onOwn(entry);
    } else if (!isFinished_) {
      onOther(entry);
    }
  }

  void onWebhook(const Entry& entry) {
    const auto status = numberFrom<int>(entry.detail("status")).value_or(0);
    listener_.requested(status != 0);
    const auto states = itemsOf(entry.detail("state"));
    for (const std::string_view state : states) listener_.passed(http::percentDecode(state));
    if (!states.empty() && entry.callSid == sid_ && states_.size() < kMaxHeard) {
      states_.push_back(http::percentDecode(states.back()));  // the others are not heard
    }
    isOfAudio_ = entry.detail("for") == "audio";
    if (status != 0 && status < 400 && entry.code.empty()) return;
    troubleAt_ = entry.at;
    MenuFinding finding{.kind = isOfAudio_ ? "missing-audio" : "http",
                        .code = entry.code,
                        .address = withoutGenerated(entry.text)};
    if (status != 0) {
      finding.message = "answers " + std::to_string(status);
    } else {
      finding.message = "does not answer";
    }
    if (const std::string_view why = entry.detail("why"); !why.empty()) {
      finding.message.append(": ").append(why);
    }
    report(std::move(finding));
  }

  void onTrouble(const Entry& entry) {
    // What follows a request that has failed was told with it.
    if (troubleAt_ == entry.at && entry.code.starts_with("112")) return;
    if (entry.what == Happening::error) troubleAt_ = entry.at;
    const bool isAudio =
        entry.code == "13420" || entry.code == "13325" || (entry.code == "12300" && isOfAudio_);
    const char* const kind = isAudio                          ? "missing-audio"
                             : entry.what == Happening::error ? "error"
                                                              : "warning";
    report({.kind = kind,
            .code = entry.code,
            .address = withoutGenerated(url_),
            .message = withoutGenerated(entry.text)});
  }

  void onOwn(const Entry& entry) {
    listen(entry);
    switch (entry.what) {
      case Happening::twiml:
        document_ = entry.text;
        url_ = entry.detail("url");
        asked_ = 0;
        listener_.executes(document_, url_, useHere(), done_);
        if (!isFinished_ && ++documents_ > options_.documentsInARow) {
          decide([this] { arrive({.kind = MenuNode::Kind::endless}); }, 0ms);
        }
        return;
      case Happening::says:
      case Happening::plays:
      case Happening::hears:
        if (heard_.size() < kMaxHeard) heard_.push_back(entry.text);
        return;
      case Happening::asks: ++asked_; return;
      case Happening::waits: return decide([this] { atTurn(); }, 0ms);
      case Happening::connected:
        partner_ = entry.detail("with");
        return decide(
            [this] { arrive({.kind = MenuNode::Kind::talking, .detail = numberOf(partner_)}); },
            0ms);
      case Happening::enqueued:
        room_ = Place{.kind = MenuNode::Kind::queue, .detail = entry.text};
        return listenInRoom();
      case Happening::joined:
        room_ = Place{.kind = MenuNode::Kind::conference, .detail = entry.text};
        return listenInRoom();
      case Happening::leftQueue:
      case Happening::leftConference:
        room_.reset();
        loop_->cancel(std::exchange(listening_, 0));
        return;
      case Happening::ended:
        hasEnded_ = true;
        if (!isFinished_) atEnd(entry.text);
        endOthers();
        return;
      default: return;
    }
  }

  /// Another telephone: one that was dialled.
  void onOther(const Entry& entry) {
    if (entry.what == Happening::ringing) {
      const std::string sid = entry.callSid;
      ringing_.push_back(sid);
      if (event_ == 0) decide([this] { atRinging(); }, kRings);
    } else if (entry.what == Happening::waits) {
      // Somebody who is asked whether to take the call does so.
      later([this, sid = entry.callSid] { provider_->press(sid, "1"); });
    } else if (entry.what == Happening::twiml) {
      const auto other = others_.find(entry.callSid);
      const bool isDialled = other != others_.end() && other->second.isDialled;
      listener_.executes(entry.text, entry.detail("url"), isDialled ? "screening" : "", done_);
    } else if (entry.what == Happening::ended) {
      std::erase(ringing_, entry.callSid);
    }
  }

  [[nodiscard]] std::string numberOf(const std::string& sid) const {
    const auto other = others_.find(sid);
    return other == others_.end() ? "" : other->second.number;
  }

  /// What the call's own documents are for at the moment.
  [[nodiscard]] std::string_view useHere() const {
    if (!room_) return {};
    return room_->kind == MenuNode::Kind::queue ? "queueWait" : "conferenceWait";
  }

  void decide(detail::OnceFunction<> decision, milliseconds delay) {
    loop_->cancel(event_);
    event_ = loop_->after(delay, [this, decision = std::move(decision)]() mutable {
      event_ = 0;
      if (!isFinished_) decision();
    });
  }

  void atTurn() {
    auto view = provider_->find(sid_);
    if (!view || view->isOver()) return;
    if (view->activity == Activity::recording) return arrive({.kind = MenuNode::Kind::recording});
    if (view->activity != Activity::asked) return;
    arrive({.kind = MenuNode::Kind::question, .question = std::move(view->question)});
  }

  void atRinging() {
    if (ringing_.empty()) return;
    arrive({.kind = MenuNode::Kind::dialling, .detail = numberOf(ringing_.front())});
  }

  void atEnd(const std::string& status) {
    const bool isRefused = status == "busy" || status == "no-answer";
    if (heard_.empty() && !isRefused && troubleAt_ != loop_->now()) {
      report({.kind = "dead-end",
              .address = withoutGenerated(url_),
              .message = "the call ends, and nothing was said"});
    }
    arrive({.kind = MenuNode::Kind::ended, .detail = status});
  }

  void listenInRoom() {
    loop_->cancel(listening_);
    listening_ = loop_->after(kListens, [this] {
      listening_ = 0;
      if (!isFinished_ && room_) arrive(*room_);
    });
  }

  // ---- Silence.

  void listen(const Entry& entry) {
    if (soundSince_ && entry.at > *soundSince_) {
      quietSince_ = std::min(entry.at, *soundSince_ + soundLength_.value_or(entry.at));
      soundSince_.reset();
    }
    switch (entry.what) {
      case Happening::answered: quietSince_ = entry.at; return;
      case Happening::says:
      case Happening::plays:
        endSilence(entry.at);
        soundSince_ = entry.at;
        soundLength_.reset();
        if (const auto length = numberFrom<Moment::rep>(entry.detail("length"))) {
          soundLength_ = Moment{*length};
        }
        return;
      case Happening::hears: quietSince_ = entry.at; return;
      case Happening::pressed:
      case Happening::spoke: endSilence(entry.at); return;
      case Happening::dials:
      case Happening::connected:
      case Happening::joined: quietSince_.reset(); return;
      case Happening::disconnected:
      case Happening::leftConference:
      case Happening::recorded:
        quietSince_ = entry.at;
        soundSince_.reset();
        return;
      case Happening::twiml:
        if (!quietSince_ && !soundSince_) quietSince_ = entry.at;
        return;
      case Happening::waits: {
        const auto view = provider_->find(sid_);
        if (view && view->activity == Activity::recording) quietSince_.reset();
        return;
      }
      case Happening::ended: endSilence(entry.at); return;
      default: return;
    }
  }

  void endSilence(Moment now) {
    if (quietSince_ && now - *quietSince_ > options_.silence && !isFinished_) {
      report({.kind = "silence",
              .address = withoutGenerated(url_),
              .message = "nothing is heard for " + wholeSeconds(now - *quietSince_)});
    }
    quietSince_ = now;
  }

  // ---- What is done.

  void arrive(Place place) {
    if (isFinished_) return;
    place.address = withoutGenerated(url_);
    place.document = withoutGenerated(document_);
    place.heard = std::move(heard_);
    place.states = std::move(states_);
    heard_.clear();
    states_.clear();
    documents_ = 0;
    place.key = std::to_string(static_cast<int>(place.kind)) + ' ' + std::to_string(asked_) + ' ' +
                place.detail + '\n' + place.address + '\n' + place.document;
    const bool isEnd = place.kind == MenuNode::Kind::ended || place.kind == MenuNode::Kind::endless;
    if (at_ < given_.size()) {
      if (isEnd) return finish(std::nullopt);
      return act(given_[at_++]);
    }
    if (!options_.next) return finish(std::move(place));
    if (times_ == 0 && place.key != options_.key) return finish(std::nullopt);
    const bool isSame = place.key == options_.key;
    const int most = options_.next->isRepeated ? options_.repeats : 1;
    if (isSame && times_ < most) {
      ++times_;
      return act(options_.next->act);
    }
    finish(std::move(place));
  }

  void act(const Act& act) {
    if (!done_.empty() && done_.back().act == act) {
      ++done_.back().times;
    } else {
      done_.push_back({.act = act});
    }
    later([this, act] {
      if (!isFinished_) perform(act);
    });
    expect();
  }

  void perform(const Act& act) {
    if (room_) listenInRoom();
    switch (act.kind) {
      case Act::Kind::press: provider_->press(sid_, act.text); return;
      case Act::Kind::say: provider_->say(sid_, {.words = act.text}); return;
      case Act::Kind::othersAnswer:
        if (!ringing_.empty()) provider_->answer(std::exchange(ringing_, {}).front());
        return;
      case Act::Kind::othersRefuse:
        for (const std::string& sid : std::exchange(ringing_, {})) provider_->refuse(sid);
        return;
      case Act::Kind::othersHangUp: provider_->hangUp(partner_); return;
      case Act::Kind::hangUp: provider_->hangUp(sid_); return;
      case Act::Kind::silence:
      case Act::Kind::wait: return;
    }
  }

  /// From now on something is to happen before long.
  void expect() {
    loop_->cancel(patience_);
    patience_ = loop_->after(kPatience, [this] {
      patience_ = 0;
      arrive({.kind = MenuNode::Kind::endless});
    });
  }

  /// The walk is done: the caller hangs up, which is tried at every place so.
  void finish(std::optional<Place> place) {
    isFinished_ = true;
    place_ = std::move(place);
    loop_->cancel(std::exchange(patience_, 0));
    loop_->cancel(std::exchange(listening_, 0));
    afterwards_ = loop_->after(kAfterwards, [this] {
      afterwards_ = 0;
      hasEnded_ = true;
      isGivenUp_ = true;
    });
    if (hasEnded_) return;
    done_.push_back({.act = {.kind = Act::Kind::hangUp}});
    later([this] {
      if (!hasEnded_ && !provider_->hangUp(sid_)) endOthers();
    });
  }

  void endOthers() {
    if (others_.empty()) return;
    later([this] {
      for (const auto& [sid, other] : others_) {
        if (!provider_->hangUp(sid)) (void)provider_->refuse(sid);
      }
    });
  }

  /// Not inside of what the provider is doing.
  template <class Task>
  void later(Task task) {
    loop_->post([task = std::move(task), alive = std::weak_ptr{alive_}] {
      if (!alive.expired()) task();
    });
  }

  void report(MenuFinding finding) {
    finding.path = done_;
    listener_.found(std::move(finding));
  }

  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
  std::shared_ptr<EventLoop> loop_;
  const WalkOptions options_;
  WalkListener& listener_;
  const std::vector<Act> given_;
  std::optional<Provider> provider_;
  std::string sid_;

  std::size_t at_ = 0;  ///< Of what is given.
  int times_ = 0;       ///< How often the act that is tried was done.
  MenuPath done_;
  std::optional<Place> place_;
  bool isFinished_ = false;
  bool hasEnded_ = false;
  bool isGivenUp_ = false;

  // Events of the loop; 0 if there is none.
  EventLoop::Id event_ = 0;
  EventLoop::Id patience_ = 0;
  EventLoop::Id listening_ = 0;
  EventLoop::Id afterwards_ = 0;

  std::string document_;
  std::string url_;
  std::size_t asked_ = 0;      ///< Gathers of the document.
  std::size_t documents_ = 0;  ///< Since the last act.
  std::vector<std::string> heard_;
  std::vector<std::string> states_;
  std::string partner_;        ///< The SID of the other party.
  std::optional<Place> room_;  ///< The queue or the conference.
  std::map<std::string, Other> others_;
  std::vector<std::string> ringing_;  ///< Of those that ring.

  std::optional<Moment> quietSince_;  ///< Since when nothing is heard, if that is not as it should.
  std::optional<Moment> soundSince_;
  std::optional<Moment> soundLength_;
  std::optional<Moment> troubleAt_;  ///< When a request last failed.
  bool isOfAudio_ = false;           ///< The last request.
};

Walk::Walk(std::shared_ptr<EventLoop> loop, ProviderOptions provider, const NumberSettings& number,
           const IncomingCall& call, WalkOptions options, WalkListener& listener)
    : core_(std::make_unique<Core>(std::move(loop), std::move(provider), number, call,
                                   std::move(options), listener)) {}
Walk::~Walk() = default;

Provider& Walk::provider() noexcept { return core_->provider(); }
bool Walk::isOver() const { return core_->isOver(); }
void Walk::giveUp() { core_->giveUp(); }
const std::optional<Place>& Walk::place() const noexcept { return core_->place(); }
int Walk::times() const noexcept { return core_->times(); }
const MenuPath& Walk::done() const noexcept { return core_->done(); }

}  // namespace ivr::phone
