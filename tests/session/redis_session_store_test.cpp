// What only Redis can do to a store: be away, be slow, talk nonsense, forget scripts, demand a
// password or a certificate, be shared with an earlier version.

#include "ivr/core/error.hpp"
#include "ivr/session/session_store.hpp"
#include "session/redis_proxy.hpp"
#include "session/redis_server.hpp"
#include "support/command.hpp"
#include "support/eventually.hpp"
#include "support/temp_folder.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <future>
#include <gmock/gmock.h>
#include <iterator>
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

/// For what takes long on a busy machine.
RedisAddress patient(RedisAddress address) {
  address.connectTimeout = address.timeout = 20s;
  return address;
}

/// One whole step, which replaces what it finds by `data`.
std::string step(SessionStore& store, const std::string& data) {
  const auto open = store.tryOpen("CA1", "step", 5s).get();
  if (!open) return "(held)";
  EXPECT_TRUE(store
                  .close({.session = "CA1",
                          .lease = open->lease,
                          .data = data,
                          .dataLifetime = 1h,
                          .step = "step"})
                  .get());
  return open->data;
}

/// One whole step that leaves an answer.
void answer(SessionStore& store, const std::string& step, const std::string& text,
            std::chrono::milliseconds lifetime = 1h) {
  const auto open = store.tryOpen("CA1", step, 5s).get();
  ASSERT_TRUE(open);
  EXPECT_TRUE(store
                  .close({.session = "CA1",
                          .lease = open->lease,
                          .step = step,
                          .answer = text,
                          .answerLifetime = lifetime})
                  .get());
}

/// The answer that a step finds.
std::optional<std::string> answerOf(SessionStore& store, const std::string& step) {
  const auto open = store.tryOpen("CA1", step, 5s).get();
  if (!open) return "(held)";
  EXPECT_TRUE(store.close({.session = "CA1", .lease = open->lease}).get());
  return open->answer;
}

