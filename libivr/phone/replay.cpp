#include "ivr/phone/replay.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "phone/generated.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxDifferences = 1000;
constexpr milliseconds kLongestDelay = std::chrono::hours{24};

/// The happenings that tell a party that it is its turn, or that change what it hears: what it does
/// is done so long after the last of them.
constexpr std::array kOccasions{
    Happening::called,         Happening::answered, Happening::says,      Happening::plays,
    Happening::asks,           Happening::waits,    Happening::dials,     Happening::connected,
    Happening::disconnected,   Happening::enqueued, Happening::leftQueue, Happening::joined,
    Happening::leftConference, Happening::hears};

template <class List>
bool isIn(const List& list, Happening what) {
  return std::ranges::find(list, what) != list.end();
}

bool isAct(Happening what) {
  return what == Happening::pressed || what == Happening::spoke || what == Happening::hungUp;
}

/// What an application plays is at the same path, wherever it runs.
std::string withoutOrigin(std::string_view address) {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) return std::string{address};
  const std::size_t path = address.find('/', scheme + 3);
  return path == std::string_view::npos ? "/" : std::string{address.substr(path)};
}

/// What is compared of an entry; nothing of those that do not count.
std::optional<std::string> comparedText(const Entry& entry) {
  const auto with = [&](std::string_view text) {
    return std::string{textOf(entry.what)} + ' ' + std::string{text};
  };
  switch (entry.what) {
    case Happening::says:
    case Happening::hears:
    case Happening::enqueued:
    case Happening::joined:
    case Happening::dials: return with(withoutGenerated(entry.text));
    case Happening::plays: return with(withoutGenerated(withoutOrigin(entry.text)));
    case Happening::asks:
      return with(entry.text + ' ' + std::string{entry.detail("numDigits")} + ' ' +
                  std::string{entry.detail("hints")});
    case Happening::message:
      return with(std::string{entry.detail("to")} + ' ' + withoutGenerated(entry.text));
    case Happening::notPlayed: return with(withoutGenerated(entry.text));
    case Happening::error:
    case Happening::warning: return with(entry.code);
    case Happening::gathered:
    case Happening::recorded:
    case Happening::ended: return with(entry.text);
    default: return std::nullopt;
  }
}

/// One step from the old list to the new one.
struct Edit {
  Difference::Kind kind = Difference::Kind::missing;
  std::size_t index = 0;  ///< In the old list if it is missing, in the new one if it was added.
};

/// The shortest way from one list to another (E. Myers, 1986), with at most `most` steps; nothing
/// if it is longer. Takes time by the length of the lists times the steps.
std::optional<std::vector<Edit>> editsBetween(const std::vector<std::string>& before,
                                              const std::vector<std::string>& after,
                                              std::size_t most) {
  const auto n = static_cast<std::ptrdiff_t>(before.size());
  const auto m = static_cast<std::ptrdiff_t>(after.size());
  const std::ptrdiff_t limit = std::min(n + m, static_cast<std::ptrdiff_t>(most));
  // How far one gets on each diagonal with so many steps; [d] is of d steps, from -d to d.
  std::vector<std::vector<std::ptrdiff_t>> reached;
  const auto at = [&](std::ptrdiff_t d, std::ptrdiff_t k) {
    return reached[static_cast<std::size_t>(d)][static_cast<std::size_t>(k + d)];
  };
  const auto isDown = [&](std::ptrdiff_t d, std::ptrdiff_t k) {
    return k == -d || (k != d && at(d - 1, k - 1) < at(d - 1, k + 1));
  };
  for (std::ptrdiff_t d = 0; d <= limit; ++d) {
    std::vector<std::ptrdiff_t> row(static_cast<std::size_t>(2 * d + 1), -1);
    for (std::ptrdiff_t k = -d; k <= d; k += 2) {
      std::ptrdiff_t x = 0;
      if (d > 0) x = isDown(d, k) ? at(d - 1, k + 1) : at(d - 1, k - 1) + 1;
      while (x < n && x - k < m && x - k >= 0 &&
             before[static_cast<std::size_t>(x)] == after[static_cast<std::size_t>(x - k)]) {
        ++x;
      }
      row[static_cast<std::size_t>(k + d)] = x;
    }
    reached.push_back(std::move(row));
    const std::ptrdiff_t goal = n - m;
    if (goal < -d || goal > d || (goal - d) % 2 != 0 || at(d, goal) < n) continue;
    // Back from the end.
    std::vector<Edit> edits;
    std::ptrdiff_t k = goal;
    for (std::ptrdiff_t step = d; step > 0; --step) {
      if (isDown(step, k)) {
        ++k;
        const std::ptrdiff_t x = at(step - 1, k);
        edits.push_back({Difference::Kind::added, static_cast<std::size_t>(x - k)});
      } else {
        --k;
        edits.push_back({Difference::Kind::missing, static_cast<std::size_t>(at(step - 1, k))});
      }
    }
    std::ranges::reverse(edits);
    return edits;
  }
  return std::nullopt;
}

}  // namespace

