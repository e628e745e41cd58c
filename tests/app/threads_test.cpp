// Where states run, and that states that block do no harm.

#include "session/redis_server.hpp"
#include "support/eventually.hpp"
#include "support/held_calls.hpp"
#include "support/raw_client.hpp"
#include "support/temp_folder.hpp"

#include <atomic>
#include <fstream>
#include <future>
#include <gmock/gmock.h>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// Each store that sessions can be in.
struct WithEachStore : ::testing::TestWithParam<std::string> {
  void SetUp() override {
    if (GetParam() == "redis" && !redisIsInstalled()) {
      GTEST_SKIP() << "redis-server is not installed";
    }
    if (GetParam() == "redis") redis_ = std::make_unique<RedisServer>();
  }
  Config config() {
    Config made = openConfig();
    made.executor = nullptr;  // threads, as in an application
    made.sessions = GetParam() == "memory" ? session::memorySessionStore()
                    : GetParam() == "redis"
                        ? session::openSessionStore(redis_->url())
                        : session::sqliteSessionStore((folder_.path() / "s.db").string());
    made.log = log.log();
    return made;
  }

  CapturedLog log;

 private:
  const TempFolder folder_;
  std::unique_ptr<RedisServer> redis_;
};

INSTANTIATE_TEST_SUITE_P(Store, WithEachStore, ::testing::Values("memory", "sqlite", "redis"),
                         [](const auto& store) { return store.param; });

/// Records on which threads tasks run.
class WatchedPool final : public Executor {
 public:
  bool tryRun(Lane lane, Task task) override {
    return pool_.tryRun(lane, [this, task = std::move(task)]() mutable {
      {
        const std::lock_guard lock{mutex_};
        threads_.insert(std::this_thread::get_id());
      }
      task();
    });
  }
  [[nodiscard]] std::set<std::thread::id> threads() const {
    const std::lock_guard lock{mutex_};
    return threads_;
  }

 private:
  ThreadPool pool_;
  mutable std::mutex mutex_;
  std::set<std::thread::id> threads_;
};

TEST_P(WithEachStore, StatesRunOnThreadsOfTheExecutorWhoeverAnswered) {
  const auto pool = std::make_shared<WatchedPool>();
  Config own = config();
  own.executor = pool;
  Ivr ivr{own};
  std::vector<std::thread::id> ran;
  const auto here = [&] { ran.push_back(std::this_thread::get_id()); };
  std::promise<Answer<Next>> asked;
  const auto& heard = ivr.add<ScriptedEnd>(Does{.name = "Heard",
                                                .twimlFor =
                                                    [&](Call&) {
                                                      here();
                                                      return says("heard");
                                                    },
                                                .backgroundTrigger = [&](Call&) { here(); }});
  ivr.add<ScriptedFork>(Does{.name = "Fork", .uri = "/fork", .transitionOut = [&](Call&) {
                               here();
                               return Later<Next>{
                                   [&](const Answer<Next>& answer) { asked.set_value(answer); }};
                             }});
  Later<Response> response = ivr.handle(post("/fork", {{"CallSid", "CA1"}}));
  asked.get_future().get()(to(heard));  // on this thread, which is not a thread of the pool
  EXPECT_THAT(std::move(response).get().body.text(), HasSubstr("heard"));
  ASSERT_EQ(ran.size(), 3U);
  for (const std::thread::id thread : ran) EXPECT_THAT(pool->threads(), Contains(thread));
}

TEST_P(WithEachStore, HandleDoesNotWaitForAStateThatBlocks) {
  Ivr ivr{config()};
  std::promise<void> gate;
  const std::shared_future<void> open = gate.get_future().share();
  ivr.add<ScriptedEnd>(Does{.name = "Slow", .uri = "/slow", .twimlFor = [open](Call&) {
                              open.wait();
                              return says("slow");
                            }});
  Later<Response> response = ivr.handle(post("/slow", {{"CallSid", "CA1"}}));
  EXPECT_FALSE(response.isSettled());
  gate.set_value();
  EXPECT_THAT(std::move(response).get().body.text(), HasSubstr("slow"));
}

