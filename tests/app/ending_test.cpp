// An application that ends with everything under way: nothing is used after it is gone, and nobody
// is left without an answer. Most useful under a thread sanitizer.

#include "session/redis_server.hpp"
#include "support/eventually.hpp"
#include "support/fake_transport.hpp"
#include "support/held_calls.hpp"
#include "support/raw_client.hpp"
#include "support/temp_folder.hpp"

#include <atomic>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;

/// Starts one of everything that can be under way when an application ends.
struct Busy final : AsynchronousState {
  explicit Busy(std::atomic<int>& begun) : begun_(begun) {}
  std::string uri() const override { return "/busy"; }
  Next backgroundFailed() const override { return to<Refuge>(); }

  void backgroundTrigger(Call& call) override {
    const std::string sid{call.sid()};
    call.detach(
        call.inBackground([] {
              std::this_thread::sleep_for(2ms);
              return 1;
            })
            .then([calls = call.calls(), sid](int) {
              return calls.changeSession(sid, [](Session& s) { s.set("done", "yes"); });
            })
            .then([calls = call.calls(), sid](Done) { return calls.redirect(sid, to<Refuge>()); }));
    call.detach(call.redirect(to<Refuge>()));
    call.detach(call.withTimeout(1ms, call.inBackground([] {
      std::this_thread::sleep_for(5ms);
      return Done{};
    })));
    call.session().set("begun", "yes");
  }
  Later<Twiml> twimlFor(Call& call) override {
    ++begun_;
    if (call.fields().get("Kind") == "blocks") std::this_thread::sleep_for(8ms);
    if (call.fields().get("Kind") == "late") {
      return call.inBackground([] {
        std::this_thread::sleep_for(8ms);
        return says("late");
      });
    }
    return says("please wait");
  }
  std::atomic<int>& begun_;
};

/// A transport that answers on its own thread, sometimes after the application has ended.
class SlowTransport final : public http::Transport {
 public:
  ~SlowTransport() override {
    for (std::thread& thread : threads_) thread.join();
  }
  Later<http::IncomingResponse> send(http::OutgoingRequest) override {
    return Later<http::IncomingResponse>{[&](Answer<http::IncomingResponse> answer) {
      const std::lock_guard lock{mutex_};
      threads_.emplace_back([answer = std::move(answer), wait = threads_.size() % 7]() mutable {
        std::this_thread::sleep_for(std::chrono::milliseconds{wait});
        answer({.status = 200, .headers = {}, .body = R"({"sid":"CA1","status":"in-progress"})"});
      });
    }};
  }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

struct Ending : ::testing::TestWithParam<std::string> {
  void SetUp() override {
    if (GetParam() == "redis") {
      if (!redisIsInstalled()) GTEST_SKIP() << "redis-server is not installed";
      redis_ = std::make_unique<RedisServer>();
    }
  }
  Config config() {
    Config made = openConfig();
    made.executor = nullptr;
    made.threads = {.maxThreads = 8};
    made.transport = std::make_shared<SlowTransport>();
    made.deadlines = {.answer = 4ms, .heldAnswer = 2ms, .total = 12ms};
    made.sessions = GetParam() == "memory" ? session::memorySessionStore()
                    : GetParam() == "redis"
                        ? session::openSessionStore(redis_->url())
                        : session::sqliteSessionStore((folder_.path() / "s.db").string());
    return made;
  }

 private:
  const TempFolder folder_;
  std::unique_ptr<RedisServer> redis_;
};

INSTANTIATE_TEST_SUITE_P(Store, Ending, ::testing::Values("memory", "sqlite", "redis"),
                         [](const auto& store) { return store.param; });

TEST_P(Ending, WithStepsTimersRestAnswersAndDetachedWorkUnderWayAnswersEverybody) {
  constexpr int kRounds = 12;
  constexpr int kCalls = 24;
  std::atomic<int> begun{0};
  for (int round = 0; round < kRounds; ++round) {
    std::atomic<int> answered{0};
    {
      Ivr ivr{config()};
      ivr.add<Refuge>();
      ivr.add<Busy>(begun);
      ivr.mount();
      for (int i = 0; i < kCalls; ++i) {
        const std::string kind = i % 3 == 0 ? "blocks" : i % 3 == 1 ? "late" : "quick";
        ivr.handle(post("/busy", {{"CallSid", "CA" + std::to_string(i % 16)}, {"Kind", kind}}))
            .receive([&](const Settled<Response>&) { ++answered; });
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{round * 2});
    }
    EXPECT_EQ(answered, kCalls) << "in round " << round;
  }
  EXPECT_GT(begun, 0);
}

/// The same behind a server, which lends its threads to the application.
TEST_P(Ending, AfterItsServerLeavesNothingRunning) {
  for (int round = 0; round < 6; ++round) {
    std::atomic<int> begun{0};
    std::vector<std::unique_ptr<RawClient>> callers;
    {
      Ivr ivr{config()};
      ivr.add<Refuge>();
      ivr.add<Busy>(begun);
      ServerOptions options;
      options.port = 0;
      options.threads = 2;
      options.drainDeadline = 5ms;
      options.drainIdleDeadline = 5ms;
      Server server{ivr.handler(), options, ivr.borrower()};
      for (int i = 0; i < 24; ++i) {
        const std::string kind = i % 3 == 0 ? "blocks" : i % 3 == 1 ? "late" : "quick";
        const std::string body = "CallSid=CA" + std::to_string(i) + "&Kind=" + kind;
        callers.push_back(std::make_unique<RawClient>(server.port()));
        callers.back()->send(
            "POST /busy HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body);
      }
      EXPECT_TRUE(eventually([&] { return begun > round; }));
    }
    EXPECT_GT(begun, round);
  }
}

}  // namespace
