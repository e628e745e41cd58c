// Which requests are let in: signatures, proxies, and what the log says about the others.
//
// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/app.hpp"
#include "support/states.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const Form kSpokenForm{{"CallSid", "CA1"}, {"From", "+14155550100"}, {"SpeechResult", "my secret"}};
const std::string kVoice = std::string{kPublicUrl} + "/voice";

/// An application with a state at `/voice`, and what it logs.
struct SignedVoice {
  explicit SignedVoice(Config config = signedConfig()) : ivr(withLog(std::move(config))) {
    ivr.add<ScriptedEnd>(Does{.name = "Voice", .uri = "/voice"});
  }
  Config withLog(Config config) const {
    config.log = log.log();
    return config;
  }
  Response ask(Request request) { return answerOf(ivr, std::move(request)); }

  CapturedLog log;
  Ivr ivr;
};

int statusOf(const Request& request, Config config = signedConfig()) {
  return SignedVoice{std::move(config)}.ask(request).status;
}

/// A request to `/voice` signed for another address or with another token.
Request signedFor(const std::string& url, std::string_view token = kToken) {
  Request request = post("/voice", kSpokenForm);
  request.headers.add(std::string{security::kSignatureHeader},
                      security::sign(token, url, kSpokenForm));
  return request;
}

Config reachedAt(std::string publicUrl) {
  Config config = signedConfig();
  config.publicUrl = std::move(publicUrl);
  return config;
}

// --- Signatures ---

// 83, 85
TEST(Validation, LetsASignedRequestIn) {
  EXPECT_EQ(statusOf(signedPost("/voice", kSpokenForm)), 200);
}

// 83
TEST(Validation, RefusesAnUnsignedRequest) {
  EXPECT_EQ(statusOf(post("/voice", kSpokenForm)), 403);
}

// 83
TEST(Validation, LetsEverythingInWhenItIsOff) {
  EXPECT_EQ(statusOf(post("/voice", kSpokenForm), openConfig()), 200);
}

// 83
TEST(Validation, RefusesABodyChangedAfterSigning) {
  Request request = signedPost("/voice", kSpokenForm);
  request.body += "&Digits=1";
  EXPECT_EQ(statusOf(request), 403);
}

TEST(Validation, RefusesATargetChangedAfterSigning) {
  Request request = signedPost("/voice", kSpokenForm);
  request.target += "?admin=1";
  EXPECT_EQ(statusOf(request), 403);
}

TEST(Validation, RefusesASignatureByAnotherToken) {
  EXPECT_EQ(statusOf(signedFor(kVoice, "another token")), 403);
}

TEST(Validation, RefusesTwoSignaturesEvenIfOneIsRight) {
  Request request = signedPost("/voice", kSpokenForm);
  request.headers.add(std::string{security::kSignatureHeader},
                      security::sign("another token", kVoice, kSpokenForm));
  EXPECT_EQ(statusOf(request), 403);
}

TEST(Validation, RefusesAFormThatIsNotDeclaredAsOne) {
  Request request = signedPost("/voice", kSpokenForm);
  request.headers.set("Content-Type", "text/plain");
  EXPECT_EQ(statusOf(request), 403);
}

TEST(Validation, FindsTheHeaderInAnyCase) {
  Request request = post("/voice", kSpokenForm);
  request.headers.add("x-twilio-signature", security::sign(kToken, kVoice, kSpokenForm));
  EXPECT_EQ(statusOf(request), 200);
}

TEST(Validation, AcceptsEitherOfTwoTokensDuringARotation) {
  Config config = signedConfig();
  config.authTokens = {"the new token", "the old token"};
  EXPECT_EQ(statusOf(signedFor(kVoice, "the new token"), config), 200);
  EXPECT_EQ(statusOf(signedFor(kVoice, "the old token"), config), 200);
  EXPECT_EQ(statusOf(signedFor(kVoice), config), 403);
}

// 86
TEST(Validation, IncludesTheQueryAsItWasSent) {
  EXPECT_EQ(statusOf(signedPost("/voice?step=2&name=J%C3%BCrgen+M&x=%2f", kSpokenForm)), 200);
}

