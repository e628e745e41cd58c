// TWIML.md section 2: Dial of numbers, clients and addresses.

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
using rest::CallStatus;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using Reaction = Telephone::Reaction;

constexpr const char* kBob = "+14155550112";
constexpr const char* kCid = "+14155550113";

struct DialWorld : PhoneWorld {
  /// Ann and Bob answer after 3 and 6 seconds; Cid lets it ring.
  explicit DialWorld(ProviderOptions options = {}) : PhoneWorld(std::move(options)) {
    provider->setTelephone(kAnn, {.reaction = Reaction::answers, .after = 3s});
    provider->setTelephone(kBob, {.reaction = Reaction::answers, .after = 6s});
    application->say("/dialled", "<Say>After</Say>");
    application->status("/status", 204);
  }
  /// Calls, and lets the application dial.
  explicit DialWorld(const std::string& dial) : DialWorld() { begin(dial); }
  void begin(const std::string& dial) {
    say(dial + "<Say>Behind</Say>");
    sid = call(0s);
  }
  [[nodiscard]] Form dialled() const {
    const auto seen = application->seen("/dialled");
    return seen.empty() ? Form{} : seen.front().fields;
  }

  std::string sid;
};

TEST(Dial, ATextIsANumber) {
  DialWorld world{"<Dial>\n +14155550111 \n</Dial>"};
  world.wait(4s);
  EXPECT_THAT(world.texts(Happening::dials), ElementsAre(kAnn)) << world.story();
  EXPECT_EQ(world.view(world.sid).activity, Activity::talking);
  const CallView ann = world.callTo(kAnn);
  EXPECT_EQ(ann.parentSid, world.sid);
  EXPECT_EQ(ann.direction, "outbound-dial");
  EXPECT_EQ(ann.from, "+14155550100");  // the caller's, by default
  EXPECT_THAT(ann.hearers, ElementsAre(world.sid));
}

TEST(Dial, TheCallerHearsItRing) {
  DialWorld world{"<Dial>+14155550111</Dial>"};
  world.wait(2s);
  EXPECT_EQ(world.view(world.sid).activity, Activity::dialling) << world.story();
  EXPECT_EQ(world.callTo(kAnn).activity, Activity::ringing);
}

TEST(Dial, TwoLegsHearEachOther) {
  DialWorld world{"<Dial>+14155550111</Dial>"};
  world.wait(4s);
  const std::string ann = world.callTo(kAnn).sid;
  world.provider->say(world.sid, {.words = "Hello, Ann"});
  world.provider->say(ann, {.words = "Hello"});
  world.provider->press(ann, "5");
  EXPECT_THAT(world.texts(Happening::hears, ann), ElementsAre("Hello, Ann")) << world.story();
  EXPECT_THAT(world.texts(Happening::hears, world.sid), ElementsAre("Hello", "key 5"));
  EXPECT_EQ(world.entries(Happening::hears, ann).at(0).detail("speaker"), world.sid);
  EXPECT_THAT(world.texts(Happening::lost), IsEmpty());
}

TEST(Dial, TheCallerIdMayBeAnother) {
  DialWorld world{"<Dial callerId=\"+14155550199\">+14155550111</Dial>"};
  world.wait(1s);
  EXPECT_EQ(world.callTo(kAnn).from, "+14155550199") << world.story();
}

TEST(Dial, WithoutAnActionTheNextVerbFollows) {
  DialWorld world{"<Dial>+14155550111</Dial>"};
  world.wait(10s);
  world.provider->hangUp(world.callTo(kAnn).sid);
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Behind")) << world.story();
}

TEST(Dial, TheAnswerOfItsActionReplacesTheDocument) {
  DialWorld world{"<Dial action=\"/dialled\">+14155550111</Dial>"};
  world.wait(10s);
  world.provider->hangUp(world.callTo(kAnn).sid);
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("After")) << world.story();
  const Form fields = world.dialled();
  EXPECT_EQ(fields.get("DialCallStatus"), "completed");
  EXPECT_EQ(fields.get("DialCallSid"), world.callTo(kAnn).sid);
  EXPECT_EQ(fields.get("DialCallDuration"), "7");
  EXPECT_EQ(fields.get("DialBridged"), "true");
  EXPECT_EQ(fields.get("CallSid"), world.sid);
}

