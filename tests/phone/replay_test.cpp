// Saved calls are played again.

#include "ivr/phone/replay.hpp"

#include "ivr/core/error.hpp"
#include "ivr/phone/saved_timeline.hpp"
#include "phone/scripted_application.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* kReplayAgent = "+14155550111";
constexpr const char* kOtherAgent = "+14155550122";

/// An application that is called once by people, and again in their absence.
class Replays : public testing::Test {
 protected:
  Replays() { menu("For lunch press one"); }

  void menu(const std::string& prompt) {
    world->application->say("/voice", "<Gather action=\"/choice\" numDigits=\"1\"><Say>" + prompt +
                                          "</Say></Gather><Say>Nothing was pressed</Say>");
  }
  void choice(const std::string& verbs) { world->application->say("/choice", verbs); }

  /// What happened in the world until now.
  [[nodiscard]] Timeline saved() const { return world->provider->timeline(); }

  /// The differences when it is played again.
  std::vector<std::string> differences(const Timeline& timeline) {
    std::optional<Replay> replay;
    const auto application = world->application;
    world = std::make_unique<PhoneWorld>(
        ProviderOptions{.seed = 2, .onEntry = [&](const Entry& entry) { replay->see(entry); }},
        application);
    replay.emplace(*world->loop, *world->provider, timeline);
    EXPECT_THAT(replay->numbers(), ElementsAre(kOurNumber));
    replay->begin();
    (void)world->loop->run([&] { return replay->isOver(); }, 2h);
    compared = replay->compared();
    std::vector<std::string> texts;
    for (const Difference& one : replay->differences()) texts.push_back(describe(one));
    return texts;
  }

  std::unique_ptr<PhoneWorld> world = std::make_unique<PhoneWorld>();
  std::size_t compared = 0;
};

TEST_F(Replays, OfTheSameApplicationHaveNoDifference) {
  choice("<Say>Soup</Say><Record maxLength=\"10\" action=\"/done\"/>");
  world->application->say("/done", "<Say>Goodbye</Say>");
  const std::string sid = world->call(5s);
  world->provider->press(sid, "1");
  world->wait(2s);
  world->provider->say(sid, {.words = "My name is Ann"});
  world->wait(1h);
  EXPECT_THAT(differences(saved()), IsEmpty()) << world->story();
  EXPECT_GE(compared, 7U);
  EXPECT_THAT(world->texts(Happening::says), ElementsAre("For lunch press one", "Soup", "Goodbye"));
}

TEST_F(Replays, AKeyThatInterruptsAPromptInterruptsItAgain) {
  menu("This is a very long welcome to everybody who has the patience to listen to all of it");
  choice("<Say>Soup</Say>");
  const std::string sid = world->call(1s);
  world->provider->press(sid, "1");
  world->wait(1h);
  EXPECT_THAT(differences(saved()), IsEmpty()) << world->story();
  EXPECT_LT(world->first(Happening::pressed).at, 2s);
}

TEST_F(Replays, TellWhatIsHeardNowAndNoLonger) {
  choice("<Say>Soup</Say><Say>Bread</Say>");
  const std::string sid = world->call(5s);
  world->provider->press(sid, "1");
  world->wait(1h);
  const Timeline timeline = saved();
  choice("<Say>Salad</Say><Say>Bread</Say><Say>Cake</Say>");
  EXPECT_THAT(differences(timeline),
              ElementsAre(AllOf(StartsWith("+14155550100 no longer: "), HasSubstr("Soup")),
                          AllOf(StartsWith("+14155550100 now: "), HasSubstr("Salad")),
                          AllOf(StartsWith("+14155550100 now: "), HasSubstr("Cake"))))
      << world->story();
}

TEST_F(Replays, TellWhatIsAskedInAnotherWay) {
  choice("<Say>Soup</Say>");
  const std::string sid = world->call(5s);
  world->provider->press(sid, "1");
  world->wait(1h);
  const Timeline timeline = saved();
  world->application->say(
      "/voice",
      "<Gather action=\"/choice\" numDigits=\"2\"><Say>For lunch press one</Say>"
      "</Gather><Say>Nothing was pressed</Say>");
  EXPECT_THAT(differences(timeline), Contains(HasSubstr("numDigits=2")));
}

TEST_F(Replays, TellWhatThereWasNoOccasionFor) {
  choice("<Gather action=\"/second\" numDigits=\"1\"><Say>Soup or salad</Say></Gather>");
  world->application->say("/second", "<Say>Thank you</Say>");
  const std::string sid = world->call(5s);
  world->provider->press(sid, "1");
  world->wait(5s);
  world->provider->press(sid, "2");
  world->wait(1h);
  const Timeline timeline = saved();
  choice("<Say>We are closed</Say>");
  EXPECT_THAT(differences(timeline),
              Contains(AllOf(HasSubstr("had no occasion for"), HasSubstr("presses 2"))));
}

