// What only Redis can do to a store: be away, be slow, talk nonsense, forget scripts, demand a
// password.

#include "ivr/core/error.hpp"
#include "ivr/session/session_store.hpp"
#include "session/redis_server.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::session;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

RedisAddress addressOf(int port) {
  return {.port = port, .connectTimeout = 500ms, .timeout = 300ms};
}

/// One whole step, which replaces what it finds by `data`.
std::string step(SessionStore& store, const std::string& data) {
  const auto open = store.tryOpen("CA1", "step", 5s);
  if (!open) return "(held)";
  EXPECT_TRUE(store.close(
      {.session = "CA1", .lease = open->lease, .data = data, .dataLifetime = 1h, .step = "step"}));
  return open->data;
}

/// The error of a step; fails the test if there is none.
Error errorOf(SessionStore& store) {
  try {
    (void)step(store, "data");
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "the step succeeded";
  return Error{ErrorKind::usage, ""};
}

struct RedisSessionStore : ::testing::Test {
  void SetUp() override {
    if (!redisIsInstalled()) GTEST_SKIP() << "redis-server is not installed";
    server = std::make_unique<RedisServer>();
  }
  std::shared_ptr<SessionStore> store() const {
    return redisSessionStore(addressOf(server->port()));
  }

  std::unique_ptr<RedisServer> server;
};

// --- A healthy server ---

TEST_F(RedisSessionStore, IsTheSameForTwoStores) {
  const auto one = store();
  const auto other = store();
  EXPECT_EQ(step(*one, "first"), "");
  EXPECT_EQ(step(*other, "second"), "first");
  ASSERT_TRUE(one->tryOpen("CA1", "step", 5s));
  EXPECT_EQ(step(*other, "third"), "(held)");
}

TEST_F(RedisSessionStore, KeysHaveThePrefix) {
  RedisAddress address = addressOf(server->port());
  address.prefix = "clinic:";
  (void)step(*redisSessionStore(address), "data");
  EXPECT_THAT(server->ask("keys '*'"), HasSubstr("clinic:"));
  EXPECT_EQ(step(*store(), "data"), "") << "another prefix is another store";
}

TEST_F(RedisSessionStore, DatabasesAreApart) {
  RedisAddress address = addressOf(server->port());
  address.database = 3;
  (void)step(*redisSessionStore(address), "in the third");
  EXPECT_EQ(step(*store(), "in the first"), "");
  EXPECT_EQ(step(*redisSessionStore(address), ""), "in the third");
}

TEST_F(RedisSessionStore, EveryKeyRunsOutByItself) {
  const auto shared = store();
  (void)step(*shared, "data");
  const auto open = shared->tryOpen("CA2", "step", 5s);
  ASSERT_TRUE(shared->close({.session = "CA2",
                             .lease = open->lease,
                             .step = "step",
                             .answer = "answer",
                             .answerLifetime = 1min}));
  (void)shared->tryOpen("CA3", "step", 5s);
  EXPECT_EQ(server->ask("eval \"local left = 0 for _, key in ipairs(redis.call('keys', '*')) do if "
                        "redis.call('pttl', key) < 0 then left = left + 1 end end return left\" 0"),
            "0\n");
}

TEST_F(RedisSessionStore, ScriptsThatTheServerForgotAreSentAgain) {
  const auto shared = store();
  (void)step(*shared, "before");
  ASSERT_EQ(server->ask("script flush"), "OK\n");
  EXPECT_EQ(step(*shared, "after"), "before");
  const auto open = shared->tryOpen("CA1", "step", 5s);
  ASSERT_EQ(server->ask("script flush"), "OK\n");
  EXPECT_TRUE(shared->renew("CA1", open->lease, 5s));
}

TEST_F(RedisSessionStore, ConnectionsThatTheServerClosedAreMadeAgain) {
  const auto shared = store();
  (void)step(*shared, "before");
  (void)server->ask("client kill type normal");
  EXPECT_EQ(step(*shared, "after"), "before");
}

TEST_F(RedisSessionStore, GoesOnWhenTheServerIsBack) {
  const auto shared = store();
  (void)step(*shared, "before");
  server->stop();
  EXPECT_EQ(errorOf(*shared).kind(), ErrorKind::unavailable);
  server->start();
  EXPECT_EQ(step(*shared, "after"), "") << "the server remembers nothing";
  EXPECT_EQ(step(*shared, "after"), "after");
}

TEST_F(RedisSessionStore, ManyThreadsShareIt) {
  const auto shared = store();
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      const std::string session = "CA" + std::to_string(i);
      for (int round = 0; round < 50; ++round) {
        const auto open = shared->tryOpen(session, "step", 5s);
        ASSERT_TRUE(open);
        ASSERT_EQ(open->data, round == 0 ? "" : std::to_string(round - 1));
        ASSERT_TRUE(shared->close({.session = session,
                                   .lease = open->lease,
                                   .data = std::to_string(round),
                                   .dataLifetime = 1h,
                                   .step = "step"}));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// --- Passwords ---

TEST(RedisPassword, IsNeededAndNeverShown) {
  if (!redisIsInstalled()) GTEST_SKIP() << "redis-server is not installed";
  const RedisServer server{{"--requirepass", "open-sesame"}};
  RedisAddress address = addressOf(server.port());
  EXPECT_THAT(errorOf(*redisSessionStore(address)).what(), HasSubstr("NOAUTH"));
  address.password = "let-me-in";
  EXPECT_THAT(errorOf(*redisSessionStore(address)).what(),
              AllOf(HasSubstr("WRONGPASS"), Not(HasSubstr("let-me-in"))));
  address.password = "open-sesame";
  EXPECT_EQ(step(*redisSessionStore(address), "data"), "");
  EXPECT_EQ(
      step(*openSessionStore("redis://:open-sesame@127.0.0.1:" + std::to_string(server.port())),
           ""),
      "data");
}

// --- Faulty servers ---

TEST(RedisThatIsAway, IsUnavailable) {
  const LocalSocket unused;
  const auto store = redisSessionStore(addressOf(unused.port()));
  EXPECT_EQ(errorOf(*store).kind(), ErrorKind::unavailable);
  EXPECT_THROW((void)store->renew("CA1", 1, 5s), Error);
  EXPECT_THROW((void)store->read("CA1"), Error);
}

struct UnwellServer {
  const char* name;
  std::string says;     ///< To every client that asks something.
  bool closes = false;  ///< After saying it.
  ErrorKind kind = ErrorKind::unavailable;
};

void PrintTo(const UnwellServer& server, std::ostream* out) { *out << server.name; }

/// Says one thing to each connection, whatever the question.
class Parrot {
 public:
  explicit Parrot(UnwellServer server) : server_(std::move(server)) {
    ::listen(listener_.get(), SOMAXCONN);
    thread_ = std::thread{[this] {
      std::vector<int> open;
      for (int one; (one = ::accept(listener_.get(), nullptr, nullptr)) >= 0;) {
        char question[4096];
        (void)::recv(one, question, sizeof question, 0);
        (void)::send(one, server_.says.data(), server_.says.size(), MSG_NOSIGNAL);
        if (server_.closes) {
          ::close(one);
        } else {
          open.push_back(one);
        }
      }
      for (const int one : open) ::close(one);
    }};
  }
  ~Parrot() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  Parrot(const Parrot&) = delete;
  Parrot& operator=(const Parrot&) = delete;
  [[nodiscard]] int port() const { return listener_.port(); }

 private:
  const UnwellServer server_;
  const LocalSocket listener_;
  std::thread thread_;
};

/// For each of several commands sent together.
std::string tenTimes(const std::string& answer) {
  std::string all;
  for (int i = 0; i < 10; ++i) all += answer;
  return all;
}

class RedisThatIsUnwell : public ::testing::TestWithParam<UnwellServer> {};

TEST_P(RedisThatIsUnwell, IsAnErrorOfEveryMember) {
  const Parrot parrot{GetParam()};
  const auto store = redisSessionStore(addressOf(parrot.port()));
  EXPECT_EQ(errorOf(*store).kind(), GetParam().kind);
  EXPECT_THROW((void)store->renew("CA1", 1, 5s), Error);
  EXPECT_THROW((void)store->close({.session = "CA1", .lease = 1, .step = "step"}), Error);
  EXPECT_THROW((void)store->read("CA1"), Error);
}

INSTANTIATE_TEST_SUITE_P(
    Servers, RedisThatIsUnwell,
    ::testing::Values(
        UnwellServer{"SaysNothing", "", false, ErrorKind::timeout},
        UnwellServer{"Closes", "", true},
        UnwellServer{"SaysNonsense", "HTTP/1.1 400 Bad Request\r\n\r\n"},
        UnwellServer{"StopsInTheMiddle", "*2\r\n$100\r\nabc", false, ErrorKind::timeout},
        UnwellServer{"ClosesInTheMiddle", "*2\r\n$100\r\nabc", true},
        UnwellServer{"AnswersAnotherQuestion", tenTimes("+PONG\r\n"), false, ErrorKind::remote},
        UnwellServer{"AnswersTooMuch", tenTimes("*2\r\n:1\r\n:2\r\n*0\r\n*-1\r\n"), false,
                     ErrorKind::remote},
        UnwellServer{"AnnouncesAHugeAnswer", "$999999999999\r\n", false, ErrorKind::timeout},
        UnwellServer{"IsLoading", tenTimes("-LOADING Redis is loading the dataset\r\n")},
        UnwellServer{"IsFull", tenTimes("-OOM command not allowed\r\n")}),
    [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