/// The error that a function throws; fails the test if it throws none.
template <class F>
Error errorOfCall(F function) {
  try {
    function();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error{ErrorKind::usage, ""};
}

Error errorOf(SessionStore& store) {
  return errorOfCall([&] { (void)step(store, "data"); });
}

struct RedisSessionStore : NeedsPrograms {
  void SetUp() override {
    require(redisIsInstalled(), "no redis-server here");
    if (!IsSkipped() && !HasFatalFailure()) server = std::make_unique<RedisServer>();
  }
  std::shared_ptr<SessionStore> store() const {
    return redisSessionStore(patient(addressOf(server->port())));
  }
  std::shared_ptr<SessionStore> impatientStore() const {
    return redisSessionStore(addressOf(server->port()));
  }

  /// A number of the server's own statistics.
  long statistic(const std::string& name) const {
    const std::string all = server->ask("info stats");
    return std::stol(all.substr(all.find(name + ':') + name.size() + 1));
  }

  std::unique_ptr<RedisServer> server;
};

// --- A healthy server ---

TEST_F(RedisSessionStore, IsTheSameForTwoStores) {
  const auto one = store();
  const auto other = store();
  EXPECT_EQ(step(*one, "first"), "");
  EXPECT_EQ(step(*other, "second"), "first");
  ASSERT_TRUE(one->tryOpen("CA1", "step", 5s).get());
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
  answer(*shared, "another step", "answer", 1min);
  (void)shared->tryOpen("CA3", "step", 5s).get();
  EXPECT_EQ(server->ask("eval \"local left = 0 for _, key in ipairs(redis.call('keys', '*')) do if "
                        "redis.call('pttl', key) < 0 then left = left + 1 end end return left\" 0"),
            "0\n");
}

TEST_F(RedisSessionStore, ScriptsThatTheServerForgotAreSentAgain) {
  const auto shared = store();
  (void)step(*shared, "before");
  ASSERT_EQ(server->ask("script flush"), "OK\n");
  EXPECT_EQ(step(*shared, "after"), "before");
  const auto open = shared->tryOpen("CA1", "step", 5s).get();
  ASSERT_EQ(server->ask("script flush"), "OK\n");
  EXPECT_TRUE(shared->renew("CA1", open->lease, 5s).get());
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
        const auto open = shared->tryOpen(session, "step", 5s).get();
        ASSERT_TRUE(open);
        ASSERT_EQ(open->data, round == 0 ? "" : std::to_string(round - 1));
        ASSERT_TRUE(shared
                        ->close({.session = session,
                                 .lease = open->lease,
                                 .data = std::to_string(round),
                                 .dataLifetime = 1h,
                                 .step = "step"})
                        .get());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(RedisSessionStore, ServerWithoutMemoryChangesNothing) {
  const auto shared = store();
  (void)step(*shared, "before");
  const auto open = shared->tryOpen("CA1", "step", 5s).get();
  ASSERT_EQ(server->ask("config set maxmemory 1"), "OK\n");
  const SessionChange change{.session = "CA1",
                             .lease = open->lease,
                             .data = "after",
                             .dataLifetime = 1h,
                             .step = "step",
                             .answer = "answer",
                             .answerLifetime = 1h};
  EXPECT_EQ(errorOfCall([&] { (void)shared->close(change).get(); }).kind(), ErrorKind::unavailable);
  EXPECT_EQ(errorOfCall([&] { (void)shared->tryOpen("CA2", "step", 5s).get(); }).kind(),
            ErrorKind::unavailable);
  EXPECT_EQ(shared->read("CA1").get(), "before");
  ASSERT_EQ(server->ask("config set maxmemory 0"), "OK\n");
  EXPECT_TRUE(shared->close(change).get()) << "the lease was not lost";
  EXPECT_TRUE(shared->tryOpen("CA2", "step", 5s).get());
}

// --- Answers ---

TEST_F(RedisSessionStore, AnswerThatWasSavedFirstGoesWhenThereAreMore) {
  const auto shared = store();
  for (const char* name : {"1", "2", "3", "4"}) answer(*shared, name, "of " + std::string{name});
  EXPECT_EQ(answerOf(*shared, "1"), "of 1");
  answer(*shared, "5", "of 5");
  EXPECT_EQ(answerOf(*shared, "1"), std::nullopt);
  for (const char* name : {"2", "3", "4", "5"}) {
    EXPECT_EQ(answerOf(*shared, name), "of " + std::string{name});
  }
  for (int i = 0; i < 50; ++i) answer(*shared, "again " + std::to_string(i), "text");
  EXPECT_EQ(server->ask("dbsize"), "5\n") << "four answers, and the list of them";
}

TEST_F(RedisSessionStore, AnswerThatIsSavedAgainIsTheLast) {
  const auto shared = store();
  for (const char* name : {"1", "2", "1", "1", "1", "1", "3", "4"}) answer(*shared, name, "text");
  EXPECT_EQ(answerOf(*shared, "2"), "text") << "there are four steps with answers";
  answer(*shared, "5", "text");
  EXPECT_EQ(answerOf(*shared, "2"), std::nullopt);
  EXPECT_EQ(answerOf(*shared, "1"), "text");
}

TEST_F(RedisSessionStore, AnswersAreCountedAsLongAsOneOfThemLives) {
  const auto shared = store();
  answer(*shared, "1", "text", 1h);
  for (const char* name : {"2", "3", "4"}) answer(*shared, name, "text", 50ms);
  ASSERT_TRUE(eventually([&] { return !answerOf(*shared, "4"); }));
  EXPECT_EQ(answerOf(*shared, "1"), "text");
  for (const char* name : {"5", "6", "7", "8"}) answer(*shared, name, "text", 1h);
  EXPECT_EQ(answerOf(*shared, "1"), std::nullopt);
}

// --- Many at once ---

TEST_F(RedisSessionStore, StepsThatAreAskedTogetherShareTheWay) {
  constexpr long kSteps = 500;
  const auto shared = store();
  (void)step(*shared, "the connection is there");
  const long before = statistic("total_reads_processed");
  std::vector<Later<bool>> closed;
  for (long i = 0; i < kSteps; ++i) {
    const std::string session = "CA-" + std::to_string(i);
    closed.push_back(shared->tryOpen(session, "step", 5s)
                         .then([&store = *shared, session](const std::optional<OpenSession>& open) {
                           return store.close({.session = session,
                                               .lease = open.value().lease,
                                               .data = "data",
                                               .dataLifetime = 1h});
                         }));
  }
  for (auto& one : closed) EXPECT_TRUE(std::move(one).get());
  EXPECT_LT(statistic("total_reads_processed") - before, kSteps);
  EXPECT_THAT(server->ask("info clients"), HasSubstr("connected_clients:2\r")) << "we have one";
}

std::size_t threadCount() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator{"/proc/self/task"}, {}));
}

