// How the client sends requests: addresses, credentials, errors, what is retried and what is not.

#include "rest/client.hpp"
#include "rest/requests.hpp"

#include <atomic>
#include <cstdlib>
#include <functional>
#include <gmock/gmock.h>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::rest;
using namespace std::chrono_literals;
using support::errorOf;
using support::FakeApi;
using support::full;
using support::ignore;
using support::kCallSid;
using support::restConfig;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using testing::ValuesIn;

constexpr std::string_view kCallReply = R"({"sid": "CA0123456789abcdef0123456789abcdef"})";
const std::string kBase =
    "https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef";

http::TransportError unreachable() {
  return http::TransportError{ErrorKind::unavailable, "api.twilio.com refuses connections", false};
}
http::TransportError brokenOff() {
  return http::TransportError{ErrorKind::unavailable, "api.twilio.com closed the connection", true};
}

// ---- Addresses

class RestAddress : public testing::TestWithParam<support::RestRequest> {};

TEST_P(RestAddress, IsAskedInTheWayOfTheApi) {
  FakeApi api;
  ignore(GetParam().send(*api.client, {}));
  ASSERT_THAT(api.transport->sent(), SizeIs(1));
  const http::OutgoingRequest request = api.transport->sent().front();
  EXPECT_EQ(request.method, GetParam().method);
  EXPECT_EQ(request.url, kBase + GetParam().path);
  EXPECT_EQ(request.onlyOnce, GetParam().onlyOnce);
  EXPECT_EQ(request.timeout, 10s);
  EXPECT_EQ(request.headers.find("Accept"), "application/json");
  EXPECT_THAT(std::string{request.headers.find("User-Agent").value()}, StartsWith("libivr/0."));
  const bool hasForm = request.method == "POST";
  EXPECT_EQ(request.headers.find("Content-Type").value_or(""),
            hasForm ? "application/x-www-form-urlencoded" : "");
  EXPECT_TRUE(hasForm || request.body.empty());
  EXPECT_EQ(request.credentials->user, support::kAccount);
  EXPECT_EQ(request.credentials->password, support::kSecret);
}

TEST_P(RestAddress, IsLoggedWithoutAnythingPersonal) {
  FakeApi api;
  api.transport->answer(200, std::string{kCallReply});
  ignore(GetParam().send(*api.client, {}));
  const std::string log = api.log();
  EXPECT_THAT(
      log, HasSubstr("request=\"" + GetParam().method + " " + GetParam().path + "\" status=200"));
  EXPECT_THAT(log, testing::MatchesRegex("REST account=AC\\.\\.\\.cdef [^\n]+ us=[0-9]+\n"));
  for (const std::string& hidden :
       {std::string{support::kSecret}, std::string{support::kAccount}, std::string{"5550"},
        std::string{"Hello"}, std::string{"soup"}, std::string{"p+a=s"}}) {
    EXPECT_THAT(log, Not(HasSubstr(hidden)));
  }
}

INSTANTIATE_TEST_SUITE_P(All, RestAddress, ValuesIn(support::kRestRequests),
                         [](const auto& test) { return test.param.name; });

TEST(RestPath, KeepsAnyNameInOnePart) {
  FakeApi api;
  ignore(api.client->fetchParticipant("a/../b?c#d", "+1 415 é%2F\r\nX: y"));
  EXPECT_EQ(api.transport->sent().at(0).url, kBase +
                                                 "/Conferences/a%2F..%2Fb%3Fc%23d/Participants/"
                                                 "%2B1%20415%20%C3%A9%252F%0D%0AX%3A%20y.json");
}

TEST(RestPath, HasNoPartThatIsEmptyOrDots) {
  for (const std::string_view name : {"", ".", ".."}) {
    FakeApi api;
    EXPECT_EQ(errorOf<Error>(api.client->fetchCall(name)).kind(), ErrorKind::usage);
    EXPECT_EQ(errorOf<Error>(api.client->deleteQueue(name)).kind(), ErrorKind::usage);
    EXPECT_EQ(errorOf<Error>(api.client->listMembers(name)).kind(), ErrorKind::usage);
    EXPECT_EQ(errorOf<Error>(api.client->fetchParticipant("CF1", name)).kind(), ErrorKind::usage);
    EXPECT_EQ(errorOf<Error>(api.client->fetchParticipant(name, "CA1")).kind(), ErrorKind::usage);
    EXPECT_TRUE(api.transport->sent().empty());
  }
}

// ---- Settings

struct HostCase {
  std::string baseUrl;
  std::string region;
  std::string edge;
  std::string expected;
};

void PrintTo(const HostCase& host, std::ostream* out) { *out << host.expected; }

class RestHost : public testing::TestWithParam<HostCase> {};

TEST_P(RestHost, IsThatOfTheSettings) {
  ClientOptions config = restConfig();
  config.baseUrl = GetParam().baseUrl;
  config.region = GetParam().region;
  config.edge = GetParam().edge;
  FakeApi api{config};
  ignore(api.client->fetchCall("CA1"));
  EXPECT_EQ(api.transport->sent().at(0).url, GetParam().expected + "/2010-04-01/Accounts/" +
                                                 std::string{support::kAccount} +
                                                 "/Calls/CA1.json");
}