TEST(Dial, EachPartyEndsOnce) {
  DialWorld world{"<Dial>+14155550111</Dial>"};
  world.wait(10s);
  world.provider->hangUp(world.callTo(kAnn).sid);
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::ended), ElementsAre("completed", "completed"))
      << world.story();
  EXPECT_EQ(world.provider->liveCalls(), 0U);
}

TEST(Dial, TheCallerHangingUpEndsTheDocument) {
  DialWorld world{"<Dial action=\"/dialled\">+14155550111</Dial>"};
  world.wait(10s);
  world.provider->hangUp(world.sid);
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), IsEmpty()) << world.story();
  EXPECT_THAT(world.application->seen("/dialled"), IsEmpty());
  EXPECT_EQ(world.callTo(kAnn).status, CallStatus::completed);
  EXPECT_THAT(world.texts(Happening::ended), SizeIs(2));
}

TEST(Dial, TheCallerHangingUpWhileItRingsCancelsIt) {
  DialWorld world{"<Dial action=\"/dialled\">+14155550111</Dial>"};
  world.wait(1s);
  world.provider->hangUp(world.sid);
  world.wait(1h);
  EXPECT_EQ(world.callTo(kAnn).status, CallStatus::canceled) << world.story();
  EXPECT_EQ(world.provider->liveCalls(), 0U);
}

TEST(Dial, ItsStatusSaysWhyNobodyCame) {
  const std::vector<std::pair<Telephone, std::string>> cases{
      {{.reaction = Reaction::busy}, "busy"},
      {{.reaction = Reaction::refuses, .after = 2s}, "busy"},
      {{.reaction = Reaction::fails}, "failed"},
      {{.reaction = Reaction::rings}, "no-answer"},
  };
  for (const auto& [telephone, status] : cases) {
    DialWorld world;
    world.provider->setTelephone(kAnn, telephone);
    world.begin("<Dial action=\"/dialled\">+14155550111</Dial>");
    world.wait(1h);
    EXPECT_EQ(world.dialled().get("DialCallStatus"), status) << world.story();
    EXPECT_FALSE(world.dialled().find("DialCallDuration"));
    EXPECT_EQ(world.dialled().get("DialBridged"), "false");
  }
}

TEST(Dial, RingsForThirtySecondsUnlessItSaysOtherwise) {
  DialWorld world{"<Dial>+14155550113</Dial>"};
  world.wait(1h);
  EXPECT_EQ(*world.callTo(kCid).ended, 30s) << world.story();
  EXPECT_EQ(world.callTo(kCid).status, CallStatus::noAnswer);
}

TEST(Dial, RingsForAtLeastFiveAndAtMostSixHundredSeconds) {
  for (const auto& [timeout, rings] : {std::pair{"1", 5s}, std::pair{"5000", 600s}}) {
    DialWorld world{std::string{"<Dial timeout=\""} + timeout + "\">+14155550113</Dial>"};
    world.wait(1h);
    EXPECT_EQ(*world.callTo(kCid).ended, rings) << world.story();
  }
}

TEST(Dial, ATelephoneThatRingsMayBeAnsweredOrRefused) {
  DialWorld world{"<Dial action=\"/dialled\">+14155550113</Dial>"};
  world.wait(2s);
  EXPECT_FALSE(world.provider->answer(world.sid));  // the caller does not ring
  EXPECT_TRUE(world.provider->answer(world.callTo(kCid).sid));
  EXPECT_FALSE(world.provider->answer(world.callTo(kCid).sid));
  world.wait(1s);
  EXPECT_EQ(world.view(world.sid).activity, Activity::talking) << world.story();

  DialWorld other{"<Dial action=\"/dialled\">+14155550113</Dial>"};
  other.wait(2s);
  EXPECT_TRUE(other.provider->refuse(other.callTo(kCid).sid));
  other.wait(1h);
  EXPECT_EQ(other.dialled().get("DialCallStatus"), "busy") << other.story();
}

TEST(Dial, NobodyTalksForLongerThanTheTimeLimit) {
  DialWorld world{"<Dial timeLimit=\"60\" action=\"/dialled\">+14155550111</Dial>"};
  world.wait(1h);
  EXPECT_EQ(*world.callTo(kAnn).ended, 63s) << world.story();
  EXPECT_EQ(world.dialled().get("DialCallDuration"), "60");
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("After"));
}

