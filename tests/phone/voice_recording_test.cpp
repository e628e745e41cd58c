// TWIML.md section 2: Record.

#include "phone/scripted_application.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using phone::Activity;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kOneSecond = "1234567890123456";  // 16 characters

/// Records at once, and says `Nothing` behind it. The beep takes half a second.
struct RecordWorld : PhoneWorld {
  explicit RecordWorld(const std::string& attributes) {
    say("<Record action=\"/recorded\" " + attributes + "/><Say>Nothing</Say>");
    application->say("/recorded", "<Say>Thanks</Say>");
    application->status("/callback", 204);
    sid = call(1s);
  }
  [[nodiscard]] std::vector<SeenRequest> recorded() const { return application->seen("/recorded"); }
  [[nodiscard]] std::vector<SeenRequest> callbacks() const {
    return application->seen("/callback");
  }

  std::string sid;
};

TEST(Record, BeginsBehindABeep) {
  RecordWorld world{""};
  EXPECT_THAT(world.texts(Happening::plays), ElementsAre("a beep"));
  EXPECT_EQ(world.first(Happening::waits).at, 500ms) << world.story();
  EXPECT_EQ(world.view(world.sid).activity, Activity::recording);
}

TEST(Record, BeginsAtOnceWithoutABeep) {
  RecordWorld world{"playBeep=\"false\""};
  EXPECT_THAT(world.texts(Happening::plays), IsEmpty());
  EXPECT_EQ(world.first(Happening::waits).at, 0s) << world.story();
  EXPECT_TRUE(world.provider->press(world.sid, "1"));
  world.wait(0s);
  EXPECT_THAT(world.texts(Happening::lost), IsEmpty()) << world.story();
}

TEST(Record, EndsWithSilence) {
  RecordWorld world{"timeout=\"3\""};
  world.provider->say(world.sid, {.words = kOneSecond});
  world.wait(1h);
  const Entry entry = world.first(Happening::recorded);
  EXPECT_EQ(entry.at, 1s + 1s + 3s) << world.story();
  EXPECT_EQ(entry.text, kOneSecond);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Thanks"));
  // The silence behind the words is cut off: from the beep at 0.5 s to 2 s, rounded up.
  EXPECT_EQ(world.recorded().at(0).fields.get("RecordingDuration"), "2");
}

TEST(Record, TheSilenceIsFiveSecondsByDefault) {
  RecordWorld world{""};
  world.provider->say(world.sid, {.words = kOneSecond});
  world.wait(1h);
  EXPECT_EQ(world.first(Happening::recorded).at, 1s + 1s + 5s) << world.story();
}

