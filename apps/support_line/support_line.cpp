#include "support_line.hpp"

#include <atomic>
#include <string_view>
#include <utility>

namespace support_line {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view kMusic = "/static/hold-music.mp3";

/// Whether it is the agent, and not the customer, who hears what is rendered.
bool isForAgent(const Turn& turn) {
  return turn.hasCall() && turn.call().query().get("actor") == agent.text();
}

/// The same for an agent who comes when there is nobody to talk to.
Twiml nobodyThere() { return Twiml{Say{"The customer is no longer there."}, Hangup{}}; }

Twiml music(const SupportCall&, const Turn& turn) {
  const std::string leavesMessage = turn.link(wantsVoicemail);
  return Twiml{
      Gather{
          .action = leavesMessage,
          .numDigits = 1,
          .prompt = {Say{"Please hold for an agent. To leave a message instead, press any key."},
                     Play{.url = turn.hasCall() ? turn.call().urlFor(kMusic) : std::string{kMusic},
                          .loop = 100}}},
      Redirect{leavesMessage, HttpMethod::post}};  // for a customer who hears it to the end
}

Twiml conference(const SupportCall&, const Turn& turn) {
  return Twiml{Dial{.nouns = {twiml::Conference{.name = "support " + turn.id(),
                                                .beep = twiml::ConferenceBeep::false_,
                                                .endConferenceOnExit = true}}},
               Say{"Goodbye."}, Hangup{}};
}

Twiml asksForMessage(const SupportCall&, const Turn& turn) {
  if (isForAgent(turn)) return nobodyThere();
  return Twiml{Say{"Please leave a message after the tone."},
               Record{.action = turn.link(voicemailComplete), .maxLength = 120s}, Say{"Goodbye."},
               Hangup{}};  // for a customer who says nothing
}

Twiml apology(const SupportCall&, const Turn& turn) {
  if (isForAgent(turn)) return nobodyThere();
  return Twiml{Say{"We are sorry: nobody can take your call now. Please call again later."},
               Hangup{}};
}

}  // namespace

Agent agentFrom(const std::string& text) {
  if (text.starts_with('+')) return {.address = text};
  const std::size_t colon = text.find(':');
  const std::string device = text.substr(0, colon);
  if (colon == std::string::npos || colon + 1 == text.size() ||
      (device != "mobile" && device != "browser" && device != "client")) {
    throw Error{ErrorKind::config,
                '"' + text +
                    "\" is no agent: write a number such as +14155550101, or mobile:NAME, "
                    "browser:NAME or client:NAME"};
  }
  return {.address = "client:" + text.substr(colon + 1),
          .device = nlohmann::json(device).get<Device>()};
}

