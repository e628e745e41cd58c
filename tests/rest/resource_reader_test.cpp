// What replies mean: every field in the API's description, and what happens with replies that the
// API would not send.

#include "rest/client.hpp"
#include "rest/resource_samples.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::rest;
using namespace std::chrono_literals;
using Json = nlohmann::json;
using support::kAugust31;
using support::kDate;
using support::sample;
using support::Samples;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::ValuesIn;

// ---- Asking for one resource, whatever is answered

template <class Resource>
Later<Resource> fetchOne(Client& client);
template <>
Later<CallResource> fetchOne(Client& client) {
  return client.fetchCall(support::kCallSid);
}
template <>
Later<ConferenceResource> fetchOne(Client& client) {
  return client.fetchConference(support::kConferenceSid);
}
template <>
Later<ParticipantResource> fetchOne(Client& client) {
  return client.fetchParticipant(support::kConferenceSid, support::kCallSid);
}
template <>
Later<QueueResource> fetchOne(Client& client) {
  return client.fetchQueue(support::kQueueSid);
}
template <>
Later<MemberResource> fetchOne(Client& client) {
  return client.fetchMember(support::kQueueSid, kFrontMember);
}
template <>
Later<RecordingResource> fetchOne(Client& client) {
  return client.fetchRecording(support::kRecordingSid);
}
template <>
Later<MessageResource> fetchOne(Client& client) {
  return client.fetchMessage(support::kMessageSid);
}

template <class Resource>
Later<Resource> laterFrom(const std::string& body) {
  support::FakeApi api;
  api.transport->answer(200, body);
  return fetchOne<Resource>(*api.client);
}

template <class Resource>
Resource resourceFrom(const std::string& body) {
  return laterFrom<Resource>(body).get();
}

// ---- Every field

template <class Sample>
class RestResource : public testing::Test {};

TYPED_TEST_SUITE(RestResource, Samples);

TYPED_TEST(RestResource, IsReadFieldByField) {
  const Json reply = sample(TypeParam::kName, TypeParam::words());
  ASSERT_GE(reply.size(), 6u);
  EXPECT_TRUE(resourceFrom<typename TypeParam::Resource>(reply.dump()) == TypeParam::expected())
      << reply.dump();
}

TYPED_TEST(RestResource, HasNoFieldThatIsNotRead) {
  const Json reply = sample(TypeParam::kName, TypeParam::words());
  const auto whole = resourceFrom<typename TypeParam::Resource>(reply.dump());
  for (const auto& [name, value] : reply.items()) {
    if (value == "sid" || (name == "call_sid" && !reply.contains("sid"))) continue;  // see below
    Json without = reply;
    without[name] = nullptr;
    EXPECT_FALSE(resourceFrom<typename TypeParam::Resource>(without.dump()) == whole) << name;
  }
}

TYPED_TEST(RestResource, ReadsNullLikeAMissingField) {
  Json nulls = sample(TypeParam::kName, TypeParam::words());
  Json few;
  for (auto& [name, value] : nulls.items()) {
    if (value == "sid" || (name == "call_sid" && !nulls.contains("sid"))) {
      few[name] = value;
    } else {
      value = nullptr;
    }
  }
  using Resource = typename TypeParam::Resource;
  EXPECT_TRUE(resourceFrom<Resource>(nulls.dump()) == resourceFrom<Resource>(few.dump()));
}

TYPED_TEST(RestResource, NeedsItsSid) {
  Json reply = sample(TypeParam::kName, TypeParam::words());
  const std::string id = reply.contains("sid") ? "sid" : "call_sid";
  for (const Json& none : {Json(nullptr), Json("")}) {
    reply[id] = none;
    const auto error =
        support::errorOf<RestError>(laterFrom<typename TypeParam::Resource>(reply.dump()));
    EXPECT_THAT(error.what(), HasSubstr(id + " is missing"));
  }
}

