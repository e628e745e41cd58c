#pragma once
// States that do what a test says: for tests in which the kind of a state matters, not its class.

#include "ivr/ivr.hpp"

#include <functional>
#include <string>
#include <utility>

namespace ivr::support {

/// What a state does. Members that its kind does not have are ignored.
struct Does {
  std::string name = "Scripted";
  std::string uri = {};
  std::string processTransitionUri = {};
  std::function<Later<Twiml>(Call&)> twimlFor = [](Call&) { return Twiml{Hangup{}}; };
  std::function<void(Call&)> backgroundTrigger = [](Call&) {};
  std::function<Later<Next>(Call&)> transitionOut = [](Call&) { return Next{}; };
};

/// The part that all kinds share.
template <class Kind>
struct Scripted : Kind {
  explicit Scripted(Does script) : does(std::move(script)) {}
  std::string name() const override { return does.name; }
  std::string uri() const override { return does.uri; }
  Does does;
};

struct ScriptedEnd final : Scripted<EndState> {
  using Scripted::Scripted;
  Later<Twiml> twimlFor(Call& call) override { return does.twimlFor(call); }
  void backgroundTrigger(Call& call) override { does.backgroundTrigger(call); }
};

struct ScriptedMenu final : Scripted<NormalState> {
  using Scripted::Scripted;
  std::string processTransitionUri() const override { return does.processTransitionUri; }
  Later<Twiml> twimlFor(Call& call) override { return does.twimlFor(call); }
  void backgroundTrigger(Call& call) override { does.backgroundTrigger(call); }
  Later<Next> transitionOut(Call& call) override { return does.transitionOut(call); }
};

struct ScriptedFork final : Scripted<BranchingState> {
  using Scripted::Scripted;
  Later<Next> transitionOut(Call& call) override { return does.transitionOut(call); }
};

struct ScriptedWait final : Scripted<AsynchronousState> {
  using Scripted::Scripted;
  Later<Twiml> twimlFor(Call& call) override { return does.twimlFor(call); }
  void backgroundTrigger(Call& call) override { does.backgroundTrigger(call); }
};

/// A document that tells a test which state was heard.
inline Twiml says(std::string text) { return Twiml{Say{.text = std::move(text)}}; }

/// Decides for `state`, which must have been added.
inline std::function<Later<Next>(Call&)> goesTo(const State& state) {
  return [&state](Call&) { return to(state); };
}

/// The answer of `ivr`, however late it is.
inline Response answerOf(Ivr& ivr, Request request) { return ivr.handle(std::move(request)).get(); }

/// Where calls go when their work has failed.
struct Refuge final : EndState {
  std::string uri() const override { return "/refuge"; }
  Later<Twiml> twimlFor(Call&) override { return says("refuge"); }
};

}  // namespace ivr::support