INSTANTIATE_TEST_SUITE_P(All, RestHost,
                         ValuesIn(std::vector<HostCase>{
                             {"", "", "", "https://api.twilio.com"},
                             {"", "ie1", "dublin", "https://api.dublin.ie1.twilio.com"},
                             {"", "au1", "", "https://api.au1.twilio.com"},
                             {"", "", "sydney", "https://api.sydney.us1.twilio.com"},
                             {"http://localhost:4010", "", "", "http://localhost:4010"},
                             {"https://example.com/twilio/", "ie1", "dublin",
                              "https://example.com/twilio"},
                         }));

struct BadConfig {
  std::string name;
  std::function<void(ClientOptions&)> spoil;
};

void PrintTo(const BadConfig& bad, std::ostream* out) { *out << bad.name; }

class BadRestConfig : public testing::TestWithParam<BadConfig> {};

TEST_P(BadRestConfig, IsRefused) {
  ClientOptions config = restConfig();
  GetParam().spoil(config);
  try {
    const FakeApi api{config};
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), Not(HasSubstr(std::string{support::kSecret})));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadRestConfig,
    ValuesIn(std::vector<BadConfig>{
        {"NoAccount", [](ClientOptions& config) { config.accountSid = ""; }},
        {"DotsForAnAccount", [](ClientOptions& config) { config.accountSid = ".."; }},
        {"NoSecret", [](ClientOptions& config) { config.secret = ""; }},
        {"ColonInTheUser", [](ClientOptions& config) { config.user = "SK1:x"; }},
        {"NoUrl", [](ClientOptions& config) { config.baseUrl = "api.twilio.com"; }},
        {"AnotherScheme", [](ClientOptions& config) { config.baseUrl = "ftp://api.twilio.com"; }},
        {"UserInTheUrl", [](ClientOptions& config) { config.baseUrl = "https://a:b@example.com"; }},
        {"QueryInTheUrl", [](ClientOptions& config) { config.baseUrl = "https://example.com?a"; }},
        {"FragmentInTheUrl",
         [](ClientOptions& config) { config.baseUrl = "https://example.com#a"; }},
        {"BlankInTheUrl", [](ClientOptions& config) { config.baseUrl = "https://example.com/ a"; }},
        {"RegionThatEndsTheHost", [](ClientOptions& config) { config.region = "evil.example/"; }},
        {"EdgeWithADot", [](ClientOptions& config) { config.edge = "a.b"; }},
        {"NoTime", [](ClientOptions& config) { config.timeout = 0ms; }},
        {"NegativeRetries", [](ClientOptions& config) { config.maxRetries = -1; }},
        {"NegativeBackoff", [](ClientOptions& config) { config.firstBackoff = -1ms; }},
    }),
    [](const auto& test) { return test.param.name; });

TEST(RestClient, NeedsATransportTimersAndALog) {
  const auto transport = std::make_shared<support::FakeTransport>();
  const auto timers = std::make_shared<support::FakeTimers>();
  EXPECT_THROW((Client{restConfig(), nullptr, timers}), Error);
  EXPECT_THROW((Client{restConfig(), transport, nullptr}), Error);
  EXPECT_THROW((Client{restConfig(), transport, timers, nullptr}), Error);
}

TEST(RestClient, AsksWithAnApiKeyForTheAccount) {
  ClientOptions config = restConfig();
  config.user = "SK0123456789abcdef0123456789abcdef";
  FakeApi api{config};
  ignore(api.client->fetchCall("CA1"));
  const http::OutgoingRequest request = api.transport->sent().at(0);
  EXPECT_EQ(request.credentials->user, "SK0123456789abcdef0123456789abcdef");
  EXPECT_EQ(request.url, kBase + "/Calls/CA1.json");
}

TEST(RestClient, HasTheTimeoutOfItsSettings) {
  ClientOptions config = restConfig();
  config.timeout = 1234ms;
  FakeApi api{config};
  ignore(api.client->fetchCall("CA1"));
  EXPECT_EQ(api.transport->sent().at(0).timeout, 1234ms);
}

/// What is wrong with a base URL; empty if nothing is.
std::string refusalOf(const std::string& baseUrl) {
  ClientOptions config = restConfig();
  config.baseUrl = baseUrl;
  try {
    const FakeApi api{config};
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    return error.what();
  }
}

TEST(RestClient, RetriesNoMoreThanAThousandAtATime) {
  FakeApi api;
  for (int i = 0; i < 1001; ++i) api.transport->answer(503);
  std::vector<Later<CallResource>> calls;
  for (int i = 0; i < 1001; ++i) calls.push_back(api.client->fetchCall("CA1"));
  EXPECT_EQ(api.timers->waiting(), 1000U);
  EXPECT_EQ(errorOf<RestError>(std::move(calls.back())).status(), 503);
  EXPECT_FALSE(calls.front().isSettled());
}

TEST(RestClient, FollowsNoEndlessAddressOfAPage) {
  FakeApi api;
  api.transport->answer(200,
                        R"({"calls":[],"next_page_uri":"/)" + std::string(100'000, 'x') + R"("})");
  const Page<CallResource> page = api.client->listCalls().get();
  EXPECT_THAT(errorOf<RestError>(api.client->nextPage(page)).what(), HasSubstr("too long"));
}