TEST_F(Replays, WhatIsGeneratedMakesNoDifference) {
  int calls = 0;
  world->application->answer("/voice", [&](const SeenRequest& request) {
    ++calls;
    return ScriptedApplication::document(
        "<Say>Your number is " + std::string{request.fields.get("CallSid")} + " at 10:0" +
        std::to_string(calls) + "</Say><Play>/music.wav?v=" + std::to_string(calls) +
        "00aa11</Play>");
  });
  world->application->answer("/music.wav", [](const SeenRequest&) {
    return ScriptedApplication::typed("audio/ulaw", std::string(8000, '\x7f'));
  });
  (void)world->call();
  EXPECT_THAT(differences(saved()), IsEmpty()) << world->story();
}

TEST_F(Replays, TheTimeThatAnApplicationTakesMakesNoDifference) {
  choice("<Say>Soup</Say>");
  const std::string sid = world->call(5s);
  world->provider->press(sid, "1");
  world->wait(1h);
  Timeline timeline = saved();
  for (std::size_t i = timeline.size() / 2; i < timeline.size(); ++i) timeline[i].at += 1500ms;
  EXPECT_THAT(differences(timeline), IsEmpty());
}

TEST_F(Replays, TheCallerHangsUpAtTheSamePlace) {
  const std::string sid = world->call(5s);
  world->provider->hangUp(sid);
  world->wait(1h);
  EXPECT_THAT(differences(saved()), IsEmpty()) << world->story();
  EXPECT_THAT(world->texts(Happening::hungUp), SizeIs(1));
}

TEST_F(Replays, TelephonesAreAnsweredAndSpokenIntoAsTheyWere) {
  world->application->say("/voice",
                          "<Dial timeout=\"20\"><Number>+14155550111</Number></Dial>"
                          "<Dial><Number>+14155550122</Number></Dial><Say>Bye</Say>");
  const std::string sid = world->call(30s);  // the first does not answer
  std::string agent;
  for (const CallView& call : world->provider->calls()) {
    if (call.to == kOtherAgent) agent = call.sid;
  }
  ASSERT_TRUE(world->provider->answer(agent)) << world->story();
  world->wait(2s);
  world->provider->say(sid, {.words = "Hello"});
  world->wait(2s);
  world->provider->say(agent, {.words = "Good day"});
  world->wait(2s);
  world->provider->hangUp(agent);
  world->wait(1h);
  EXPECT_THAT(differences(saved()), IsEmpty()) << world->story();
  EXPECT_THAT(world->texts(Happening::hears), ElementsAre("Hello", "Good day"));
}

TEST_F(Replays, ATelephoneDoesWhatItDidEachTime) {
  world->application->say("/voice", "<Dial action=\"/again\"><Number>+14155550111</Number></Dial>");
  world->application->say("/again", "<Dial><Number>+14155550111</Number></Dial><Say>Bye</Say>");
  const std::string sid = world->call(3s);
  const auto last = [&] { return world->provider->calls().back().sid; };
  ASSERT_TRUE(world->provider->refuse(last()));
  world->wait(3s);
  ASSERT_TRUE(world->provider->answer(last()));
  world->wait(3s);
  world->provider->hangUp(last());
  world->wait(1h);
  EXPECT_THAT(differences(saved()), IsEmpty()) << world->story();
  EXPECT_THAT(world->texts(Happening::connected), SizeIs(2));
}

TEST_F(Replays, TellWhoIsCalledNow) {
  world->application->say("/voice", "<Dial timeout=\"5\"><Number>+14155550111</Number></Dial>");
  (void)world->call();
  const Timeline timeline = saved();
  world->application->say("/voice", "<Dial timeout=\"5\"><Number>+14155550122</Number></Dial>");
  const auto found = differences(timeline);
  EXPECT_THAT(found,
              Contains(AllOf(StartsWith("+14155550100 no longer"), HasSubstr(kReplayAgent))));
  EXPECT_THAT(found, Contains(AllOf(StartsWith("+14155550100 now"), HasSubstr(kOtherAgent))));
  EXPECT_THAT(found, Contains(StartsWith(std::string{kOtherAgent} + " now")));
}

TEST_F(Replays, TellThatAnApplicationFails) {
  choice("<Say>Soup</Say>");
  const std::string sid = world->call(5s);
  world->provider->press(sid, "1");
  world->wait(1h);
  const Timeline timeline = saved();
  world->application->status("/choice", 500);
  EXPECT_THAT(differences(timeline), Contains(AllOf(HasSubstr("now"), HasSubstr("error 11217"))));
}

TEST_F(Replays, SeveralCallersComeAgain) {
  world->application->say("/voice", "<Dial><Conference waitUrl=\"\">room</Conference></Dial>");
  const std::string one = world->call(5s);
  const std::string two =
      world->provider->call({.from = "+14155550155", .to = std::string{kOurNumber}});
  world->wait(5s);
  world->provider->say(two, {.words = "Hello"});
  world->wait(1s);
  world->provider->hangUp(one);
  world->provider->hangUp(two);
  world->wait(1h);
  EXPECT_THAT(differences(saved()), IsEmpty()) << world->story();
  EXPECT_THAT(world->texts(Happening::hears), ElementsAre("Hello"));
}

