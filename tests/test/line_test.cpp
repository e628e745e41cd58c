// An application, and all telephones around it.

#include "ivr/test/test.hpp"
#include "pizza_line.hpp"
#include "support/fake_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::test;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(Line, AnApplicationThatCannotBeMountedIsAnError) {
  EXPECT_THROW(Line([](Ivr& ivr) {
                 pizza::at(ivr, "/a", Twiml{Hangup{}});
                 pizza::at(ivr, "/a", Twiml{Hangup{}});
               }),
               Error);
}

TEST(Line, WebhooksAreSignedAndCarryTheFieldsOfTheCall) {
  std::string city;
  Line line{[&](Ivr& ivr) {
    pizza::at(ivr, "/incoming-call", [&](Call& call) {
      city = call.fields().get("FromCity");
      return Twiml{Say{"Hello."}};
    });
  }};
  const Phone caller = line.call("/incoming-call", {.fields = {{"FromCity", "Potsdam"}}});
  EXPECT_THAT(caller, HasHeard("hello"));
  EXPECT_EQ(city, "Potsdam");
  EXPECT_TRUE(line.ivr().config().validate);
  ASSERT_THAT(line.webhooks(), Not(IsEmpty()));
  EXPECT_EQ(line.webhooks().at(0).text, "https://ivr.example.com/incoming-call");
  EXPECT_EQ(line.webhooks().at(0).detail("status"), "200");
}

TEST(Line, AnAddressThatTheApplicationDoesNotHaveIsRefusedByIt) {
  Line line{pizza::addTo};
  const Phone caller = line.call("/nowhere");
  EXPECT_THAT(caller, HungUp());
  EXPECT_EQ(line.webhooks().at(0).detail("status"), "404");
  EXPECT_THAT(line.log(), HasSubstr("path=/nowhere"));
}

TEST(Line, SettingsAreChangedByAFunction) {
  Line line{pizza::addTo, {.config = [](Config& config) {
              config.publicUrl = "https://lines.example.com/pizza";
              config.authTokens = {"another-token"};
            }}};
  Phone caller = line.call("/incoming-call");
  caller.silence();
  EXPECT_THAT(caller, Hears("press one"));
  EXPECT_EQ(line.webhooks().at(0).text, "https://lines.example.com/pizza/incoming-call");
}

TEST(Line, TheTimeOfDayIsThatOfTheTest) {
  const auto noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 12h;
  Line line{pizza::addTo, {.start = noon}};
  EXPECT_EQ(line.ivr().config().clock(), noon);
  line.wait(90min);
  EXPECT_EQ(line.ivr().config().clock(), noon + 90min);
  EXPECT_EQ(line.now(), 90min);
}

TEST(Line, TheSameSeedIsTheSameTimeline) {
  const auto timelineOf = [](std::uint64_t seed) {
    Line line{pizza::addTo, {.seed = seed}};
    Phone caller = line.call("/incoming-call");
    caller.press("1").say("Salami").press("2");
    return line.timeline();
  };
  const phone::Timeline first = timelineOf(7);
  EXPECT_EQ(timelineOf(7), first);
  EXPECT_NE(timelineOf(8), first) << "SIDs are others";
}

TEST(Line, EveryCallIsThere) {
  Line line{pizza::addTo};
  (void)line.call("/incoming-call", {.from = "+491"});
  (void)line.call("/incoming-call", {.from = "client:ann", .to = "+492"});
  ASSERT_THAT(line.calls(), SizeIs(2));
  EXPECT_EQ(line.calls().at(0).to, "+14155550199");
  EXPECT_EQ(line.calls().at(1).from, "client:ann");
  EXPECT_EQ(line.calls().at(1).to, "+492");
  EXPECT_THAT(line.dialled(), IsEmpty());
  EXPECT_THAT(line.messages(), IsEmpty());
  EXPECT_THAT(line.redirected(), IsEmpty());
}

