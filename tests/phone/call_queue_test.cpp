// TWIML.md section 2: Enqueue, Leave, Dial Queue.

#include "phone/scripted_application.hpp"
#include "phone/sounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using rest::CallStatus;
using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

constexpr const char* kQueueAgent = "+15550200";

/// One number enqueues its callers, another dials the queue.
struct QueueWorld : PhoneWorld {
  explicit QueueWorld(
      const std::string& attributes = "action=\"/left\" waitUrl=\"/wait\"",
      const std::string& dial = "<Dial action=\"/dialled\"><Queue>q</Queue></Dial>") {
    say("<Enqueue " + attributes + ">q</Enqueue><Say>Behind</Say>");
    application->say("/wait", "<Say>Please wait</Say><Pause length=\"10\"/>");
    application->say("/left", "<Say>Left</Say>");
    application->say("/agent", dial + "<Say>No more</Say>");
    application->say("/dialled", "<Say>Dialled</Say>");
    NumberSettings agents;
    agents.voiceUrl = at("/agent");
    provider->setNumber(kQueueAgent, agents);
  }
  std::string agent(std::chrono::milliseconds time = 0ms) {
    std::string sid = provider->call({.from = "+14155550200", .to = kQueueAgent});
    wait(time);
    return sid;
  }
  [[nodiscard]] std::vector<Form> asked(const std::string& path) const {
    std::vector<Form> all;
    for (const SeenRequest& one : application->seen(path)) all.push_back(one.fields);
    return all;
  }
};

TEST(Enqueue, TheCallerHearsTheWaitingDocument) {
  QueueWorld world;
  const std::string sid = world.call(1s);
  EXPECT_EQ(world.view(sid).activity, Activity::queued) << world.story();
  EXPECT_EQ(world.view(sid).queue, "q");
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Please wait"));
}

TEST(Enqueue, TheWaitingDocumentIsAskedForAgainAtItsEnd) {
  QueueWorld world;
  world.call(1min);
  EXPECT_THAT(world.asked("/wait"), SizeIs(6)) << world.story();
}

TEST(Enqueue, TheWaitingDocumentIsToldOfTheQueue) {
  QueueWorld world;
  const std::string first = world.call(20s);
  const std::string second = world.call(20s);
  const auto asked = world.asked("/wait");
  const Form fields = asked.back();  // both ask every 10.7 s
  for (const char* name : {"QueuePosition", "QueueSid", "QueueTime", "AvgQueueTime",
                           "CurrentQueueSize", "MaxQueueSize"}) {
    EXPECT_TRUE(fields.find(name)) << name << '\n' << world.story();
  }
  EXPECT_EQ(asked.front().get("QueuePosition"), "1");
  EXPECT_EQ(asked.front().get("QueueTime"), "0");
  EXPECT_EQ(asked.front().get("CurrentQueueSize"), "1");
  EXPECT_EQ(asked.front().get("MaxQueueSize"), "1000");
  EXPECT_EQ(fields.get("QueuePosition"), fields.get("CallSid") == first ? "1" : "2");
  EXPECT_EQ(fields.get("CurrentQueueSize"), "2");
}

TEST(Enqueue, WithoutAWaitUrlTheProvidersMusicIsHeard) {
  QueueWorld world{""};
  world.call(1s);
  EXPECT_THAT(world.texts(Happening::plays), ElementsAre("the provider's hold music"))
      << world.story();
}

TEST(Enqueue, AnEmptyWaitUrlIsSilence) {
  QueueWorld world{"waitUrl=\"\""};
  const std::string sid = world.call(1s);
  EXPECT_EQ(world.view(sid).activity, Activity::queued) << world.story();
  EXPECT_THAT(world.texts(Happening::plays), IsEmpty());
  EXPECT_THAT(world.application->seen(), SizeIs(1));
}

TEST(Enqueue, TheWaitUrlMayBeSoundAndTheCallerStays) {
  QueueWorld world;
  world.application->answer("/wait", [](const SeenRequest&) {
    return ScriptedApplication::typed("audio/wav", silentWav(10s));
  });
  const std::string sid = world.call(35s);
  EXPECT_EQ(world.view(sid).activity, Activity::queued) << world.story();
  EXPECT_THAT(world.texts(Happening::plays), SizeIs(4));
}

