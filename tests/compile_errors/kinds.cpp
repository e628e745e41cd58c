// Classes that are not of exactly one kind of state.

#include "ivr/app/ivr.hpp"

#include <memory>

using namespace ivr;

struct Plain {};

struct Bare : State {};

struct EndAndBranching : EndState, BranchingState {
  Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
  Later<Next> transitionOut(Call&) override { return Next{}; }
};

struct EndAndAsynchronous : EndState, AsynchronousState {
  Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
  void backgroundTrigger(Call&) override {}
};

struct EndThatDecides : EndState, Branching {
  Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
  Later<Next> transitionOut(Call&) override { return Next{}; }
};

class Private : NormalState {};

struct OnlyDeclared;

void build(Ivr& ivr, const std::shared_ptr<Plain>& object) {
  // error: this class is not a state: derive it from EndState, NormalState, BranchingState or
  ivr.add<Plain>();
  ivr.add(object);

  // error: this state is of no kind: derive it from EndState, NormalState, BranchingState or
  ivr.add<Bare>();

  // error: a state is of one kind: derive it from one alone; from NormalState if it is heard and
  ivr.add<EndAndBranching>();
  // error: a state is of one kind: derive it from one alone; from NormalState if it is heard and
  ivr.add<EndAndAsynchronous>();
  // error: a state is of one kind: derive it from one alone; from NormalState if it is heard and
  ivr.add<EndThatDecides>();

  // error: a state must derive publicly from its kind: write `class Name : public ...`
  ivr.add<Private>();

  // error: this state is only declared here: include the file that defines it
  ivr.add<OnlyDeclared>();
}
