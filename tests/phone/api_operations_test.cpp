// Every operation of the API: what it gives, and what it refuses, asked by our own client. What the
// client would refuse to send is sent by hand. When all of these tests have run, they must have
// seen each operation succeed and refuse, and each code that the API gives.

#include "phone/api_world.hpp"
#include "rest/error_table.hpp"
#include "rest/operations.hpp"

#include <algorithm>
#include <functional>
#include <gmock/gmock.h>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using rest::CallEnd;
using rest::CallStatus;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const std::string kNobody(32, '0');
const std::string kApp = "http://app.example";

constexpr std::size_t kMaxLiveCalls = 20;

class ApiOperations : public ApiTest {
 protected:
  ApiOperations() : ApiTest(settings()) {
    world.provider->setTelephone(kAgent, {.reaction = Telephone::Reaction::answers, .after = 1s});
    world.application->say("/stay", "<Pause length=\"3600\"/>");
    world.application->say("/hello", "<Say>Hello</Say><Pause length=\"3600\"/>");
    world.application->say("/room", "<Dial><Conference waitUrl=\"\">room</Conference></Dial>");
    world.application->say("/queue", "<Enqueue waitUrl=\"\">line</Enqueue>");
    world.application->say("/status", "");
  }

  static ProviderOptions settings() {
    ProviderOptions options;
    options.maxLiveCalls = kMaxLiveCalls;
    return options;
  }

  /// A call of the application that has been answered.
  std::string live(const std::string& path = "/stay", const std::string& to = kAgent) {
    const auto call = get(client.createCall({.to = to, .from = "+15550100", .url = kApp + path}));
    world.wait(10s);
    return call.sid;
  }
  std::string over() {
    const std::string sid = live();
    (void)get(client.updateCall(sid, {.status = CallEnd::completed}));
    return sid;
  }
  /// The SID of a conference of two calls.
  std::string conference(std::vector<std::string>* calls = nullptr) {
    const std::string one = live("/room");
    const std::string two = live("/room");
    if (calls != nullptr) *calls = {one, two};
    return get(client.listConferences({.friendlyName = "room"})).items.at(0).sid;
  }
  std::string queue() { return get(client.createQueue({.friendlyName = "line"})).sid; }
  std::string recording() {
    const std::string sid = live("/hello");
    const auto begun = get(client.startRecording(sid));
    world.wait(3s);
    (void)get(client.updateCall(sid, {.status = CallEnd::completed}));
    return begun.sid;
  }

  void sees(const Request& request, const Response& response) override {
    const auto found = rest::findOperation(request.method, request.path());
    if (const auto* operation = std::get_if<rest::FoundOperation>(&found)) {
      Seen& seen = operations[operation->name];
      (response.status < 300 ? seen.succeeded : seen.refused) = true;
    }
    if (response.status < 300) return;
    codes.insert(nlohmann::json::parse(response.body.text()).at("code").get<int>());
  }

  static void TearDownTestSuite() {
    const auto* const suite = testing::UnitTest::GetInstance()->current_test_suite();
    if (suite->test_to_run_count() != suite->total_test_count()) return;
    for (const rest::Operation& operation : rest::kOperations) {
      const Seen& seen = operations[operation.name];
      EXPECT_TRUE(seen.succeeded) << operation.method << ' ' << operation.path;
      EXPECT_TRUE(seen.refused) << operation.method << ' ' << operation.path;
    }
    // Of the account, of its numbers, and of limits that this provider does not have.
    const std::set<int> neverGiven{20005, 20422, 20429, 20500, 21203, 21210,
                                   21212, 21214, 21215, 21216, 21217, 21219};
    for (const rest::ErrorCode& code : rest::kErrorCodes) {
      EXPECT_NE(codes.contains(code.code), neverGiven.contains(code.code)) << code.code;
    }
  }

  struct Seen {
    bool succeeded = false;
    bool refused = false;
  };
  static inline std::map<rest::OperationName, Seen> operations;
  static inline std::set<int> codes;

  void expectCode(int code, const ApiReply& reply) {
    EXPECT_EQ(reply.code(), code) << reply.status << ' ' << reply.body;
  }
};

// ---- Calls

TEST_F(ApiOperations, CreateCall) {
  const auto call = get(client.createCall({.to = kAgent,
                                           .from = "+15550100",
                                           .twiml = "<Response><Say>Hello</Say></Response>",
                                           .timeLimit = 30s}));
  EXPECT_THAT(call.sid, AllOf(StartsWith("CA"), SizeIs(34)));
  EXPECT_EQ(call.accountSid, kAccount);
  EXPECT_EQ(call.status, CallStatus::queued);
  EXPECT_EQ(call.to, kAgent);
  EXPECT_EQ(call.from, "+15550100");
  EXPECT_EQ(call.uri,
            "/2010-04-01/Accounts/" + std::string{kAccount} + "/Calls/" + call.sid + ".json");
  EXPECT_EQ(call.duration, std::nullopt);
  EXPECT_THAT(call.subresourceUris, SizeIs(7));
}