TEST(Dial, SeveralRingAtOnceAndTheFirstAnswerWins) {
  DialWorld world{
      "<Dial><Number>+14155550112</Number><Number>+14155550111</Number>"
      "<Number>+14155550113</Number></Dial>"};
  world.wait(10s);
  EXPECT_EQ(world.callTo(kAnn).activity, Activity::talking) << world.story();
  EXPECT_EQ(world.callTo(kBob).status, CallStatus::canceled);
  EXPECT_EQ(world.callTo(kCid).status, CallStatus::canceled);
  EXPECT_EQ(*world.callTo(kBob).ended, 3s);
}

TEST(Dial, OfTwoAnswersInOneInstantTheOneThatWasMadeFirstWins) {
  DialWorld world;
  world.provider->setTelephone(kBob, {.reaction = Reaction::answers, .after = 3s});
  world.begin("<Dial><Number>+14155550112</Number><Number>+14155550111</Number></Dial>");
  world.wait(10s);
  EXPECT_EQ(world.callTo(kBob).activity, Activity::talking) << world.story();
  EXPECT_FALSE(world.callTo(kAnn).answered);
}

TEST(Dial, SequentialOnesRingOneAfterTheOther) {
  DialWorld world;
  world.provider->setTelephone(kBob, {.reaction = Reaction::busy, .after = 2s});
  world.begin(
      "<Dial sequential=\"true\" timeout=\"10\"><Number>+14155550112</Number>"
      "<Number>+14155550113</Number><Number>+14155550111</Number></Dial>");
  world.wait(1min);
  const auto dials = world.entries(Happening::dials);
  ASSERT_THAT(dials, SizeIs(3)) << world.story();
  EXPECT_EQ(dials[0].text, kBob);
  EXPECT_EQ(dials[1].at, 2s);
  EXPECT_EQ(dials[2].at, 12s);
  EXPECT_EQ(world.callTo(kAnn).activity, Activity::talking);
}

TEST(Dial, TenAreDialledAtMost) {
  std::string nouns;
  for (int i = 10; i < 25; ++i) nouns += "<Number>+141555501" + std::to_string(i) + "</Number>";
  DialWorld world{"<Dial>" + nouns + "</Dial>"};
  world.wait(1s);
  EXPECT_THAT(world.texts(Happening::dials), SizeIs(10)) << world.story();
  EXPECT_THAT(world.codes(), ElementsAre("13215"));
}

TEST(Dial, ClientsAndSipAddressesHaveTelephonesToo) {
  DialWorld world;
  world.provider->setTelephone("client:ann", {.reaction = Reaction::answers});
  world.provider->setTelephone("sip:bob@example.com", {.reaction = Reaction::busy});
  world.begin(
      "<Dial><Sip>sip:bob@example.com</Sip></Dial>"
      "<Dial><Client><Identity>ann</Identity></Client></Dial>");
  world.wait(5s);
  EXPECT_THAT(world.texts(Happening::dials), ElementsAre("sip:bob@example.com", "client:ann"))
      << world.story();
  EXPECT_THAT(world.texts(Happening::notPlayed), ElementsAre(HasSubstr("SIP")));
  EXPECT_EQ(world.callTo("client:ann").activity, Activity::talking);
}

TEST(Dial, AddsTheParametersOfSip) {
  DialWorld world{"<Dial action=\"/dialled\" timeout=\"5\"><Sip>sip:bob@example.com</Sip></Dial>"};
  world.wait(1h);
  EXPECT_TRUE(world.dialled().find("DialSipCallId")) << world.story();
  EXPECT_EQ(world.dialled().get("DialSipResponseCode"), "487");
}

TEST(Dial, WithoutAnybodyFails) {
  DialWorld world{"<Dial action=\"/dialled\"/>"};
  world.wait(1h);
  EXPECT_EQ(world.dialled().get("DialCallStatus"), "failed") << world.story();
}

TEST(Dial, WhatIsNoNumberIsNotCalled) {
  DialWorld world{"<Dial action=\"/dialled\"><Number>call me</Number></Dial>"};
  world.wait(1h);
  EXPECT_EQ(world.dialled().get("DialCallStatus"), "failed") << world.story();
  EXPECT_THAT(world.codes(), ElementsAre("13223"));
}

TEST(Dial, TheCallerMayHangUpOnTheCalleeByAStar) {
  DialWorld world{"<Dial hangupOnStar=\"true\" action=\"/dialled\">+14155550111</Dial>"};
  world.wait(5s);
  world.provider->press(world.sid, "*");
  world.wait(1h);
  EXPECT_TRUE(world.callTo(kAnn).isOver()) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("After"));
}

