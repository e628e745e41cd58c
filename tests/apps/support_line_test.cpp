// The support line: what leads where, and whole calls with customers and agents.

#include "support_line.hpp"

#include "ivr/flow/draw.hpp"
#include "ivr/test/flow.hpp"
#include "ivr/test/test.hpp"
#include "support/content.hpp"
#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::test;
using namespace std::chrono_literals;
using namespace support_line;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kAnn = "+14155550111";

/// Notes what it is asked to do.
struct NotedSwitchboard final : Switchboard {
  Later<std::string> ring(AgentCall call) override {
    done.push_back("ring " + call.to);
    return canRing ? Later<std::string>{"CA2"}
                   : Later<std::string>::failed(
                         std::make_exception_ptr(Error{ErrorKind::remote, "no such telephone"}));
  }
  Later<Done> hangUp(std::string sid) override {
    if (!sid.empty()) done.push_back("end " + sid);
    return Done{};
  }
  Later<Done> move(const Turn& turn, Event event) override {
    done.push_back("move " + turn.id() + ' ' + std::string{event.text()});
    return Done{};
  }
  bool canRing = true;
  std::vector<std::string> done = {};
};

// --- The flow ---

/// A call that an agent with that device is on duty for.
auto agentWith(Device device) {
  return [device](SupportCall& call) {
    call.agent = kAnn;
    call.device = device;
  };
}

struct SupportFlow : ::testing::Test {
  support::TempFolder folder;
  std::shared_ptr<NotedSwitchboard> switchboard = std::make_shared<NotedSwitchboard>();
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>(folder.path() / "messages", 1);
  FlowTest<SupportCall> tested{supportFlow({}, switchboard, mailbox)};

  FlowWay<SupportCall> ringing(Device device) const {
    return tested.given(incoming).when(agentWith(device)).on(called);
  }
};

TEST_F(SupportFlow, HasNoMistake) { EXPECT_THAT(tested.flow().check(), IsEmpty()); }

TEST_F(SupportFlow, RingsTheTelephoneOfAnAgent) {
  ringing(Device::phone).leadsTo(routingOnPhone);
  EXPECT_THAT(switchboard->done, ElementsAre("ring +14155550111"));
}

TEST_F(SupportFlow, RingsAMobileClient) {
  ringing(Device::mobileClient).leadsTo(routingOnMobileClient);
}

TEST_F(SupportFlow, RingsABrowser) { ringing(Device::browser).leadsTo(routingOnWebrtc); }

TEST_F(SupportFlow, RingsAnOldClient) { ringing(Device::oldClient).leadsTo(routingOnClient); }

TEST_F(SupportFlow, TakesAMessageWithoutAgents) {
  tested.given(incoming).on(called).leadsTo(voicemail).renders(
      "//Record/@action",
      "/incoming-call?event=voicemail_"
      "complete&actor=customer&call_id=5000");
}

TEST_F(SupportFlow, EndsTheCallIfThereIsNoRoomForAMessage) {
  mailbox->keep({.id = "CA9"});
  tested.given(incoming).on(called).leadsTo(cancelled).renders("//Hangup");
}

TEST_F(SupportFlow, ConnectsNoOldClientOutOfItsArea) {
  const auto outOfArea = [](SupportCall& call) { call.isOutOfArea = true; };
  for (const bool isOld : {true, false}) {
    ringing(isOld ? Device::oldClient : Device::browser)
        .when(outOfArea)
        .on(picksUp)
        .leadsTo(isOld ? cancelled : inConference);
  }
}

TEST_F(SupportFlow, ConnectsAnOldClientInItsArea) {
  ringing(Device::oldClient)
      .on(picksUp)
      .leadsTo(inConference)
      .renders("//Dial/Conference", "support 5000");
  EXPECT_THAT(switchboard->done, ElementsAre("ring +14155550111", "move 5000 joins"));
}

TEST_F(SupportFlow, HoldsWithMusicAndAKeyForAMessage) {
  ringing(Device::phone)
      .renders("//Gather[@numDigits='1']/Play[@loop='100']")
      .renders("//Gather/@action",
               "/incoming-call?event=wants_voicemail&actor=customer&call_id=5000")
      .on(wantsVoicemail)
      .leadsTo(voicemail)
      .renders("//Say", "Please leave a message after the tone.");
  EXPECT_THAT(switchboard->done, ElementsAre("ring +14155550111", "end CA2"));
}

TEST_F(SupportFlow, AsksForAMessageIfTheAgentMissesTheCall) {
  ringing(Device::phone).on(missesCall).leadsTo(voicemail);
  EXPECT_THAT(switchboard->done, ElementsAre("ring +14155550111", "end CA2", "move 5000 joins"));
}

TEST_F(SupportFlow, MovesTheCustomerIfTheAgentHasNoSuchTelephone) {
  switchboard->canRing = false;
  ringing(Device::phone).leadsTo(routingOnPhone);
  EXPECT_THAT(switchboard->done, ElementsAre("ring +14155550111", "move 5000 wants_voicemail"));
}

