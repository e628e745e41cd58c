// What a provider remembers is bounded, and lists of conferences may be late.

#include "phone/api_world.hpp"

#include <gmock/gmock.h>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

ProviderOptions smallMemory() {
  ProviderOptions options;
  options.keptCalls = 3;
  options.keptConferences = 2;
  options.keptRecordings = 2;
  options.keptMessages = 2;
  return options;
}

class ApiBounds : public ApiTest {
 protected:
  ApiBounds() : ApiTest(smallMemory()) {}
};

TEST_F(ApiBounds, TheCallsThatEndedFirstAreForgotten) {
  world.application->say("/voice", "<Say>Hello</Say>");
  std::vector<std::string> calls;
  for (int i = 0; i < 5; ++i) calls.push_back(world.call(1min));
  EXPECT_THAT(world.provider->calls(), SizeIs(3));
  EXPECT_EQ(world.provider->find(calls[1]), std::nullopt);
  EXPECT_EQ(codeOf(client.fetchCall(calls[1])), 20404);
  EXPECT_EQ(get(client.fetchCall(calls[2])).sid, calls[2]);
  EXPECT_THAT(get(client.listCalls()).items, SizeIs(3));
}

TEST_F(ApiBounds, LiveCallsAreNeverForgotten) {
  world.application->say("/voice", "<Say>Hello</Say><Pause length=\"600\"/>");
  const std::string first = world.call(1s);
  for (int i = 0; i < 5; ++i) {
    world.provider->hangUp(world.call(1s));
  }
  EXPECT_EQ(world.view(first).activity, Activity::listening);
  EXPECT_EQ(world.provider->liveCalls(), 1U);
  EXPECT_THAT(world.provider->calls(), SizeIs(4));
}

TEST_F(ApiBounds, ADeletedCallMakesNoRoomAndTakesNone) {
  world.application->say("/voice", "<Say>Hello</Say>");
  const std::string sid = world.call(1min);
  (void)get(client.deleteCall(sid));
  for (int i = 0; i < 5; ++i) (void)world.call(1min);
  EXPECT_THAT(world.provider->calls(), SizeIs(3));
}

TEST_F(ApiBounds, TheOldestRecordingsAreForgotten) {
  world.application->say("/voice", "<Record action=\"/done\" timeout=\"2\" trim=\"do-not-trim\"/>");
  world.application->say("/done", "<Hangup/>");
  std::vector<std::string> recordings;
  for (int i = 0; i < 4; ++i) {
    (void)world.call(1min);
    recordings.push_back(get(client.listRecordings()).items.at(0).sid);
  }
  EXPECT_THAT(get(client.listRecordings()).items,
              ElementsAre(Field(&rest::RecordingResource::sid, recordings[3]),
                          Field(&rest::RecordingResource::sid, recordings[2])));
  EXPECT_EQ(codeOf(client.fetchRecording(recordings[0])), 20404);
  EXPECT_EQ(ask("GET", "/Recordings/" + recordings[0]).code(), 20404);
}

TEST_F(ApiBounds, TheOldestMessagesAreForgotten) {
  std::vector<std::string> sids;
  for (int i = 0; i < 4; ++i) {
    sids.push_back(
        get(client.createMessage({.to = kAgent, .from = "+15550100", .body = "Hello"})).sid);
  }
  EXPECT_THAT(world.provider->messages(), SizeIs(2));
  EXPECT_EQ(codeOf(client.fetchMessage(sids[1])), 20404);
  EXPECT_EQ(get(client.fetchMessage(sids[2])).sid, sids[2]);
}

TEST_F(ApiBounds, TheConferencesThatEndedFirstAreForgotten) {
  world.application->say("/voice", "<Dial><Conference>room</Conference></Dial>");
  for (int i = 0; i < 4; ++i) {
    world.provider->hangUp(world.call(5s));
  }
  const std::string live = world.call(5s);
  EXPECT_THAT(get(client.listConferences()).items, SizeIs(3));
  EXPECT_EQ(world.view(live).activity, Activity::inConference);
}

