// What a matcher accepts, and what it says when it does not.

#include "ivr/test/test.hpp"
#include "pizza_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <sstream>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::test;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StringMatchResultListener;

struct Matchers : ::testing::Test {
  Line line{pizza::addTo};
};

std::string explanationOf(const PhoneMatcher& matcher, const Phone& phone) {
  StringMatchResultListener listener;
  (void)::testing::ExplainMatchResult(matcher, phone, &listener);
  return listener.str();
}

std::string descriptionOf(const PhoneMatcher& matcher) {
  return ::testing::DescribeMatcher<const Phone&>(matcher);
}

std::string negationOf(const PhoneMatcher& matcher) {
  return ::testing::DescribeMatcher<const Phone&>(matcher, true);
}

TEST_F(Matchers, HearsIsOfTheLastActAndHasHeardOfTheWholeCall) {
  Phone caller = line.call("/incoming-call");
  EXPECT_THAT(caller, AllOf(Hears("press one"), HasHeard("press one")));
  caller.press("1");
  EXPECT_THAT(caller, AllOf(Hears("Which pizza"), Not(Hears("press one")), HasHeard("press one")));
}

TEST_F(Matchers, TextsAreComparedWithoutCaseAndBlanks) {
  const Phone caller = line.call("/incoming-call");
  EXPECT_THAT(caller, Hears("WELCOME to pizza  nova"));
  EXPECT_THAT(caller, Not(Hears("welcometo")));
}

TEST_F(Matchers, PlaysIsOfTheLastActAndHasPlayedOfTheWholeCall) {
  Phone caller = line.call("/incoming-call");
  EXPECT_THAT(caller, Not(Plays("/hours.mp3")));
  caller.press("3");
  EXPECT_THAT(caller, AllOf(Plays("/hours.mp3"), HasPlayed("hours"), Not(Plays("/lunch"))));
}

TEST_F(Matchers, IsAskedKnowsTheQuestion) {
  Phone caller = line.call("/incoming-call");
  EXPECT_THAT(caller, IsAsked(Field(&phone::Question::numDigits, 1)));
  EXPECT_THAT(caller, Not(IsAsked(Field(&phone::Question::takesSpeech, true))));
  caller.press("1");
  EXPECT_THAT(caller, IsAsked(AllOf(Field(&phone::Question::takesSpeech, true),
                                    Field(&phone::Question::takesDigits, false))));
  caller.hangUp();
  EXPECT_THAT(caller, AllOf(Not(IsAsked()), HungUp()));
}

TEST_F(Matchers, NothingIsHeardForAWhile) {
  Phone caller = line.call("/incoming-call");
  EXPECT_THAT(caller, HearsNothingFor(4s));
  EXPECT_THAT(caller, Not(HearsNothingFor(10s)));
  EXPECT_THAT(caller, Hears("press one"));
}

TEST_F(Matchers, AMatcherOfSilenceWaitsOnce) {
  Phone caller = line.call("/incoming-call");
  const phone::Moment before = line.now();
  EXPECT_NONFATAL_FAILURE(EXPECT_THAT(caller, HearsNothingFor(10s)), "which has heard \"Welcome");
  EXPECT_EQ(line.now() - before, 10s);
}

// --- What they say ---

TEST_F(Matchers, AFailurePrintsTheTimelineAsOneWouldTellIt) {
  Phone caller = line.call("/incoming-call", {.from = "+4917012345"});
  caller.press("1");
  EXPECT_NONFATAL_FAILURE(EXPECT_THAT(caller, Hears("goodbye")), "presses 1");
  EXPECT_NONFATAL_FAILURE(EXPECT_THAT(caller, Hears("goodbye")), "hears \"Which pizza?\"");
  std::ostringstream story;
  story << caller;
  EXPECT_THAT(story.str(), HasSubstr("from +4917012345 to +14155550199, which is asked:\n"));
}

TEST_F(Matchers, AStoryEndsWithTheTroubleInTheLog) {
  Line broken{[](Ivr& ivr) {
    pizza::at(ivr, "/incoming-call",
              [](Call&) -> Later<Twiml> { throw std::runtime_error{"no oven"}; });
  }};
  const Phone caller = broken.call("/incoming-call");
  EXPECT_THAT(caller.story(), AllOf(HasSubstr("the application's log"), HasSubstr("no oven")));
}

TEST_F(Matchers, TheySayWhatWasHeard) {
  Phone caller = line.call("/incoming-call");
  caller.press("1");
  EXPECT_EQ(explanationOf(Hears("goodbye"), caller),
            "which since its last act has heard \"Which pizza?\"");
  EXPECT_EQ(explanationOf(Plays("a.mp3"), caller), "which since its last act was played nothing");
  EXPECT_THAT(explanationOf(HasHeard("goodbye"), caller), HasSubstr("press one.\", \"Which"));
  EXPECT_EQ(explanationOf(HasPlayed("a.mp3"), caller), "which was played nothing");
  EXPECT_EQ(explanationOf(HungUp(), caller), "which is asked");
  EXPECT_EQ(explanationOf(InQueue("support"), caller), "which is asked");
  EXPECT_EQ(explanationOf(Transferred("/report"), caller), "which was moved to nothing");
  EXPECT_EQ(explanationOf(TalksTo(line.phone("+1")), caller),
            "which is asked, while nobody has called the other");
  EXPECT_EQ(explanationOf(InConferenceWith(line.phone("+1")), caller),
            "which is asked, while nobody has called the other");
  EXPECT_EQ(explanationOf(HungUp(), line.phone("+1")), "which nobody has called");
}

TEST_F(Matchers, TheySayWhatTheyExpect) {
  const Phone other = line.phone("client:ann");
  EXPECT_EQ(descriptionOf(Hears("a")), "hears \"a\"");
  EXPECT_EQ(negationOf(Hears("a")), "does not hear \"a\"");
  EXPECT_EQ(descriptionOf(HasHeard("a")), "has heard \"a\"");
  EXPECT_EQ(descriptionOf(Plays("a")), "is played \"a\"");
  EXPECT_EQ(descriptionOf(HasPlayed("a")), "was played \"a\"");
  EXPECT_EQ(descriptionOf(IsAsked()), "is asked a question");
  EXPECT_THAT(descriptionOf(IsAsked(Field(&phone::Question::numDigits, 1))),
              HasSubstr("is asked a question that is an object whose given field"));
  EXPECT_EQ(descriptionOf(HungUp()), "has no call any more");
  EXPECT_EQ(negationOf(HungUp()), "has its call still");
  EXPECT_EQ(descriptionOf(InConferenceWith(other)), "is in a conference with client:ann");
  EXPECT_EQ(descriptionOf(TalksTo(other)), "talks to client:ann");
  EXPECT_EQ(descriptionOf(InQueue("q")), "waits in the queue \"q\"");
  EXPECT_EQ(descriptionOf(Transferred("/a")), "was moved to \"/a\"");
  EXPECT_EQ(descriptionOf(HearsNothingFor(90s)), "hears nothing for 01:30.000");
  EXPECT_EQ(negationOf(HearsNothingFor(90s)), "hears something within 01:30.000");
}

}  // namespace