// B15
TEST(Validation, AcceptsTheDefaultPortInTheSignedAddress) {
  EXPECT_EQ(statusOf(signedFor("https://ivr.example.com:443/voice")), 200);
  EXPECT_EQ(
      statusOf(signedFor("http://ivr.example.com:80/voice"), reachedAt("http://ivr.example.com")),
      200);
}

// B15
TEST(Validation, AcceptsAnAddressSignedWithoutItsPort) {
  EXPECT_EQ(statusOf(signedFor(kVoice), reachedAt("https://ivr.example.com:8443")), 200);
}

// B16
TEST(Validation, AcceptsRepeatedFields) {
  EXPECT_EQ(statusOf(signedPost("/voice", {{"a", "2"}, {"b", "x"}, {"a", "1"}, {"a", "2"}})), 200);
}

TEST(Validation, DoesNotTrimFields) {
  EXPECT_EQ(statusOf(signedPost("/voice", {{"Body", " two  blanks \r\n"}, {"Empty", ""}})), 200);
}

// --- JSON ---

Request signedJson(const std::string& target, std::string body) {
  Request request{.method = "POST", .target = target, .body = std::move(body)};
  request.headers.add("Content-Type", "application/json");
  request.headers.add(std::string{security::kSignatureHeader},
                      security::sign(kToken, std::string{kPublicUrl} + target));
  return request;
}

const std::string kJson = R"({"CallSid":"CA1"})";
const std::string kJsonTarget = "/voice?bodySHA256=" + security::bodySha256(kJson);

// B17
TEST(Validation, LetsJsonInWhoseHashIsInTheSignedAddress) {
  EXPECT_EQ(statusOf(signedJson(kJsonTarget, kJson)), 200);
}

// B17
TEST(Validation, RefusesJsonChangedAfterSigning) {
  EXPECT_EQ(statusOf(signedJson(kJsonTarget, R"({"CallSid":"CA2"})")), 403);
}

// B17
TEST(Validation, RefusesJsonThatNoHashVouchesFor) {
  EXPECT_EQ(statusOf(signedJson("/voice", kJson)), 403);
}

// --- Behind a proxy ---

// 89, B14
TEST(Validation, UsesThePublicUrlAndNotTheHostThatWasAsked) {
  Request request = signedPost("/voice", kSpokenForm);
  request.headers.set("Host", "10.1.2.3:8080");
  EXPECT_EQ(statusOf(request), 200);
}

// B14
TEST(Validation, PutsThePathOfThePublicUrlBackThatAProxyTookOff) {
  for (const char* publicUrl :
       {"https://ivr.example.com/phone", "https://ivr.example.com/phone/"}) {
    EXPECT_EQ(statusOf(signedFor("https://ivr.example.com/phone/voice"), reachedAt(publicUrl)), 200)
        << publicUrl;
  }
}

TEST(Validation, IgnoresASlashAtTheEndOfThePublicUrl) {
  EXPECT_EQ(statusOf(signedFor(kVoice), reachedAt("https://ivr.example.com/")), 200);
}

struct ProxyCase {
  const char* name;
  const char* trusted;
  const char* peer;
  bool isBelieved;
};

void PrintTo(const ProxyCase& test, std::ostream* out) { *out << test.name; }

class ValidationProxy : public ::testing::TestWithParam<ProxyCase> {};

// B14
TEST_P(ValidationProxy, IsBelievedIfItIsListed) {
  Config config = signedConfig();
  config.trustedProxies = {"192.0.2.1", GetParam().trusted};
  Request request = signedFor("http://other.example.com/voice");
  request.peerAddress = GetParam().peer;
  request.headers.add("X-Forwarded-Proto", "http");
  request.headers.add("X-Forwarded-Host", "other.example.com");
  EXPECT_EQ(statusOf(request, config), GetParam().isBelieved ? 200 : 403);
}

