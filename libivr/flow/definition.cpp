#include "ivr/flow/definition.hpp"

#include "ivr/core/error.hpp"

#include <ostream>

namespace ivr::flow {

namespace {

std::uint64_t pairOf(Definition::Index state, Definition::Index event) noexcept {
  constexpr int kHalf = 32;
  return (static_cast<std::uint64_t>(state) << kHalf) | event;
}

std::string statusKey(std::string_view actor, std::string_view status) {
  return std::string{actor} + ' ' + std::string{status};
}

template <class Map, class Key>
Definition::Index indexIn(const Map& map, const Key& key) noexcept {
  const auto found = map.find(key);
  return found == map.end() ? Definition::kNone : found->second;
}

std::string quotedName(std::string_view name) { return '"' + std::string{name} + '"'; }

bool fits(When when, Outcome outcome) noexcept {
  switch (when) {
    case When::always: return true;
    case When::success: return outcome == Outcome::changed || outcome == Outcome::same;
    case When::failure: return outcome == Outcome::refused || outcome == Outcome::halted;
    case When::refused: return outcome == Outcome::refused;
    case When::halted: return outcome == Outcome::halted;
  }
  return false;
}

/// How an event ended, in the order of `StateEntry::due`.
struct Ending {
  Outcome outcome;
  bool isChange;
};
constexpr std::array<Ending, 5> kEndings{{{Outcome::changed, true},
                                          {Outcome::same, false},
                                          {Outcome::refused, false},
                                          {Outcome::halted, false},
                                          {Outcome::halted, true}}};

}  // namespace

std::string Finding::text() const {
  return std::string{where.file_name()} + ':' + std::to_string(where.line()) + ": " + message;
}

std::ostream& operator<<(std::ostream& out, const Finding& finding) {
  return out << finding.text();
}

Definition::Definition(State initial, Where where) : where_(where) {
  (void)mention(initial, where);
}

const Definition::StateEntry* Definition::stateNamed(std::string_view text) const noexcept {
  const Index index = indexOfState(text);
  return index == kNone ? nullptr : &states_[index];
}

const Definition::EventEntry* Definition::eventNamed(std::string_view text) const noexcept {
  const Index index = indexIn(eventIndices_, text);
  return index == kNone ? nullptr : &events_[index];
}

const Definition::ActorEntry* Definition::actorNamed(std::string_view text) const noexcept {
  const Index index = indexIn(actorIndices_, text);
  return index == kNone ? nullptr : &actors_[index];
}

const Definition::EventEntry* Definition::eventOfStatus(std::string_view actor,
                                                        std::string_view status) const {
  const Index index = indexIn(statusIndices_, statusKey(actor, status));
  return index == kNone ? nullptr : &events_[statuses_[index].event];
}

std::optional<Due> Definition::dueNamed(std::string_view name) const noexcept {
  const Index index = indexIn(callbackIndices_, name);
  if (index == kNone || callbacks_[index].isBefore) return std::nullopt;
  return Due{index};
}

Definition::Index Definition::addState(State state, Where where) {
  const Index index = mention(state, where);
  StateEntry& entry = states_[index];
  if (entry.isDefined) {
    twice("the state " + quotedName(state.text()) + " has a block", where, entry.where);
  } else {
    entry.isDefined = true;
    entry.where = where;
  }
  return index;
}

Definition::Index Definition::addGuard(Guard guard) {
  guards_.push_back(std::move(guard));
  return static_cast<Index>(guards_.size() - 1);
}

void Definition::addLine(Index state, Event event, std::optional<State> to,
                         std::vector<Index> guards, Where where) {
  const Index eventIndex = mention(event, where);
  events_[eventIndex].isTaken = true;
  const auto line = static_cast<Index>(lines_.size());
  const Index target = to ? mention(*to, where) : kNone;
  lines_.push_back({state, eventIndex, target, std::move(guards), where});
  states_[state].lines.push_back(line);
  linesOf_[pairOf(state, eventIndex)].push_back(line);
}

void Definition::addCallback(Callback callback) {
  const auto index = static_cast<Index>(callbacks_.size());
  StateEntry& entry = states_[callback.state];
  std::string name{entry.name.text()};
  name += '/';
  name += callback.isBefore ? "before" : textOf(callback.when);
  if (callback.onlyOnChange) name += "-on-change";
  const Index number = ++callbackCounts_[name];
  callback.name = std::move(name) + '/' + std::to_string(number);
  callbackIndices_.emplace(callback.name, index);
  if (callback.isBefore) {
    entry.before.push_back(index);
  } else {
    for (std::size_t at = 0; at < kEndings.size(); ++at) {
      const auto [outcome, isChange] = kEndings.at(at);
      if (fits(callback.when, outcome) && (isChange || !callback.onlyOnChange)) {
        entry.due.at(at).push_back(Due{index});
      }
    }
  }
  callbacks_.push_back(std::move(callback));
}

void Definition::setRender(Index state, detail::RenderCall render, Where where) {
  StateEntry& entry = states_[state];
  if (entry.render.call != nullptr) {
    mistakes_.push_back(
        {"the state " + quotedName(entry.name.text()) + " renders twice; the last one counts",
         where});
  }
  entry.render = std::move(render);
}

void Definition::addActor(Actor actor, std::string path, Where where) {
  const auto [at, isNew] = actorIndices_.emplace(actor.text(), static_cast<Index>(actors_.size()));
  if (!isNew) {
    return twice("the party " + quotedName(actor.text()) + " has an address", where,
                 actors_[at->second].where);
  }
  if (!path.starts_with('/') || path.starts_with("//")) {
    mistakes_.push_back({"the address of the party " + quotedName(actor.text()) +
                             " must begin with one slash: " + quotedName(path),
                         where});
  }
  actors_.push_back({actor, std::move(path), where});
}

void Definition::addStatus(Actor actor, std::string status, Event event, Where where) {
  const auto [at, isNew] =
      statusIndices_.emplace(statusKey(actor.text(), status), static_cast<Index>(statuses_.size()));
  if (!isNew) {
    return twice("the status " + quotedName(status) + " of the party " + quotedName(actor.text()) +
                     " has an event",
                 where, statuses_[at->second].where);
  }
  const Index index = mention(event, where);
  statuses_.push_back({actor, std::move(status), index, where});
}

void Definition::addRenamed(std::string_view from, State to, Where where) {
  const auto [at, isNew] = renamedIndices_.emplace(from, static_cast<Index>(renamed_.size()));
  if (!isNew) {
    return twice("the state " + quotedName(from) + " was renamed", where,
                 renamed_[at->second].where);
  }
  const Index target = mention(to, where);
  renamed_.push_back({std::string{from}, target, where});
}

void Definition::setBeginning(Beginning beginning, std::optional<Event> event,
                              detail::BeginCall begin, Where where) {
  if (beginning_ != Beginning::unsaid) {
    return twice("how a model begins is said", where, beginsWhere_);
  }
  beginning_ = beginning;
  beginsWith_ = event ? mention(*event, where) : kNone;
  begin_ = std::move(begin);
  beginsWhere_ = where;
}

Definition::Index Definition::mention(State state, Where where) {
  const auto [at, isNew] = stateIndices_.emplace(state.text(), static_cast<Index>(states_.size()));
  if (isNew) states_.push_back({.name = state, .where = where});
  return at->second;
}

Definition::Index Definition::mention(Event event, Where where) {
  const auto [at, isNew] = eventIndices_.emplace(event.text(), static_cast<Index>(events_.size()));
  if (isNew) {
    events_.push_back({.name = event, .where = where});
  } else if (!(events_[at->second].name == event)) {
    twice("the event " + quotedName(event.text()) + " is there, with another sender,", where,
          events_[at->second].where);
  }
  return at->second;
}

Definition::Index Definition::indexOfState(std::string_view text) const noexcept {
  const Index index = indexIn(stateIndices_, text);
  if (index != kNone || renamed_.empty()) return index;
  const Index renamed = indexIn(renamedIndices_, text);
  return renamed == kNone ? kNone : renamed_[renamed].to;
}

Definition::Index Definition::knownState(std::string_view text) const {
  const Index index = indexOfState(text);
  if (index == kNone) {
    throw Error{ErrorKind::usage, "the flow has no state " +
                                      quotedName(text.substr(0, 2 * detail::kMaxName)) +
                                      ", in which a model is; see Flow::renamed"};
  }
  return index;
}

Definition::Index Definition::knownEvent(Event event) const {
  const Index index = indexIn(eventIndices_, event.text());
  if (index == kNone || !(events_[index].name == event)) {
    throw Error{ErrorKind::usage, "the flow has no event " + quotedName(event.text())};
  }
  return index;
}

const std::vector<Definition::Index>* Definition::linesOf(Index state, Index event) const noexcept {
  const auto found = linesOf_.find(pairOf(state, event));
  return found == linesOf_.end() ? nullptr : &found->second;
}

void Definition::twice(std::string what, Where where, Where before) {
  mistakes_.push_back(
      {std::move(what) + " twice, first in line " + std::to_string(before.line()), where});
}

}  // namespace ivr::flow