TEST(Enqueue, AWaitOf45MinutesIsPlayedToItsEnd) {
  QueueWorld world;
  const std::string sid = world.call(45min);
  EXPECT_EQ(world.view(sid).activity, Activity::queued);
  const std::string agent = world.agent(1s);
  EXPECT_EQ(world.view(sid).activity, Activity::talking);
  EXPECT_EQ(world.first(Happening::connected).at, 45min);
  EXPECT_THAT(world.asked("/wait"), SizeIs(testing::AllOf(Ge(240U), Le(270U))));
}

TEST(Enqueue, ADocumentThatTakesNoTimeDoesNotStopTime) {
  QueueWorld world;
  world.application->say("/wait", "");
  const std::string sid = world.call(1min);
  EXPECT_EQ(world.view(sid).activity, Activity::queued);
  EXPECT_THAT(world.asked("/wait"), SizeIs(testing::AllOf(Ge(30U), Le(61U))));
}

TEST(Enqueue, TheDocumentMayAskForDigits) {
  QueueWorld world;
  world.application->say("/wait", "<Gather numDigits=\"1\" action=\"/key\"/>");
  world.application->say("/key", "<Leave/>");
  const std::string sid = world.call(1s);
  EXPECT_EQ(world.view(sid).activity, Activity::asked) << world.story();
  world.provider->press(sid, "9");
  world.wait(1min);
  EXPECT_EQ(world.asked("/key").at(0).get("Digits"), "9") << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Left"));
}

TEST(Enqueue, AVerbThatIsNotAllowedThereEndsTheWaiting) {
  QueueWorld world;
  world.application->say("/wait", "<Record/>");
  world.call(1min);
  EXPECT_THAT(world.codes(), ElementsAre("13238")) << world.story();
  EXPECT_EQ(world.asked("/left").at(0).get("QueueResult"), "error");
}

TEST(Enqueue, AHangupInTheDocumentEndsTheCall) {
  QueueWorld world;
  world.application->say("/wait", "<Say>Goodbye</Say><Hangup/>");
  const std::string sid = world.call(1min);
  EXPECT_EQ(world.view(sid).status, CallStatus::completed) << world.story();
}

TEST(Enqueue, AnErrorOfTheDocumentIsAResult) {
  QueueWorld world;
  world.application->status("/wait", 500);
  world.call(1min);
  EXPECT_EQ(world.asked("/left").at(0).get("QueueResult"), "error") << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Left"));
}

TEST(Enqueue, AFullQueueSaysQueueFull) {
  QueueWorld world{"action=\"/left\" waitUrl=\"/wait\" maxQueueSize=\"1\""};
  world.call(1s);
  world.call(1s);
  const Form fields = world.asked("/left").at(0);
  EXPECT_EQ(fields.get("QueueResult"), "queue-full") << world.story();
  EXPECT_FALSE(fields.find("QueueSid"));  // only if it was enqueued
  EXPECT_THAT(world.codes(), Contains("14207"));
}

TEST(Leave, GoesOnWithTheAction) {
  QueueWorld world;
  world.application->say("/wait", "<Pause length=\"7\"/><Leave/><Say>Not heard</Say>");
  world.call(1min);
  const Form fields = world.asked("/left").at(0);
  EXPECT_EQ(fields.get("QueueResult"), "leave") << world.story();
  EXPECT_EQ(fields.get("QueueTime"), "7");
  EXPECT_FALSE(fields.get("QueueSid").empty());
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Left"));
}

TEST(Leave, WithoutAnActionTheVerbBehindEnqueueFollows) {
  QueueWorld world{"waitUrl=\"/wait\""};
  world.application->say("/wait", "<Leave/>");
  world.call(1min);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Behind")) << world.story();
}

TEST(Enqueue, TheActionIsToldThatTheCallerHungUp) {
  QueueWorld world;
  const std::string sid = world.call(5s);
  world.provider->hangUp(sid);
  world.wait(1min);
  ASSERT_THAT(world.asked("/left"), SizeIs(1)) << world.story();
  EXPECT_EQ(world.asked("/left")[0].get("QueueResult"), "hangup");
  EXPECT_EQ(world.asked("/left")[0].get("CallStatus"), "completed");
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Please wait"));
}