Flow<SupportCall> supportFlow(Office office, std::shared_ptr<Switchboard> switchboard,
                              std::shared_ptr<Mailbox> mailbox) {
  Flow<SupportCall> flow{&SupportCall::state, incoming};
  flow.actor(customer, "/incoming-call");
  flow.actor(agent, "/agent");
  for (const char* status : {"completed", "canceled", "busy", "no-answer", "failed"}) {
    flow.status(customer, status, customerHangsUp);
  }
  for (const char* status : {"canceled", "busy", "no-answer", "failed"}) {
    flow.status(agent, status, missesCall);
  }
  flow.status(agent, "completed", agentHangsUp);

  flow.begins(called,
              [office = std::move(office), turns = std::make_shared<std::atomic<unsigned>>()](
                  SupportCall& support, const Call& call) {
                support.from = call.from();
                support.to = call.to();
                support.isOutOfArea = !call.from().starts_with(office.area);
                if (office.agents.empty()) return;
                const Agent& next = office.agents[(*turns)++ % office.agents.size()];
                support.agent = next.address;
                support.device = next.device;
              });

  // Callbacks.
  const auto ringAgent = [switchboard](SupportCall& support, const Transition&, const Turn& turn) {
    return switchboard
        ->ring({.to = support.agent,
                .from = support.to,
                .picksUp = turn.link(picksUp, {.absolute = true}),
                .status = turn.statusLink(agent, {.absolute = true})})
        .then([&support](std::string sid) { support.agentSid = std::move(sid); })
        .recover([switchboard, &turn](const std::exception_ptr&) {
          return switchboard->move(turn, wantsVoicemail);  // there is no such telephone
        });
  };
  const auto endRinging = [switchboard](SupportCall& support) {
    return switchboard->hangUp(support.agentSid);
  };
  const auto bringCustomer = [switchboard](SupportCall&, const Transition& transition,
                                           const Turn& turn) -> Later<Done> {
    const bool isOther = picksUp == transition.event || missesCall == transition.event ||
                         agentHangsUp == transition.event;
    return isOther ? switchboard->move(turn, joins) : Done{};
  };

  // clang-format off
  flow.state(incoming).silent()
      .when("agents available", &SupportCall::agentsAvailable, [](auto& lines) {
        lines.when("via phone", &SupportCall::viaPhone, [](auto& phone) {
          phone.on(called).to(routingOnPhone);
        });
        lines.unless("via phone", &SupportCall::viaPhone, [](auto& client) {
          client.on(called).when("on mobile", &SupportCall::onMobile).to(routingOnMobileClient);
          client.on(called).unless("prefers the old client", &SupportCall::prefersOldClient)
              .to(routingOnWebrtc);
          client.on(called).to(routingOnClient);
        });
      })
      .on(called).when("voicemail full", [mailbox] { return mailbox->isFull(); }).to(cancelled)
      .on(called).to(voicemail)
      .on(customerHangsUp).to(cancelled);

  for (const flow::State routing :
       {routingOnPhone, routingOnMobileClient, routingOnWebrtc, routingOnClient}) {
    auto state = flow.state(routing)
        .render(music)
        .after(When::success, Only::onChange, ringAgent)
        .on(wantsVoicemail).to(voicemail)
        .on(missesCall).to(voicemail)
        .on(agentHangsUp).to(voicemail)
        .on(customerHangsUp).to(cancelled);
    if (routing == routingOnClient) {
      state.on(picksUp).when("out of area", &SupportCall::isOutOfArea).to(cancelled);
    }
    state.on(picksUp).to(inConference);
  }

  flow.state(inConference)
      .render(conference)
      .after(When::success, Only::onChange, bringCustomer)
      .on(joins).to(inConference)
      .on(agentHangsUp).to(completed)
      .on(customerHangsUp).to(completed);

  flow.state(completed).render(Hangup{}).ends()
      .on(agentHangsUp).to(completed)
      .on(customerHangsUp).to(completed);

  flow.state(voicemail)
      .render(asksForMessage)
      .after(When::success, Only::onChange, endRinging)
      .after(When::success, Only::onChange, bringCustomer)
      .on(joins).to(voicemail)
      .on(missesCall).to(voicemail)
      .on(agentHangsUp).to(voicemail)
      .on(voicemailComplete).to(voicemailCompleted)
      .on(customerHangsUp).to(cancelled);

  flow.state(voicemailCompleted)
      .render(Twiml{Say{"Thank you. Goodbye."}, Hangup{}})
      .before(Only::onChange, [](SupportCall& support, const Transition&, const Turn& turn) {
        if (turn.hasCall()) support.recording = turn.call().input().get("RecordingUrl");
      })
      .after(When::success, Only::onChange,
             [mailbox](SupportCall& support, const Transition&, const Turn& turn) {
               mailbox->keep(
                   {.id = turn.id(), .from = support.from, .recording = support.recording});
             })
      .ends()
      .on(customerHangsUp).to(voicemailCompleted);

  flow.state(cancelled)
      .render(apology)
      .after(When::success, Only::onChange, endRinging)
      .after(When::success, Only::onChange, bringCustomer)
      .on(joins).to(cancelled)
      .on(voicemailComplete).to(voicemailCompleted)  // the end of the call may be reported first
      .on(missesCall).to(cancelled)
      .on(agentHangsUp).to(cancelled)
      .on(customerHangsUp).to(cancelled);
  // clang-format on
  return flow;
}

FlowHandle<SupportCall> addTo(Ivr& ivr, const std::filesystem::path& assets, Office office,
                              std::shared_ptr<Mailbox> mailbox) {
  ivr.serveAudio({.folder = assets, .mountPath = "/static"});
  ivr.route("GET", "/healthz", Access::everyone,
            [](const Request&) { return plainText(200, "ok\n"); });
  return ivr.add(
      supportFlow(std::move(office), std::make_shared<LiveSwitchboard>(ivr), std::move(mailbox)),
      FlowStore<SupportCall>{ivr.config().sessions});
}

}  // namespace support_line
