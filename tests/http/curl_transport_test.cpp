#include "ivr/http/transport.hpp"
#include "support/command.hpp"
#include "support/eventually.hpp"
#include "support/fault_server.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <atomic>
#include <csignal>
#include <dlfcn.h>
#include <future>
#include <gmock/gmock.h>
#include <netdb.h>
#include <optional>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <utility>
#include <vector>

namespace {

std::atomic<int> lookUpsThatHang = 0;
std::atomic<bool> lookUpsMayEnd = false;

}  // namespace

/// Wraps the C library's, also for libcurl, so that `.test` is decided here and not by a network.
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* name,
                                                                  const char* service,
                                                                  const addrinfo* hints,
                                                                  addrinfo** found) {
  const std::string_view host = name == nullptr ? "" : name;
  if (host == "nobody.test") return EAI_NONAME;
  if (host == "hangs.test") {
    ++lookUpsThatHang;
    lookUpsMayEnd.wait(false);
    --lookUpsThatHang;
    return EAI_AGAIN;
  }
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto next = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return next(name, service, hints, found);
}

namespace {

using namespace ivr;
using namespace ivr::http;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::TestWithParam;
using testing::ValuesIn;

OutgoingRequest get(std::string url) { return {.url = std::move(url)}; }

OutgoingRequest post(std::string url, std::string body = "a=1") {
  return {.method = "POST", .url = std::move(url), .body = std::move(body)};
}

OutgoingRequest onlyOnce(OutgoingRequest request) {
  request.onlyOnce = true;
  return request;
}

OutgoingRequest within(std::chrono::milliseconds timeout, OutgoingRequest request) {
  request.timeout = timeout;
  return request;
}

/// The error that an exchange ends with. Throws on an answer or any other exception.
TransportError failureOf(Later<IncomingResponse> later) {
  try {
    throw std::logic_error{"answered " + std::to_string(std::move(later).get().status)};
  } catch (const TransportError& error) {
    return error;
  }
}

/// What the error says about a request that can never be sent.
std::string usageErrorOf(Later<IncomingResponse> later) {
  try {
    std::move(later).get();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::usage) return error.what();
    throw;
  }
  return "no failure";
}

/// Holds requests until it is opened. Its destructor opens it, so that no server waits for ever.
class Gate {
 public:
  ~Gate() { open(); }
  void open() {
    if (!isOpen_.exchange(true)) opened_.set_value();
  }
  Script before(Script script) {
    return [future = future_, script = std::move(script)](const ReceivedRequest& request) {
      future.wait();
      return script(request);
    };
  }

 private:
  std::atomic<bool> isOpen_ = false;
  std::promise<void> opened_;
  std::shared_future<void> future_ = opened_.get_future().share();
};

// ---- what is sent, and what is answered ----

struct Sent {
  std::string method;
  std::string body;
  std::string answer;
};
void PrintTo(const Sent& sent, std::ostream* out) { *out << sent.method << ' ' << sent.body; }

class CurlTransportMethod : public TestWithParam<Sent> {};

TEST_P(CurlTransportMethod, IsSentWithItsBodyAndAnswered) {
  const FaultServer server{always(answer(201, GetParam().answer, "X-Answer: yes\r\n"))};
  const auto transport = curlTransport();
  const IncomingResponse response =
      transport
          ->send({.method = GetParam().method, .url = server.url("/a"), .body = GetParam().body})
          .get();
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.headers.find("x-answer"), "yes");
  EXPECT_EQ(response.body, GetParam().answer);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].methodAndTarget(), GetParam().method + " /a");
  EXPECT_EQ(requests[0].body, GetParam().body);
}

INSTANTIATE_TEST_SUITE_P(Each, CurlTransportMethod,
                         ValuesIn<Sent>({{"GET", "", "found"},
                                         {"POST", "To=%2B15005550006", "made"},
                                         {"POST", "", "made"},
                                         {"PUT", "{}", "put"},
                                         {"PUT", "", "put"},
                                         {"PATCH", "{}", "changed"},
                                         {"DELETE", "", ""},
                                         {"DELETE", "{}", "gone"},
                                         {"OPTIONS", "", "all"},
                                         {"GET", "odd", "even"}}));

TEST(CurlTransport, HeadHasAnAnswerWithoutABody) {
  Reaction longer = answer(200);
  longer.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"};
  const FaultServer server{always(longer)};
  const auto transport = curlTransport();
  const IncomingResponse response = transport->send({.method = "HEAD", .url = server.url()}).get();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.find("Content-Length"), "1000");
  EXPECT_EQ(response.body, "");
}

