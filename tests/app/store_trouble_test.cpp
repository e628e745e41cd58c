// What callers hear while the session store cannot be reached.

#include "core/thread.hpp"
#include "session/redis_server.hpp"
#include "support/app.hpp"
#include "support/eventually.hpp"
#include "support/fake_transport.hpp"
#include "support/held_calls.hpp"
#include "support/states.hpp"

#include <atomic>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

/// The sessions of a memory store, which fails as the test says.
class FailingStore final : public session::SessionStore {
 public:
  Later<std::optional<session::OpenSession>> tryOpen(std::string_view session,
                                                     std::string_view step,
                                                     std::chrono::milliseconds lease) override {
    if (failsToOpen) return failed<std::optional<session::OpenSession>>();
    return store_->tryOpen(session, step, lease);
  }
  Later<bool> renew(std::string_view session, std::uint64_t lease,
                    std::chrono::milliseconds duration) override {
    if (failsToOpen) return failed<bool>();
    return store_->renew(session, lease, duration);
  }
  Later<bool> close(const session::SessionChange& change) override {
    if (losesReply.exchange(false)) {
      (void)store_->close(change);
      return failed<bool>();
    }
    if (!failsToClose) return store_->close(change);
    if (patience == 0ms) return failed<bool>();
    return Later<bool>{[&](Answer<bool> answer) {
      const std::lock_guard lock{mutex_};
      slow_.emplace_back([this, answer = std::move(answer), time = patience] {
        std::this_thread::sleep_for(time);
        failed<bool>().forwardTo(answer);
      });
    }};
  }
  Later<std::string> read(std::string_view session) override {
    if (failsToOpen) return failed<std::string>();
    return store_->read(session);
  }
  Later<std::vector<std::string>> withWork(std::size_t limit) override {
    return store_->withWork(limit);
  }
  Later<std::uint64_t> nextFence() override { return store_->nextFence(); }
  session::StoreScope scope() const noexcept override { return session::StoreScope::everyMachine; }

  std::atomic<bool> failsToOpen{false};
  std::atomic<bool> failsToClose{false};
  std::atomic<bool> losesReply{false};    ///< The next change is saved, and seems to have failed.
  std::atomic<int> attempts{0};           ///< That have failed.
  std::chrono::milliseconds patience{0};  ///< How long a change takes to fail.

 private:
  template <class T>
  Later<T> failed() {
    ++attempts;
    return Later<T>::failed(
        std::make_exception_ptr(Error{ErrorKind::unavailable, "the disk is full"}));
  }

  std::mutex mutex_;
  std::list<OwnedThread> slow_;

  const std::shared_ptr<session::SessionStore> store_ = session::memorySessionStore();
};

struct StoreTrouble : ::testing::Test {
  Config config() const {
    Config made = openConfig();
    made.executor = nullptr;  // threads, as in an application
    made.sessions = store;
    made.transport = transport;
    made.log = log.log();
    return made;
  }

  /// Adds a state; `does` is run for each of its steps.
  void add(Ivr& ivr, const std::string& uri, std::function<Later<Twiml>(Call&)> does) {
    ivr.add<ScriptedEnd>(Does{.name = uri.substr(1), .uri = uri, .twimlFor = std::move(does)});
  }
  /// Adds states that remember nothing, that count in the session, and that begin work.
  void addStates(Ivr& ivr) {
    add(ivr, "/plain", [this](Call&) {
      remember("plain");
      return says("plain");
    });
    add(ivr, "/count", [this](Call& call) {
      const int count = std::stoi(call.session().find("count").value_or("0")) + 1;
      call.session().set("count", std::to_string(count));
      remember("count");
      return says("count " + std::to_string(count));
    });
    add(ivr, "/work", [this](Call& call) {
      call.detach(call.inBackground([this] { remember("work"); }));
      return says("working");
    });
    add(ivr, "/move", [](Call& call) {
      call.detach(call.calls().hangUp("CA9"));
      return says("moving");
    });
    add(ivr, "/message", [&ivr](Call& call) {
      call.detach(ivr.rest().createMessage({.to = "+15550100", .from = "+15550199", .body = "hi"}));
      return says("sending");
    });
    add(ivr, "/later", [this](Call&) {
      return Later<Twiml>{[this](const Answer<Twiml>& answer) {
        const std::lock_guard lock{mutex};
        late.emplace(answer);
      }};
    });
  }
  void remember(const std::string& what) {
    const std::lock_guard lock{mutex};
    done.push_back(what);
  }
  std::vector<std::string> whatWasDone() {
    const std::lock_guard lock{mutex};
    return done;
  }

