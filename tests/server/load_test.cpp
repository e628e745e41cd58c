// Many clients at once, and misbehaving ones.

#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/raw_client.hpp"
#include "support/server.hpp"
#include "support/server_process.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using support::echo;
using support::eventually;
using support::kGetLarge;
using support::kIsSanitized;
using support::kPost;
using support::kPostAnswer;
using support::oneThread;
using support::quickOptions;
using support::RawClient;
using support::ServerProcess;
using testing::EndsWith;
using testing::HasSubstr;

using Clients = std::vector<std::unique_ptr<RawClient>>;

TEST(ServerUnderLoad, StalledReadersAndSlowWritersCostLittleAndHoldUpNobody) {
  constexpr std::ptrdiff_t kStalled = 200;
  constexpr std::size_t kSlowWriters = 200;
  const ServerProcess server{support::largeOrEcho(), oneThread()};
  RawClient other{server.port()};
  const auto expectService = [&] {
    other.send(kPost);
    EXPECT_THAT(other.readResponse(), EndsWith(kPostAnswer));
  };
  expectService();
  const auto descriptors = server.openDescriptors();
  const auto memoryAtStart = server.residentBytes();
  const auto misbehave = [&] {
    Clients stalled;
    for (int i = 0; i < kStalled; ++i) {
      stalled.push_back(std::make_unique<RawClient>(server.port()));
      stalled.back()->send(kGetLarge);
      EXPECT_THAT(stalled.back()->readUntil("\r\n\r\n"), HasSubstr(" 200 OK"));
      expectService();
    }
    if (!kIsSanitized) {
      EXPECT_LT(server.residentBytes() - memoryAtStart, kStalled * 64 << 10);
    }
    Clients slow;
    while (slow.size() < kSlowWriters) slow.push_back(std::make_unique<RawClient>(server.port()));
    for (const char& byte : kPost) {
      for (const auto& writer : slow) writer->send({&byte, 1});
      expectService();
    }
    for (const auto& writer : slow) EXPECT_THAT(writer->readResponse(), EndsWith(kPostAnswer));
  };
  const auto expectTheyLeft = [&] {
    EXPECT_TRUE(eventually([&] { return server.openDescriptors() <= descriptors; }));
  };
  misbehave();
  expectTheyLeft();
  // The allocator keeps what the first ones needed; those after them need no more than that.
  const auto memory = server.residentBytes();
  if (!kIsSanitized) {
    EXPECT_LT(memory - memoryAtStart, 2 << 20);
  }
  for (int round = 0; round < 3; ++round) {
    misbehave();
    expectTheyLeft();
  }
  if (!kIsSanitized) {
    EXPECT_LT(server.residentBytes() - memory, 1 << 20);
  }
}

TEST(ServerUnderLoad, IdleConnectionsCostLittle) {
  constexpr int kConnections = 10'000;
  if (!support::allowDescriptors(kConnections + 200)) {
    GTEST_SKIP() << "NOT TESTED: the system does not allow 10,200 descriptors";
  }
  const ServerProcess server{echo, oneThread()};
  std::vector<RawClient> clients(kConnections);
  const auto memory = server.residentBytes();
  for (RawClient& client : clients) {
    client.connect(server.port());
    client.send(kPost);
  }
  for (RawClient& client : clients) EXPECT_TRUE(client.readResponse().ends_with(kPostAnswer));
  if (!kIsSanitized) {
    EXPECT_LT(server.residentBytes() - memory, kConnections * std::ptrdiff_t{8 << 10});
  }
  for (RawClient& client : clients) {
    client.send(kPost);
    EXPECT_TRUE(client.readResponse().ends_with(kPostAnswer));
  }
}

/// What a client sends without an end: the start of a request, and what is repeated after it.
struct EndlessInput {
  std::string start;
  std::string more;
};

class ServerUnderEndlessInput : public testing::TestWithParam<EndlessInput> {};

