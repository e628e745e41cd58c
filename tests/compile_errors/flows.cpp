// Flows with functions that do not fit, and names that are none.

#include "ivr/flow/flow.hpp"

#include <string>

using namespace ivr;

struct Ticket {
  std::string state;
  std::string from;
  bool agents = false;
};

constexpr flow::State incoming{"incoming"};
constexpr Event called{"called", kApplication};

Flow<Ticket> build() {
  Flow<Ticket> flow{&Ticket::state, incoming};

  flow.state(incoming)
      // error: this function takes something that a flow does not give it
      .on(called)
      .when([](Ticket& ticket) { return ticket.agents; })
      .to(incoming)
      // error: a guard returns bool or Later<bool>
      .on(called)
      .when([](const Ticket&) {})
      .to(incoming)
      // error: what this function returns means nothing to a flow
      .on(called)
      .when(&Ticket::from)
      .to(incoming)
      // error: this function takes something that a flow does not give it
      .before([](std::string&) {})
      // error: this function takes something that a flow does not give it
      .before([count = 0](Ticket&) mutable { return ++count < 2; })
      // error: a callback after an event returns nothing or Later<Done>
      .after([](Ticket&) { return false; })
      // error: what a state renders is a Twiml, a verb or a Later<Twiml>
      .render([](const Ticket& ticket) { return ticket.from; });
  return flow;
}