TEST_F(ApiBounds, QueuesWithNobodyMakeRoomForOthers) {
  const auto kept = get(client.createQueue({.friendlyName = "kept"}));
  world.application->say("/voice", "<Enqueue waitUrl=\"\">kept</Enqueue>");
  (void)world.call(5s);
  const auto first = get(client.createQueue({.friendlyName = "first"}));
  for (int i = 0; i < 1000; ++i) {
    (void)get(client.createQueue({.friendlyName = "queue " + std::to_string(i)}));
  }
  EXPECT_EQ(codeOf(client.fetchQueue(first.sid)), 20404);
  EXPECT_EQ(get(client.fetchQueue(kept.sid)).currentSize, 1);
}

// ---- Callbacks to a server that never answers

class HangingCallbacks : public ApiTest {
 protected:
  HangingCallbacks() {
    world.provider->setTelephone(kAgent, {.reaction = Telephone::Reaction::answers});
    world.application->say("/voice", "<Say>Hello</Say><Pause length=\"5\"/><Say>Bye</Say>");
    world.application->neverAnswer("/status");
  }

  void call(int times) {
    for (int i = 0; i < times; ++i) {
      const auto made = get(client.createCall(
          {.to = kAgent,
           .from = "+15550100",
           .url = at("/voice"),
           .statusCallback = at("/status"),
           .statusCallbackEvent = {"initiated", "ringing", "answered", "completed"}}));
      sids.push_back(made.sid);
    }
  }
  [[nodiscard]] std::size_t told() const { return world.application->seen("/status").size(); }

  std::vector<std::string> sids;
};

TEST_F(HangingCallbacks, LetCallsGoOnAndTheApiAnswer) {
  call(300);
  world.wait(10s);
  EXPECT_EQ(
      get(client.listCalls({.status = rest::CallStatus::completed, .pageSize = 1000})).items.size(),
      300U);
  EXPECT_THAT(world.texts(Happening::says), SizeIs(600));
  EXPECT_THAT(world.application->seen("/voice"), SizeIs(300));
}

TEST_F(HangingCallbacks, AreSentAFewAtOnceInTheirOrder) {
  call(300);
  world.wait(10s);
  EXPECT_EQ(told(), 256U);
  world.wait(15s);  // the first of them are given up
  EXPECT_EQ(told(), 512U);
  world.wait(10min);
  EXPECT_EQ(told(), 1200U);
  EXPECT_EQ(world.provider->requests(), 0U);
  std::vector<std::string> statuses;
  for (const SeenRequest& one : world.application->seen("/status")) {
    if (one.fields.get("CallSid") == sids.back())
      statuses.emplace_back(one.fields.get("CallStatus"));
  }
  EXPECT_THAT(statuses, ElementsAre("initiated", "ringing", "in-progress", "completed"));
}

