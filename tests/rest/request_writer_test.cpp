// What requests send: every field in the API's description, with its name and its format.

#include "rest/client.hpp"

#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::rest;
using namespace std::chrono_literals;
using support::full;
using support::ignore;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ValuesIn;

// ---- Every field

struct Operation {
  std::string name;
  std::string method;
  std::string path;  // with placeholders such as {Sid}
  std::set<std::string> fields;
};

std::map<std::string, Operation> described() {
  std::map<std::string, Operation> operations;
  std::ifstream file{IVR_TESTS_DIR "/vectors/rest/fields.txt"};
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    if (line.starts_with("  ")) {
      operations.at(last).fields.insert(line.substr(2));
      continue;
    }
    std::istringstream words{line};
    Operation operation;
    words >> operation.name >> operation.method >> operation.path;
    last = operation.name;
    operations.emplace(last, operation);
  }
  return operations;
}

/// `/Calls/{Sid}.json` for `/Calls/CA0123.json`, with any name in the braces.
bool fits(std::string_view path, std::string_view pattern) {
  while (!path.empty() && !pattern.empty()) {
    if (pattern.front() == '{') {
      pattern.remove_prefix(pattern.find('}') + 1);
      const std::size_t size = std::min(path.find_first_of("/."), path.size());
      if (size == 0) return false;
      path.remove_prefix(size);
    } else {
      if (path.front() != pattern.front()) return false;
      path.remove_prefix(1);
      pattern.remove_prefix(1);
    }
  }
  return path.empty() && pattern.empty();
}

using Calls = std::vector<std::function<void(Client&)>>;

/// Requests that together set every field of an operation.
const std::map<std::string, Calls> kFullRequests{
    {"CreateCall", {[](Client& c) { ignore(c.createCall(full<CreateCall>())); }}},
    {"ListCall", {[](Client& c) { ignore(c.listCalls(full<ListCalls>())); }}},
    {"UpdateCall",
     {[](Client& c) { ignore(c.updateCall(support::kCallSid, full<UpdateCall>())); },
      [](Client& c) {
        ignore(c.updateCall(support::kCallSid, {.url = "https://example.com/voice"}));
      }}},
    {"ListConference", {[](Client& c) { ignore(c.listConferences(full<ListConferences>())); }}},
    {"UpdateConference", {[](Client& c) {
       ignore(c.updateConference(support::kConferenceSid, full<UpdateConference>()));
     }}},
    {"ListParticipant", {[](Client& c) {
       ignore(c.listParticipants(support::kConferenceSid, full<ListParticipants>()));
     }}},
    {"CreateParticipant", {[](Client& c) {
       ignore(c.createParticipant(support::kConferenceSid, full<CreateParticipant>()));
     }}},
    {"UpdateParticipant", {[](Client& c) {
       ignore(c.updateParticipant(support::kConferenceSid, support::kCallSid,
                                  full<UpdateParticipant>()));
     }}},
    {"CreateQueue", {[](Client& c) { ignore(c.createQueue(full<CreateQueue>())); }}},
    {"UpdateQueue",
     {[](Client& c) { ignore(c.updateQueue(support::kQueueSid, full<UpdateQueue>())); }}},
    {"ListMember",
     {[](Client& c) { ignore(c.listMembers(support::kQueueSid, full<ListMembers>())); }}},
    {"UpdateMember", {[](Client& c) {
       ignore(c.dequeueMember(support::kQueueSid, support::kCallSid, full<DequeueMember>()));
     }}},
    {"ListRecording", {[](Client& c) { ignore(c.listRecordings(full<ListRecordings>())); }}},
    {"CreateCallRecording",
     {[](Client& c) { ignore(c.startRecording(support::kCallSid, full<StartRecording>())); }}},
    {"UpdateCallRecording", {[](Client& c) {
       ignore(
           c.updateRecording(support::kCallSid, support::kRecordingSid, full<UpdateRecording>()));
     }}},
    {"CreateMessage", {[](Client& c) { ignore(c.createMessage(full<CreateMessage>())); }}},
};

TEST(RestFields, EveryDescribedOperationIsTested) {
  std::set<std::string> described_;
  for (const auto& [name, operation] : described()) described_.insert(name);
  std::set<std::string> tested;
  for (const auto& [name, calls] : kFullRequests) tested.insert(name);
  EXPECT_EQ(tested, described_);
  EXPECT_EQ(tested.size(), 16u);
}

