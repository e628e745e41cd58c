#include "ivr/server/server.hpp"

#include "ivr/core/error.hpp"
#include "support/app.hpp"
#include "support/eventually.hpp"
#include "support/raw_client.hpp"
#include "support/server.hpp"

#include <atomic>
#include <csignal>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace ivr;
using namespace std::chrono_literals;
using support::echo;
using support::fileOf;
using support::kPost;
using support::quickOptions;
using support::RawClient;
using support::SlowHandler;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kSlowRequest = support::kGetSlow;

TEST(Server, AnswersARequest) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  client.send(kPost);
  const std::string response = client.readResponse();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(response, EndsWith("\r\n\r\nPOST /voice?step=2 hello"));
}

TEST(Server, KeepsTheConnectionForTheNextRequest) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  for (int i = 0; i < 3; ++i) {
    client.send(kPost);
    EXPECT_THAT(client.readResponse(), HasSubstr("Connection: keep-alive"));
  }
}

TEST(Server, ClosesTheConnectionWhenAsked) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.readToEnd(), HasSubstr("Connection: close"));
  EXPECT_TRUE(client.isClosed());
}

TEST(Server, ClosesTheConnectionOfAnHttp10Client) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  client.send("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.readToEnd(), HasSubstr("GET /old"));
  EXPECT_TRUE(client.isClosed());
}

TEST(Server, ReadsARequestThatComesByteByByte) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  for (const char byte : kPost) client.send({&byte, 1});
  EXPECT_THAT(client.readResponse(), EndsWith("POST /voice?step=2 hello"));
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(client.readResponse(), EndsWith("GET /" + std::to_string(i) + ' '));
  }
}

TEST(Server, ReadsPipelinedRequestsWhereverTheyAreCut) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  std::string all;
  for (int i = 0; i < 5; ++i) {
    all +=
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\none"
        "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;x=y\r\ntwo\r\n1\r\n!\r\n0\r\nTrailer: t\r\n\r\n";
  }
  for (const char byte : all) client.send({&byte, 1});
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(client.readResponse(), EndsWith("POST /a one"));
    EXPECT_THAT(client.readResponse(), EndsWith("POST /b two!"));
  }
}

TEST(Server, KeepsTheConnectionOfAnHttp10ClientThatAsks) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  for (int i = 0; i < 2; ++i) {
    client.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(client.readResponse(), HasSubstr("Connection: keep-alive"));
  }
}

TEST(Server, AnswersOnlyTheFirstOfPipelinedRequestsThatAskToClose) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  client.send("GET /1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + std::string{kPost});
  EXPECT_THAT(client.readToEnd(), EndsWith("GET /1 "));
  EXPECT_TRUE(client.isClosed());
}

TEST(Server, ServesWhoeverExpectsSomethingElse) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  client.send("GET /1 HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n");
  EXPECT_THAT(client.readResponse(), EndsWith("GET /1 "));
}