std::string describe(const Difference& difference) {
  std::string text = difference.party.empty() ? "the application" : difference.party;
  switch (difference.kind) {
    case Difference::Kind::missing: text += " no longer: "; break;
    case Difference::Kind::added: text += " now: "; break;
    case Difference::Kind::notDone: text += " had no occasion for: "; break;
    case Difference::Kind::uncounted: return text + " has more differences than are told";
  }
  return text + describe(difference.entry);
}

class Replay::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(EventLoop& loop, Provider& provider, Timeline saved)
      : loop_(loop), provider_(provider), saved_(std::move(saved)) {
    std::map<std::string, std::size_t, std::less<>> bySid;
    for (const Entry& entry : saved_) {
      if (entry.what == Happening::called) {
        bySid.insert_or_assign(entry.callSid, parties_.size());
        partyAt_[placeOf(entry)].push_back(parties_.size());
        parties_.push_back({.called = &entry});
      }
      const auto party = bySid.find(entry.callSid);
      if (party != bySid.end()) {
        add(parties_[party->second], entry);
      } else if (entry.what == Happening::message) {
        messages_.add(entry);
      }
    }
    incoming_ = static_cast<std::size_t>(
        std::ranges::count_if(parties_, [](const Party& one) { return isIncoming(*one.called); }));
    if (incoming_ == 0) {
      throw Error{ErrorKind::usage,
                  "no call comes in, in what was saved: there is nothing to play"};
    }
  }

  [[nodiscard]] std::vector<std::string> numbers() const {
    std::set<std::string> all;
    for (const Party& one : parties_) {
      if (isIncoming(*one.called)) all.emplace(one.called->detail("to"));
    }
    return {all.begin(), all.end()};
  }

  void begin() {
    for (const auto& [place, parties] : partyAt_) setTelephone(parties.front());
    std::optional<Moment> first;
    for (const Party& one : parties_) {
      if (!isIncoming(*one.called)) continue;
      if (!first) first = one.called->at;
      const auto delay = std::clamp(one.called->at - *first, milliseconds{0}, kLongestDelay);
      loop_.after(delay, [weak = weak_from_this(), called = one.called] {
        const auto self = weak.lock();
        if (!self) return;
        (void)self->provider_.call(
            {.from = std::string{called->detail("from")}, .to = std::string{called->detail("to")}});
      });
    }
  }

  void see(const Entry& entry) {
    played_.push_back(std::make_unique<const Entry>(entry));
    const Entry& seen = *played_.back();
    if (entry.what == Happening::called) join(seen);
    const auto party = live_.find(entry.callSid);
    if (party == live_.end()) {
      if (entry.what == Happening::message) newMessages_.add(seen);
      return;
    }
    Live& live = party->second;
    live.compared.add(seen);
    if (entry.what == Happening::ended) --open_;
    if (live.party && isIn(kOccasions, entry.what)) {
      act(live, {entry.what, live.occasions[entry.what]++});
    }
  }

  [[nodiscard]] bool isOver() const noexcept { return begun_ == incoming_ && open_ == 0; }

  [[nodiscard]] std::vector<Difference> differences() const {
    std::vector<Difference> all;
    const Compared nothing;
    for (const Party& party : parties_) {
      const auto live = live_.find(party.liveSid);
      compare(nameOf(*party.called), party.compared,
              live == live_.end() ? nothing : live->second.compared, all);
      for (const Act& act : party.acts) {
        if (done_.contains(act.entry)) continue;
        add(all, {.kind = Difference::Kind::notDone,
                  .party = nameOf(*party.called),
                  .entry = *act.entry});
      }
    }
    for (const auto& [sid, live] : live_) {
      if (!live.party) compare(nameOf(*live.called), nothing, live.compared, all);
    }
    compare("", messages_, newMessages_, all);
    return all;
  }

  [[nodiscard]] std::size_t compared() const noexcept {
    std::size_t count = messages_.texts.size();
    for (const Party& one : parties_) count += one.compared.texts.size();
    return count;
  }

 private:
  /// The entries of one party that are compared.
  struct Compared {
    std::vector<std::string> texts = {};
    std::vector<const Entry*> entries = {};

    void add(const Entry& entry) {
      auto text = comparedText(entry);
      if (!text) return;
      texts.push_back(*std::move(text));
      entries.push_back(&entry);
    }
  };

  /// The how many-th happening of its kind.
  using Occasion = std::pair<Happening, std::size_t>;

  struct Act {
    Occasion occasion = {};
    milliseconds delay{0};
    const Entry* entry = nullptr;
  };

  /// One who took part in the saved calls.
  struct Party {
    const Entry* called = nullptr;
    std::vector<Act> acts = {};
    std::map<Occasion, std::vector<std::size_t>> actsOn = {};
    Compared compared = {};
    std::map<Happening, std::size_t> occasions = {};
    std::optional<Act> last = {};  ///< The last occasion.
    Telephone telephone = {};
    std::optional<Moment> ringing = {};
    std::string liveSid = {};  ///< Of the call that is played; empty if there is none.
  };

  /// The same in the calls that are played.
  struct Live {
    const Entry* called = nullptr;
    std::optional<std::size_t> party = {};  ///< Nothing if there was none such.
    Compared compared = {};
    std::map<Happening, std::size_t> occasions = {};
  };

  static bool isIncoming(const Entry& called) { return called.detail("direction") == "inbound"; }
  /// Who calls, or is called.
  static std::string nameOf(const Entry& called) {
    return std::string{called.detail(isIncoming(called) ? "from" : "to")};
  }
  static std::string placeOf(const Entry& called) {
    return (isIncoming(called) ? "from " : "to ") + nameOf(called);
  }

  static void add(std::vector<Difference>& all, Difference difference) {
    if (all.size() < kMaxDifferences) return all.push_back(std::move(difference));
    if (all.size() == kMaxDifferences) all.push_back({.kind = Difference::Kind::uncounted});
  }

  static void add(Party& party, const Entry& entry) {
    party.compared.add(entry);
    if (isIn(kOccasions, entry.what)) {
      party.last = Act{.occasion = {entry.what, party.occasions[entry.what]++}, .entry = &entry};
    }
    if (isAct(entry.what) && party.last) {
      party.actsOn[party.last->occasion].push_back(party.acts.size());
      party.acts.push_back(
          {.occasion = party.last->occasion,
           .delay = std::clamp(entry.at - party.last->entry->at, milliseconds{0}, kLongestDelay),
           .entry = &entry});
    }
    const bool isOwnEnd = !party.acts.empty() && party.acts.back().entry->what == Happening::hungUp;
    using Reaction = Telephone::Reaction;
    const milliseconds after = entry.at - party.ringing.value_or(party.called->at);
    if (entry.what == Happening::ringing) {
      party.ringing = entry.at;
    } else if (entry.what == Happening::answered) {
      party.telephone = {.reaction = Reaction::answers, .after = after};
    } else if (entry.what == Happening::note && entry.text.starts_with("an answering machine")) {
      party.telephone.reaction = Reaction::machine;
    } else if (entry.what == Happening::ended && entry.text == "busy" && !isOwnEnd) {
      party.telephone = {.reaction = party.ringing ? Reaction::refuses : Reaction::busy,
                         .after = after};
    } else if (entry.what == Happening::ended && entry.text == "failed") {
      party.telephone = {.reaction = Reaction::fails, .after = after};
    }
  }

  /// A telephone does what it did when it is called next.
  void setTelephone(std::size_t party) {
    const Party& one = parties_[party];
    if (!isIncoming(*one.called)) provider_.setTelephone(nameOf(*one.called), one.telephone);
  }

  void join(const Entry& called) {
    Live live{.called = &called};
    const auto place = partyAt_.find(placeOf(called));
    if (place != partyAt_.end()) {
      std::size_t& next = next_[place->first];
      if (next < place->second.size()) {
        live.party = place->second[next++];
        parties_[*live.party].liveSid = called.callSid;
        if (next < place->second.size()) setTelephone(place->second[next]);
      }
    }
    if (isIncoming(called)) ++begun_;
    ++open_;
    live_.insert_or_assign(called.callSid, std::move(live));
  }

  /// Does what was done on this occasion.
  void act(const Live& live, Occasion occasion) {
    const Party& party = parties_[*live.party];
    const auto acts = party.actsOn.find(occasion);
    if (acts == party.actsOn.end()) return;
    for (const std::size_t index : acts->second) {
      const Act& act = party.acts[index];
      loop_.after(act.delay,
                  [weak = weak_from_this(), entry = act.entry, sid = live.called->callSid] {
                    if (const auto self = weak.lock()) self->perform(*entry, sid);
                  });
    }
  }

  void perform(const Entry& entry, const std::string& callSid) {
    bool isDone = false;
    if (entry.what == Happening::pressed) isDone = provider_.press(callSid, entry.text);
    if (entry.what == Happening::spoke) isDone = provider_.say(callSid, {.words = entry.text});
    if (entry.what == Happening::hungUp) isDone = provider_.hangUp(callSid);
    if (isDone) done_.insert(&entry);
  }

  static void compare(const std::string& party, const Compared& before, const Compared& after,
                      std::vector<Difference>& all) {
    if (before.texts == after.texts) return;
    const auto edits = editsBetween(before.texts, after.texts, kMaxDifferences);
    if (!edits) return add(all, {.kind = Difference::Kind::uncounted, .party = party});
    for (const Edit& edit : *edits) {
      const Compared& from = edit.kind == Difference::Kind::missing ? before : after;
      add(all, {.kind = edit.kind, .party = party, .entry = *from.entries[edit.index]});
    }
  }

  EventLoop& loop_;
  Provider& provider_;
  const Timeline saved_;
  std::vector<Party> parties_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> partyAt_;
  std::map<std::string, std::size_t, std::less<>> next_;
  Compared messages_;  ///< Sent over the API, by nobody in particular.
  std::size_t incoming_ = 0;

  std::vector<std::unique_ptr<const Entry>> played_;
  std::map<std::string, Live, std::less<>> live_;
  Compared newMessages_;
  std::set<const Entry*> done_;
  std::size_t begun_ = 0;
  std::size_t open_ = 0;
};

Replay::Replay(EventLoop& loop, Provider& provider, Timeline saved)
    : core_(std::make_shared<Core>(loop, provider, std::move(saved))) {}
Replay::~Replay() = default;

std::vector<std::string> Replay::numbers() const { return core_->numbers(); }
void Replay::begin() { core_->begin(); }
void Replay::see(const Entry& entry) { core_->see(entry); }
bool Replay::isOver() const noexcept { return core_->isOver(); }
std::vector<Difference> Replay::differences() const { return core_->differences(); }
std::size_t Replay::compared() const noexcept { return core_->compared(); }

}  // namespace ivr::phone
