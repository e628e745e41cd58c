// What the API does to live calls, asked by our own client.

#include "ivr/http/handler_transport.hpp"
#include "ivr/rest/rest_client.hpp"
#include "phone/scripted_application.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>

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

constexpr const char* kAgent = "+14155550111";

class Api : public testing::Test {
 protected:
  template <class T>
  T get(Later<T> later) {
    std::optional<Settled<T>> outcome;
    std::move(later).receive([&](Settled<T> settled) { outcome = std::move(settled); });
    (void)world.loop->run([&] { return outcome.has_value(); }, 1min);
    if (!outcome) throw std::logic_error{"the API has not answered"};
    if (const auto* error = std::get_if<1>(&*outcome)) std::rethrow_exception(*error);
    return std::get<0>(std::move(*outcome));
  }

  template <class T>
  int codeOf(Later<T> later) {
    try {
      (void)get(std::move(later));
    } catch (const rest::RestError& error) {
      return error.code();
    }
    return 0;
  }

  /// The agent's leg.
  [[nodiscard]] CallView agent() const {
    for (const CallView& call : world.provider->calls()) {
      if (call.to == kAgent) return call;
    }
    throw std::logic_error{"nobody has called the agent"};
  }

  PhoneWorld world;
  rest::Client client{{.accountSid = "AC00000000000000000000000000000001", .secret = "token"},
                      http::handlerTransport(world.provider->api()),
                      world.loop->timers()};
};

TEST_F(Api, AWrongTokenIsRefusedWith20003) {
  rest::Client stranger{{.accountSid = "AC00000000000000000000000000000001", .secret = "other"},
                        http::handlerTransport(world.provider->api()),
                        world.loop->timers()};
  EXPECT_EQ(codeOf(stranger.listCalls()), 20003);
}

TEST_F(Api, AnUnknownCallIs20404) {
  EXPECT_EQ(codeOf(client.fetchCall("CA00000000000000000000000000000000")), 20404);
}

TEST_F(Api, ALiveCallGoesOnWithTheDocumentAtAnAddress) {
  world.application->say("/voice", "<Say>Please hold</Say><Pause length=\"60\"/>");
  world.application->say("/moved", "<Say>Here you are</Say>");
  const std::string sid = world.call(10s);
  const auto call = get(client.updateCall(sid, {.url = "http://app.example/moved"}));
  EXPECT_EQ(call.status, rest::CallStatus::inProgress);
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Please hold", "Here you are"))
      << world.story();
  EXPECT_EQ(world.view(sid).status, rest::CallStatus::completed);
}

TEST_F(Api, ALiveCallGoesOnWithATextAndEnds) {
  world.application->say("/voice", "<Say>Please hold</Say><Pause length=\"60\"/><Say>Never</Say>");
  const std::string sid = world.call(10s);
  (void)get(client.updateCall(sid, {.twiml = "<Response><Say>Moved</Say><Hangup/></Response>"}));
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Please hold", "Moved")) << world.story();
}

TEST_F(Api, ACallThatIsNotAnsweredYetCannotBeMoved) {
  world.application->say("/voice", "<Pause length=\"60\"/><Say>Hello</Say>");
  const std::string sid = world.call(10s);
  EXPECT_EQ(codeOf(client.updateCall(sid, {.url = "http://app.example/moved"})), 21220);
}

TEST_F(Api, ACallThatIsOverCannotBeMoved) {
  world.application->say("/voice", "<Say>Hello</Say>");
  const std::string sid = world.call();
  EXPECT_EQ(codeOf(client.updateCall(sid, {.url = "http://app.example/moved"})), 21220);
}

TEST_F(Api, CompletedEndsALiveCall) {
  world.application->say("/voice", "<Say>Hello</Say><Pause length=\"60\"/>");
  const std::string sid = world.call(10s);
  const auto call = get(client.updateCall(sid, {.status = rest::CallEnd::completed}));
  EXPECT_EQ(call.status, rest::CallStatus::completed);
  EXPECT_TRUE(world.view(sid).isOver());
}

TEST_F(Api, AnUpdateDiscardsTheAnswerOfAWebhookUnderWay) {
  // The application moves the call before it answers the webhook about it.
  world.application->answer("/voice", [&](const SeenRequest& request) {
    if (request.fields.get("CallStatus") == "ringing") {
      return ScriptedApplication::document("<Say>Hi</Say><Redirect>/voice</Redirect>");
    }
    (void)client.updateCall(request.fields.get("CallSid"), {.url = "http://app.example/moved"});
    return ScriptedApplication::document("<Pause length=\"1\"/><Say>Too late</Say>");
  });
  world.application->say("/moved", "<Say>Moved</Say>");
  (void)world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Hi", "Moved")) << world.story();
}

