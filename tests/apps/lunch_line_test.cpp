// The lunch line, called by a provider that signs, at an hour that the test chooses.

#include "lunch_line.hpp"

#include "ivr/test/test.hpp"
#include "support/app.hpp"

#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::test;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

void addLunchLine(Ivr& ivr) { lunch_line::addTo(ivr, IVR_ASSETS_DIR "/audio"); }

LineOptions atHour(int hour) {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  return {.start =
              std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{hour}};
}

struct LunchLine : ::testing::Test {
  Line line{addLunchLine};

  Response fetch(const std::string& target) {
    return line.await(line.ivr().handle(support::get(target)));
  }
};

TEST_F(LunchLine, ACallHearsTheMenu) {
  const Phone caller = line.call("/incoming-call");
  EXPECT_THAT(caller, Hears("Welcome to Foo Corp! To hear our lunch specials press one. For our "
                            "hours, press two."));
  EXPECT_THAT(caller, IsAsked(AllOf(Field(&phone::Question::numDigits, 1),
                                    Field(&phone::Question::takesSpeech, false))));
}

TEST_F(LunchLine, OneIsTheSpecials) {
  Phone caller = line.call("/incoming-call");
  caller.press("1");
  EXPECT_THAT(caller, AllOf(Plays("/static/lunch-specials.mp3?v="), IsAsked()));
}

TEST_F(LunchLine, TwoIsTheHoursAndTheEnd) {
  Phone caller = line.call("/incoming-call");
  caller.press("2");
  EXPECT_THAT(caller, AllOf(Plays("/static/hours.mp3?v="), HungUp()));
}

TEST_F(LunchLine, AnotherKeyAsksAgain) {
  Phone caller = line.call("/incoming-call");
  caller.press("9");
  EXPECT_THAT(caller, AllOf(Hears("press one"), IsAsked()));
}

TEST_F(LunchLine, SilenceAsksAgain) {
  Phone caller = line.call("/incoming-call");
  caller.silence();
  EXPECT_THAT(caller, AllOf(Hears("press one"), IsAsked()));
}

TEST_F(LunchLine, OneAfterTheSpecialsIsTheHours) {
  Phone caller = line.call("/incoming-call");
  caller.press("1").press("1");
  EXPECT_THAT(caller, AllOf(Plays("/static/hours.mp3?v="), HungUp()));
}

TEST_F(LunchLine, SilenceAfterTheSpecialsIsGoodbye) {
  Phone caller = line.call("/incoming-call");
  caller.press("1").silence();
  EXPECT_THAT(caller, AllOf(Plays("/static/goodbye.mp3?v="), HungUp()));
}

TEST(LunchLineHours, InTheMorningTheAfterHoursCheckIsTheMenu) {
  Line line{addLunchLine, atHour(11)};
  EXPECT_THAT(line.call("/after-hours-check"), AllOf(Hears("press one"), IsAsked()));
}

TEST(LunchLineHours, FromNoonTheAfterHoursCheckTakesAMessage) {
  Line line{addLunchLine, atHour(12)};
  Phone caller = line.call("/after-hours-check");
  EXPECT_THAT(caller, Hears("leave us a message after the beep"));
  caller.say("A table for two, please.");
  EXPECT_THAT(caller, AllOf(Plays("/static/goodbye.mp3?v="), HungUp()));
}

TEST_F(LunchLine, TheErrorStateTakesAMessageOnce) {
  Phone caller = line.call("/unknown-error");
  EXPECT_EQ(caller.view().activity, phone::Activity::recording);
  caller.say("It does not work.");
  EXPECT_THAT(caller, AllOf(Not(Hears("message")), HungUp()));
}

TEST_F(LunchLine, HoldMusicPlaysTheFileForLong) {
  EXPECT_THAT(fetch("/static/hold-music").body.text(),
              HasSubstr("<Play loop=\"1000\">https://ivr.example.com/static/"));
}

TEST_F(LunchLine, EveryPromptThatIsLinkedIsServedAsAudio) {
  Phone caller = line.call("/incoming-call");
  caller.press("1").press("1");
  EXPECT_THAT(caller.everythingPlayed(), SizeIs(2));
  for (const phone::Entry& entry : caller.timeline()) {
    if (entry.what != phone::Happening::plays) continue;
    EXPECT_EQ(entry.detail("type"), "audio/mpeg");
    EXPECT_EQ(entry.detail("caching"), "cached for 31536000 s");
  }
}

TEST_F(LunchLine, TheHealthCheckNeedsNoSignature) { EXPECT_EQ(fetch("/healthz").status, 200); }

TEST_F(LunchLine, AnUnsignedCallIsRefused) {
  EXPECT_EQ(line.await(line.ivr().handle(support::post("/incoming-call"))).status, 403);
}

}  // namespace
