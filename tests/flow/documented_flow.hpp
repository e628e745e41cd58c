#pragma once
// The flow of libivr/docs/flows.md, which says the same to the letter.

#include <nlohmann/json.hpp>
// above: the model is stored as JSON

#include "ivr/flow/flow.hpp"
#include "ivr/twiml/twiml.hpp"

#include <string>

namespace ivr::documented {

// clang-format off
struct Ticket {
  std::string state;
  std::string from;
  bool agentsAvailable = false;
  bool isNotified = false;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Ticket, state, from, agentsAvailable, isNotified)

constexpr Actor customer{"customer"};
constexpr flow::State incoming{"incoming"}, routing{"routing"}, voicemail{"voicemail"}, completed{"completed"};
constexpr flow::State cancelled{"cancelled"};
constexpr Event called{"called", customer}, wantsVoicemail{"wants_voicemail", customer};
constexpr Event recorded{"voicemail_complete", customer}, hangsUp{"hangs_up", statusOf(customer)};

Flow<Ticket> supportFlow() {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.actor(customer, "/voice/flow");
  flow.begins(called, [](Ticket& ticket, const Call& call) { ticket.from = call.from(); });
  flow.status(customer, "completed", hangsUp);

  flow.state(incoming)
      .render([](const Ticket&, const Turn& turn) {
        return Twiml{Gather{.action = turn.link(wantsVoicemail), .numDigits = 1, .prompt = {Say{"Hello World"}}}};
      })
      .on(called).when("agents available", &Ticket::agentsAvailable).to(routing)
      .on(called).to(voicemail)
      .on(wantsVoicemail).to(voicemail)
      .on(hangsUp).to(cancelled);

  flow.state(voicemail)
      .render([](const Ticket&, const Turn& turn) {
        return Twiml{Say{"Please leave a message"}, Record{.action = turn.link(recorded)}};
      })
      .on(recorded).to(completed)
      .on(hangsUp).to(cancelled);

  flow.state(routing).render(Dial{.nouns = {twiml::Queue{"support"}}}).on(hangsUp).to(cancelled);
  flow.state(completed).silent().ends().after(When::success, [](Ticket& ticket) { ticket.isNotified = true; });
  flow.state(cancelled).silent().ends();
  return flow;
}
// clang-format on

}  // namespace ivr::documented
