#include "ivr/test/phone.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "test/line_core.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <utility>

namespace ivr::test {

namespace {

using namespace std::chrono_literals;
using phone::Happening;

std::string quoted(std::string_view act, std::string_view text) {
  return std::string{act} + "(\"" + std::string{text} + "\")";
}

/// A noise that matches none of the hints.
std::string noiseAt(const std::optional<phone::CallView>& call) {
  constexpr std::array<std::string_view, 3> kNoises{"hrrm", "ahem", "krrch"};
  for (const std::string_view noise : kNoises) {
    const auto isNoise = [&](const std::string& hint) { return lowerCase(hint) == noise; };
    if (!call || !call->question || std::ranges::none_of(call->question->hints, isNoise)) {
      return std::string{noise};
    }
  }
  return "hrrm hrrm hrrm";
}

bool isHeard(Happening what) { return what == Happening::says || what == Happening::hears; }
bool isPlayed(Happening what) { return what == Happening::plays; }

}  // namespace

Phone::Phone(std::shared_ptr<LineCore> line, std::shared_ptr<Handset> handset) noexcept
    : line_(std::move(line)), handset_(std::move(handset)) {}

Phone& Phone::press(std::string_view keys, Where where) {
  line_->perform(
      *handset_,
      {.name = quoted("press", keys),
       .run = [&](const std::string& sid) { return line_->provider().press(sid, keys); }},
      where);
  return *this;
}

Phone& Phone::say(std::string_view words, Where where) {
  const auto run = [&](const std::string& sid) {
    return line_->provider().say(sid, {.words = std::string{words}});
  };
  line_->perform(*handset_, {.name = quoted("say", words), .run = run}, where);
  return *this;
}

Phone& Phone::cough(Where where) {
  const auto run = [&](const std::string& sid) {
    phone::Provider& provider = line_->provider();
    return provider.say(sid, {.words = noiseAt(provider.find(sid)), .confidence = 0.1});
  };
  line_->perform(*handset_, {.name = "cough()", .run = run}, where);
  return *this;
}

Phone& Phone::silence(Where where) {
  line_->perform(*handset_, {.name = "silence()", .untilSomethingHappens = true}, where);
  return *this;
}

Phone& Phone::wait(std::chrono::milliseconds duration, Where where) {
  line_->wait(handset_.get(), duration, where);
  return *this;
}

Phone& Phone::hangUp(Where where) {
  const auto run = [&](const std::string& sid) { return line_->provider().hangUp(sid); };
  line_->perform(*handset_, {.name = "hangUp()", .run = run, .untilTheEnd = true}, where);
  return *this;
}

Phone& Phone::answer(Where where) {
  const std::string name = "answer()";
  const auto run = [&](const std::string& sid) { return line_->provider().answer(sid); };
  if (line_->awaitRinging(*handset_, name, where)) {
    line_->perform(*handset_, {.name = name, .run = run}, where);
  }
  return *this;
}

Phone& Phone::refuse(Where where) {
  const std::string name = "refuse()";
  const auto run = [&](const std::string& sid) { return line_->provider().refuse(sid); };
  if (line_->awaitRinging(*handset_, name, where)) {
    line_->perform(*handset_, {.name = name, .run = run, .untilTheEnd = true}, where);
  }
  return *this;
}

bool Phone::hasCall() const { return !line_->sidOf(*handset_).empty(); }

const std::string& Phone::number() const noexcept { return handset_->number; }

phone::CallView Phone::view() const {
  if (auto view = line_->provider().find(line_->sidOf(*handset_))) return *std::move(view);
  throw Error{ErrorKind::usage, "nobody has called the telephone " + handset_->number};
}

std::string Phone::sid() const { return view().sid; }

rest::CallStatus Phone::status() const { return view().status; }

std::vector<std::string> Phone::heard() const {
  return line_->texts(*handset_, handset_->actBegan, isHeard);
}

std::vector<std::string> Phone::everythingHeard() const {
  return line_->texts(*handset_, 0, isHeard);
}

std::vector<std::string> Phone::played() const {
  return line_->texts(*handset_, handset_->actBegan, isPlayed);
}

std::vector<std::string> Phone::everythingPlayed() const {
  return line_->texts(*handset_, 0, isPlayed);
}

std::vector<std::string> Phone::movedTo() const {
  const std::string own = sid();
  std::vector<std::string> addresses;
  for (Redirected& move : line_->redirected()) {
    if (move.sid == own) addresses.push_back(std::move(move.address));
  }
  return addresses;
}

Session Phone::session() const { return line_->session(sid()); }

phone::Timeline Phone::timeline() const {
  const std::string own = sid();
  phone::Timeline timeline;
  for (const phone::Entry& entry : line_->provider().timeline()) {
    if (entry.callSid == own) timeline.push_back(entry);
  }
  return timeline;
}

std::string Phone::story() const { return line_->story(*handset_); }

std::string Phone::addressOf(std::string_view path) const { return line_->addressOf(path); }

std::ostream& operator<<(std::ostream& out, const Phone& phone) { return out << phone.story(); }

}  // namespace ivr::test