TYPED_TEST(RestResource, IsNotReadFromFieldsOfTheWrongType) {
  const Json reply = sample(TypeParam::kName, TypeParam::words());
  for (const auto& [name, value] : reply.items()) {
    if (name == "encryption_details") continue;  // may be anything
    Json wrong = reply;
    wrong[name] = Json::array({1});
    const auto error =
        support::errorOf<RestError>(laterFrom<typename TypeParam::Resource>(wrong.dump()));
    EXPECT_EQ(error.code(), 0);
    EXPECT_THAT(error.what(), HasSubstr(name + " is of the wrong type"));
  }
}

TYPED_TEST(RestResource, IgnoresWhatItDoesNotKnow) {
  Json reply = sample(TypeParam::kName, TypeParam::words());
  reply["quantum_state"] = {{"up", {1, 2, 3}}};
  EXPECT_TRUE(resourceFrom<typename TypeParam::Resource>(reply.dump()) == TypeParam::expected());
}

TYPED_TEST(RestResource, TakesAStatusThatIsNewForUnknown) {
  if constexpr (requires(typename TypeParam::Resource resource) { resource.status; }) {
    Json reply = sample(TypeParam::kName, TypeParam::words());
    reply["status"] = "teleported";
    const auto resource = resourceFrom<typename TypeParam::Resource>(reply.dump());
    EXPECT_EQ(textOf(resource.status), "unknown");
    EXPECT_EQ(resource.uri, "uri");
  }
}

// ---- The example of the documentation

