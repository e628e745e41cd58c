// TWIML.md section 2: Gather.

#include "phone/scripted_application.hpp"
#include "phone/sounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using phone::Activity;
using testing::ElementsAre;
using testing::IsEmpty;

/// Asks at once, and says `Nothing` behind the question.
struct GatherWorld : PhoneWorld {
  explicit GatherWorld(const std::string& attributes, const std::string& prompt = "") {
    say("<Gather action=\"/choice\" " + attributes + ">" + prompt + "</Gather><Say>Nothing</Say>");
    application->say("/choice", "<Say>Thanks</Say>");
    sid = call(1s);
  }
  [[nodiscard]] Form choice() const {
    const auto seen = application->seen("/choice");
    return seen.empty() ? Form{} : seen.front().fields;
  }
  [[nodiscard]] bool isAsked() const { return !application->seen("/choice").empty(); }

  std::string sid;
};

TEST(Gather, AKeyIsSentToTheAction) {
  GatherWorld world{"numDigits=\"1\"", "<Say>Press</Say>"};
  EXPECT_EQ(world.view(world.sid).activity, Activity::asked) << world.story();
  EXPECT_TRUE(world.provider->press(world.sid, "3"));
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Press", "Thanks")) << world.story();
  EXPECT_EQ(world.choice().get("Digits"), "3");
}

TEST(Gather, OneDigitEndsItAtOnce) {
  GatherWorld world{"numDigits=\"1\""};
  world.provider->press(world.sid, "3");
  world.wait(0s);
  EXPECT_EQ(world.first(Happening::gathered).at, 1s) << world.story();
  EXPECT_EQ(world.choice().get("FinishedOnKey"), "");
  EXPECT_EQ(world.choice().get("msg"), "Gather End");
}

TEST(Gather, SoDoesTheLastOfSeveral) {
  GatherWorld world{"numDigits=\"4\""};
  world.provider->press(world.sid, "1234");
  world.wait(1s);
  EXPECT_EQ(world.choice().get("Digits"), "1234") << world.story();
  EXPECT_EQ(world.first(Happening::gathered).at, 1300ms);
}

TEST(Gather, WhatIsPressedBehindTheLastDigitIsLost) {
  GatherWorld world{"numDigits=\"2\""};
  world.provider->press(world.sid, "123");
  world.wait(1h);
  EXPECT_EQ(world.choice().get("Digits"), "12") << world.story();
  EXPECT_THAT(world.texts(Happening::lost), ElementsAre("3"));
}

TEST(Gather, TheFinishingKeyEndsItAndIsNoDigit) {
  GatherWorld world{""};
  world.provider->press(world.sid, "12#");
  world.wait(1s);
  EXPECT_EQ(world.choice().get("Digits"), "12") << world.story();
  EXPECT_EQ(world.choice().get("FinishedOnKey"), "#");
}

TEST(Gather, AnotherKeyMayFinishIt) {
  GatherWorld world{"finishOnKey=\"*\""};
  world.provider->press(world.sid, "1#*");
  world.wait(1s);
  EXPECT_EQ(world.choice().get("Digits"), "1#") << world.story();
  EXPECT_EQ(world.choice().get("FinishedOnKey"), "*");
}

TEST(Gather, NoKeyFinishesItIfNoneIsNamed) {
  GatherWorld world{"finishOnKey=\"\""};
  world.provider->press(world.sid, "1#");
  world.wait(10s);
  EXPECT_EQ(world.choice().get("Digits"), "1#") << world.story();
  EXPECT_EQ(world.first(Happening::gathered).at, 6100ms);
}

// The provider's page: it counts as no response, and the next verb follows at once.
TEST(Gather, TheFinishingKeyAloneIsNoInput) {
  GatherWorld world{""};
  world.provider->press(world.sid, "#");
  world.wait(0s);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Nothing")) << world.story();
  EXPECT_FALSE(world.isAsked());
}

TEST(Gather, WhatComesInTheInstantOfTheFinishingKeyIsLost) {
  GatherWorld world{""};
  world.provider->press(world.sid, "1");
  world.provider->press(world.sid, "#");
  world.provider->press(world.sid, "2");
  world.wait(1s);
  EXPECT_EQ(world.choice().get("Digits"), "1") << world.story();
  EXPECT_THAT(world.texts(Happening::lost), ElementsAre("2"));
}