TEST(Line, WhatHappensIsStillHeardAfterTheLineHasWaited) {
  Line line{pizza::addTo};
  Phone caller = line.call("/incoming-call");
  caller.wait(0s);
  line.wait(10s);
  EXPECT_THAT(caller, Hears("press one"));
}

TEST(Line, AStatusCallbackIsPartOfTheAct) {
  std::vector<std::string> statuses;
  Line line{[&](Ivr& ivr) {
              pizza::addTo(ivr);
              ivr.route("POST", "/status", Access::signedOnly, [&](const Request& request) {
                statuses.emplace_back(Form::parse(request.body, 100)->get("CallStatus"));
                return plainText(204, "");
              });
            },
            {.statusCallbackPath = "/status"}};
  Phone caller = line.call("/incoming-call");
  EXPECT_THAT(statuses, IsEmpty());
  caller.hangUp();
  EXPECT_THAT(statuses, ElementsAre("completed"));
}

TEST(Line, TheFallbackIsAskedWhenAStateFails) {
  Line line{[](Ivr& ivr) {
              pizza::at(ivr, "/incoming-call",
                        [](Call&) -> Later<Twiml> { throw std::runtime_error{"no oven"}; });
              pizza::at(ivr, "/fallback", Twiml{Say{"Please call again."}});
            },
            {.config = [](Config& config) { config.errorAnswer = ErrorAnswer::status; },
             .fallbackPath = "/fallback"}};
  EXPECT_THAT(line.call("/incoming-call"), HasHeard("please call again"));
}

TEST(Line, WaitsForWhatTheTestAwaits) {
  Line line{pizza::addTo};
  const auto answerAfter = [&](std::chrono::milliseconds delay) {
    return Later<int>{[&](const Answer<int>& answer) {
      line.ivr().config().timers->after(delay, [answer] { answer(7); });
    }};
  };
  EXPECT_EQ(line.await(answerAfter(3s)), 7);
  EXPECT_EQ(line.now(), 3s);
  EXPECT_EQ(line.await(Later<int>{8}), 8);
  EXPECT_THROW((void)line.await(answerAfter(3h)), Error);
  std::optional<Answer<int>> kept;
  EXPECT_THROW((void)line.await(Later<int>{[&](const Answer<int>& answer) { kept = answer; }}),
               Error);
}

TEST(Line, FaultsComeByPlan) {
  Line line{pizza::addTo,
            {.faults = {.latency = 4s, .planned = {{.request = 1, .fault = phone::Fault::slow}}}}};
  Phone caller = line.call("/incoming-call");
  const phone::Moment before = line.now();
  caller.press("3");
  EXPECT_GE(line.now() - before, 4s);
  EXPECT_THAT(line.webhooks().at(1).detail("fault"), HasSubstr("slow"));
}

// --- Other telephones ---

/// 1 dials two agents one after the other; 2 a conference; 3 a queue.
void addCallCentre(Ivr& ivr) {
  pizza::at(ivr, "/incoming-call", [](Call&) {
    return Twiml{Gather{.action = "/choice", .numDigits = 1, .prompt = {Say{"Whom?"}}}};
  });
  pizza::at(ivr, "/choice", [](Call& call) {
    if (call.digits() == "1") {
      return Twiml{Dial{.action = "/dialled",
                        .sequential = true,
                        .nouns = {twiml::Number{"+14155550111"}, twiml::Number{"+14155550112"}}}};
    }
    if (call.digits() == "2") {
      return Twiml{Dial{.nouns = {twiml::Conference{.name = "room", .waitUrl = ""}}}};
    }
    return Twiml{twiml::Enqueue{.name = "support", .waitUrl = "/wait"}};
  });
  pizza::at(ivr, "/dialled", Twiml{Say{"Nobody is there."}});
  pizza::at(ivr, "/wait", Twiml{Say{"Please wait."}, Pause{10s}});
}