  static std::future<std::string> ask(Ivr& ivr, const std::string& uri,
                                      const std::string& sid = "CA1",
                                      const std::string& token = {}) {
    Request request = post(uri, {{"CallSid", sid}});
    if (!token.empty()) request.headers.add("I-Twilio-Idempotency-Token", token);
    return std::async(std::launch::async, [&ivr, request = std::move(request)]() mutable {
      return ivr.handle(std::move(request)).get().body.text();
    });
  }
  static bool isThere(const std::future<std::string>& answer) {
    return answer.wait_for(0ms) == std::future_status::ready;
  }
  /// Whether the store has been asked in vain, several times.
  bool isAskedAgain() const {
    const int before = store->attempts;
    return eventually([&] { return store->attempts > before + 2; });
  }

  CapturedLog log;
  std::shared_ptr<FailingStore> store = std::make_shared<FailingStore>();
  std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
  std::mutex mutex;
  std::vector<std::string> done;
  std::optional<Answer<Twiml>> late;
};

TEST_F(StoreTrouble, IsNotHeardInAMenuThatRemembersNothing) {
  Ivr ivr{config()};
  addStates(ivr);
  store->failsToOpen = true;
  EXPECT_THAT(ask(ivr, "/plain").get(), HasSubstr("plain"));
  EXPECT_THAT(ask(ivr, "/plain").get(), HasSubstr("plain"));
  store->failsToOpen = false;
  EXPECT_TRUE(eventually([&] {
    EXPECT_THAT(ask(ivr, "/plain").get(), HasSubstr("plain"));
    return log.text().find("the session store answers again") != std::string::npos;
  }));
  const std::string text = log.text();
  const auto said = text.find("the session store is in trouble error=\"the disk is full\"");
  ASSERT_NE(said, std::string::npos);
  EXPECT_THAT(text, HasSubstr("outcome=\"rendered without the store\""));
  EXPECT_EQ(text.find("is in trouble", said + 20), std::string::npos) << "said more than once";
}

TEST_F(StoreTrouble, IsWaitedForByAStepThatUsesItsSession) {
  Ivr ivr{config()};
  addStates(ivr);
  EXPECT_THAT(ask(ivr, "/count").get(), HasSubstr("count 1"));
  store->failsToOpen = true;
  auto answer = ask(ivr, "/count");
  EXPECT_TRUE(isAskedAgain());
  EXPECT_FALSE(isThere(answer));
  store->failsToOpen = false;
  EXPECT_THAT(answer.get(), HasSubstr("count 2"));
  EXPECT_THAT(ask(ivr, "/count").get(), HasSubstr("count 3"));
}

struct StoreTroubleWithWork : StoreTrouble, ::testing::WithParamInterface<std::string> {};

TEST_P(StoreTroubleWithWork, IsWaitedForBeforeItBegins) {
  transport->answer(201, R"({"sid":"SM1","status":"queued"})");
  Ivr ivr{config()};
  addStates(ivr);
  store->failsToOpen = true;
  auto answer = ask(ivr, GetParam());
  EXPECT_TRUE(isAskedAgain());
  EXPECT_FALSE(isThere(answer));
  EXPECT_THAT(whatWasDone(), SizeIs(0));
  EXPECT_THAT(transport->sent(), SizeIs(0));
  store->failsToOpen = false;
  if (late) (*late)(says("late"));
  EXPECT_THAT(answer.get(), Not(HasSubstr("sorry")));
  EXPECT_TRUE(eventually([&] {
    return GetParam() == "/later" || whatWasDone().size() + transport->sent().size() == 1;
  }));
  EXPECT_TRUE(eventually([&] { return !ivr.activity(); }));
}