/// States that block until everything else is answered, on a server with two workers.
TEST_P(WithEachStore, StatesThatBlockHarmNobody) {
  constexpr std::size_t kCalls = 200;
  const TempFolder audio;
  audio.write("prompt.mp3", "the prompt");
  Config own = config();
  own.threads = {.maxThreads = 160};
  own.deadlines = {.answer = 500ms, .heldAnswer = 200ms, .total = 60s};
  std::promise<void> gate;
  const std::shared_future<void> open = gate.get_future().share();
  Ivr ivr{own};
  ivr.serveAudio({.folder = audio.path(), .mountPath = "/static"});
  ivr.add<ScriptedEnd>(Does{.name = "Blocking", .uri = "/blocking", .twimlFor = [open](Call&) {
                              std::this_thread::sleep_for(1100ms);  // long enough for the log
                              open.wait();
                              return says("found");
                            }});
  ivr.add<ScriptedEnd>(
      Does{.name = "Quick", .uri = "/quick", .twimlFor = [](Call&) { return says("quick"); }});
  ivr.route("GET", "/healthz", Access::everyone,
            [](const Request&) { return plainText(200, "ok"); });
  ServerOptions options;
  options.port = 0;
  options.threads = 2;
  Server server{ivr.handler(), options, ivr.borrower()};

  std::vector<std::unique_ptr<RawClient>> callers;
  const auto ask = [&](std::size_t i, const std::string& target) {
    const std::string body = "CallSid=CA" + std::to_string(i);
    callers[i]->send("POST " + target +
                     " HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                     "Content-Length: " +
                     std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  for (std::size_t i = 0; i < kCalls; ++i) {
    callers.push_back(std::make_unique<RawClient>(server.port()));
    ask(i, "/blocking");
  }
  // Meanwhile everything else is answered.
  for (int i = 0; i < 60; ++i) {
    for (const std::string& request :
         {std::string{"POST /quick HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"},
          std::string{"POST /.ivr/answer?step=r.1&to=%2Fquick&round=1&since=1 HTTP/1.1\r\nHost: "
                      "h\r\nContent-Length: 0\r\n\r\n"},
          std::string{"GET /static/prompt.mp3 HTTP/1.1\r\nHost: h\r\n\r\n"},
          std::string{"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"}}) {
      RawClient client{server.port()};
      client.send(request);
      EXPECT_THAT(client.readResponse(), StartsWith("HTTP/1.1 200")) << request;
    }
  }
  gate.set_value();

  // Every caller holds as often as asked, and hears the end: none is lost.
  std::size_t found = 0;
  for (std::size_t i = 0; i < kCalls; ++i) {
    std::string heard = callers[i]->readResponse();
    while (continuationOf(heard) != "") {
      ask(i, continuationOf(heard));
      heard = callers[i]->readResponse();
    }
    if (heard.find("found") != std::string::npos) ++found;
  }
  EXPECT_EQ(found, kCalls);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("hold call="), HasSubstr("state=Blocking"),
                                HasSubstr("blocked state=Blocking in=twimlFor call=CA")));
}

TEST_P(WithEachStore, AStateThatWaitsForAChangeOfItsOwnSessionGetsAnErrorThatSaysSo) {
  Ivr ivr{config()};
  ivr.add<ScriptedEnd>(
      Does{.name = "Vain", .uri = "/vain", .twimlFor = [](Call& call) {
             call.calls().changeSession(std::string{call.sid()}, [](Session&) {}).get();
             return says("never");
           }});
  EXPECT_THAT(answerOf(ivr, post("/vain", {{"CallSid", "CA1"}})).body.text(),
              HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("state=Vain"), HasSubstr("wait for ever")));
}

