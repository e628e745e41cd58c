// What is known to be wrong with a flow before the first call.

#include "flow/support_flow.hpp"
#include "ivr/flow/flow.hpp"

#include <cstdint>
#include <gmock/gmock.h>
#include <source_location>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support_flow;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

auto says(const std::string& part) {
  return Field("message", &flow::Finding::message, HasSubstr(part));
}

/// A flow that is complete: a test adds one mistake to it.
class FlowCheck : public testing::Test {
 protected:
  FlowCheck() {
    flow_.actor(customer, "/voice/flow");
    flow_.begins(called);
    incoming_.silent().on(called).to(voicemail);
    flow_.state(voicemail).silent().ends();
  }

  Flow<Ticket> flow_{&Ticket::state, incoming};
  flow::Block<Ticket> incoming_ = flow_.state(incoming);
};

TEST_F(FlowCheck, FindsNothingInACompleteFlow) {
  EXPECT_THAT(flow_.check(), IsEmpty());
  EXPECT_THAT(supportFlow().check(), IsEmpty());
}

TEST_F(FlowCheck, FindsAStateThatNoLineLeadsTo) {
  flow_.state(cancelled).silent().ends();
  EXPECT_THAT(flow_.check(), ElementsAre(says("no line leads to the state \"cancelled\"")));
}

TEST_F(FlowCheck, FindsStatesThatOnlyLeadToEachOther) {
  flow_.state(routing).silent().on(called).to(cancelled);
  flow_.state(cancelled).silent().on(called).to(routing);
  EXPECT_THAT(flow_.check(), ElementsAre(says("\"routing\""), says("\"cancelled\"")));
}

TEST_F(FlowCheck, FindsADestinationWithoutABlock) {
  incoming_.on(wantsVoicemail).to(routing);
  EXPECT_THAT(flow_.check(), ElementsAre(says("the state \"routing\" has no block")));
}

TEST_F(FlowCheck, FindsAStateThatRendersNothingAndDoesNotSayIt) {
  incoming_.on(wantsVoicemail).to(routing);
  flow_.state(routing).ends();
  EXPECT_THAT(flow_.check(), ElementsAre(says("the state \"routing\" renders nothing")));
}

TEST_F(FlowCheck, FindsASilentStateThatRenders) {
  incoming_.render(Say{"x"});
  EXPECT_THAT(flow_.check(), ElementsAre(says("renders and is silent")));
}

TEST_F(FlowCheck, FindsAStateThatRendersTwice) {
  incoming_.on(wantsVoicemail).to(routing);
  flow_.state(routing).render(Say{"x"}).render(Say{"y"}).ends();
  EXPECT_THAT(flow_.check(), ElementsAre(says("renders twice")));
}

TEST_F(FlowCheck, FindsAStateWithoutAWayOutThatDoesNotSayItEnds) {
  incoming_.on(wantsVoicemail).to(routing);
  flow_.state(routing).silent().on(wantsVoicemail).to(routing);
  EXPECT_THAT(flow_.check(), ElementsAre(says("nothing leads out of the state \"routing\"")));
}

TEST_F(FlowCheck, FindsAWayOutOfAStateThatSaysItEnds) {
  incoming_.ends();
  EXPECT_THAT(flow_.check(), ElementsAre(says("\"incoming\" ends, and this leads out of it")));
}

TEST_F(FlowCheck, FindsGuardedLinesWithNothingAfterThem) {
  incoming_.on(wantsVoicemail).when(&Ticket::agents).to(voicemail);
  EXPECT_THAT(flow_.check(), ElementsAre(AllOf(says("\"wants_voicemail\""), says("no guard agrees"),
                                               says("otherwiseRefused()"))));
  incoming_.on(wantsVoicemail).otherwiseRefused();
  EXPECT_THAT(flow_.check(), IsEmpty());
}

TEST_F(FlowCheck, FindsLinesInABlockWithNothingAfterThem) {
  incoming_.when(&Ticket::agents, [](auto& lines) { lines.on(wantsVoicemail).to(voicemail); });
  EXPECT_THAT(flow_.check(), ElementsAre(says("no guard agrees")));
}

TEST_F(FlowCheck, FindsALineAfterOneThatAlwaysFits) {
  incoming_.on(called).when(&Ticket::agents).to(voicemail);
  EXPECT_THAT(flow_.check(), ElementsAre(says("is never asked")));
}

TEST_F(FlowCheck, FindsAnEventOfAPartyWithoutAnAddress) {
  incoming_.on(picksUp).to(voicemail);
  EXPECT_THAT(flow_.check(), ElementsAre(AllOf(says("\"picks_up\""), says("\"agent\" has no"))));
}