TEST(CurlTransport, SendsTargetAndFieldsAsTheyWereGiven) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport();
  OutgoingRequest request = get(server.url("/a/../b//c%2f%20d?x=1&y=%C3%BC&z="));
  request.headers = {{"X-First", "1"}, {"X-Same", "a"}, {"X-Same", "b; c"}, {"X-Empty", ""}};
  EXPECT_EQ(transport->send(request).get().status, 200);
  const ReceivedRequest received = server.requests().at(0);
  EXPECT_EQ(received.methodAndTarget(), "GET /a/../b//c%2f%20d?x=1&y=%C3%BC&z=");
  EXPECT_THAT(received.head, HasSubstr("X-First: 1\r\nX-Same: a\r\nX-Same: b; c\r\nX-Empty:\r\n"));
  EXPECT_TRUE(received.has("Host: 127.0.0.1:" + std::to_string(server.port())));
}

TEST(CurlTransport, AddsNoFieldThatSaysWhatWasNotSaid) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport();
  EXPECT_EQ(transport->send(post(server.url(), std::string(2'000'000, 'x'))).get().status, 200);
  const ReceivedRequest received = server.requests().at(0);
  EXPECT_TRUE(received.has("Content-Length: 2000000"));
  for (const char* field : {"Expect:", "Content-Type:", "Cookie:", "Authorization:"}) {
    EXPECT_THAT(received.head, Not(HasSubstr(field)));
  }
}

TEST(CurlTransport, SendsAndReceivesBytesOfAnyKind) {
  const std::string bytes{"\0\r\n\r\n\xff\0", 7};
  const FaultServer server{always(answer(200, bytes))};
  const auto transport = curlTransport();
  EXPECT_EQ(transport->send(post(server.url(), bytes)).get().body, bytes);
  EXPECT_EQ(server.requests().at(0).body, bytes);
}

TEST(CurlTransport, AnyStatusIsAnAnswer) {
  const FaultServer server{inTurn({answer(404, "none"), answer(503, "busy"), tooManyRequests(7)})};
  const auto transport = curlTransport();
  EXPECT_EQ(transport->send(get(server.url())).get().status, 404);
  EXPECT_EQ(transport->send(get(server.url())).get().body, "busy");
  const IncomingResponse third = transport->send(get(server.url())).get();
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(third.headers.find("retry-after"), "7");
}

TEST(CurlTransport, KeepsRepeatedFieldsOfTheAnswerInTheirOrder) {
  const FaultServer server{always(answer(200, "", "A: 1\r\nb:2 \r\nA:   3\r\nC:\r\nD: x: y\r\n"))};
  const auto transport = curlTransport();
  const IncomingResponse response = transport->send(get(server.url())).get();
  std::vector<Headers::Field> fields{response.headers.begin(), response.headers.end()};
  EXPECT_THAT(fields,
              ElementsAre(Headers::Field{"A", "1"}, Headers::Field{"b", "2"},
                          Headers::Field{"A", "3"}, Headers::Field{"C", ""},
                          Headers::Field{"D", "x: y"}, Headers::Field{"Content-Length", "0"}));
}

