#pragma once
// A call centre's states and events, written as on a whiteboard.
//
//   constexpr Actor customer{"customer"};
//   constexpr flow::State incoming{"incoming"}, routing{"routing"}, voicemail{"voicemail"};
//   constexpr Event called{"called", customer}, wantsVoicemail{"wants_voicemail", customer};
//
//   Flow<Ticket> flow{&Ticket::state, incoming};
//   flow.actor(customer, "/voice/flow");
//   flow.begins(called);
//   flow.state(incoming)
//       .render([](const Ticket&, const Turn& turn) {
//         return Twiml{Gather{.action = turn.link(wantsVoicemail), .numDigits = 1}};
//       })
//       .on(called).when(&Ticket::agentsAvailable).to(routing)
//       .on(called).to(voicemail)
//       .on(wantsVoicemail).to(voicemail);
//
// The first line of an event whose guards agree wins. Whatever is passed may take less than it is
// given, and is invoked as `std::invoke` does, so that a member of the model will do:
//
//   guard      (const Model&, const Turn&)                bool, Later<bool>
//   render     (const Model&, const Turn&), or a document  Twiml, Later<Twiml>
//   before     (Model&, const Transition&, const Turn&)   nothing, Later<Done>; bool or
//   Later<bool>:
//                                                         false halts the event
//   after      (Model&, const Transition&, const Turn&)   nothing, Later<Done>
//
// See libivr/docs/flows.md.
//
// Threads: build a flow on one thread. After that it never changes, and serves any number of models
// from any thread at once; a model belongs to one thread at a time.

