// The weather line from call to report.

#include "weather.hpp"

#include "support/fake_transport.hpp"
#include "support/held_calls.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using weather::Weather;

/// A source that answers when the test says so.
struct HeldSource final : weather::WeatherSource {
  Later<Weather> at(const std::string& postalCode) const override {
    return Later<Weather>{[&](const Answer<Weather>& answer) {
      const std::lock_guard lock{mutex};
      asked = postalCode;
      answers.push_back(answer);
    }};
  }
  Answer<Weather> next() const {
    for (;;) {  // it is called on another thread
      const std::lock_guard lock{mutex};
      if (!answers.empty()) return answers.front();
    }
  }
  mutable std::mutex mutex;
  mutable std::string asked;
  mutable std::vector<Answer<Weather>> answers;
};

struct WeatherLine : ::testing::Test {
  WeatherLine() : ivr(config()) { weather::addTo(ivr, IVR_ASSETS_DIR "/audio", source); }

  Config config() const {
    Config made = signedConfig();
    made.rest = rest::ClientOptions{.accountSid = "AC1", .secret = "secret"};
    made.transport = transport;
    made.clock = time.clock();
    made.timers = time.timers();
    return made;
  }
  std::string heard(const std::string& target, const Form& more = {}) {
    Form form{{"CallSid", "CA1"}, {"From", "+14155550100"}};
    for (const auto& [name, value] : more) form.add(name, value);
    return answerOf(ivr, signedPost(target, form)).body.text();
  }
  void expectMovedTo(const std::string& path) const {
    ASSERT_EQ(transport->sent().size(), 1U);
    EXPECT_THAT(transport->sent().at(0).url, HasSubstr("/Calls/CA1.json"));
    EXPECT_EQ(Form::parse(transport->sent().at(0).body, 10)->get("Url"),
              "https://ivr.example.com" + path);
  }

  TestTime time;
  std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
  std::shared_ptr<HeldSource> source = std::make_shared<HeldSource>();
  Ivr ivr;
};

TEST_F(WeatherLine, AsksForThePostalCodeUntilThereAreFiveDigits) {
  EXPECT_THAT(heard("/incoming-call"), HasSubstr("enter the five digits"));
  EXPECT_THAT(heard("/postal-code"), HasSubstr("enter the five digits"));
  EXPECT_THAT(heard("/postal-code", {{"Digits", "123"}}), HasSubstr("enter the five digits"));
}

TEST_F(WeatherLine, HoldsWithMusicAndIsMovedToTheReport) {
  EXPECT_THAT(heard("/postal-code", {{"Digits", "10001"}}),
              AllOf(HasSubstr("Please hold on"), HasSubstr("hold-music.mp3?v=")));
  EXPECT_THAT(transport->sent(), IsEmpty());
  transport->answer(200, R"({"sid":"CA1","status":"in-progress"})");
  source->next()({.place = "New York", .sky = "cloudy", .celsius = 12});
  EXPECT_EQ(source->asked, "10001");
  expectMovedTo("/weather-report");
  EXPECT_THAT(heard("/weather-report"), HasSubstr("In New York it is cloudy, with 12 degrees."));
}

TEST_F(WeatherLine, IsMovedToTheApologyWhenTheLookUpFails) {
  heard("/postal-code", {{"Digits", "10001"}});
  transport->answer(200, R"({"sid":"CA1","status":"in-progress"})");
  source->next().fail(std::runtime_error{"no satellite"});
  expectMovedTo("/unknown-error");
  EXPECT_THAT(heard("/unknown-error"), HasSubstr("<Record"));
}

TEST_F(WeatherLine, IsMovedToTheApologyWhenTheLookUpTakesTooLong) {
  heard("/postal-code", {{"Digits", "10001"}});
  const Answer<Weather> late = source->next();
  transport->answer(200, R"({"sid":"CA1","status":"in-progress"})");
  time.advance(20s);
  expectMovedTo("/unknown-error");
  late({.place = "New York", .sky = "cloudy", .celsius = 12});
  EXPECT_EQ(transport->sent().size(), 1U) << "a late answer moves nobody";
}

TEST_F(WeatherLine, LeavesNobodyWithTheEndOfTheMusic) {
  EXPECT_THAT(heard("/postal-code", {{"Digits", "10001"}}),
              HasSubstr("<Redirect method=\"POST\">/unknown-error</Redirect>"));
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