TEST(LinePhones, RingUntilTheyAreAnswered) {
  Line line{addCallCentre};
  Phone caller = line.call("/incoming-call");
  Phone agent = line.phone("+14155550111");
  caller.press("1");
  EXPECT_EQ(caller.view().activity, phone::Activity::dialling);
  EXPECT_THAT(caller, Not(TalksTo(agent)));
  agent.answer();
  EXPECT_THAT(caller, TalksTo(agent));
  EXPECT_THAT(agent, TalksTo(caller));
  EXPECT_THAT(line.dialled(), ElementsAre("+14155550111"));
}

TEST(LinePhones, HearOneAnother) {
  Line line{addCallCentre};
  Phone caller = line.call("/incoming-call");
  Phone agent = line.phone("+14155550111");
  caller.press("1");
  agent.answer();
  caller.say("Is my pizza ready?");
  EXPECT_THAT(agent, Hears("is my pizza ready"));
  agent.say("It is.");
  EXPECT_THAT(caller, Hears("it is"));
  EXPECT_THAT(agent, Not(Hears("is my pizza ready"))) << "that was before its last act";
}

TEST(LinePhones, TheNextOneIsDialledWhenOneRefuses) {
  Line line{addCallCentre};
  Phone caller = line.call("/incoming-call");
  caller.press("1");
  line.phone("+14155550111").refuse();
  EXPECT_THAT(line.dialled(), ElementsAre("+14155550111", "+14155550112"));
  Phone second = line.phone("+14155550112");
  second.answer();
  EXPECT_THAT(caller, TalksTo(second));
}

TEST(LinePhones, AnswerIsPatientUntilItRings) {
  Line line{addCallCentre};
  Phone caller = line.call("/incoming-call");
  caller.press("1");
  Phone second = line.phone("+14155550112");
  second.answer();
  EXPECT_THAT(caller, TalksTo(second));
  EXPECT_EQ(line.phone("+14155550111").status(), rest::CallStatus::noAnswer);
}

TEST(LinePhones, DoByThemselvesWhatTheyWereToldTo) {
  Line line{addCallCentre};
  line.setTelephone("+14155550111", {.reaction = phone::Telephone::Reaction::busy});
  line.setTelephone("+14155550112", {.reaction = phone::Telephone::Reaction::fails});
  Phone caller = line.call("/incoming-call");
  caller.press("1");
  EXPECT_THAT(caller, AllOf(Hears("nobody is there"), HungUp()));
}

TEST(LinePhones, MeetInAConference) {
  Line line{addCallCentre};
  Phone one = line.call("/incoming-call");
  Phone two = line.call("/incoming-call");
  one.press("2");
  EXPECT_THAT(one, Not(InConferenceWith(two)));
  two.press("2");
  EXPECT_THAT(one, InConferenceWith(two));
  EXPECT_THAT(one, TalksTo(two));
  one.say("Hello?");
  EXPECT_THAT(two, Hears("hello"));
  two.hangUp();
  EXPECT_THAT(one, Not(InConferenceWith(two)));
}

TEST(LinePhones, WaitInAQueueForLong) {
  Line line{addCallCentre};
  Phone caller = line.call("/incoming-call");
  caller.press("3");
  EXPECT_THAT(caller, InQueue("support"));
  caller.wait(45min);
  EXPECT_THAT(caller, AllOf(InQueue("support"), Hears("please wait")));
  caller.hangUp();
  EXPECT_THAT(caller, Not(InQueue("support")));
}

// --- The API of the provider ---

TEST(LineApi, TheApplicationCallsTelephones) {
  Line line{pizza::addTo};
  Phone customer = line.phone("+4917012345");
  line.ivr().calls().detach(
      line.ivr().rest().createCall({.to = "+4917012345",
                                    .from = "+14155550199",
                                    .url = "https://ivr.example.com/incoming-call"}));
  customer.answer();
  EXPECT_THAT(customer, AllOf(Hears("press one"), IsAsked()));
  EXPECT_THAT(line.dialled(), ElementsAre("+4917012345"));
  EXPECT_EQ(customer.view().direction, "outbound-api");
}