TEST_F(ApiOperations, CreateCallRefuses) {
  const Form good{{"To", kAgent}, {"From", "+15550100"}, {"Url", kApp + "/stay"}};
  const auto with = [&](std::initializer_list<std::pair<std::string, std::string>> changes) {
    Form form;
    for (const auto& [name, value] : good) {
      const bool isChanged = std::ranges::any_of(
          changes, [&, n = name](const auto& change) { return change.first == n; });
      if (!isChanged) form.add(name, value);
    }
    for (const auto& [name, value] : changes) {
      if (value != "-") form.add(name, value);
    }
    return ask("POST", "/Calls.json", form);
  };
  EXPECT_EQ(with({}).status, 201);
  expectCode(21201, with({{"To", "-"}}));
  expectCode(21201, with({{"To", ""}}));
  expectCode(21211, with({{"To", "Ann"}}));
  expectCode(21213, with({{"From", "-"}}));
  expectCode(21205, with({{"Url", "-"}}));
  expectCode(21205, with({{"Url", "/relative"}}));
  expectCode(21205, with({{"Url", "ftp://app.example/"}}));
  expectCode(21209, with({{"Method", "DELETE"}}));
  expectCode(21206, with({{"SendDigits", "12x"}}));
  expectCode(21208, with({{"Timeout", "long"}}));
  expectCode(32018, with({{"Url", "-"}, {"Twiml", std::string(4001, 'a')}}));
  expectCode(21218, with({{"Url", "-"}, {"ApplicationSid", "AP" + kNobody}}));
  expectCode(20001, with({{"Record", "perhaps"}}));
}

TEST_F(ApiOperations, CreateCallRefusesBeyondTheBoundOfLiveCalls) {
  const auto make = [&] {
    return client.createCall({.to = kAgent, .from = "+15550100", .url = kApp + "/stay"});
  };
  for (std::size_t i = 0; i < kMaxLiveCalls; ++i) (void)get(make());
  EXPECT_EQ(codeOf(make()), 10004);
  EXPECT_EQ(codeOf(client.createParticipant("new", {.from = "+15550100", .to = kAgent})), 10004);
  EXPECT_THAT(get(client.listConferences()).items, IsEmpty());
  world.wait(2h);  // they have hung up
  EXPECT_EQ(codeOf(make()), 0);
}

TEST_F(ApiOperations, FetchCall) {
  const std::string sid = live();
  const auto call = get(client.fetchCall(sid));
  EXPECT_EQ(call.status, CallStatus::inProgress);
  EXPECT_TRUE(call.startTime);
  EXPECT_FALSE(call.endTime);
  (void)get(client.updateCall(sid, {.status = CallEnd::completed}));
  const auto over = get(client.fetchCall(sid));
  EXPECT_EQ(over.duration, 9s);
  EXPECT_EQ(*over.endTime - *over.startTime, 9s);
  EXPECT_EQ(codeOf(client.fetchCall("CA" + kNobody)), 20404);
}

TEST_F(ApiOperations, ListCalls) {
  const std::string agents = live();
  const std::string others = live("/stay", "+14155550122");  // rings
  const std::string done = over();
  const auto sids = [&](const rest::ListCalls& filter) {
    std::vector<std::string> found;
    for (const auto& call : get(client.listCalls(filter)).items) found.push_back(call.sid);
    return found;
  };
  EXPECT_THAT(sids({}), ElementsAre(done, others, agents));
  EXPECT_THAT(sids({.to = kAgent}), ElementsAre(done, agents));
  EXPECT_THAT(sids({.from = "+19995550100"}), IsEmpty());
  EXPECT_THAT(sids({.status = CallStatus::ringing}), ElementsAre(others));
  EXPECT_THAT(sids({.status = CallStatus::completed}), ElementsAre(done));
  EXPECT_THAT(sids({.parentCallSid = agents}), IsEmpty());
  const auto today = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5};
  EXPECT_THAT(sids({.startTime = {.on = today}}), ElementsAre(done, agents));
  EXPECT_THAT(sids({.startTime = {.before = today}}), IsEmpty());
  EXPECT_THAT(sids({.endTime = {.after = today}}), ElementsAre(done));
  expectCode(20007, ask("GET", "/Calls.json", {{"PageSize", "1001"}}));
  expectCode(20001, ask("GET", "/Calls.json", {{"PageSize", "0"}}));
  expectCode(20001, ask("GET", "/Calls.json", {{"Status", "asleep"}}));
  expectCode(20001, ask("GET", "/Calls.json", {{"StartTime", "yesterday"}}));
}

TEST_F(ApiOperations, ListsAreFilteredToTheSecondByTimes) {
  const std::string sid = live();  // answered a second after 10:00
  const auto found = [&](const char* field, const char* time) {
    return ask("GET", "/Calls.json", {{field, time}}).json().at("calls").size();
  };
  EXPECT_EQ(found("StartTime>", "2026-01-05T10:00:01Z"), 1U);
  EXPECT_EQ(found("StartTime>", "2026-01-05T10:00:02Z"), 0U);
  EXPECT_EQ(found("StartTime<", "2026-01-05T10:00:02Z"), 1U);
  EXPECT_EQ(found("StartTime<", "2026-01-05T10:00:01Z"), 0U);
  EXPECT_EQ(found("StartTime", "2026-01-05T23:00:00Z"), 1U);
}

TEST_F(ApiOperations, UpdateCall) {
  const std::string sid = live();
  (void)get(client.updateCall(sid, {.url = kApp + "/hello", .timeLimit = 60s}));
  world.wait(1s);
  EXPECT_THAT(world.texts(Happening::says, sid), ElementsAre("Hello"));
  world.wait(1min);
  EXPECT_EQ(get(client.fetchCall(sid)).status, CallStatus::completed);
}