TEST_F(RedisSessionStore, NoThreadWaitsForAnAnswer) {
  const auto shared = store();
  (void)step(*shared, "the connection is there");
  const std::size_t before = threadCount();
  std::vector<Later<std::string>> read;
  {
    const RedisServer::Pause pause{*server};
    for (int i = 0; i < 1000; ++i) read.push_back(shared->read("CA1"));
    EXPECT_EQ(threadCount(), before);
    EXPECT_FALSE(read.front().isSettled());
  }
  for (auto& one : read) EXPECT_EQ(std::move(one).get(), "the connection is there");
}

TEST_F(RedisSessionStore, WhatIsAskedAfterACloseIsDoneAfterIt) {
  const auto shared = store();
  for (int i = 0; i < 100; ++i) {
    const auto open = shared->tryOpen("CA1", "step", 5s).get();
    ASSERT_TRUE(open);
    const auto closed = shared->close({.session = "CA1", .lease = open->lease});  // not awaited
  }
}

TEST_F(RedisSessionStore, CloseThatNobodyWaitsForIsDoneBeforeTheStoreIsGone) {
  for (int i = 0; i < 20; ++i) {
    const auto other = store();
    const auto open = other->tryOpen("CA1", "step", 5s).get();
    ASSERT_TRUE(open);
    const auto closed = other->close({.session = "CA1", .lease = open->lease});
  }
}

TEST_F(RedisSessionStore, StoreThatIsDestroyedSettlesEverythingFirst) {
  std::atomic<int> settled = 0;
  {
    const auto gone = impatientStore();
    (void)step(*gone, "data");
    const RedisServer::Pause pause{*server};
    for (int i = 0; i < 10; ++i) {
      gone->read("CA1").receive([&](const Settled<std::string>&) { ++settled; });
    }
  }
  EXPECT_EQ(settled, 10);
}

TEST_F(RedisSessionStore, ContinuationMayDropTheLastHandle) {
  auto dropped = store();
  auto* const store = dropped.get();
  std::promise<void> first;
  std::promise<std::string> second;
  {
    const RedisServer::Pause pause{*server};  // so that both are asked before one is answered
    store->nextFence().receive([&, dropped = std::move(dropped)](const auto&) mutable {
      dropped.reset();
      first.set_value();
    });
    store->read("CA1").receive(
        [&](Settled<std::string> outcome) { second.set_value(std::get<0>(std::move(outcome))); });
  }
  first.get_future().get();
  EXPECT_EQ(second.get_future().get(), "") << "it is settled all the same";
}

TEST_F(RedisSessionStore, TooMuchAtOnceIsRefused) {
  constexpr std::size_t kMebibyte = 1 << 20;
  const auto shared = store();
  const std::string data(kMebibyte, 'd');
  std::vector<Later<bool>> closed;
  {
    const RedisServer::Pause pause{*server};
    for (std::size_t i = 0; i < 64; ++i) {
      closed.push_back(
          shared->close({.session = "CA1", .lease = 1, .data = data, .dataLifetime = 1h}));
    }
    const Error error = errorOfCall([&] { (void)std::move(closed.back()).get(); });
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    EXPECT_THAT(error.what(), HasSubstr("too many"));
    closed.pop_back();
  }
  for (auto& one : closed) EXPECT_FALSE(std::move(one).get());
  EXPECT_EQ(step(*shared, "data"), "");
}

// --- Together with an earlier version ---

TEST_F(RedisSessionStore, WhatAnEarlierVersionSavedIsThere) {
  const auto shared = store();
  ASSERT_EQ(server->ask("set ivr:{CA1}:data theirs PX 60000"), "OK\n");
  ASSERT_EQ(server->ask("set ivr:{CA1}:answer:a%20step answered PX 60000"), "OK\n");
  ASSERT_EQ(server->ask("set ivr:{CA1}:lease 7 NX PX 300000"), "OK\n");
  EXPECT_EQ(shared->tryOpen("CA1", "a step", 5s).get(), std::nullopt) << "it holds the session";
  ASSERT_EQ(server->ask("del ivr:{CA1}:lease"), "1\n");
  const auto open = shared->tryOpen("CA1", "a step", 5s).get();
  ASSERT_TRUE(open);
  EXPECT_EQ(open->data, "theirs");
  EXPECT_EQ(open->answer, "answered");
}