TEST(RestFields, AreThoseOfTheDescriptionAndNoOther) {
  const auto operations = described();
  for (const auto& [name, calls] : kFullRequests) {
    const Operation& operation = operations.at(name);
    support::FakeApi api;
    for (const auto& call : calls) call(*api.client);
    std::set<std::string> sent;
    for (const http::OutgoingRequest& request : api.transport->sent()) {
      EXPECT_EQ(request.method, operation.method) << name;
      const std::string prefix =
          "https://api.twilio.com/2010-04-01/Accounts/" + std::string{support::kAccount};
      const std::string path = support::pathOf(request);
      ASSERT_TRUE(path.starts_with(prefix)) << path;
      EXPECT_TRUE(fits(path.substr(prefix.size()), operation.path)) << path;
      for (const auto& [key, value] : support::fieldsIn(request)) sent.emplace(key);
    }
    EXPECT_EQ(sent, operation.fields) << name;
  }
}

TEST(RestFields, OfADefaultRequestAreNone) {
  support::FakeApi api;
  ignore(api.client->listCalls());
  ignore(api.client->startRecording(support::kCallSid));
  ignore(api.client->updateCall(support::kCallSid, {}));
  ASSERT_EQ(api.transport->sent().size(), 3u);
  for (const http::OutgoingRequest& request : api.transport->sent()) {
    EXPECT_TRUE(support::fieldsIn(request).empty()) << request.url;
    EXPECT_EQ(request.url.find('?'), std::string::npos);
  }
}

// ---- Their format

Form sentBy(const std::function<void(Client&)>& call) {
  support::FakeApi api;
  call(*api.client);
  return support::fieldsIn(api.transport->sent().at(0));
}

TEST(RestFields, AreWrittenAsTheApiWritesThem) {
  const Form call = sentBy([](Client& c) { ignore(c.createCall(full<CreateCall>())); });
  EXPECT_EQ(call.get("Method"), "GET");
  EXPECT_EQ(call.get("FallbackMethod"), "POST");
  EXPECT_EQ(call.get("Record"), "true");
  EXPECT_EQ(call.get("Timeout"), "31");
  EXPECT_EQ(call.get("TimeLimit"), "3660");  // minutes are sent as seconds
  EXPECT_EQ(call.get("MachineDetectionSpeechThreshold"), "2401");
  EXPECT_EQ(call.get("SipAuthPassword"), "p+a=s&s %41");
  EXPECT_EQ(call.get("Twiml"), "<Response><Say>Grüße & <break/></Say></Response>");
}

TEST(RestFields, OfAListAreOneFieldEach) {
  const Form call = sentBy([](Client& c) { ignore(c.createCall(full<CreateCall>())); });
  EXPECT_THAT(call.all("StatusCallbackEvent"),
              ElementsAre("initiated", "ringing", "answered", "completed"));
}

TEST(RestFields, OfDatesAreDaysUnderThreeNames) {
  const Form filter = sentBy([](Client& c) { ignore(c.listCalls(full<ListCalls>())); });
  EXPECT_EQ(filter.get("StartTime"), "2026-03-04");
  EXPECT_EQ(filter.get("StartTime<"), "2026-11-30");
  EXPECT_EQ(filter.get("StartTime>"), "2026-01-02");
}

TEST(RestFields, OfAMomentAreItsTimeInUtc) {
  const Form message = sentBy([](Client& c) { ignore(c.createMessage(full<CreateMessage>())); });
  EXPECT_EQ(message.get("SendAt"), "2026-03-04T05:01:07Z");
}

TEST(RestFields, ThatAreSetAndEmptyAreSentEmpty) {
  const Form participant =
      sentBy([](Client& c) { ignore(c.createParticipant("room", full<CreateParticipant>())); });
  EXPECT_EQ(participant.find("WaitUrl"), "");
}

TEST(RestFields, OfOthersAreSentAsTheyAre) {
  const Form call = sentBy([](Client& c) {
    ignore(c.createCall({.to = "client:ann",
                         .from = "client:bo",
                         .applicationSid = "AP1",
                         .otherFields = {{"Quantum", "a=b&c"}, {"Quantum", "d"}}}));
  });
  EXPECT_THAT(call.all("Quantum"), ElementsAre("a=b&c", "d"));
}