TEST(Gather, TheTimeoutCountsFromTheLastDigit) {
  GatherWorld world{"timeout=\"3\""};
  world.provider->press(world.sid, "1ww2");  // 2 comes 1.1 s behind 1
  world.wait(1h);
  EXPECT_EQ(world.choice().get("Digits"), "12") << world.story();
  EXPECT_EQ(world.first(Happening::gathered).at, 1s + 1100ms + 3s);
}

TEST(Gather, TheTimeoutCountsFromTheEndOfThePrompts) {
  GatherWorld world{"timeout=\"2\"", "<Pause length=\"10\"/>"};
  world.wait(1h);
  EXPECT_EQ(world.first(Happening::waits).at, 10s) << world.story();
  EXPECT_EQ(world.first(Happening::gathered).at, 12s);
}

TEST(Gather, TheTimeoutIsFiveSecondsByDefault) {
  GatherWorld world{""};
  world.wait(1h);
  EXPECT_EQ(world.first(Happening::gathered).at, 5s) << world.story();
}

TEST(Gather, TheFirstDigitStopsThePrompts) {
  GatherWorld world{"", "<Say>One</Say><Pause length=\"5\"/><Say>Two</Say>"};
  world.provider->press(world.sid, "7");
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "Thanks")) << world.story();
  EXPECT_EQ(world.choice().get("Digits"), "7");
}

TEST(Gather, WithoutBargeInThePromptsAreHeardToTheirEnd) {
  GatherWorld world{"bargeIn=\"false\"", "<Say>One</Say><Pause length=\"5\"/><Say>Two</Say>"};
  world.provider->press(world.sid, "7");
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "Two", "Thanks")) << world.story();
  EXPECT_EQ(world.choice().get("Digits"), "7");
}

TEST(Gather, NoInputGoesOnWithTheNextVerb) {
  GatherWorld world{""};
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Nothing")) << world.story();
  EXPECT_FALSE(world.isAsked());
}

// Uncertain whether Digits is empty or absent: it is empty here.
TEST(Gather, NoInputIsSentIfThatIsWanted) {
  GatherWorld world{"actionOnEmptyResult=\"true\""};
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Thanks")) << world.story();
  EXPECT_EQ(world.choice().find("Digits"), "");
  EXPECT_FALSE(world.choice().find("SpeechResult"));
}

TEST(Gather, WithoutAnActionTheCurrentDocumentIsAsked) {
  PhoneWorld world;
  int times = 0;
  world.application->answer("/voice", [&](const SeenRequest& request) {
    return ScriptedApplication::document(
        ++times == 1 ? "<Gather numDigits=\"1\"/>"
                     : "<Say>" + std::string{request.fields.get("Digits")} + "</Say>");
  });
  const std::string sid = world.call(1s);
  world.provider->press(sid, "5");
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("5")) << world.story();
}

TEST(Gather, ItsActionIsAskedByItsMethod) {
  GatherWorld world{"method=\"GET\" numDigits=\"1\""};
  world.provider->press(world.sid, "5");
  world.wait(1h);
  ASSERT_TRUE(world.isAsked()) << world.story();
  EXPECT_EQ(world.application->seen("/choice")[0].method, "GET");
  EXPECT_EQ(world.choice().get("Digits"), "5");
}

TEST(Gather, SpeechEndsAfterItsSilence) {
  GatherWorld world{"input=\"speech\" speechTimeout=\"2\""};
  world.provider->say(world.sid, {.words = "two pizzas please", .confidence = 0.75});
  world.wait(1h);
  EXPECT_EQ(world.choice().get("SpeechResult"), "two pizzas please") << world.story();
  EXPECT_EQ(world.choice().get("Confidence"), "0.75");
  EXPECT_FALSE(world.choice().find("Digits"));
  // 17 characters at 16 in a second, and the silence.
  EXPECT_EQ(world.first(Happening::gathered).at, 1s + 1062ms + 2s);
}