TEST(RestClient, SendsCredentialsInTheOpenToThisMachineOnly) {
  EXPECT_EQ(refusalOf("https://example.com"), "");
  EXPECT_EQ(refusalOf("HTTPS://127.evil.com"), "");
  EXPECT_EQ(refusalOf("http://127.0.0.1:8080"), "");
  EXPECT_EQ(refusalOf("http://[::1]:8080"), "");
  EXPECT_EQ(refusalOf("http://LOCALHOST/twilio"), "");
  for (const std::string host :
       {"example.com", "127.evil.com", "127.0.0.1.evil.com", "localhost.evil.com", "127.1",
        "0x7f.0.0.1", "2130706433", "10.0.0.1", "localhost.", "[::2]"}) {
    const std::string why = refusalOf("http://" + host + ":8080");
    EXPECT_THAT(why, HasSubstr("baseUrl, or IVR_API_BASE"));
    EXPECT_THAT(why, HasSubstr("http://" + host + ":8080"));
    EXPECT_THAT(why, HasSubstr("https, or over http to this machine alone: 127.0.0.1"));
  }
}

TEST(RestClient, NeverShowsCredentialsInAUrl) {
  for (const std::string scheme : {"http", "https"}) {
    const std::string why = refusalOf(scheme + "://me:hunter2@127.0.0.1@example.com/");
    EXPECT_THAT(why, HasSubstr(scheme + "://***@example.com"));
    EXPECT_THAT(why, Not(HasSubstr("hunter2")));
  }
  EXPECT_THAT(refusalOf("http://me:hunter2 @example.com/"), Not(HasSubstr("hunter2")));
}

/// Environment variables, unset again at the end.
class RestEnvironment : public testing::Test {
 protected:
  ~RestEnvironment() override {
    for (const char* name : kNames) ::unsetenv(name);
  }
  static void set(const std::map<std::string, std::string>& values) {
    for (const char* name : kNames) ::unsetenv(name);
    for (const auto& [name, value] : values) ::setenv(name.c_str(), value.c_str(), 1);
  }
  static constexpr const char* kNames[] = {
      "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET",
      "TWILIO_REGION",      "TWILIO_EDGE",       "IVR_API_BASE"};
};

TEST_F(RestEnvironment, GivesAccountAndToken) {
  set({{"TWILIO_ACCOUNT_SID", "AC1\n"}, {"TWILIO_AUTH_TOKEN", " first , second"}});
  const ClientOptions config = ClientOptions::fromEnvironment();
  EXPECT_EQ(config.accountSid, "AC1");
  EXPECT_EQ(config.user, "");
  EXPECT_EQ(config.secret, "first");
}

TEST_F(RestEnvironment, PrefersAnApiKey) {
  set({{"TWILIO_ACCOUNT_SID", "AC1"},
       {"TWILIO_AUTH_TOKEN", "token"},
       {"TWILIO_API_KEY", "SK1"},
       {"TWILIO_API_SECRET", "a,b"}});
  const ClientOptions config = ClientOptions::fromEnvironment();
  EXPECT_EQ(config.user, "SK1");
  EXPECT_EQ(config.secret, "a,b");
}

TEST_F(RestEnvironment, WithHalfAnApiKeyIsRefused) {
  for (const char* half : {"TWILIO_API_KEY", "TWILIO_API_SECRET"}) {
    set({{"TWILIO_ACCOUNT_SID", "AC1"}, {"TWILIO_AUTH_TOKEN", "token"}, {half, "x"}});
    EXPECT_THROW(static_cast<void>(ClientOptions::fromEnvironment()), Error);
  }
}

TEST_F(RestEnvironment, GivesTheHost) {
  set({{"TWILIO_REGION", "ie1"}, {"TWILIO_EDGE", "dublin"}, {"IVR_API_BASE", "http://[::1]:1"}});
  const ClientOptions config = ClientOptions::fromEnvironment();
  EXPECT_EQ(config.region, "ie1");
  EXPECT_EQ(config.edge, "dublin");
  EXPECT_EQ(config.baseUrl, "http://[::1]:1");
}

TEST_F(RestEnvironment, WithoutAnythingMakesNoClient) {
  set({});
  EXPECT_THROW(FakeApi{ClientOptions::fromEnvironment()}, Error);
}

// ---- Answers

TEST(RestClient, GivesWhatIsAnswered) {
  FakeApi api;
  api.transport->answer(201, R"({"sid": "CA1", "status": "queued"})");
  const CallResource call = api.client->createCall(full<CreateCall>()).get();
  EXPECT_EQ(call.sid, "CA1");
  EXPECT_EQ(call.status, CallStatus::queued);
}

TEST(RestClient, DeletesWithAnEmptyAnswer) {
  FakeApi api;
  for (int i = 0; i < 4; ++i) api.transport->answer(204);
  static_cast<void>(api.client->deleteCall("CA1").get());
  static_cast<void>(api.client->deleteQueue("QU1").get());
  static_cast<void>(api.client->deleteRecording("RE1").get());
  static_cast<void>(api.client->removeParticipant("CF1", "CA1").get());
  EXPECT_THAT(api.transport->sent(), SizeIs(4));
}

