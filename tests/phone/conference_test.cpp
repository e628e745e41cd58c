// TWIML.md section 2: Conference, as far as documents reach it.

#include "phone/scripted_application.hpp"
#include "phone/sounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// Each caller enters the room `Room` with attributes of their own.
struct RoomWorld : PhoneWorld {
  RoomWorld() {
    application->status("/status", 204);
    application->say("/left", "<Say>Left</Say>");
    application->say("/wait", "<Say>Please wait</Say><Pause length=\"10\"/>");
  }
  std::string enter(const std::string& attributes = "", std::chrono::milliseconds time = 1s,
                    const std::string& dial = "action=\"/left\"") {
    say("<Dial " + dial + "><Conference beep=\"false\" " + attributes +
        ">Room</Conference></Dial><Say>Behind</Say>");
    return call(time);
  }
  void leave(const std::string& sid) {
    provider->hangUp(sid);
    wait(1s);
  }
  [[nodiscard]] std::vector<std::string> hearers(const std::string& sid) const {
    return view(sid).hearers;
  }
  [[nodiscard]] std::vector<std::string> events() const {
    std::vector<std::string> events;
    for (const SeenRequest& one : application->seen("/status")) {
      events.emplace_back(one.fields.get("StatusCallbackEvent"));
    }
    return events;
  }
  [[nodiscard]] Form told(std::string_view event) const {
    for (const SeenRequest& one : application->seen("/status")) {
      if (one.fields.get("StatusCallbackEvent") == event) return one.fields;
    }
    return {};
  }
};

TEST(Conference, ASingleParticipantHearsTheProvidersMusic) {
  RoomWorld world;
  const std::string sid = world.enter();
  EXPECT_EQ(world.view(sid).activity, Activity::inConference) << world.story();
  EXPECT_EQ(world.view(sid).conference, "Room");
  EXPECT_THAT(world.texts(Happening::plays), ElementsAre("the provider's hold music"));
  EXPECT_THAT(world.texts(Happening::conference), IsEmpty());
}

TEST(Conference, StartsWithTheSecondOne) {
  RoomWorld world;
  const std::string a = world.enter();
  const std::string b = world.enter();
  EXPECT_THAT(world.texts(Happening::conference), ElementsAre("conference-start")) << world.story();
  EXPECT_THAT(world.hearers(a), ElementsAre(b));
}

TEST(Conference, ParticipantsHearEachOther) {
  RoomWorld world;
  const std::string a = world.enter();
  const std::string b = world.enter();
  const std::string c = world.enter();
  world.provider->say(a, {.words = "Good morning"});
  EXPECT_THAT(world.texts(Happening::hears, b), ElementsAre("Good morning")) << world.story();
  EXPECT_THAT(world.texts(Happening::hears, c), ElementsAre("Good morning"));
  EXPECT_THAT(world.texts(Happening::hears, a), IsEmpty());
}

TEST(Conference, WhoWaitsIsNotHeard) {
  RoomWorld world;
  const std::string a = world.enter("startConferenceOnEnter=\"false\"");
  const std::string b = world.enter("startConferenceOnEnter=\"false\"");
  world.provider->say(a, {.words = "Anybody there?"});
  EXPECT_THAT(world.texts(Happening::hears, b), IsEmpty()) << world.story();
  EXPECT_THAT(world.texts(Happening::lost), ElementsAre("Anybody there?"));
}

TEST(Conference, DoesNotStartBeforeSomebodyComesWhoStartsIt) {
  RoomWorld world;
  const std::string a = world.enter("startConferenceOnEnter=\"false\"");
  const std::string b = world.enter("startConferenceOnEnter=\"false\"");
  EXPECT_THAT(world.texts(Happening::conference), IsEmpty()) << world.story();
  const std::string c = world.enter();
  EXPECT_THAT(world.texts(Happening::conference), ElementsAre("conference-start"));
  EXPECT_THAT(world.hearers(a), UnorderedElementsAre(b, c));
}