TEST_F(SupportFlow, KeepsAMessageOnce) {
  const auto left = tested.given(voicemail)
                        .when([](SupportCall& call) { call.from = "+14155550100"; })
                        .on(voicemailComplete, {{"RecordingUrl", "https://api.example.com/RE1"}})
                        .leadsTo(voicemailCompleted)
                        .also([](const SupportCall& call) {
                          EXPECT_EQ(call.recording, "https://api.example.com/RE1");
                        });
  left.on(customerHangsUp).leadsTo(voicemailCompleted);
  EXPECT_EQ(support::contentOf(folder.path() / "messages"),
            "{\"from\":\"+14155550100\",\"id\":\"5000\","
            "\"recording\":\"https://api.example.com/RE1\"}\n");
}

TEST_F(SupportFlow, TakesAMessageThatArrivesAfterTheEndOfTheCall) {
  tested.given(voicemail)
      .on(customerHangsUp)
      .leadsTo(cancelled)
      .on(voicemailComplete, {{"RecordingUrl", "https://api.example.com/RE1"}})
      .leadsTo(voicemailCompleted);
}

TEST_F(SupportFlow, StopsRingingWhenTheCustomerHangsUp) {
  ringing(Device::phone).on(customerHangsUp).leadsTo(cancelled).on(missesCall).leadsTo(cancelled);
  EXPECT_THAT(switchboard->done, ElementsAre("ring +14155550111", "end CA2"));
}

TEST_F(SupportFlow, RefusesAnAgentWhoIsLate) {
  tested.given(cancelled).on(picksUp).isRefused();
  tested.given(voicemail).on(picksUp).isRefused();
}

TEST_F(SupportFlow, LooksAsInTheReadme) {
  EXPECT_THAT(
      support::contentOf(IVR_TESTS_DIR "/../README.md"),
      HasSubstr("```mermaid\n" + flow::mermaid(tested.flow(), {.name = "support_line"}) + "```\n"))
      << "to renew the picture: ./apps/run support_line --draw=mermaid";
}

// --- Whole calls ---

struct SupportLine : ::testing::Test {
  support::TempFolder folder;
  Office office{.agents = {{.address = kAnn}}};
  std::shared_ptr<session::SessionStore> sessions =
      session::openSessionStore("sqlite:" + (folder.path() / "calls.sqlite").string());
  std::unique_ptr<FlowHandle<SupportCall>> calls;
  Line line{[this](Ivr& ivr) {
              auto mailbox = std::make_shared<Mailbox>(folder.path() / "messages", 2);
              calls = std::make_unique<FlowHandle<SupportCall>>(
                  addTo(ivr, IVR_ASSETS_DIR "/audio", office, std::move(mailbox)));
            },
            {.config = [this](Config& config) { config.sessions = sessions; },
             .statusCallbackPath = "/incoming-call/status"}};
  Phone ann = line.phone(kAnn);

  /// Another office.
  void has(std::vector<Agent> agents) {
    office.agents = std::move(agents);
    line.restart();
  }
  std::string stateOf(const Phone& customer) {
    const auto found = line.await(calls->find(customer.sid()));
    return found ? found->state : "none";
  }
  Phone call() { return line.call("/incoming-call", {.listens = 1s}); }
};

TEST_F(SupportLine, ACustomerHearsMusicWhileAnAgentsTelephoneRings) {
  Phone customer = line.call("/incoming-call", {.listens = 10s});
  EXPECT_THAT(customer, AllOf(Hears("Please hold for an agent"), Plays("/static/hold-music.mp3")));
  EXPECT_EQ(ann.status(), rest::CallStatus::ringing);
  EXPECT_EQ(stateOf(customer), "routing_on_phone");
}

TEST_F(SupportLine, AnAgentWhoPicksUpMeetsTheCustomerUntilThatHangsUp) {
  Phone customer = call();
  ann.answer();
  EXPECT_THAT(customer, AllOf(InConferenceWith(ann), TalksTo(ann)));
  EXPECT_EQ(stateOf(customer), "in_conference");
  customer.hangUp();
  line.wait(10s);
  EXPECT_THAT(ann, AllOf(HasHeard("Goodbye."), HungUp()));
  EXPECT_EQ(stateOf(customer), "completed");
}

TEST_F(SupportLine, TheAgentMayHangUpFirst) {
  Phone customer = call();
  ann.answer();
  ann.hangUp();
  line.wait(10s);
  EXPECT_THAT(customer, AllOf(HasHeard("Goodbye."), HungUp()));
  EXPECT_EQ(stateOf(customer), "completed");
}

TEST_F(SupportLine, AKeyLeavesAMessageAndStopsTheRinging) {
  Phone customer = call();
  customer.press("1");
  EXPECT_THAT(customer, Hears("leave a message after the tone"));
  EXPECT_EQ(customer.view().activity, phone::Activity::recording);
  EXPECT_THAT(ann, HungUp());
  customer.say("My kettle does not work.");
  EXPECT_THAT(customer, AllOf(Hears("Thank you. Goodbye."), HungUp()));
  line.wait(1s);
  EXPECT_EQ(stateOf(customer), "voicemail_completed");
  EXPECT_THAT(support::contentOf(folder.path() / "messages"), HasSubstr(customer.sid()));
}