TEST_F(ApiOperations, WhatIsRefusedChangesNothing) {
  const std::string sid =
      get(client.createCall({.to = "+14155550122", .from = "+15550100", .url = kApp + "/stay"}))
          .sid;
  world.wait(1s);  // it rings
  EXPECT_EQ(codeOf(client.updateCall(
                sid, {.url = kApp + "/stay", .statusCallback = kApp + "/status", .timeLimit = 1s})),
            21220);
  (void)get(client.updateCall(sid, {.status = CallEnd::canceled}));
  world.wait(1min);
  EXPECT_THAT(world.application->seen("/status"), IsEmpty());
}

TEST_F(ApiOperations, UpdateCallRefuses) {
  const std::string sid = live();
  const std::string path = "/Calls/" + sid + ".json";
  expectCode(20001, ask("POST", path, {{"Url", kApp + "/stay"}, {"Twiml", "<Response/>"}}));
  expectCode(21205, ask("POST", path, {{"Url", "/relative"}}));
  expectCode(21209, ask("POST", path, {{"Url", kApp + "/stay"}, {"Method", "PUT"}}));
  expectCode(20001, ask("POST", path, {{"Status", "ringing"}}));
  EXPECT_EQ(codeOf(client.updateCall(sid, {.status = CallEnd::canceled})), 21220);
  EXPECT_EQ(codeOf(client.updateCall("CA" + kNobody, {.status = CallEnd::completed})), 20404);
  const std::string ended = over();
  EXPECT_EQ(codeOf(client.updateCall(ended, {.status = CallEnd::completed})), 21220);
  EXPECT_EQ(codeOf(client.updateCall(ended, {.twiml = "<Response/>"})), 21220);
  EXPECT_EQ(get(client.fetchCall(sid)).status, CallStatus::inProgress);
}

TEST_F(ApiOperations, DeleteCall) {
  const std::string ended = over();
  (void)get(client.deleteCall(ended));
  EXPECT_EQ(codeOf(client.fetchCall(ended)), 20404);
  EXPECT_EQ(codeOf(client.deleteCall(ended)), 20404);
  EXPECT_THAT(get(client.listCalls()).items, IsEmpty());
  EXPECT_EQ(codeOf(client.deleteCall(live())), 21220);
}

// ---- Conferences

TEST_F(ApiOperations, ListAndFetchConference) {
  const std::string sid = conference();
  const auto room = get(client.fetchConference(sid));
  EXPECT_EQ(room.friendlyName, "room");
  EXPECT_EQ(room.status, rest::ConferenceStatus::inProgress);
  EXPECT_THAT(get(client.listConferences({.status = rest::ConferenceStatus::inProgress})).items,
              SizeIs(1));
  EXPECT_THAT(get(client.listConferences({.status = rest::ConferenceStatus::completed})).items,
              IsEmpty());
  EXPECT_THAT(get(client.listConferences({.friendlyName = "other"})).items, IsEmpty());
  EXPECT_EQ(codeOf(client.fetchConference("CF" + kNobody)), 20404);
  expectCode(20007, ask("GET", "/Conferences.json", {{"PageSize", "2000"}}));
}

TEST_F(ApiOperations, UpdateConference) {
  const std::string sid = conference();
  world.application->say("/announce", "<Say>Attention</Say>");
  (void)get(client.updateConference(sid, {.announceUrl = kApp + "/announce"}));
  world.wait(10s);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Attention", "Attention"));
  const auto over =
      get(client.updateConference(sid, {.status = rest::ConferenceStatus::completed}));
  EXPECT_EQ(over.status, rest::ConferenceStatus::completed);
  EXPECT_EQ(codeOf(client.updateConference(sid, {.status = rest::ConferenceStatus::completed})),
            16022);
  EXPECT_EQ(codeOf(client.updateConference(sid, {.announceUrl = kApp + "/announce"})), 16022);
  EXPECT_EQ(codeOf(client.updateConference("CF" + kNobody,
                                           {.status = rest::ConferenceStatus::completed})),
            20404);
  expectCode(20001, ask("POST", "/Conferences/" + sid + ".json", {{"Status", "init"}}));
}

TEST_F(ApiOperations, CreateParticipant) {
  const std::string sid = conference();
  const auto added = get(client.createParticipant(
      sid, {.from = "+15550100", .to = kAgent, .label = "ann", .endConferenceOnExit = true}));
  EXPECT_EQ(added.conferenceSid, sid);
  world.wait(5s);
  const auto ann = get(client.fetchParticipant(sid, "ann"));
  EXPECT_EQ(ann.callSid, added.callSid);
  EXPECT_EQ(ann.endConferenceOnExit, true);
  EXPECT_EQ(
      codeOf(client.createParticipant(sid, {.from = "+15550100", .to = kAgent, .label = "ann"})),
      16026);
  EXPECT_EQ(codeOf(client.createParticipant("CF" + kNobody, {.from = "+15550100", .to = kAgent})),
            20404);
  expectCode(21201, ask("POST", "/Conferences/" + sid + "/Participants.json", {{"From", "+1"}}));
  expectCode(21213, ask("POST", "/Conferences/" + sid + "/Participants.json", {{"To", kAgent}}));
  expectCode(21211, ask("POST", "/Conferences/" + sid + "/Participants.json",
                        {{"From", "+1"}, {"To", "Ann"}}));
  EXPECT_EQ(codeOf(client.createParticipant(
                sid, {.from = "+15550100", .to = kAgent, .label = std::string(129, 'a')})),
            16024);
  (void)get(client.updateCall(added.callSid, {.status = CallEnd::completed}));
  world.wait(1s);
  EXPECT_EQ(codeOf(client.createParticipant(sid, {.from = "+15550100", .to = kAgent})), 16022);
}