TEST_F(FlowCheck, FindsAnEventThatNoStatusMeans) {
  incoming_.on(hangsUp).to(voicemail);
  EXPECT_THAT(flow_.check(), ElementsAre(says("no status of the party \"customer\" means it")));
}

TEST_F(FlowCheck, FindsAStatusWhoseEventFitsNowhere) {
  flow_.status(customer, "busy", hangsUp);
  EXPECT_THAT(flow_.check(), ElementsAre(says("\"hangs_up\" fits in no state")));
}

TEST_F(FlowCheck, FindsAStatusThatTheProviderDoesNotHave) {
  incoming_.on(hangsUp).to(voicemail);
  flow_.status(customer, "complete", hangsUp);
  EXPECT_THAT(flow_.check(), ElementsAre(says("no status \"complete\"")));
}

TEST_F(FlowCheck, FindsAStatusOfAnEventThatIsSentOtherwise) {
  flow_.status(customer, "completed", called);
  EXPECT_THAT(flow_.check(), ElementsAre(says("must have the sender statusOf(customer)")));
}

TEST_F(FlowCheck, FindsThatNothingBeginsAFlow) {
  Flow<Ticket> flow{&Ticket::state, voicemail};
  flow.state(voicemail).silent().ends();
  EXPECT_THAT(flow.check(), ElementsAre(says("nothing begins this flow")));
  flow.begunByApplication();
  EXPECT_THAT(flow.check(), IsEmpty());
}

TEST_F(FlowCheck, FindsABeginningThatTheInitialStateDoesNotTake) {
  Flow<Ticket> flow{&Ticket::state, voicemail};
  flow.actor(customer, "/voice/flow");
  flow.begins(called);
  flow.state(voicemail).silent().ends();
  EXPECT_THAT(flow.check(), ElementsAre(says("does not take it")));
}

TEST_F(FlowCheck, FindsABeginningThatNoPartySends) {
  Flow<Ticket> flow{&Ticket::state, voicemail};
  flow.begins(closed);
  flow.state(voicemail).silent().ends().on(closed).to(voicemail);
  EXPECT_THAT(flow.check(), ElementsAre(says("a party must send it")));
}

TEST_F(FlowCheck, FindsARedirectWhereNoPartyHasAnAddress) {
  Flow<Ticket> flow{&Ticket::state, voicemail};
  flow.begunByApplication();
  flow.state(voicemail).silent().ends().on(left).to(voicemail);
  EXPECT_THAT(flow.check(), ElementsAre(says("a redirect needs an address")));
}

TEST_F(FlowCheck, FindsNamesThatAreThereTwice) {
  flow_.state(voicemail);
  flow_.actor(customer, "/elsewhere");
  flow_.begins(called);
  flow_.renamed("old", voicemail);
  flow_.renamed("old", incoming);
  EXPECT_THAT(flow_.check(), ElementsAre(says("the state \"voicemail\" has a block twice"),
                                         says("the party \"customer\" has an address twice"),
                                         says("how a model begins is said twice"),
                                         says("the state \"old\" was renamed twice")));
}

TEST_F(FlowCheck, FindsAnEventThatIsThereWithTwoSenders) {
  incoming_.on(Event{"called", kApplication}).to(voicemail);
  EXPECT_THAT(flow_.check(), testing::Contains(says("the event \"called\" is there, with another "
                                                    "sender, twice")));
}

TEST_F(FlowCheck, FindsARenamedStateThatIsStillThere) {
  flow_.renamed("incoming", voicemail);
  EXPECT_THAT(flow_.check(), ElementsAre(says("\"incoming\" was renamed, and is still there")));
}

TEST_F(FlowCheck, FindsAnAddressThatIsNone) {
  flow_.actor(agent, "voice");
  EXPECT_THAT(flow_.check(), ElementsAre(says("must begin with one slash")));
}

TEST_F(FlowCheck, FindsAnAddressThatLooksLikeOneOfStatuses) {
  flow_.actor(agent, "/voice/flow/status");
  EXPECT_THAT(flow_.check(), ElementsAre(says("ends in /status")));
}

TEST_F(FlowCheck, NamesTheFileAndTheLineOfTheDefinition) {
  const std::uint32_t line = std::source_location::current().line() + 1;
  flow_.state(cancelled).silent().ends();
  const auto findings = flow_.check();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings.front().text(),
              HasSubstr("check_test.cpp:" + std::to_string(line) + ": no line leads to"));
}

}  // namespace
