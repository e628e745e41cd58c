// The language in which applications test their flows: what it takes, and how it fails.

#include "flow/support_flow.hpp"
#include "ivr/test/flow.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <stdexcept>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::support_flow;
using test::FlowTest;

const FlowTest<Ticket>& support() {
  static const FlowTest<Ticket> flow{supportFlow()};
  return flow;
}

TEST(FlowTestLanguage, SaysWhereAnEventLeadsAndWhatIsHeardThere) {
  support()
      .given(incoming)
      .when([](Ticket& ticket) { ticket.agents = true; })
      .on(called)
      .leadsTo(routing)
      .renders("//Dial/Queue", "support")
      .on(hangsUp)
      .leadsTo(cancelled);
}

TEST(FlowTestLanguage, SaysThatAnEventIsRefused) {
  support().given(cancelled).on(called).isRefused();
}

TEST(FlowTestLanguage, GoesOnFromOneStateInSeveralWays) {
  const auto atVoicemail = support().given(incoming).on(wantsVoicemail).leadsTo(voicemail);
  atVoicemail.on(recorded).leadsTo(voicemailCompleted);
  atVoicemail.on(hangsUp).leadsTo(cancelled);
}

TEST(FlowTestLanguage, LooksAtAttributesTextsAndAnythingElse) {
  support()
      .given(incoming)
      .renders("Response/Gather[@numDigits='1']")
      .renders("//Gather/@action", "/voice/flow?event=wants_voicemail&actor=customer&call_id=5000")
      .renders("count(//Say) = 1")
      .on(wantsVoicemail)
      .leadsTo(voicemail)
      .also([](const Ticket& ticket) { EXPECT_EQ(ticket.notified, 1); });
}

TEST(FlowTestLanguage, RunsWhatIsDueAfterAnEvent) {
  EXPECT_EQ(support().given(incoming).on(wantsVoicemail).model().notified, 1);
}

TEST(FlowTestLanguage, GivesTheFieldsOfAWebhook) {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.state(incoming)
      .silent()
      .on(called)
      .when([](const Ticket&, const Turn& turn) { return turn.call().digits() == "1"; })
      .to(voicemail)
      .on(called)
      .otherwiseRefused();
  const FlowTest<Ticket> test{flow};
  test.given(incoming).on(called, {{"Digits", "1"}}).leadsTo(voicemail);
  test.given(incoming).on(called, {{"Digits", "2"}}).isRefused();
}

TEST(FlowTestLanguage, SaysThatACallbackHaltsOrThrows) {
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.state(incoming).silent().on(called).to(voicemail).on(closed).to(cancelled);
  flow.state(voicemail).silent().before([] { return false; });
  flow.state(cancelled).silent().before([] { throw std::runtime_error{"no agent is there"}; });
  const FlowTest<Ticket> test{flow};
  test.given(incoming).on(called).isHalted();
  test.given(incoming).on(closed).failsWith("no agent");
}

TEST(FlowTestLanguage, MakesAbsoluteLinks) {
  std::string link;
  Flow<Ticket> flow{&Ticket::state, incoming};
  flow.actor(customer, "/voice/flow");
  flow.state(incoming).silent().on(called).to(incoming).after(
      [&](Ticket&, const Transition&, const Turn& turn) {
        link = turn.link(called, {.absolute = true});
      });
  FlowTest<Ticket>{flow}.given(incoming).on(called).leadsTo(incoming);
  EXPECT_EQ(link, "https://ivr.example.com/voice/flow?event=called&actor=customer&call_id=5000");
}

// --- Failures ---

TEST(FlowTestLanguage, FailsWithTheWayWhatWasExpectedAndWhatCame) {
  EXPECT_NONFATAL_FAILURE(support().given(incoming).on(called).leadsTo(routing),
                          "incoming --called--> voicemail\nexpected: routing\n"
                          "     got: voicemail, changed");
  EXPECT_NONFATAL_FAILURE(support().given(cancelled).on(called).leadsTo(cancelled),
                          "cancelled --called--> cancelled\nexpected: cancelled\n"
                          "     got: cancelled, refused");
  EXPECT_NONFATAL_FAILURE(support().given(incoming).on(called).isRefused(), "expected: refused");
  EXPECT_NONFATAL_FAILURE(support().given(incoming).on(called).isHalted(), "expected: halted");
  EXPECT_NONFATAL_FAILURE(support().given(incoming).leadsTo(incoming), "got: no event before it");
  EXPECT_NONFATAL_FAILURE(support().given(incoming).on(picksUp).leadsTo(routing),
                          "got: an error: the flow has no event \"picks_up\"");
}

TEST(FlowTestLanguage, FailsWithTheDocumentThatWasHeard) {
  EXPECT_NONFATAL_FAILURE(support().given(incoming).renders("//Record"),
                          "expected: //Record\n     got: <?xml");
  EXPECT_NONFATAL_FAILURE(support().given(incoming).renders("//Say", "Hello"),
                          "expected: //Say with \"Hello\"");
  EXPECT_NONFATAL_FAILURE(support().given(incoming).renders("//Say["), "the XPath \"//Say[\"");
}

TEST(FlowTestLanguage, FailsOncePerWay) {
  EXPECT_NONFATAL_FAILURE(support()
                              .given(incoming)
                              .on(called)
                              .leadsTo(routing)
                              .renders("//Dial/Queue")
                              .on(hangsUp)
                              .isRefused()
                              .also([](const Ticket&) { ADD_FAILURE() << "looked at"; }),
                          "expected: routing");
}

}  // namespace