// Dial Queue.

TEST(DialQueue, TakesWhoHasWaitedLongest) {
  QueueWorld world;
  const std::string first = world.call(5s);
  const std::string second = world.call(5s);
  const std::string agent = world.agent(1s);
  EXPECT_EQ(world.view(first).activity, Activity::talking) << world.story();
  EXPECT_EQ(world.view(second).activity, Activity::queued);
  world.provider->say(agent, {.words = "How can I help?"});
  world.provider->say(first, {.words = "Hello"});
  EXPECT_THAT(world.texts(Happening::hears, first), ElementsAre("How can I help?"));
  EXPECT_THAT(world.texts(Happening::hears, agent), ElementsAre("Hello"));
}

TEST(DialQueue, TheWaitingDocumentStopsWhenBothAreConnected) {
  QueueWorld world;
  world.call(5s);
  world.agent(1min);
  EXPECT_THAT(world.asked("/wait"), SizeIs(1)) << world.story();
}

TEST(DialQueue, AfterTheBridgeTheEnqueuesActionIsAsked) {
  QueueWorld world;
  const std::string caller = world.call(5s);
  const std::string agent = world.agent(10s);
  EXPECT_THAT(world.asked("/left"), IsEmpty());
  world.provider->hangUp(agent);
  world.wait(1min);
  ASSERT_THAT(world.asked("/left"), SizeIs(1)) << world.story();
  EXPECT_EQ(world.asked("/left")[0].get("QueueResult"), "bridged");
  EXPECT_EQ(world.asked("/left")[0].get("CallSid"), caller);
  EXPECT_THAT(world.texts(Happening::says, caller), ElementsAre("Please wait", "Left"));
}

TEST(DialQueue, WhenTheCallerHangsUpTheAgentGoesOn) {
  QueueWorld world;
  const std::string caller = world.call(5s);
  const std::string agent = world.agent(10s);
  world.provider->hangUp(caller);
  world.wait(1min);
  EXPECT_THAT(world.texts(Happening::says, agent), ElementsAre("Dialled")) << world.story();
  const Form fields = world.asked("/dialled").at(0);
  EXPECT_EQ(fields.get("DialCallStatus"), "completed");
  EXPECT_EQ(fields.get("DequeingCallSid"), agent);  // the provider's own spelling
  EXPECT_EQ(fields.get("QueueTime"), "5");
  EXPECT_EQ(world.asked("/left").at(0).get("QueueResult"), "bridged");
}

TEST(DialQueue, WaitsForSomebodyUntilItsTimeout) {
  QueueWorld world;
  world.call(0s);
  world.agent(0s);  // takes the only one
  const std::string second = world.agent(20s);
  EXPECT_EQ(world.view(second).activity, Activity::dialling) << world.story();
  const std::string caller = world.call(1s);
  EXPECT_EQ(world.view(second).activity, Activity::talking) << world.story();
  const std::string third = world.agent(1min);
  EXPECT_EQ(world.asked("/dialled").at(0).get("DialCallStatus"), "no-answer") << world.story();
  EXPECT_EQ(world.asked("/dialled").at(0).get("CallSid"), third);
}

TEST(DialQueue, AQueueThatIsNotThereIsAnErrorForTheAction) {
  QueueWorld world;
  world.agent(1min);
  EXPECT_EQ(world.asked("/dialled").at(0).get("DialCallStatus"), "failed") << world.story();
}

TEST(DialQueue, TheQueuedCallerHearsItsDocumentFirst) {
  QueueWorld world{"action=\"/left\" waitUrl=\"/wait\"",
                   "<Dial action=\"/dialled\"><Queue url=\"/whisper\">q</Queue></Dial>"};
  world.application->say("/whisper", "<Say>You will be connected</Say>");
  const std::string caller = world.call(5s);
  const std::string agent = world.agent(1s);
  EXPECT_EQ(world.view(agent).activity, Activity::dialling) << world.story();
  const Form fields = world.asked("/whisper").at(0);
  EXPECT_EQ(fields.get("CallSid"), caller);
  EXPECT_EQ(fields.get("DequeingCallSid"), agent);
  EXPECT_EQ(fields.get("QueueTime"), "5");
  EXPECT_FALSE(fields.get("QueueSid").empty());
  world.wait(10s);
  EXPECT_EQ(world.view(agent).activity, Activity::talking) << world.story();
  EXPECT_THAT(world.texts(Happening::says, caller),
              ElementsAre("Please wait", "You will be connected"));
}