TEST(CurlTransport, FieldsBeforeAndBehindTheAnswerAreNotOfTheAnswer) {
  const FaultServer server{
      always({.pieces = {"HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
                         "HTTP/1.1 200 OK\r\nX-Real: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "4\r\nbody\r\n0\r\nX-Trailer: 1\r\n\r\n"}})};
  const auto transport = curlTransport();
  const IncomingResponse response = transport->send(get(server.url())).get();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "body");
  EXPECT_EQ(response.headers.count("X-Early"), 0U);
  EXPECT_EQ(response.headers.count("X-Real"), 1U);
  EXPECT_EQ(response.headers.count("X-Trailer"), 0U);
}

TEST(CurlTransport, CredentialsAreSentAtOnceAsBasic) {
  const FaultServer server{always(answer(401, "", "WWW-Authenticate: Basic\r\n"))};
  const auto transport = curlTransport();
  OutgoingRequest request = post(server.url());
  request.credentials = {.user = "AC1", .password = "open: sesame"};
  EXPECT_EQ(transport->send(request).get().status, 401);
  EXPECT_EQ(server.requestCount(), 1U);
  EXPECT_TRUE(server.requests().at(0).has("Authorization: Basic QUMxOm9wZW46IHNlc2FtZQ=="));
}

TEST(CurlTransport, CredentialsAndCookiesOfOneRequestAreNotSentWithTheNext) {
  const FaultServer server{always(answer(200, "", "Set-Cookie: a=b\r\n"))};
  const auto transport = curlTransport();
  OutgoingRequest request = post(server.url(), "secret");
  request.credentials = {.user = "AC1", .password = "secret"};
  request.headers = {{"X-Mine", "1"}};
  EXPECT_EQ(transport->send(request).get().status, 200);
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  EXPECT_EQ(server.connections(), 1U);
  const ReceivedRequest second = server.requests().at(1);
  EXPECT_EQ(second.methodAndTarget(), "GET /");
  EXPECT_EQ(second.body, "");
  for (const char* field : {"Authorization:", "Cookie:", "X-Mine:", "Content-Length:"}) {
    EXPECT_THAT(second.head, Not(HasSubstr(field)));
  }
}

TEST(CurlTransport, DoesNotFollowARedirect) {
  const FaultServer other{always(answer(200))};
  const FaultServer server{always(answer(302, "", "Location: " + other.url() + "\r\n"))};
  const auto transport = curlTransport();
  const IncomingResponse response = transport->send(post(server.url())).get();
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.headers.find("Location"), other.url());
  EXPECT_EQ(other.connections(), 0U);
}

TEST(CurlTransport, IgnoresAProxyThatTheEnvironmentNames) {
  const RefusingPort proxy;
  const FaultServer server{always(answer(200))};
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::setenv("all_proxy", proxy.url().c_str(), 1);
  const auto transport = curlTransport();
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  ::unsetenv("http_proxy");
  ::unsetenv("all_proxy");
}

// ---- what can never be sent ----

struct Wrong {
  const char* name;
  OutgoingRequest request;
};
void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

class CurlTransportUsage : public TestWithParam<Wrong> {};

TEST_P(CurlTransportUsage, IsAnErrorAndNothingIsSent) {
  const FaultServer server{always(answer(200))};
  OutgoingRequest request = GetParam().request;
  if (request.url.empty()) request.url = server.url("/?secret");
  const auto transport = curlTransport();
  const std::string error = usageErrorOf(transport->send(std::move(request)));
  EXPECT_NE(error, "no failure");
  EXPECT_THAT(error, Not(HasSubstr("secret")));
  EXPECT_EQ(server.connections(), 0U);
}

const std::vector<Wrong> kWrong = {
    {"RelativeUrl", {.url = "/2010-04-01/Accounts?secret"}},
    {"UrlWithABlank", {.url = "http://127.0.0.1/a secret"}},
    {"UrlWithALineEnd", {.url = "http://127.0.0.1/\r\nX: secret"}},
    {"OtherScheme", {.url = "ftp://127.0.0.1/secret"}},
    {"FileScheme", {.url = "file://localhost/etc/secret"}},
    {"UrlWithUser", {.url = "http://secret@127.0.0.1/"}},
    {"UrlWithPassword", {.url = "http://a:secret@127.0.0.1/"}},
    {"PortThatIsNone", {.url = "http://127.0.0.1:70000/?secret"}},
    {"EmptyMethod", {.method = ""}},
    {"MethodWithABlank", {.method = "GET /secret HTTP/1.1\r\nX:"}},
    {"HeadWithABody", {.method = "HEAD", .body = "secret"}},
    {"FieldWithALineEnd", {.headers = {{"X-A", "secret\r\nX-B: 1"}}}},
    {"FieldWithALineFeed", {.headers = {{"X-A", "secret\nX-B: 1"}}}},
    {"FieldWithANull", {.headers = {{"X-A", std::string{"secret\0", 7}}}}},
    {"FieldNameWithALineEnd", {.headers = {{"X-A: secret\r\nX-B", "1"}}}},
    {"FieldNameWithAColon", {.headers = {{"X-A:secret", "1"}}}},
    {"FieldNameThatIsEmpty", {.headers = {{"", "secret"}}}},
    {"OwnLength", {.method = "POST", .headers = {{"content-length", "3"}}, .body = "secret"}},
    {"OwnTransferEncoding", {.method = "POST", .headers = {{"Transfer-Encoding", "chunked"}}}},
    {"OwnExpect", {.method = "POST", .headers = {{"Expect", "100-continue"}}}},
    {"UserWithAColon", {.credentials = {{.user = "a:b", .password = "secret"}}}},
    {"PasswordWithANull", {.credentials = {{.user = "a", .password = {"secret\0", 7}}}}},
    {"PasswordWithALineEnd", {.credentials = {{.user = "a", .password = "secret\n"}}}},
};

INSTANTIATE_TEST_SUITE_P(Each, CurlTransportUsage, ValuesIn(kWrong),
                         [](const auto& wrong) { return std::string{wrong.param.name}; });

TEST(CurlTransport, NeedsAtLeastOneExchangeAtATime) {
  EXPECT_THROW(static_cast<void>(curlTransport({.inFlight = 0})), Error);
}

// ---- what goes wrong ----

struct Fault {
  const char* name;
  Reaction reaction;
  ErrorKind kind;
  const char* says;
};
void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

/// Short only where nothing else ends the exchange.
std::chrono::milliseconds timeFor(const Fault& fault) {
  return fault.kind == ErrorKind::timeout ? 500ms : 30s;
}

class CurlTransportFault : public TestWithParam<Fault> {};

TEST_P(CurlTransportFault, IsAnErrorThatSaysWhatMayHaveArrivedAndTellsNoSecret) {
  const FaultServer server{always(GetParam().reaction)};
  const auto transport = curlTransport({.maxBodyBytes = 100'000});
  OutgoingRequest request =
      within(timeFor(GetParam()), post(server.url("/secret?secret"), "secret"));
  request.headers = {{"X-Secret", "secret"}};
  request.credentials = {.user = "secret", .password = "secret"};
  const TransportError error = failureOf(transport->send(onlyOnce(request)));
  EXPECT_EQ(error.kind(), GetParam().kind);
  EXPECT_TRUE(error.mayHaveArrived());
  EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(server.port()) + ": "));
  EXPECT_THAT(error.what(), HasSubstr(GetParam().says));
  EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
  EXPECT_EQ(server.requestCount(), 1U);
}

std::string manyShortFields() {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "a:\r\n";
  return lines;
}

const std::vector<Fault> kFaults = {
    {"Hang", hang(), ErrorKind::timeout, "no answer in time"},
    {"Drip", drip(), ErrorKind::timeout, "no answer in time"},
    {"CloseUnanswered", closeUnanswered(), ErrorKind::unavailable, "returned nothing"},
    {"ResetUnanswered", resetUnanswered(), ErrorKind::unavailable, "receiving data"},
    {"Garbage", garbage(), ErrorKind::unavailable, "not HTTP"},
    {"CloseInHead", closeInHead(), ErrorKind::unavailable, "ends in its header"},
    {"CloseInBody", closeInBody(), ErrorKind::unavailable, "partial"},
    {"CloseInChunk", closeInChunk(), ErrorKind::unavailable, ""},
    {"LengthThatIsNoNumber", wrongLength("many", "x"), ErrorKind::unavailable, "Weird"},
    {"LengthBelowZero", wrongLength("-5", "x"), ErrorKind::unavailable, "Weird"},
    {"HugeLength", wrongLength("99999999999", "x"), ErrorKind::unavailable, ""},
    {"HugeBody", hugeBody(100'001), ErrorKind::unavailable, "too long"},
    {"HugeBodyInChunks", hugeBodyInChunks(10), ErrorKind::unavailable, "too long"},
    {"HeaderBomb", headerBomb(3000), ErrorKind::unavailable, ""},
    {"ManyShortFields", answer(200, "", manyShortFields()), ErrorKind::unavailable,
     "too many header fields"},
    {"LongField", answer(200, "", "X: " + std::string(200'000, 'x') + "\r\n"),
     ErrorKind::unavailable, ""},
};

INSTANTIATE_TEST_SUITE_P(Each, CurlTransportFault, ValuesIn(kFaults),
                         [](const auto& fault) { return std::string{fault.param.name}; });

TEST(CurlTransport, BodyOfExactlyTheLimitIsAnAnswer) {
  const FaultServer server{always(hugeBody(100'000))};
  const auto transport = curlTransport({.maxBodyBytes = 100'000});
  EXPECT_EQ(transport->send(get(server.url())).get().body.size(), 100'000U);
}

// ---- long answers, of more than 16 KiB ----

constexpr std::size_t kLong = 300'000;

/// Long answers to `/long`, short ones to everything else.
Script byTarget() {
  return [](const ReceivedRequest& request) {
    return request.methodAndTarget() == "GET /long" ? hugeBody(kLong) : answer(200, "short");
  };
}

TEST(CurlTransportWithLongAnswers, ReadsOneWhenAnotherIsGone) {
  const FaultServer server{always(hugeBody(kLong))};
  const auto transport = curlTransport({.longAnswers = 1});
  std::optional<IncomingResponse> first = transport->send(get(server.url())).get();
  Later<IncomingResponse> second = transport->send(within(60s, get(server.url())));
  EXPECT_TRUE(eventually([&] { return server.requestCount() == 2; }));
  EXPECT_FALSE(second.isSettled());
  first.reset();
  EXPECT_EQ(std::move(second).get().body.size(), kLong);
}

TEST(CurlTransportWithLongAnswers, SaysWhenThereWasNoRoomInTime) {
  const FaultServer server{always(hugeBody(kLong))};
  const auto transport = curlTransport({.longAnswers = 1});
  const IncomingResponse first = transport->send(get(server.url())).get();
  const TransportError error = failureOf(transport->send(within(300ms, get(server.url()))));
  EXPECT_EQ(error.kind(), ErrorKind::timeout);
  EXPECT_TRUE(error.mayHaveArrived());
  EXPECT_THAT(error.what(), HasSubstr("no room for a long answer in time"));
}

TEST(CurlTransportWithLongAnswers, ReadsShortOnesMeanwhile) {
  const FaultServer server{byTarget()};
  const auto transport = curlTransport({.longAnswers = 1});
  const IncomingResponse first = transport->send(get(server.url("/long"))).get();
  Later<IncomingResponse> waits = transport->send(within(60s, get(server.url("/long"))));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(transport->send(get(server.url("/short"))).get().body, "short");
  }
  EXPECT_FALSE(waits.isSettled());
}

TEST(CurlTransportWithLongAnswers, ReadsThemAllInTurn) {
  std::string body(kLong, 'x');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 25);
  const FaultServer server{always(answer(200, body))};
  const auto transport = curlTransport({.inFlight = 16, .longAnswers = 2});
  std::vector<Later<bool>> answers;
  for (int i = 0; i < 100; ++i) {
    answers.push_back(
        transport->send(within(60s, get(server.url()))).then([&body](const IncomingResponse& one) {
          return one.body == body;
        }));
  }
  for (auto& one : answers) EXPECT_TRUE(std::move(one).get());
}

TEST(CurlTransportWithLongAnswers, EndsBeforeThem) {
  const FaultServer server{always(hugeBody(kLong))};
  auto transport = curlTransport({.longAnswers = 1});
  IncomingResponse first = transport->send(get(server.url())).get();
  Later<IncomingResponse> second = transport->send(get(server.url()));
  EXPECT_TRUE(eventually([&] { return server.requestCount() == 2; }));
  transport.reset();
  EXPECT_THAT(failureOf(std::move(second)).what(), HasSubstr("closed"));
  EXPECT_EQ(first.body.size(), kLong);
  first = {};
}

TEST(CurlTransportWithLongAnswers, NeedsAPlaceForOne) {
  EXPECT_THROW((void)curlTransport({.longAnswers = 0}), Error);
}

TEST(CurlTransport, GoesOnAfterEveryFault) {
  std::vector<Reaction> reactions;
  for (const Fault& fault : kFaults) reactions.push_back(fault.reaction);
  reactions.push_back(answer(200, "well"));
  const FaultServer server{inTurn(reactions)};
  const auto transport = curlTransport({.maxBodyBytes = 100'000});
  for (const Fault& fault : kFaults) {
    SCOPED_TRACE(fault.name);
    EXPECT_EQ(
        failureOf(transport->send(onlyOnce(within(timeFor(fault), get(server.url()))))).kind(),
        fault.kind);
  }
  EXPECT_EQ(transport->send(get(server.url())).get().body, "well");
}

TEST(CurlTransport, ReadsNoFurtherThanTheAnnouncedLength) {
  const FaultServer server{inTurn({wrongLength("2", "ok and more"), answer(200, "next")})};
  const auto transport = curlTransport();
  EXPECT_EQ(transport->send(get(server.url())).get().body, "ok");
  EXPECT_EQ(transport->send(get(server.url())).get().body, "next");
}

TEST(CurlTransport, WhatComesUnaskedIsNotTakenForAnAnswer) {
  const FaultServer server{
      inTurn({{.pieces = {answer(200, "asked").pieces[0] + answer(200, "unasked").pieces[0]}},
              answer(200, "second")})};
  const auto transport = curlTransport();
  EXPECT_EQ(transport->send(get(server.url())).get().body, "asked");
  EXPECT_EQ(transport->send(get(server.url())).get().body, "second");
}

TEST(CurlTransport, RequestToAPortThatRefusesHasNotArrived) {
  const RefusingPort nobody;
  const auto transport = curlTransport();
  const TransportError error = failureOf(transport->send(post(nobody.url())));
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_FALSE(error.mayHaveArrived());
}

TEST(CurlTransport, RequestToANameThatNobodyHasHasNotArrived) {
  const auto transport = curlTransport();
  const TransportError error = failureOf(transport->send(post("http://nobody.test/?secret")));
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_FALSE(error.mayHaveArrived());
  EXPECT_THAT(error.what(), HasSubstr("nobody.test: "));
  EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
}

TEST(CurlTransport, LookUpThatHangsIsATimeoutAndHoldsUpNobodyElse) {
  lookUpsMayEnd = false;
  const FaultServer server{always(answer(200))};
  auto transport = curlTransport();
  Later<IncomingResponse> slow = transport->send(within(50ms, get("http://hangs.test/")));
  const TransportError error = failureOf(std::move(slow));
  EXPECT_EQ(error.kind(), ErrorKind::timeout);
  EXPECT_FALSE(error.mayHaveArrived());
  EXPECT_TRUE(eventually([] { return lookUpsThatHang == 1; }));
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  Later<IncomingResponse> last = transport->send(get("http://hangs.test/"));
  EXPECT_TRUE(eventually([] { return lookUpsThatHang == 2; }));
  transport.reset();
  EXPECT_FALSE(failureOf(std::move(last)).mayHaveArrived());
  EXPECT_EQ(lookUpsThatHang, 2);
  lookUpsMayEnd = true;
  lookUpsMayEnd.notify_all();
  EXPECT_TRUE(eventually([] { return lookUpsThatHang == 0; }));
}

TEST(CurlTransport, HandshakeThatHangsEndsWithTheTimeToConnectAndNothingArrived) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport({.connectTimeout = 100ms});
  const auto begin = std::chrono::steady_clock::now();
  const TransportError error = failureOf(
      transport->send(within(60s, get("https://127.0.0.1:" + std::to_string(server.port())))));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
  EXPECT_EQ(error.kind(), ErrorKind::timeout);
  EXPECT_FALSE(error.mayHaveArrived());
}

TEST(CurlTransport, ServerThatDoesNotSpeakTlsHasNotGotTheRequest) {
  const FaultServer server{always(answer(200)), "220 smtp.example.com ESMTP\r\n"};
  const auto transport = curlTransport();
  const TransportError error =
      failureOf(transport->send(get("https://127.0.0.1:" + std::to_string(server.port()))));
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_FALSE(error.mayHaveArrived());
  EXPECT_EQ(server.requestCount(), 0U);
}

// ---- connections ----

TEST(CurlTransport, RequestsInARowUseOneConnection) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(transport->send(post(server.url())).get().status, 200);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlTransport, OnlyOnceHasAConnectionOfItsOwn) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport();
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  EXPECT_EQ(transport->send(onlyOnce(post(server.url()))).get().status, 200);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_NE(requests[0].connection, requests[1].connection);
}

TEST(CurlTransport, OnlyOnceIsNotSentAgainWhenItsConnectionDies) {
  const FaultServer server{inTurn({answer(200), closeUnanswered()})};
  const auto transport = curlTransport();
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  const TransportError error = failureOf(transport->send(onlyOnce(post(server.url()))));
  EXPECT_TRUE(error.mayHaveArrived());
  EXPECT_EQ(server.requestCount(), 2U);
}

// The reason for `onlyOnce`. If libcurl stops doing this, nothing is lost.
TEST(CurlTransport, OtherRequestsMayBeSentAgainWhenAKeptConnectionDies) {
  const FaultServer server{inTurn({answer(200), closeUnanswered(), answer(200, "again")})};
  const auto transport = curlTransport();
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  EXPECT_EQ(transport->send(get(server.url())).get().body, "again");
  EXPECT_EQ(server.requestCount(), 3U);
}

TEST(CurlTransport, RequestMayHaveArrivedWhenOnlySendingItAgainWasRefused) {
  const FaultServer* self = nullptr;
  const FaultServer server{[&](const ReceivedRequest& request) {
    if (request.number == 1) return answer(200);
    self->stopListening();
    return closeUnanswered();
  }};
  self = &server;
  const auto transport = curlTransport();
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  EXPECT_TRUE(failureOf(transport->send(get(server.url()))).mayHaveArrived());
  EXPECT_EQ(server.requestCount(), 2U);
}

TEST(CurlTransport, IdleConnectionsAreClosedAlthoughNothingHappens) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport({.keepAlive = 1s});
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  EXPECT_TRUE(eventually([&] { return server.openConnections() == 0; }));
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(CurlTransport, ConnectionsThatAreTooOldAreNotUsedWhileOtherThingsHappen) {
  const FaultServer server{inTurn({answer(200), hang(), answer(200)})};
  const auto transport = curlTransport({.keepAlive = 1s});
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  const auto other = onlyOnce(within(2100ms, get(server.url())));  // libcurl counts whole seconds
  EXPECT_EQ(failureOf(transport->send(other)).kind(), ErrorKind::timeout);
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  EXPECT_EQ(server.connections(), 3U);
}

TEST(CurlTransport, KeepsNoConnectionForNoTime) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport({.keepAlive = 0s});
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(CurlTransport, RequestThatMeetsTheClosingOfIdleConnectionsIsNotForgotten) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport({.keepAlive = 0s});  // they are closed after each answer
  for (int i = 0; i < 3000; ++i) {
    ASSERT_EQ(transport->send(get(server.url())).get().status, 200);
  }
}

// ---- turns ----

TEST(CurlTransport, SendsSoManyAtATimeAndTheRestInTheirOrder) {
  Gate gate;
  const FaultServer server{gate.before(always(answer(200)))};
  const auto transport = curlTransport({.inFlight = 3});
  std::vector<Later<IncomingResponse>> answers;
  for (int i = 0; i < 12; ++i) {
    answers.push_back(transport->send(get(server.url("/" + std::to_string(i)))));
  }
  EXPECT_TRUE(eventually([&] { return server.requestCount() == 3; }));
  const TransportError late = failureOf(transport->send(within(100ms, post(server.url()))));
  EXPECT_EQ(late.kind(), ErrorKind::timeout);
  EXPECT_FALSE(late.mayHaveArrived());
  EXPECT_EQ(server.requestCount(), 3U);
  gate.open();
  for (auto& answer : answers) EXPECT_EQ(std::move(answer).get().status, 200);
  EXPECT_EQ(server.maxAtOnce(), 3U);
  EXPECT_EQ(server.requestCount(), 12U);
}

TEST(CurlTransport, TurnsComeInTheOrderOfSending) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport({.inFlight = 1});
  std::vector<Later<IncomingResponse>> answers;
  for (int i = 0; i < 20; ++i) {
    answers.push_back(transport->send(get(server.url("/" + std::to_string(i)))));
  }
  for (auto& answer : answers) EXPECT_EQ(std::move(answer).get().status, 200);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(requests[i].methodAndTarget(), "GET /" + std::to_string(i));
  }
}

TEST(CurlTransport, RefusesAtOnceWhatIsTooManyAndTakesMoreLater) {
  Gate gate;
  const FaultServer server{gate.before(always(answer(200)))};
  const auto transport = curlTransport({.inFlight = 1, .maxWaiting = 2});
  std::vector<Later<IncomingResponse>> answers;
  for (int i = 0; i < 3; ++i) answers.push_back(transport->send(get(server.url())));
  Later<IncomingResponse> refused = transport->send(get(server.url()));
  EXPECT_TRUE(refused.isSettled());
  const TransportError error = failureOf(std::move(refused));
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_FALSE(error.mayHaveArrived());
  gate.open();
  for (auto& answer : answers) EXPECT_EQ(std::move(answer).get().status, 200);
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
  EXPECT_EQ(server.requestCount(), 4U);
}

TEST(CurlTransport, RequestWithoutTimeIsNotSent) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport();
  for (const auto timeout : {0ms, -1ms, std::chrono::milliseconds::min()}) {
    const TransportError error = failureOf(transport->send(within(timeout, get(server.url()))));
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_FALSE(error.mayHaveArrived());
  }
  EXPECT_EQ(server.connections(), 0U);
}

TEST(CurlTransport, LongestTimesAreTaken) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport({.connectTimeout = std::chrono::milliseconds::max(),
                                        .keepAlive = std::chrono::seconds::max()});
  const auto longest = std::chrono::milliseconds::max();
  EXPECT_EQ(transport->send(within(longest, get(server.url()))).get().status, 200);
  EXPECT_EQ(transport->send(get(server.url())).get().status, 200);
}

TEST(CurlTransport, WhoIsAnsweredMaySendAgainAtOnce) {
  const FaultServer server{always(answer(200))};
  const auto transport = curlTransport({.inFlight = 1, .maxWaiting = 0});
  auto third =
      transport->send(get(server.url()))
          .then([&](const IncomingResponse&) { return transport->send(get(server.url())); })
          .then([&](const IncomingResponse&) { return transport->send(get(server.url())); });
  EXPECT_EQ(std::move(third).get().status, 200);
  EXPECT_EQ(server.requestCount(), 3U);
}

TEST(CurlTransport, WhoHearsOfAFailureMaySendAgainAtOnce) {
  const FaultServer server{inTurn({closeUnanswered(), answer(200)})};
  const auto transport = curlTransport({.inFlight = 1, .maxWaiting = 0});
  auto second =
      transport->send(onlyOnce(get(server.url()))).recover([&](const std::exception_ptr&) {
        return transport->send(get(server.url()));
      });
  EXPECT_EQ(std::move(second).get().status, 200);
}

TEST(CurlTransport, ManyThreadsMaySendByOneTransportAndByOthers) {
  const FaultServer server{always(answer(200))};
  const auto shared = curlTransport();
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      const auto own = curlTransport({.inFlight = 2});
      for (int i = 0; i < 50; ++i) {
        const auto& transport = i % 2 == 0 ? shared : own;
        const std::string body = std::to_string(thread);
        if (transport->send(post(server.url(), body)).get().status == 200) ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 400);
  EXPECT_EQ(server.requestCount(), 400U);
}

// ---- the end ----

TEST(CurlTransport, ItsEndSettlesWhatIsUnderWayAndWhatWaits) {
  const FaultServer server{always(hang())};
  auto transport = curlTransport({.inFlight = 2});
  std::vector<Later<IncomingResponse>> answers;
  for (int i = 0; i < 5; ++i) answers.push_back(transport->send(get(server.url())));
  EXPECT_TRUE(eventually([&] { return server.requestCount() == 2; }));
  transport.reset();
  std::vector<bool> mayHaveArrived;
  for (auto& answer : answers) {
    EXPECT_TRUE(answer.isSettled());
    const TransportError error = failureOf(std::move(answer));
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    mayHaveArrived.push_back(error.mayHaveArrived());
  }
  EXPECT_THAT(mayHaveArrived, ElementsAre(true, true, false, false, false));
}

TEST(CurlTransport, WhoHearsOfItsEndCannotSendAgain) {
  const FaultServer server{always(hang())};
  auto transport = curlTransport();
  Transport* const ending = transport.get();
  auto again = transport->send(get(server.url())).recover([&](const std::exception_ptr&) {
    return ending->send(get(server.url()));
  });
  EXPECT_TRUE(eventually([&] { return server.requestCount() == 1; }));
  transport.reset();
  const TransportError error = failureOf(std::move(again));
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_FALSE(error.mayHaveArrived());
  EXPECT_EQ(server.requestCount(), 1U);
}

TEST(CurlTransport, AnAnswerMayHoldItsLastHandle) {
  const FaultServer server{always(answer(200))};
  auto transport = curlTransport();
  auto status =
      transport->send(get(server.url())).then([transport](const IncomingResponse& response) {
        return response.status;
      });
  transport.reset();
  EXPECT_EQ(std::move(status).get(), 200);
  EXPECT_TRUE(eventually([&] { return server.openConnections() == 0; }));
}

TEST(CurlTransport, TenThousandRequestsLeaveNoDescriptorBehind) {
  const FaultServer server{always(answer(200, "body"))};
  const std::ptrdiff_t before = openDescriptors();
  auto transport = curlTransport({.inFlight = 16, .maxWaiting = 10'000});
  std::vector<Later<IncomingResponse>> answers;
  for (int i = 0; i < 10'000; ++i) {
    answers.push_back(transport->send(within(100s, post(server.url()))));
  }
  std::size_t answered = 0;
  for (auto& answer : answers) {
    if (std::move(answer).get().body == "body") ++answered;
  }
  EXPECT_EQ(answered, 10'000U);
  EXPECT_LE(server.connections(), 16U);
  transport.reset();
  EXPECT_TRUE(eventually([&] { return openDescriptors() == before; }));
}

TEST(CurlTransport, FaultsLeaveNoDescriptorBehindWhileItGoesOn) {
  const FaultServer server{[](const ReceivedRequest& request) {
    const std::vector<Reaction> reactions{closeUnanswered(), resetUnanswered(), garbage(),
                                          closeInBody(), hang()};
    return reactions[request.number % reactions.size()];
  }};
  const RefusingPort nobody;
  const auto transport = curlTransport();
  EXPECT_FALSE(failureOf(transport->send(get(nobody.url()))).mayHaveArrived());
  EXPECT_TRUE(eventually([&] { return server.openConnections() == 0; }));
  const std::ptrdiff_t before = openDescriptors();
  for (int round = 0; round < 10; ++round) {
    std::vector<Later<IncomingResponse>> answers;
    for (int i = 0; i < 10; ++i) {
      answers.push_back(transport->send(within(100ms, onlyOnce(get(server.url())))));
    }
    answers.push_back(transport->send(get(nobody.url())));
    for (auto& answer : answers) EXPECT_NE(failureOf(std::move(answer)).what(), nullptr);
  }
  EXPECT_TRUE(eventually([&] { return openDescriptors() == before; }));
}

// ---- certificates ----

/// `openssl s_server` with a certificate that it signed itself.
class TlsServer {
 public:
  TlsServer() {
    const std::string folder = folder_.path().string();
    outputOf(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 "
        "-addext subjectAltName=IP:127.0.0.1 -keyout " +
        folder + "/key -out " + folder + "/certificate 2>/dev/null");
    int output[2];
    if (::pipe2(output, O_CLOEXEC) != 0) throw std::runtime_error{"pipe"};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    const std::string certificate = folder + "/certificate";
    const std::string key = folder + "/key";
    const char* arguments[] = {
        "openssl",           "s_server", "-accept",   "127.0.0.1:0", "-cert",
        certificate.c_str(), "-key",     key.c_str(), "-www",        nullptr};
    const int failed = ::posix_spawnp(&process_, "openssl", &actions, nullptr,
                                      const_cast<char**>(arguments), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(output[1]);
    if (failed != 0) throw std::runtime_error{"openssl s_server"};
    std::string said;
    char byte = 0;
    const std::string wanted = "ACCEPT 127.0.0.1:";
    while (::read(output[0], &byte, 1) == 1) {
      said += byte;
      const std::size_t at = said.find(wanted);
      if (byte == '\n' && at != std::string::npos) {
        port_ = said.substr(at + wanted.size(), said.size() - at - wanted.size() - 1);
        break;
      }
    }
    ::close(output[0]);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
  }

  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + port_ + "/"; }
  [[nodiscard]] bool isUp() const { return !port_.empty(); }

 private:
  TempFolder folder_;
  ::pid_t process_ = -1;
  std::string port_;
};

class CurlTransportTls : public NeedsPrograms {
 protected:
  void SetUp() override { require(isInstalled("openssl"), "the program openssl is not installed"); }
};

TEST_F(CurlTransportTls, RefusesACertificateThatNobodyTrusts) {
  const TlsServer server;
  ASSERT_TRUE(server.isUp());
  const auto transport = curlTransport();
  const TransportError error = failureOf(transport->send(get(server.url())));
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_FALSE(error.mayHaveArrived());
  EXPECT_THAT(error.what(), HasSubstr("certificate"));
}

}  // namespace