INSTANTIATE_TEST_SUITE_P(
    Peers, ValidationProxy,
    ::testing::Values(ProxyCase{"Address", "10.0.0.7", "10.0.0.7", true},
                      ProxyCase{"OtherAddress", "10.0.0.7", "10.0.0.8", false},
                      ProxyCase{"Network", "10.0.0.0/8", "10.200.3.4", true},
                      ProxyCase{"OutsideTheNetwork", "10.0.0.0/8", "11.0.0.1", false},
                      ProxyCase{"OddNetwork", "10.0.0.0/13", "10.7.255.255", true},
                      ProxyCase{"OutsideTheOddNetwork", "10.0.0.0/13", "10.8.0.0", false},
                      ProxyCase{"NetworkOfOne", "10.0.0.7/32", "10.0.0.7", true},
                      ProxyCase{"Everybody", "0.0.0.0/0", "203.0.113.9", true},
                      ProxyCase{"Ipv6Address", "::1", "::1", true},
                      ProxyCase{"Ipv6WrittenOtherwise", "::1", "0:0:0:0:0:0:0:1", true},
                      ProxyCase{"Ipv6Network", "2001:db8::/32", "2001:db8:1::9", true},
                      ProxyCase{"OutsideTheIpv6Network", "2001:db8::/32", "2001:db9::1", false},
                      ProxyCase{"Ipv4OnADualSocket", "10.0.0.7", "::ffff:10.0.0.7", true},
                      ProxyCase{"Ipv4IsNotInAnIpv6Network", "::/96", "10.0.0.7", false},
                      ProxyCase{"UnknownPeer", "10.0.0.7", "", false},
                      ProxyCase{"PeerThatIsNoAddress", "10.0.0.7", "10.0.0.7, 1.2.3.4", false}),
    [](const auto& test) { return std::string{test.param.name}; });

// B14
TEST(Validation, BelievesNoProxyByDefault) {
  Request request = signedFor("http://other.example.com/voice");
  request.peerAddress = "127.0.0.1";
  request.headers.add("X-Forwarded-Proto", "http");
  request.headers.add("X-Forwarded-Host", "other.example.com");
  EXPECT_EQ(statusOf(request), 403);
}

TEST(Validation, IsNotDisturbedByForwardingHeadersThatItDoesNotBelieve) {
  Request request = signedFor(kVoice);
  request.headers.add("X-Forwarded-Proto", "http");
  request.headers.add("X-Forwarded-Host", "evil.example.com");
  EXPECT_EQ(statusOf(request), 200);
}

TEST(Validation, UsesThePublicUrlForWhatATrustedProxyDoesNotSay) {
  Config config = signedConfig();
  config.trustedProxies = {"10.0.0.7"};
  Request request = signedFor("https://other.example.com/voice");
  request.peerAddress = "10.0.0.7";
  request.headers.add("X-Forwarded-Host", "other.example.com");
  EXPECT_EQ(statusOf(request, config), 200);
}

/// The status of a request that was signed for `url`, behind a trusted proxy.
int statusBehindProxy(const std::string& url, const std::vector<http::Headers::Field>& fields) {
  Config config = signedConfig();
  config.trustedProxies = {"10.0.0.7"};
  Request request = signedFor(url);
  request.peerAddress = "10.0.0.7";
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return statusOf(request, config);
}

// What stands before the proxy's own item was chosen by the client.
TEST(Validation, BelievesOnlyWhatTheTrustedProxyItselfAppended) {
  const std::string chosen = "https://chosen.example.com/voice";
  const std::string real = "https://other.example.com/voice";
  using Fields = std::vector<http::Headers::Field>;
  for (const Fields& fields :
       {Fields{{"X-Forwarded-Host", "chosen.example.com, other.example.com"}},
        Fields{{"X-Forwarded-Host", "chosen.example.com"},
               {"X-Forwarded-Host", "other.example.com"}}}) {
    EXPECT_EQ(statusBehindProxy(chosen, fields), 403);
    EXPECT_EQ(statusBehindProxy(real, fields), 200);
  }
  const Fields scheme{{"X-Forwarded-Proto", "http, https"}};
  EXPECT_EQ(statusBehindProxy("http://ivr.example.com/voice", scheme), 403);
  EXPECT_EQ(statusBehindProxy(kVoice, scheme), 200);
}

TEST(Validation, BelievesThePortThatATrustedProxySays) {
  EXPECT_EQ(statusBehindProxy(
                "http://other.example.com:8080/voice",
                {{"X-Forwarded-Proto", "http"}, {"X-Forwarded-Host", "other.example.com:8080"}}),
            200);
}