TEST(Conference, WhoStartsItMayHaveComeFirst) {
  RoomWorld world;
  world.enter();
  world.enter("startConferenceOnEnter=\"false\"");
  EXPECT_THAT(world.texts(Happening::conference), ElementsAre("conference-start")) << world.story();
}

TEST(Conference, EndsForAllWithWhoEndsItOnExit) {
  RoomWorld world;
  const std::string a = world.enter();
  const std::string b = world.enter("endConferenceOnExit=\"true\"");
  world.leave(b);
  EXPECT_THAT(world.texts(Happening::conference), Contains("conference-end")) << world.story();
  EXPECT_THAT(world.texts(Happening::says, a), ElementsAre("Left"));
}

TEST(Conference, GoesOnWithoutOthers) {
  RoomWorld world;
  const std::string a = world.enter();
  const std::string b = world.enter();
  const std::string c = world.enter();
  world.leave(c);
  EXPECT_THAT(world.hearers(a), ElementsAre(b)) << world.story();
  EXPECT_EQ(world.view(a).activity, Activity::inConference);
}

TEST(Conference, EndsWhenTheLastOneLeaves) {
  RoomWorld world;
  const std::string a = world.enter();
  const std::string b = world.enter();
  world.leave(a);
  EXPECT_THAT(world.texts(Happening::conference), Not(Contains("conference-end")));
  world.leave(b);
  EXPECT_THAT(world.texts(Happening::conference), Contains("conference-end")) << world.story();
}

TEST(Conference, TheNextOfTheSameNameIsAnother) {
  RoomWorld world;
  world.leave(world.enter());
  world.enter();
  const auto joined = world.entries(Happening::joined);
  ASSERT_THAT(joined, SizeIs(2)) << world.story();
  EXPECT_NE(joined[0].detail("ConferenceSid"), joined[1].detail("ConferenceSid"));
}

TEST(Conference, WhoIsMutedHearsAndIsNotHeard) {
  RoomWorld world;
  const std::string a = world.enter();
  const std::string b = world.enter("muted=\"true\"");
  EXPECT_TRUE(world.view(b).isMuted);
  EXPECT_THAT(world.hearers(a), ElementsAre(b)) << world.story();
  EXPECT_THAT(world.hearers(b), IsEmpty());
}

TEST(Conference, ACoachIsHeardByOneAlone) {
  RoomWorld world;
  const std::string agent = world.enter();
  const std::string customer = world.enter();
  const std::string coach = world.enter("coach=\"" + agent + "\"");
  EXPECT_THAT(world.hearers(coach), ElementsAre(agent)) << world.story();
  EXPECT_THAT(world.hearers(customer), UnorderedElementsAre(agent, coach));
  EXPECT_THAT(world.hearers(agent), UnorderedElementsAre(customer, coach));
}

TEST(Conference, ACoachOfNobodyDoesNotEnter) {
  RoomWorld world;
  const std::string coach = world.enter("coach=\"CA00\"", 1min);
  EXPECT_THAT(world.codes(), ElementsAre("13240")) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Behind"));
  EXPECT_THAT(world.texts(Happening::joined), IsEmpty());
}

TEST(Conference, ALabelIsForOne) {
  RoomWorld world;
  world.enter("participantLabel=\"ann\"");
  const std::string second = world.enter("participantLabel=\"ann\"", 1min);
  EXPECT_THAT(world.codes(), ElementsAre("16025")) << world.story();
  EXPECT_THAT(world.texts(Happening::says, second), ElementsAre("Behind"));
}

TEST(Conference, AFullOneIsNotEntered) {
  RoomWorld world;
  world.enter("maxParticipants=\"2\"");
  world.enter();
  const std::string third = world.enter("", 1min);
  EXPECT_THAT(world.codes(), ElementsAre("16020")) << world.story();
  EXPECT_THAT(world.texts(Happening::says, third), ElementsAre("Behind"));
}