TEST(Server, SendsNoBodyForHead) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string head = client.readResponse(false);
  EXPECT_THAT(head, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
  client.send(kPost);
  EXPECT_THAT(client.readResponse(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, TellsAWaitingClientToContinue) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.readUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_THAT(client.readResponse(), EndsWith("POST / ok"));
}

TEST(Server, AnswersAClientThatHasFinishedSending) {
  Server server{echo, quickOptions()};
  RawClient client{server.port()};
  client.send(kPost);
  client.finish();
  EXPECT_THAT(client.readToEnd(), EndsWith("hello"));
}

struct Attack {
  std::string name;
  std::string bytes;
  std::string status;
};

class ServerUnderAttack : public testing::TestWithParam<Attack> {};

TEST_P(ServerUnderAttack, RefusesClosesAndGoesOn) {
  ServerOptions options = quickOptions();
  options.maxBodyBytes = 1000;
  Server server{echo, options};
  RawClient attacker{server.port()};
  attacker.send(GetParam().bytes);
  attacker.finish();  // otherwise it is given time to read the answer
  EXPECT_THAT(attacker.readToEnd(), StartsWith("HTTP/1.1 " + GetParam().status + ' '));
  EXPECT_TRUE(attacker.isClosed());

  RawClient other{server.port()};
  other.send(kPost);
  EXPECT_THAT(other.readResponse(), StartsWith("HTTP/1.1 200"));
}

INSTANTIATE_TEST_SUITE_P(
    Server, ServerUnderAttack,
    testing::Values(
        Attack{"Garbage", "\x16\x03\x01\x02 nonsense\r\n\r\n", "400"},
        Attack{"BadVersion", "GET / HTTP/3.7\r\nHost: h\r\n\r\n", "505"},
        Attack{"VersionInLowerCase", "GET / http/1.1\r\nHost: h\r\n\r\n", "400"},
        Attack{"NoVersion", "GET /\r\n\r\n", "400"},
        Attack{"Http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
        Attack{"NoHost", "GET / HTTP/1.1\r\n\r\n", "400"},
        Attack{"TwoHosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", "400"},
        Attack{"TwoLengths",
               "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"
               "hello!",
               "400"},
        Attack{"LengthsInAList", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 6\r\n\r\nhello!",
               "400"},
        Attack{"OtherCodingAndLength",
               "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\nContent-Length: 5"
               "\r\n\r\nhello",
               "501"},
        Attack{"TwoCodings",
               "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
               "501"},
        Attack{"ChunkedTwice",
               "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
               "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
               "400"},
        Attack{"ChunkedInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
               "400"},
        Attack{"BlankBeforeTheColon",
               "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\nhello", "400"},
        Attack{"FoldedHeader", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", "400"},
        Attack{"Fragment", "GET /a#?Digits=1 HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
        Attack{"ChunkExtensionWithoutEnd",
               "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;" +
                   std::string(100 << 10, 'x'),
               "431"},
        Attack{"ChunkSizeWithoutEnd",
               "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" +
                   std::string(100 << 10, '0'),
               "431"},
        Attack{"TrailersWithoutEnd",
               "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " +
                   std::string(100 << 10, 'x'),
               "431"},
        Attack{"LineAndFieldsOverTheLimitTogether",
               "GET /" + std::string(9 << 10, 'x') +
                   " HTTP/1.1\r\nHost: h\r\nX: " + std::string(9 << 10, 'x') + "\r\n\r\n",
               "431"},
        Attack{"LinesWithoutCr", "GET / HTTP/1.1\nHost: h\n\n", "400"},
        Attack{"ControlInTarget", "GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
        Attack{"BlankInTarget", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
        Attack{"ChunkWithoutEnd",
               "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloworld",
               "400"},
        Attack{"NegativeChunk",
               "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello",
               "400"},
        Attack{"LengthAndChunked",
               "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: "
               "chunked\r\n\r\n0\r\n\r\n",
               "400"},
        Attack{"NegativeLength", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "400"},
        Attack{"WordAsLength", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: five\r\n\r\nhello",
               "400"},
        Attack{"HugeChunk",
               "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
               "chunked\r\n\r\nffffffffffffffffff\r\n",
               "400"},
        Attack{"BodyOverTheLimit", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n",
               "413"},
        Attack{"ChunksOverTheLimit",
               "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                   std::string(1001, 'x') + "\r\n0\r\n\r\n",
               "413"},
        Attack{"HeadersOverTheLimit",
               "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(17 << 10, 'x') + "\r\n\r\n", "431"},
        Attack{"TargetOverTheLimit", "GET /" + std::string(100 << 10, 'x') + " HTTP/1.1\r\n\r\n",
               "431"},
        Attack{"ColonMissing", "GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", "400"},
        Attack{"NulInHeader",
               "GET / HTTP/1.1\r\nHost: h\r\nX: a" + std::string(1, '\0') + "b\r\n\r\n", "400"}),
    [](const auto& one) { return one.param.name; });

TEST(Server, RefusesInTheWordsOfTheApplication) {
  ServerOptions options = quickOptions();
  options.refusal = [](int status) {
    return Response{.status = 200,
                    .headers = {{"Content-Type", "application/json"}},
                    .body = "{\"code\":" + std::to_string(status) + "}"};
  };
  Server server{echo, options};
  RawClient client{server.port()};
  client.send("nonsense\r\n\r\n");
  client.finish();
  EXPECT_THAT(
      client.readToEnd(),
      AllOf(StartsWith("HTTP/1.1 400 Bad Request\r\n"), EndsWith("{\"code\":400}"),
            HasSubstr("Content-Type: application/json\r\n"), HasSubstr("Connection: close\r\n")));
}

TEST(Server, RefusesInPlainWordsWhereTheApplicationHasNone) {
  ServerOptions options = quickOptions();
  options.refusal = [](int) -> Response { throw Error{ErrorKind::usage, "no words"}; };
  Server server{echo, options};
  RawClient client{server.port()};
  client.send("nonsense\r\n\r\n");
  client.finish();
  EXPECT_THAT(client.readToEnd(),
              AllOf(StartsWith("HTTP/1.1 400 Bad Request\r\n"), EndsWith("Bad Request")));
}

TEST(Server, WhoIsRefusedIsCutOffInTheEndWhateverItGoesOnSending) {
  Server server{echo, quickOptions()};
  RawClient attacker{server.port()};
  attacker.send("nonsense\r\n\r\n");
  EXPECT_THAT(attacker.readToEnd(), StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(support::eventually([&] { return !attacker.send("more"); }));
}

TEST(Server, AnswersLaterFromAnotherThread) {
  SlowHandler slow;
  Server server{slow.handler(), quickOptions()};
  RawClient client{server.port()};
  client.send(kSlowRequest);
  const Answer<Response> answer = slow.asked();
  std::thread{[&] { answer(plainText(200, "at last")); }}.join();
  EXPECT_THAT(client.readResponse(), EndsWith("at last"));
}

TEST(Server, AnAnswerAfterTheServerIsGoneIsDropped) {
  SlowHandler slow;
  auto server = std::make_unique<Server>(slow.handler(), quickOptions());
  RawClient client{server->port()};
  client.send(kSlowRequest);
  const Answer<Response> answer = slow.asked();
  server.reset();
  answer(plainText(200, "too late"));
  EXPECT_EQ(client.readToEnd(), "");
}

TEST(Server, AHandlerThatThrowsIsAnsweredWithoutItsText) {
  Server server{[](const Request&) -> Later<Response> { throw std::runtime_error{"secret"}; },
                quickOptions()};
  RawClient client{server.port()};
  client.send(kPost);
  const std::string response = client.readResponse();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(response, Not(HasSubstr("secret")));
}

TEST(Server, AHeaderWithALineEndIsNotSent) {
  Server server{[](const Request&) -> Later<Response> {
                  Response response = plainText(200, "ok");
                  response.headers.add("X-Name", "a\r\nSet-Cookie: b");
                  return response;
                },
                quickOptions()};
  RawClient client{server.port()};
  client.send(kPost);
  EXPECT_THAT(client.readResponse(), Not(HasSubstr("Set-Cookie")));
}

TEST(Server, HeadersThatItSendsItselfAreSentOnce) {
  Server server{[](const Request&) -> Later<Response> {
                  Response response = plainText(200, "ok");
                  response.headers.add("Content-Length", "7");
                  response.headers.add("content-length", "9");
                  response.headers.add("Transfer-Encoding", "chunked");
                  response.headers.add("Date", "yesterday");
                  response.headers.add("Connection", "upgrade");
                  response.headers.add("X-Own", "kept");
                  return response;
                },
                quickOptions()};
  RawClient client{server.port()};
  client.send(kPost);
  const std::string received = client.readResponse();
  EXPECT_THAT(received, AllOf(HasSubstr("\r\nContent-Length: 2\r\n"), HasSubstr("X-Own: kept"),
                              Not(HasSubstr("content-length")), Not(HasSubstr("Length: 7")),
                              Not(HasSubstr("chunked")), Not(HasSubstr("yesterday")),
                              Not(HasSubstr("upgrade")), EndsWith("ok")));
}

TEST(Server, SendsALargeFileWhole) {
  constexpr std::uint64_t kSize = 20 << 20;
  Server server{[](const Request&) -> Later<Response> { return Response{.body = fileOf(kSize)}; },
                quickOptions()};
  RawClient client{server.port()};
  client.send(kPost);
  const std::string response = client.readResponse();
  EXPECT_EQ(response.size() - response.find("\r\n\r\n") - 4, kSize);
}

TEST(Server, ARequestThatIsNeverFinishedGetsA408) {
  ServerOptions options = quickOptions();
  options.headerDeadline = 1ms;
  Server server{echo, options};
  RawClient client{server.port()};
  client.send("GET / HTTP/1.1\r\nHo");
  EXPECT_THAT(client.readToEnd(), StartsWith("HTTP/1.1 408 "));
  EXPECT_TRUE(client.isClosed());
}

TEST(Server, ABodyThatIsNeverFinishedGetsA408) {
  ServerOptions options = quickOptions();
  options.bodyDeadline = 1ms;
  Server server{echo, options};
  RawClient client{server.port()};
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel");
  EXPECT_THAT(client.readToEnd(), StartsWith("HTTP/1.1 408 "));
}

TEST(Server, AnIdleConnectionIsClosed) {
  ServerOptions options = quickOptions();
  options.idleDeadline = 1ms;
  Server server{echo, options};
  RawClient client{server.port()};
  EXPECT_EQ(client.readToEnd(), "");
  EXPECT_TRUE(client.isClosed());
}

TEST(Server, AConnectionBeyondTheLimitTakesThePlaceOfTheLongestIdle) {
  ServerOptions options = quickOptions();
  options.maxConnections = 3;
  options.threads = 1;  // several agree on the order to within a moment
  Server server{echo, options};
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(kPost);
    EXPECT_THAT(clients.back()->readResponse(), EndsWith("hello"));
  }
  clients[0]->send(kPost);
  EXPECT_THAT(clients[0]->readResponse(), EndsWith("hello"));
  RawClient another{server.port()};
  another.send(kPost);
  EXPECT_THAT(another.readResponse(), EndsWith("hello"));
  EXPECT_EQ(clients[1]->readToEnd(), "");
  EXPECT_TRUE(clients[1]->isClosed());
  for (const std::size_t other : {0U, 2U}) {
    clients[other]->send(kPost);
    EXPECT_THAT(clients[other]->readResponse(), EndsWith("hello"));
  }
}

TEST(Server, AClientThatNeverEndsItsRequestKeepsNoPlaceFromOthers) {
  ServerOptions options = quickOptions();
  options.maxConnections = 2;
  Server server{echo, options};
  RawClient first{server.port()};
  first.send("POST / HTTP/1.1\r\nHo");
  RawClient second{server.port()};
  second.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel");
  for (int i = 0; i < 10; ++i) {
    RawClient another{server.port()};
    another.send(kPost);
    EXPECT_THAT(another.readResponse(), EndsWith("hello"));
  }
}

TEST(Server, ConnectionsBeyondTheLimitAreClosedIfAllOthersAreBeingAnswered) {
  ServerOptions options = quickOptions();
  options.maxConnections = 1;
  SlowHandler slow;
  Server server{slow.handler(), options};
  RawClient first{server.port()};
  first.send(kSlowRequest);
  const Answer<Response> answer = slow.asked();
  RawClient second{server.port()};
  EXPECT_EQ(second.readToEnd(), "");
  EXPECT_TRUE(second.isClosed());
  answer(plainText(200, "at last"));
  EXPECT_THAT(first.readResponse(), EndsWith("at last"));
}

/// In a process of its own, what `claims` says of the capacity of a server with that hard limit.
bool withDescriptors(rlim_t hard, std::size_t maxConnections,
                     const std::function<bool(const ServerCapacity&)>& claims) {
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::close_range(3, ~0U, 0);  // what earlier tests have left open would count
    const rlimit limit{.rlim_cur = hard / 2, .rlim_max = hard};
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) std::_Exit(2);
    ServerOptions options = quickOptions();
    options.maxConnections = maxConnections;
    try {
      const Server server{echo, options};
      std::_Exit(claims(server.capacity()) ? 0 : 1);
    } catch (...) {
      std::_Exit(3);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0;
}

TEST(Serve, RaisesTheSoftLimitAndKeepsAReserve) {
  EXPECT_TRUE(withDescriptors(1024, 10'000, [](const ServerCapacity& capacity) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur == 1024 && capacity.descriptors == 1024 && capacity.connections == 768 &&
           capacity.reserve == 256;
  }));
  EXPECT_TRUE(withDescriptors(100, 10'000, [](const ServerCapacity& capacity) {
    return capacity.connections == 50 && capacity.reserve == 50;
  }));
  EXPECT_TRUE(withDescriptors(
      1024, 700, [](const ServerCapacity& capacity) { return capacity.connections == 700; }));
}

TEST(Serve, SaysInTheLogAtTheStartHowManyConnectionsItTakes) {
  support::CapturedLog log;
  Config config = support::openConfig();
  config.log = log.log();
  Ivr ivr{config};
  ServerOptions options = quickOptions();
  options.maxConnections = 5;
  std::string first;
  serve(ivr, options, [&](const Server&) {
    first = log.text();
    ::kill(::getpid(), SIGTERM);
  });
  EXPECT_THAT(first, HasSubstr("connections at-most=5 descriptors="));
  EXPECT_THAT(first, Not(HasSubstr("fewer connections")));
}

TEST(Serve, WarnsIfItCannotTakeAsManyConnectionsAsSet) {
  support::CapturedLog log;
  Config config = support::openConfig();
  config.log = log.log();
  Ivr ivr{config};
  ServerOptions options = quickOptions();
  options.maxConnections = std::size_t{1} << 40;
  std::size_t allowed = 0;
  serve(ivr, options, [&](const Server& server) {
    allowed = server.capacity().connections;
    ::kill(::getpid(), SIGTERM);
  });
  EXPECT_THAT(log.text(), HasSubstr("setting=maxConnections value=1099511627776 allowed=" +
                                    std::to_string(allowed)));
}

TEST(Server, ConnectionsOfOneAddressBeyondItsLimitAreClosed) {
  ServerOptions options = quickOptions();
  options.maxConnectionsPerAddress = 2;
  Server server{echo, options};
  auto first = std::make_unique<RawClient>(server.port());
  RawClient second{server.port()};
  for (RawClient* client : {first.get(), &second}) {
    client->send(kPost);
    EXPECT_THAT(client->readResponse(), EndsWith("hello"));
  }
  RawClient third{server.port()};
  EXPECT_EQ(third.readToEnd(), "");
  EXPECT_TRUE(third.isClosed());

  first.reset();  // makes room for another connection
  EXPECT_TRUE(support::eventually([&] {
    RawClient fourth{server.port()};
    fourth.send(kPost);
    return fourth.readResponse().ends_with("hello");
  }));
}

TEST(Server, StopFinishesWhatIsInFlight) {
  SlowHandler slow;
  Server server{slow.handler(), quickOptions()};
  RawClient client{server.port()};
  client.send(kSlowRequest);
  const Answer<Response> answer = slow.asked();
  const std::jthread stop{[&] { server.stop(); }};
  answer(plainText(200, "finished"));
  EXPECT_THAT(client.readToEnd(), EndsWith("finished"));
}

TEST(Server, StopEndsAtItsDeadline) {
  ServerOptions options = quickOptions();
  options.drainDeadline = 1ms;
  SlowHandler slow;
  Server server{slow.handler(), options};
  RawClient client{server.port()};
  client.send(kSlowRequest);
  const Answer<Response> answer = slow.asked();
  server.stop();
  EXPECT_EQ(client.readToEnd(), "");
}

TEST(Server, StopNowCutsADrainShort) {
  ServerOptions options = quickOptions();
  options.drainDeadline = std::chrono::hours{1};
  SlowHandler slow;
  Server server{slow.handler(), options};
  RawClient client{server.port()};
  client.send(kSlowRequest);
  const Answer<Response> answer = slow.asked();
  const std::jthread stop{[&] { server.stop(); }};
  server.stopNow();
  EXPECT_EQ(client.readToEnd(), "");
}

bool refusesConnections(std::uint16_t port) {
  try {
    const RawClient client{port};
    return false;
  } catch (const std::runtime_error&) {
    return true;
  }
}

TEST(Server, NobodyIsAcceptedAfterStop) {
  Server server{echo, quickOptions()};
  const std::uint16_t port = server.port();
  server.stop();
  EXPECT_TRUE(refusesConnections(port));
}

TEST(Server, AnAddressThatIsTakenIsAConfigurationError) {
  Server first{echo, quickOptions()};
  ServerOptions options = quickOptions();
  options.port = first.port();
  try {
    Server second{echo, options};
    FAIL() << "the second server was bound";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.1 port " + std::to_string(options.port)));
  }
}

bool isBlocked(int signal) {
  sigset_t mask{};
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return sigismember(&mask, signal) == 1;
}

TEST(Serve, ThatCannotStartLeavesTheSignalsAsTheyWere) {
  const Server taken{echo, quickOptions()};
  ServerOptions options = quickOptions();
  options.port = taken.port();
  Ivr unmountable{Config{.log = logNowhere()}};
  EXPECT_EQ(serve(unmountable, quickOptions()), 1);
  Ivr ivr{support::openConfig()};
  EXPECT_EQ(serve(ivr, options), 1);
  EXPECT_FALSE(isBlocked(SIGTERM));
  EXPECT_FALSE(isBlocked(SIGINT));
}

TEST(Serve, BlocksSignalsBeforeAnythingElseAndRestoresThemAtTheEnd) {
  Ivr ivr{support::openConfig()};
  serve(ivr, quickOptions(), [](const Server&) {
    EXPECT_TRUE(isBlocked(SIGTERM));
    ::kill(::getpid(), SIGTERM);  // to whichever thread takes it
  });
  EXPECT_FALSE(isBlocked(SIGTERM));
}

TEST(Serve, SaysInTheLogWhyItCannotStart) {
  support::CapturedLog log;
  Ivr ivr{Config{.log = log.log()}};
  EXPECT_EQ(serve(ivr, quickOptions()), 1);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("the application cannot start:\n"),
                                HasSubstr("  - no public URL"), HasSubstr("  - no auth token")));
}

TEST(Serve, InDevelopmentListensOnThisMachineAlone) {
  support::CapturedLog log;
  Ivr ivr{Config{.mode = Config::Mode::development, .log = log.log()}};
  ServerOptions options = quickOptions();
  options.address = "0.0.0.0";
  EXPECT_EQ(serve(ivr, options), 1);
  EXPECT_THAT(log.text(), HasSubstr("127.0.0.1 or ::1), not on 0.0.0.0"));
}

TEST(Serve, WaitsForASessionStoreForAStatedTime) {
  support::CapturedLog log;
  Config config = support::openConfig();
  config.log = log.log();
  config.sessions = session::redisSessionStore({.port = 1});  // where nobody listens
  Ivr ivr{config};
  ServerOptions options = quickOptions();
  options.storeDeadline = 1s;
  EXPECT_EQ(serve(ivr, options), 1);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("waiting for the session store seconds-left=1"),
                                HasSubstr("the session store has not answered for 1 s")));
}

TEST(Serve, IsStoppedWhileItWaitsForTheStore) {
  Config config = support::openConfig();
  config.sessions = session::redisSessionStore({.port = 1});
  bool isStopped = false;
  config.log = [&](LogLevel, std::string_view line) {
    if (line.starts_with("waiting") && !std::exchange(isStopped, true)) ::kill(::getpid(), SIGTERM);
  };
  Ivr ivr{config};
  EXPECT_EQ(serve(ivr, quickOptions()), 0);
}

struct Stuck final : EndState {
  explicit Stuck(std::function<void()> what) : does(std::move(what)) {}
  std::string uri() const override { return "/stuck"; }
  Later<Twiml> twimlFor(Call&) override {
    does();
    return Twiml{};
  }
  std::function<void()> does;
};

TEST(Serve, TheSecondSignalEndsTheProcessWhateverStatesDo) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const ::pid_t child = ::fork();  // while this process has one thread
  if (child == 0) {
    Config config = support::openConfig();
    config.log = [&](LogLevel, std::string_view line) {
      if (line.starts_with("stopping:")) (void)!::write(pipe[1], "s", 1);
    };
    Ivr ivr{config};
    ivr.add<Stuck>([&] {
      (void)!::write(pipe[1], "!", 1);
      for (;;) std::this_thread::sleep_for(1h);
    });
    serve(ivr, quickOptions(), [&](const Server& server) {
      const std::uint16_t port = server.port();
      (void)!::write(pipe[1], &port, sizeof port);
    });
    std::_Exit(0);
  }
  std::uint16_t port = 0;
  ASSERT_EQ(::read(pipe[0], &port, sizeof port), static_cast<ssize_t>(sizeof port));
  RawClient client{port};
  client.send(
      "POST /stuck HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
      "Content-Length: 11\r\n\r\nCallSid=CA1");
  char begun = 0;
  ASSERT_EQ(::read(pipe[0], &begun, 1), 1);  // the state is running

  ::kill(child, SIGTERM);
  char stopping = 0;
  ASSERT_EQ(::read(pipe[0], &stopping, 1), 1);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, WNOHANG), 0) << "it did not wait for the state";
  ::kill(child, SIGTERM);
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 128 + SIGTERM);
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST(Server, ListensOnIpv6) {
  ServerOptions options = quickOptions();
  options.address = "::1";
  Server server{echo, options};
  EXPECT_NE(server.port(), 0);
}

TEST(Server, ServesManyConnectionsAtOnce) {
  Server server{echo, quickOptions()};
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 8; ++i) {
      clients.emplace_back([&] {
        for (int j = 0; j < 50; ++j) {
          RawClient client{server.port()};
          client.send(kPost);
          if (client.readResponse().ends_with("hello")) ++good;
        }
      });
    }
  }
  EXPECT_EQ(good, 400);
}

}  // namespace