// ---- Invalid values

struct Mistake {
  std::string name;
  std::function<void(Client&)> ask;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

template <class T>
void expectUsageError(Later<T> later, const std::string& complaint) {
  ASSERT_TRUE(later.isSettled());
  const Error error = support::errorOf<Error>(std::move(later));
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_THAT(error.what(), HasSubstr(complaint));
}

/// A row of the table below.
template <class Ask>
Mistake mistake(std::string name, std::string complaint, Ask ask) {
  return {.name = std::move(name),
          .ask = [ask, complaint](Client& c) { expectUsageError(ask(c), complaint); }};
}

CreateCall callWith(const std::function<void(CreateCall&)>& change) {
  CreateCall call{.to = "+14155550100", .from = "+14155550111", .url = "https://example.com/"};
  change(call);
  return call;
}

CreateMessage messageWith(const std::function<void(CreateMessage&)>& change) {
  CreateMessage message{.to = "+14155550100", .from = "+14155550111", .body = "Hello"};
  change(message);
  return message;
}

/// Two bytes each, one character.
std::string umlauts(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "ü";
  return text;
}

const std::vector<Mistake> kMistakes{
    mistake("NoTo", "To is empty",
            [](Client& c) { return c.createCall(callWith([](auto& call) { call.to = ""; })); }),
    mistake("NoFrom", "From is empty",
            [](Client& c) { return c.createCall(callWith([](auto& call) { call.from = ""; })); }),
    mistake("NothingToHear", "needs Url, Twiml or ApplicationSid",
            [](Client& c) {
              return c.createCall(callWith([](auto& call) { call.url = std::nullopt; }));
            }),
    mistake("OnlyEmptyThingsToHear", "needs Url, Twiml or ApplicationSid",
            [](Client& c) {
              return c.createCall(callWith([](auto& call) { call.url = call.twiml = ""; }));
            }),
    mistake("TwimlTooLong", "more than 4000 characters",
            [](Client& c) {
              return c.createCall(callWith([](auto& call) {
                call.url = std::nullopt;
                call.twiml = umlauts(4001);
              }));
            }),
    mistake(
        "UrlWithoutHost", "Url is not an absolute web address",
        [](Client& c) { return c.createCall(callWith([](auto& call) { call.url = "/voice"; })); }),
    mistake("UrlOfAnotherScheme", "Url is not an absolute web address",
            [](Client& c) {
              return c.createCall(callWith([](auto& call) { call.url = "ftp://example.com/"; }));
            }),
    mistake("SendDigitsTooLong", "SendDigits",
            [](Client& c) {
              return c.createCall(
                  callWith([](auto& call) { call.sendDigits = std::string(33, '1'); }));
            }),
    mistake("SendDigitsWithALetter", "SendDigits",
            [](Client& c) {
              return c.createCall(callWith([](auto& call) { call.sendDigits = "12x"; }));
            }),
    mistake(
        "NegativeTimeout", "Timeout is negative",
        [](Client& c) { return c.createCall(callWith([](auto& call) { call.timeout = -1s; })); }),
    mistake("NotUtf8", "CallReason is not UTF-8",
            [](Client& c) {
              return c.createCall(callWith([](auto& call) { call.callReason = "\xff"; }));
            }),
    mistake("OtherFieldWithoutName", "a field has no name",
            [](Client& c) {
              return c.createCall(callWith([](auto& call) { call.otherFields.add("", "x"); }));
            }),
    mistake("UnknownStatus", "Status is no word of the API",
            [](Client& c) { return c.listCalls({.status = CallStatus::unknown}); }),
    mistake("PageOfNothing", "PageSize is not 1 to 1000",
            [](Client& c) { return c.listCalls({.pageSize = 0}); }),
    mistake("PageTooLarge", "PageSize is not 1 to 1000",
            [](Client& c) { return c.listRecordings({.pageSize = 1001}); }),
    mistake("NegativePage", "Page is negative",
            [](Client& c) { return c.listQueues({.page = -1}); }),
    mistake("YearOfFiveDigits", "four digits",
            [](Client& c) {
              return c.listCalls({.startTime = {.on = std::chrono::year{12345} / 1 / 1}});
            }),
    mistake("UrlAndTwiml", "either Url or Twiml, not both",
            [](Client& c) {
              return c.updateCall(support::kCallSid,
                                  {.url = "https://example.com/", .twiml = "<Response/>"});
            }),
    mistake("UpdateToARelativeUrl", "Url is not an absolute web address",
            [](Client& c) { return c.updateCall(support::kCallSid, {.url = "voice"}); }),
    mistake("UpdateTwimlTooLong", "more than 4000 characters",
            [](Client& c) {
              return c.updateCall(support::kCallSid, {.twiml = std::string(4001, 'x')});
            }),
    mistake("ConferenceBegunAgain", "can become nothing but completed",
            [](Client& c) {
              return c.updateConference(support::kConferenceSid,
                                        {.status = ConferenceStatus::inProgress});
            }),
    mistake("ParticipantWithoutTo", "To is empty",
            [](Client& c) { return c.createParticipant("room", {.from = "client:ann"}); }),
    mistake("ParticipantWithoutFrom", "From is empty",
            [](Client& c) { return c.createParticipant("room", {.to = "client:ann"}); }),
    mistake("QueueWithoutName", "FriendlyName", [](Client& c) { return c.createQueue({}); }),
    mistake("QueueNameTooLong", "FriendlyName",
            [](Client& c) { return c.createQueue({.friendlyName = umlauts(65)}); }),
    mistake("QueueRenamedToNothing", "FriendlyName",
            [](Client& c) { return c.updateQueue(support::kQueueSid, {.friendlyName = ""}); }),
    mistake("DequeuedToNowhere", "Url is not an absolute web address",
            [](Client& c) { return c.dequeueMember(support::kQueueSid, kFrontMember, {}); }),
    mistake("RecordingDeletedByItsStatus", "deleteRecording",
            [](Client& c) {
              return c.updateRecording(support::kCallSid, kCurrentRecording,
                                       {.status = RecordingStatus::deleted});
            }),
    mistake("RecordingOfUnknownStatus", "Status is no word of the API",
            [](Client& c) {
              return c.updateRecording(support::kCallSid, kCurrentRecording,
                                       {.status = RecordingStatus::unknown});
            }),
    mistake("MessageWithoutTo", "To is empty",
            [](Client& c) {
              return c.createMessage(messageWith([](auto& message) { message.to = ""; }));
            }),
    mistake("MessageFromNobody", "needs From or MessagingServiceSid",
            [](Client& c) {
              return c.createMessage(messageWith([](auto& message) { message.from = ""; }));
            }),
    mistake("MessageOfNothing", "needs Body, MediaUrl or ContentSid",
            [](Client& c) {
              return c.createMessage(
                  messageWith([](auto& message) { message.body = std::nullopt; }));
            }),
    mistake("MessageTooLong", "Body has more than 1600 characters",
            [](Client& c) {
              return c.createMessage(
                  messageWith([](auto& message) { message.body = umlauts(1601); }));
            }),
};

class ImpossibleRequest : public testing::TestWithParam<Mistake> {};

TEST_P(ImpossibleRequest, IsAUsageErrorAndSendsNothing) {
  support::FakeApi api;
  GetParam().ask(*api.client);
  EXPECT_TRUE(api.transport->sent().empty());
}

INSTANTIATE_TEST_SUITE_P(All, ImpossibleRequest, ValuesIn(kMistakes),
                         [](const auto& test) { return test.param.name; });

// ---- Values that are only just valid

TEST(RestFields, MayBeAsLongAsTheApiTakesThem) {
  support::FakeApi api;
  ignore(api.client->createCall(callWith([](auto& call) {
    call.url = std::nullopt;
    call.twiml = umlauts(4000);
    call.sendDigits = std::string(32, 'w');
  })));
  ignore(api.client->createQueue({.friendlyName = umlauts(64)}));
  ignore(
      api.client->createMessage(messageWith([](auto& message) { message.body = umlauts(1600); })));
  ignore(api.client->listCalls({.pageSize = 1000}));
  EXPECT_EQ(api.transport->sent().size(), 4u);
}

TEST(RestFields, LetTheUrlWinOverALongTwiml) {
  support::FakeApi api;
  ignore(api.client->createCall(callWith([](auto& call) { call.twiml = umlauts(4001); })));
  EXPECT_EQ(api.transport->sent().size(), 1u);
}

}  // namespace