TEST(Conference, BesideNumbersItIsTheOneThatCounts) {
  RoomWorld world;
  world.say("<Dial><Conference>Room</Conference><Number>+14155550111</Number></Dial>");
  const std::string sid = world.call(1s);
  EXPECT_EQ(world.view(sid).activity, Activity::inConference) << world.story();
  EXPECT_THAT(world.codes(), ElementsAre("13000"));
  EXPECT_THAT(world.texts(Happening::dials), IsEmpty());
}

// What the action is told.

TEST(Conference, TheActionIsToldThatItWasAnswered) {
  RoomWorld world;
  const std::string a = world.enter();
  world.leave(world.enter("endConferenceOnExit=\"true\""));
  ASSERT_THAT(world.application->seen("/left"), SizeIs(1)) << world.story();
  const Form fields = world.application->seen("/left")[0].fields;
  EXPECT_EQ(fields.get("CallSid"), a);
  EXPECT_EQ(fields.get("DialCallStatus"), "answered");
  EXPECT_FALSE(fields.find("DialCallSid"));
  EXPECT_FALSE(fields.find("DialCallDuration"));
}

TEST(Conference, WithoutAnActionTheNextVerbFollows) {
  RoomWorld world;
  const std::string a = world.enter("", 1s, "");
  world.leave(world.enter("endConferenceOnExit=\"true\""));
  EXPECT_THAT(world.texts(Happening::says, a), ElementsAre("Behind")) << world.story();
}

TEST(Conference, AStarLeavesItIfThatIsAllowed) {
  RoomWorld world;
  const std::string a = world.enter("", 1s, "hangupOnStar=\"true\"");
  const std::string b = world.enter();
  world.provider->press(a, "*");
  world.wait(1s);
  EXPECT_EQ(world.view(a).conference, "") << world.story();
  EXPECT_THAT(world.texts(Happening::says, a), ElementsAre("Behind"));
}

TEST(Conference, NobodyStaysForLongerThanTheTimeLimit) {
  RoomWorld world;
  world.enter("", 1s, "timeLimit=\"60\"");
  world.wait(1min);
  EXPECT_EQ(world.first(Happening::leftConference).at, 1min) << world.story();
}

// Waiting.

TEST(Conference, WhoWaitsHearsTheWaitUrl) {
  RoomWorld world;
  world.enter("waitUrl=\"/wait\"");
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Please wait")) << world.story();
}

TEST(Conference, AfterTheWaitUrlThereIsSilence) {
  RoomWorld world;
  const std::string sid = world.enter("waitUrl=\"/wait\"", 10min);
  EXPECT_EQ(world.view(sid).activity, Activity::inConference) << world.story();
  EXPECT_THAT(world.application->seen("/wait"), SizeIs(1));
}

TEST(Conference, AnEmptyRedirectMakesTheWaitUrlALoop) {
  RoomWorld world;
  world.application->say("/wait", "<Say>Please wait</Say><Pause length=\"10\"/><Redirect/>");
  world.enter("waitUrl=\"/wait\"", 1min);
  EXPECT_THAT(world.application->seen("/wait"), SizeIs(6)) << world.story();
}

TEST(Conference, TheWaitUrlStopsWhenItStarts) {
  RoomWorld world;
  world.application->say("/wait", "<Say>Please wait</Say><Pause length=\"10\"/><Redirect/>");
  world.enter("waitUrl=\"/wait\"", 5s);
  world.enter("waitUrl=\"/wait\"", 1min);
  EXPECT_THAT(world.application->seen("/wait"), SizeIs(1)) << world.story();
}

TEST(Conference, AnEmptyWaitUrlIsSilence) {
  RoomWorld world;
  world.enter("waitUrl=\"\"", 1min);
  EXPECT_THAT(world.texts(Happening::plays), IsEmpty()) << world.story();
}