TEST(Validation, UsesThePublicUrlForWhatIsNoHostOrNoScheme) {
  for (const char* host : {"", "other.example.com,", "a/b", "user@other.example.com", "a?b", "a#b",
                           "other.example.com:x", "two words"}) {
    EXPECT_EQ(statusBehindProxy(kVoice, {{"X-Forwarded-Host", host}}), 200) << host;
  }
  for (const char* scheme : {"", "ftp", "https://other.example.com/", "http https"}) {
    EXPECT_EQ(statusBehindProxy(kVoice, {{"X-Forwarded-Proto", scheme}}), 200) << scheme;
  }
}

// --- Refusals ---

struct RefusedRequest {
  const char* name;
  Request request;
  const char* reason;  ///< Part of what the log says.
  Config config = signedConfig();
};

void PrintTo(const RefusedRequest& refusal, std::ostream* out) { *out << refusal.name; }

Config withToken(std::string token) {
  Config config = signedConfig();
  config.authTokens = {std::move(token)};
  return config;
}

Request withChangedBody() {
  Request request = signedFor(kVoice);
  request.body += "&Digits=12345";
  return request;
}

class ValidationRefusal : public ::testing::TestWithParam<RefusedRequest> {};

// 84
TEST_P(ValidationRefusal, SaysNothingElse) {
  const Response response = SignedVoice{GetParam().config}.ask(GetParam().request);
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body.text(), "Twilio Request Validation Failed.");
  EXPECT_THAT(header(response, "Content-Type"), StartsWith("text/plain"));
  EXPECT_EQ(response.headers.size(), 1U);
}

TEST_P(ValidationRefusal, IsExplainedToTheOperator) {
  SignedVoice voice{GetParam().config};
  ASSERT_EQ(voice.ask(GetParam().request).status, 403);
  EXPECT_THAT(voice.log.text(), HasSubstr(GetParam().reason));
}