TEST_F(Api, TheInterruptedDialsActionIsAskedFirstAndItsAnswerDiscarded) {
  world.provider->setTelephone(kAgent, {.reaction = Telephone::Reaction::answers, .after = 2s});
  world.application->say("/voice", "<Dial action=\"/dialled\">+14155550111</Dial>");
  world.application->say("/dialled", "<Say>Wrong turn</Say>");
  world.application->say("/moved", "<Say>Moved</Say>");
  const std::string sid = world.call(30s);
  ASSERT_EQ(world.view(sid).activity, Activity::talking) << world.story();
  (void)get(client.updateCall(sid, {.url = "http://app.example/moved"}));
  world.wait(1h);
  EXPECT_THAT(world.application->paths(), ElementsAre("/voice", "/dialled", "/moved"));
  EXPECT_EQ(world.application->seen("/dialled")[0].fields.get("DialCallStatus"), "completed");
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Moved")) << world.story();
  EXPECT_TRUE(agent().isOver());
}

TEST_F(Api, ACreatedCallRingsAndHearsItsDocument) {
  world.provider->setTelephone(kAgent, {.reaction = Telephone::Reaction::answers, .after = 3s});
  world.application->say("/outbound", "<Say>This is the line calling</Say>");
  world.application->say("/status", "");
  const auto call = get(client.createCall(
      {.to = kAgent,
       .from = "+15550100",
       .url = "http://app.example/outbound",
       .statusCallback = "http://app.example/status",
       .statusCallbackEvent = {"initiated", "ringing", "answered", "completed"}}));
  EXPECT_EQ(call.status, rest::CallStatus::queued);
  EXPECT_EQ(call.direction, "outbound-api");
  world.wait(1h);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("This is the line calling"));
  std::vector<std::string> statuses;
  for (const SeenRequest& one : world.application->seen("/status")) {
    statuses.emplace_back(one.fields.get("CallStatus"));
  }
  EXPECT_THAT(statuses, ElementsAre("initiated", "ringing", "in-progress", "completed"));
}

TEST_F(Api, ACallWithoutAToIs21201) {
  Request request{.method = "POST",
                  .target = "/2010-04-01/Accounts/AC00000000000000000000000000000001/Calls.json"};
  request.headers.add("Authorization",
                      "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg==");
  request.body = "From=%2B15550100&Url=http%3A%2F%2Fapp.example%2Fvoice";
  const Response response = get(world.provider->api()(request));
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body.text(), AllOf(HasSubstr("21201"), HasSubstr("more_info")));
}

TEST_F(Api, TheDetectedMachineIsToldToTheDocument) {
  world.provider->setTelephone(kAgent, {.reaction = Telephone::Reaction::machine, .after = 1s});
  world.application->say("/outbound", "<Say>After the tone</Say>");
  (void)get(client.createCall({.to = kAgent,
                               .from = "+15550100",
                               .url = "http://app.example/outbound",
                               .machineDetection = "DetectMessageEnd"}));
  world.wait(1h);
  EXPECT_EQ(world.application->seen("/outbound").at(0).fields.get("AnsweredBy"),
            "machine_end_beep");
}

TEST_F(Api, AParticipantIsCalledAndHeldAndMutedAndRemoved) {
  world.provider->setTelephone(kAgent, {.reaction = Telephone::Reaction::answers, .after = 1s});
  world.application->say("/voice", "<Dial action=\"/after\"><Conference>room</Conference></Dial>");
  world.application->say("/after", "<Say>Goodbye</Say>");
  world.application->say("/hold", "<Say>One moment</Say>");
  const std::string caller = world.call(5s);
  const auto added = get(client.createParticipant("room", {.from = "+15550100", .to = kAgent}));
  EXPECT_EQ(added.status, rest::ParticipantStatus::queued);
  world.wait(5s);
  ASSERT_EQ(agent().activity, Activity::inConference) << world.story();

  world.provider->say(caller, {.words = "hello"});
  EXPECT_THAT(world.texts(Happening::hears, agent().sid), ElementsAre("hello"));

  (void)get(client.updateParticipant(added.conferenceSid, caller, {.muted = true}));
  world.provider->say(caller, {.words = "unheard"});
  EXPECT_THAT(world.texts(Happening::hears, agent().sid), ElementsAre("hello"));

  (void)get(client.updateParticipant(added.conferenceSid, caller,
                                     {.muted = false,
                                      .hold = true,
                                      .holdUrl = "http://app.example/hold",
                                      .holdMethod = HttpMethod::post}));
  world.wait(5s);
  EXPECT_TRUE(world.view(caller).isOnHold);
  EXPECT_THAT(world.texts(Happening::says, caller), ElementsAre("One moment")) << world.story();
  world.provider->say(agent().sid, {.words = "unheard"});
  EXPECT_THAT(world.texts(Happening::hears, caller), IsEmpty());

  (void)get(client.updateParticipant(added.conferenceSid, caller, {.hold = false}));
  (void)get(client.removeParticipant(added.conferenceSid, caller));
  world.wait(1min);
  EXPECT_EQ(world.application->seen("/after").at(0).fields.get("DialCallStatus"), "answered");
  EXPECT_THAT(world.texts(Happening::says, caller), Contains("Goodbye")) << world.story();
}