TEST(Conference, TheWaitUrlMayBeSound) {
  RoomWorld world;
  world.application->answer("/wait", [](const SeenRequest&) {
    return ScriptedApplication::typed("audio/wav", silentWav(10s));
  });
  const std::string sid = world.enter("waitUrl=\"/wait\"", 1min);
  EXPECT_THAT(world.texts(Happening::plays), ElementsAre(at("/wait"))) << world.story();
  EXPECT_EQ(world.view(sid).activity, Activity::inConference);
  EXPECT_THAT(world.codes(), IsEmpty());
}

TEST(Conference, TheWaitUrlIsAskedByItsMethod) {
  RoomWorld world;
  world.enter("waitUrl=\"/wait\" waitMethod=\"GET\"");
  EXPECT_EQ(world.application->seen("/wait").at(0).method, "GET");
}

// The documentation: the participant does not join. Here they join, and leave at once, because the
// room is told of both: `participant_add_failed` is one of its reasons.
TEST(Conference, AWaitUrlThatFailsKeepsItsParticipantOut) {
  RoomWorld world;
  world.application->status("/wait", 404);
  const std::string sid = world.enter("waitUrl=\"/wait\"", 1min);
  EXPECT_EQ(world.first(Happening::leftConference).detail("reason"), "participant_add_failed")
      << world.story();
  EXPECT_TRUE(world.view(sid).isOver());
}

TEST(Conference, OtherVerbsAreNotAllowedInTheWaitUrl) {
  RoomWorld world;
  world.application->say("/wait", "<Gather/>");
  world.enter("waitUrl=\"/wait\"", 1min);
  EXPECT_THAT(world.codes(), ElementsAre("13238")) << world.story();
}

// Beeps.

TEST(Conference, BeepsWhenSomebodyComesOrGoes) {
  PhoneWorld world;
  world.say("<Dial><Conference waitUrl=\"\">Room</Conference></Dial>");
  const std::string a = world.call(1s);
  const std::string b = world.call(1s);
  EXPECT_THAT(world.texts(Happening::plays, a), ElementsAre("a beep")) << world.story();
  world.provider->hangUp(b);
  world.wait(1s);
  EXPECT_THAT(world.texts(Happening::plays, a), ElementsAre("a beep", "a beep")) << world.story();
}

TEST(Conference, BeepsOnlyAsItIsTold) {
  for (const auto& [beep, count] :
       {std::pair{"false", 0U}, std::pair{"onEnter", 1U}, std::pair{"onExit", 1U}}) {
    PhoneWorld world;
    world.say(std::string{"<Dial><Conference waitUrl=\"\" beep=\""} + beep +
              "\">Room</Conference></Dial>");
    const std::string a = world.call(1s);
    const std::string b = world.call(1s);
    world.provider->hangUp(b);
    world.wait(1s);
    EXPECT_THAT(world.texts(Happening::plays, a), SizeIs(count)) << beep << world.story();
  }
}

// WEBHOOKS.md 1.4: status callbacks.

constexpr const char* kAll =
    "statusCallback=\"/status\" "
    "statusCallbackEvent=\"start end join leave mute hold modify speaker announcement\" ";

TEST(ConferenceCallback, TellsItsStoryInOrder) {
  RoomWorld world;
  const std::string a = world.enter(std::string{kAll} + "participantLabel=\"ann\"");
  const std::string b = world.enter("endConferenceOnExit=\"true\" muted=\"true\"");
  world.leave(b);
  EXPECT_THAT(world.events(),
              ElementsAre("participant-join", "participant-join", "conference-start",
                          "participant-leave", "participant-leave", "conference-end"))
      << world.story();
  const auto seen = world.application->seen("/status");
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Form fields = seen[i].fields;
    EXPECT_EQ(fields.get("FriendlyName"), "Room");
    EXPECT_EQ(fields.get("SequenceNumber"), std::to_string(i + 1));  // uncertain: from 1
    for (const char* name : {"ConferenceSid", "AccountSid", "Timestamp"}) {
      EXPECT_FALSE(fields.get(name).empty()) << name;
    }
  }
}

