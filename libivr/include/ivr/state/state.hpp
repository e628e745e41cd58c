#pragma once
// States: what the caller hears, and where the call goes next.
//
//   kind                twimlFor   backgroundTrigger   transitionOut   processTransitionUri
//   EndState            yes        may                 -               -
//   NormalState         yes        may                 yes             yes
//   BranchingState      -          -                   yes             -
//   AsynchronousState   yes        yes                 -               -
//
// Any of them may have a `uri`, which makes it routable. One object serves every call: a state
// keeps nothing about a call in its members.
//
// Threads: the members that get a `Call` run on threads of the application's executor
// (`Config::executor`), whatever the session store: one after the other for one call, at once for
// different calls. They may block: the deadline of the answer runs meanwhile, the caller is asked
// to hold when it has passed, and other calls go on. `pleaseHold` runs there too, possibly beside a
// member of the same state that is still working.

#include "ivr/call/call.hpp"
#include "ivr/call/next.hpp"
#include "ivr/call/waiting.hpp"
#include "ivr/core/later.hpp"
#include "ivr/twiml/twiml.hpp"

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace ivr {

class State;

/// To this particular object, where a class has several. It is not owned: it must have been added,
/// or at least live until the transition is made.
[[nodiscard]] Next to(const State& state) noexcept;

/// What all states have. Derive from one of the four kinds below, not from this.
class State {
 public:
  virtual ~State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// Its name in logs; need not be unique. By default the name of the class.
  [[nodiscard]] virtual std::string name() const;

  /// The path at which the provider may ask for this state directly (`POST`), from the leading
  /// slash; empty for a state that is only reached by transitions. Plain text, matched exactly.
  [[nodiscard]] virtual std::string uri() const { return {}; }

  /// What the caller hears while the answer of this state is late; a redirect to the answer is
  /// appended. By default that of the application. Made while the state is still working on its
  /// answer, so it knows nothing about the call but what `Waiting` says.
  [[nodiscard]] virtual std::optional<Twiml> pleaseHold(const Waiting&) const {
    return std::nullopt;
  }

 protected:
  State() = default;
};

/// The part of a state that is heard.
class Renderable {
 public:
  virtual ~Renderable() = default;

  /// What the caller hears. `call.input()` is there only if this state was asked for directly.
  virtual Later<Twiml> twimlFor(Call& call) = 0;

  /// Starts work that goes on while the caller listens: `call.detach(call.inBackground(...))`.
  /// Called just before `twimlFor`, which does not wait for what it starts.
  virtual void backgroundTrigger(Call&) {}

  /// Where the call goes when work that this state has detached fails, or when `backgroundTrigger`
  /// throws: a state with a `uri`, because the call may be moved while it lives. Default: nowhere.
  /// The failure is logged and the caller stays; what `backgroundTrigger` throws is then the
  /// outcome of the step, and `twimlFor` is not called.
  [[nodiscard]] virtual Next backgroundFailed() const { return {}; }
};

/// The part of a state that decides.
class Branching {
 public:
  virtual ~Branching() = default;

  /// Where the call goes. `call.input()` is there for the state to which it was sent.
  virtual Later<Next> transitionOut(Call& call) = 0;
};

/// Is heard; then the call ends, or goes elsewhere.
class EndState : public State, public Renderable {};

/// Is heard, gathers input at `processTransitionUri`, and decides by it.
class NormalState : public State, public Renderable, public Branching {
 public:
  /// The path to which the caller's input is posted, from the leading slash; the TwiML of this
  /// state sends it there.
  [[nodiscard]] virtual std::string processTransitionUri() const = 0;
};

/// Is not heard, only decides: by the time of day, say.
class BranchingState : public State, public Branching {};

/// Is heard while work started in `backgroundTrigger` continues, which moves the call when it is
/// done. `backgroundFailed` says where the caller goes if it fails.
class AsynchronousState : public State, public Renderable {
 public:
  void backgroundTrigger(Call& call) override = 0;
};

/// A class that is exactly one of the four kinds: a state that is heard and decides is a
/// `NormalState`.
template <class S>
concept StateClass = std::derived_from<S, State> &&
                     (std::derived_from<S, EndState> + std::derived_from<S, NormalState> +
                          std::derived_from<S, BranchingState> +
                          std::derived_from<S, AsynchronousState> ==
                      1) &&
                     (std::derived_from<S, NormalState> ||
                      !(std::derived_from<S, Renderable> && std::derived_from<S, Branching>));

namespace detail {

/// A state with its parts, so that no step has to ask what it is.
struct StateEntry {
  const void* type = nullptr;  ///< See `Next::type`.
  std::shared_ptr<State> state;
  Renderable* renderable = nullptr;
  Branching* branching = nullptr;
  NormalState* normal = nullptr;
  std::string name;

  template <StateClass S>
  explicit StateEntry(const std::shared_ptr<S>& object)
      : type(&TypeTag<S>::tag), state(object), name(object->name()) {
    if constexpr (std::derived_from<S, Renderable>) renderable = object.get();
    if constexpr (std::derived_from<S, Branching>) branching = object.get();
    if constexpr (std::derived_from<S, NormalState>) normal = object.get();
    if (name.empty()) name = "unnamed state";
  }
};

// What follows says what to write where a class is not a state, or not one that can be made.

/// Whether `Member` does not override the member of `Base`: it is that one, or has other
/// parameters.
template <class S, class Member, class Base, class Function>
constexpr bool isMissing(Member, Function Base::*) {
  return std::same_as<Member, Function Base::*> || !std::convertible_to<Member, Function S::*>;
}

// A member that cannot be named here, because it is private or has overloads, counts as there.
template <class S>
concept LacksTwimlFor = requires {
  requires isMissing<S>(&S::twimlFor, &Renderable::twimlFor);
};
template <class S>
concept LacksTransitionOut = requires {
  requires isMissing<S>(&S::transitionOut, &Branching::transitionOut);
};
template <class S>
concept LacksProcessTransitionUri = requires {
  requires isMissing<S>(&S::processTransitionUri, &NormalState::processTransitionUri);
};
template <class S>
concept LacksBackgroundTrigger = requires {
  requires isMissing<S>(&S::backgroundTrigger, &AsynchronousState::backgroundTrigger);
};

/// Whether `S` is a class of states. If not, one of these says what to write.
template <class S>
constexpr bool isStateClass() {
  if constexpr (!requires { sizeof(S); }) {
    static_assert(kNever<S>, "this state is only declared here: include the file that defines it");
  } else if constexpr (StateClass<S>) {
    return true;
  } else if constexpr (!std::is_base_of_v<State, S>) {
    static_assert(kNever<S>,
                  "this class is not a state: derive it from EndState, NormalState, BranchingState "
                  "or AsynchronousState");
  } else {
    constexpr int kKinds = std::is_base_of_v<EndState, S> + std::is_base_of_v<NormalState, S> +
                           std::is_base_of_v<BranchingState, S> +
                           std::is_base_of_v<AsynchronousState, S>;
    constexpr bool kIsPrivate = kKinds == 1 && !std::derived_from<S, State>;
    static_assert(kKinds != 0,
                  "this state is of no kind: derive it from EndState, NormalState, BranchingState "
                  "or AsynchronousState in place of State");
    static_assert(!kIsPrivate,
                  "a state must derive publicly from its kind: write `class Name : public ...`");
    static_assert(kKinds == 0 || kIsPrivate,
                  "a state is of one kind: derive it from one alone; from NormalState if it is "
                  "heard and decides");
  }
  return false;
}

/// A state made from `arguments`. If that is impossible, one of these says what to write.
template <class S, class... Arguments>
std::shared_ptr<S> makeState(Arguments&&... arguments) {
  if constexpr (!isStateClass<S>()) {
    return nullptr;
  } else if constexpr (std::is_abstract_v<S>) {
    constexpr bool kIsEnd = std::derived_from<S, EndState>;
    constexpr bool kIsNormal = std::derived_from<S, NormalState>;
    constexpr bool kIsBranching = std::derived_from<S, BranchingState>;
    constexpr bool kIsAsynchronous = std::derived_from<S, AsynchronousState>;
    static_assert(!kIsEnd || !LacksTwimlFor<S>,
                  "an EndState must override `Later<Twiml> twimlFor(Call&)`");
    static_assert(!kIsNormal || !LacksTwimlFor<S>,
                  "a NormalState must override `Later<Twiml> twimlFor(Call&)`");
    static_assert(!kIsNormal || !LacksTransitionOut<S>,
                  "a NormalState must override `Later<Next> transitionOut(Call&)`");
    static_assert(!kIsNormal || !LacksProcessTransitionUri<S>,
                  "a NormalState must override `std::string processTransitionUri() const`");
    static_assert(!kIsBranching || !LacksTransitionOut<S>,
                  "a BranchingState must override `Later<Next> transitionOut(Call&)`");
    static_assert(!kIsAsynchronous || !LacksTwimlFor<S>,
                  "an AsynchronousState must override `Later<Twiml> twimlFor(Call&)`");
    static_assert(!kIsAsynchronous || !LacksBackgroundTrigger<S>,
                  "an AsynchronousState must override `void backgroundTrigger(Call&)`");
    static_assert(LacksTwimlFor<S> || LacksTransitionOut<S> || LacksProcessTransitionUri<S> ||
                      LacksBackgroundTrigger<S>,
                  "this state class is abstract: it must override every pure virtual member of its "
                  "bases, with the same parameters and the same `const`");
    return nullptr;
  } else if constexpr (!std::is_constructible_v<S, Arguments...>) {
    static_assert(std::is_constructible_v<S, Arguments...>,
                  "the arguments of `add` are those of the state: none of its public constructors "
                  "takes these");
    return nullptr;
  } else {
    return std::make_shared<S>(std::forward<Arguments>(arguments)...);
  }
}

}  // namespace detail

}  // namespace ivr