TEST_P(WithEachStore, AStateThatAnswersWithAChangeOfItsOwnSessionGetsAnErrorThatSaysSo) {
  Ivr ivr{config()};
  ivr.add<ScriptedEnd>(
      Does{.name = "Vain", .uri = "/vain", .twimlFor = [](Call& call) {
             return call.calls().changeSession(std::string{call.sid()}, [](Session&) {}).then([] {
               return says("never");
             });
           }});
  EXPECT_THAT(answerOf(ivr, post("/vain", {{"CallSid", "CA1"}})).body.text(),
              HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("wait for ever"));
}

TEST_P(WithEachStore, AStateThatWaitsForItselfGetsAnErrorThatSaysSo) {
  Ivr ivr{config()};
  ivr.add<ScriptedEnd>(Does{.name = "Vain", .uri = "/vain", .twimlFor = [&](Call&) -> Later<Twiml> {
                              (void)ivr.handle(post("/vain", {{"CallSid", "CA1"}})).get();
                              return says("never");
                            }});
  EXPECT_THAT(answerOf(ivr, post("/vain", {{"CallSid", "CA1"}})).body.text(),
              HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("wait for ever"));
}

TEST_P(WithEachStore, ASelfWaitThatCannotBeSeenEndsAtTheDeadline) {
  Config own = config();
  own.deadlines = {.answer = 200ms, .heldAnswer = 5s, .total = 10s};
  Ivr ivr{own};
  ivr.add<ScriptedEnd>(Does{.name = "Vain", .uri = "/vain", .twimlFor = [](Call& call) {
                              return call.inBackground(
                                  [calls = call.calls(), sid = std::string{call.sid()}] {
                                    calls.changeSession(sid, [](Session&) {}).get();
                                    return says("never");
                                  });
                            }});
  std::string heard = answerOf(ivr, post("/vain", {{"CallSid", "CA1"}})).body.text();
  if (continuationOf(heard) != "") {
    heard = answerOf(ivr, post(continuationOf(heard), {{"CallSid", "CA1"}})).body.text();
  }
  EXPECT_THAT(heard, HasSubstr("an error has occurred"));
  // The line is written when the answer is saved, and a held caller may be quicker.
  ASSERT_TRUE(eventually([&] { return log.text().find("error=") != std::string::npos; }));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("waited 200 ms for the session CA1, which Vain has"),
                                HasSubstr("a step that waits for a change of its own session")));
}

TEST_P(WithEachStore, AChangeOfItsOwnSessionThatIsDetachedComesAfterTheStep) {
  Ivr ivr{config()};
  ivr.add<ScriptedEnd>(
      Does{.name = "Keeps", .uri = "/keeps", .twimlFor = [](Call& call) {
             call.detach(call.calls().changeSession(
                 std::string{call.sid()}, [](Session& session) { session.set("after", "yes"); }));
             return says("kept");
           }});
  std::string remembered;
  ivr.add<ScriptedEnd>(Does{.name = "Reads", .uri = "/reads", .twimlFor = [&](Call& call) {
                              remembered = call.session().find("after").value_or("no");
                              return says("read");
                            }});
  (void)answerOf(ivr, post("/keeps", {{"CallSid", "CA1"}}));
  EXPECT_TRUE(eventually([&] {
    (void)answerOf(ivr, post("/reads", {{"CallSid", "CA1"}}));
    return remembered == "yes";
  }));
}

// --- Deadlines of a number ---

