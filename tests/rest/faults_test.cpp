// The REST client and the transport together, against a faulty provider.

#include "ivr/core/thread_pool.hpp"
#include "ivr/rest/rest_client.hpp"
#include "rest/client.hpp"
#include "support/eventually.hpp"
#include "support/fault_server.hpp"
#include "support/process.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <fstream>
#include <gmock/gmock.h>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::rest;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

/// A client of a server on this machine, with a short timeout.
std::unique_ptr<Client> clientOf(const std::string& baseUrl) {
  ClientOptions config = restConfig();
  config.baseUrl = baseUrl;
  config.timeout = 300ms;
  config.firstBackoff = 1ms;
  config.maxBackoff = 2ms;
  return std::make_unique<Client>(config, http::curlTransport(), steadyTimers());
}

const CreateCall kCall{
    .to = "+14155550100", .from = "+14155550199", .url = "https://ivr.example.com/"};

struct Fault {
  const char* name;
  Reaction reaction;
  enum class Ends { refused, unreadable, noAnswer } ends;
  int code = 0;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

/// How a request ended, as the application sees it.
template <class T>
Fault::Ends endOf(Later<T> later, int& code) {
  try {
    static_cast<void>(std::move(later).get());
    throw std::logic_error{"there is no error"};
  } catch (const RestError& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr(std::string{kSecret})));
    EXPECT_THAT(error.what(), Not(HasSubstr("4155550100")));
    code = error.code();
    return code == 0 ? Fault::Ends::unreadable : Fault::Ends::refused;
  } catch (const http::TransportError& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr(std::string{kSecret})));
    EXPECT_TRUE(error.mayHaveArrived());
    return Fault::Ends::noAnswer;
  }
}

class UnwellProvider : public ::testing::TestWithParam<Fault> {};

TEST_P(UnwellProvider, IsATypedErrorOfALookUp) {
  FaultServer server{always(GetParam().reaction)};
  int code = 0;
  EXPECT_EQ(endOf(clientOf(server.url(""))->fetchCall(kCallSid), code), GetParam().ends);
  EXPECT_EQ(code, GetParam().code);
}

TEST_P(UnwellProvider, GetsACreateOnce) {
  FaultServer server{always(GetParam().reaction)};
  int code = 0;
  EXPECT_EQ(endOf(clientOf(server.url(""))->createCall(kCall), code), GetParam().ends);
  EXPECT_EQ(code, GetParam().code);
  EXPECT_EQ(server.requests().size(), 1U);
}

std::string refusal(int status, int code) {
  return R"({"code":)" + std::to_string(code) + R"(,"message":"no to +14155550100","status":)" +
         std::to_string(status) + "}";
}