TEST(ConferenceCallback, TellsOfTheParticipant) {
  RoomWorld world;
  const std::string a = world.enter(std::string{kAll} + "participantLabel=\"ann\"");
  const Form fields = world.told("participant-join");
  for (const auto& [name, value] : Form{{"CallSid", a},
                                        {"Muted", "false"},
                                        {"Hold", "false"},
                                        {"Coaching", "false"},
                                        {"EndConferenceOnExit", "false"},
                                        {"StartConferenceOnEnter", "true"},
                                        {"ParticipantLabel", "ann"}}) {
    EXPECT_EQ(fields.find(name), value) << name;
  }
}

TEST(ConferenceCallback, TellsWhySomebodyLeft) {
  RoomWorld world;
  world.enter(kAll);
  world.leave(world.enter());
  const Form fields = world.told("participant-leave");
  EXPECT_EQ(fields.get("ReasonParticipantLeft"), "participant_hung_up") << world.story();
  EXPECT_EQ(fields.get("ParticipantCallStatus"), "completed");
}

TEST(ConferenceCallback, TellsWhyItEnded) {
  RoomWorld world;
  const std::string a = world.enter(kAll);
  const std::string b = world.enter("endConferenceOnExit=\"true\" participantLabel=\"bob\"");
  world.leave(b);
  const Form fields = world.told("conference-end");
  EXPECT_EQ(fields.get("CallSidEndingConference"), b) << world.story();
  EXPECT_EQ(fields.get("ParticipantLabelEndingConference"), "bob");
  EXPECT_EQ(fields.get("ReasonConferenceEnded"), "participant-with-end-conference-on-exit-left");
  EXPECT_EQ(world.application->seen("/status").at(4).fields.get("ReasonParticipantLeft"),
            "moderator_ended_conference");
}

TEST(ConferenceCallback, TellsThatTheLastOneLeft) {
  RoomWorld world;
  const std::string a = world.enter(kAll);
  world.leave(a);
  EXPECT_EQ(world.told("conference-end").get("ReasonConferenceEnded"), "last-participant-left");
}

TEST(ConferenceCallback, TellsOnlyWhatItIsAskedFor) {
  RoomWorld world;
  world.enter("statusCallback=\"/status\" statusCallbackEvent=\"start end\"");
  world.leave(world.enter("endConferenceOnExit=\"true\""));
  EXPECT_THAT(world.events(), ElementsAre("conference-start", "conference-end")) << world.story();
}

TEST(ConferenceCallback, TellsNothingByDefault) {
  RoomWorld world;
  world.enter("statusCallback=\"/status\"");
  world.leave(world.enter("endConferenceOnExit=\"true\""));
  EXPECT_THAT(world.events(), IsEmpty());
}

TEST(ConferenceCallback, TheFirstParticipantsCounts) {
  RoomWorld world;
  world.enter();
  world.enter(kAll);
  world.wait(1min);
  EXPECT_THAT(world.events(), IsEmpty()) << world.story();
}

TEST(ConferenceCallback, ABadAnswerIsAWarning) {
  RoomWorld world;
  world.application->status("/status", 500);
  world.enter("statusCallback=\"/status\" statusCallbackEvent=\"join\"");
  EXPECT_THAT(world.codes(), ElementsAre("16011")) << world.story();
}

TEST(ConferenceRecord, TellsItsCallbackAtTheEnd) {
  RoomWorld world;
  world.enter("record=\"record-from-start\" recordingStatusCallback=\"/status\"");
  const std::string b = world.enter("endConferenceOnExit=\"true\"", 10s);
  world.leave(b);
  ASSERT_THAT(world.application->seen("/status"), SizeIs(1)) << world.story();
  const Form fields = world.application->seen("/status")[0].fields;
  EXPECT_EQ(fields.get("RecordingSource"), "Conference");
  EXPECT_EQ(fields.get("RecordingDuration"), "10");
  EXPECT_FALSE(fields.get("ConferenceSid").empty());
  EXPECT_FALSE(fields.find("CallSid"));
}

}  // namespace
