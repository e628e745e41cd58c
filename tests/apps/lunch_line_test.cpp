#include "lunch_line.hpp"

#include "support/app.hpp"

#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using support::get;
using support::header;
using support::signedPost;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// The whole line, called by a provider that signs, at an hour that the test chooses.
class LunchLine : public testing::Test {
 protected:
  LunchLine() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    Config config = support::signedConfig();
    config.clock = [this] { return now_; };
    line_.emplace(std::move(config));
    lunch_line::addTo(*line_, IVR_ASSETS_DIR "/audio");
  }

  void atHour(int hour) {
    now_ = std::chrono::system_clock::time_point{std::chrono::hours{24 * 20'000 + hour}};
  }

  /// What the caller hears after the provider posts `digits` to `path`.
  std::string hears(const std::string& path, const std::string& digits = {}) {
    Form form{{"CallSid", "CA00000000000000000000000000000001"}, {"From", "+14155550100"}};
    if (!digits.empty()) form.add("Digits", digits);
    const Response response = line_->handle(signedPost(path, form)).get();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(header(response, "Content-Type"), "text/xml; charset=utf-8");
    return response.body.text();
  }

  Response fetch(const std::string& target) { return line_->handle(get(target)).get(); }

 private:
  std::chrono::system_clock::time_point now_;
  std::optional<Ivr> line_;
};

TEST_F(LunchLine, ACallHearsTheMenu) {
  EXPECT_EQ(hears("/incoming-call"),
            R"(<?xml version="1.0" encoding="UTF-8"?><Response>)"
            R"(<Gather action="/incoming-call-transition-out" numDigits="1">)"
            R"(<Say>Welcome to Foo Corp! To hear our lunch specials press one. )"
            R"(For our hours, press two.</Say></Gather>)"
            R"(<Redirect method="POST">/incoming-call-transition-out</Redirect></Response>)");
}

TEST_F(LunchLine, OneIsTheSpecials) {
  EXPECT_THAT(hears("/incoming-call-transition-out", "1"),
              AllOf(HasSubstr("<Play>/static/lunch-specials.mp3?v="),
                    HasSubstr("action=\"/lunch-specials-transition-out\"")));
}

TEST_F(LunchLine, TwoIsTheHoursAndTheEnd) {
  EXPECT_THAT(hears("/incoming-call-transition-out", "2"),
              AllOf(HasSubstr("<Play>/static/hours.mp3?v="), HasSubstr("<Hangup/>")));
}

TEST_F(LunchLine, AnotherKeyAsksAgain) {
  EXPECT_EQ(hears("/incoming-call-transition-out", "9"), hears("/incoming-call"));
}

TEST_F(LunchLine, SilenceAsksAgain) {
  EXPECT_EQ(hears("/incoming-call-transition-out"), hears("/incoming-call"));
}

TEST_F(LunchLine, OneAfterTheSpecialsIsTheHours) {
  EXPECT_THAT(hears("/lunch-specials-transition-out", "1"), HasSubstr("/static/hours.mp3?v="));
}

TEST_F(LunchLine, SilenceAfterTheSpecialsIsGoodbye) {
  EXPECT_THAT(hears("/lunch-specials-transition-out"),
              AllOf(HasSubstr("/static/goodbye.mp3?v="), HasSubstr("<Hangup/>")));
}

TEST_F(LunchLine, InTheMorningTheAfterHoursCheckIsTheMenu) {
  atHour(11);
  EXPECT_EQ(hears("/after-hours-check"), hears("/incoming-call"));
}

TEST_F(LunchLine, FromNoonTheAfterHoursCheckTakesAMessage) {
  atHour(12);
  EXPECT_THAT(hears("/after-hours-check"), HasSubstr("<Record action=\"/goodbye\"/>"));
}

TEST_F(LunchLine, TheErrorStateTakesAMessageOnce) {
  EXPECT_THAT(hears("/unknown-error"), HasSubstr("<Record action=\"/goodbye\"/>"));
  EXPECT_THAT(hears("/goodbye"), Not(HasSubstr("<Record")));
}

TEST_F(LunchLine, HoldMusicPlaysTheFileForLong) {
  const std::string twiml = fetch("/static/hold-music").body.text();
  EXPECT_THAT(twiml, HasSubstr("<Play loop=\"1000\">https://ivr.example.com/static/"));
}

TEST_F(LunchLine, EveryPromptThatIsLinkedIsServedAsAudio) {
  for (const std::string digits : {"1", "2"}) {
    const std::string twiml = hears("/incoming-call-transition-out", digits);
    const std::size_t from = twiml.find("/static/");
    const Response file = fetch(twiml.substr(from, twiml.find('<', from) - from));
    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(header(file, "Content-Type"), "audio/mpeg");
    EXPECT_THAT(header(file, "Cache-Control"), HasSubstr("immutable"));
  }
}

TEST_F(LunchLine, TheHealthCheckNeedsNoSignature) { EXPECT_EQ(fetch("/healthz").status, 200); }

TEST_F(LunchLine, AnUnsignedCallIsRefused) {
  Ivr line{support::signedConfig()};
  lunch_line::addTo(line, IVR_ASSETS_DIR "/audio");
  EXPECT_EQ(line.handle(support::post("/incoming-call")).get().status, 403);
}

}  // namespace