INSTANTIATE_TEST_SUITE_P(
    Faults, UnwellProvider,
    ::testing::Values(
        Fault{"Hangs", hang(), Fault::Ends::noAnswer},
        Fault{"Closes", closeUnanswered(), Fault::Ends::noAnswer},
        Fault{"Resets", resetUnanswered(), Fault::Ends::noAnswer},
        Fault{"Garbage", garbage(), Fault::Ends::noAnswer},
        Fault{"ClosesInTheHead", closeInHead(), Fault::Ends::noAnswer},
        Fault{"ClosesInTheBody", closeInBody(), Fault::Ends::noAnswer},
        Fault{"ClosesInAChunk", closeInChunk(), Fault::Ends::noAnswer},
        Fault{"Drips", drip(), Fault::Ends::noAnswer},
        Fault{"HugeBody", hugeBody(9 << 20), Fault::Ends::noAnswer},
        Fault{"NoJson", answer(200, "<html>"), Fault::Ends::unreadable},
        Fault{"NoBody", answer(200), Fault::Ends::unreadable},
        Fault{"HalfOfTheJson", answer(201, R"({"sid":"CA)"), Fault::Ends::unreadable},
        Fault{"AnotherJson", answer(200, "[1,2,3]"), Fault::Ends::unreadable},
        Fault{"DeepJson", answer(200, std::string(100'000, '[')), Fault::Ends::unreadable},
        Fault{"RefusalWithoutJson", answer(400, "Bad Request"), Fault::Ends::unreadable},
        Fault{"Redirect", answer(302, "", "Location: http://127.0.0.1:1/\r\n"),
              Fault::Ends::unreadable},
        Fault{"Refusal", answer(400, refusal(400, 21211)), Fault::Ends::refused, 21211},
        Fault{"NotAuthenticated", answer(401, refusal(401, 20003)), Fault::Ends::refused, 20003}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(ProviderThatIsAway, IsAnErrorThatSaysNothingArrived) {
  const RefusingPort port;
  const auto client = clientOf(port.url());
  EXPECT_FALSE(errorOf<http::TransportError>(client->createCall(kCall)).mayHaveArrived());
}

TEST(ProviderThatIsBusy, IsAskedAgainUntilItHasTime) {
  FaultServer server{inTurn(
      {tooManyRequests(0), tooManyRequests(0), answer(201, R"({"sid":"CA1","status":"queued"})")})};
  EXPECT_EQ(clientOf(server.url(""))->createCall(kCall).get().sid, "CA1");
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST(ProviderThatIsBusy, IsLeftAloneAfterThreeRetries) {
  FaultServer server{always(tooManyRequests(0))};
  EXPECT_EQ(errorOf<RestError>(clientOf(server.url(""))->createCall(kCall)).status(), 429);
  EXPECT_EQ(server.requests().size(), 4U);
}

TEST(ProviderThatIsBusy, IsLeftAloneForAsLongAsItSays) {
  FaultServer server{inTurn({tooManyRequests(1), answer(200, R"({"sid":"CA1"})")})};
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(clientOf(server.url(""))->fetchCall("CA1").get().sid, "CA1");
  EXPECT_GE(std::chrono::steady_clock::now() - start, 1s);
}

TEST(ProviderThatEndsKeptConnections, GetsACreateOnce) {
  FaultServer server{inTurn({answer(200, R"({"sid":"CA1"})"), closeUnanswered()})};
  const auto client = clientOf(server.url(""));
  EXPECT_EQ(client->fetchCall("CA1").get().sid, "CA1");
  EXPECT_TRUE(errorOf<http::TransportError>(client->createCall(kCall)).mayHaveArrived());
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(ManyRequests, AreAllAnsweredWithAFewUnderWay) {
  FaultServer server{always(answer(200, R"({"sid":"CA1"})"))};
  const auto client = clientOf(server.url(""));
  std::vector<Later<CallResource>> all;
  for (int i = 0; i < 200; ++i) all.push_back(client->fetchCall("CA1"));
  for (auto& later : all) EXPECT_EQ(std::move(later).get().sid, "CA1");
  EXPECT_LE(server.connections(), 32U);
}

TEST(ClientThatEnds, SettlesWhatIsUnderWay) {
  FaultServer server{always(hang())};
  auto client = clientOf(server.url(""));
  Later<CallResource> later = client->fetchCall("CA1");
  client.reset();
  EXPECT_THROW(std::move(later).get(), Error);
}

// ---- memory ----

constexpr std::size_t kLargest = 4 << 20;  // of an answer

/// What a provider repeats to fill an answer.
struct Flood {
  const char* name;
  const char* begin;
  const char* piece;
  const char* end;
  int status = 200;
};

void PrintTo(const Flood& flood, std::ostream* out) { *out << flood.name; }

std::string bodyOf(const Flood& flood, std::size_t size) {
  std::string body{flood.begin};
  const std::string piece{flood.piece};
  while (body.size() + piece.size() + 64 < size) body += piece;
  return body + flood.end;
}

/// A server in a process of its own, so that the memory of this one is the client's.
class ServerElsewhere {
 public:
  explicit ServerElsewhere(const Reaction& reaction) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"pipe2"};
    process_ = ::fork();
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const FaultServer server{always(reaction)};
      const std::uint16_t port = server.port();
      if (::write(ends[1], &port, sizeof port) == sizeof port) ::pause();
      ::_exit(1);
    }
    ::close(ends[1]);
    const bool isUp = ::read(ends[0], &port_, sizeof port_) == sizeof port_;
    ::close(ends[0]);
    if (!isUp) throw std::runtime_error{"the server did not start"};
  }
  ServerElsewhere(const ServerElsewhere&) = delete;
  ServerElsewhere& operator=(const ServerElsewhere&) = delete;
  ~ServerElsewhere() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  ::pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

/// Gives answers on the threads of a pool, as an application does.
class PooledTransport final : public http::Transport {
 public:
  Later<http::IncomingResponse> send(http::OutgoingRequest request) override {
    return Later<http::IncomingResponse>{[&](const Answer<http::IncomingResponse>& answer) {
      transport_->send(std::move(request))
          .receive([this, answer](Settled<http::IncomingResponse> outcome) {
            (void)pool_.tryRun("provider", [answer, outcome = std::move(outcome)]() mutable {
              answer.settle(std::move(outcome));
            });
          });
    }};
  }

 private:
  ThreadPool pool_;
  std::shared_ptr<http::Transport> transport_ = http::curlTransport();  // ends first
};

/// The most memory that this process has had in use since `forgetPeak`.
std::ptrdiff_t peakBytes() {
  std::ifstream status{"/proc/self/status"};
  std::string word;
  while (status >> word) {
    std::ptrdiff_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes << 10;
  }
  return 0;
}
bool forgetPeak() {
  std::ofstream file{"/proc/self/clear_refs"};
  return static_cast<bool>(file << 5 << std::flush);
}

class FloodingProvider : public ::testing::TestWithParam<Flood> {
 protected:
  void SetUp() override {
    if (kIsSanitized) GTEST_SKIP() << "memory is not measured under sanitizers";
    if (!forgetPeak()) GTEST_SKIP() << "this system does not measure peaks";
    before_ = residentBytes();
  }
  /// In MiB, beyond what was in use before.
  [[nodiscard]] std::ptrdiff_t most() const { return (peakBytes() - before_) >> 20; }

 private:
  std::ptrdiff_t before_ = 0;
};

constexpr std::ptrdiff_t kMostMemory = 128;  // MiB

TEST_P(FloodingProvider, DoesNotFillTheMemory) {
  const ServerElsewhere server{answer(GetParam().status, bodyOf(GetParam(), kLargest))};
  ClientOptions config = restConfig();
  config.baseUrl = server.url();
  config.timeout = 60s;
  config.maxRetries = 0;
  const auto transport = std::make_shared<PooledTransport>();
  Client client{config, transport, steadyTimers()};
  std::vector<Later<Page<CallResource>>> pages;
  std::vector<Later<CallResource>> calls;
  for (int i = 0; i < 16; ++i) {
    pages.push_back(client.listCalls());
    calls.push_back(client.fetchCall("CA1"));
  }
  for (auto& page : pages) EXPECT_THROW((void)std::move(page).get(), RestError);
  for (auto& call : calls) EXPECT_THROW((void)std::move(call).get(), RestError);
  RecordProperty("MiB", static_cast<int>(most()));
  EXPECT_LT(most(), kMostMemory);
}

INSTANTIATE_TEST_SUITE_P(
    Floods, FloodingProvider,
    ::testing::Values(Flood{"OfObjects", R"({"sid":1,"calls":[{})", R"(,{"":{}})", "]}"},
                      Flood{"OfLists", R"({"sid":1,"calls":[[])", ",[]", "]}"},
                      Flood{"OfNumbers", R"({"sid":1,"calls":[0)", ",0", "]}"},
                      Flood{"OfMembers", R"({"sid":1,"calls":0)", R"(,"":0)", "}"},
                      Flood{"OfItems", R"({"sid":1,"calls":[{"sid":"1"})", R"(,{"sid":"1"})", "]}"},
                      Flood{"OfText", R"({"calls":")", "0123456789abcdef", R"(","sid":1})"},
                      Flood{"OfRefusals", R"({"code":1,"message":")", "0123456789abcdef", R"("})",
                            400}),
    [](const auto& test) { return std::string{test.param.name}; });

class FloodOfRefusals : public FloodingProvider {};

TEST_P(FloodOfRefusals, DoesNotFillTheMemoryWhileRetriesWait) {
  const ServerElsewhere server{answer(GetParam().status, bodyOf(GetParam(), kLargest))};
  ClientOptions config = restConfig();
  config.baseUrl = server.url();
  config.timeout = 60s;
  const auto timers = std::make_shared<FakeTimers>();
  auto client = std::make_unique<Client>(config, std::make_shared<PooledTransport>(), timers);
  std::vector<Later<CallResource>> calls;
  for (int i = 0; i < 100; ++i) calls.push_back(client->fetchCall("CA1"));
  EXPECT_TRUE(eventually([&] { return timers->waiting() == calls.size(); }));
  EXPECT_LT(most(), kMostMemory);
  timers->advance(1min);  // the client is asked again
  client.reset();
  for (auto& call : calls) EXPECT_THROW((void)std::move(call).get(), Error);
}

INSTANTIATE_TEST_SUITE_P(Floods, FloodOfRefusals,
                         ::testing::Values(Flood{"OfText", R"({"code":1,"message":")",
                                                 "0123456789abcdef", R"("})", 429}),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(LongPages, AreForgottenBeforeWhatFollowsThem) {
  const std::string page =
      R"({"calls":[],"next_page_uri":"/next","more":")" + std::string(100'000, 'x') + R"("})";
  const FaultServer server{always(answer(200, page))};
  ClientOptions config = restConfig();
  config.baseUrl = server.url("");
  config.timeout = 30s;
  Client client{config, std::make_shared<PooledTransport>(), steadyTimers()};
  std::vector<Later<std::size_t>> all;
  for (int i = 0; i < 20; ++i) {  // far more than may be kept at a time
    all.push_back(client.listCalls().then([&client](const Page<CallResource>& first) {
      return client.nextPage(first).get().items.size();  // which blocks
    }));
  }
  for (auto& one : all) EXPECT_EQ(std::move(one).get(), 0U);
}

TEST(LargestHonestPage, IsRead) {
  std::string item = R"({"sid":"CA0123456789abcdef0123456789abcdef","from":"+14155550100")";
  for (int i = 0; i < 30; ++i) item += R"(,"field)" + std::to_string(i) + R"(":"a value")";
  item += R"(,"subresource_uris":{)";
  for (int i = 0; i < 15; ++i) {
    if (i > 0) item += ',';
    item += R"("name)" + std::to_string(i) + R"(":")" + std::string(130, 'x') + '"';
  }
  item += "}}";
  std::string body = R"({"calls":[)" + item;
  for (int i = 1; i < 1000; ++i) body += ',' + item;
  const FaultServer server{always(answer(200, body + "]}"))};
  ClientOptions config = restConfig();
  config.baseUrl = server.url("");
  Client client{config, http::curlTransport(), steadyTimers()};
  EXPECT_EQ(client.listCalls({.pageSize = 1000}).get().items.size(), 1000U);
}

}  // namespace
