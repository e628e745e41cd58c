#include "ivr/phone/script.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// How long somebody who is to be silent stays so where turns do not end by themselves.
constexpr milliseconds kOpenSilence = seconds{5};

constexpr int kMaxWait = 24 * 60 * 60;  ///< In seconds.

Act actFrom(std::string_view part) {
  if (part == "silence") return {.kind = Act::Kind::silence};
  if (part == "hangup") return {.kind = Act::Kind::hangUp};
  if (part.starts_with("wait")) {
    const auto length = numberFrom<int>(part.substr(4));
    if (length && *length > 0 && *length <= kMaxWait) {
      return {.kind = Act::Kind::wait, .length = seconds{*length}};
    }
  } else if (!part.empty() && areKeys(part)) {
    return {.kind = Act::Kind::press, .text = std::string{part}};
  }
  throw Error{ErrorKind::usage,
              "\"" + std::string{part} +
                  "\" is nothing to press: keys are 0-9, A-D, * and #, with w and W for pauses; "
                  "there are also wait2 (seconds), silence and hangup"};
}

}  // namespace

std::string describe(const Act& act) {
  switch (act.kind) {
    case Act::Kind::press: return "press " + act.text;
    case Act::Kind::say: return "say \"" + act.text + '"';
    case Act::Kind::silence: return "silence";
    case Act::Kind::wait: return "wait " + describe(Moment{act.length});
    case Act::Kind::hangUp: return "hang up";
    case Act::Kind::othersAnswer: return "they answer";
    case Act::Kind::othersRefuse: return "they do not answer";
    case Act::Kind::othersHangUp: return "they hang up";
  }
  return {};
}

std::vector<Act> actsFrom(std::string_view text) {
  std::vector<Act> acts;
  for (;;) {
    const std::size_t comma = text.find(',');
    acts.push_back(actFrom(trimmed(text.substr(0, comma))));
    if (comma == std::string_view::npos) return acts;
    text.remove_prefix(comma + 1);
  }
}

bool areKeys(std::string_view text) noexcept {
  return text.find_first_not_of("0123456789ABCD*#wW") == std::string_view::npos;
}

std::string_view heardIn(const Entry& entry) noexcept {
  const bool isHeard = entry.what == Happening::says || entry.what == Happening::plays ||
                       entry.what == Happening::hears;
  return isHeard ? std::string_view{entry.text} : std::string_view{};
}

Expectation::Expectation(std::vector<std::string> texts) : texts_(std::move(texts)) {
  for (const std::string& text : texts_) folded_.push_back(lowerCase(text));
}

void Expectation::see(const Entry& entry) {
  if (isMet()) return;
  const std::string heard = lowerCase(heardIn(entry));
  for (std::size_t from = 0; !heard.empty() && !isMet(); ++met_) {
    const std::size_t at = heard.find(folded_[met_], from);
    if (at == std::string::npos) return;
    from = at + folded_[met_].size();
  }
}

const std::string* Expectation::missing() const noexcept {
  return isMet() ? nullptr : &texts_[met_];
}

class ScriptedCaller::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(EventLoop& loop, Provider& provider, std::string callSid, ScriptOptions options)
      : loop_(loop),
        provider_(provider),
        callSid_(std::move(callSid)),
        options_(std::move(options)) {}

  void see(const Entry& entry) {
    if (entry.callSid != callSid_ || isOver_) return;
    switch (entry.what) {
      case Happening::ended:
        isOver_ = true;
        drop();
        return;
      case Happening::waits: isAsked_ = true; return actIn(milliseconds{0});
      case Happening::connected:
      case Happening::enqueued:
      case Happening::joined: isOpen_ = true; return actIn(options_.pace);
      case Happening::disconnected:
      case Happening::leftQueue:
      case Happening::leftConference:
        isOpen_ = false;
        isAsked_ = false;
        return;
      case Happening::gathered:
      case Happening::recorded:
      case Happening::asks:
      case Happening::twiml: isAsked_ = false; return;
      default: return;
    }
  }

  void add(Act act) {
    options_.acts.push_back(std::move(act));
    if (isAsked_ || isOpen_) actIn(isOpen_ ? options_.pace : milliseconds{0});
  }

  void drop() noexcept {
    isDropped_ = true;
    if (event_ != 0) loop_.cancel(std::exchange(event_, 0));
  }

  [[nodiscard]] const std::string& callSid() const noexcept { return callSid_; }
  [[nodiscard]] const Act* left() const noexcept {
    const auto first = options_.acts.begin() + static_cast<std::ptrdiff_t>(done_);
    const auto found = std::find_if(first, options_.acts.end(), [](const Act& act) {
      return act.kind == Act::Kind::press || act.kind == Act::Kind::say;
    });
    return found == options_.acts.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool isOver() const noexcept { return isOver_; }

 private:
  void actIn(milliseconds delay) {
    if (event_ != 0 || isDropped_) return;
    event_ = loop_.after(delay, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->act();
    });
  }

  void act() {
    event_ = 0;
    if (isDropped_ || !(isAsked_ || isOpen_)) return;
    if (done_ == options_.acts.size()) {
      if (options_.hangsUp) provider_.hangUp(callSid_);
      return;
    }
    const Act next = options_.acts[done_++];
    switch (next.kind) {
      case Act::Kind::press: provider_.press(callSid_, next.text); break;
      case Act::Kind::say: provider_.say(callSid_, {.words = next.text}); break;
      case Act::Kind::wait: return actIn(next.length);
      case Act::Kind::hangUp: provider_.hangUp(callSid_); return;
      case Act::Kind::silence:
        isAsked_ = false;
        if (isOpen_) actIn(kOpenSilence);
        return;
      case Act::Kind::othersAnswer:
      case Act::Kind::othersRefuse:
      case Act::Kind::othersHangUp: break;
    }
    // The answer to a question is its end, though the provider may wait for more of it.
    isAsked_ = false;
    if (isOpen_) actIn(options_.pace);
  }

  EventLoop& loop_;
  Provider& provider_;
  const std::string callSid_;
  ScriptOptions options_;
  std::size_t done_ = 0;
  EventLoop::Id event_ = 0;
  bool isAsked_ = false;
  bool isOpen_ = false;  ///< The caller talks, or is in a queue or a conference.
  bool isOver_ = false;
  bool isDropped_ = false;
};

ScriptedCaller::ScriptedCaller(EventLoop& loop, Provider& provider, std::string callSid,
                               ScriptOptions options)
    : core_(std::make_shared<Core>(loop, provider, std::move(callSid), std::move(options))) {}
ScriptedCaller::~ScriptedCaller() { core_->drop(); }

void ScriptedCaller::see(const Entry& entry) { core_->see(entry); }
void ScriptedCaller::add(Act act) { core_->add(std::move(act)); }
const std::string& ScriptedCaller::callSid() const noexcept { return core_->callSid(); }
const Act* ScriptedCaller::left() const noexcept { return core_->left(); }
bool ScriptedCaller::isOver() const noexcept { return core_->isOver(); }

}  // namespace ivr::phone