TEST_P(ServerUnderEndlessInput, KeepsNoMoreThanItsLimits) {
  constexpr int kAttackers = 4;
  constexpr int kMegabytes = 64;
  const ServerProcess server{echo, oneThread()};
  RawClient other{server.port()};
  const auto expectService = [&] {
    other.send(kPost);
    EXPECT_THAT(other.readResponse(), EndsWith(kPostAnswer));
  };
  expectService();
  const auto before = server.residentBytes();
  std::ptrdiff_t most = before;
  std::array<std::string, kAttackers> answers;
  std::atomic<int> left{kAttackers};
  {
    std::vector<std::jthread> attackers;
    for (std::string& answer : answers) {
      attackers.emplace_back([&] {
        RawClient client{server.port()};
        std::string megabyte;
        while (megabyte.size() < 1 << 20) megabyte += GetParam().more;
        client.send(GetParam().start);
        for (int i = 0; i < kMegabytes && client.send(megabyte); ++i) {
        }
        client.finish();
        answer = client.readUntil("\r\n\r\n");
        --left;
      });
    }
    while (left > 0) {
      most = std::max(most, server.residentBytes());
      expectService();
    }
  }
  for (const std::string& answer : answers) {
    EXPECT_THAT(answer, testing::ContainsRegex("^HTTP/1.1 4(31|13|00) "));
    EXPECT_THAT(answer, HasSubstr("Connection: close"));
  }
  if (!kIsSanitized) {
    const ServerOptions limits;
    const auto each = static_cast<std::ptrdiff_t>(limits.maxHeaderBytes + limits.maxBodyBytes);
    EXPECT_LT(most - before, kAttackers * each * 2);  // the allocator keeps some of what was freed
  }
}

const std::string kChunkedStart =
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

INSTANTIATE_TEST_SUITE_P(
    ServerUnderLoad, ServerUnderEndlessInput,
    testing::Values(EndlessInput{"GET / HTTP/1.1\r\nHost: h\r\nX: ", "x"},
                    EndlessInput{"GET / HTTP/1.1\r\nHost: h\r\n", "X: y\r\n"},
                    EndlessInput{kChunkedStart + "5;a=", "x"}, EndlessInput{kChunkedStart, "0"},
                    EndlessInput{kChunkedStart + "0;a=", "x"},
                    EndlessInput{kChunkedStart + "0\r\nX: ", "x"},
                    EndlessInput{kChunkedStart + "0\r\n", "X: y\r\n"},
                    EndlessInput{kChunkedStart, "1\r\nx\r\n"},
                    EndlessInput{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n",
                                 "x"}));

TEST(ServerUnderLoad, IdleConnectionsKeepNothingOfWhatTheySent) {
  constexpr std::ptrdiff_t kConnections = 200;
  const ServerProcess server{echo, oneThread()};
  std::string requests;
  std::size_t count = 0;
  for (; requests.size() < 60 << 10; ++count) requests += kPost;
  Clients clients;
  const auto memory = server.residentBytes();
  for (int i = 0; i < kConnections; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(requests);
    clients.back()->readUntil(kPostAnswer, count);
  }
  if (!kIsSanitized) {
    EXPECT_LT(server.residentBytes() - memory, kConnections * 16 << 10);
  }
}

TEST(ServerUnderLoad, RequestsLeaveNothingBehind) {
  constexpr int kAtOnce = 10;
  constexpr int kTimes = kIsSanitized ? 200 : 10'000;
  const ServerProcess server{echo, oneThread()};
  std::string requests;
  for (int i = 0; i < kAtOnce; ++i) requests += kPost;
  const auto send = [&](int times) {
    for (int i = 0; i < times; ++i) {
      RawClient client{server.port()};
      for (int j = 0; j < 2; ++j) {
        client.send(requests);
        client.readUntil(kPostAnswer, kAtOnce);
      }
    }
  };
  const auto atRest = server.openDescriptors();
  send(kTimes / 10);
  EXPECT_TRUE(eventually([&] { return server.openDescriptors() <= atRest; }));
  const auto descriptors = server.openDescriptors();
  const auto memory = server.residentBytes();
  send(kTimes);
  EXPECT_TRUE(eventually([&] { return server.openDescriptors() <= descriptors; }));
  if (!kIsSanitized) {
    EXPECT_LT(server.residentBytes() - memory, 256 << 10);
  }
}

/// Sends one request after the other until the connection ends. A request counts as lost if it was
/// sent on an open connection and not answered.
struct Caller {
  int answered = 0;
  int lost = 0;

