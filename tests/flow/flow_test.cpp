// What an event does: states, guards, senders and links. The order is that of the list of
// call_center's features.

#include "ivr/flow/flow.hpp"

#include "flow/support_flow.hpp"
#include "ivr/core/error.hpp"
#include "support/failure.hpp"

#include <gmock/gmock.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support_flow;
using flow::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string xmlOf(const Flow<Ticket>& flow, const Ticket& ticket) {
  return flow.render(ticket, Turn{{.id = "5000", .definition = &flow.definition()}}).get().xml();
}

template <class F>
std::string failureOf(F&& act) {
  try {
    act();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

// --- Models and states (1-6) ---

TEST(Flow, AModelIsTheApplicationsOwnStructAndAFlowRunsOverOneMember) {
  const auto flow = supportFlow();
  Ticket ticket;
  flow.begin(ticket);
  EXPECT_TRUE(ticket.state == incoming);
  EXPECT_EQ(flow.run(ticket, wantsVoicemail).get().outcome, Outcome::changed);
  EXPECT_TRUE(ticket.state == voicemail);
  EXPECT_EQ(ticket.state, "voicemail");
}

struct Pair {
  std::string state = {};
  std::string outgoingStatus = {};
};
constexpr flow::State first{"first"}, second{"second"};
constexpr Event go{"go", kApplication}, back{"back", kApplication};

Flow<Pair> pairFlow(std::string Pair::*member, const std::string& says) {
  Flow<Pair> flow{member, first};
  flow.state(first).render(Say{says}).on(go).to(second);
  flow.state(second).silent().on(back).to(first);
  return flow;
}

TEST(Flow, SeveralFlowsOverMembersOfOneModelAreIndependent) {
  const auto one = pairFlow(&Pair::state, "one");
  const auto two = pairFlow(&Pair::outgoingStatus, "two");
  Pair pair;
  one.begin(pair);
  two.begin(pair);
  (void)one.run(pair, go).get();
  EXPECT_TRUE(pair.state == second);
  EXPECT_TRUE(pair.outgoingStatus == first);
  EXPECT_THAT(two.render(pair).get().xml(), HasSubstr("<Say>two</Say>"));
}

TEST(Flow, TheStateMayBeSetAsAStoreDoesThatRestoresIt) {
  const auto flow = supportFlow();
  Ticket ticket{.state = "voicemail"};
  EXPECT_EQ(flow.run(ticket, recorded).get().from, "voicemail");
  EXPECT_TRUE(ticket.state == voicemailCompleted);
}

TEST(Flow, ADestinationWithoutABlockIsReachedAndRendersNothing) {
  Flow<Pair> flow{&Pair::state, first};
  flow.state(first).on(go).to(second);
  Pair pair{.state = "first"};
  (void)flow.run(pair, go).get();
  EXPECT_TRUE(pair.state == second);
  EXPECT_TRUE(flow.render(pair).get().verbs().empty());
}

TEST(Flow, TwoFlowsOfOneModelTypeShareNothing) {
  const auto one = pairFlow(&Pair::state, "one");
  const auto two = pairFlow(&Pair::state, "two");
  const Pair pair{.state = "first"};
  EXPECT_THAT(one.render(pair).get().xml(), HasSubstr("one"));
  EXPECT_THAT(two.render(pair).get().xml(), HasSubstr("two"));
}

TEST(Flow, ACopyGoesOnWhenTheOriginalIsGone) {
  const Flow<Pair> copy = [] {
    const auto original = pairFlow(&Pair::state, "one");
    return Flow<Pair>{original};
  }();
  Pair pair{.state = "first"};
  EXPECT_EQ(copy.run(pair, go).get().to, "second");
}

// --- Events and guards (8-14) ---

TEST(Flow, AnEventMayLeadBackToItsState) {
  Flow<Pair> flow{&Pair::state, first};
  flow.state(first).silent().on(go).to(first);
  Pair pair{.state = "first"};
  const auto fired = flow.run(pair, go).get();
  EXPECT_EQ(fired.outcome, Outcome::same);
  EXPECT_TRUE(fired.isSuccess());
  EXPECT_TRUE(pair.state == first);
}

TEST(Flow, SaysWhatAnEventHasDone) {
  const auto flow = supportFlow();
  Ticket ticket{.state = "incoming"};
  const auto fired = flow.run(ticket, called).get();
  EXPECT_EQ(fired.event, "called");
  EXPECT_EQ(fired.from, "incoming");
  EXPECT_EQ(fired.to, "voicemail");
}

TEST(Flow, SaysWhetherAnEventWouldFitAndWhichOnesMay) {
  const auto flow = supportFlow();
  const Ticket ticket{.state = "voicemail"};
  EXPECT_TRUE(flow.can(ticket, recorded).get());
  EXPECT_FALSE(flow.can(ticket, called).get());
  EXPECT_THAT(flow.events(ticket), ElementsAre(recorded, hangsUp));
  EXPECT_EQ(ticket.notified, 0);
}

TEST(Flow, TheFirstLineWhoseGuardsAgreeWins) {
  const auto flow = supportFlow();
  Ticket busy{.state = "incoming"};
  Ticket free{.state = "incoming", .agents = true};
  (void)flow.run(busy, called).get();
  (void)flow.run(free, called).get();
  EXPECT_TRUE(busy.state == voicemail);
  EXPECT_TRUE(free.state == routing);
}

TEST(Flow, AnythingThatCanBeCalledGuards) {
  Flow<Ticket> flow{&Ticket::state, incoming};
  std::vector<std::string> asked;
  flow.state(incoming)
      .silent()
      .on(called)
      .when(&Ticket::viaPhone)
      .to(routingOnPhone)  // a member
      .on(called)
      .when(&Ticket::agentsAvailable)
      .to(routing)  // a function of it
      .on(called)
      .when([](const Ticket& t) { return t.onMobile; })
      .to(cancelled)
      .on(called)
      .when([](const Ticket&, const Turn& turn) { return turn.id() == "7"; })
      .to(voicemail)
      .on(called)
      .unless([] { return true; })
      .to(inConference)
      .on(called)
      .when([](const auto& t) { return t.isFull; })
      .to(voicemailCompleted);
  const auto leads = [&](Ticket ticket, const Turn& turn = {}) {
    ticket.state = "incoming";
    return std::string{flow.run(ticket, called, turn).get().to};
  };
  EXPECT_EQ(leads({.viaPhone = true}), "routing_on_phone");
  EXPECT_EQ(leads({.agents = true}), "routing");
  EXPECT_EQ(leads({.onMobile = true}), "cancelled");
  EXPECT_EQ(leads({}, Turn{{.id = "7"}}), "voicemail");
  EXPECT_EQ(leads({.isFull = true}), "voicemail_completed");
}

TEST(Flow, SeveralGuardsOfALineMustAgreeAll) {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.state(incoming)
      .silent()
      .on(called)
      .when(&Ticket::agents)
      .when(&Ticket::viaPhone)
      .unless(&Ticket::isFull)
      .to(routing);
  for (const bool agents : {false, true}) {
    for (const bool viaPhone : {false, true}) {
      for (const bool isFull : {false, true}) {
        const Ticket ticket{
            .state = "incoming", .agents = agents, .viaPhone = viaPhone, .isFull = isFull};
        EXPECT_EQ(flow.can(ticket, called).get(), agents && viaPhone && !isFull);
      }
    }
  }
}

struct DynamicCase {
  Ticket ticket;
  std::string to;
};

TEST(Flow, BlocksWithConditionsNestAndAllOfThemMustHold) {
  const auto flow = dynamicFlow();
  const std::vector<DynamicCase> cases{
      {{.agents = true, .viaPhone = true}, "routing_on_phone"},
      {{.agents = true, .onMobile = true}, "routing_on_mobile_client"},
      {{.agents = true, .prefersBrowser = true}, "routing_on_webrtc"},
      {{.agents = true, .prefersBrowser = true, .isFull = true}, "routing_on_client"},
      {{.agents = true}, "routing_on_client"},
      {{}, "voicemail"},
      {{.isFull = true}, "cancelled"},
      {{.agents = true, .viaPhone = true, .outOfArea = true}, "cancelled"},
  };
  for (const auto& [ticket, to] : cases) {
    Ticket at = ticket;
    at.state = "incoming";
    EXPECT_EQ(flow.run(at, called).get().to, to);
  }
  Ticket at{.state = "incoming"};
  EXPECT_EQ(flow.run(at, closed).get().to, "in_conference");
  EXPECT_THAT(flow.check(), IsEmpty());
}

TEST(Flow, ABlockThatThrowsLeavesNoConditionBehind) {
  Flow<Ticket> flow{&Ticket::state, incoming};
  auto state = flow.state(incoming);
  EXPECT_THROW(state.when(&Ticket::agents, [](auto&) { throw std::runtime_error{"in a block"}; }),
               std::runtime_error);
  state.on(called).to(voicemail);
  EXPECT_TRUE(flow.can({.state = "incoming"}, called).get());
}

TEST(Flow, AnEventThatTheStateDoesNotTakeIsRefusedAndChangesNothing) {
  const auto flow = supportFlow();
  Ticket ticket{.state = "cancelled"};
  const auto fired = flow.run(ticket, called).get();
  EXPECT_EQ(fired.outcome, Outcome::refused);
  EXPECT_FALSE(fired.isSuccess());
  EXPECT_EQ(fired.from, "cancelled");
  EXPECT_EQ(fired.to, "cancelled");
  EXPECT_TRUE(ticket.state == cancelled);
}

TEST(Flow, AnEventOfAnotherFlowIsAnError) {
  const auto flow = supportFlow();
  Ticket ticket{.state = "incoming"};
  EXPECT_THAT(failureOf([&] { (void)flow.run(ticket, go).get(); }),
              HasSubstr("the flow has no event \"go\""));
  constexpr Event sameWord{"hangs_up", customer};  // but from the customer, not a status
  EXPECT_THAT(failureOf([&] { (void)flow.run(ticket, sameWord).get(); }),
              HasSubstr("the flow has no event \"hangs_up\""));
  EXPECT_TRUE(ticket.state == incoming);
}

TEST(Flow, AStateThatItDoesNotHaveIsAnErrorThatNamesIt) {
  const auto flow = supportFlow();
  Ticket ticket{.state = "vanished"};
  EXPECT_THAT(failureOf([&] { (void)flow.run(ticket, called).get(); }), HasSubstr("\"vanished\""));
  EXPECT_THAT(failureOf([&] { (void)flow.render(ticket).get(); }), HasSubstr("\"vanished\""));
  EXPECT_EQ(ticket.state, "vanished");
}

TEST(Flow, ARenamedStateGoesOnUnderItsNewName) {
  auto flow = supportFlow();
  flow.renamed("answering_machine", voicemail);
  Ticket ticket{.state = "answering_machine"};
  EXPECT_THAT(xmlOf(flow, ticket), HasSubstr("Please leave a message"));
  const auto fired = flow.run(ticket, recorded).get();
  EXPECT_EQ(fired.from, "voicemail");
  EXPECT_TRUE(ticket.state == voicemailCompleted);
}

// --- Rendering (17-21) ---

TEST(Flow, TheStateRendersWithTheModelAndItsLinks) {
  const auto flow = supportFlow();
  EXPECT_THAT(xmlOf(flow, {.state = "incoming"}),
              HasSubstr("<Response><Gather action=\"/voice/flow?event=wants_voicemail&amp;"
                        "actor=customer&amp;call_id=5000\" numDigits=\"1\">"
                        "<Say>Hello World</Say></Gather></Response>"));
}

TEST(Flow, ASilentStateRendersAnEmptyResponse) {
  EXPECT_THAT(xmlOf(supportFlow(), {.state = "cancelled"}), HasSubstr("<Response></Response>"));
}

TEST(Flow, TheLastRenderOfAStateCounts) {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.state(incoming).render(Say{"one"}).render([](const Ticket& t) { return Say{t.from}; });
  EXPECT_THAT(xmlOf(flow, {.state = "incoming", .from = "<&>"}),
              HasSubstr("<Say>&lt;&amp;&gt;</Say>"));
}

TEST(Flow, WhatIsRenderedMayComeLater) {
  std::optional<Answer<Twiml>> answer;
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.state(incoming).render([&answer](const Ticket&) {
    return Later<Twiml>{[&answer](Answer<Twiml> given) { answer.emplace(std::move(given)); }};
  });
  const Ticket ticket{.state = "incoming"};
  auto later = flow.render(ticket);
  EXPECT_FALSE(later.isSettled());
  (*answer)(Twiml{Say{"late"}});
  EXPECT_THAT(std::move(later).get().xml(), HasSubstr("late"));
}

TEST(Flow, RenderingCannotChangeTheModel) {
  using Render = decltype(&Flow<Ticket>::render);
  static_assert(std::is_invocable_v<Render, const Flow<Ticket>&, const Ticket&, const Turn&>);
  const auto flow = supportFlow();
  const Ticket ticket{.state = "incoming"};
  (void)xmlOf(flow, ticket);
  EXPECT_TRUE(ticket.state == incoming);
}

// --- Links (15, 16, 37) ---

class FlowLinks : public testing::Test {
 protected:
  const Flow<Ticket> flow_ = supportFlow();
  const Turn turn_{{.id = "CA 1&2", .definition = &flow_.definition()}};
};

TEST_F(FlowLinks, HaveTheEventThePartyAndTheIdEncoded) {
  EXPECT_EQ(turn_.link(recorded),
            "/voice/flow?event=voicemail_complete&actor=customer&call_id=CA%201%262");
}

TEST_F(FlowLinks, TakeWhatElseTheApplicationWants) {
  EXPECT_EQ(turn_.link(recorded, {.query = {{{"page", "2 3"}}}}),
            "/voice/flow?event=voicemail_complete&actor=customer&call_id=CA%201%262&page=2%203");
}

TEST_F(FlowLinks, AreAbsoluteWhereTheApplicationHasAnAddress) {
  const UrlFor urlFor{std::make_shared<const UrlBase>(
      UrlBase{.scheme = "https", .host = "ivr.example", .prefix = "/p"})};
  const Turn turn{{.id = "5", .urlFor = urlFor, .definition = &flow_.definition()}};
  EXPECT_EQ(turn.link(recorded), "/p/voice/flow?event=voicemail_complete&actor=customer&call_id=5");
  EXPECT_EQ(turn.link(recorded, {.absolute = true}),
            "https://ivr.example/p/voice/flow?event=voicemail_complete&actor=customer&call_id=5");
}

TEST_F(FlowLinks, OfARedirectNameNoParty) {
  EXPECT_EQ(turn_.link(left), "/voice/flow?event=left&call_id=CA%201%262");
}

TEST_F(FlowLinks, OfAStatusNameTheParty) {
  EXPECT_EQ(turn_.statusLink(customer), "/voice/flow/status?actor=customer&call_id=CA%201%262");
}

TEST_F(FlowLinks, ExistForNothingThatCannotBeSent) {
  EXPECT_THAT(failureOf([&] { (void)turn_.link(hangsUp); }), HasSubstr("statusLink"));
  EXPECT_THAT(failureOf([&] { (void)turn_.link(closed); }), HasSubstr("no line of the flow"));
  EXPECT_THAT(failureOf([&] { (void)turn_.link(go); }), HasSubstr("no line of the flow"));
  EXPECT_THAT(failureOf([&] { (void)turn_.statusLink(agent); }), HasSubstr("has no address"));
  EXPECT_THAT(failureOf([] { (void)Turn{}.link(called); }), HasSubstr("definition"));
}

TEST_F(FlowLinks, LeaveThePartiesOfAnotherFlowAlone) {
  Flow<Ticket> other{&Ticket::state, incoming};
  other.actor(customer, "/other");
  other.state(incoming).silent().on(called).to(incoming);
  const Turn turn{{.id = "1", .definition = &other.definition()}};
  EXPECT_EQ(turn.link(called), "/other?event=called&actor=customer&call_id=1");
  EXPECT_EQ(flow_.definition().actorNamed("agent"), nullptr);
}

TEST(FlowTurn, HasTheCallOfItsWebhookAndNoneOutsideOne) {
  Call call{Form{{"Digits", "1"}}, UrlFor{std::make_shared<const UrlBase>()}};
  EXPECT_EQ((Turn{{.call = &call}}.call().digits()), "1");
  EXPECT_FALSE(Turn{}.hasCall());
  EXPECT_THAT(failureOf([] { (void)Turn{}.call(); }), HasSubstr("hasCall()"));
}

TEST(FlowBegin, PutsTheModelIntoItsInitialStateAndNotesTheCall) {
  const auto flow = supportFlow();
  Call call{Form{{"From", "+4917012345"}}, UrlFor{std::make_shared<const UrlBase>()}};
  Ticket ticket;
  flow.begin(ticket, call).get();
  EXPECT_TRUE(ticket.state == incoming);
  EXPECT_EQ(ticket.from, "+4917012345");
}

TEST(FlowBegin, IsTheFirstWebhookOfACallThatNobodyKnows) {
  const auto flow = supportFlow();
  EXPECT_EQ(flow.definition().beginning(), flow::Definition::Beginning::firstWebhook);
  EXPECT_TRUE(flow.definition().beginsWith()->name == called);
}

// --- Words from outside (14, B14) ---

TEST(FlowWords, FromOutsideAreLookedUpInTheFlowsOwnLists) {
  const auto flow = supportFlow();
  const flow::Definition& definition = flow;
  EXPECT_TRUE(definition.eventNamed("hangs_up")->name == hangsUp);
  EXPECT_EQ(definition.eventNamed("destroy"), nullptr);
  EXPECT_EQ(definition.eventNamed(""), nullptr);
  EXPECT_TRUE(definition.eventOfStatus("customer", "completed")->name == hangsUp);
  EXPECT_EQ(definition.eventOfStatus("customer", "busy"), nullptr);
  EXPECT_EQ(definition.eventOfStatus("agent", "completed"), nullptr);
  EXPECT_EQ(definition.stateNamed("nowhere"), nullptr);
}

TEST(FlowWords, AreLettersDigitsAndUnderscores) {
  for (const char* const wrong : {"", "Incoming", "in coming", "in-coming", "ä", "a&b"}) {
    EXPECT_THROW(flow::State{wrong}, Error) << wrong;
  }
  EXPECT_THROW(flow::State{std::string(65, 'a')}, Error);
  const std::string longest(64, 'a');
  EXPECT_EQ(flow::State{longest}.text(), longest);
}

template <class T>
concept FiresOn = requires(Flow<Ticket> flow, Ticket ticket, T event) {
  flow.run(ticket, event);
};
static_assert(FiresOn<Event>);
static_assert(!FiresOn<const char*>);  // a word that nobody has checked

TEST(FlowWords, OfOutcomesAreRead) {
  for (const Outcome outcome :
       {Outcome::changed, Outcome::same, Outcome::refused, Outcome::halted}) {
    EXPECT_EQ(flow::outcomeFrom(textOf(outcome)), outcome);
  }
  EXPECT_EQ(flow::outcomeFrom("done"), std::nullopt);
}

// --- Many threads (B2) ---

TEST(FlowThreads, OneFlowServesModelsOnAllThreadsAtOnce) {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.state(incoming)
      .silent()
      .after(Only::onChange, [](Ticket& t) { t.notified += 1000; })
      .on(called)
      .when(&Ticket::agents)
      .to(routing)
      .on(called)
      .to(incoming);
  flow.state(routing)
      .silent()
      .after(Only::onChange, [](Ticket& t) { ++t.notified; })
      .on(called)
      .when(&Ticket::agents)
      .to(routing)
      .on(called)
      .to(incoming);
  constexpr int kEvents = 2000;
  std::vector<Ticket> tickets(4, Ticket{.state = "incoming"});
  std::vector<std::thread> threads;
  for (std::size_t index = 0; index < tickets.size(); ++index) {
    threads.emplace_back([&, index] {
      Ticket& ticket = tickets[index];
      ticket.agents = index % 2 == 0;
      for (int event = 0; event < kEvents; ++event) (void)flow.run(ticket, called).get();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t index = 0; index < tickets.size(); ++index) {
    EXPECT_EQ(tickets[index].notified, index % 2 == 0 ? 1 : 0);
  }
}

}  // namespace
