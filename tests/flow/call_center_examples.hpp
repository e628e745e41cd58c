#pragma once
// The examples of call_center's README (tests/vectors/flow/call_center.rb), written with ours. What
// an example there takes for granted stands outside the brackets here.

#include <nlohmann/json.hpp>
// above: the calls are stored as JSON

#include "ivr/ivr.hpp"

#include <string>
#include <vector>

// Lines of a flow read as a table.
// clang-format off
namespace ivr::call_center {

struct Ticket;
bool agentsAvailable(const Ticket& ticket);
inline const std::string kNiceMusic = "http://music.example.com/1.mp3";

// [a flow]
struct Ticket { std::string state; };
constexpr Actor customer{"customer"};
constexpr flow::State incoming{"incoming"}, voicemail{"voicemail"}, routing{"routing"},
    voicemailCompleted{"voicemail_completed"}, cancelled{"cancelled"};
constexpr Event called{"called", customer}, wantsVoicemail{"wants_voicemail", customer},
    recorded{"voicemail_complete", customer}, hangsUp{"customer_hangs_up", statusOf(customer)};

inline Flow<Ticket> callFlow() {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.actor(customer, "/voice/calls/flow");
  flow.status(customer, "completed", hangsUp);
  flow.begins(called);

  flow.state(incoming)
      .render([](const Ticket&, const Turn& turn) {
        return Gather{.action = turn.link(wantsVoicemail), .numDigits = 1,
                      .prompt = {Say{"Hello World"}, Play{.url = kNiceMusic, .loop = 100}}};
      })
      .on(called).when(agentsAvailable).to(routing)
      .on(called).to(voicemail)
      .on(wantsVoicemail).to(voicemail)
      .on(hangsUp).to(cancelled);

  flow.state(voicemail)
      .render([](const Ticket&, const Turn& turn) {
        return Twiml{Say{"Please leave a message"}, Record{.action = turn.link(recorded)}};
      })
      .on(recorded).to(voicemailCompleted)
      .on(hangsUp).to(cancelled);

  for (const auto end : {routing, voicemailCompleted, cancelled}) flow.state(end).silent().ends();
  return flow;
}
// [end]

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Ticket, state)

inline bool areAgentsThere = false;
inline bool agentsAvailable(const Ticket&) { return areAgentsThere; }

inline void serve(Ivr& ivr, const FlowStore<Ticket>& store) {
  // [serving]
  ivr.add(callFlow(), store);
  // [end]
}

struct Sale {
  std::string state = {};
  std::string agent = {};
  std::vector<std::string> done = {};
  void logStartEvent() { done.emplace_back("log start"); }
  void logEndEvent() { done.emplace_back("log end"); }
  void notifyAirbrake() { done.emplace_back("airbrake"); }
  void notifyBrowser() { done.emplace_back("browser"); }
  void notifyCleanupBrowser() { done.emplace_back("cleanup"); }
};
constexpr flow::State sales{"sales"};
constexpr Event sold{"sold", customer};

inline Flow<Sale> salesFlow() {
  Flow<Sale> flow{&Sale::state, sales};
  flow.actor(customer, "/voice/calls/flow");
  flow.begins(sold);
  // [rendering]
  flow.state(sales)
      .render([](const Sale& sale) { return Say{"This is " + sale.agent + "!"}; })
  // [end]
      .on(sold).to(voicemail);
  // [callbacks]
  flow.state(voicemail)
      .before(&Sale::logStartEvent)
      .after(&Sale::logEndEvent)
      .after(When::failure, &Sale::notifyAirbrake)
      .after(When::success, Only::onChange, &Sale::notifyBrowser)
      .after(When::failure, Only::onChange, &Sale::notifyCleanupBrowser)
  // [end]
      .silent().ends()
      .on(sold).to(voicemail);
  return flow;
}

inline std::string draw(const Flow<Ticket>& flow) {
  // [drawing]
  return flow::dot(flow, {.font = "Helvetica Neue"});
  // [end]
}

}  // namespace ivr::call_center
// clang-format on