TEST_F(RedisSessionStore, AnEarlierVersionFindsWhatIsSaved) {
  const auto shared = store();
  answer(*shared, "a step", "answered");
  (void)step(*shared, "ours");
  const auto open = shared->tryOpen("CA1", "step", 5s).get();
  EXPECT_EQ(server->ask("set ivr:{CA1}:lease 7 NX PX 300000"), "\n") << "we hold the session";
  EXPECT_EQ(server->ask("get ivr:{CA1}:lease"), std::to_string(open->lease) + '\n');
  EXPECT_TRUE(shared->close({.session = "CA1", .lease = open->lease}).get());
  EXPECT_EQ(server->ask("set ivr:{CA1}:lease 7 NX PX 300000"), "OK\n");
  EXPECT_EQ(server->ask("get ivr:{CA1}:data"), "ours\n");
  EXPECT_EQ(server->ask("get ivr:{CA1}:answer:a%20step"), "answered\n");
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
  EXPECT_THROW((void)store->renew("CA1", 1, 5s).get(), Error);
  EXPECT_THROW((void)store->read("CA1").get(), Error);
  EXPECT_THROW((void)store->nextFence().get(), Error);
}

TEST(RedisThatIsAway, HasAHostThatNobodyKnows) {
  RedisAddress address = addressOf(6379);
  address.host = "no-such-host.invalid";
  const Error error = errorOf(*redisSessionStore(address));
  EXPECT_TRUE(error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::timeout);
  EXPECT_THAT(error.what(), HasSubstr("no-such-host.invalid"));
}

// --- A server that stops, and connections that are cut ---

TEST_F(RedisSessionStore, ServerThatStopsIsATimeoutOfAllWhoWait) {
  const auto shared = impatientStore();
  (void)step(*shared, "data");
  {
    const RedisServer::Pause pause{*server};
    std::vector<Later<std::string>> read;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 100; ++i) read.push_back(shared->read("CA1"));
    for (auto& one : read) {
      EXPECT_EQ(errorOfCall([&] { (void)std::move(one).get(); }).kind(), ErrorKind::timeout);
    }
    EXPECT_GE(std::chrono::steady_clock::now() - start, 300ms);
    EXPECT_EQ(errorOf(*shared).kind(), ErrorKind::timeout) << "on a new connection";
  }
  EXPECT_TRUE(eventually([&] {  // once it has caught up
    try {
      return shared->read("CA1").get() == "data";
    } catch (const Error&) {
      return false;
    }
  })) << "no late answer is taken for one to this question";
}

TEST_F(RedisSessionStore, ScriptThatTakesTooLongIsATimeout) {
  const auto shared = impatientStore();
  (void)step(*shared, "data");
  Child slow{{"redis-cli", "-p", std::to_string(server->port()), "eval",
              "local n = 0 while n < 3e8 do n = n + 1 end", "0"}};
  EXPECT_TRUE(eventually([&] {
    try {
      (void)shared->read("CA1").get();
      return false;
    } catch (const Error& error) {
      return error.kind() == ErrorKind::timeout;
    }
  }));
  slow.wait();
  EXPECT_TRUE(eventually([&] {
    try {
      return shared->read("CA1").get() == "data";
    } catch (const Error&) {
      return false;
    }
  }));
}

struct RedisBehindAProxy : RedisSessionStore {
  void SetUp() override {
    RedisSessionStore::SetUp();
    if (!server) return;
    proxy = std::make_unique<RedisProxy>(server->port());
    proxied = redisSessionStore(patient(addressOf(proxy->port())));
    (void)step(*proxied, "before");  // the connection is there
  }
  void TearDown() override { proxied.reset(); }

  std::unique_ptr<RedisProxy> proxy;
  std::shared_ptr<SessionStore> proxied;
};