TEST_F(Api, EndingAConferenceEndsItForAll) {
  world.application->say("/voice", "<Dial><Conference>room</Conference></Dial><Say>Back</Say>");
  const std::string one = world.call(5s);
  const std::string two = world.call(5s);
  const auto rooms = get(client.listConferences({.friendlyName = "room"}));
  ASSERT_THAT(rooms.items, SizeIs(1));
  EXPECT_EQ(rooms.items[0].status, rest::ConferenceStatus::inProgress);
  const auto ended = get(
      client.updateConference(rooms.items[0].sid, {.status = rest::ConferenceStatus::completed}));
  EXPECT_EQ(ended.reasonConferenceEnded, rest::ReasonConferenceEnded::conferenceEndedViaApi);
  world.wait(1min);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Back", "Back")) << world.story();
}

TEST_F(Api, AMemberOfAQueueIsTakenOutAndHearsAnotherDocument) {
  world.application->say("/voice", "<Enqueue action=\"/left\" waitUrl=\"\">line</Enqueue>");
  world.application->say("/left", "<Say>Discarded</Say>");
  world.application->say("/served", "<Say>Your turn</Say>");
  const std::string first = world.call(60s);
  const std::string second = world.call(60s);
  const auto queues = get(client.listQueues());
  ASSERT_THAT(queues.items, SizeIs(1));
  EXPECT_EQ(queues.items[0].currentSize, 2);
  const auto front = get(client.fetchMember(queues.items[0].sid, rest::kFrontMember));
  EXPECT_EQ(front.callSid, first);
  EXPECT_EQ(front.waitTime, 120s);
  (void)get(client.dequeueMember(queues.items[0].sid, rest::kFrontMember,
                                 {.url = "http://app.example/served"}));
  world.wait(1min);
  EXPECT_EQ(world.application->seen("/left").at(0).fields.get("QueueResult"), "redirected");
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Your turn")) << world.story();
  EXPECT_EQ(world.view(second).activity, Activity::queued);
}

TEST_F(Api, AMessageIsCapturedAndItsStatusIsTold) {
  world.application->say("/status", "");
  const auto message = get(client.createMessage({.to = "+14155550100",
                                                 .from = "+15550100",
                                                 .body = "Your code is 1234",
                                                 .statusCallback = "http://app.example/status"}));
  world.wait(1min);
  ASSERT_THAT(world.provider->messages(), SizeIs(1));
  EXPECT_EQ(world.provider->messages()[0].body, "Your code is 1234");
  EXPECT_EQ(get(client.fetchMessage(message.sid)).status, rest::MessageStatus::delivered);
  EXPECT_THAT(world.application->seen("/status"), SizeIs(2));
}

TEST_F(Api, ListsArePaged) {
  world.application->say("/voice", "<Say>Hello</Say>");
  std::vector<std::string> made;
  for (int i = 0; i < 7; ++i) made.push_back(world.call(1min));
  std::vector<std::string> listed;
  auto page = get(client.listCalls({.pageSize = 3}));
  for (;;) {
    for (const auto& call : page.items) listed.push_back(call.sid);
    if (!page.hasNext()) break;
    page = get(client.nextPage(page));
  }
  std::ranges::reverse(made);
  EXPECT_EQ(listed, made);
}

TEST_F(Api, ARecordingOfALiveCallRunsUntilItIsStopped) {
  world.application->say("/voice", "<Say>Hello</Say><Pause length=\"60\"/>");
  const std::string sid = world.call(5s);
  const auto begun = get(client.startRecording(sid));
  EXPECT_EQ(begun.status, rest::RecordingStatus::inProgress);
  world.wait(10s);
  const auto stopped = get(client.updateRecording(sid, rest::kCurrentRecording,
                                                  {.status = rest::RecordingStatus::stopped}));
  EXPECT_EQ(stopped.status, rest::RecordingStatus::completed);
  EXPECT_EQ(stopped.duration, 10s);
  EXPECT_THAT(get(client.listRecordings({.callSid = sid})).items, SizeIs(1));
  (void)get(client.deleteRecording(begun.sid));
  EXPECT_EQ(codeOf(client.fetchRecording(begun.sid)), 20404);
}

}  // namespace
