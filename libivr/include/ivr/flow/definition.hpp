#pragma once
// A flow without its model: states, lines and names, to be looked at, checked, drawn and stored.
//
// `Flow<Model>` fills it. Threads: values; share them for reading.

#include "ivr/call/call.hpp"
#include "ivr/core/later.hpp"
#include "ivr/flow/name.hpp"
#include "ivr/flow/transition.hpp"
#include "ivr/flow/turn.hpp"
#include "ivr/twiml/twiml.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ivr::flow {

using Where = std::source_location;

/// Something wrong with a flow, and where it was written.
struct Finding {
  std::string message = {};
  Where where = {};

  /// `support.cpp:42: the state "lost" cannot be reached`.
  [[nodiscard]] std::string text() const;
};
/// Its text.
std::ostream& operator<<(std::ostream& out, const Finding& finding);

namespace detail {

/// A verdict that was not there at once.
using Late = std::optional<Later<bool>>;

// Callables with the model's type taken off; each keeps what it calls alive. What they return does
// not count if they set `late`.

struct GuardCall {
  std::shared_ptr<const void> object = {};
  bool (*call)(const void* object, const void* model, const Turn& turn, Late& late) = nullptr;
};
struct CallbackCall {
  std::shared_ptr<const void> object = {};
  bool (*call)(const void* object, void* model, const Transition& transition, const Turn& turn,
               Late& late) = nullptr;
};
struct RenderCall {
  std::shared_ptr<const void> object = {};
  Later<twiml::Twiml> (*call)(const void* object, const void* model, const Turn& turn) = nullptr;
};
struct BeginCall {
  std::shared_ptr<const void> object = {};
  bool (*call)(const void* object, void* model, Call& call, Late& late) = nullptr;
};

/// A model without its type. Both parts outlive what is done with them.
struct ModelRef {
  void* model = nullptr;
  std::string* state = nullptr;
};
struct ConstModelRef {
  const void* model = nullptr;
  const std::string* state = nullptr;
};

}  // namespace detail

/// A flow, whatever its model. A value.
class Definition {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = static_cast<Index>(-1);

  /// A condition of a line.
  struct Guard {
    std::string label = {};  ///< In drawings; empty if it was given none.
    bool isUnless = false;
    Where where = {};
    detail::GuardCall run = {};
  };
  /// Where an event leads from a state, if all its guards agree.
  struct Line {
    Index state = kNone;
    Index event = kNone;
    Index to = kNone;  ///< None if the event is refused here on purpose.
    std::vector<Index> guards = {};
    Where where = {};
  };
  struct Callback {
    std::string name = {};  ///< `voicemail/success/1`: the state, when, and a number among those.
    Index state = kNone;
    bool isBefore = false;
    When when = When::always;
    bool onlyOnChange = false;
    Where where = {};
    detail::CallbackCall run = {};
  };
  struct StateEntry {
    State name;
    bool isDefined = false;  ///< Has a block of its own; otherwise lines only lead to it.
    bool isSilent = false;
    bool isEnd = false;
    Where where = {};  ///< Of its block, or of the first line that leads to it.
    detail::RenderCall render = {};
    std::vector<Index> lines = {};   ///< In order.
    std::vector<Index> before = {};  ///< Callbacks, in order.
    /// What is due after an event, by how it ended; halts without and with a change at the end.
    std::array<std::vector<Due>, 5> due = {};
  };
  struct EventEntry {
    Event name;
    Where where = {};
    bool isTaken = false;  ///< Whether a line takes it.
  };
  struct ActorEntry {
    Actor name;
    std::string path = {};  ///< Its status callbacks come to `path + "/status"`.
    Where where = {};
  };
  struct StatusEntry {
    Actor actor;
    std::string status = {};  ///< The provider's word.
    Index event = kNone;
    Where where = {};
  };
  struct RenamedEntry {
    std::string from = {};
    Index to = kNone;
    Where where = {};
  };
  /// How models begin.
  enum class Beginning { unsaid, firstWebhook, application };

  Definition(State initial, Where where);

  // What there is, in the order of the definition.

  [[nodiscard]] const std::vector<StateEntry>& states() const noexcept { return states_; }
  [[nodiscard]] const std::vector<EventEntry>& events() const noexcept { return events_; }
  [[nodiscard]] const std::vector<ActorEntry>& actors() const noexcept { return actors_; }
  [[nodiscard]] const std::vector<StatusEntry>& statuses() const noexcept { return statuses_; }
  [[nodiscard]] const std::vector<Line>& lines() const noexcept { return lines_; }
  [[nodiscard]] const std::vector<Guard>& guards() const noexcept { return guards_; }
  [[nodiscard]] const std::vector<Callback>& callbacks() const noexcept { return callbacks_; }
  [[nodiscard]] const StateEntry& initial() const noexcept { return states_.front(); }
  [[nodiscard]] Beginning beginning() const noexcept { return beginning_; }
  /// The event of the first webhook of a call that nobody knows; null if there is none.
  [[nodiscard]] const EventEntry* beginsWith() const noexcept {
    return beginsWith_ == kNone ? nullptr : &events_[beginsWith_];
  }