TEST(Deadlines, OfANumberAreItsOwn) {
  TestTime time;
  Config config = openConfig();
  config.clock = time.clock();
  config.timers = time.timers();
  config.numbers["+14155550199"] = {.deadlines = {.answer = 3s}};
  Ivr ivr{config};
  std::vector<Answer<Twiml>> kept;
  ivr.add<ScriptedEnd>(Does{.name = "Slow", .uri = "/slow", .twimlFor = [&](Call&) {
                              return Later<Twiml>{
                                  [&](const Answer<Twiml>& answer) { kept.push_back(answer); }};
                            }});
  const auto ask = [&](const Form& form) {
    return PendingResponse{ivr.handle(post("/slow", form))};
  };
  const auto inbound = ask({{"CallSid", "CA1"}, {"To", "+14155550199"}});
  const auto outbound =
      ask({{"CallSid", "CA2"}, {"Direction", "outbound-api"}, {"From", "+14155550199"}});
  const auto other = ask({{"CallSid", "CA3"}, {"To", "+14155550100"}});
  const auto called = ask({{"CallSid", "CA4"}, {"From", "+14155550199"}, {"To", "+1"}});
  time.advance(2900ms);
  EXPECT_FALSE(inbound.isThere());
  time.advance(100ms);
  EXPECT_NE(continuationOf(inbound.text()), "");
  EXPECT_NE(continuationOf(outbound.text()), "");
  EXPECT_FALSE(other.isThere());
  EXPECT_FALSE(called.isThere()) << "a caller's number is nobody's setting";
  time.advance(7s);
  EXPECT_NE(continuationOf(other.text()), "");
}

TEST(Deadlines, MustLast) {
  Config config = openConfig();
  config.deadlines.answer = 0ms;
  config.numbers["+14155550199"] = {.deadlines = {.total = -1ms}};
  Ivr ivr{config};
  try {
    ivr.mount();
    FAIL() << "mounted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("a deadline of the configuration"),
                                    HasSubstr("a deadline of a number")));
  }
}

// --- Words for waiting callers ---

TEST(PleaseHold, ThatBlocksItselfIsNotWaitedFor) {
  TestTime time;
  Config config = openConfig();
  config.executor = nullptr;
  config.clock = time.clock();
  config.timers = time.timers();
  std::promise<void> gate;
  const std::shared_future<void> open = gate.get_future().share();
  std::atomic<bool> isAsked = false;
  config.pleaseHold = [&, open](const Waiting&) {
    isAsked = true;
    open.wait();
    return says("too late");
  };
  Ivr ivr{config};
  std::promise<void> begun;
  ivr.add<ScriptedEnd>(Does{.name = "Slow", .uri = "/slow", .twimlFor = [&, open](Call&) {
                              begun.set_value();
                              open.wait();
                              return says("slow");
                            }});
  Later<Response> response = ivr.handle(post("/slow", {{"CallSid", "CA1"}}));
  begun.get_future().wait();
  time.advance(10s);
  EXPECT_TRUE(eventually([&] { return isAsked.load(); }));
  time.advance(1s);
  const std::string heard = std::move(response).get().body.text();
  EXPECT_THAT(heard, AllOf(HasSubstr("One moment, please."), Not(HasSubstr("too late"))));
  EXPECT_NE(continuationOf(heard), "");
  gate.set_value();
}

// --- What is under way ---

TEST(Activity, IsNothingBeforeAndAfter) {
  Ivr ivr{openConfig()};
  ivr.add<ScriptedEnd>(Does{.name = "Quick", .uri = "/quick"});
  EXPECT_FALSE(ivr.activity());
  (void)answerOf(ivr, post("/quick", {{"CallSid", "CA1"}}));
  EXPECT_FALSE(ivr.activity());
}

TEST(Activity, CountsStepsAndTasks) {
  Config config = openConfig();
  config.executor = nullptr;
  Ivr ivr{config};
  std::promise<void> begun;
  std::promise<void> gate;
  ivr.add<ScriptedEnd>(Does{.name = "Slow", .uri = "/slow", .twimlFor = [&](Call&) {
                              begun.set_value();
                              gate.get_future().wait();
                              return says("slow");
                            }});
  Later<Response> response = ivr.handle(post("/slow", {{"CallSid", "CA1"}}));
  begun.get_future().wait();
  EXPECT_EQ(ivr.activity().steps, 1U);
  EXPECT_EQ(ivr.activity().tasks, 1U);
  gate.set_value();
  (void)std::move(response).get();
  EXPECT_TRUE(eventually([&] { return !ivr.activity(); }));
}

}  // namespace
