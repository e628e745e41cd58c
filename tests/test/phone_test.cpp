// What the person at a telephone does.

#include "ivr/test/test.hpp"
#include "pizza_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Phones : ::testing::Test {
  Line line{pizza::addTo};
};

TEST_F(Phones, ACallRunsToItsFirstQuestion) {
  const Phone caller = line.call("/incoming-call", {.from = "+4917012345"});
  EXPECT_EQ(caller.number(), "+4917012345");
  EXPECT_EQ(caller.view().from, "+4917012345");
  EXPECT_EQ(caller.status(), rest::CallStatus::inProgress);
  EXPECT_THAT(caller.heard(), ElementsAre(HasSubstr("press one")));
  EXPECT_THAT(caller, IsAsked());
}

TEST_F(Phones, ActsFollowOneAnother) {
  Phone caller = line.call("/incoming-call");
  caller.press("1").say("Salami, please.").press("2");
  EXPECT_THAT(caller.heard(), ElementsAre("Two pizzas, thank you."));
  EXPECT_THAT(caller, HungUp());
}

TEST_F(Phones, KeysOfOneAnswerArePressedInOneAct) {
  Phone caller = line.call("/incoming-call");
  caller.press("4").press("12345");
  EXPECT_THAT(caller, Hears("your number is 12345"));
}

TEST_F(Phones, AnAnswerThatIsTooShortIsTakenWhenTheQuestionIsOver) {
  Phone caller = line.call("/incoming-call");
  caller.press("4").press("12");
  EXPECT_THAT(caller, Hears("your number is 12"));
}

TEST_F(Phones, PausesAmongKeysTakeTime) {
  Phone caller = line.call("/incoming-call");
  caller.press("4");
  const phone::Moment before = line.now();
  caller.press("1WW2w345");
  EXPECT_GE(line.now() - before, 2500ms);
  EXPECT_THAT(caller, Hears("your number is 12345"));
}

TEST_F(Phones, SilenceIsOverWhenTheQuestionIs) {
  Phone caller = line.call("/incoming-call");
  caller.silence();
  EXPECT_THAT(caller, Hears("press one"));
  EXPECT_THAT(caller, IsAsked());
  EXPECT_EQ(caller.everythingHeard().size(), 2U);
}

TEST_F(Phones, ACoughIsSpeechThatIsNoHintAndOfLittleConfidence) {
  Phone caller = line.call("/incoming-call");
  caller.press("1").cough();
  EXPECT_THAT(caller, Hears("how many"));
  EXPECT_EQ(caller.session<pizza::Order>().pizza, "ahem");
  EXPECT_EQ(caller.session().find("confidence"), "0.1");
}

TEST_F(Phones, WhatIsSaidIsRecordedUntilSilence) {
  Phone caller = line.call("/incoming-call");
  caller.press("2");
  EXPECT_EQ(caller.view().activity, phone::Activity::recording);
  caller.say("Call me back.");
  EXPECT_THAT(caller, Hears("thank you"));
}

TEST_F(Phones, TimePassesForAsLongAsOneWaits) {
  Phone caller = line.call("/incoming-call");
  const phone::Moment before = line.now();
  caller.wait(2s);
  EXPECT_EQ(line.now() - before, 2s);
  EXPECT_THAT(caller.heard(), IsEmpty());
  caller.wait(10s);
  EXPECT_THAT(caller, Hears("press one"));
}

TEST_F(Phones, ACallerWhoListensForAWhileCanInterrupt) {
  Phone caller = line.call("/incoming-call", {.listens = 1s});
  EXPECT_EQ(line.now(), 1s);
  EXPECT_EQ(caller.view().activity, phone::Activity::listening);
  caller.press("1");
  EXPECT_THAT(caller, Hears("which pizza"));
}

TEST_F(Phones, ACallerHangsUp) {
  Phone caller = line.call("/incoming-call");
  caller.hangUp();
  EXPECT_THAT(caller, HungUp());
  EXPECT_EQ(caller.status(), rest::CallStatus::completed);
}