INSTANTIATE_TEST_SUITE_P(Of, StoreTroubleWithWork,
                         ::testing::Values("/work", "/move", "/message", "/later"),
                         [](const auto& uri) { return uri.param.substr(1); });

TEST_F(StoreTrouble, KeepsTheStepsOfACallInOrder) {
  Ivr ivr{config()};
  addStates(ivr);
  store->failsToOpen = true;
  auto first = ask(ivr, "/count");
  EXPECT_TRUE(isAskedAgain());
  auto second = ask(ivr, "/plain");
  EXPECT_THAT(ask(ivr, "/plain", "CA2").get(), HasSubstr("plain")) << "another call goes on";
  EXPECT_FALSE(isThere(second));
  store->failsToOpen = false;
  EXPECT_THAT(first.get(), HasSubstr("count 1"));
  EXPECT_THAT(second.get(), HasSubstr("plain"));
  EXPECT_THAT(whatWasDone(), ElementsAre("plain", "count", "plain"));
}

TEST_F(StoreTrouble, WhenAStepSavesIsWaitedFor) {
  Ivr ivr{config()};
  addStates(ivr);
  store->failsToClose = true;
  auto answer = ask(ivr, "/count");
  EXPECT_TRUE(isAskedAgain());
  EXPECT_FALSE(isThere(answer));
  EXPECT_THAT(ask(ivr, "/plain", "CA2").get(), HasSubstr("plain"));
  store->failsToClose = false;
  EXPECT_THAT(answer.get(), HasSubstr("count 1"));
  EXPECT_THAT(store->read("CA1").get(), HasSubstr("1"));
}

TEST_F(StoreTrouble, AChangeThatWasSavedAndSeemedToFailIsNoFailure) {
  Ivr ivr{config()};
  addStates(ivr);
  for (const std::string token : {"", "t1"}) {
    store->losesReply = true;
    EXPECT_THAT(ask(ivr, "/count", "CA" + token, token).get(), HasSubstr("count 1"));
    EXPECT_THAT(ask(ivr, "/count", "CA" + token).get(), HasSubstr("count 2"));
  }
}

TEST_F(StoreTrouble, CallersWhoWaitForItAreAskedToHold) {
  Config hasty = config();
  hasty.deadlines = {.answer = 30ms, .heldAnswer = 10s, .total = 60s};
  Ivr ivr{hasty};
  addStates(ivr);
  store->failsToOpen = true;
  const std::string link = continuationOf(ask(ivr, "/count").get());
  ASSERT_NE(link, "");
  auto answer = ask(ivr, link);
  EXPECT_TRUE(isAskedAgain());
  store->failsToOpen = false;
  EXPECT_THAT(answer.get(), HasSubstr("count 1"));
}

TEST_F(StoreTrouble, WithSlowAttemptsToSaveKeepsNobodyFromBeingAskedToHold) {
  Config hasty = config();
  hasty.deadlines = {.answer = 30ms, .heldAnswer = 10s, .total = 60s};
  Ivr ivr{hasty};
  addStates(ivr);
  store->failsToClose = true;
  store->patience = 100ms;  // the deadline passes in the middle of the first attempt
  for (const std::string token : {"", "t1"}) {
    auto asked = ask(ivr, "/count", "CA" + token, token);
    ASSERT_EQ(asked.wait_for(5s), std::future_status::ready);
    const std::string link = continuationOf(asked.get());
    ASSERT_NE(link, "");
    auto answer = ask(ivr, link, "CA" + token);
    EXPECT_TRUE(isAskedAgain());
    store->failsToClose = false;
    EXPECT_THAT(answer.get(), HasSubstr("count 1"));
    store->failsToClose = true;
  }
}

