// What stops or corrupts a server on stock Pistache 0.0.5, or did on a later version, and must not
// stop this one, which runs on Pistache's event loop. Each test fails with Pistache's behaviour.

#include "core/descriptor.hpp"
#include "server/resting_threads.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/raw_client.hpp"
#include "support/server.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using namespace std::chrono_literals;
using support::echo;
using support::kGetLarge;
using support::kPost;
using support::kPostAnswer;
using support::oneThread;
using support::quickOptions;
using support::RawClient;
using testing::EndsWith;
using testing::StartsWith;

/// Gives a client no time for a request in pieces.
ServerOptions impatient() {
  ServerOptions options = oneThread();
  options.headerDeadline = options.bodyDeadline = 1ms;
  return options;
}

/// Returns when the deadlines of all requests that began before have passed.
void letDeadlinesPass(const Server& server) {
  RawClient late{server.port()};
  late.send("GET / HT");
  EXPECT_THAT(late.readToEnd(), StartsWith("HTTP/1.1 408"));
}

void expectService(const Server& server) {
  RawClient other{server.port()};
  other.send(kPost);
  EXPECT_THAT(other.readResponse(), EndsWith(kPostAnswer));
}

// The worker read such a body for ever.
TEST(PistacheFinding, F1AChunkCutBetweenItsCrAndItsLfIsRead) {
  const Server server{echo, oneThread()};
  RawClient client{server.port()};
  client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r");
  expectService(server);
  client.send("\n0\r\n\r\n");
  EXPECT_THAT(client.readResponse(), EndsWith("POST / hello"));
}

