// Requests that no honest client sends. After each of them the application still answers a call.
//
// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/app.hpp"
#include "support/states.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::string_literals;

/// An application with a state at `/voice` that says the digits, and what it logs.
struct Voice {
  explicit Voice(Config config = openConfig()) : ivr(withLog(std::move(config))) {
    ivr.add<ScriptedEnd>(Does{.name = "Voice", .uri = "/voice", .twimlFor = [](Call& call) {
                                return says("pressed " + std::string{call.digits()});
                              }});
  }
  Config withLog(Config config) const {
    config.log = log.log();
    return config;
  }

  CapturedLog log;
  Ivr ivr;
};

Request withBody(std::string body) {
  Request request = post("/voice");
  request.body = std::move(body);
  return request;
}

Request withMethod(std::string method, std::string target) {
  Request request = post(std::move(target));
  request.method = std::move(method);
  return request;
}

Request withManyHeaders() {
  Request request = post("/voice");
  for (int i = 0; i < 10'000; ++i) request.headers.add("X-Flood", std::to_string(i));
  return request;
}

std::string fields(int count) {
  std::string body;
  for (int i = 0; i < count; ++i) body += "f" + std::to_string(i) + "=1&";
  body.pop_back();
  return body;
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

struct Attack {
  const char* name;
  Request request;
  int status;
};

void PrintTo(const Attack& attack, std::ostream* out) { *out << attack.name; }

class HostileInput : public ::testing::TestWithParam<Attack> {};

// 20, 22, 23, 24, B13
TEST_P(HostileInput, IsAnsweredAndTheNextCallToo) {
  Voice voice;
  EXPECT_EQ(answerOf(voice.ivr, GetParam().request).status, GetParam().status);
  EXPECT_THAT(answerOf(voice.ivr, post("/voice", {{"Digits", "1"}})).body.text(),
              HasSubstr("pressed 1"));
}

TEST_P(HostileInput, IsRefusedUnlessItIsSigned) {
  Voice voice{signedConfig()};
  const int status = answerOf(voice.ivr, GetParam().request).status;
  EXPECT_GE(status, 400);
  EXPECT_LT(status, 500);
  EXPECT_THAT(answerOf(voice.ivr, signedPost("/voice", {{"Digits", "1"}})).body.text(),
              HasSubstr("pressed 1"));
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, HostileInput,
    ::testing::Values(
        Attack{"Empty", withBody(""), 200},
        Attack{"OnlySeparators", withBody(repeated("&", 5000)), 200},
        Attack{"OnlyEqualsSigns", withBody(repeated("=", 5000)), 200},
        Attack{"MalformedPercent", withBody("a=%&b=%z&c=%zz&%=%0"), 200},
        Attack{"Nul", withBody("Digits=1%002&a\0b=c\0d"s), 200},
        Attack{"InvalidUtf8", withBody("Digits=%FF%FE\xC0\xAF\xED\xA0\x80"), 200},
        Attack{"RepeatedFields", withBody("Digits=2&Digits=3&CallSid=CA1&CallSid=CA2"), 200},
        Attack{"Prototype", withBody("__proto__=1&constructor=2&__proto__[admin]=1"), 200},
        Attack{"HugeKey", withBody(std::string(500'000, 'k') + "=1"), 200},
        Attack{"HugeDigits", withBody("Digits=" + std::string(500'000, '1')), 200},
        Attack{"Xml", withBody("Digits=%3C%2FSay%3E%3C%21--"), 200},
        Attack{"AThousandFields", withBody(fields(1000)), 200},
        Attack{"OneFieldTooMany", withBody(fields(1001)), 413},
        Attack{"TheSameFieldTooOften", withBody(repeated("a&", 1001)), 413},
        Attack{"LongestBody", withBody("a=" + std::string((1 << 20) - 2, 'x')), 200},
        Attack{"BodyOneByteTooLong", withBody("a=" + std::string((1 << 20) - 1, 'x')), 413},
        Attack{"LongJson",
               with(withBody(std::string((1 << 20) + 1, '[')), "Content-Type", "application/json"),
               413},
        Attack{"Json",
               with(withBody(R"({"Digits":{"$gt":""}})"), "Content-Type", "application/json"), 200},
        Attack{"DeepJson",
               with(withBody(std::string(100'000, '[')), "Content-Type", "application/json"), 200},
        Attack{"OtherCharset",
               with(withBody("Digits=1"), "Content-Type",
                    "application/x-www-form-urlencoded; charset=utf-7"),
               415}),
    [](const auto& test) { return std::string{test.param.name}; });

INSTANTIATE_TEST_SUITE_P(
    Headers, HostileInput,
    ::testing::Values(
        Attack{"Flood", withManyHeaders(), 200},
        Attack{"Long", with(post("/voice"), "X-Long", std::string(1'000'000, 'x')), 200},
        Attack{"LongContentType",
               with(post("/voice"), "Content-Type", repeated("a/b;charset=;", 50'000)), 200},
        Attack{"LongSignature",
               with(post("/voice"), std::string{security::kSignatureHeader},
                    std::string(1'000'000, 'A')),
               200},
        Attack{"SignatureThatIsNoBase64",
               with(post("/voice"), std::string{security::kSignatureHeader},
                    "\xFF\0 !!!!!!!!!!!!!!!!!!!!!!!!!"s),
               200},
        Attack{"MalformedHost", with(post("/voice"), "Host", "[::1"), 200},
        Attack{"ForeignHost", with(post("/voice"), "Host", "evil/..:99999@x"), 200}),
    [](const auto& test) { return std::string{test.param.name}; });

INSTANTIATE_TEST_SUITE_P(
    Targets, HostileInput,
    ::testing::Values(Attack{"Empty", post(""), 400}, Attack{"WithoutSlash", post("voice"), 400},
                      Attack{"Star", withMethod("OPTIONS", "*"), 400},
                      Attack{"Authority", withMethod("CONNECT", "evil.example.com:443"), 400},
                      Attack{"Absolute", post("http://ivr.example.com/voice"), 200},
                      Attack{"AbsoluteElsewhere", post("http://evil.example.com/other"), 404},
                      Attack{"Traversal", post("/../../etc/passwd"), 404},
                      Attack{"EncodedTraversal", post("/%2e%2e/%2e%2e/etc/passwd"), 404},
                      Attack{"Nul", post("/voice\0"s), 404},
                      Attack{"EncodedNul", post("/voice%00"), 404},
                      Attack{"InvalidUtf8", post("/\xFF\xC0\xAF"), 404},
                      Attack{"MalformedPercent", post("/%"), 404},
                      Attack{"LineEnds", post("/\r\nX-Injected: 1"), 404},
                      Attack{"Long", post("/" + std::string(100'000, 'a')), 404},
                      Attack{"LongQuery", post("/voice?" + std::string(100'000, '&')), 200},
                      Attack{"UnknownMethod", withMethod("\xFFGET /", "/voice"), 405},
                      Attack{"NoMethod", withMethod("", "/voice"), 405}),
    [](const auto& test) { return std::string{test.param.name}; });

// --- What it does to a document and to the log ---

TEST(HostileInput, IsEscapedInTheDocument) {
  Voice voice;
  const std::string body =
      answerOf(voice.ivr, post("/voice", {{"Digits", "</Say><Dial>900</Dial>"}})).body.text();
  EXPECT_THAT(body, Not(HasSubstr("<Dial>")));
}

TEST(HostileInput, ThatXmlCannotHoldIsReplacedInTheDocument) {
  Voice voice;
  const std::string body =
      answerOf(voice.ivr, post("/voice", {{"Digits", "a\0b\x01\xFF"s}})).body.text();
  EXPECT_THAT(body, HasSubstr("a\xEF\xBF\xBD"
                              "b\xEF\xBF\xBD\xEF\xBF\xBD"));
}

std::ptrdiff_t linesLogged(const Request& request, const Config& config) {
  Voice voice{config};
  const auto lines = [&] {
    return std::ranges::count_if(voice.log.text(), [](char c) { return c == '\n' || c == '\r'; });
  };
  voice.ivr.mount();
  const std::ptrdiff_t before = lines();
  answerOf(voice.ivr, request);
  return lines() - before;
}

class HostileField : public ::testing::TestWithParam<const char*> {};

TEST_P(HostileField, DoesNotBreakALineOfTheLog) {
  Config config = openConfig();
  config.personalData = PersonalData::shown;
  EXPECT_EQ(linesLogged(post("/voice", {{GetParam(), "x\r\nstep state=Forged\nz"}}), config), 1);
}

INSTANTIATE_TEST_SUITE_P(Fields, HostileField,
                         ::testing::Values("CallSid", "From", "To", "Digits", "SpeechResult"),
                         [](const auto& test) { return std::string{test.param}; });

TEST(HostileInput, InTheTargetDoesNotBreakALineOfTheLog) {
  EXPECT_EQ(linesLogged(post("/x\r\nstep state=Forged"), signedConfig()), 1);
}

TEST(HostileInput, InTheMethodDoesNotBreakALineOfTheLog) {
  EXPECT_EQ(linesLogged(withMethod("A\nB", "/voice"), signedConfig()), 1);
}

TEST(HostileInput, MakesNoLongLineOfTheLog) {
  Config config = openConfig();
  config.personalData = PersonalData::shown;
  Voice voice{config};
  const std::string flood(500'000, 'x');
  answerOf(voice.ivr, post("/voice", {{"CallSid", flood}, {"Digits", flood}}));
  EXPECT_LT(voice.log.text().size(), 10'000U);
}

}  // namespace