TEST(Record, WithoutTimeoutSilenceDoesNotEndIt) {
  RecordWorld world{"timeout=\"0\" maxLength=\"100\" trim=\"do-not-trim\""};
  world.wait(1h);
  EXPECT_EQ(world.first(Happening::recorded).at, 100'500ms) << world.story();
  EXPECT_EQ(world.recorded().at(0).fields.get("RecordingDuration"), "100");
}

TEST(Record, EndsAtItsMaximalLength) {
  RecordWorld world{"maxLength=\"10\""};
  world.provider->say(world.sid, {.words = std::string(1600, 'a')});
  world.wait(1h);
  EXPECT_EQ(world.first(Happening::recorded).at, 10'500ms) << world.story();
  EXPECT_EQ(world.recorded().at(0).fields.get("RecordingDuration"), "10");
}

TEST(Record, TranscribedOnesLastTwoMinutesAtMost) {
  RecordWorld world{"transcribe=\"true\""};
  world.provider->say(world.sid, {.words = std::string(16'000, 'a')});
  world.wait(1h);
  EXPECT_EQ(world.first(Happening::recorded).at, 120'500ms) << world.story();
}

TEST(Record, AnyKeyEndsIt) {
  RecordWorld world{""};
  world.provider->say(world.sid, {.words = kOneSecond});
  world.wait(2s);
  world.provider->press(world.sid, "5");
  world.wait(1h);
  EXPECT_EQ(world.first(Happening::recorded).at, 3s) << world.story();
  EXPECT_EQ(world.recorded().at(0).fields.get("Digits"), "5");
}

TEST(Record, OnlyTheKeysThatAreNamedEndIt) {
  RecordWorld world{"finishOnKey=\"*#\""};
  world.provider->say(world.sid, {.words = kOneSecond});
  world.provider->press(world.sid, "5w#");
  world.wait(1h);
  EXPECT_EQ(world.recorded().at(0).fields.get("Digits"), "#") << world.story();
  EXPECT_THAT(world.texts(Happening::lost), ElementsAre("5"));
}

TEST(Record, WordsInTheInstantOfTheKeyAreLost) {
  RecordWorld world{""};
  world.provider->say(world.sid, {.words = kOneSecond});
  world.provider->press(world.sid, "5");
  world.provider->say(world.sid, {.words = "and more"});
  world.wait(1h);
  EXPECT_EQ(world.first(Happening::recorded).at, 1s) << world.story();
  EXPECT_THAT(world.texts(Happening::lost), ElementsAre("and more"));
}

// Two sources disagree on what follows an empty recording (TWIML.md 1.2); this is the provider's
// own page: no request, and the next verb.
TEST(Record, AnEmptyOneAsksNobodyAndTheNextVerbFollows) {
  RecordWorld world{"recordingStatusCallback=\"/callback\""};
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Nothing")) << world.story();
  EXPECT_THAT(world.recorded(), IsEmpty());
  EXPECT_THAT(world.callbacks(), IsEmpty());
}

TEST(Record, TellsItsActionWhereItIs) {
  RecordWorld world{""};
  world.provider->say(world.sid, {.words = kOneSecond});
  world.wait(1h);
  const Form fields = world.recorded().at(0).fields;
  EXPECT_THAT(std::string{fields.get("RecordingSid")}, StartsWith("RE"));
  EXPECT_THAT(std::string{fields.get("RecordingUrl")},
              HasSubstr("/Recordings/" + std::string{fields.get("RecordingSid")}));
  EXPECT_EQ(fields.find("Digits"), "");
  EXPECT_EQ(fields.get("CallSid"), world.sid);
}

TEST(Record, AHangUpEndsItAndTellsTheAction) {
  RecordWorld world{""};
  world.provider->say(world.sid, {.words = kOneSecond});
  world.wait(1s);
  world.provider->hangUp(world.sid);
  world.wait(1h);
  ASSERT_EQ(world.recorded().size(), 1U) << world.story();
  EXPECT_EQ(world.recorded()[0].fields.get("Digits"), "hangup");
  EXPECT_EQ(world.recorded()[0].fields.get("CallStatus"), "completed");
  EXPECT_THAT(world.texts(Happening::says), IsEmpty());
}

TEST(Record, AHangUpDuringTheBeepRecordsNothing) {
  PhoneWorld world;
  world.say("<Pause length=\"5\"/><Say>Speak</Say><Record action=\"/recorded\"/>");
  const std::string sid = world.call(5s + 300ms + 200ms);  // 200 ms into the beep
  ASSERT_THAT(world.texts(Happening::plays), ElementsAre("a beep")) << world.story();
  world.provider->say(sid, {.words = "Too early"});
  world.provider->hangUp(sid);
  world.wait(1h);
  EXPECT_THAT(world.application->seen("/recorded"), IsEmpty()) << world.story();
  EXPECT_THAT(world.texts(Happening::lost), ElementsAre("Too early"));
}

TEST(Record, WithoutAnActionTheCurrentDocumentIsAsked) {
  PhoneWorld world;
  int times = 0;
  world.application->answer("/voice", [&](const SeenRequest& request) {
    return ScriptedApplication::document(
        ++times == 1 ? "<Record/>"
                     : "<Say>" + std::string{request.fields.get("RecordingDuration")} + "</Say>");
  });
  const std::string sid = world.call(1s);
  world.provider->say(sid, {.words = kOneSecond});
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("2")) << world.story();
}

TEST(Record, TellsTheCallbackWhenItIsCompleted) {
  RecordWorld world{"recordingStatusCallback=\"/callback\""};
  world.provider->say(world.sid, {.words = kOneSecond});
  world.wait(1h);
  ASSERT_EQ(world.callbacks().size(), 1U) << world.story();
  const Form fields = world.callbacks()[0].fields;
  for (const auto& [name, value] :
       Form{{"RecordingStatus", "completed"},
            {"RecordingDuration", "2"},
            {"RecordingChannels", "1"},
            {"RecordingSource", "RecordVerb"},
            {"CallSid", world.sid},
            {"RecordingStartTime", "Mon, 05 Jan 2026 10:00:00 +0000"}}) {
    EXPECT_EQ(fields.get(name), value) << name;
  }
  for (const char* name : {"AccountSid", "RecordingSid", "RecordingUrl", "RecordingTrack"}) {
    EXPECT_FALSE(fields.get(name).empty()) << name;
  }
}

TEST(Record, TellsTheCallbackTheEventsThatItWants) {
  RecordWorld world{
      "recordingStatusCallback=\"/callback\" "
      "recordingStatusCallbackEvent=\"in-progress completed absent\""};
  world.provider->say(world.sid, {.words = kOneSecond});
  world.wait(1h);
  ASSERT_EQ(world.callbacks().size(), 2U) << world.story();
  EXPECT_EQ(world.callbacks()[0].fields.get("RecordingStatus"), "in-progress");
  EXPECT_EQ(world.callbacks()[0].fields.get("RecordingSid"),
            world.callbacks()[1].fields.get("RecordingSid"));
  EXPECT_EQ(world.callbacks()[1].fields.get("RecordingStatus"), "completed");
}

TEST(Record, TellsTheCallbackThatThereIsNoneIfItWantsToKnow) {
  RecordWorld world{
      "recordingStatusCallback=\"/callback\" recordingStatusCallbackEvent=\"absent\""};
  world.wait(1h);
  ASSERT_EQ(world.callbacks().size(), 1U) << world.story();
  EXPECT_EQ(world.callbacks()[0].fields.get("RecordingStatus"), "absent");
}

TEST(Record, TellsWhatWasSaidIfItIsTranscribed) {
  RecordWorld world{"transcribe=\"true\" transcribeCallback=\"/callback\""};
  world.provider->say(world.sid, {.words = "Call me back"});
  world.wait(1h);
  ASSERT_EQ(world.callbacks().size(), 1U) << world.story();
  const Form fields = world.callbacks()[0].fields;
  EXPECT_EQ(fields.get("TranscriptionText"), "Call me back");
  EXPECT_EQ(fields.get("TranscriptionStatus"), "completed");
  EXPECT_EQ(fields.get("From"), "+14155550100");
  for (const char* name :
       {"TranscriptionSid", "TranscriptionUrl", "RecordingSid", "RecordingUrl"}) {
    EXPECT_FALSE(fields.get(name).empty()) << name;
  }
}

}  // namespace
