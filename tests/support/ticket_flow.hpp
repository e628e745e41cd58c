#pragma once
// A small flow for tests: a customer who waits, leaves a message or hangs up, and an agent.

#include <nlohmann/json.hpp>
// above: the model is stored as JSON

#include "ivr/ivr.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::support {

struct Ticket {
  std::string state = {};
  std::string from = {};
  int calls = 0;  ///< How often `called` was fired.
  std::vector<std::string> notes = {};
  bool operator==(const Ticket&) const = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Ticket, state, from, calls, notes)

namespace ticket {

constexpr Actor customer{"customer"}, agent{"agent"};
constexpr flow::State incoming{"incoming"}, waiting{"waiting"}, voicemail{"voicemail"},
    talking{"talking"}, cancelled{"cancelled"}, completed{"completed"};
constexpr Event called{"called", customer}, wantsVoicemail{"wants_voicemail", customer},
    recorded{"recorded", customer}, answered{"answered", agent},
    hangsUp{"hangs_up", flow::statusOf(customer)}, left{"left", kRedirect},
    closed{"closed", kApplication}, tries{"tries", customer};

/// What a test has the flow do.
struct Hooks {
  std::function<Later<bool>(Ticket&, const Transition&, const Turn&)> beforeVoicemail =
      [](Ticket&, const Transition&, const Turn&) -> Later<bool> { return true; };
  std::function<Later<Done>(Ticket&, const Transition&, const Turn&)> afterVoicemail =
      [](Ticket& model, const Transition& transition, const Turn&) -> Later<Done> {
    model.notes.push_back("after " + std::string{transition.event});
    return Done{};
  };
  std::function<Later<Twiml>(const Ticket&, const Turn&)> renderVoicemail =
      [](const Ticket& model, const Turn& turn) -> Later<Twiml> {
    return Twiml{Say{"After the tone, " + model.from}, Record{.action = turn.link(recorded)}};
  };
};

inline Twiml says(std::string text) { return Twiml{Say{std::move(text)}}; }

inline Flow<Ticket> flowOf(const std::shared_ptr<Hooks>& hooks = std::make_shared<Hooks>()) {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.actor(customer, "/voice/flow");
  flow.actor(agent, "/voice/agent");
  flow.begins(called, [](Ticket& model, const Call& call) { model.from = call.from(); });
  flow.status(customer, "completed", hangsUp);
  flow.state(incoming).silent().on(called).to(waiting).on(hangsUp).to(cancelled);
  flow.state(waiting)
      .render([](const Ticket&, const Turn& turn) {
        return Twiml{Gather{.action = turn.link(wantsVoicemail),
                            .numDigits = 1,
                            .prompt = {Say{"Press any key to leave a message."}}}};
      })
      .before([](Ticket& model) { ++model.calls; })
      .on(called)
      .to(waiting)
      .on(wantsVoicemail)
      .to(voicemail)
      .on(tries)
      .when([](const Ticket& model) { return model.calls > 1000; })
      .to(voicemail)
      .on(tries)
      .otherwiseRefused()
      .on(answered)
      .to(talking)
      .on(hangsUp)
      .to(cancelled);
  flow.state(voicemail)
      .render([hooks](const Ticket& model, const Turn& turn) {
        return hooks->renderVoicemail(model, turn);
      })
      .before([hooks](Ticket& model, const Transition& transition, const Turn& turn) {
        return hooks->beforeVoicemail(model, transition, turn);
      })
      .after(When::success,
             [hooks](Ticket& model, const Transition& transition, const Turn& turn) {
               return hooks->afterVoicemail(model, transition, turn);
             })
      .after(When::success, [](Ticket& model) { model.notes.emplace_back("second"); })
      .on(recorded)
      .to(completed)
      .on(closed)
      .to(completed)
      .on(hangsUp)
      .to(completed);
  flow.state(talking)
      .render([](const Ticket&) { return says("You are connected."); })
      .on(left)
      .to(completed)
      .on(closed)
      .to(completed)
      .on(hangsUp)
      .to(completed);
  flow.state(cancelled).silent().ends();
  flow.state(completed).render([](const Ticket&) { return says("Good bye."); }).ends();
  return flow;
}

}  // namespace ticket

}  // namespace ivr::support
