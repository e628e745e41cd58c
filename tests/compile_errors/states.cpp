// State classes that lack what their kind needs.

#include "ivr/app/ivr.hpp"

using namespace ivr;

struct Goodbye : EndState {};

struct Welcome : NormalState {};

struct ByHour : BranchingState {};

struct Search : AsynchronousState {};

struct Constant : EndState {
  Later<Twiml> twimlFor(Call&) const { return Twiml{Hangup{}}; }  // not the one of EndState
};

struct Base : EndState {
  Later<Twiml> twimlFor(Call&) override { return Twiml{Hangup{}}; }
  virtual int language() const = 0;
};

struct Greeting : EndState {
  explicit Greeting(int) {}
  Later<Twiml> twimlFor(Call&) override { return Twiml{Hangup{}}; }
};

void build(Ivr& ivr) {
  // error: an EndState must override `Later<Twiml> twimlFor(Call&)`
  ivr.add<Goodbye>();

  // error: a NormalState must override `Later<Twiml> twimlFor(Call&)`
  // error: a NormalState must override `Later<Next> transitionOut(Call&)`
  // error: a NormalState must override `std::string processTransitionUri() const`
  ivr.add<Welcome>();

  // error: a BranchingState must override `Later<Next> transitionOut(Call&)`
  ivr.add<ByHour>();

  // error: an AsynchronousState must override `Later<Twiml> twimlFor(Call&)`
  // error: an AsynchronousState must override `void backgroundTrigger(Call&)`
  ivr.add<Search>();

  // error: an EndState must override `Later<Twiml> twimlFor(Call&)`
  ivr.add<Constant>();

  // error: this state class is abstract: it must override every pure virtual member of its bases
  ivr.add<Base>();

  // error: the arguments of `add` are those of the state
  ivr.add<Greeting>("en");
}