TEST(Dial, OtherwiseAStarIsAKey) {
  DialWorld world{"<Dial>+14155550111</Dial>"};
  world.wait(5s);
  world.provider->press(world.sid, "*");
  EXPECT_THAT(world.texts(Happening::hears), ElementsAre("key *")) << world.story();
  EXPECT_FALSE(world.callTo(kAnn).isOver());
}

TEST(Dial, WithAnswerOnBridgeTheCallerKeepsRinging) {
  DialWorld world{"<Dial answerOnBridge=\"true\">+14155550111</Dial>"};
  world.wait(1s);
  EXPECT_FALSE(world.view(world.sid).answered) << world.story();
  world.wait(5s);
  EXPECT_EQ(*world.view(world.sid).answered, 3s);
}

TEST(Dial, WithAnswerOnBridgeTheNextVerbAnswersIfNobodyCame) {
  DialWorld world{"<Dial answerOnBridge=\"true\" timeout=\"5\">+14155550113</Dial>"};
  world.wait(1h);
  EXPECT_EQ(*world.view(world.sid).answered, 5s) << world.story();
}

TEST(Dial, KeysArePressedWhenItIsAnswered) {
  DialWorld world{"<Dial><Number sendDigits=\"ww12\">+14155550111</Number></Dial>"};
  world.wait(10s);
  EXPECT_THAT(world.texts(Happening::plays, world.callTo(kAnn).sid), ElementsAre("keys ww12"))
      << world.story();
}

// Screening.

TEST(Screening, TheCalleeHearsItsDocumentBeforeBothAreConnected) {
  DialWorld world;
  world.application->say("/screen", "<Say>A call for you</Say>");
  world.begin("<Dial><Number url=\"/screen\">+14155550111</Number></Dial>");
  world.wait(3500ms);
  EXPECT_EQ(world.view(world.sid).activity, Activity::dialling) << world.story();
  EXPECT_EQ(world.callTo(kAnn).activity, Activity::listening);
  world.wait(10s);
  EXPECT_EQ(world.view(world.sid).activity, Activity::talking) << world.story();
  EXPECT_THAT(world.texts(Happening::says, world.callTo(kAnn).sid), ElementsAre("A call for you"));
  EXPECT_THAT(world.texts(Happening::says, world.sid), IsEmpty());
}

TEST(Screening, ItsRequestIsAboutTheChild) {
  DialWorld world;
  world.application->say("/screen", "");
  world.begin("<Dial><Number url=\"/screen\" method=\"GET\">+14155550111</Number></Dial>");
  world.wait(10s);
  ASSERT_THAT(world.application->seen("/screen"), SizeIs(1)) << world.story();
  const SeenRequest seen = world.application->seen("/screen")[0];
  EXPECT_EQ(seen.method, "GET");
  EXPECT_EQ(seen.fields.get("CallSid"), world.callTo(kAnn).sid);
  EXPECT_EQ(seen.fields.get("ParentCallSid"), world.sid);
  EXPECT_EQ(seen.fields.get("Direction"), "outbound-dial");
  EXPECT_EQ(seen.fields.get("CallStatus"), "in-progress");
}

TEST(Screening, TheCalleeMayBeAsked) {
  DialWorld world;
  world.application->say("/screen",
                         "<Gather numDigits=\"1\" action=\"/accept\"><Say>Press one</Say></Gather>"
                         "<Hangup/>");
  world.application->say("/accept", "<Say>Connecting</Say>");
  world.begin("<Dial><Number url=\"/screen\">+14155550111</Number></Dial>");
  world.wait(5s);
  EXPECT_EQ(world.callTo(kAnn).activity, Activity::asked) << world.story();
  world.provider->press(world.callTo(kAnn).sid, "1");
  world.wait(10s);
  EXPECT_EQ(world.view(world.sid).activity, Activity::talking) << world.story();
}

// Not documented: whoever picked up but was never connected has not answered the caller.
TEST(Screening, AHangupThereIsNoAnswerForTheCaller) {
  DialWorld world;
  world.application->say("/screen", "<Hangup/>");
  world.begin("<Dial action=\"/dialled\"><Number url=\"/screen\">+14155550111</Number></Dial>");
  world.wait(1min);
  EXPECT_EQ(world.dialled().get("DialCallStatus"), "no-answer") << world.story();
  EXPECT_EQ(world.callTo(kAnn).status, CallStatus::completed);
}