TEST_F(RedisBehindAProxy, OpeningIsRepeatedWhenTheConnectionIsCut) {
  proxy->cutNext();
  const auto open = proxied->tryOpen("CA1", "step", 5s).get();
  ASSERT_TRUE(open) << "the first attempt has taken the session, for the same lease";
  EXPECT_EQ(open->data, "before");
  EXPECT_EQ(proxy->connections(), 2);
  proxy->cutNext();
  EXPECT_TRUE(proxied->renew("CA1", open->lease, 5s).get());
  proxy->cutNext();
  EXPECT_EQ(proxied->read("CA1").get(), "before");
  proxy->cutNext();
  EXPECT_EQ(proxied->nextFence().get(), 2);
}

TEST_F(RedisBehindAProxy, CloseIsNotRepeatedWhenTheConnectionIsCut) {
  const auto open = proxied->tryOpen("CA1", "step", 5s).get();
  proxy->cutNext();
  EXPECT_EQ(
      errorOfCall([&] {
        (void)proxied
            ->close({.session = "CA1", .lease = open->lease, .data = "after", .dataLifetime = 1h})
            .get();
      }).kind(),
      ErrorKind::unavailable);
  EXPECT_EQ(proxied->read("CA1").get(), "after") << "it was done, which nobody could know";
}