TEST_P(ValidationRefusal, KeepsSecretsOutOfTheLog) {
  SignedVoice voice{GetParam().config};
  ASSERT_EQ(voice.ask(GetParam().request).status, 403);
  const std::string log = voice.log.text();
  const std::string token = voice.ivr.config().authTokens.at(0);
  EXPECT_THAT(log, Not(HasSubstr(std::string{kToken})));
  EXPECT_THAT(log, Not(HasSubstr(token)));
  EXPECT_THAT(log, Not(HasSubstr("4155550100")));
  EXPECT_THAT(log, Not(HasSubstr("my secret")));
  EXPECT_THAT(log, Not(HasSubstr("12345")));
  const auto signature = GetParam().request.headers.find(security::kSignatureHeader);
  EXPECT_THAT(log, Not(HasSubstr(std::string{signature.value_or("no signature")})));
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, ValidationRefusal,
    ::testing::Values(
        RefusedRequest{"MissingHeader", post("/voice", kSpokenForm),
                       "X-Twilio-Signature is missing"},
        RefusedRequest{"MalformedHeader",
                       with(post("/voice", kSpokenForm), "X-Twilio-Signature", "c2VjcmV0"),
                       "28 characters"},
        RefusedRequest{"Scheme", signedFor("http://ivr.example.com/voice"), "wrong scheme"},
        RefusedRequest{"Port", signedFor("https://ivr.example.com:8443/voice"), "wrong port"},
        RefusedRequest{"TrailingSlash", signedFor(kVoice + "/"), "wrong trailing slash"},
        RefusedRequest{
            "PathPrefixTakenOffByTheProxy",
            with(signedFor("https://ivr.example.com/phone/voice"), "X-Forwarded-Prefix", "/phone"),
            "wrong path prefix"},
        RefusedRequest{"PathPrefixThatNobodyUses", signedFor(kVoice), "wrong path prefix",
                       reachedAt("https://ivr.example.com/phone")},
        RefusedRequest{
            "Host", with(signedFor("https://other.example.com/voice"), "Host", "other.example.com"),
            "wrong host"},
        RefusedRequest{"TokenWithLineEnd", signedFor(kVoice), "wrong token",
                       withToken(std::string{kToken} + "\n")},
        RefusedRequest{"TokenWithBlank", signedFor(kVoice), "wrong token",
                       withToken(' ' + std::string{kToken})},
        RefusedRequest{"Token", signedFor(kVoice, "another token"), "wrong token"},
        RefusedRequest{"Body", withChangedBody(), "changed"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Validation, NamesBothAddressesWhenTheyDiffer) {
  SignedVoice voice;
  voice.ask(signedFor("http://ivr.example.com/voice"));
  EXPECT_THAT(voice.log.text(), HasSubstr("http://ivr.example.com/voice"));
  EXPECT_THAT(voice.log.text(), HasSubstr("https://ivr.example.com/voice"));
}

TEST(Validation, KeepsTheQueryOutOfTheLog) {
  SignedVoice voice;
  Request request = signedPost("/voice?pin=4711", kSpokenForm);
  request.headers.set(security::kSignatureHeader,
                      security::sign(kToken, "http://ivr.example.com/voice?pin=4711", kSpokenForm));
  ASSERT_EQ(voice.ask(request).status, 403);
  EXPECT_THAT(voice.log.text(), Not(HasSubstr("4711")));
}

TEST(Validation, LogsNothingAboutARefusalThatDidNotHappen) {
  SignedVoice voice;
  ASSERT_EQ(voice.ask(signedPost("/voice", kSpokenForm)).status, 200);
  EXPECT_THAT(voice.log.text(), Not(HasSubstr("403")));
}

TEST(Validation, DoesNotAskTheState) {
  bool wasAsked = false;
  Ivr ivr{signedConfig()};
  ivr.add<ScriptedEnd>(Does{.uri = "/voice", .twimlFor = [&](Call&) {
                              wasAsked = true;
                              return Twiml{};
                            }});
  EXPECT_EQ(answerOf(ivr, post("/voice")).status, 403);
  EXPECT_FALSE(wasAsked);
}

// --- Order ---

// 15, 87
TEST(Validation, ComesBeforeTheRoutes) {
  EXPECT_EQ(statusOf(post("/unknown")), 403);
  EXPECT_EQ(statusOf(get("/unknown")), 403);
  EXPECT_EQ(statusOf(get("/voice")), 403);
}

// 15, 45
TEST(Validation, LeavesASignedRequestForAnUnknownPathNotFound) {
  EXPECT_EQ(statusOf(signedPost("/unknown", kSpokenForm)), 404);
}

// 17
TEST(Validation, LeavesASignedGetOfAStateNotAllowed) {
  SignedVoice voice;
  const Response response = voice.ask(signedGet("/voice"));
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header(response, "Allow"), "POST");
}

// 18
TEST(Validation, IsNotForAnAddressThatIsOpenToEveryone) {
  SignedVoice voice;
  voice.ivr.route("GET", "/health", Access::everyone,
                  [](Request) -> Later<Response> { return plainText(200, "well"); });
  EXPECT_EQ(voice.ask(get("/health")).body.text(), "well");
}

// 18
TEST(Validation, GuardsAnAddressThatIsForSignedRequestsOnly) {
  SignedVoice voice;
  voice.ivr.route("POST", "/status", Access::signedOnly,
                  [](Request) -> Later<Response> { return Response{.status = 204}; });
  const Form fields{{"CallStatus", "completed"}};
  EXPECT_EQ(voice.ask(post("/status", fields)).status, 403);
  EXPECT_EQ(voice.ask(signedPost("/status", fields)).status, 204);
}

// 87
TEST(Validation, ComesBeforeTheMethodOfAnAddressForSignedRequestsOnly) {
  SignedVoice voice;
  voice.ivr.route("POST", "/status", Access::signedOnly,
                  [](Request) -> Later<Response> { return Response{.status = 204}; });
  EXPECT_EQ(voice.ask(get("/status")).status, 403);
  EXPECT_EQ(voice.ask(signedGet("/status")).status, 405);
}

// 45, 87
TEST(Validation, ComesBeforeTheFallback) {
  SignedVoice voice;
  voice.ivr.fallback([](Request) -> Later<Response> { return plainText(200, "outer"); });
  EXPECT_EQ(voice.ask(post("/unknown")).status, 403);
  EXPECT_EQ(voice.ask(signedPost("/unknown")).body.text(), "outer");
}

}  // namespace