TEST(RestClient, AnswersWhenTheTransportDoes) {
  FakeApi api;
  api.transport->hold();
  Later<CallResource> later = api.client->fetchCall("CA1");
  EXPECT_FALSE(later.isSettled());
  std::thread transport{[answer = api.transport->held()] {
    answer(http::IncomingResponse{.status = 200, .body = std::string{kCallReply}});
  }};
  EXPECT_EQ(std::move(later).get().sid, kCallSid);
  transport.join();
}

TEST(RestRefusal, HasAllThatTheProviderSays) {
  FakeApi api;
  api.transport->answer(404,
                        R"({"code": 20404, "message": "The requested resource was not found",
          "more_info": "https://www.twilio.com/docs/errors/20404", "status": 404})",
                        {{"Twilio-Request-Id", "RQ0123456789abcdef0123456789abcdef"}});
  const auto error = errorOf<RestError>(api.client->fetchCall(kCallSid));
  EXPECT_EQ(error.kind(), ErrorKind::remote);
  EXPECT_EQ(error.status(), 404);
  EXPECT_EQ(error.code(), 20404);
  EXPECT_EQ(error.message(), "The requested resource was not found");
  EXPECT_EQ(error.moreInfo(), "https://www.twilio.com/docs/errors/20404");
  EXPECT_EQ(error.requestId(), "RQ0123456789abcdef0123456789abcdef");
  EXPECT_EQ(error.retryAfter(), std::nullopt);
  EXPECT_EQ(std::string{error.what()},
            "the REST API refused GET /Calls/CA0123456789abcdef0123456789abcdef.json with status "
            "404, code 20404: The requested resource was not found");
}

TEST(RestRefusal, MasksNumbersAndLineEndsInItsSentence) {
  FakeApi api;
  api.transport->answer(400,
                        R"({"code": 21211, "message": "The 'To' number +14155550100\n is not"})");
  const auto error = errorOf<RestError>(api.client->createCall(full<CreateCall>()));
  EXPECT_EQ(std::string{error.what()},
            "the REST API refused POST /Calls.json with status 400, code 21211: The 'To' number "
            "+***********? is not");
  EXPECT_EQ(error.message(), "The 'To' number +14155550100? is not");
}

TEST(RestRefusal, KeepsWhatTheProviderSaysShortAndClean) {
  FakeApi api;
  const std::string words(5000, 'x');
  api.transport->answer(400, R"({"code": 1, "message": "\u001b[2J)" + words +
                                 R"(", "more_info": "\u202e)" + words + R"("})");
  const auto error = errorOf<RestError>(api.client->fetchCall("CA1"));
  EXPECT_EQ(error.message().substr(0, 6), "?[2Jxx");
  EXPECT_EQ(error.moreInfo().substr(0, 2), "?x");
  EXPECT_LT(error.message().size(), 1010U);
  EXPECT_LT(error.moreInfo().size(), 1010U);
}

TEST(RestRefusal, ThatIsEndlessIsNotRead) {
  FakeApi api;
  api.transport->answer(400, R"({"code": 1, "message": ")" + std::string(1'000'000, 'x') + R"("})");
  const auto error = errorOf<RestError>(api.client->fetchCall("CA1"));
  EXPECT_EQ(error.status(), 400);
  EXPECT_EQ(error.code(), 0);
  EXPECT_EQ(error.message(), "");
}

TEST(RestRefusal, MasksNumbersInItsPath) {
  FakeApi api;
  api.transport->answer(404, "");
  const auto error = errorOf<RestError>(api.client->fetchParticipant("CF1", "+14155550100"));
  EXPECT_THAT(error.what(), HasSubstr("/Conferences/CF1/Participants/%2B***********.json"));
  EXPECT_THAT(api.log(), Not(HasSubstr("5550100")));
}

TEST(RestRefusal, OfWrongCredentialsNamesNone) {
  FakeApi api;
  api.transport->answer(401, R"({"code": 20003, "message": "Authenticate", "status": 401})");
  const auto error = errorOf<RestError>(api.client->listCalls());
  EXPECT_EQ(error.code(), 20003);
  EXPECT_EQ(error.kind(), ErrorKind::remote);
  EXPECT_THAT(error.what(), Not(HasSubstr(std::string{support::kSecret})));
  EXPECT_THAT(error.what(), Not(HasSubstr(std::string{support::kAccount})));
}

TEST(RestRefusal, ComesOfARedirectToo) {
  FakeApi api;
  api.transport->answer(307, "", {{"Location", "https://evil.example/"}});
  EXPECT_EQ(errorOf<RestError>(api.client->fetchCall("CA1")).status(), 307);
  EXPECT_THAT(api.transport->sent(), SizeIs(1));
}

TEST(RestRefusal, OfADeleteIsAnErrorToo) {
  FakeApi api;
  api.transport->answer(404, R"({"code": 20404})");
  EXPECT_EQ(errorOf<RestError>(api.client->deleteCall("CA1")).code(), 20404);
}

