#include "ivr/flow/definition.hpp"

#include <algorithm>
#include <array>

namespace ivr::flow {

namespace {

/// The provider's words for the status of a call, and for what its status callbacks are about.
constexpr std::array<std::string_view, 10> kStatuses{
    "queued", "initiated", "ringing",   "in-progress", "answered",
    "busy",   "failed",    "no-answer", "canceled",    "completed"};

std::string quotedWord(std::string_view word) { return '"' + std::string{word} + '"'; }

}  // namespace

/// Looks at one flow once. Each step is linear in the size of the flow.
class Definition::Check {
 public:
  explicit Check(const Definition& flow) : flow_(flow), findings_(flow.mistakes_) {}

  std::vector<Finding> run() && {
    beginning();
    actors();
    statuses();
    events();
    reach();
    for (Index state = 0; state < flow_.states_.size(); ++state) look(state);
    guards();
    for (const RenamedEntry& renamed : flow_.renamed_) look(renamed);
    return std::move(findings_);
  }

 private:
  void add(std::string message, Where where) { findings_.push_back({std::move(message), where}); }

  static std::string nameOf(const StateEntry& state) {
    return "the state " + quotedWord(state.name.text());
  }
  static std::string nameOf(const EventEntry& event) {
    return "the event " + quotedWord(event.name.text());
  }

  void beginning() {
    if (flow_.beginning_ == Beginning::unsaid) {
      return add("nothing begins this flow: say begins(event), or begunByApplication()",
                 flow_.where_);
    }
    const EventEntry* const event = flow_.beginsWith();
    if (event == nullptr) return;
    if (event->name.sender().kind() != Sender::Kind::actor) {
      add(nameOf(*event) + " begins the flow, so that a party must send it", flow_.beginsWhere_);
    }
    if (flow_.linesOf(0, flow_.beginsWith_) == nullptr) {
      add(nameOf(*event) + " begins the flow, and " + nameOf(flow_.initial()) +
              ", the initial one, does not take it",
          flow_.beginsWhere_);
    }
  }

  void actors() {
    for (const ActorEntry& actor : flow_.actors_) {
      if (!actor.path.ends_with("/status")) continue;
      add("the address of the party " + quotedWord(actor.name.text()) +
              " ends in /status, which stands for status callbacks",
          actor.where);
    }
  }

  void statuses() {
    for (const StatusEntry& status : flow_.statuses_) {
      const EventEntry& event = flow_.events_[status.event];
      if (std::ranges::find(kStatuses, status.status) == kStatuses.end()) {
        add("the provider has no status " + quotedWord(status.status), status.where);
      }
      if (!(event.name.sender() == statusOf(status.actor))) {
        add(nameOf(event) + " must have the sender statusOf(" + std::string{status.actor.text()} +
                ") to be that of a status of this party",
            status.where);
      }
      if (!event.isTaken) add(nameOf(event) + " fits in no state", status.where);
    }
  }

  void events() {
    std::vector<char> hasStatus(flow_.events_.size());
    for (const StatusEntry& status : flow_.statuses_) hasStatus[status.event] = 1;
    for (Index index = 0; index < flow_.events_.size(); ++index) {
      const EventEntry& event = flow_.events_[index];
      const Sender sender = event.name.sender();
      const bool hasAddress = sender.actor().empty() ? !flow_.actors_.empty()
                                                     : flow_.actorNamed(sender.actor()) != nullptr;
      switch (sender.kind()) {
        case Sender::Kind::actor:
        case Sender::Kind::status:
          if (!hasAddress) {
            add("nobody can send " + nameOf(event) + ": the party " + quotedWord(sender.actor()) +
                    " has no address; see Flow::actor",
                event.where);
          }
          if (sender.kind() == Sender::Kind::status && hasStatus[index] == 0) {
            add("nobody sends " + nameOf(event) + ": no status of the party " +
                    quotedWord(sender.actor()) + " means it; see Flow::status",
                event.where);
          }
          break;
        case Sender::Kind::redirect:
          if (!hasAddress) {
            add("nobody can send " + nameOf(event) +
                    ": a redirect needs an address, and no party has one; see Flow::actor",
                event.where);
          }
          break;
        case Sender::Kind::application: break;
      }
    }
  }

  void reach() {
    isReached_.resize(flow_.states_.size());
    std::vector<Index> ahead{0};
    isReached_[0] = 1;
    while (!ahead.empty()) {
      const Index state = ahead.back();
      ahead.pop_back();
      for (const Index line : flow_.states_[state].lines) {
        const Index to = flow_.lines_[line].to;
        if (to == kNone || isReached_[to] != 0) continue;
        isReached_[to] = 1;
        ahead.push_back(to);
      }
    }
  }

  void look(Index index) {
    const StateEntry& state = flow_.states_[index];
    if (!state.isDefined) {
      return add(nameOf(state) + " has no block; see Flow::state", state.where);
    }
    if (isReached_[index] == 0) add("no line leads to " + nameOf(state), state.where);
    const bool renders = state.render.call != nullptr;
    if (!renders && !state.isSilent) {
      add(nameOf(state) +
              " renders nothing, which hangs up: give it a render, or say silent() if that is "
              "meant",
          state.where);
    }
    if (renders && state.isSilent) add(nameOf(state) + " renders and is silent", state.where);
    const auto wayOut = std::ranges::find_if(state.lines, [&](Index line) {
      const Index to = flow_.lines_[line].to;
      return to != kNone && to != index;
    });
    if (wayOut == state.lines.end() && !state.isEnd) {
      add("nothing leads out of " + nameOf(state) + ": say ends() if that is meant", state.where);
    }
    if (wayOut != state.lines.end() && state.isEnd) {
      add(nameOf(state) + " ends, and this leads out of it", flow_.lines_[*wayOut].where);
    }
  }

  void guards() {
    struct Seen {
      Index state = kNone;
      bool isCovered = false;
      Index last = kNone;
    };
    std::vector<Seen> seen(flow_.events_.size());
    std::vector<Index> inState;  // events, in order
    for (Index state = 0; state < flow_.states_.size(); ++state) {
      inState.clear();
      for (const Index index : flow_.states_[state].lines) {
        const Line& line = flow_.lines_[index];
        Seen& event = seen[line.event];
        if (event.state != state) {
          event = {.state = state};
          inState.push_back(line.event);
        }
        if (event.isCovered) {
          add("this line of " + nameOf(flow_.events_[line.event]) + " in " +
                  nameOf(flow_.states_[state]) + " is never asked: one before it always fits",
              line.where);
        }
        event.isCovered = event.isCovered || line.guards.empty();
        event.last = index;
      }
      for (const Index event : inState) {
        if (seen[event].isCovered) continue;
        add(nameOf(flow_.events_[event]) + " in " + nameOf(flow_.states_[state]) +
                " has no line for when no guard agrees: end with one without a guard, or with "
                "otherwiseRefused()",
            flow_.lines_[seen[event].last].where);
      }
    }
  }

  void look(const RenamedEntry& renamed) {
    const Index index = indexInStates(renamed.from);
    if (index != kNone) {
      add("the state " + quotedWord(renamed.from) + " was renamed, and is still there",
          renamed.where);
    }
  }

  [[nodiscard]] Index indexInStates(const std::string& text) const {
    const auto found = flow_.stateIndices_.find(text);
    return found == flow_.stateIndices_.end() ? kNone : found->second;
  }

  const Definition& flow_;
  std::vector<Finding> findings_;
  std::vector<char> isReached_;
};

std::vector<Finding> Definition::check() const { return Check{*this}.run(); }

}  // namespace ivr::flow