// A worker that could not write tried again and again.
TEST(PistacheFinding, F2AReaderThatStallsHoldsUpNobody) {
  const Server server{support::largeOrEcho(), oneThread()};
  RawClient stalled{server.port()};
  stalled.send(kGetLarge);
  EXPECT_THAT(stalled.readUntil("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  for (int i = 0; i < 100; ++i) expectService(server);
  EXPECT_TRUE(support::OtherThreads{}.comeToRest()) << "a thread spins";
}

// sendfile raised SIGPIPE, which ended the process; each left its descriptor open.
TEST(PistacheFinding, F3AndF4AClientThatAbortsADownloadLeavesNothingBehind) {
  const Server server{support::largeOrEcho(), quickOptions()};
  expectService(server);
  const auto descriptors = support::openDescriptors();
  for (int i = 0; i < 50; ++i) {
    RawClient aborting{server.port()};
    aborting.send(kGetLarge);
    EXPECT_THAT(aborting.readUntil("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
    if (i % 2 == 0) aborting.resetWhenClosed();
  }
  EXPECT_TRUE(support::eventually([&] { return support::openDescriptors() <= descriptors; }));
  expectService(server);
}

// The body was read, and its worker with it.
TEST(PistacheFinding, F5ABodyOverTheLimitIsRefusedBeforeItIsRead) {
  const Server server{echo, oneThread()};
  RawClient client{server.port()};
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000000\r\n\r\n");
  EXPECT_THAT(client.readUntil("\r\n\r\n"), StartsWith("HTTP/1.1 413"));
  expectService(server);
}

// One silent connection to the TLS port stopped the thread that accepts.
TEST(PistacheFinding, F6ClientsThatSayNothingKeepNobodyOut) {
  const Server server{echo, oneThread()};
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 100; ++i) silent.push_back(std::make_unique<RawClient>(server.port()));
  silent.front()->send("\x16\x03\x01");
  expectService(server);
}

// The second request in one read was dropped.
TEST(PistacheFinding, F7RequestsThatComeTogetherAreAllAnswered) {
  const Server server{echo, oneThread()};
  RawClient client{server.port()};
  client.send(std::string{kPost} + "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n" + std::string{kPost});
  EXPECT_THAT(client.readResponse(), EndsWith(kPostAnswer));
  EXPECT_THAT(client.readResponse(), EndsWith("GET /2 "));
  EXPECT_THAT(client.readResponse(), EndsWith(kPostAnswer));
}

// The header deadline kept running: 408 instead of the answer, and in the middle of a download.
// What follows a download is tested in connection_test.cpp.
TEST(PistacheFinding, F8ALateAnswerIsNotA408) {
  support::SlowHandler slow;
  const Server server{slow.handler(), impatient()};
  RawClient client{server.port()};
  client.send(support::kGetSlow);
  const Answer<Response> answer = slow.asked();
  letDeadlinesPass(server);
  std::thread{[&] { answer(plainText(200, "at last")); }}.join();
  EXPECT_THAT(client.readResponse(), EndsWith("at last"));
}

TEST(PistacheFinding, F8ASlowDownloadIsNotCutOff) {
  const Server server{support::largeOrEcho(), impatient()};
  RawClient client{server.port()};
  client.send(kGetLarge);
  letDeadlinesPass(server);
  const std::string all = client.readResponse();
  EXPECT_THAT(all, StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(all.size() - all.find("\r\n\r\n") - 4, support::kLargeBytes);
}

// The first request with a method changed a table that all threads read.
TEST(PistacheFinding, F9MethodsThatNobodyUsedBeforeRaceWithNothing) {
  ServerOptions options = quickOptions();
  options.threads = 4;
  const Server server{echo, options};
  std::atomic<int> answered{0};
  {
    std::vector<std::jthread> clients;
    for (const char* method : {"PUT", "PATCH", "OPTIONS", "DELETE", "TRACE", "BREW", "LINK", "M"}) {
      clients.emplace_back([&, method] {
        RawClient client{server.port()};
        client.send(std::string{method} + " / HTTP/1.1\r\nHost: h\r\n\r\n");
        if (client.readResponse().ends_with(std::string{method} + " / ")) ++answered;
      });
    }
  }
  EXPECT_EQ(answered, 8);
}

// An uncaught exception ended the process when the socket became writable without data.
TEST(PistacheFinding, F10AConnectionThatEndsWhileItIsWrittenToEndsAlone) {
  const Server server{support::largeOrEcho(), quickOptions()};
  for (int i = 0; i < 20; ++i) {
    RawClient client{server.port()};
    client.send(std::string{kGetLarge} + std::string{kGetLarge});
    if (i % 2 == 0) client.finish();
    client.resetWhenClosed();
  }
  expectService(server);
}

// An answer was addressed by descriptor number, which might belong to another client by then.
TEST(PistacheFinding, F11AnAnswerForAClientThatHasGoneReachesNobodyElse) {
  support::SlowHandler slow;
  const Server server{slow.handler(), oneThread()};
  auto gone = std::make_unique<RawClient>(server.port());
  gone->send(support::kGetSlow);
  const Answer<Response> answer = slow.asked();
  gone->resetWhenClosed();
  gone.reset();
  std::vector<std::unique_ptr<RawClient>> others;  // one of them gets the descriptor
  for (int i = 0; i < 20; ++i) {
    others.push_back(std::make_unique<RawClient>(server.port()));
    others.back()->send(kPost);
    EXPECT_THAT(others.back()->readResponse(), EndsWith(kPostAnswer));
  }
  answer(plainText(200, "not for you"));
  for (const auto& other : others) {
    other->send(kPost);
    EXPECT_THAT(other->readResponse(), EndsWith(kPostAnswer));
  }
}

// A listener that was ready but could not be served woke its thread without end.
TEST(PistacheFinding, F12WithoutDescriptorsItWaitsAndGoesOnWhenThereAreSome) {
  const Server server{echo, oneThread()};
  expectService(server);
  const support::OtherThreads threads;
  std::vector<RawClient> clients(10);  // they have their descriptors already
  std::vector<Descriptor> taken;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit few{static_cast<rlim_t>(support::openDescriptors()) + 20, limit.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &few);
  for (int one; (one = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) taken.emplace_back(one);
  EXPECT_EQ(errno, EMFILE);

  for (RawClient& client : clients) client.connect(server.port());
  EXPECT_TRUE(threads.comeToRest()) << "a thread spins";

  taken.clear();
  ::setrlimit(RLIMIT_NOFILE, &limit);
  for (RawClient& client : clients) {
    client.send(kPost);
    EXPECT_THAT(client.readResponse(), EndsWith(kPostAnswer));
  }
}

}  // namespace
