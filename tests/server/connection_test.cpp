// One client against a connection whose time passes, and whose answers come, when a test says so.

#include "server/connection.hpp"

#include "support/server.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace std::chrono_literals;
using support::kPost;
using support::kPostAnswer;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::string_view kSlow = support::kGetSlow;

/// A worker with one connection. Answers every request with its method, target and body; `/slow`
/// not at all.
class Host final : public server::ConnectionHost {
 public:
  std::optional<Response> dispatch(Request request, int, std::uint64_t) override {
    served.push_back(request.target);
    peers.push_back(request.peerAddress);
    if (request.target == "/slow") return std::nullopt;
    return plainText(200, request.method + ' ' + request.target + ' ' + request.body);
  }
  void callAgain(int, std::uint64_t) override { ++turnsAskedFor; }
  [[nodiscard]] const ServerOptions& options() const override { return settings; }
  [[nodiscard]] const std::string& dateHeader() const override { return date_; }
  [[nodiscard]] server::SteadyTime now() const override { return time; }
  [[nodiscard]] bool isDraining() const override { return drains; }
  [[nodiscard]] std::string& readBuffer() override { return buffer_; }
  [[nodiscard]] std::string& writeBuffer() override { return writeBuffer_; }

  ServerOptions settings{};
  server::SteadyTime time{1h};
  bool drains = false;
  std::vector<std::string> served;  ///< The targets of all requests.
  std::vector<std::string> peers;
  int turnsAskedFor = 0;

 private:
  const std::string date_ = "Date: today\r\n";
  std::string buffer_ = std::string(64 << 10, '\0');
  std::string writeBuffer_;
};

/// A connection, and the client at its other end.
struct ConnectionTest : testing::Test {
  ConnectionTest() {
    std::array<int, 2> both{-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, both.data()), 0);
    connectionSocket = both[0];
    connection.emplace(Descriptor{both[0]}, "192.0.2.7", 1, host);
    client = Descriptor{both[1]};
  }

  void send(std::string_view bytes) {
    EXPECT_EQ(::send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    connection->onReady();
  }

  /// What the client can read now.
  std::string received() {
    std::string all;
    std::array<char, 65536> piece{};
    for (ssize_t got = 0;
         (got = ::recv(client.get(), piece.data(), piece.size(), MSG_DONTWAIT)) > 0;) {
      all.append(piece.data(), static_cast<std::size_t>(got));
    }
    return all;
  }

  void pass(std::chrono::milliseconds time) {
    host.time += time;
    connection->onTick();
  }

  /// Not closed after so long, and closed a millisecond later.
  void expectClosedAfter(std::chrono::milliseconds time) {
    pass(time - 1ms);
    EXPECT_FALSE(connection->isClosed());
    pass(1ms);
    EXPECT_TRUE(connection->isClosed());
  }

  Host host;
  std::optional<server::Connection> connection;
  int connectionSocket = -1;
  Descriptor client{-1};
};

TEST_F(ConnectionTest, SaysWhereARequestCameFrom) {
  send(kPost);
  EXPECT_THAT(host.peers, ElementsAre("192.0.2.7"));
  EXPECT_THAT(received(), AllOf(HasSubstr("\r\nDate: today\r\n"), EndsWith(kPostAnswer)));
}

TEST_F(ConnectionTest, ClosesWithoutAWordWhenItWasIdleForTooLong) {
  expectClosedAfter(75s);
  EXPECT_EQ(received(), "");
}

TEST_F(ConnectionTest, IsIdleForAsLongAgainAfterARequest) {
  pass(74s);
  send(kPost);
  EXPECT_THAT(received(), EndsWith(kPostAnswer));
  expectClosedAfter(75s);
  EXPECT_EQ(received(), "");
}