  void call(RawClient& client) {
    while (true) {
      client.send(kPost);
      const std::string response = client.readResponse();
      if (!response.ends_with(kPostAnswer)) {
        ++lost;
        return;
      }
      ++answered;
      if (response.find("Connection: close") != std::string::npos) return;
    }
  }
};

TEST(ServerUnderLoad, ADrainLosesNoRequest) {
  constexpr std::size_t kCallers = 64;
  std::atomic<int> handled{0};
  Server server{[&](const Request& request) {
                  ++handled;
                  return echo(request);
                },
                quickOptions()};
  std::vector<RawClient> clients(kCallers);
  for (RawClient& client : clients) client.connect(server.port());
  std::vector<Caller> callers(kCallers);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kCallers; ++i) {
      threads.emplace_back([&, i] { callers[i].call(clients[i]); });
    }
    EXPECT_TRUE(eventually([&] { return handled > 5000; }));
    server.stop();
  }
  int answered = 0;
  for (const Caller& caller : callers) {
    EXPECT_EQ(caller.lost, 0);
    answered += caller.answered;
  }
  EXPECT_EQ(answered, handled);
}

/// Sends requests without pause, and reads the answers, until it is told to stop or cut off.
class Flood {
 public:
  explicit Flood(std::uint16_t port, std::string_view request = kPost)
      : client_(port), request_(request) {}
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;
  ~Flood() { stop(); }

  /// All the answers.
  std::string stop() {
    goesOn_ = false;
    if (sending_.joinable()) sending_.join();
    client_.finish();
    if (reading_.joinable()) reading_.join();
    return answers_;
  }

 private:
  RawClient client_;
  std::string_view request_;
  std::string answers_;
  std::atomic<bool> goesOn_{true};
  std::jthread sending_{[this] {
    std::string requests;
    for (int i = 0; i < 20; ++i) requests += request_;
    while (goesOn_ && client_.send(requests)) {
    }
  }};
  std::jthread reading_{[this] { answers_ = client_.readToEnd(); }};
};

TEST(ServerUnderLoad, AClientThatSendsWithoutPauseHoldsUpNobody) {
  const Server server{echo, oneThread()};
  for (const std::string_view request : {kPost, std::string_view{"nonsense\r\n\r\n"}}) {
    Flood flood{server.port(), request};
    for (int i = 0; i < 100; ++i) {
      RawClient other{server.port()};
      other.send(kPost);
      ASSERT_THAT(other.readResponse(), EndsWith(kPostAnswer));
    }
  }
}

TEST(ServerUnderLoad, AClientThatPipelinesWhileTheServerStopsGetsAllThatWasRead) {
  std::atomic<int> handled{0};
  Server server{[&](const Request& request) {
                  ++handled;
                  return echo(request);
                },
                oneThread()};
  Flood flood{server.port()};
  EXPECT_TRUE(eventually([&] { return handled > 1000; }));
  server.stop();
  const std::string all = flood.stop();
  int answered = 0;
  for (std::size_t at = 0; (at = all.find(kPostAnswer, at)) != std::string::npos; ++at) ++answered;
  EXPECT_EQ(answered, handled);
}

TEST(ServerUnderLoad, AServerThatTakesOverTheSharedPortLosesNoRequest) {
  ServerOptions options = quickOptions();
  options.sharesPort = true;
  auto server = std::make_unique<Server>(echo, options);
  options.port = server->port();
  std::atomic<bool> goesOn{true};
  std::atomic<int> answered{0};
  std::atomic<int> lost{0};
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&] {
        while (goesOn) {
          try {
            RawClient client{options.port};
            client.send(kPost);
            ++(client.readResponse().ends_with(kPostAnswer) ? answered : lost);
          } catch (const std::runtime_error&) {
            ++lost;
          }
        }
      });
    }
    for (int takeover = 0; takeover < 5; ++takeover) {
      const int before = answered;
      auto next = std::make_unique<Server>(echo, options);
      server->stop();
      server = std::move(next);
      EXPECT_TRUE(eventually([&] { return answered > before + 200; }));
    }
    goesOn = false;
  }
  EXPECT_EQ(lost, 0);
}

}  // namespace
