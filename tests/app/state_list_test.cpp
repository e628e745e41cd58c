// What an application in development mode tells about its states and its flows.

#include "app/state_list.hpp"

#include "support/app.hpp"
#include "support/states.hpp"
#include "support/ticket_flow.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::support;

Config developed(std::string publicUrl = {}) {
  Config config = signedConfig();
  config.mode = Config::Mode::development;
  config.publicUrl = std::move(publicUrl);
  return config;
}

/// A menu that goes to a state that decides, and from there to one that is heard.
void addStates(Ivr& ivr) {
  auto& hours = ivr.add<ScriptedEnd>(Does{.name = "HOURS"});
  auto& fork = ivr.add<ScriptedFork>(
      Does{.name = "CHECK, PLEASE", .uri = "/check", .transitionOut = goesTo(hours)});
  ivr.add<ScriptedMenu>(Does{.name = "MENU",
                             .uri = "/menu",
                             .processTransitionUri = "/menu/choice",
                             .transitionOut = goesTo(fork)});
  ivr.add<ScriptedWait>(Does{.name = "WAIT", .uri = "/wait"});
}

TEST(StateList, NamesEveryStateWithItsUriAndKind) {
  Ivr ivr{developed()};
  addStates(ivr);
  const Response response = answerOf(ivr, get("/.ivr/states"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Content-Type"), "application/json");
  EXPECT_EQ(nlohmann::json::parse(response.body.text()), nlohmann::json::parse(R"({"states":[
      {"name":"HOURS","uri":"","kind":"end"},
      {"name":"CHECK, PLEASE","uri":"/check","kind":"branching"},
      {"name":"MENU","uri":"/menu","kind":"normal"},
      {"name":"WAIT","uri":"/wait","kind":"asynchronous"}]})"));
}

TEST(StateList, IsThereInDevelopmentModeAlone) {
  Ivr ivr{openConfig()};
  addStates(ivr);
  EXPECT_EQ(answerOf(ivr, get("/.ivr/states")).status, 404);
}

TEST(StateList, MustBeSignedForUnderAPublicAddress) {
  Ivr ivr{developed(std::string{kPublicUrl})};
  addStates(ivr);
  EXPECT_EQ(answerOf(ivr, get("/.ivr/states")).status, 403);
  Request request = get("/.ivr/states");
  request.headers.add(std::string{security::kSignatureHeader},
                      security::sign(kToken, std::string{kPublicUrl} + request.target, {}));
  EXPECT_EQ(answerOf(ivr, std::move(request)).status, 200);
}

TEST(StateList, IsReadOnly) {
  Ivr ivr{developed()};
  addStates(ivr);
  EXPECT_EQ(answerOf(ivr, post("/.ivr/states")).status, 405);
}

TEST(StateHeader, NamesTheStatesThatAStepWentThroughAndTheOneThatIsHeard) {
  Ivr ivr{developed()};
  addStates(ivr);
  const auto statesOf = [&](const char* path) {
    return header(answerOf(ivr, post(path, {{"CallSid", "CA1"}})), kStateHeader);
  };
  EXPECT_EQ(statesOf("/menu"), "MENU");
  EXPECT_EQ(statesOf("/menu/choice"), "MENU, CHECK%2C%20PLEASE, HOURS");
  EXPECT_EQ(statesOf("/check"), "CHECK%2C%20PLEASE, HOURS");
}

TEST(StateHeader, IsThereInDevelopmentModeAlone) {
  Ivr ivr{openConfig()};
  addStates(ivr);
  const Response response = answerOf(ivr, post("/menu", {{"CallSid", "CA1"}}));
  EXPECT_EQ(response.headers.find(kStateHeader), std::nullopt);
}

// --- Flows ---

/// A flow of three states, two of them connected by two lines.
void addFlow(Ivr& ivr) {
  using namespace ticket;
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.actor(customer, "/voice/flow");
  flow.begins(called);
  flow.status(customer, "completed", hangsUp);
  flow.state(incoming)
      .silent()
      .on(called)
      .when("nobody", [](const Ticket& model) { return model.from.empty(); })
      .to(voicemail)
      .on(called)
      .to(incoming)
      .on(hangsUp)
      .to(voicemail);
  flow.state(voicemail).render(Twiml{Say{"Good bye."}}).ends();
  ivr.add(std::move(flow), FlowStore<Ticket>{}, "Support");
}

TEST(FlowList, HasTheStatesAndTheArrowsOfEachFlow) {
  Ivr ivr{developed()};
  addFlow(ivr);
  const Response response = answerOf(ivr, get("/.ivr/flows"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Content-Type"), "application/json");
  EXPECT_EQ(nlohmann::json::parse(response.body.text()), nlohmann::json::parse(R"json({"flows":[
      {"name":"Support",
       "nodes":[{"id":"incoming","label":"incoming","isStart":true,"isEnd":false},
                {"id":"voicemail","label":"voicemail","isStart":false,"isEnd":true}],
       "edges":[{"from":"incoming","to":"voicemail","label":"called (1) [nobody]\nhangs_up"},
                {"from":"incoming","to":"incoming","label":"called (2)"}]}]})json"));
}

TEST(FlowList, CallsItsNodesWhatTheStateHeaderSays) {
  Ivr ivr{developed()};
  addFlow(ivr);
  const auto nodes =
      nlohmann::json::parse(answerOf(ivr, get("/.ivr/flows")).body.text())["flows"][0]["nodes"];
  const Response response = answerOf(ivr, post("/voice/flow", {{"CallSid", "CA1"}, {"From", ""}}));
  EXPECT_EQ(header(response, kStateHeader),
            nodes[0]["id"].get<std::string>() + ", " + nodes[1]["id"].get<std::string>());
}

TEST(FlowList, IsEmptyWithoutFlows) {
  Ivr ivr{developed()};
  addStates(ivr);
  EXPECT_EQ(answerOf(ivr, get("/.ivr/flows")).body.text(), "{\"flows\":[]}\n");
}

TEST(FlowList, IsThereInDevelopmentModeAlone) {
  Ivr ivr{openConfig()};
  addFlow(ivr);
  EXPECT_EQ(answerOf(ivr, get("/.ivr/flows")).status, 404);
}

TEST(FlowList, MustBeSignedForUnderAPublicAddress) {
  Ivr ivr{developed(std::string{kPublicUrl})};
  addFlow(ivr);
  EXPECT_EQ(answerOf(ivr, get("/.ivr/flows")).status, 403);
}

TEST(FlowList, IsReadOnly) {
  Ivr ivr{developed()};
  addFlow(ivr);
  EXPECT_EQ(answerOf(ivr, post("/.ivr/flows")).status, 405);
}

}  // namespace