TEST(Gather, TheSilenceBehindSpeechIsTheTimeoutByDefault) {
  GatherWorld world{"input=\"speech\" timeout=\"4\""};
  world.provider->say(world.sid, {.words = "1234567890123456"});
  world.wait(1h);
  EXPECT_EQ(world.first(Happening::gathered).at, 1s + 1s + 4s) << world.story();
}

TEST(Gather, SpeechGoesOnForAMinuteAtMost) {
  GatherWorld world{"input=\"speech\" speechTimeout=\"auto\""};
  for (int i = 0; i < 10; ++i) {
    world.provider->say(world.sid, {.words = std::string(160, 'a')});  // ten seconds each
  }
  world.wait(1h);
  EXPECT_EQ(world.first(Happening::gathered).at, 1s + 60s) << world.story();
}

TEST(Gather, WordsThatComeWhileOneSpeaksComeBehindThem) {
  GatherWorld world{"input=\"speech\" speechTimeout=\"1\""};
  world.provider->say(world.sid, {.words = "1234567890123456"});
  world.provider->say(world.sid, {.words = "1234567890123456"});
  world.wait(1h);
  EXPECT_EQ(world.choice().get("SpeechResult"), "1234567890123456 1234567890123456");
  EXPECT_EQ(world.first(Happening::gathered).at, 1s + 2s + 1s) << world.story();
}

TEST(Gather, SpeechStopsThePrompts) {
  GatherWorld world{"input=\"speech\"", "<Say>One</Say><Pause length=\"5\"/><Say>Two</Say>"};
  world.provider->say(world.sid, {.words = "Hello"});
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "Thanks")) << world.story();
}

TEST(Gather, OfTwoKindsTheFirstWins) {
  GatherWorld keys{"input=\"dtmf speech\""};
  keys.provider->press(keys.sid, "1");
  keys.provider->say(keys.sid, {.words = "Hello"});
  keys.wait(1h);
  EXPECT_EQ(keys.choice().get("Digits"), "1") << keys.story();
  EXPECT_FALSE(keys.choice().find("SpeechResult"));
  EXPECT_THAT(keys.texts(Happening::lost), ElementsAre("Hello"));

  GatherWorld words{"input=\"dtmf speech\""};
  words.provider->say(words.sid, {.words = "Hello"});
  words.provider->press(words.sid, "1#");  // not even the finishing key counts
  words.wait(1h);
  EXPECT_EQ(words.choice().get("SpeechResult"), "Hello") << words.story();
  EXPECT_FALSE(words.choice().find("Digits"));
  EXPECT_THAT(words.texts(Happening::lost), ElementsAre("1", "#"));
}

TEST(Gather, OnlyWhatItAsksForCounts) {
  GatherWorld keys{""};
  keys.provider->say(keys.sid, {.words = "Hello"});
  keys.wait(1h);
  EXPECT_FALSE(keys.isAsked()) << keys.story();

  GatherWorld words{"input=\"speech\""};
  words.provider->press(words.sid, "1");
  words.wait(1h);
  EXPECT_FALSE(words.isAsked()) << words.story();
  EXPECT_THAT(words.texts(Happening::lost), ElementsAre("1"));
}

TEST(Gather, PartialResultsAreToldAndTheirAnswersMeanNothing) {
  GatherWorld world{"input=\"speech\" partialResultCallback=\"/partial\""};
  world.application->say("/partial", "<Hangup/>");
  world.provider->say(world.sid, {.words = "two pizzas please"});
  world.wait(1h);
  const auto partial = world.application->seen("/partial");
  ASSERT_EQ(partial.size(), 3U) << world.story();
  EXPECT_EQ(partial[0].fields.get("UnstableSpeechResult"), "two");
  EXPECT_EQ(partial[1].fields.get("UnstableSpeechResult"), "two pizzas");
  EXPECT_EQ(partial[2].fields.get("SequenceNumber"), "2");
  EXPECT_EQ(partial[2].fields.get("CallSid"), world.sid);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Thanks"));
}