#include "ivr/call/call.hpp"
#include "ivr/core/later.hpp"
#include "ivr/flow/definition.hpp"
#include "ivr/flow/name.hpp"
#include "ivr/flow/transition.hpp"
#include "ivr/flow/turn.hpp"
#include "ivr/twiml/twiml.hpp"

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ivr::flow {

namespace detail {

using ivr::detail::kNever;
using ivr::detail::Refused;  // code that sees it says nothing more

/// Calls `function` with as many of the arguments as it takes: all, or all but the last ones.
template <class F, class A>
decltype(auto) invokeWith(const F& function, A& a) {
  if constexpr (std::invocable<const F&, A&>) {
    return std::invoke(function, a);
  } else if constexpr (std::invocable<const F&>) {
    return std::invoke(function);
  } else {
    static_assert(
        kNever<F>,
        "this function takes something that a flow does not give it: a guard and a render "
        "take a const Model&, a callback a Model&, each then what flow.hpp lists; none "
        "may be mutable");
    return Refused{};
  }
}
template <class F, class A, class B>
decltype(auto) invokeWith(const F& function, A& a, B& b) {
  if constexpr (std::invocable<const F&, A&, B&>) {
    return std::invoke(function, a, b);
  } else {
    return invokeWith(function, a);
  }
}
template <class F, class A, class B, class C>
decltype(auto) invokeWith(const F& function, A& a, B& b, C& c) {
  if constexpr (std::invocable<const F&, A&, B&, C&>) {
    return std::invoke(function, a, b, c);
  } else {
    return invokeWith(function, a, b);
  }
}

/// Turns what a callable returns into a verdict, or into one that comes later.
template <class Call>
bool verdictOf(Late& late, Call call) {
  using R = std::remove_cvref_t<decltype(call())>;
  if constexpr (std::is_void_v<R>) {
    call();
    return true;
  } else if constexpr (std::same_as<R, Later<Done>>) {
    late.emplace(call().then([](Done) { return true; }));
    return true;
  } else if constexpr (std::same_as<R, Later<bool>>) {
    late.emplace(call());
    return true;
  } else if constexpr (std::convertible_to<R, bool>) {
    return static_cast<bool>(call());
  } else {
    static_assert(std::same_as<R, Refused>,
                  "what this function returns means nothing to a flow: flow.hpp lists what does");
    return false;
  }
}

template <class F>
const F& heldBy(const void* object) noexcept {
  return *static_cast<const F*>(object);
}

template <class Model, class F>
GuardCall guardOf(F guard) {
  return {std::make_shared<const F>(std::move(guard)),
          [](const void* object, const void* model, const Turn& turn, Late& late) {
            using R = std::remove_cvref_t<decltype(invokeWith(
                heldBy<F>(object), *static_cast<const Model*>(model), turn))>;
            static_assert(!std::is_void_v<R> && !std::same_as<R, Later<Done>>,
                          "a guard returns bool or Later<bool>");
            return verdictOf(late, [&]() -> decltype(auto) {
              return invokeWith(heldBy<F>(object), *static_cast<const Model*>(model), turn);
            });
          }};
}

template <class Model, bool kMayHalt, class F>
CallbackCall callbackOf(F callback) {
  return {std::make_shared<const F>(std::move(callback)),
          [](const void* object, void* model, const Transition& transition, const Turn& turn,
             Late& late) {
            const auto call = [&]() -> decltype(auto) {
              return invokeWith(heldBy<F>(object), *static_cast<Model*>(model), transition, turn);
            };
            using R = std::remove_cvref_t<decltype(call())>;
            static_assert(kMayHalt || std::is_void_v<R> || std::same_as<R, Later<Done>> ||
                              std::same_as<R, Refused>,
                          "a callback after an event returns nothing or Later<Done>: it can halt "
                          "nothing any more");
            return verdictOf(late, call);
          }};
}

template <class Model, class F>
RenderCall renderOf(F render) {
  return {std::make_shared<const F>(std::move(render)),
          [](const void* object, const void* model, const Turn& turn) -> Later<twiml::Twiml> {
            if constexpr (std::convertible_to<const F&, twiml::Twiml>) {
              return twiml::Twiml{heldBy<F>(object)};
            } else {
              const Model& of = *static_cast<const Model*>(model);
              using R = std::remove_cvref_t<decltype(invokeWith(heldBy<F>(object), of, turn))>;
              if constexpr (std::same_as<R, Later<twiml::Twiml>>) {
                return invokeWith(heldBy<F>(object), of, turn);
              } else if constexpr (std::convertible_to<R, twiml::Twiml>) {
                return twiml::Twiml{invokeWith(heldBy<F>(object), of, turn)};
              } else {
                static_assert(std::same_as<R, Refused>,
                              "what a state renders is a Twiml, a verb or a Later<Twiml>");
                return twiml::Twiml{};
              }
            }
          }};
}

template <class Model, class F>
BeginCall beginOf(F begin) {
  return {std::make_shared<const F>(std::move(begin)),
          [](const void* object, void* model, Call& call, Late& late) {
            return verdictOf(late, [&]() -> decltype(auto) {
              return invokeWith(heldBy<F>(object), *static_cast<Model*>(model), call);
            });
          }};
}

}  // namespace detail

template <class Model>
class Flow;
template <class Model>
class Lines;

/// A line that is being written: an event and the conditions under which it leads somewhere.
/// `Owner` is what the line stands in, which follows it.
template <class Model, class Owner>
class [[nodiscard]] Line {
 public:
  Line(Owner owner, Event event, std::vector<Definition::Index> guards)
      : owner_(std::move(owner)), event_(event), guards_(std::move(guards)) {}

  /// Only if `guard` says true. Several must agree all.
  template <class F>
  Line when(F guard, Where where = Where::current()) && {
    return std::move(*this).guarded({}, false, std::move(guard), where);
  }
  /// The same with the words that drawings have for it.
  template <class F>
  Line when(std::string label, F guard, Where where = Where::current()) && {
    return std::move(*this).guarded(std::move(label), false, std::move(guard), where);
  }
  /// Only if `guard` says false.
  template <class F>
  Line unless(F guard, Where where = Where::current()) && {
    return std::move(*this).guarded({}, true, std::move(guard), where);
  }
  template <class F>
  Line unless(std::string label, F guard, Where where = Where::current()) && {
    return std::move(*this).guarded(std::move(label), true, std::move(guard), where);
  }

  /// Where it leads; may be the state that it leads from.
  Owner to(State state, Where where = Where::current()) && {
    return std::move(*this).ended(state, where);
  }
  /// Says that the event does not fit then, on purpose.
  Owner otherwiseRefused(Where where = Where::current()) && {
    return std::move(*this).ended(std::nullopt, where);
  }

 private:
  template <class F>
  Line guarded(std::string label, bool isUnless, F guard, Where where) && {
    guards_.push_back(owner_.definition().addGuard(
        {std::move(label), isUnless, where, detail::guardOf<Model>(std::move(guard))}));
    return std::move(*this);
  }
  Owner ended(std::optional<State> to, Where where) && {
    owner_.definition().addLine(owner_.index(), event_, to, std::move(guards_), where);
    return std::move(owner_);
  }

  Owner owner_;
  Event event_;
  std::vector<Definition::Index> guards_;
};

/// The lines of a block with a condition: each leads somewhere only if that holds, too. A handle.
template <class Model>
class Lines {
 public:
  Lines(Definition& definition, Definition::Index state, std::vector<Definition::Index> guards)
      : definition_(&definition), state_(state), guards_(std::move(guards)) {}

  /// Begins a line.
  Line<Model, Lines> on(Event event) { return {*this, event, guards_}; }

  /// A block inside the block.
  template <class F, std::invocable<Lines&> Block>
  Lines& when(F guard, Block block, Where where = Where::current()) {
    return inside({}, false, std::move(guard), std::move(block), where);
  }
  template <class F, std::invocable<Lines&> Block>
  Lines& when(std::string label, F guard, Block block, Where where = Where::current()) {
    return inside(std::move(label), false, std::move(guard), std::move(block), where);
  }
  template <class F, std::invocable<Lines&> Block>
  Lines& unless(F guard, Block block, Where where = Where::current()) {
    return inside({}, true, std::move(guard), std::move(block), where);
  }
  template <class F, std::invocable<Lines&> Block>
  Lines& unless(std::string label, F guard, Block block, Where where = Where::current()) {
    return inside(std::move(label), true, std::move(guard), std::move(block), where);
  }

  // For the library.

  [[nodiscard]] Definition& definition() const noexcept { return *definition_; }
  [[nodiscard]] Definition::Index index() const noexcept { return state_; }

 private:
  template <class F, class Block>
  Lines& inside(std::string label, bool isUnless, F guard, Block block, Where where) {
    auto guards = guards_;
    guards.push_back(definition_->addGuard(
        {std::move(label), isUnless, where, detail::guardOf<Model>(std::move(guard))}));
    Lines lines{*definition_, state_, std::move(guards)};
    block(lines);
    return *this;
  }

  Definition* definition_;
  Definition::Index state_;
  std::vector<Definition::Index> guards_;
};

/// The block of a state. A handle, valid while the flow stays where it is.
///
/// Callbacks are those of the state that is entered, whatever it is entered from. An event that
/// changes the state runs the `before` ones, sets the state, and then the `after` ones, each in the
/// order in which they are written. A refused event enters nothing: it runs the `after` ones for
/// `always`, `failure` and `refused` of the state that the model is in. A halted one runs those for
/// `always`, `failure` and `halted` of the state that it would have entered.
template <class Model>
class Block {
 public:
  Block(Definition& definition, Definition::Index state)
      : definition_(&definition), state_(state) {}

  /// What the caller hears while the call is in this state: a document, or what makes it.
  template <class F>
  Block render(F heard, Where where = Where::current()) {
    definition_->setRender(state_, detail::renderOf<Model>(std::move(heard)), where);
    return *this;
  }
  /// Says that the caller hears nothing here, on purpose: an empty document ends the call.
  Block silent() {
    definition_->setSilent(state_);
    return *this;
  }
  /// Says that nothing leads out of this state, on purpose.
  Block ends() {
    definition_->setEnd(state_);
    return *this;
  }

  /// Begins a line.
  Line<Model, Block> on(Event event) { return {*this, event, {}}; }

  /// Lines that lead somewhere only if `guard` says true: `block` is called with them, now.
  template <class F, std::invocable<Lines<Model>&> B>
  Block when(F guard, B block, Where where = Where::current()) {
    Lines<Model>{*definition_, state_, {}}.when(std::move(guard), std::move(block), where);
    return *this;
  }
  template <class F, std::invocable<Lines<Model>&> B>
  Block when(std::string label, F guard, B block, Where where = Where::current()) {
    Lines<Model>{*definition_, state_, {}}.when(std::move(label), std::move(guard),
                                                std::move(block), where);
    return *this;
  }
  /// The same if it says false.
  template <class F, std::invocable<Lines<Model>&> B>
  Block unless(F guard, B block, Where where = Where::current()) {
    Lines<Model>{*definition_, state_, {}}.unless(std::move(guard), std::move(block), where);
    return *this;
  }
  template <class F, std::invocable<Lines<Model>&> B>
  Block unless(std::string label, F guard, B block, Where where = Where::current()) {
    Lines<Model>{*definition_, state_, {}}.unless(std::move(label), std::move(guard),
                                                  std::move(block), where);
    return *this;
  }

  /// Before the state is entered. What it throws is the outcome of the event, and nothing changes.
  template <class F>
  Block before(F callback, Where where = Where::current()) {
    return added<true>(When::always, false, std::move(callback), where);
  }
  template <class F>
  Block before(Only, F callback, Where where = Where::current()) {
    return added<true>(When::always, true, std::move(callback), where);
  }
  /// After the event, when the state is stored. What it throws changes nothing any more.
  template <class F>
  Block after(F callback, Where where = Where::current()) {
    return added<false>(When::always, false, std::move(callback), where);
  }
  template <class F>
  Block after(Only, F callback, Where where = Where::current()) {
    return added<false>(When::always, true, std::move(callback), where);
  }
  template <class F>
  Block after(When when, F callback, Where where = Where::current()) {
    return added<false>(when, false, std::move(callback), where);
  }
  template <class F>
  Block after(When when, Only, F callback, Where where = Where::current()) {
    return added<false>(when, true, std::move(callback), where);
  }

  // For the library.

  [[nodiscard]] Definition& definition() const noexcept { return *definition_; }
  [[nodiscard]] Definition::Index index() const noexcept { return state_; }

 private:
  template <bool kIsBefore, class F>
  Block added(When when, bool onlyOnChange, F callback, Where where) {
    definition_->addCallback({.state = state_,
                              .isBefore = kIsBefore,
                              .when = when,
                              .onlyOnChange = onlyOnChange,
                              .where = where,
                              .run = detail::callbackOf<Model, kIsBefore>(std::move(callback))});
    return *this;
  }

  Definition* definition_;
  Definition::Index state_;
};

/// A flow over one member of a model, which holds the text of the state. Several flows may share a
/// model, each with a member of its own.
///
/// A value; copies share their callables. See the top of this file.
template <class M>
class Flow {
 public:
  using Model = M;

  Flow(std::string M::*member, State initial, Where where = Where::current())
      : member_(member), definition_(initial, where) {}

  // Building.

  /// Gives a party an address, from the leading slash, at which its events arrive; the status
  /// callbacks of its calls arrive below it, at `/status`.
  void actor(Actor actor, std::string path, Where where = Where::current()) {
    definition_.addActor(actor, std::move(path), where);
  }

  /// Says that a call that nobody knows begins a model, at the address of the event's sender; the
  /// event is the first.
  void begins(Event event, Where where = Where::current()) {
    begins(
        event, [] {}, where);
  }
  /// The same, with what to note about the call: `(Model&, const Call&)`; may answer later.
  template <class F>
  requires(!std::same_as<F, Where>) void begins(Event event, F setUp,
                                                Where where = Where::current()) {
    definition_.setBeginning(Definition::Beginning::firstWebhook, event,
                             detail::beginOf<M>(std::move(setUp)), where);
  }
  /// Says that the application makes the models: of calls that it places, or of another flow.
  void begunByApplication(Where where = Where::current()) {
    definition_.setBeginning(Definition::Beginning::application, std::nullopt, {}, where);
  }

  /// Says what a status of a party's call means: `completed`, `busy`, `no-answer`, `failed`,
  /// `canceled`, `initiated`, `ringing`, `in-progress`, `answered`, `queued`. `event` has the
  /// sender `statusOf(actor)`.
  void status(Actor actor, std::string status, Event event, Where where = Where::current()) {
    definition_.addStatus(actor, std::move(status), event, where);
  }

  /// Begins the block of a state; each has one.
  Block<M> state(State state, Where where = Where::current()) {
    return {definition_, definition_.addState(state, where)};
  }

  /// Says that stored models in the state `from`, which is no more, are in `to`.
  void renamed(std::string_view from, State to, Where where = Where::current()) {
    definition_.addRenamed(from, to, where);
  }

  // Using. The model, the turn and the flow must live until the `Later` has settled.

  /// Runs the guards and the `before` callbacks and sets the state. The `after` callbacks are named
  /// in the result: to be run once what has changed is stored.
  ///
  /// If it fails (a guard or a callback throws), the state is as it was. `Error{usage}` for a state
  /// or an event that the flow does not have.
  [[nodiscard]] Later<Fired> fire(M& model, Event event, const Turn& turn = kNoTurn) const {
    return definition_.fire({&model, &(model.*member_)}, event, turn);
  }

  /// Runs a callback that is due after `transition`.
  [[nodiscard]] Later<Done> runDue(M& model, Due due, const Transition& transition,
                                   const Turn& turn = kNoTurn) const {
    return definition_.runDue(&model, due, transition, turn);
  }

  /// Fires, and runs at once what is due: for tests, and for models that are stored elsewhere. Each
  /// callback runs, whatever the others do; if some throw, the first exception is the outcome, and
  /// the state stays changed.
  Later<Fired> run(M& model, Event event, const Turn& turn = kNoTurn) const {
    return definition_.run({&model, &(model.*member_)}, event, turn);
  }

  /// Whether a line would take the event now. Asks the guards, and no callbacks.
  [[nodiscard]] Later<bool> can(const M& model, Event event, const Turn& turn = kNoTurn) const {
    return definition_.can({&model, &(model.*member_)}, event, turn);
  }

  /// The events that lines of the model's state take, whatever their guards say.
  [[nodiscard]] std::vector<Event> events(const M& model) const {
    return definition_.eventsOf(model.*member_);
  }

  /// What the caller hears now. Changes nothing. `Error{usage}` for a state that the flow does not
  /// have.
  [[nodiscard]] Later<twiml::Twiml> render(const M& model, const Turn& turn = kNoTurn) const {
    return definition_.render({&model, &(model.*member_)}, turn);
  }

  /// Puts a model into the initial state, and notes what `begins` says about the call.
  Later<Done> begin(M& model, Call& call) const {
    return definition_.begin({&model, &(model.*member_)}, call);
  }
  /// The same without a call.
  void begin(M& model) const { put(model, definition_.initial().name); }
  /// Puts a model into a state, and runs nothing: to restore one, and in tests.
  void put(M& model, State state) const { model.*member_ = state.text(); }

  [[nodiscard]] const std::string& stateOf(const M& model) const noexcept { return model.*member_; }
  [[nodiscard]] std::string& stateOf(M& model) const noexcept { return model.*member_; }

  /// Everything that is wrong with it; see `Definition::check`.
  [[nodiscard]] std::vector<Finding> check() const { return definition_.check(); }

  [[nodiscard]] const Definition& definition() const noexcept { return definition_; }
  operator const Definition&() const noexcept {  // NOLINT(google-explicit-constructor): `dot(flow)`
    return definition_;
  }

 private:
  static inline const Turn kNoTurn = {};

  std::string M::*member_;
  Definition definition_;
};

}  // namespace ivr::flow

namespace ivr {
using flow::Flow;
}  // namespace ivr