TEST(LineApi, LiveCallsAreMoved) {
  struct Report final : EndState {
    std::string uri() const override { return "/report"; }
    Later<Twiml> twimlFor(Call&) override { return Twiml{Say{"It rains."}, Hangup{}}; }
  };
  Line line{[](Ivr& ivr) {
    pizza::addTo(ivr);
    ivr.add<Report>();
  }};
  Phone caller = line.call("/incoming-call");
  EXPECT_THAT(caller, Not(Transferred("/report")));
  EXPECT_TRUE(line.await(line.ivr().calls().redirect(caller.sid(), to<Report>())));
  line.wait(1s);
  EXPECT_THAT(caller, Transferred("/report"));
  EXPECT_THAT(caller, Hears("it rains"));
  EXPECT_THAT(line.redirected(),
              ElementsAre(Redirected{caller.sid(), "https://ivr.example.com/report"}));
}

TEST(LineApi, MessagesAreSeen) {
  Line line{pizza::addTo};
  (void)line.await(line.ivr().rest().createMessage(
      {.to = "+4917012345", .from = "+14155550199", .body = "Your pizza is ready."}));
  ASSERT_THAT(line.messages(), SizeIs(1));
  EXPECT_EQ(line.messages().at(0).to, "+4917012345");
  EXPECT_EQ(line.messages().at(0).body, "Your pizza is ready.");
}

TEST(LineApi, WhatItRefusesIsAnErrorOfTheApplication) {
  Line line{pizza::addTo};
  EXPECT_THROW((void)line.await(line.ivr().rest().fetchCall("CA0")), rest::RestError);
}

TEST(LineApi, OtherHostsAreReachedByTheTransportOfTheTestOnly) {
  const auto ask = [](Line& line) {
    return line.ivr().config().transport->send({.url = "https://weather.example/10001"});
  };
  Line alone{pizza::addTo};
  EXPECT_THROW((void)ask(alone).get(), http::TransportError);

  const auto transport = std::make_shared<support::FakeTransport>();
  transport->answer(200, "sunny");
  Line line{pizza::addTo, {.transport = transport}};
  EXPECT_EQ(ask(line).get().body, "sunny");
}

// --- Restarts ---

TEST(LineRestart, ANewApplicationTakesTheNextRequest) {
  int applications = 0;
  Line line{[&](Ivr& ivr) {
    ++applications;
    pizza::addTo(ivr);
  }};
  Phone caller = line.call("/incoming-call");
  const Ivr* const before = &line.ivr();
  line.restart();
  EXPECT_EQ(applications, 2);
  EXPECT_NE(&line.ivr(), before);
  caller.press("3");
  EXPECT_THAT(caller, Plays("/hours.mp3"));
}

TEST(LineRestart, SessionsInMemoryAreLost) {
  Line line{pizza::addTo};
  Phone caller = line.call("/incoming-call");
  caller.press("1").say("Salami");
  EXPECT_EQ(caller.session<pizza::Order>().pizza, "Salami");
  line.restart();
  EXPECT_EQ(caller.session<pizza::Order>().pizza, "");
}

TEST(LineRestart, SessionsInAStoreOfTheTestSurvive) {
  const auto store = session::memorySessionStore();
  Line line{pizza::addTo, {.config = [store](Config& config) { config.sessions = store; }}};
  Phone caller = line.call("/incoming-call");
  caller.press("1").say("Salami");
  line.restart();
  EXPECT_EQ(caller.session<pizza::Order>().pizza, "Salami");
}

TEST(LineRestart, ComesByPlanToo) {
  int applications = 0;
  Line line{[&](Ivr& ivr) {
              ++applications;
              pizza::addTo(ivr);
            },
            {.faults = {.planned = {{.request = 1, .fault = phone::Fault::restart}}}}};
  Phone caller = line.call("/incoming-call");
  caller.press("3");
  EXPECT_EQ(applications, 2);
  EXPECT_THAT(caller, Plays("/hours.mp3"));
}

}  // namespace