TEST_F(ApiOperations, AConferenceThatNobodyEntersEndsWithTheLastCallToIt) {
  const auto participant = [&] {
    return get(client.createParticipant("empty", {.from = "+15550100", .to = "+14155550122"}));
  };
  const auto first = participant();
  const auto second = participant();
  const std::string sid = first.conferenceSid;
  EXPECT_EQ(second.conferenceSid, sid);
  world.wait(5s);
  (void)get(client.updateCall(first.callSid, {.status = CallEnd::canceled}));
  EXPECT_EQ(get(client.fetchConference(sid)).status, rest::ConferenceStatus::init);
  (void)get(client.updateCall(second.callSid, {.status = CallEnd::canceled}));
  EXPECT_EQ(get(client.fetchConference(sid)).status, rest::ConferenceStatus::completed);
  EXPECT_NE(participant().conferenceSid, sid);
}

TEST_F(ApiOperations, WhoAnswersWhenTheConferenceIsOverEntersAnotherOfThatName) {
  const std::string sid = conference();
  world.provider->setTelephone("+14155550122",
                               {.reaction = Telephone::Reaction::answers, .after = 10s});
  const auto late = get(client.createParticipant(sid, {.from = "+15550100", .to = "+14155550122"}));
  (void)get(client.updateConference(sid, {.status = rest::ConferenceStatus::completed}));
  world.wait(20s);
  const auto rooms = get(client.listConferences({.friendlyName = "room"})).items;
  ASSERT_THAT(rooms, SizeIs(2));
  EXPECT_EQ(get(client.fetchParticipant(rooms[0].sid, late.callSid)).callSid, late.callSid);
}

TEST_F(ApiOperations, ListAndFetchParticipant) {
  std::vector<std::string> calls;
  const std::string sid = conference(&calls);
  (void)get(client.updateParticipant(sid, calls[0], {.muted = true}));
  EXPECT_THAT(get(client.listParticipants(sid)).items, SizeIs(2));
  EXPECT_THAT(get(client.listParticipants(sid, {.muted = true})).items,
              ElementsAre(Field(&rest::ParticipantResource::callSid, calls[0])));
  EXPECT_THAT(get(client.listParticipants(sid, {.hold = true})).items, IsEmpty());
  EXPECT_THAT(get(client.listParticipants(sid, {.coaching = true})).items, IsEmpty());
  EXPECT_EQ(get(client.fetchParticipant(sid, calls[1])).muted, false);
  EXPECT_EQ(codeOf(client.fetchParticipant(sid, "CA" + kNobody)), 20404);
  EXPECT_EQ(codeOf(client.listParticipants("CF" + kNobody)), 20404);
}

TEST_F(ApiOperations, UpdateParticipant) {
  std::vector<std::string> calls;
  const std::string sid = conference(&calls);
  const auto coach =
      get(client.updateParticipant(sid, calls[0], {.coaching = true, .callSidToCoach = calls[1]}));
  EXPECT_EQ(coach.coaching, true);
  EXPECT_EQ(coach.callSidToCoach, calls[1]);
  EXPECT_EQ(get(client.updateParticipant(sid, calls[0], {.coaching = false})).coaching, false);
  EXPECT_EQ(get(client.updateParticipant(sid, calls[0], {.endConferenceOnExit = true}))
                .endConferenceOnExit,
            true);
  EXPECT_EQ(codeOf(client.updateParticipant(sid, calls[0],
                                            {.coaching = true, .callSidToCoach = "CA" + kNobody})),
            20404);
  EXPECT_EQ(codeOf(client.updateParticipant(sid, "CA" + kNobody, {.muted = true})), 20404);
  expectCode(20001, ask("POST", "/Conferences/" + sid + "/Participants/" + calls[0] + ".json",
                        {{"Muted", "a little"}}));
}

TEST_F(ApiOperations, AParticipantOnHoldKeepsItsEndConferenceOnExit) {
  std::vector<std::string> calls;
  const std::string sid = conference(&calls);
  (void)get(client.updateParticipant(sid, calls[0], {.hold = true}));
  EXPECT_EQ(get(client.updateParticipant(sid, calls[0], {.endConferenceOnExit = true}))
                .endConferenceOnExit,
            false);
  EXPECT_THAT(world.texts(Happening::note), Contains(HasSubstr("EndConferenceOnExit")));
}

TEST_F(ApiOperations, RemoveParticipant) {
  std::vector<std::string> calls;
  const std::string sid = conference(&calls);
  (void)get(client.removeParticipant(sid, calls[0]));
  EXPECT_EQ(codeOf(client.removeParticipant(sid, calls[0])), 20404);
  (void)get(client.removeParticipant(sid, calls[1]));
  const auto over = get(client.fetchConference(sid));
  EXPECT_EQ(over.reasonConferenceEnded, rest::ReasonConferenceEnded::lastParticipantKicked);
  EXPECT_EQ(over.callSidEndingConference, calls[1]);
}