TEST_F(HangingCallbacks, ThatWaitAreBounded) {
  for (int i = 0; i < 5'200; ++i) {
    // Two callbacks each.
    (void)get(client.createMessage(
        {.to = kAgent, .from = "+15550100", .body = "Hello", .statusCallback = at("/status")}));
  }
  world.wait(1s);
  EXPECT_EQ(world.provider->requests(), 10'256U);
  EXPECT_THAT(world.codes(), Contains("15003"));
  EXPECT_EQ(codeOf(client.fetchCall("CA00000000000000000000000000000000")), 20404);
}

// ---- Lists that are late

ProviderOptions lateLists() {
  ProviderOptions options;
  options.conferenceListDelay = 10s;
  return options;
}

class LateLists : public ApiTest {
 protected:
  LateLists() : ApiTest(lateLists()) {
    world.application->say("/voice", "<Dial><Conference waitUrl=\"\">room</Conference></Dial>");
  }
};

TEST_F(LateLists, AConferenceIsListedLaterThanItIsFetched) {
  const std::string caller = world.call(5s);
  const std::string sid = world.first(Happening::joined).details.at(0).second;
  EXPECT_THAT(get(client.listConferences()).items, IsEmpty());
  EXPECT_EQ(get(client.fetchConference(sid)).status, rest::ConferenceStatus::init);
  world.wait(6s);
  EXPECT_THAT(get(client.listConferences()).items,
              ElementsAre(Field(&rest::ConferenceResource::status, rest::ConferenceStatus::init)));
  (void)world.call(5s);
  EXPECT_EQ(get(client.fetchConference(sid)).status, rest::ConferenceStatus::inProgress);
  EXPECT_EQ(get(client.listConferences()).items.at(0).status, rest::ConferenceStatus::init);
  world.wait(10s);
  EXPECT_EQ(get(client.listConferences()).items.at(0).status, rest::ConferenceStatus::inProgress);
  (void)get(client.updateConference(sid, {.status = rest::ConferenceStatus::completed}));
  EXPECT_EQ(get(client.listConferences()).items.at(0).status, rest::ConferenceStatus::inProgress);
  EXPECT_THAT(get(client.listConferences({.status = rest::ConferenceStatus::completed})).items,
              IsEmpty());
  world.wait(10s);
  const auto over = get(client.listConferences()).items.at(0);
  EXPECT_EQ(over.status, rest::ConferenceStatus::completed);
  EXPECT_EQ(over.reasonConferenceEnded, rest::ReasonConferenceEnded::conferenceEndedViaApi);
}

TEST_F(LateLists, ParticipantsAreListedLaterThanTheyAreFetched) {
  const std::string one = world.call(1s);
  const std::string sid = world.first(Happening::joined).details.at(0).second;
  EXPECT_THAT(get(client.listParticipants(sid)).items, IsEmpty());
  EXPECT_EQ(get(client.fetchParticipant(sid, one)).callSid, one);
  world.wait(11s);
  EXPECT_THAT(get(client.listParticipants(sid)).items, SizeIs(1));
  const std::string two = world.call(1s);
  (void)get(client.updateParticipant(sid, one, {.muted = true}));
  EXPECT_EQ(get(client.fetchParticipant(sid, one)).muted, true);
  EXPECT_THAT(get(client.listParticipants(sid)).items,
              ElementsAre(Field(&rest::ParticipantResource::muted, false)));
  world.wait(11s);
  EXPECT_THAT(get(client.listParticipants(sid, {.muted = true})).items, SizeIs(1));
  EXPECT_THAT(get(client.listParticipants(sid)).items, SizeIs(2));
  world.provider->hangUp(two);
  EXPECT_THAT(get(client.listParticipants(sid)).items, SizeIs(2));
  EXPECT_EQ(codeOf(client.fetchParticipant(sid, two)), 20404);
  world.wait(11s);
  EXPECT_THAT(get(client.listParticipants(sid)).items, SizeIs(1));
}

// ---- Events in a wrong format

using StatusEvents = ApiTest;

TEST_F(StatusEvents, InOneValueAreTakenWithAWarningAndNobodyIsTold) {
  world.provider->setTelephone(kAgent, {.reaction = Telephone::Reaction::answers});
  world.application->say("/voice", "<Say>Hello</Say>");
  world.application->say("/status", "");
  const auto call = get(client.createCall({.to = kAgent,
                                           .from = "+15550100",
                                           .url = "http://app.example/voice",
                                           .statusCallback = "http://app.example/status",
                                           .statusCallbackEvent = {"initiated answered"}}));
  EXPECT_EQ(call.status, rest::CallStatus::queued);
  world.wait(1min);
  EXPECT_THAT(world.codes(), ElementsAre("21626"));
  EXPECT_THAT(world.application->paths(), ElementsAre("/voice"));
}

TEST_F(StatusEvents, OfAParticipantInOneValueAreTakenWithAWarning) {
  world.provider->setTelephone(kAgent, {.reaction = Telephone::Reaction::answers});
  (void)get(client.createParticipant("room", {.from = "+15550100",
                                              .to = kAgent,
                                              .statusCallback = "http://app.example/status",
                                              .statusCallbackEvent = {"Answered"}}));
  world.wait(1min);
  EXPECT_THAT(world.codes(), Contains("21626"));
  EXPECT_THAT(world.application->paths(), IsEmpty());
}

}  // namespace