TEST(DialQueue, ALongDocumentDoesNotCountAsWaiting) {
  QueueWorld world{"action=\"/left\" waitUrl=\"/wait\"",
                   "<Dial action=\"/dialled\" timeout=\"10\"><Queue url=\"/whisper\">q</Queue>"
                   "</Dial>"};
  world.application->say("/whisper", "<Pause length=\"60\"/>");
  world.call(5s);
  const std::string agent = world.agent(61s);
  EXPECT_EQ(world.view(agent).activity, Activity::talking) << world.story();
}

// Not documented: whoever dials the queue waits for another caller.
TEST(DialQueue, ACallerWhoHangsUpDuringTheDocumentMakesRoomForTheNext) {
  QueueWorld world{"action=\"/left\" waitUrl=\"/wait\"",
                   "<Dial action=\"/dialled\" timeout=\"10\"><Queue url=\"/whisper\">q</Queue>"
                   "</Dial>"};
  world.application->say("/whisper", "<Pause length=\"20\"/>");
  const std::string first = world.call(5s);
  const std::string agent = world.agent(5s);
  const std::string second = world.call(5s);
  world.provider->hangUp(first);
  world.wait(21s);
  EXPECT_EQ(world.view(agent).activity, Activity::talking) << world.story();
  EXPECT_EQ(world.view(second).activity, Activity::talking);
}

TEST(DialQueue, WithNobodyLeftItWaitsForItsTimeoutAgain) {
  QueueWorld world{"action=\"/left\" waitUrl=\"/wait\"",
                   "<Dial action=\"/dialled\" timeout=\"10\"><Queue url=\"/whisper\">q</Queue>"
                   "</Dial>"};
  world.application->say("/whisper", "<Pause length=\"20\"/>");
  const std::string first = world.call(5s);
  const std::string agent = world.agent(15s);
  world.provider->hangUp(first);
  world.wait(9s);
  EXPECT_EQ(world.view(agent).activity, Activity::dialling) << world.story();
  world.wait(2s);
  EXPECT_EQ(world.asked("/dialled").at(0).get("DialCallStatus"), "no-answer") << world.story();
}

TEST(DialQueue, AnAgentWhoHangsUpDuringTheDocumentLetsTheCallerGoOn) {
  QueueWorld world{"action=\"/left\" waitUrl=\"/wait\"",
                   "<Dial><Queue url=\"/whisper\">q</Queue></Dial>"};
  world.application->say("/whisper", "<Pause length=\"20\"/>");
  const std::string caller = world.call(5s);
  const std::string agent = world.agent(5s);
  world.provider->hangUp(agent);
  world.wait(1min);
  EXPECT_THAT(world.asked("/left"), SizeIs(1)) << world.story();
  EXPECT_TRUE(world.view(caller).isOver());
}

TEST(DialQueue, WithAnswerOnBridgeItAnswersWhenSomebodyIsThere) {
  QueueWorld world{"waitUrl=\"/wait\"", "<Dial answerOnBridge=\"true\"><Queue>q</Queue></Dial>"};
  const std::string first = world.call(1s);
  world.agent(1s);
  const std::string agent = world.agent(5s);
  EXPECT_FALSE(world.view(agent).answered) << world.story();
  world.call(1s);
  EXPECT_TRUE(world.view(agent).answered) << world.story();
}

TEST(DialQueue, WhoLeavesNoLongerWaits) {
  QueueWorld world;
  world.call(0s);
  world.agent(0s);
  const std::string agent = world.agent(5s);
  world.provider->hangUp(agent);
  const std::string caller = world.call(1min);
  EXPECT_EQ(world.view(caller).activity, Activity::queued) << world.story();
}

}  // namespace