TEST_F(Phones, CopiesAreTheSameTelephone) {
  Phone caller = line.call("/incoming-call");
  Phone copy = caller;
  copy.press("3");
  EXPECT_THAT(caller.played(), ElementsAre(HasSubstr("/static/hours.mp3?v=")));
  EXPECT_THAT(caller.heard(), IsEmpty());
}

TEST_F(Phones, CallsAreIndependent) {
  Phone first = line.call("/incoming-call");
  Phone second = line.call("/incoming-call");
  second.press("1");
  EXPECT_THAT(second, Hears("which pizza"));
  EXPECT_THAT(first, Not(HasHeard("which pizza")));
  EXPECT_NE(first.sid(), second.sid());
}

TEST_F(Phones, ATelephoneThatNobodyHasCalledHasNoCall) {
  const Phone agent = line.phone("+14155550111");
  EXPECT_FALSE(agent.hasCall());
  EXPECT_THROW((void)agent.view(), Error);
  EXPECT_THAT(agent.heard(), IsEmpty());
  EXPECT_THAT(agent, Not(HungUp()));
}

// --- Mistakes ---

TEST_F(Phones, AnActAfterTheEndOfACallIsAFailureWithItsTimeline) {
  Phone caller = line.call("/incoming-call");
  caller.hangUp();
  EXPECT_NONFATAL_FAILURE(caller.press("1"), "press(\"1\"): the call is over");
  EXPECT_NONFATAL_FAILURE(caller.say("Hello?"), "hangs up");
  EXPECT_NONFATAL_FAILURE(caller.hangUp(), "Welcome to");
}

TEST_F(Phones, ATelephoneThatNobodyCallsCannotAnswer) {
  Phone agent = line.phone("+14155550111");
  EXPECT_NONFATAL_FAILURE(agent.answer(), "nobody has called it");
  EXPECT_NONFATAL_FAILURE(agent.press("1"), "nobody has called it");
}

TEST_F(Phones, AFailureIsReportedWhereTheActStands) {
  Phone caller = line.call("/incoming-call");
  caller.hangUp();
  ::testing::TestPartResultArray failures;
  {
    const ::testing::ScopedFakeTestPartResultReporter reporter{
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures};
    caller.press("1");
  }
  ASSERT_EQ(failures.size(), 1);
  EXPECT_THAT(failures.GetTestPartResult(0).file_name(), HasSubstr("phone_test.cpp"));
  EXPECT_EQ(failures.GetTestPartResult(0).line_number(), __LINE__ - 4);
}

TEST(PhoneLimits, SilenceInWhichNothingHappensFailsAfterTheLimit) {
  Line line{[](Ivr& ivr) {
              pizza::at(ivr, "/incoming-call", Twiml{Say{"Wait."}, Pause{60min}});
            },
            {.actLimit = 10min}};
  EXPECT_NONFATAL_FAILURE((void)line.call("/incoming-call"),
                          "nothing comes of it within 10:00.000, the call is listening");
}

TEST(PhoneLimits, DocumentsWithoutEndAreAFailure) {
  Line line{[](Ivr& ivr) {
    pizza::at(ivr, "/incoming-call", Twiml{Redirect{"/incoming-call", HttpMethod::post}});
  }};
  EXPECT_NONFATAL_FAILURE((void)line.call("/incoming-call"), "gets document after document");
}

TEST(PhoneAfterItsLine, CanDoNothing) {
  std::optional<Line> line;
  line.emplace(pizza::addTo);
  Phone caller = line->call("/incoming-call");
  line.reset();
  EXPECT_NONFATAL_FAILURE(caller.press("1"), "the line has ended");
  EXPECT_THROW((void)caller.view(), Error);
  EXPECT_THAT(caller.story(), HasSubstr("whose line has ended"));
}

}  // namespace
