// The weather line from call to report.

#include "weather.hpp"

#include "ivr/test/test.hpp"
#include "support/fake_transport.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::test;
using namespace std::chrono_literals;
using support::FakeTransport;
using ::testing::AllOf;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using weather::Weather;

/// A source that knows what the test says.
struct ToldSource final : weather::WeatherSource {
  Later<Weather> at(const std::string& postalCode) const override { return tell(postalCode); }
  std::function<Later<Weather>(const std::string&)> tell = [](const std::string&) {
    return Weather{.place = "New York", .sky = "cloudy", .celsius = 12};
  };
};

struct WeatherLine : ::testing::Test {
  std::shared_ptr<ToldSource> source = std::make_shared<ToldSource>();
  std::chrono::milliseconds patience = 20s;
  Line line{[this](Ivr& ivr) { weather::addTo(ivr, IVR_ASSETS_DIR "/audio", source, patience); }};

  /// A look-up that the test answers.
  void holdSource() {
    source->tell = [this](const std::string&) {
      return Later<Weather>{[this](const Answer<Weather>& given) { answer = given; }};
    };
  }
  std::optional<Answer<Weather>> answer;
};

TEST_F(WeatherLine, AsksForThePostalCodeUntilThereAreFiveDigits) {
  Phone caller = line.call("/incoming-call");
  EXPECT_THAT(caller, AllOf(Hears("enter the five digits"),
                            IsAsked(Field(&phone::Question::numDigits, 5))));
  caller.silence();
  EXPECT_THAT(caller, Hears("enter the five digits"));
  caller.press("123");
  EXPECT_THAT(caller, Hears("enter the five digits"));
}

TEST_F(WeatherLine, LooksUpTheWeatherAndMovesTheCallToTheReport) {
  std::string asked;
  source->tell = [&](const std::string& postalCode) {
    asked = postalCode;
    return Weather{.place = "New York", .sky = "cloudy", .celsius = 12};
  };
  Phone caller = line.call("/incoming-call");
  caller.press("10001");
  EXPECT_EQ(asked, "10001");
  EXPECT_THAT(caller, Transferred("/weather-report"));
  EXPECT_THAT(caller, AllOf(Hears("In New York it is cloudy, with 12 degrees."), HungUp()));
}

TEST_F(WeatherLine, HoldsWithMusicMeanwhile) {
  source->tell = [this](const std::string&) {
    return Later<Weather>{[this](const Answer<Weather>& given) {
      line.ivr().config().timers->after(
          10s, [given] { given({.place = "Berlin", .sky = "windy", .celsius = -1}); });
    }};
  };
  Phone caller = line.call("/incoming-call");
  caller.press("10115");
  EXPECT_THAT(caller, AllOf(Hears("Please hold on"), Plays("/static/hold-music.mp3?v=")));
  EXPECT_THAT(caller, AllOf(Hears("In Berlin it is windy, with -1 degrees."), HungUp()));
}

TEST_F(WeatherLine, IsMovedToTheApologyWhenTheLookUpFails) {
  source->tell = [](const std::string&) -> Later<Weather> {
    throw std::runtime_error{"no satellite"};
  };
  Phone caller = line.call("/incoming-call");
  caller.press("10001");
  EXPECT_THAT(caller, AllOf(Transferred("/unknown-error"), Hears("leave us a message")));
  EXPECT_EQ(caller.view().activity, phone::Activity::recording);
  caller.say("It does not work.");
  EXPECT_THAT(caller, AllOf(Plays("/static/goodbye.mp3?v="), HungUp()));
}

TEST_F(WeatherLine, IsMovedToTheApologyWhenTheLookUpTakesTooLong) {
  holdSource();
  Phone caller = line.call("/incoming-call");
  caller.press("10001");
  EXPECT_THAT(caller, AllOf(Transferred("/unknown-error"), Hears("leave us a message")));
  EXPECT_GE(line.now(), 20s);
  (*answer)({.place = "New York", .sky = "cloudy", .celsius = 12});
  line.wait(1s);
  EXPECT_THAT(line.redirected(), SizeIs(1)) << "a late answer moves nobody";
}

TEST_F(WeatherLine, LeavesNobodyWithTheEndOfTheMusic) {
  holdSource();
  patience = 24h;
  line.restart();
  Phone caller = line.call("/incoming-call");
  caller.press("10001");
  EXPECT_THAT(caller, AllOf(Plays("/static/hold-music.mp3?v="), Hears("leave us a message")));
  EXPECT_THAT(line.redirected(), IsEmpty());
}

TEST_F(WeatherLine, RemembersThePostalCode) {
  holdSource();
  Phone caller = line.call("/incoming-call", {.listens = 1s});
  caller.press("10001");
  EXPECT_EQ(caller.session().find("postal code"), "10001");
}

// --- Sources ---

TEST(WeatherFile, KnowsThePlacesOfTheAssets) {
  const weather::WeatherFile file{IVR_ASSETS_DIR "/weather.json"};
  EXPECT_EQ(file.at("10001").get().place, "New York");
  EXPECT_THROW((void)file.at("00000").get(), Error);
  EXPECT_THROW((void)weather::WeatherFile{"/nowhere.json"}.at("10001").get(), Error);
}

TEST(WeatherServer, AsksForThePostalCode) {
  const auto transport = std::make_shared<FakeTransport>();
  const weather::WeatherServer server{"http://weather.example", transport};
  transport->answer(200, R"({"place":"Berlin","sky":"windy","celsius":-1})");
  EXPECT_EQ(server.at("10 115").get().celsius, -1);
  EXPECT_EQ(transport->sent().at(0).url, "http://weather.example/10%20115");
  for (const char* body : {"", "garbage", "{}", "[]", R"({"place":1,"sky":2,"celsius":"x"})"}) {
    transport->answer(200, body);
    EXPECT_THROW(server.at("1").get(), Error) << body;
  }
  transport->answer(500, R"({"place":"Berlin","sky":"windy","celsius":-1})");
  EXPECT_THROW(server.at("1").get(), Error);
}

}  // namespace
