#pragma once
// The flow of zendesk/call_center's README and tests, in our words.

#include "ivr/flow/flow.hpp"
#include "ivr/twiml/twiml.hpp"

#include <string>

// Lines of a flow read as a table.
// clang-format off
namespace ivr::support_flow {

struct Ticket {
  std::string state = {};
  std::string from = {};
  bool agents = false;
  bool viaPhone = false;
  bool onMobile = false;
  bool prefersBrowser = false;
  bool isFull = false;
  bool outOfArea = false;
  int notified = 0;

  [[nodiscard]] bool agentsAvailable() const { return agents; }
};

constexpr Actor customer{"customer"}, agent{"agent"};
constexpr flow::State incoming{"incoming"}, routing{"routing"}, routingOnPhone{"routing_on_phone"},
    routingOnMobileClient{"routing_on_mobile_client"}, routingOnWebrtc{"routing_on_webrtc"},
    routingOnClient{"routing_on_client"}, voicemail{"voicemail"},
    voicemailCompleted{"voicemail_completed"}, cancelled{"cancelled"},
    inConference{"in_conference"};
constexpr Event called{"called", customer}, wantsVoicemail{"wants_voicemail", customer},
    recorded{"voicemail_complete", customer}, hangsUp{"hangs_up", statusOf(customer)},
    picksUp{"picks_up", agent}, left{"left", kRedirect}, closed{"closed", kApplication};

inline Flow<Ticket> supportFlow() {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.actor(customer, "/voice/flow");
  flow.begins(called, [](Ticket& ticket, const Call& call) { ticket.from = call.from(); });
  flow.status(customer, "completed", hangsUp);
  flow.state(incoming)
      .render([](const Ticket&, const Turn& turn) {
        return Twiml{Gather{.action = turn.link(wantsVoicemail),
                            .numDigits = 1,
                            .prompt = {Say{"Hello World"}}}};
      })
      .on(called).when("agents available", &Ticket::agentsAvailable).to(routing)
      .on(called).to(voicemail)
      .on(wantsVoicemail).to(voicemail)
      .on(hangsUp).to(cancelled);
  flow.state(voicemail)
      .render([](const Ticket&, const Turn& turn) {
        return Twiml{Say{"Please leave a message"}, Record{.action = turn.link(recorded)}};
      })
      .on(recorded).to(voicemailCompleted)
      .on(hangsUp).to(cancelled)
      .after(When::success, [](Ticket& ticket) { ++ticket.notified; });
  flow.state(routing)
      .render(Twiml{Dial{.nouns = {twiml::Queue{"support"}}}})
      .on(hangsUp).to(cancelled)
      .on(left).to(voicemail);
  flow.state(voicemailCompleted).render(Hangup{}).ends();
  flow.state(cancelled).silent().ends();
  return flow;
}

/// The eight ways of call_center's dynamic transitions.
inline Flow<Ticket> dynamicFlow() {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.actor(customer, "/voice/flow");
  flow.begins(called);
  flow.status(customer, "completed", hangsUp);
  flow.state(incoming)
      .silent()
      .on(called).when(&Ticket::outOfArea).to(cancelled)
      .when("agents", &Ticket::agentsAvailable, [](auto& lines) {
        lines.when("via phone", &Ticket::viaPhone, [](auto& phone) {
          phone.on(called).to(routingOnPhone);
        });
        lines.unless("via phone", &Ticket::viaPhone, [](auto& client) {
          client.on(called).when("on mobile", &Ticket::onMobile).to(routingOnMobileClient);
          client.on(called).when("prefers the browser", &Ticket::prefersBrowser)
              .unless([](const Ticket& ticket) { return ticket.isFull; }).to(routingOnWebrtc);
          client.on(called).to(routingOnClient);
        });
      })
      .unless("agents", &Ticket::agentsAvailable, [](auto& lines) {
        lines.on(called).unless(&Ticket::isFull).to(voicemail);
        lines.on(called).to(cancelled);
      })
      .on(called).otherwiseRefused()
      .on(closed).to(inConference)
      .on(hangsUp).to(cancelled);
  for (const flow::State state :
       {routingOnPhone, routingOnMobileClient, routingOnWebrtc, routingOnClient, voicemail,
        inConference}) {
    flow.state(state).silent().on(hangsUp).to(cancelled);
  }
  flow.state(cancelled).silent().ends();
  return flow;
}

}  // namespace ivr::support_flow
// clang-format on
