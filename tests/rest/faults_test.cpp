// The REST client and the transport together, against a faulty provider.

#include "ivr/rest/rest_client.hpp"
#include "rest/client.hpp"
#include "support/fault_server.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
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

}  // namespace
