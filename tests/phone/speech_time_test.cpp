#include "phone/speech_time.hpp"

#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace std::chrono_literals;

TEST(SpeechTime, AWordIsSixCharacters) {
  EXPECT_EQ(speechTime(std::string(60, 'a'), 60), 10s);
  EXPECT_EQ(speechTime(std::string(60, 'a'), 120), 5s);
}

TEST(SpeechTime, CharactersCountAndNotBytes) {
  EXPECT_EQ(speechTime("ääääääääääääääää", 160), speechTime("aaaaaaaaaaaaaaaa", 160));
}

TEST(SpeechTime, NothingTakesNoTimeAndALittleTakesSome) {
  EXPECT_EQ(speechTime("  \n", 160), 0ms);
  EXPECT_EQ(speechTime("a", 160), 300ms);
}

TEST(SpeechTime, ASpeedOfNothingIsTheSlowest) {
  EXPECT_EQ(speechTime("aaaaaa", 0), 1min);
  EXPECT_EQ(speechTime("aaaaaa", -5), 1min);
}

TEST(SpeechTime, BreaksCountAndHaveAnEnd) {
  twiml::Say say{.text = "aaaaaaaaaaaaaaaa"};
  say.text.append(twiml::SsmlBreak{.time = 2s});
  EXPECT_EQ(speechTime(say, 160), 3s);
  say.text.append(twiml::SsmlBreak{.time = 2h});
  EXPECT_EQ(speechTime(say, 160), 13s);
  say.text.append(twiml::SsmlBreak{});
  EXPECT_EQ(speechTime(say, 160), 13'500ms);
}

TEST(KeyTime, PausesAreHalfASecondAndASecond) {
  EXPECT_EQ(keyTime(""), 0ms);
  EXPECT_EQ(keyTime("1#"), 400ms);
  EXPECT_EQ(keyTime("w"), 500ms);
  EXPECT_EQ(keyTime("W"), 1s);
}

}  // namespace