TEST_F(SupportLine, AnAgentWhoDoesNotAnswerLeavesTheCustomerToTheVoicemail) {
  Phone customer = call();
  line.wait(22s);
  EXPECT_EQ(ann.status(), rest::CallStatus::noAnswer);
  EXPECT_THAT(customer,
              AllOf(HasHeard("leave a message after the tone"), Transferred("/incoming-call")));
  customer.say("Nobody is there.");
  EXPECT_THAT(customer, HungUp());
  line.wait(1s);
  EXPECT_EQ(stateOf(customer), "voicemail_completed");
}

TEST_F(SupportLine, ABusyAgentLeavesTheCustomerToTheVoicemail) {
  line.setTelephone(kAnn, {.reaction = phone::Telephone::Reaction::busy});
  Phone customer = line.call("/incoming-call", {.listens = 5s});
  EXPECT_THAT(customer, HasHeard("leave a message after the tone"));
}

TEST_F(SupportLine, WithoutAgentsAMessageIsTakenAtOnce) {
  has({});
  Phone customer = line.call("/incoming-call");
  EXPECT_THAT(customer, AllOf(Hears("leave a message"), Not(HasHeard("hold"))));
  EXPECT_THAT(line.dialled(), IsEmpty());
}

TEST_F(SupportLine, WithAFullMailboxTheCustomerHearsAnApology) {
  has({});
  for (int i = 0; i < 2; ++i) {
    Phone customer = line.call("/incoming-call");
    customer.say("Call me back.");
  }
  line.wait(1s);
  EXPECT_THAT(line.call("/incoming-call"), AllOf(Hears("nobody can take your call"), HungUp()));
}

TEST_F(SupportLine, ACustomerWhoHangsUpWhileItRingsStopsTheRinging) {
  Phone customer = call();
  customer.hangUp();
  line.wait(1s);
  EXPECT_THAT(ann, HungUp());
  EXPECT_EQ(stateOf(customer), "cancelled");
}

TEST_F(SupportLine, ACustomerWhoHangsUpWhileRecordedHasLeftAMessage) {
  has({});
  Phone customer = line.call("/incoming-call");
  line.provider().say(customer.sid(), {"Call me back."});
  line.wait(1s);
  customer.hangUp();
  line.wait(10s);
  EXPECT_EQ(stateOf(customer), "voicemail_completed");
}

TEST_F(SupportLine, ClientsAreRungByTheirNamesInTurn) {
  has({agentFrom("mobile:ann"), agentFrom("browser:bob"), agentFrom("client:cleo")});
  std::vector<std::string> states;
  for (int i = 0; i < 4; ++i) {
    Phone customer = call();
    states.push_back(stateOf(customer));
    customer.hangUp();
  }
  EXPECT_THAT(line.dialled(), ElementsAre("client:ann", "client:bob", "client:cleo", "client:ann"));
  EXPECT_THAT(states, ElementsAre("routing_on_mobile_client", "routing_on_webrtc",
                                  "routing_on_client", "routing_on_mobile_client"));
}

TEST_F(SupportLine, AnOldClientIsNotConnectedToACustomerFromAbroad) {
  has({agentFrom("client:cleo")});
  Phone customer = line.call("/incoming-call", {.from = "+4930123456", .listens = 1s});
  Phone cleo = line.phone("client:cleo");
  cleo.answer();
  line.wait(10s);
  EXPECT_THAT(cleo, AllOf(HasHeard("no longer there"), HungUp()));
  EXPECT_THAT(customer, AllOf(HasHeard("nobody can take your call"), HungUp()));
  EXPECT_EQ(stateOf(customer), "cancelled");
}

TEST_F(SupportLine, ACallGoesOnAfterARestart) {
  Phone customer = call();
  line.restart();
  ann.answer();
  EXPECT_THAT(customer, InConferenceWith(ann));
  EXPECT_EQ(stateOf(customer), "in_conference");
}

TEST(SupportAgent, IsANumberOrAClient) {
  EXPECT_THAT(agentFrom(kAnn),
              AllOf(Field(&Agent::address, kAnn), Field(&Agent::device, Device::phone)));
  EXPECT_THAT(agentFrom("mobile:ann"), AllOf(Field(&Agent::address, "client:ann"),
                                             Field(&Agent::device, Device::mobileClient)));
  for (const char* text : {"", "ann", "pager:ann", "mobile:", "mobile"}) {
    EXPECT_THROW((void)agentFrom(text), Error) << text;
  }
}

TEST(SupportMailbox, SaysWhyItCannotBeWritten) {
  Mailbox mailbox{"/nowhere/messages"};
  EXPECT_FALSE(mailbox.isFull());
  EXPECT_THROW(mailbox.keep({.id = "CA1"}), Error);
}

}  // namespace