TEST_F(RedisBehindAProxy, EveryByteMayComeAlone) {
  proxy->drip();
  const std::string data(10'000, 'd');
  EXPECT_EQ(step(*proxied, data), "before");
  EXPECT_EQ(step(*proxied, ""), data);
}

/// What a server that has worked so far says at once to a question, and what becomes of it.
struct Nonsense {
  const char* name;
  std::string says;
};

void PrintTo(const Nonsense& nonsense, std::ostream* out) { *out << nonsense.name; }

class RedisTalksNonsense : public RedisBehindAProxy,
                           public ::testing::WithParamInterface<Nonsense> {};

TEST_P(RedisTalksNonsense, WhichEndsTheConnection) {
  const auto open = proxied->tryOpen("CA1", "step", 5s).get();
  proxy->answerNext(GetParam().says);
  EXPECT_THROW((void)proxied->close({.session = "CA1", .lease = open->lease}).get(), Error);
  EXPECT_EQ(proxied->read("CA1").get(), "before") << "on a new connection";
  EXPECT_EQ(proxy->connections(), 2);
}

INSTANTIATE_TEST_SUITE_P(
    Servers, RedisTalksNonsense,
    ::testing::Values(
        Nonsense{"AnotherProtocol", "HTTP/1.1 400 Bad Request\r\n\r\n"},
        Nonsense{"NoLineEnd", std::string(100'000, '+')}, Nonsense{"BareLineEnd", ":1\n"},
        Nonsense{"EmptyLine", "\r\n"}, Nonsense{"HugeText", "$999999999999\r\n"},
        Nonsense{"TextOverAMebibyte", "$1048577\r\n"}, Nonsense{"NegativeText", "$-2\r\n"},
        Nonsense{"TextOfAnotherSize", "$1\r\nabc\r\n"}, Nonsense{"HugeList", "*2147483647\r\n"},
        Nonsense{"NestedLists", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"},
        Nonsense{"HugeNumber", ":99999999999999999999\r\n"}, Nonsense{"NoNumber", ":\r\n"},
        Nonsense{"AnotherKind", "+OK\r\n"}, Nonsense{"AnotherVersion", "%1\r\n+key\r\n+value\r\n"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST_F(RedisBehindAProxy, AnswerTooManyEndsTheConnection) {
  const auto open = proxied->tryOpen("CA1", "step", 5s).get();
  proxy->answerNext(":1\r\n:1\r\n");
  EXPECT_TRUE(proxied->close({.session = "CA1", .lease = open->lease}).get());
  EXPECT_EQ(proxied->read("CA1").get(), "before");
  EXPECT_EQ(proxy->connections(), 2);
}

TEST_F(RedisBehindAProxy, RefusalIsShownWithoutWhatWasAsked) {
  proxy->answerNext("-ERR unknown command 'GET', with args beginning with: 'CA-secret'\r\n");
  const Error error = errorOfCall([&] { (void)proxied->read("CA-secret").get(); });
  EXPECT_EQ(error.kind(), ErrorKind::remote);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("unknown command"), Not(HasSubstr("CA-secret"))));
}

TEST_F(RedisBehindAProxy, ServerThatOnlyReadsIsLookedForAgain) {
  proxy->answerNext("-READONLY You can't write against a read only replica.\r\n");
  EXPECT_EQ(errorOfCall([&] { (void)proxied->nextFence().get(); }).kind(), ErrorKind::unavailable);
  EXPECT_EQ(proxied->nextFence().get(), 1);
  EXPECT_EQ(proxy->connections(), 2);
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
  EXPECT_THROW((void)store->renew("CA1", 1, 5s).get(), Error);
  EXPECT_THROW((void)store->close({.session = "CA1", .lease = 1, .step = "step"}).get(), Error);
  EXPECT_THROW((void)store->read("CA1").get(), Error);
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
        UnwellServer{"AnswersTooMuch", tenTimes("*2\r\n:1\r\n:2\r\n*0\r\n*-1\r\n")},
        UnwellServer{"AnnouncesAHugeAnswer", "$999999999999\r\n"},
        UnwellServer{"IsLoading", tenTimes("-LOADING Redis is loading the dataset\r\n")},
        UnwellServer{"IsFull", tenTimes("-OOM command not allowed\r\n")}),
    [](const auto& test) { return std::string{test.param.name}; });

// --- TLS ---

/// An authority, and certificates that it has signed.
class Certificates {
 public:
  Certificates() {
    run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority "
        "-keyout ca.key -out ca.pem");
    sign("server", "IP:127.0.0.1,DNS:localhost");
    sign("elsewhere", "IP:127.0.0.2,DNS:elsewhere.example");
    sign("client", "DNS:client.example");
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return (folder_.path() / name).string();
  }

 private:
  void run(const std::string& arguments) const {
    (void)outputOf("cd " + folder_.path().string() + " && openssl " + arguments + " 2>&1");
  }
  void sign(const std::string& name, const std::string& whom) const {
    folder_.write(name + ".ext", "subjectAltName=" + whom);
    run("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " +
        name + ".key -out " + name + ".csr");
    run("x509 -req -days 2 -in " + name +
        ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile " + name + ".ext -out " + name +
        ".pem");
  }

  const TempFolder folder_;
};

struct RedisOverTls : NeedsPrograms {
  static void SetUpTestSuite() { certificates = std::make_unique<Certificates>(); }
  static void TearDownTestSuite() { certificates.reset(); }

  void SetUp() override { require(redisIsInstalled(), "no redis-server here"); }

  void start(const std::string& certificate, const std::string& asksClients = "no") {
    tlsPort = LocalSocket{}.port();
    server = std::make_unique<RedisServer>(
        std::vector<std::string>{"--tls-port", std::to_string(tlsPort), "--tls-cert-file",
                                 certificates->file(certificate + ".pem"), "--tls-key-file",
                                 certificates->file(certificate + ".key"), "--tls-ca-cert-file",
                                 certificates->file("ca.pem"), "--tls-auth-clients", asksClients});
  }

  [[nodiscard]] RedisAddress address() const {
    RedisAddress address = patient(addressOf(tlsPort));
    address.tls = true;
    address.caFile = certificates->file("ca.pem");
    return address;
  }

  static inline std::unique_ptr<Certificates> certificates;
  std::unique_ptr<RedisServer> server;
  int tlsPort = 6379;
};

TEST_F(RedisOverTls, IsTheSameStore) {
  start("server");
  const auto store = redisSessionStore(address());
  EXPECT_EQ(step(*store, "first"), "");
  EXPECT_EQ(step(*store, "second"), "first");
  EXPECT_EQ(step(*redisSessionStore(addressOf(server->port())), ""), "second");
}

TEST_F(RedisOverTls, CarriesTheLargestSessions) {
  start("server");
  const auto store = redisSessionStore(address());
  const std::string data(1 << 20, 'd');
  EXPECT_EQ(step(*store, data), "");
  std::vector<Later<std::string>> read;
  for (int i = 0; i < 20; ++i) read.push_back(store->read("CA1"));
  for (auto& one : read) EXPECT_TRUE(std::move(one).get() == data);
}

TEST_F(RedisOverTls, ConnectsAgain) {
  start("server");
  const auto store = redisSessionStore(address());
  (void)step(*store, "before");
  (void)server->ask("client kill type normal");
  EXPECT_EQ(step(*store, "after"), "before");
}

TEST_F(RedisOverTls, NameOfTheHostIsChecked) {
  start("server");
  RedisAddress local = address();
  local.host = "localhost";
  EXPECT_EQ(step(*redisSessionStore(local), "data"), "");
}

TEST_F(RedisOverTls, CertificateOfAnotherHostIsRefused) {
  start("elsewhere");
  for (const char* host : {"127.0.0.1", "localhost"}) {
    RedisAddress wrong = address();
    wrong.host = host;
    const Error error = errorOf(*redisSessionStore(wrong));
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("certificate is not accepted"));
  }
}

TEST_F(RedisOverTls, CertificateOfAnAuthorityThatNobodyTrustsIsRefused) {
  start("server");
  const Certificates others;
  RedisAddress wrong = address();
  for (const std::string& file : {std::string{}, others.file("ca.pem")}) {
    wrong.caFile = file;
    const Error error = errorOf(*redisSessionStore(wrong));
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("certificate is not accepted"));
  }
  const auto named = openSessionStore("rediss://127.0.0.1:" + std::to_string(tlsPort));
  EXPECT_THAT(errorOf(*named).what(), HasSubstr("certificate is not accepted"));
}

TEST_F(RedisOverTls, ServerThatAsksWhoWeAreIsTold) {
  start("server", "yes");
  EXPECT_EQ(errorOf(*redisSessionStore(address())).kind(), ErrorKind::unavailable);
  RedisAddress known = address();
  known.certificateFile = certificates->file("client.pem");
  known.keyFile = certificates->file("client.key");
  EXPECT_EQ(step(*redisSessionStore(known), "data"), "");
}

TEST_F(RedisOverTls, ServerWithoutTlsIsATimeout) {
  start("server");
  RedisAddress plain = address();
  plain.port = server->port();
  plain.connectTimeout = 300ms;
  const Error error = errorOf(*redisSessionStore(plain));
  EXPECT_EQ(error.kind(), ErrorKind::timeout);
  EXPECT_THAT(error.what(), HasSubstr("TLS"));
}

TEST(RedisOverTlsThatIsNone, IsUnavailable) {
  const Parrot parrot{{"", "-ERR unknown command\r\n"}};
  RedisAddress address = addressOf(parrot.port());
  address.tls = true;
  const Error error = errorOf(*redisSessionStore(address));
  EXPECT_EQ(error.kind(), ErrorKind::unavailable);
  EXPECT_THAT(error.what(), HasSubstr("TLS"));
}

TEST_F(RedisOverTls, ServerWithTlsIsUnavailableWithoutIt) {
  start("server");
  EXPECT_EQ(errorOf(*redisSessionStore(addressOf(tlsPort))).kind(), ErrorKind::unavailable);
}

TEST_F(RedisOverTls, ServerThatStopsIsATimeout) {
  start("server");
  RedisAddress impatient = address();
  impatient.timeout = 300ms;
  const auto store = redisSessionStore(impatient);
  (void)step(*store, "data");
  const RedisServer::Pause pause{*server};
  EXPECT_EQ(errorOf(*store).kind(), ErrorKind::timeout);
  EXPECT_EQ(errorOf(*store).kind(), ErrorKind::timeout) << "on a new connection";
}

TEST_F(RedisOverTls, FilesThatCannotBeUsedAreNamed) {
  const auto refusal = [](RedisAddress address) {
    const Error error = errorOfCall([&] { (void)redisSessionStore(std::move(address)); });
    EXPECT_EQ(error.kind(), ErrorKind::config);
    return std::string{error.what()};
  };
  RedisAddress missing = address();
  missing.caFile = "/nowhere/ca.pem";
  EXPECT_THAT(refusal(missing), AllOf(HasSubstr("caFile"), HasSubstr("/nowhere/ca.pem")));
  RedisAddress half = address();
  half.certificateFile = certificates->file("client.pem");
  EXPECT_THAT(refusal(half), HasSubstr("keyFile"));
  half.keyFile = certificates->file("server.key");
  EXPECT_THAT(refusal(half), AllOf(HasSubstr("keyFile"), HasSubstr("server.key")));
  RedisAddress unused = address();
  unused.tls = false;
  EXPECT_THAT(refusal(unused), HasSubstr("tls"));
}

}  // namespace