// ---- Queues

TEST_F(ApiOperations, CreateFetchListUpdateAndDeleteQueue) {
  const auto made = get(client.createQueue({.friendlyName = "line", .maxSize = 3}));
  EXPECT_EQ(made.maxSize, 3);
  EXPECT_EQ(made.currentSize, 0);
  EXPECT_EQ(get(client.fetchQueue(made.sid)).friendlyName, "line");
  EXPECT_THAT(get(client.listQueues()).items, SizeIs(1));
  const auto changed = get(client.updateQueue(made.sid, {.friendlyName = "row", .maxSize = 4}));
  EXPECT_EQ(changed.friendlyName, "row");
  EXPECT_EQ(changed.maxSize, 4);
  (void)get(client.deleteQueue(made.sid));
  EXPECT_EQ(codeOf(client.fetchQueue(made.sid)), 20404);
}

TEST_F(ApiOperations, QueuesRefuse) {
  const std::string sid = queue();
  EXPECT_EQ(codeOf(client.createQueue({.friendlyName = "line"})), 20409);
  const std::string other = get(client.createQueue({.friendlyName = "other"})).sid;
  EXPECT_EQ(codeOf(client.updateQueue(other, {.friendlyName = "line"})), 20409);
  expectCode(20001, ask("POST", "/Queues.json"));
  expectCode(20001, ask("POST", "/Queues.json", {{"FriendlyName", std::string(65, 'a')}}));
  expectCode(20001, ask("POST", "/Queues/" + sid + ".json", {{"MaxSize", "many"}}));
  EXPECT_EQ(codeOf(client.updateQueue("QU" + kNobody, {.maxSize = 1})), 20404);
  EXPECT_EQ(codeOf(client.deleteQueue("QU" + kNobody)), 20404);
  (void)live("/queue");
  EXPECT_EQ(codeOf(client.deleteQueue(sid)), 20409);
}

TEST_F(ApiOperations, ListFetchAndDequeueMember) {
  const std::string sid = queue();
  const std::string first = live("/queue");
  const std::string second = live("/queue");
  EXPECT_THAT(get(client.listMembers(sid)).items,
              ElementsAre(Field(&rest::MemberResource::callSid, first),
                          Field(&rest::MemberResource::callSid, second)));
  EXPECT_EQ(get(client.fetchMember(sid, rest::kFrontMember)).callSid, first);
  EXPECT_EQ(get(client.fetchMember(sid, second)).position, 2);
  EXPECT_EQ(get(client.dequeueMember(sid, second, {.url = kApp + "/hello"})).callSid, second);
  world.wait(5s);
  EXPECT_THAT(world.texts(Happening::says, second), ElementsAre("Hello"));
  EXPECT_EQ(codeOf(client.fetchMember(sid, second)), 20404);
  EXPECT_EQ(codeOf(client.dequeueMember(sid, second, {.url = kApp + "/hello"})), 20404);
  expectCode(21205, ask("POST", "/Queues/" + sid + "/Members/Front.json"));
  (void)get(client.dequeueMember(sid, rest::kFrontMember, {.url = kApp + "/hello"}));
  world.wait(5s);
  EXPECT_EQ(codeOf(client.fetchMember(sid, rest::kFrontMember)), 20404);
  EXPECT_EQ(codeOf(client.listMembers("QU" + kNobody)), 20404);
}

// ---- Recordings

TEST_F(ApiOperations, StartUpdateFetchListAndDeleteRecording) {
  const std::string sid = live("/hello");
  const auto begun = get(client.startRecording(sid, {.recordingChannels = "dual"}));
  EXPECT_EQ(begun.status, rest::RecordingStatus::inProgress);
  EXPECT_EQ(begun.channels, 2);
  EXPECT_EQ(begun.source, rest::RecordingSource::startCallRecordingApi);
  EXPECT_EQ(
      get(client.updateRecording(sid, begun.sid, {.status = rest::RecordingStatus::paused})).status,
      rest::RecordingStatus::paused);
  EXPECT_EQ(
      get(client.updateRecording(sid, begun.sid, {.status = rest::RecordingStatus::inProgress}))
          .status,
      rest::RecordingStatus::inProgress);
  world.wait(4s);
  (void)get(client.updateCall(sid, {.status = CallEnd::completed}));
  const auto done = get(client.fetchRecording(begun.sid));
  EXPECT_EQ(done.status, rest::RecordingStatus::completed);
  EXPECT_EQ(done.duration, 4s);
  EXPECT_EQ(done.mediaUrl, "https://api.twilio.com/2010-04-01/Accounts/" + std::string{kAccount} +
                               "/Recordings/" + begun.sid);
  EXPECT_THAT(get(client.listRecordings()).items, SizeIs(1));
  EXPECT_THAT(get(client.listRecordings({.callSid = sid})).items, SizeIs(1));
  EXPECT_THAT(get(client.listRecordings({.conferenceSid = "CF1"})).items, IsEmpty());
  EXPECT_THAT(get(client.listCallRecordings(sid)).items, SizeIs(1));
  (void)get(client.deleteRecording(begun.sid));
  EXPECT_EQ(codeOf(client.fetchRecording(begun.sid)), 20404);
  EXPECT_EQ(codeOf(client.deleteRecording(begun.sid)), 20404);
  EXPECT_THAT(get(client.listCallRecordings(sid)).items, IsEmpty());
}