TEST(CallOfTheDocumentation, IsRead) {
  const auto call = resourceFrom<CallResource>(support::restVector("call.json"));
  EXPECT_EQ(call.sid, "CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  EXPECT_EQ(call.accountSid, "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  EXPECT_EQ(call.answeredBy, "");
  EXPECT_EQ(call.dateCreated, kDate);
  EXPECT_EQ(call.dateUpdated, kDate + 16s);
  EXPECT_EQ(call.direction, "inbound");
  EXPECT_EQ(call.duration, 15s);
  EXPECT_EQ(call.from, "+14158675308");
  EXPECT_EQ(call.fromFormatted, "(415) 867-5308");
  EXPECT_EQ(call.price, "-0.03000");
  EXPECT_EQ(call.priceUnit, "USD");
  EXPECT_EQ(call.queueTime, 1000ms);
  EXPECT_EQ(call.status, CallStatus::completed);
  EXPECT_TRUE(isOver(call.status));
  EXPECT_THAT(call.subresourceUris, SizeIs(9));
  EXPECT_EQ(call.subresourceUris.at("streams"),
            "/2010-04-01/Accounts/ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Calls/"
            "CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Streams.json");
}

TEST(IsOver, HoldsForEveryCallThatNobodyIsIn) {
  const std::map<CallStatus, bool> over{
      {CallStatus::unknown, false},    {CallStatus::queued, false},   {CallStatus::ringing, false},
      {CallStatus::inProgress, false}, {CallStatus::completed, true}, {CallStatus::busy, true},
      {CallStatus::failed, true},      {CallStatus::noAnswer, true},  {CallStatus::canceled, true}};
  for (const auto& [status, expected] : over) EXPECT_EQ(isOver(status), expected) << textOf(status);
}

// ---- Every word

TEST(RestWords, OfACallsStatusAreAllKnown) {
  const std::vector<std::string> words{"queued", "ringing", "in-progress", "completed",
                                       "busy",   "failed",  "no-answer",   "canceled"};
  for (const std::string& word : words) {
    const auto call = resourceFrom<CallResource>(Json{{"sid", "CA1"}, {"status", word}}.dump());
    EXPECT_EQ(textOf(call.status), word);
  }
}

TEST(RestWords, OfAConferencesStatusAndEndAreAllKnown) {
  for (const char* word : {"init", "in-progress", "completed"}) {
    const auto conference =
        resourceFrom<ConferenceResource>(Json{{"sid", "CF1"}, {"status", word}}.dump());
    EXPECT_EQ(textOf(conference.status), word);
  }
  for (const char* word :
       {"conference-ended-via-api", "participant-with-end-conference-on-exit-left",
        "participant-with-end-conference-on-exit-kicked", "last-participant-kicked",
        "last-participant-left"}) {
    const auto conference = resourceFrom<ConferenceResource>(
        Json{{"sid", "CF1"}, {"reason_conference_ended", word}}.dump());
    EXPECT_EQ(textOf(conference.reasonConferenceEnded.value()), word);
  }
}

TEST(RestWords, OfAParticipantsStatusAreAllKnown) {
  for (const char* word : {"queued", "connecting", "ringing", "connected", "complete", "failed"}) {
    const auto participant =
        resourceFrom<ParticipantResource>(Json{{"call_sid", "CA1"}, {"status", word}}.dump());
    EXPECT_EQ(textOf(participant.status), word);
  }
}

TEST(RestWords, OfARecordingsStatusAndSourceAreAllKnown) {
  for (const char* word :
       {"in-progress", "paused", "stopped", "processing", "completed", "absent", "deleted"}) {
    const auto recording =
        resourceFrom<RecordingResource>(Json{{"sid", "RE1"}, {"status", word}}.dump());
    EXPECT_EQ(textOf(recording.status), word);
  }
  for (const char* word : {"DialVerb", "Conference", "OutboundAPI", "Trunking", "RecordVerb",
                           "StartCallRecordingAPI", "StartConferenceRecordingAPI"}) {
    const auto recording =
        resourceFrom<RecordingResource>(Json{{"sid", "RE1"}, {"source", word}}.dump());
    EXPECT_EQ(textOf(recording.source), word);
  }
}

TEST(RestWords, OfAMessagesStatusAndDirectionAreAllKnown) {
  for (const char* word :
       {"queued", "sending", "sent", "failed", "delivered", "undelivered", "receiving", "received",
        "accepted", "scheduled", "read", "partially_delivered", "canceled"}) {
    const auto message =
        resourceFrom<MessageResource>(Json{{"sid", "SM1"}, {"status", word}}.dump());
    EXPECT_EQ(textOf(message.status), word);
  }
  for (const char* word : {"inbound", "outbound-api", "outbound-call", "outbound-reply"}) {
    const auto message =
        resourceFrom<MessageResource>(Json{{"sid", "SM1"}, {"direction", word}}.dump());
    EXPECT_EQ(textOf(message.direction), word);
  }
}

// ---- Dates and numbers in texts

struct DateCase {
  std::string text;
  std::optional<std::chrono::sys_seconds> expected;
};

void PrintTo(const DateCase& date, std::ostream* out) { *out << date.text; }

class DateOfAReply : public testing::TestWithParam<DateCase> {};

TEST_P(DateOfAReply, IsReadOrTakenForNull) {
  const auto call =
      resourceFrom<CallResource>(Json{{"sid", "CA1"}, {"date_created", GetParam().text}}.dump());
  EXPECT_EQ(call.dateCreated, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(All, DateOfAReply,
                         ValuesIn(std::vector<DateCase>{
                             {"Tue, 31 Aug 2010 20:36:28 +0000", kDate},
                             {"31 Aug 2010 20:36:28 +0000", kDate},
                             {"Tue, 31 Aug 2010 20:36:28 GMT", kDate},
                             {"Tue, 31 Aug 2010 22:36:28 +0200", kDate},
                             {"Tue, 31 Aug 2010 15:06:28 -0530", kDate},
                             {"  Tue,  31  Aug  2010  20:36:28  +0000  ", kDate},
                             {"Tue, 31 Aug 2010 20:36 +0000", kDate - 28s},
                             {"Wed, 1 Sep 2010 00:00:00 +0000", kAugust31 + 24h},
                             {"Tue, 31 Dec 9999 23:59:59 +0000",
                              std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + 86399s},
                             {"Sat, 29 Feb 2020 00:00:00 +0000",
                              std::chrono::sys_days{std::chrono::year{2020} / 2 / 29}},
                             {"Sun, 29 Feb 2021 00:00:00 +0000", std::nullopt},
                             {"Tue, 31 Sep 2010 20:36:28 +0000", std::nullopt},
                             {"Tue, 0 Aug 2010 20:36:28 +0000", std::nullopt},
                             {"Tue, 31 aug 2010 20:36:28 +0000", std::nullopt},
                             {"Tue, 31 August 2010 20:36:28 +0000", std::nullopt},
                             {"Tue, 31 Aug 2010 24:00:00 +0000", std::nullopt},
                             {"Tue, 31 Aug 2010 20:60:28 +0000", std::nullopt},
                             {"Tue, 31 Aug 2010 20:36:61 +0000", std::nullopt},
                             {"Tue, 31 Aug 2010 20:36:28 +9999", std::nullopt},
                             {"Tue, 31 Aug 2010 20:36:28 EST", std::nullopt},
                             {"Tue, 31 Aug 2010 20:36:28", std::nullopt},
                             {"Tue, 31 Aug 2010 20:36:28 +0000 and more", std::nullopt},
                             {"Tue 31 Aug 2010 20:36:28 +0000", std::nullopt},
                             {"Tue, -1 Aug 2010 20:36:28 +0000", std::nullopt},
                             {"Tue, 31 Aug 10 20:36:28 +0000", std::nullopt},
                             {"2010-08-31T20:36:28Z", std::nullopt},
                             {"", std::nullopt},
                             {",", std::nullopt},
                             {"Tue,", std::nullopt},
                             {"31", std::nullopt},
                             {"Tue, 31 Aug", std::nullopt},
                             {"Tue, 31 Aug 2010 20:", std::nullopt},
                             {"Tue, 31 Aug 2010 20:36:28 +", std::nullopt},
                             {"Tue, 31 Aug 99999999999999999999 20:36:28 +0000", std::nullopt},
                         }));

TEST(NumberOfAReply, IsReadFromTextAndFromANumber) {
  EXPECT_EQ(resourceFrom<CallResource>(R"({"sid":"CA1","duration":"15"})").duration, 15s);
  EXPECT_EQ(resourceFrom<CallResource>(R"({"sid":"CA1","duration":15})").duration, 15s);
}

TEST(NumberOfAReply, IsTakenForNullIfNobodyCanReadIt) {
  for (const std::string text : {"\"\"", "\"15s\"", "\" 15\"", "\"1e3\"",
                                 "\"99999999999999999999\"", "18446744073709551615"}) {
    const auto call = resourceFrom<CallResource>(R"({"sid":"CA1","duration":)" + text + "}");
    EXPECT_EQ(call.duration, std::nullopt) << text;
  }
  for (const std::string number : {"2147483648", "-2147483649", "\"x\""}) {
    const auto recording =
        resourceFrom<RecordingResource>(R"({"sid":"RE1","error_code":)" + number + "}");
    EXPECT_EQ(recording.errorCode, std::nullopt) << number;
  }
}

// ---- Pages

TEST(RestPage, IsReadWithItsPlace) {
  support::FakeApi api;
  api.transport->answer(200, R"({
    "calls": [{"sid": "CA1"}, {"sid": "CA2"}], "page": 1, "page_size": 2, "start": 2, "end": 3,
    "uri": "/this", "first_page_uri": "/first", "next_page_uri": "/next",
    "previous_page_uri": "/previous"})");
  const Page<CallResource> page = api.client->listCalls().get();
  ASSERT_THAT(page.items, SizeIs(2));
  EXPECT_EQ(page.items[1].sid, "CA2");
  EXPECT_EQ(page.page, 1);
  EXPECT_EQ(page.pageSize, 2);
  EXPECT_EQ(page.start, 2);
  EXPECT_EQ(page.end, 3);
  EXPECT_EQ(page.uri, "/this");
  EXPECT_EQ(page.firstPageUri, "/first");
  EXPECT_EQ(page.nextPageUri, "/next");
  EXPECT_EQ(page.previousPageUri, "/previous");
  EXPECT_TRUE(page.hasNext());
}

TEST(RestPage, IsTheLastWithoutANext) {
  support::FakeApi api;
  api.transport->answer(200, R"({"calls": [], "next_page_uri": null})");
  const Page<CallResource> page = api.client->listCalls().get();
  EXPECT_TRUE(page.items.empty());
  EXPECT_FALSE(page.hasNext());
}

TEST(RestPage, HoldsEachKindUnderItsName) {
  support::FakeApi api;
  Client& client = *api.client;
  api.transport->answer(200, R"({"conferences": [{"sid": "CF1"}]})");
  EXPECT_EQ(client.listConferences().get().items.at(0).sid, "CF1");
  api.transport->answer(200, R"({"participants": [{"call_sid": "CA1"}]})");
  EXPECT_EQ(client.listParticipants("CF1").get().items.at(0).callSid, "CA1");
  api.transport->answer(200, R"({"queues": [{"sid": "QU1"}]})");
  EXPECT_EQ(client.listQueues().get().items.at(0).sid, "QU1");
  api.transport->answer(200, R"({"queue_members": [{"call_sid": "CA2"}]})");
  EXPECT_EQ(client.listMembers("QU1").get().items.at(0).callSid, "CA2");
  api.transport->answer(200, R"({"recordings": [{"sid": "RE1"}]})");
  EXPECT_EQ(client.listRecordings().get().items.at(0).sid, "RE1");
  api.transport->answer(200, R"({"recordings": [{"sid": "RE2"}]})");
  EXPECT_EQ(client.listCallRecordings("CA1").get().items.at(0).sid, "RE2");
}

// ---- Invalid replies

std::string nested(std::size_t depth, const std::string& open, const std::string& close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

struct HostileCase {
  std::string name;
  std::string body;
  std::string complaint;
};

void PrintTo(const HostileCase& hostile, std::ostream* out) { *out << hostile.name; }

const std::vector<HostileCase> kHostile{
    {"Empty", "", "it is empty"},
    {"Blank", "  \n", "it is not JSON"},
    {"Html", "<html><body>502 Bad Gateway</body></html>", "it is not JSON"},
    {"Xml", "<?xml version=\"1.0\"?><TwilioResponse/>", "it is not JSON"},
    {"Truncated", R"({"sid": "CA1", "status": "que)", "it is not JSON"},
    {"TruncatedObject", R"({"sid": "CA1")", "it is not JSON"},
    {"Trailing", R"({"sid": "CA1"} {"sid": "CA2"})", "it is not JSON"},
    {"Comment", R"({"sid": "CA1" /* no */})", "it is not JSON"},
    {"NotANumber", R"({"sid": "CA1", "duration": NaN})", "it is not JSON"},
    {"NumberBeyondAll", R"({"sid": "CA1", "duration": 1e999})", "it is not JSON"},
    {"NotUtf8", "{\"sid\": \"CA\xff\"}", "it is not JSON"},
    {"LoneSurrogate", R"({"sid": "\ud800"})", "it is not JSON"},
    {"NulByte", std::string{"{\"sid\": \"CA\0\"}", 14}, "it is not JSON"},
    {"Null", "null", "it is not a JSON object"},
    {"Number", "42", "it is not a JSON object"},
    {"Text", "\"CA1\"", "it is not a JSON object"},
    {"Array", R"([{"sid": "CA1"}])", "it is not a JSON object"},
    {"NothingInIt", "{}", "sid is missing"},
    {"SidOfWrongType", R"({"sid": 7})", "sid is of the wrong type"},
    {"StatusOfWrongType", R"({"sid": "CA1", "status": {}})", "status is of the wrong type"},
    {"FractionOfASecond", R"({"sid": "CA1", "duration": 1.5})", "duration is of the wrong type"},
    {"UriThatIsNoText", R"({"sid": "CA1", "subresource_uris": {"events": 1}})",
     "subresource_uris is of the wrong type"},
    {"ManyOpenBrackets", std::string(1'000'000, '['), "it is nested too deep"},
    {"ManyOpenBraces", nested(200'000, R"({"a":)", "}"), "it is nested too deep"},
    {"DeepInAField", R"({"sid": "CA1", "x": )" + nested(40, "[", "]") + "}",
     "it is nested too deep"},
};

class HostileReply : public testing::TestWithParam<HostileCase> {};

TEST_P(HostileReply, IsARestErrorWithoutACode) {
  for (const int status : {200, 201}) {
    support::FakeApi api;
    api.transport->answer(status, GetParam().body);
    const auto error = support::errorOf<RestError>(api.client->fetchCall(support::kCallSid));
    EXPECT_EQ(error.kind(), ErrorKind::remote);
    EXPECT_EQ(error.status(), status);
    EXPECT_EQ(error.code(), 0);
    EXPECT_THAT(error.what(), HasSubstr(GetParam().complaint));
    EXPECT_EQ(api.transport->sent().size(), 1u);
  }
}

TEST_P(HostileReply, IsNoPage) {
  support::FakeApi api;
  api.transport->answer(200, GetParam().body);
  EXPECT_EQ(support::errorOf<RestError>(api.client->listCalls()).code(), 0);
}

TEST_P(HostileReply, OfARefusalLeavesItsStatus) {
  support::FakeApi api;
  api.transport->answer(404, GetParam().body);
  const auto error = support::errorOf<RestError>(api.client->fetchCall(support::kCallSid));
  EXPECT_EQ(error.status(), 404);
  EXPECT_EQ(error.code(), 0);
  EXPECT_EQ(error.message(), "");
}

INSTANTIATE_TEST_SUITE_P(All, HostileReply, ValuesIn(kHostile),
                         [](const auto& test) { return test.param.name; });

TEST(DeepReply, IsReadAsLongAsItCanBeMeantHonestly) {
  const std::string body = R"({"sid": "CA1", "x": )" + nested(31, "[", "]") + "}";
  EXPECT_EQ(resourceFrom<CallResource>(body).sid, "CA1");
}

TEST(DeepReply, IsNotOneWithBracketsInATextAlone) {
  const std::string body = R"({"sid": "CA1", "to": "\")" + std::string(100, '[') + "\"}";
  EXPECT_EQ(resourceFrom<CallResource>(body).to.size(), 101u);
}

TEST(HostilePageReply, IsARestErrorWithoutACode) {
  for (const auto& [body, complaint] : std::vector<std::pair<std::string, std::string>>{
           {"{}", "calls is missing"},
           {R"({"calls": null})", "calls is missing"},
           {R"({"conferences": []})", "calls is missing"},
           {R"({"calls": {}})", "calls is of the wrong type"},
           {R"({"calls": [1]})", "a part of it is not an object"},
           {R"({"calls": [null]})", "a part of it is not an object"},
           {R"({"calls": [{"sid": "CA1"}, {}]})", "sid is missing"},
           {R"({"calls": [], "page": "x", "next_page_uri": 1})",
            "next_page_uri is of the wrong type"}}) {
    support::FakeApi api;
    api.transport->answer(200, body);
    const auto error = support::errorOf<RestError>(api.client->listCalls());
    EXPECT_EQ(error.code(), 0);
    EXPECT_THAT(error.what(), HasSubstr(complaint));
  }
}

TEST(UnreadableReply, IsNotQuoted) {
  support::FakeApi api;
  api.transport->answer(200, "<p>+14155550100 5ecret</p>");
  const auto error = support::errorOf<RestError>(api.client->fetchCall(support::kCallSid));
  EXPECT_THAT(error.what(), Not(HasSubstr("5550100")));
  EXPECT_THAT(error.what(), Not(HasSubstr("5ecret")));
}

}  // namespace