TEST_F(StoreTrouble, WithSlowAttemptsToSaveEndsAtTheTotalDeadlineToo) {
  Config hasty = config();
  hasty.deadlines = {.answer = 30ms, .heldAnswer = 30ms, .total = 30ms};
  Ivr ivr{hasty};
  addStates(ivr);
  store->failsToClose = true;
  store->patience = 100ms;
  auto answer = ask(ivr, "/count");
  ASSERT_EQ(answer.wait_for(5s), std::future_status::ready);
  EXPECT_THAT(answer.get(), HasSubstr("sorry"));
  EXPECT_TRUE(eventually([&] { return ivr.activity().steps == 0; }));
  store->patience = 0ms;
}

TEST_F(StoreTrouble, EndsWithAnApologyAtTheTotalDeadline) {
  Config hasty = config();
  hasty.deadlines = {.answer = 50ms, .heldAnswer = 50ms, .total = 50ms};
  Ivr ivr{hasty};
  addStates(ivr);
  store->failsToOpen = true;
  EXPECT_THAT(ask(ivr, "/count").get(), HasSubstr("sorry"));
  EXPECT_TRUE(eventually([&] { return ivr.activity().tasks == 0; })) << "its thread still waits";
  EXPECT_THAT(whatWasDone(), SizeIs(0));
}

TEST_F(StoreTrouble, DoesNotKeepAnApplicationFromEnding) {
  std::future<std::string> answer;
  {
    Ivr ivr{config()};
    addStates(ivr);
    store->failsToOpen = true;
    auto handled =
        std::make_shared<Later<Response>>(ivr.handle(post("/count", {{"CallSid", "CA1"}})));
    EXPECT_TRUE(isAskedAgain());
  }
  EXPECT_THAT(whatWasDone(), SizeIs(0));
}

TEST_F(StoreTrouble, AStepThatWasDoneBeforeIsNotDoneAgain) {
  Ivr ivr{config()};
  addStates(ivr);
  EXPECT_THAT(ask(ivr, "/count", "CA1", "token").get(), HasSubstr("count 1"));
  store->failsToOpen = true;
  auto repeated = ask(ivr, "/count", "CA1", "token");
  EXPECT_TRUE(isAskedAgain());
  store->failsToOpen = false;
  EXPECT_THAT(repeated.get(), HasSubstr("count 1"));
  EXPECT_THAT(whatWasDone(), ElementsAre("count"));
}

TEST_F(StoreTrouble, ChangesFromOutsideWaitForIt) {
  Ivr ivr{config()};
  addStates(ivr);
  store->failsToOpen = true;
  auto changed =
      ivr.calls().changeSession("CA1", [](Session& session) { session.set("count", "41"); });
  EXPECT_THAT(ask(ivr, "/plain", "CA2").get(), HasSubstr("plain"));
  EXPECT_FALSE(changed.isSettled());
  store->failsToOpen = false;
  std::move(changed).get();
  EXPECT_THAT(ask(ivr, "/count").get(), HasSubstr("count 42"));
}

TEST_F(StoreTrouble, OfARedisThatRestartsIsNotHeard) {
  if (!redisIsInstalled()) GTEST_SKIP() << "redis-server is not installed";
  RedisServer redis;
  Config remote = config();
  remote.sessions = session::openSessionStore(redis.url());
  Ivr ivr{remote};
  addStates(ivr);
  EXPECT_THAT(ask(ivr, "/count").get(), HasSubstr("count 1"));
  redis.stop();
  auto counting = ask(ivr, "/count");
  EXPECT_THAT(ask(ivr, "/plain", "CA2").get(), HasSubstr("plain"));
  EXPECT_FALSE(isThere(counting));
  redis.start();
  EXPECT_THAT(counting.get(), HasSubstr("count"));
}

}  // namespace