TEST_F(ConnectionTest, IsIdleForAsLongAgainAfterADownload) {
  send(kSlow);
  connection->onResponse(Response{.body = support::fileOf(support::kLargeBytes)});
  std::size_t size = 0;
  for (std::string piece; !(piece = received()).empty(); connection->onTurn()) {
    size += piece.size();
    pass(20s);
  }
  EXPECT_GT(size, support::kLargeBytes);
  expectClosedAfter(55s);  // it had sent all before the client read the last piece
  EXPECT_EQ(received(), "");
}

TEST_F(ConnectionTest, AnswersAHeaderThatIsLateWith408) {
  send("GET / HTTP/1.1\r\n");
  pass(9s);
  send("Host: h\r\n");  // wins no time
  pass(999ms);
  EXPECT_EQ(received(), "");
  pass(1ms);
  EXPECT_THAT(received(), AllOf(StartsWith("HTTP/1.1 408 "), HasSubstr("Connection: close")));
  EXPECT_THAT(host.served, IsEmpty());
}

TEST_F(ConnectionTest, CountsTheTimeForABodyFromTheEndOfTheHeader) {
  send("POST / HTTP/1.1\r\nHost: h\r\n");
  pass(9s);
  send("Content-Length: 5\r\n\r\n");
  pass(29'999ms);
  send("hell");
  EXPECT_EQ(received(), "");
  pass(1ms);
  EXPECT_THAT(received(), StartsWith("HTTP/1.1 408 "));
}

TEST_F(ConnectionTest, WaitsForTheApplicationWithoutADeadline) {
  send(kSlow);
  pass(24h);
  EXPECT_FALSE(connection->isClosed());
  connection->onResponse(plainText(200, "at last"));
  EXPECT_THAT(received(), EndsWith("at last"));
}

TEST_F(ConnectionTest, GivesAClientTimeForAsLongAsItReads) {
  send(kSlow);
  connection->onResponse(Response{.body = support::fileOf(support::kLargeBytes)});
  for (int i = 0; i < 5; ++i) {
    pass(29s);
    EXPECT_NE(received(), "");
    connection->onTurn();
  }
  expectClosedAfter(30s);
}

TEST_F(ConnectionTest, ReadsOnForAMomentAfterARefusalSoThatItIsSeen) {
  send("nonsense\r\n\r\n");
  send("and more");
  EXPECT_THAT(received(), StartsWith("HTTP/1.1 400 "));
  expectClosedAfter(2s);
}

TEST_F(ConnectionTest, ClosesAtOnceAfterTheLastAnswerIfNothingIsUnread) {
  send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(connection->isClosed());
  EXPECT_THAT(received(), EndsWith("GET / "));
}

TEST_F(ConnectionTest, ServesWhatCameWhileItWaitedForTheApplication) {
  send(std::string{kSlow} + std::string{kPost});
  send(kPost);
  EXPECT_THAT(host.served, ElementsAre("/slow"));
  connection->onResponse(plainText(200, "at last"));
  EXPECT_THAT(host.served, ElementsAre("/slow", "/voice?step=2", "/voice?step=2"));
}

TEST_F(ConnectionTest, TakesOneAnswerToARequest) {
  send(kSlow);
  connection->onResponse(plainText(200, "the answer"));
  (void)received();
  connection->onResponse(plainText(200, "another"));
  EXPECT_EQ(received(), "");
}

TEST_F(ConnectionTest, LetsOthersHaveTheirTurnAfterManyRequests) {
  std::string requests;
  for (int i = 0; i < 100; ++i) requests += kPost;
  send(requests);
  const std::size_t before = host.served.size();
  EXPECT_LT(before, 100U);
  EXPECT_EQ(host.turnsAskedFor, 1);
  connection->onReady();
  EXPECT_EQ(host.served.size(), before) << "it was not its turn";
  connection->onTurn();
  EXPECT_EQ(host.served.size(), 100U);
}

TEST_F(ConnectionTest, ReadsNoMoreThanItMayKeep) {
  host.settings.maxHeaderBytes = 100;
  host.settings.maxBodyBytes = 100;
  send(std::string{kSlow} + std::string(1000, 'x'));
  EXPECT_THAT(host.served, ElementsAre("/slow"));
  int unread = 0;
  EXPECT_EQ(::ioctl(connectionSocket, FIONREAD, &unread), 0);
  EXPECT_EQ(static_cast<std::size_t>(unread), kSlow.size() + 1000 - 200);
}

TEST_F(ConnectionTest, KnowsSinceWhenItWaitsForItsClient) {
  const server::SteadyTime start = host.time;
  EXPECT_EQ(connection->waitsSince(), start);
  pass(1s);
  send("GET /slow HTTP/1.1\r\n");
  EXPECT_EQ(connection->waitsSince(), start + 1s);
  pass(1s);
  send("X: y\r\n");  // wins no time
  EXPECT_EQ(connection->waitsSince(), start + 1s);
  send("Host: h\r\n\r\n");
  EXPECT_EQ(connection->waitsSince(), std::nullopt);  // the application works for it
  pass(1s);
  connection->onResponse(plainText(200, "at last"));
  EXPECT_EQ(connection->waitsSince(), start + 3s);
}

TEST_F(ConnectionTest, WaitsAnewForAClientThatHasTakenSomeOfItsAnswer) {
  send(kSlow);
  connection->onResponse(Response{.body = support::fileOf(support::kLargeBytes)});
  const auto before = connection->waitsSince();
  pass(1s);
  connection->onReady();
  EXPECT_EQ(connection->waitsSince(), before);
  EXPECT_NE(received(), "");
  connection->onTurn();
  EXPECT_EQ(connection->waitsSince(), host.time);
}

TEST_F(ConnectionTest, GivesWayIfNothingHasCome) {
  pass(1s);
  connection->giveWay();
  EXPECT_TRUE(connection->isClosed());
  EXPECT_EQ(received(), "");
}

TEST_F(ConnectionTest, GivesWayInTheMiddleOfARequest) {
  send("GET / HTTP/1.1\r\n");
  pass(1s);
  connection->giveWay();
  EXPECT_TRUE(connection->isClosed());
}

TEST_F(ConnectionTest, ServesARequestThatCameBeforeItWasToGiveWay) {
  pass(1s);
  EXPECT_EQ(::send(client.get(), kPost.data(), kPost.size(), 0),
            static_cast<ssize_t>(kPost.size()));
  connection->giveWay();
  EXPECT_FALSE(connection->isClosed());
  EXPECT_THAT(received(), EndsWith(kPostAnswer));
}

TEST_F(ConnectionTest, GivesNoWayWhileTheApplicationWorksForIt) {
  send(kSlow);
  pass(1s);
  connection->giveWay();
  EXPECT_FALSE(connection->isClosed());
}

TEST_F(ConnectionTest, GivesAnIdleClientALittleTimeForALastRequestWhenTheServerStops) {
  host.drains = true;
  connection->onDrain();
  pass(999ms);
  EXPECT_FALSE(connection->isClosed());
  send(kPost);
  while (!connection->isClosed() && host.turnsAskedFor-- > 0) connection->onTurn();
  EXPECT_THAT(received(), AllOf(HasSubstr("Connection: close"), EndsWith(kPostAnswer)));
}

TEST_F(ConnectionTest, IsClosedIfThatRequestDoesNotCome) {
  host.drains = true;
  connection->onDrain();
  expectClosedAfter(1s);
}

TEST_F(ConnectionTest, ReadsNoRequestThatItWillNotAnswerWhenTheServerStops) {
  host.drains = true;
  send(std::string{kPost} + std::string{kPost});
  while (!connection->isClosed() && host.turnsAskedFor-- > 0) connection->onTurn();
  EXPECT_THAT(host.served, ElementsAre("/voice?step=2"));
  EXPECT_THAT(received(), HasSubstr("Connection: close"));
}

TEST_F(ConnectionTest, IsClosedWhenItsClientIs) {
  client = Descriptor{-1};
  connection->onReady();
  EXPECT_TRUE(connection->isClosed());
}

}  // namespace