TEST_F(ApiOperations, RecordingsRefuse) {
  const std::string sid = over();
  EXPECT_EQ(codeOf(client.startRecording(sid)), 21220);
  EXPECT_EQ(codeOf(client.startRecording("CA" + kNobody)), 20404);
  EXPECT_EQ(codeOf(client.listCallRecordings("CA" + kNobody)), 20404);
  const auto stop = rest::UpdateRecording{.status = rest::RecordingStatus::stopped};
  EXPECT_EQ(codeOf(client.updateRecording(sid, rest::kCurrentRecording, stop)), 20404);
  EXPECT_EQ(codeOf(client.updateRecording(live(), "RE" + kNobody, stop)), 20404);
  expectCode(20001, ask("POST", "/Calls/" + sid + "/Recordings/Twilio.CURRENT.json"));
  expectCode(20001, ask("POST", "/Calls/" + sid + "/Recordings/Twilio.CURRENT.json",
                        {{"Status", "deleted"}}));
}

TEST_F(ApiOperations, RecordingsOfACallAtOnceAreBounded) {
  const std::string sid = live();
  for (int i = 0; i < 20; ++i) (void)get(client.startRecording(sid));
  EXPECT_EQ(codeOf(client.startRecording(sid)), 20409);
}

TEST_F(ApiOperations, RecordingsTellWhatTheyAreAskedTo) {
  world.application->say("/recording", "");
  const auto statuses = [&] {
    std::vector<std::string> all;
    for (const SeenRequest& one : world.application->seen("/recording")) {
      all.emplace_back(one.fields.get("RecordingStatus"));
    }
    return all;
  };
  const auto call =
      get(client.createCall({.to = kAgent,
                             .from = "+15550100",
                             .url = kApp + "/stay",
                             .record = true,
                             .recordingStatusCallback = kApp + "/recording",
                             .recordingStatusCallbackEvent = {"in-progress", "completed"}}));
  world.wait(5s);
  EXPECT_THAT(statuses(), ElementsAre("in-progress"));
  (void)get(client.startRecording(call.sid, {.recordingStatusCallback = kApp + "/recording",
                                             .recordingStatusCallbackEvent = {"in-progress"}}));
  (void)get(client.startRecording(call.sid, {.recordingStatusCallback = kApp + "/recording"}));
  world.wait(1s);
  EXPECT_THAT(statuses(), ElementsAre("in-progress", "in-progress"));
  (void)get(client.updateCall(call.sid, {.status = CallEnd::completed}));
  world.wait(1s);
  EXPECT_THAT(statuses(), ElementsAre("in-progress", "in-progress", "completed", "completed"));
}

TEST_F(ApiOperations, ARecordingOfACallThatIsNotAnsweredIsNone) {
  world.provider->setTelephone("+14155550133", {.reaction = Telephone::Reaction::busy});
  (void)get(client.createCall(
      {.to = "+14155550133", .from = "+15550100", .url = kApp + "/stay", .record = true}));
  world.wait(10s);
  EXPECT_THAT(get(client.listRecordings()).items, IsEmpty());
}

// ---- Messages

TEST_F(ApiOperations, CreateFetchAndListMessage) {
  const auto sent = get(client.createMessage({.to = kAgent, .from = "+15550100", .body = "Hello"}));
  EXPECT_EQ(sent.status, rest::MessageStatus::queued);
  EXPECT_EQ(sent.body, "Hello");
  world.wait(1s);
  EXPECT_EQ(get(client.fetchMessage(sent.sid)).status, rest::MessageStatus::delivered);
  const auto other =
      get(client.createMessage({.to = "+14155550122", .from = "+15550100", .body = "You, too"}));
  EXPECT_THAT(get(client.listMessages()).items,
              ElementsAre(Field(&rest::MessageResource::sid, other.sid),
                          Field(&rest::MessageResource::sid, sent.sid)));
  EXPECT_THAT(get(client.listMessages({.to = kAgent})).items, SizeIs(1));
  EXPECT_THAT(get(client.listMessages({.from = "+19995550100"})).items, IsEmpty());
  EXPECT_THAT(
      get(client.listMessages(
              {.dateSent = {.before = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}}}))
          .items,
      IsEmpty());
  EXPECT_EQ(codeOf(client.fetchMessage("SM" + kNobody)), 20404);
}

TEST_F(ApiOperations, MessagesHaveAsManySegmentsAsTheirTextTakes) {
  const auto segments = [&](const std::string& body) {
    return get(client.createMessage({.to = kAgent, .from = "+15550100", .body = body})).numSegments;
  };
  const auto times = [](int count, const std::string& text) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
  };
  EXPECT_EQ(segments(times(160, "a")), 1);
  EXPECT_EQ(segments(times(161, "a")), 2);
  EXPECT_EQ(segments(times(306, "ü")), 2);
  EXPECT_EQ(segments(times(307, "ü")), 3);
  EXPECT_EQ(segments(times(80, "€")), 1);  // these take two places
  EXPECT_EQ(segments(times(81, "€")), 2);
  EXPECT_EQ(segments(times(70, "Ж")), 1);
  EXPECT_EQ(segments(times(71, "Ж")), 2);
  EXPECT_EQ(segments(times(36, "\U0001F600")), 2);  // these as well, in UTF-16
}