  // Finding things by the text that stands in addresses and stores: null, or nothing, if there is
  // no such thing.

  /// The state of that name, or the one that has replaced it.
  [[nodiscard]] const StateEntry* stateNamed(std::string_view text) const noexcept;
  [[nodiscard]] const EventEntry* eventNamed(std::string_view text) const noexcept;
  [[nodiscard]] const ActorEntry* actorNamed(std::string_view text) const noexcept;
  /// The event that a status of a party's call means, if it means one.
  [[nodiscard]] const EventEntry* eventOfStatus(std::string_view actor,
                                                std::string_view status) const;
  [[nodiscard]] const std::string& nameOf(Due due) const {
    return callbacks_.at(due.callback).name;
  }
  [[nodiscard]] std::optional<Due> dueNamed(std::string_view name) const noexcept;

  /// Everything that is wrong with it; empty for a flow that may serve calls. Takes time linear in
  /// the size of the flow.
  ///
  /// States that cannot be reached, that have no block, that neither render nor are `silent`, that
  /// nothing leads out of and that do not say `ends`; guarded lines of an event that end neither
  /// with an unguarded one nor with `otherwiseRefused`, and lines after one that always fits;
  /// events that nobody can send, or that no line takes; names that are there twice.
  [[nodiscard]] std::vector<Finding> check() const;

  // For `Flow`: the engine. What is passed must live until the `Later` has settled.

  [[nodiscard]] Later<Fired> fire(detail::ModelRef model, Event event, const Turn& turn) const;
  [[nodiscard]] Later<Done> runDue(void* model, Due due, const Transition& transition,
                                   const Turn& turn) const;
  [[nodiscard]] Later<Fired> run(detail::ModelRef model, Event event, const Turn& turn) const;
  [[nodiscard]] Later<bool> can(detail::ConstModelRef model, Event event, const Turn& turn) const;
  [[nodiscard]] std::vector<Event> eventsOf(const std::string& state) const;
  [[nodiscard]] Later<twiml::Twiml> render(detail::ConstModelRef model, const Turn& turn) const;
  [[nodiscard]] Later<Done> begin(detail::ModelRef model, Call& call) const;

  // For `Flow`: the building.

  Index addState(State state, Where where);  ///< Begins its block.
  Index addGuard(Guard guard);
  /// `to` is empty if the event is refused.
  void addLine(Index state, Event event, std::optional<State> to, std::vector<Index> guards,
               Where where);
  void addCallback(Callback callback);
  void setRender(Index state, detail::RenderCall render, Where where);
  void setSilent(Index state) { states_[state].isSilent = true; }
  void setEnd(Index state) { states_[state].isEnd = true; }
  void addActor(Actor actor, std::string path, Where where);
  void addStatus(Actor actor, std::string status, Event event, Where where);
  void addRenamed(std::string_view from, State to, Where where);
  void setBeginning(Beginning beginning, std::optional<Event> event, detail::BeginCall begin,
                    Where where);

 private:
  class Firing;
  class Check;

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  using TextMap = std::unordered_map<std::string, Index, TextHash, std::equal_to<>>;

  [[nodiscard]] Index mention(State state, Where where);
  [[nodiscard]] Index mention(Event event, Where where);
  [[nodiscard]] Index indexOfState(std::string_view text) const noexcept;
  /// `Error{usage}` if there is none.
  [[nodiscard]] Index knownState(std::string_view text) const;
  [[nodiscard]] Index knownEvent(Event event) const;
  [[nodiscard]] const std::vector<Index>* linesOf(Index state, Index event) const noexcept;
  void twice(std::string what, Where where, Where before);

  std::vector<StateEntry> states_;  ///< The initial one first.
  std::vector<EventEntry> events_;
  std::vector<ActorEntry> actors_;
  std::vector<StatusEntry> statuses_;
  std::vector<RenamedEntry> renamed_;
  std::vector<Line> lines_;
  std::vector<Guard> guards_;
  std::vector<Callback> callbacks_;
  TextMap stateIndices_;
  TextMap eventIndices_;
  TextMap actorIndices_;
  TextMap statusIndices_;  ///< By the party, a blank and the status.
  TextMap renamedIndices_;
  TextMap callbackIndices_;
  TextMap callbackCounts_;  ///< By the name without its number.
  std::unordered_map<std::uint64_t, std::vector<Index>> linesOf_;  ///< By state and event.
  Beginning beginning_ = Beginning::unsaid;
  Index beginsWith_ = kNone;
  detail::BeginCall begin_ = {};
  Where beginsWhere_ = {};
  Where where_;
  std::vector<Finding> mistakes_;  ///< Found while it was built.
};

}  // namespace ivr::flow