TEST(Screening, NobodyIsDialledThere) {
  DialWorld world;
  world.application->say("/screen", "<Dial>+14155550112</Dial>");
  world.begin("<Dial action=\"/dialled\"><Number url=\"/screen\">+14155550111</Number></Dial>");
  world.wait(1min);
  EXPECT_THAT(world.codes(), ElementsAre("13201")) << world.story();
  EXPECT_THAT(world.texts(Happening::dials), ElementsAre(kAnn));
}

TEST(Screening, TheCallerHangingUpEndsIt) {
  DialWorld world;
  world.application->say("/screen", "<Pause length=\"20\"/>");
  world.begin("<Dial><Number url=\"/screen\">+14155550111</Number></Dial>");
  world.wait(5s);
  world.provider->hangUp(world.sid);
  world.wait(1h);
  EXPECT_EQ(world.callTo(kAnn).status, CallStatus::completed) << world.story();
  EXPECT_EQ(world.provider->liveCalls(), 0U);
}

TEST(Screening, TheFirstWhoIsThroughItWins) {
  DialWorld world;
  world.application->say("/long", "<Pause length=\"20\"/>");
  world.application->say("/short", "<Pause length=\"1\"/>");
  world.begin(
      "<Dial><Number url=\"/long\">+14155550111</Number>"
      "<Number url=\"/short\">+14155550112</Number></Dial>");
  world.wait(30s);
  EXPECT_EQ(world.callTo(kBob).activity, Activity::talking) << world.story();
  EXPECT_EQ(world.callTo(kAnn).status, CallStatus::completed);
}

// Answering machines.

TEST(MachineDetection, TellsItsCallback) {
  for (const auto& [reaction, mode, by] :
       {std::tuple{Reaction::answers, "Enable", "human"},
        std::tuple{Reaction::machine, "Enable", "machine_start"},
        std::tuple{Reaction::machine, "DetectMessageEnd", "machine_end_beep"}}) {
    DialWorld world;
    world.provider->setTelephone(kAnn, {.reaction = reaction});
    world.begin(std::string{"<Dial><Number machineDetection=\""} + mode +
                "\" amdStatusCallback=\"/status\" amdStatusCallbackMethod=\"GET\">"
                "+14155550111</Number></Dial>");
    world.wait(1min);
    ASSERT_THAT(world.application->seen("/status"), SizeIs(1)) << world.story();
    const SeenRequest seen = world.application->seen("/status")[0];
    EXPECT_EQ(seen.method, "GET");
    EXPECT_EQ(seen.fields.get("AnsweredBy"), by);
    EXPECT_EQ(seen.fields.get("CallSid"), world.callTo(kAnn).sid);
    EXPECT_FALSE(seen.fields.get("MachineDetectionDuration").empty());
  }
}

// Recording of a Dial.

TEST(DialRecord, TheActionIsToldWhereItIs) {
  DialWorld world{
      "<Dial record=\"record-from-answer-dual\" action=\"/dialled\" "
      "recordingStatusCallback=\"/status\">+14155550111</Dial>"};
  world.wait(10s);
  world.provider->hangUp(world.callTo(kAnn).sid);
  world.wait(1h);
  EXPECT_THAT(std::string{world.dialled().get("RecordingUrl")}, StartsWith("https://"))
      << world.story();
  ASSERT_THAT(world.application->seen("/status"), SizeIs(1));
  const Form fields = world.application->seen("/status")[0].fields;
  EXPECT_EQ(fields.get("RecordingStatus"), "completed");
  EXPECT_EQ(fields.get("RecordingSource"), "DialVerb");
  EXPECT_EQ(fields.get("RecordingChannels"), "2");
  EXPECT_EQ(fields.get("RecordingDuration"), "7");
}

TEST(DialRecord, TrueIsARecordingAndFalseIsNone) {
  for (const auto& [record, count] :
       {std::pair{"true", 1U}, std::pair{"false", 0U}, std::pair{"do-not-record", 0U}}) {
    DialWorld world{std::string{"<Dial record=\""} + record + "\">+14155550111</Dial>"};
    world.wait(10s);
    world.provider->hangUp(world.callTo(kAnn).sid);
    world.wait(1h);
    EXPECT_THAT(world.texts(Happening::recorded), SizeIs(count)) << world.story();
  }
}

}  // namespace