TEST_F(ApiOperations, MessagesOfAServiceSayWhichOne) {
  const std::string service = "MG" + kNobody;
  const auto sent =
      get(client.createMessage({.to = kAgent, .messagingServiceSid = service, .body = "Hello"}));
  EXPECT_EQ(sent.messagingServiceSid, service);
  EXPECT_EQ(sent.from, "");
}

TEST_F(ApiOperations, MessagesRefuse) {
  expectCode(21604, ask("POST", "/Messages.json", {{"From", "+1"}, {"Body", "a"}}));
  expectCode(21603, ask("POST", "/Messages.json", {{"To", "+1"}, {"Body", "a"}}));
  expectCode(21602, ask("POST", "/Messages.json", {{"To", "+1"}, {"From", "+1"}}));
  expectCode(21617, ask("POST", "/Messages.json",
                        {{"To", "+1"}, {"From", "+1"}, {"Body", std::string(1601, 'a')}}));
  EXPECT_THAT(world.provider->messages(), IsEmpty());
}

// ---- All lists

TEST_F(ApiOperations, EveryListIsPaged) {
  std::vector<std::string> calls;
  const std::string room = conference(&calls);
  const std::string line = queue();
  (void)get(client.createQueue({.friendlyName = "another"}));
  const std::string sid = live("/queue");
  (void)live("/queue");
  (void)get(client.startRecording(sid));
  (void)get(client.startRecording(sid));
  for (int i = 0; i < 2; ++i) {
    (void)get(client.createMessage({.to = kAgent, .from = "+15550100", .body = "Hello"}));
  }
  (void)get(client.createParticipant("second", {.from = "+15550100", .to = kAgent}));
  const auto expectTwoPages = [&](const auto& first) {
    EXPECT_EQ(first.items.size(), 1U);
    EXPECT_EQ(first.pageSize, 1);
    EXPECT_EQ(first.page, 0);
    EXPECT_EQ(first.start, 0);
    EXPECT_EQ(first.end, 0);
    EXPECT_EQ(first.previousPageUri, "");
    ASSERT_TRUE(first.hasNext()) << first.uri;
    const auto second = get(client.nextPage(first));
    EXPECT_EQ(second.items.size(), 1U);
    EXPECT_EQ(second.page, 1);
    EXPECT_EQ(second.start, 1);
    EXPECT_EQ(second.uri, first.nextPageUri);
    EXPECT_EQ(second.previousPageUri, first.uri);
    EXPECT_NE(second.items.at(0), first.items.at(0));
  };
  expectTwoPages(get(client.listCalls({.to = kAgent, .pageSize = 1})));
  expectTwoPages(get(client.listConferences({.pageSize = 1})));
  expectTwoPages(get(client.listParticipants(room, {.pageSize = 1})));
  expectTwoPages(get(client.listQueues({.pageSize = 1})));
  expectTwoPages(get(client.listMembers(line, {.pageSize = 1})));
  expectTwoPages(get(client.listRecordings({.pageSize = 1})));
  expectTwoPages(get(client.listCallRecordings(sid, {.pageSize = 1})));
  expectTwoPages(get(client.listMessages({.pageSize = 1})));
}

TEST_F(ApiOperations, AllAnswerWhatIsNotThereWithA404AndTheirWords) {
  std::size_t asked = 0;
  for (const rest::Operation& operation : rest::kOperations) {
    const auto count = std::ranges::count(operation.path, '{');
    if (count == 0) continue;
    const std::vector<std::string_view> names(static_cast<std::size_t>(count), "nobody");
    const ApiReply answer = ask(
        std::string{operation.method}, rest::pathOf(operation.name, names),
        {{"To", kAgent}, {"From", "+15550100"}, {"Url", kApp + "/stay"}, {"Status", "completed"}});
    // A conference is made by its name.
    if (operation.name == rest::OperationName::createParticipant) continue;
    expectCode(20404, answer);
    ++asked;
  }
  EXPECT_GE(asked, 15U);
}

TEST_F(ApiOperations, PagesFollowEachOtherWhateverComesMeanwhile) {
  std::vector<std::string> sids;
  const auto send = [&] {
    sids.push_back(
        get(client.createMessage({.to = kAgent, .from = "+15550100", .body = "Hello"})).sid);
  };
  for (int i = 0; i < 6; ++i) send();
  const auto on = [](const rest::Page<rest::MessageResource>& page) {
    std::vector<std::string> all;
    for (const auto& one : page.items) all.push_back(one.sid);
    return all;
  };
  const auto first = get(client.listMessages({.pageSize = 2}));
  EXPECT_THAT(on(first), ElementsAre(sids[5], sids[4]));
  send();
  const auto second = get(client.nextPage(first));
  EXPECT_THAT(on(second), ElementsAre(sids[3], sids[2]));
  send();
  const auto third = get(client.nextPage(second));
  EXPECT_THAT(on(third), ElementsAre(sids[1], sids[0]));
  EXPECT_FALSE(third.hasNext());
  const ApiReply back = reply({.target = third.previousPageUri});
  EXPECT_EQ(back.json().at("messages").at(0).at("sid"), sids[3]);
}