TEST(RestRefusal, HasNoCodeThatIsNoNumber) {
  for (const char* code : {"null", "[]", "99999999999", "1.5", "\"x\""}) {
    FakeApi api;
    api.transport->answer(400, std::string{R"({"code": )"} + code + "}");
    EXPECT_EQ(errorOf<RestError>(api.client->fetchCall("CA1")).code(), 0) << code;
  }
}

TEST(RestClient, FailsAsItsTransportDoes) {
  FakeApi api;
  api.transport->fail(brokenOff());
  const auto error = errorOf<http::TransportError>(api.client->createCall(full<CreateCall>()));
  EXPECT_TRUE(error.mayHaveArrived());
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
}

// ---- Retries

/// What the first attempt met.
struct Trouble {
  std::string name;
  std::function<void(support::FakeTransport&)> meet;
  bool isSentAgainIfItChangesNothing = false;
  bool isSentAgainIfItChangesSomething = false;
};

void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }

Trouble status(int status, bool safe, bool unsafe) {
  return {.name = "Status" + std::to_string(status),
          .meet = [status](support::FakeTransport& transport) { transport.answer(status, "{}"); },
          .isSentAgainIfItChangesNothing = safe,
          .isSentAgainIfItChangesSomething = unsafe};
}

template <class E>
Trouble failure(std::string name, E error, bool safe, bool unsafe) {
  return {.name = std::move(name),
          .meet = [error](support::FakeTransport& transport) { transport.fail(error); },
          .isSentAgainIfItChangesNothing = safe,
          .isSentAgainIfItChangesSomething = unsafe};
}

const std::vector<Trouble> kTroubles{
    status(429, true, true),
    status(500, true, false),
    status(502, true, false),
    status(503, true, false),
    status(504, true, false),
    status(501, false, false),
    status(400, false, false),
    status(401, false, false),
    status(404, false, false),
    status(408, false, false),
    status(302, false, false),
    failure("DidNotArrive", unreachable(), true, true),
    failure("MayHaveArrived", brokenOff(), true, false),
    failure("TimedOut", http::TransportError{ErrorKind::timeout, "no answer in time", true}, true,
            false),
    failure("TimedOutBefore", http::TransportError{ErrorKind::timeout, "no connection", false},
            true, true),
    failure("TooMuchIsWaiting", Error{ErrorKind::unavailable, "too many requests wait"}, false,
            false),
    failure("SomethingElse", std::runtime_error{"broken"}, false, false),
};

class RestRetry : public testing::TestWithParam<Trouble> {};