TEST_F(Replays, ManyDifferencesAreNotAllTold) {
  std::string before;
  std::string after;
  for (int i = 0; i < 700; ++i) {
    before += "<Say>before " + std::to_string(i) + "</Say>";
    after += "<Say>after " + std::to_string(i) + "</Say>";
  }
  world->application->say("/voice", before);
  (void)world->call();
  const Timeline timeline = saved();
  world->application->say("/voice", after);
  EXPECT_THAT(differences(timeline), ElementsAre(HasSubstr("more differences than are told")));
}

TEST_F(Replays, WithoutACallThatComesInThereIsNothingToPlay) {
  EXPECT_THROW((Replay{*world->loop, *world->provider, {}}), Error);
  EXPECT_THROW((Replay{*world->loop,
                       *world->provider,
                       {{.callSid = "CA1",
                         .what = Happening::called,
                         .details = {{"direction", "outbound-api"}, {"to", kReplayAgent}}}}}),
               Error);
}

TEST_F(Replays, OfAPartOfATimelineLeaveOutCallsWithoutABeginning) {
  choice("<Say>Soup</Say>");
  const std::string early = world->call(5s);
  const std::string sid =
      world->provider->call({.from = "+14155550155", .to = std::string{kOurNumber}});
  world->wait(5s);
  world->provider->press(early, "1");
  world->provider->press(sid, "1");
  world->wait(1h);
  Timeline timeline = saved();
  std::erase_if(timeline, [&](const Entry& entry) {
    return entry.callSid == early && entry.what == Happening::called;
  });
  EXPECT_THAT(differences(timeline), IsEmpty()) << world->story();
  EXPECT_THAT(world->entries(Happening::called), SizeIs(1));
  EXPECT_THAT(world->texts(Happening::says), ElementsAre("For lunch press one", "Soup"));
}

TEST_F(Replays, OfTextsDoNotHeedWhatOthersAddToThem) {
  choice("<Say>Soup</Say>");
  const std::string sid = world->call(5s);
  world->provider->press(sid, "1");
  world->wait(1h);
  std::string text;
  for (const Entry& entry : saved()) {
    std::string line = savedLine(entry);
    line.insert(1, R"("findings":[{"line":1,"rule":"silence"}],"session":null,"version":2,)");
    text += line + '\n';
  }
  EXPECT_THAT(differences(timelineFrom(text)), IsEmpty()) << world->story();
}

// ---- Timelines as text

TEST(SavedTimeline, IsReadAsItWasWritten) {
  const Timeline timeline{
      {.at = 0ms,
       .callSid = "CA1",
       .what = Happening::called,
       .details = {{"from", "+1"}, {"to", "+2"}}},
      {.at = 3200ms, .callSid = "CA1", .what = Happening::says, .text = "Grüße \"an\" alle\n\\"},
      {.at = 4s, .what = Happening::error, .text = "no", .code = "11200"},
      {.at = 100h, .callSid = "CA1", .what = Happening::ended, .text = "completed"}};
  std::string text;
  for (const Entry& entry : timeline) text += savedLine(entry) + "\r\n\n";
  EXPECT_EQ(timelineFrom(text), timeline);
  EXPECT_THAT(timelineFrom(""), IsEmpty());
}

TEST(SavedTimeline, EveryHappeningHasAName) {
  for (int i = 0; i <= static_cast<int>(Happening::error); ++i) {
    const Entry entry{.what = static_cast<Happening>(i)};
    EXPECT_THAT(timelineFrom(savedLine(entry)), ElementsAre(entry)) << i;
  }
}

TEST(SavedTimeline, MayHaveMoreThanItsEntriesSay) {
  EXPECT_THAT(
      timelineFrom(
          R"({"at":1,"what":"says","text":"Hi","new":{"a":[1,2]},"details":{"a":1,"b":"c"}})"),
      ElementsAre(
          Entry{.at = 1ms, .what = Happening::says, .text = "Hi", .details = {{"b", "c"}}}));
}

TEST(SavedTimeline, WithALineThatIsNoEntryIsRefusedWithItsNumber) {
  for (const std::string line : {
           "no JSON",
           "[]",
           "{}",
           "null",
           R"({"at":-1,"what":"says"})",
           R"({"at":1e300,"what":"says"})",
           R"({"at":"1","what":"says"})",
           R"({"at":1,"what":"sings"})",
           R"({"at":1,"what":"says","text":5})",
           R"({"at":1,"what":"says","details":[]})",
           R"({"at":1,"what":"says"} {})",
       }) {
    try {
      (void)timelineFrom("{\"at\":1,\"what\":\"says\"}\n\n" + line);
      ADD_FAILURE() << line;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_THAT(error.what(), HasSubstr("line 3"));
    }
  }
  EXPECT_THROW((void)timelineFrom(std::string(1 << 20, '[')), Error);
}

}  // namespace