TEST_F(ApiOperations, EveryListRefusesPagesThatThereAreNot) {
  std::vector<std::string> calls;
  const std::string room = "/Conferences/" + conference(&calls);
  const std::string line = "/Queues/" + queue();
  for (const std::string& list : std::vector<std::string>{
           "/Calls", "/Conferences", room + "/Participants", "/Queues", line + "/Members",
           "/Recordings", "/Calls/" + calls[0] + "/Recordings", "/Messages"}) {
    const std::string path = list + ".json";
    expectCode(20007, ask("GET", path, {{"PageSize", "1001"}}));
    expectCode(20001, ask("GET", path, {{"PageSize", "0"}}));
    expectCode(20001, ask("GET", path, {{"Page", "-1"}}));
    expectCode(21481, ask("GET", path, {{"PageToken", "next, please"}}));
  }
}

TEST_F(ApiOperations, WhoIsNotTheAccountIsRefused) {
  Request request{.target = "/2010-04-01/Accounts/" + std::string{kAccount} + "/Calls.json"};
  request.headers.add("Authorization", "Basic d3Jvbmc6d3Jvbmc=");
  expectCode(20003, reply(std::move(request)));
}

TEST_F(ApiOperations, OtherMethodsAreRefused) { expectCode(20004, ask("PUT", "/Calls.json")); }

TEST_F(ApiOperations, AProviderThatIsGoneIsUnavailable) {
  const auto left = api();
  world.provider.reset();
  Request request{.target = "/2010-04-01/Accounts/" + std::string{kAccount} + "/Calls.json"};
  EXPECT_EQ(get(left(std::move(request))).status, 503);
}

TEST_F(ApiOperations, TheAccountIsFetched) {
  const ApiReply account = ask("GET", ".json");
  EXPECT_EQ(account.status, 200);
  EXPECT_EQ(account.json().at("sid"), kAccount);
  EXPECT_EQ(account.json().at("status"), "active");
}

// ---- What is not played

TEST_F(ApiOperations, WhatIsNotPlayedIsNamedWithoutItsValue) {
  const std::string sid = live();
  std::vector<std::string> calls;
  const std::string room = conference(&calls);
  const auto named = [&](const std::string& method, const std::string& path, const Form& form) {
    const std::size_t before = world.texts(Happening::notPlayed).size();
    EXPECT_LT(ask(method, path, form).status, 300) << path;
    const auto all = world.texts(Happening::notPlayed);
    std::vector<std::string> names;
    for (std::size_t i = before; i < all.size(); ++i) {
      names.push_back(all[i].substr(0, all[i].find(" in ")));
      EXPECT_THAT(all[i], Not(HasSubstr("hunter2")));
    }
    return names;
  };
  const Form call{{"To", kAgent}, {"From", "+15550100"}, {"Url", kApp + "/stay"}};
  const auto with = [](Form form, const Form& more) {
    for (const auto& [name, value] : more) form.add(name, value);
    return form;
  };
  EXPECT_THAT(
      named("POST", "/Calls.json",
            with(call, {{"Timeout", "20"},
                        {"Trim", "trim-silence"},
                        {"SipAuthPassword", "hunter2"},
                        {"Byoc", ""},
                        {"Password", "hunter2"}})),
      ElementsAre("Trim is not played", "SipAuthPassword is not played", "Password is ignored"));
  EXPECT_THAT(named("POST", "/Conferences/" + room + "/Participants.json",
                    with(call, {{"EarlyMedia", "true"}, {"Muted", "true"}})),
              ElementsAre("Url is ignored", "EarlyMedia is not played"));
  EXPECT_THAT(named("POST", "/Conferences/" + room + "/Participants/" + calls[0] + ".json",
                    {{"Muted", "true"}, {"BeepOnExit", "true"}}),
              ElementsAre("BeepOnExit is not played"));
  EXPECT_THAT(named("POST", "/Calls/" + sid + "/Recordings.json", {{"Trim", "do-not-trim"}}),
              ElementsAre("Trim is not played"));
  EXPECT_THAT(named("POST", "/Calls/" + sid + "/Recordings/Twilio.CURRENT.json",
                    {{"Status", "paused"}, {"PauseBehavior", "skip"}}),
              ElementsAre("PauseBehavior is not played"));
  EXPECT_THAT(named("POST", "/Messages.json",
                    {{"To", kAgent},
                     {"From", "+15550100"},
                     {"Body", "Hello"},
                     {"MediaUrl", kApp + "/1.png"},
                     {"MediaUrl", kApp + "/2.png"},
                     {"MaxPrice", "0.05"},
                     {"PersistentAction", "a"},
                     {"PersistentAction", "b"}}),
              ElementsAre("MaxPrice is not played", "PersistentAction is not played"));
  EXPECT_THAT(named("GET", "/Calls.json",
                    {{"StartTime>", "2026-01-01"},
                     {"StartTime<", "2026-01-09"},
                     {"EndTime", "2026-01-05"},
                     {"Page", "0"},
                     {"Colour", "green"}}),
              ElementsAre("Colour is ignored"));
  EXPECT_THAT(named("GET", "/Recordings.json", {{"IncludeSoftDeleted", "true"}}),
              ElementsAre("IncludeSoftDeleted is not played"));
}

}  // namespace