TEST_P(RestRetry, HappensOnlyWhereItDoesNoHarm) {
  for (const support::RestRequest& address : support::kRestRequests) {
    const bool isSafe = address.method == "GET";
    FakeApi api;
    GetParam().meet(*api.transport);
    ignore(address.send(*api.client, {}));
    ASSERT_THAT(api.transport->sent(), SizeIs(1)) << address.name;
    api.timers->advance(1h);
    const bool again = isSafe ? GetParam().isSentAgainIfItChangesNothing
                              : GetParam().isSentAgainIfItChangesSomething;
    EXPECT_THAT(api.transport->sent(), SizeIs(again ? 2 : 1)) << address.name;
    EXPECT_EQ(api.timers->waiting(), 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(All, RestRetry, ValuesIn(kTroubles),
                         [](const auto& test) { return test.param.name; });

TEST(RestRetry, SendsTheSameAndGivesTheLaterAnswer) {
  FakeApi api;
  api.transport->answer(429, R"({"code": 20429})");
  api.transport->answer(201, std::string{kCallReply});
  Later<CallResource> later = api.client->createCall(full<CreateCall>());
  EXPECT_FALSE(later.isSettled());
  api.timers->advance(250ms);
  ASSERT_TRUE(later.isSettled());
  EXPECT_EQ(std::move(later).get().sid, kCallSid);
  const auto sent = api.transport->sent();
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(sent[0].method, sent[1].method);
  EXPECT_EQ(sent[0].url, sent[1].url);
  EXPECT_EQ(sent[0].body, sent[1].body);
  EXPECT_EQ(sent[0].credentials->password, sent[1].credentials->password);
  EXPECT_EQ(sent[1].timeout, 10s);
  EXPECT_TRUE(sent[0].onlyOnce && sent[1].onlyOnce);
}

TEST(RestRetry, IsNotMadeInsideTheCall) {
  FakeApi api;
  api.transport->fail(unreachable());
  const Later<CallResource> later = api.client->fetchCall("CA1");
  EXPECT_THAT(api.transport->sent(), SizeIs(1));
  EXPECT_EQ(api.timers->waiting(), 1u);
}

TEST(RestRetry, EndsAfterAsManyTriesAsAreAllowed) {
  for (const int most : {0, 1, 3, 7}) {
    ClientOptions config = restConfig();
    config.maxRetries = most;
    FakeApi api{config};
    for (int i = 0; i <= most; ++i) api.transport->answer(429, R"({"code": 20429})");
    Later<CallResource> later = api.client->createCall(full<CreateCall>());
    api.timers->advance(1h);
    EXPECT_EQ(errorOf<RestError>(std::move(later)).code(), 20429);
    EXPECT_EQ(api.transport->sent().size(), static_cast<std::size_t>(most) + 1);
  }
}

TEST(RestRetry, GivesTheLastTroubleWhenItGivesUp) {
  FakeApi api;
  api.transport->fail(unreachable());
  api.transport->answer(503);
  api.transport->answer(429, R"({"code": 20429})");
  api.transport->fail(brokenOff());
  Later<CallResource> later = api.client->fetchCall("CA1");
  api.timers->advance(1h);
  EXPECT_TRUE(errorOf<http::TransportError>(std::move(later)).mayHaveArrived());
}

TEST(RestRetry, OfACreateEndsWhenOneMayHaveArrived) {
  FakeApi api;
  api.transport->fail(unreachable());
  api.transport->answer(429);
  api.transport->fail(brokenOff());
  Later<CallResource> later = api.client->createCall(full<CreateCall>());
  api.timers->advance(1h);
  EXPECT_TRUE(errorOf<http::TransportError>(std::move(later)).mayHaveArrived());
  EXPECT_THAT(api.transport->sent(), SizeIs(3));
}

/// How long the client says it waits before each retry; the test checks that it does.
std::vector<std::chrono::milliseconds> backoffs(const ClientOptions& config,
                                                const http::Headers& headers) {
  FakeApi api{config};
  for (int i = 0; i <= config.maxRetries; ++i) api.transport->answer(429, "", headers);
  const Later<CallResource> later = api.client->fetchCall("CA1");
  while (api.timers->waiting() > 0) api.timers->advance(api.timers->delays().at(0));
  EXPECT_TRUE(later.isSettled());
  std::vector<std::chrono::milliseconds> delays;
  std::chrono::milliseconds sum{0};
  for (const auto& [level, line] : api.lines) {
    constexpr std::string_view kAgain = "again-in-ms=";
    const std::size_t at = line.find(kAgain);
    if (at == std::string::npos) continue;  // the last
    delays.emplace_back(std::stoll(line.substr(at + kAgain.size())));
    sum += delays.back();
  }
  EXPECT_EQ(api.timers->now(), sum);
  return delays;
}

TEST(RestRetry, WaitsARandomTimeThatMayDoubleEachTime) {
  ClientOptions config = restConfig();
  config.maxRetries = 6;
  const std::vector<std::chrono::milliseconds> most{250ms, 500ms, 1000ms, 2000ms, 3000ms, 3000ms};
  std::vector<std::chrono::milliseconds> longest(most.size());
  std::set<std::chrono::milliseconds> seen;
  for (int round = 0; round < 200; ++round) {
    const auto delays = backoffs(config, {});
    ASSERT_EQ(delays.size(), most.size());
    for (std::size_t i = 0; i < most.size(); ++i) {
      EXPECT_LE(delays[i], most[i]);
      longest[i] = std::max(longest[i], delays[i]);
      seen.insert(delays[i]);
    }
  }
  // In 200 rounds some wait is in the upper fifth, except in one case in 10^19.
  for (std::size_t i = 0; i < most.size(); ++i) EXPECT_GT(longest[i], most[i] * 4 / 5) << i;
  EXPECT_LT(*seen.begin(), 50ms);
  EXPECT_GT(seen.size(), 100u);
}

TEST(RestRetry, WaitsNotAtAllWithoutBackoff) {
  ClientOptions config = restConfig();
  config.firstBackoff = config.maxBackoff = 0ms;
  EXPECT_THAT(backoffs(config, {}), Each(0ms));
}

TEST(RestRetry, NeverWaitsLongerThanAllowed) {
  ClientOptions config = restConfig();
  config.maxRetries = 200;  // so many doublings would overflow
  config.maxBackoff = std::chrono::hours{24 * 365 * 100};
  for (const auto delay : backoffs(config, {})) {
    EXPECT_GE(delay, 0ms);
    EXPECT_LE(delay, config.maxBackoff);
  }
}

struct RetryAfterCase {
  std::string name;
  http::Headers headers;
  std::chrono::seconds expected;
};

void PrintTo(const RetryAfterCase& retryAfter, std::ostream* out) { *out << retryAfter.name; }

class RestRetryAfter : public testing::TestWithParam<RetryAfterCase> {};

TEST_P(RestRetryAfter, IsWaitedForAtLeast) {
  ClientOptions config = restConfig();
  config.maxRetries = 2;
  const auto delays = backoffs(config, GetParam().headers);
  ASSERT_THAT(delays, SizeIs(2));
  for (const auto delay : delays) {
    EXPECT_GE(delay, GetParam().expected);
    EXPECT_LE(delay, GetParam().expected + 500ms);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RestRetryAfter,
    ValuesIn(std::vector<RetryAfterCase>{
        {"Seconds", {{"Retry-After", "7"}}, 7s},
        {"SecondsWithBlanks", {{"retry-after", " 7 "}}, 7s},
        {"AsLongAsAllowed", {{"Retry-After", "30"}}, 30s},
        {"Zero", {{"Retry-After", "0"}}, 0s},
        {"Negative", {{"Retry-After", "-7"}}, 0s},
        {"Date",
         {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
          {"Retry-After", "Sun, 06 Nov 1994 08:49:50 GMT"}},
         13s},
        {"DateInThePast",
         {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
          {"Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT"}},
         0s},
        {"DateWithoutNow", {{"Retry-After", "Sun, 06 Nov 2094 08:49:50 GMT"}}, 0s},
        {"Garbage", {{"Retry-After", "soon"}}, 0s},
        {"Empty", {{"Retry-After", ""}}, 0s},
        {"BeyondAllNumbers", {{"Retry-After", "99999999999999999999"}}, 0s},
    }),
    [](const auto& test) { return test.param.name; });

TEST(RestRetry, IsNotMadeWhenTheProviderWantsToBeLeftAloneForLong) {
  FakeApi api;
  api.transport->answer(429, R"({"code": 20429})", {{"Retry-After", "31"}});
  const auto error = errorOf<RestError>(api.client->fetchCall("CA1"));
  EXPECT_EQ(error.retryAfter(), 31s);
  EXPECT_EQ(api.timers->waiting(), 0u);
}

TEST(RestRetry, IsLogged) {
  FakeApi api;
  api.transport->fail(unreachable());
  api.transport->answer(200, std::string{kCallReply});
  Later<CallResource> later = api.client->fetchCall("CA1");
  api.timers->advance(250ms);
  static_cast<void>(std::move(later).get());
  ASSERT_THAT(api.lines, SizeIs(2));
  EXPECT_EQ(api.lines[0].first, LogLevel::info);
  EXPECT_THAT(
      api.lines[0].second,
      testing::MatchesRegex("REST account=AC\\.\\.\\.cdef request=\"GET /Calls/CA1\\.json\" "
                            "outcome=failed type=ivr::http::TransportError "
                            "error=\"api\\.twilio\\.com refuses connections\" us=[0-9]+ "
                            "again-in-ms=[0-9]+"));
  EXPECT_EQ(api.lines[1].first, LogLevel::debug);
}

// ---- Pages

Page<CallResource> pageWithNext(std::string uri) {
  Page<CallResource> page;
  page.nextPageUri = std::move(uri);
  return page;
}

TEST(NextPage, IsFetchedFromWhereTheListSays) {
  FakeApi api;
  const std::string uri =
      "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Calls.json"
      "?To=%2B14155550100&PageSize=2&Page=1&PageToken=PACA1";
  api.transport->answer(200, R"({"calls": [{"sid": "CA1"}], "next_page_uri": ")" + uri + "\"}");
  api.transport->answer(200, R"({"calls": [{"sid": "CA2"}], "next_page_uri": null})");
  const Page<CallResource> first = api.client->listCalls({.pageSize = 2}).get();
  ASSERT_TRUE(first.hasNext());
  const Page<CallResource> second = api.client->nextPage(first).get();
  EXPECT_EQ(second.items.at(0).sid, "CA2");
  EXPECT_FALSE(second.hasNext());
  const http::OutgoingRequest request = api.transport->sent().at(1);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "https://api.twilio.com" + uri);
  EXPECT_EQ(request.credentials->password, support::kSecret);
  EXPECT_THAT(api.log(), HasSubstr("request=\"GET /Calls.json\" status=200"));
  EXPECT_THAT(api.log(), Not(HasSubstr("PageToken")));
  EXPECT_THAT(api.log(), Not(HasSubstr("5550100")));
  EXPECT_THAT(api.log(), Not(HasSubstr(std::string{support::kAccount})));
}

TEST(NextPage, IsThereForEveryKind) {
  FakeApi api;
  Client& client = *api.client;
  api.transport->answer(200, R"({"conferences": [{"sid": "CF1"}]})");
  EXPECT_EQ(client.nextPage(Page<ConferenceResource>{.nextPageUri = "/a"}).get().items.size(), 1u);
  api.transport->answer(200, R"({"participants": [{"call_sid": "CA1"}]})");
  EXPECT_EQ(client.nextPage(Page<ParticipantResource>{.nextPageUri = "/a"}).get().items.size(), 1u);
  api.transport->answer(200, R"({"queues": [{"sid": "QU1"}]})");
  EXPECT_EQ(client.nextPage(Page<QueueResource>{.nextPageUri = "/a"}).get().items.size(), 1u);
  api.transport->answer(200, R"({"queue_members": [{"call_sid": "CA1"}]})");
  EXPECT_EQ(client.nextPage(Page<MemberResource>{.nextPageUri = "/a"}).get().items.size(), 1u);
  api.transport->answer(200, R"({"recordings": [{"sid": "RE1"}]})");
  EXPECT_EQ(client.nextPage(Page<RecordingResource>{.nextPageUri = "/a"}).get().items.size(), 1u);
  api.transport->answer(200, R"({"messages": [{"sid": "SM1"}]})");
  EXPECT_EQ(client.nextPage(Page<MessageResource>{.nextPageUri = "/a"}).get().items.size(), 1u);
}

TEST(NextPage, MayBeAbsoluteAtTheSameServer) {
  FakeApi api;
  ignore(api.client->nextPage(pageWithNext("HTTPS://API.twilio.com:443/next?Page=1")));
  EXPECT_EQ(api.transport->sent().at(0).url, "HTTPS://API.twilio.com:443/next?Page=1");
}

TEST(NextPage, IsRelativeToTheBaseUrl) {
  ClientOptions config = restConfig();
  config.baseUrl = "http://localhost:4010/twilio";
  FakeApi api{config};
  ignore(api.client->nextPage(pageWithNext("/2010-04-01/x?Page=1")));
  EXPECT_EQ(api.transport->sent().at(0).url, "http://localhost:4010/twilio/2010-04-01/x?Page=1");
}

class ForeignPage : public testing::TestWithParam<std::string> {};

TEST_P(ForeignPage, IsRefusedBeforeCredentialsGoThere) {
  FakeApi api;
  const auto error = errorOf<RestError>(api.client->nextPage(pageWithNext(GetParam())));
  EXPECT_EQ(error.code(), 0);
  EXPECT_TRUE(api.transport->sent().empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, ForeignPage,
    ValuesIn(std::vector<std::string>{
        "https://evil.example/2010-04-01/Calls.json", "http://api.twilio.com/next",
        "https://api.twilio.com:8443/next", "https://api.twilio.com.evil.example/next",
        "https://api.twilio.com@evil.example/next", "https://user@api.twilio.com/next",
        "//evil.example/next", "@evil.example/next", ".evil.example/next", ":8443/next", "next",
        "ftp://api.twilio.com/next", "/next page", "/next\r\nX: y", "javascript:alert(1)",
        "https://"}));

TEST(NextPage, OfTheLastIsAUsageError) {
  FakeApi api;
  EXPECT_EQ(errorOf<Error>(api.client->nextPage(Page<CallResource>{})).kind(), ErrorKind::usage);
}

// ---- The end of a client

TEST(EndedClient, FailsWhatWaitsToBeSentAgainWithItsLastTrouble) {
  FakeApi api;
  api.transport->answer(429, R"({"code": 20429})");
  Later<CallResource> later = api.client->createCall(full<CreateCall>());
  api.client.reset();
  api.timers->advance(1h);
  ASSERT_TRUE(later.isSettled());
  EXPECT_EQ(errorOf<RestError>(std::move(later)).code(), 20429);
  EXPECT_THAT(api.transport->sent(), SizeIs(1));
}

TEST(EndedClient, FailsWhatWaitsWhenTheTimersEndToo) {
  FakeApi api;
  api.transport->answer(429, R"({"code": 20429})");
  Later<CallResource> later = api.client->createCall(full<CreateCall>());
  api.client.reset();
  api.timers.reset();
  ASSERT_TRUE(later.isSettled());
  EXPECT_EQ(errorOf<RestError>(std::move(later)).code(), 20429);
}

TEST(EndedClient, StillGivesTheAnswersThatCome) {
  FakeApi api;
  api.transport->hold();
  Later<CallResource> later = api.client->fetchCall("CA1");
  api.client.reset();
  api.transport->held()(http::IncomingResponse{.status = 200, .body = std::string{kCallReply}});
  EXPECT_EQ(std::move(later).get().sid, kCallSid);
}

TEST(EndedClient, SendsNothingAgain) {
  FakeApi api;
  api.transport->hold();
  Later<CallResource> later = api.client->fetchCall("CA1");
  api.client.reset();
  api.transport->held()(http::IncomingResponse{.status = 503});
  api.timers->advance(1h);
  EXPECT_EQ(errorOf<RestError>(std::move(later)).status(), 503);
  EXPECT_THAT(api.transport->sent(), SizeIs(1));
}

// Transport and timers wait for their threads when they end, so they must not end on one of those.
TEST(EndedClient, LeavesTransportAndTimersToTheirOwner) {
  FakeApi api;
  api.transport->hold();
  Later<CallResource> underWay = api.client->fetchCall("CA1");
  const Answer<http::IncomingResponse> answer = api.transport->held();
  const std::weak_ptr transport = api.transport;
  const std::weak_ptr timers = api.timers;
  api.client.reset();
  api.transport.reset();
  api.timers.reset();
  EXPECT_TRUE(transport.expired());
  EXPECT_TRUE(timers.expired());
  answer(http::IncomingResponse{.status = 503});
  EXPECT_EQ(errorOf<RestError>(std::move(underWay)).status(), 503);
}

// ---- Threads

TEST(RestClient, IsUsedByManyThreadsAtOnce) {
  constexpr int kThreads = 8;
  constexpr int kEach = 200;
  ClientOptions config = restConfig();
  config.maxRetries = kThreads * kEach;
  FakeApi api{config};
  for (int i = 0; i < kThreads * kEach; ++i) {
    api.transport->answer(429);
    api.transport->answer(200, std::string{kCallReply});
  }
  // A request that meets 429 is retried, until each has had the 200 that is left for it.
  std::atomic<int> answers = 0;
  std::atomic<bool> isOver = false;
  std::thread time{[&] {
    while (!isOver) api.timers->advance(1s);
  }};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        api.client->fetchCall("CA1").receive([&](const Settled<CallResource>& outcome) {
          if (outcome.index() == 0) ++answers;
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  isOver = true;
  time.join();
  api.timers->advance(1h);
  EXPECT_EQ(api.timers->waiting(), 0u);
  EXPECT_EQ(answers, kThreads * kEach);
}

}  // namespace