TEST(Gather, ItsFilesAreFetchedBeforeAnyIsPlayed) {
  PhoneWorld world;
  std::vector<Moment> fetched;
  world.say("<Gather><Pause length=\"5\"/><Play>/one.wav</Play><Play>/two.wav</Play></Gather>");
  for (const char* path : {"/one.wav", "/two.wav"}) {
    world.application->answer(path, [&](const SeenRequest&) {
      fetched.push_back(world.loop->now());
      return ScriptedApplication::typed("audio/wav", silentWav(1s));
    });
  }
  world.call();
  EXPECT_THAT(fetched, ElementsAre(0s, 0s)) << world.story();
  EXPECT_EQ(world.first(Happening::waits).at, 7s);
}

TEST(Gather, PlaysNoKeys) {
  GatherWorld world{"", "<Play digits=\"123\"/>"};
  world.wait(1h);
  EXPECT_THAT(world.codes(), ElementsAre("13320")) << world.story();
  EXPECT_THAT(world.texts(Happening::plays), IsEmpty());
}

TEST(Gather, HasNoOtherVerbsInIt) {
  GatherWorld world{"", "<Hangup/>"};
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Nothing")) << world.story();
  EXPECT_EQ(world.codes().size(), 1U);
}

TEST(Gather, AHangUpEndsItWithoutARequest) {
  GatherWorld world{""};
  world.provider->press(world.sid, "1");
  world.provider->hangUp(world.sid);
  world.wait(1h);
  EXPECT_FALSE(world.isAsked()) << world.story();
}

TEST(Gather, AHangUpInTheInstantOfTheLastKeyComesFirst) {
  GatherWorld world{"numDigits=\"1\""};
  world.provider->press(world.sid, "1");
  world.provider->hangUp(world.sid);
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::gathered), IsEmpty()) << world.story();
  EXPECT_FALSE(world.isAsked());
}

TEST(Gather, TheQuestionCanBeSeen) {
  GatherWorld world{
      "input=\"dtmf speech\" numDigits=\"4\" finishOnKey=\"*\" timeout=\"9\" "
      "hints=\"salami, ham\""};
  const auto question = world.view(world.sid).question;
  ASSERT_TRUE(question);
  EXPECT_EQ(question->url, at("/voice"));
  EXPECT_TRUE(question->takesDigits && question->takesSpeech);
  EXPECT_EQ(question->numDigits, 4);
  EXPECT_EQ(question->finishOnKey, "*");
  EXPECT_EQ(question->timeout, 9s);
  EXPECT_THAT(question->hints, ElementsAre("salami", "ham"));
}

TEST(Gather, AnyTimeoutCanBeReckonedWith) {
  GatherWorld world{
      "timeout=\"9223372036854775807\" input=\"speech dtmf\" "
      "maxSpeechTime=\"-9223372036854775807\" "
      "speechTimeout=\"9223372036854775807\""};
  EXPECT_EQ(world.view(world.sid).question->timeout, 24h);
  world.provider->say(world.sid, {.words = "Hello"});
  world.wait(25h);
  EXPECT_TRUE(world.view(world.sid).isOver());
}

// What a party presses.

TEST(Keys, ComeOneAfterTheOther) {
  GatherWorld world{"numDigits=\"4\""};
  world.provider->press(world.sid, "12");
  world.provider->press(world.sid, "34");
  world.wait(1h);
  EXPECT_EQ(world.choice().get("Digits"), "1234") << world.story();
  EXPECT_EQ(world.first(Happening::gathered).at, 1300ms);
}

TEST(Keys, ComeBehindAPauseThatIsUnderWay) {
  GatherWorld world{"numDigits=\"2\""};
  world.provider->press(world.sid, "1W");
  world.wait(500ms);
  world.provider->press(world.sid, "2");
  world.wait(1h);
  EXPECT_EQ(world.choice().get("Digits"), "12") << world.story();
  EXPECT_EQ(world.first(Happening::gathered).at, 1s + 100ms + 1s);
}

TEST(Keys, OthersThanThoseOfATelephoneAreNone) {
  GatherWorld world{""};
  EXPECT_FALSE(world.provider->press(world.sid, "xyz "));
  EXPECT_FALSE(world.provider->press(world.sid, ""));
  EXPECT_THAT(world.texts(Happening::pressed), IsEmpty());
}

}  // namespace
