// The end of an application under load: nobody who has begun to call is refused, or hears nothing.

#include "ivr/server/server.hpp"
#include "support/app.hpp"
#include "support/eventually.hpp"
#include "support/fake_transport.hpp"
#include "support/held_calls.hpp"
#include "support/raw_client.hpp"
#include "support/server.hpp"
#include "support/states.hpp"
#include "support/temp_folder.hpp"

#include <atomic>
#include <csignal>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

/// Opened by the test.
struct Barrier {
  std::promise<void> opening;
  std::shared_future<void> isOpen = opening.get_future().share();
  std::atomic<int> waiting{0};

  void pass() {
    ++waiting;
    isOpen.wait();
  }
};

/// Answers when the barrier is open, and remembers that.
struct Slow final : EndState {
  explicit Slow(Barrier& at) : barrier(at) {}
  std::string uri() const override { return "/slow"; }
  Later<Twiml> twimlFor(Call& call) override {
    call.session().set("answer", "given");
    return call.inBackground([this] { barrier.pass(); }).then([](Done) {
      return says("the slow answer");
    });
  }
  Barrier& barrier;
};

struct Report final : EndState {
  std::string uri() const override { return "/report"; }
  Later<Twiml> twimlFor(Call&) override { return says("report"); }
};

struct Apology final : EndState {
  std::string uri() const override { return "/apology"; }
  Later<Twiml> twimlFor(Call&) override { return says("apology"); }
};

/// Plays music while something is looked up, and moves the call then.
struct LookUp final : AsynchronousState {
  explicit LookUp(Barrier& at) : barrier(at) {}
  std::string uri() const override { return "/look-up"; }
  void backgroundTrigger(Call& call) override {
    call.detach(call.inBackground([this] { barrier.pass(); })
                    .then([calls = call.calls(), sid = std::string{call.sid()}](Done) {
                      return calls.redirect(sid, to<Report>());
                    }));
  }
  Next backgroundFailed() const override { return to<Apology>(); }
  Later<Twiml> twimlFor(Call&) override { return says("music"); }
  Barrier& barrier;
};

/// Never has an answer.
struct Endless final : EndState {
  std::string uri() const override { return "/endless"; }
  Later<Twiml> twimlFor(Call&) override {
    return Later<Twiml>{[this](const Answer<Twiml>& answer) {
      const std::lock_guard lock{mutex};
      answers.push_back(answer);
    }};
  }
  std::mutex mutex;
  std::vector<Answer<Twiml>> answers;
};

/// The same in the background.
struct EndlessLookUp final : AsynchronousState {
  std::string uri() const override { return "/endless-look-up"; }
  void backgroundTrigger(Call& call) override {
    call.detach(Later<Done>{[this](const Answer<Done>& answer) { answers.push_back(answer); }});
  }
  Next backgroundFailed() const override { return to<Apology>(); }
  Later<Twiml> twimlFor(Call&) override { return says("music"); }
  std::vector<Answer<Done>> answers;
};

struct Drain : ::testing::Test {
  Config config() const {
    Config made = openConfig();
    made.executor = nullptr;  // threads, as in an application
    made.deadlines = {.answer = 50ms, .heldAnswer = 30ms, .total = 5s};
    made.sessions = session::sqliteSessionStore((folder.path() / "sessions.db").string());
    made.rest = rest::ClientOptions{.accountSid = "AC1", .secret = "a secret"};
    made.transport = transport;
    made.log = log.log();
    return made;
  }
  void add(Ivr& ivr) {
    ivr.add<Slow>(barrier);
    ivr.add<LookUp>(barrier);
    ivr.add<Report>();
    ivr.add<Apology>();
    ivr.add<Endless>();
    ivr.add<EndlessLookUp>();
  }

  /// One request on a connection of its own; the response, or "refused".
  static std::string ask(std::uint16_t port, const std::string& target, const std::string& sid) {
    const std::string body = "CallSid=" + sid;
    try {
      RawClient client{port};
      client.send("POST " + target +
                  " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: "
                  "application/x-www-form-urlencoded\r\nContent-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n" + body);
      return client.readToEnd();
    } catch (const std::runtime_error&) {
      return "refused";
    }
  }

  /// Calls, holds for as long as asked, and returns what is heard in the end.
  std::string heard(std::uint16_t port, const std::string& target, const std::string& sid) {
    std::string response = ask(port, target, sid);
    bool hasHeld = false;
    for (std::string link; !(link = continuationOf(response)).empty();) {
      if (!std::exchange(hasHeld, true)) ++onHold;
      std::this_thread::sleep_for(20ms);  // the words
      response = ask(port, link, sid);
    }
    return response;
  }

  const TempFolder folder;
  CapturedLog log;
  std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
  Barrier barrier;
  std::atomic<int> onHold{0};
};

struct DrainUnderLoad : Drain, ::testing::WithParamInterface<int> {};

TEST_P(DrainUnderLoad, LosesNoCaller) {
  constexpr int kHolding = 10;
  constexpr int kLookUps = 5;
  constexpr int kNew = 5;
  for (int i = 0; i < kLookUps; ++i) {
    transport->answer(200, R"({"sid":"CA1","status":"in-progress"})");
  }
  Ivr ivr{config()};
  add(ivr);
  std::vector<std::future<std::string>> callers;
  std::jthread conductor;
  const int status = serve(ivr, quickOptions(), [&](const Server& server) {
    conductor = std::jthread{[&, port = server.port()] {
      const auto call = [&](const std::string& sid) {
        callers.push_back(std::async(std::launch::async,
                                     [this, port, sid] { return heard(port, "/slow", sid); }));
      };
      for (int i = 0; i < kHolding; ++i) call("CA" + std::to_string(i));
      for (int i = 0; i < kLookUps; ++i) {
        EXPECT_THAT(ask(port, "/look-up", "CB" + std::to_string(i)), HasSubstr("music"));
      }
      EXPECT_TRUE(eventually([&] { return onHold == kHolding; }));
      ::kill(::getpid(), SIGTERM);
      for (int i = 0; i < kNew; ++i) call("CC" + std::to_string(i));
      EXPECT_TRUE(eventually([&] { return onHold == kHolding + kNew; }));
      barrier.opening.set_value();
    }};
  });
  conductor.join();
  EXPECT_EQ(status, 0);
  ASSERT_THAT(callers, SizeIs(kHolding + kNew));
  for (auto& caller : callers) EXPECT_THAT(caller.get(), HasSubstr("the slow answer"));
  const auto moves = transport->sent();
  EXPECT_THAT(moves, SizeIs(kLookUps));
  for (const auto& move : moves) EXPECT_THAT(move.body, HasSubstr("report"));
  EXPECT_THAT(ivr.config().sessions->read("CA3").get(), HasSubstr("given"));
  EXPECT_THAT(ivr.config().sessions->read("CC3").get(), HasSubstr("given"));
  EXPECT_THAT(log.text(), AllOf(Not(HasSubstr("given up")), Not(HasSubstr("lost"))));
}

INSTANTIATE_TEST_SUITE_P(Round, DrainUnderLoad, ::testing::Range(1, 21));

TEST_F(Drain, CallersOnHoldAreAnsweredByTheSuccessorOnThePort) {
  const Config shared = config();
  Ivr successor{shared};
  Ivr ivr{shared};
  add(successor);
  add(ivr);
  ServerOptions options = quickOptions();
  options.sharesPort = true;
  std::optional<Server> next;
  std::future<std::string> caller;
  std::jthread conductor;
  serve(ivr, options, [&](const Server& server) {
    conductor = std::jthread{[&, port = server.port()] {
      caller = std::async(std::launch::async, [&, port] { return heard(port, "/slow", "CA1"); });
      EXPECT_TRUE(eventually([&] { return onHold == 1; }));
      options.port = port;
      next.emplace(successor.handler(), options, successor.borrower());
      ::kill(::getpid(), SIGTERM);
      std::this_thread::sleep_for(200ms);  // the caller comes back, and waits over there
      barrier.opening.set_value();
    }};
  });
  conductor.join();
  EXPECT_THAT(caller.get(), HasSubstr("the slow answer"));
  EXPECT_THAT(log.text(), Not(HasSubstr("given up")));
}

TEST_F(Drain, WhatDoesNotEndIsAnsweredAtOnceByTheSuccessor) {
  const Config shared = config();
  Ivr successor{shared};
  Ivr ivr{shared};
  add(successor);
  add(ivr);
  ServerOptions options = quickOptions();
  options.sharesPort = true;
  options.drainDeadline = 300ms;
  std::optional<Server> next;
  std::string link;
  std::jthread conductor;
  std::uint16_t port = 0;
  serve(ivr, options, [&](const Server& server) {
    port = server.port();
    conductor = std::jthread{[&] {
      link = continuationOf(ask(port, "/endless", "CA1"));
      options.port = port;
      next.emplace(successor.handler(), options, successor.borrower());
      ::kill(::getpid(), SIGTERM);
    }};
  });
  conductor.join();
  ASSERT_NE(link, "");
  EXPECT_THAT(ask(port, link, "CA1"), HasSubstr("We are sorry"));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("step state=Endless call=CA1"),
                                HasSubstr("given up, because the application stops"),
                                Not(HasSubstr("is not known here"))));
}

TEST_F(Drain, WhatDoesNotEndByTheDeadlineIsGivenUpAndNamed) {
  transport->answer(200, R"({"sid":"CA2","status":"in-progress"})");
  Ivr ivr{config()};
  add(ivr);
  ServerOptions options = quickOptions();
  options.drainDeadline = 300ms;
  std::jthread conductor;
  const int status = serve(ivr, options, [&](const Server& server) {
    conductor = std::jthread{[&, port = server.port()] {
      EXPECT_THAT(ask(port, "/endless-look-up", "CA2"), HasSubstr("music"));
      EXPECT_NE(continuationOf(ask(port, "/endless", "CA1")), "");  // and hangs up
      ::kill(::getpid(), SIGTERM);
    }};
  });
  conductor.join();
  EXPECT_EQ(status, 0);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("step state=Endless call=CA1"),
                                HasSubstr("background state=EndlessLookUp call=CA2 outcome=failed"),
                                HasSubstr("hold call=CA1 state=Endless outcome=lost")));
  const auto moves = transport->sent();
  ASSERT_THAT(moves, SizeIs(1));
  EXPECT_THAT(moves[0].body, HasSubstr("apology")) << "the caller is left in the music";
}

TEST_F(Drain, ASecondSignalGivesUpAtOnceAndCallersHearIt) {
  Config patient = config();
  patient.deadlines = {};
  Ivr ivr{patient};
  add(ivr);
  std::future<std::string> caller;
  std::jthread conductor;
  serve(ivr, quickOptions(), [&](const Server& server) {
    conductor = std::jthread{[&, port = server.port()] {
      caller = std::async(std::launch::async, [&, port] { return ask(port, "/endless", "CA1"); });
      EXPECT_TRUE(eventually([&] { return ivr.activity().lateSteps == 1; }));
      ::kill(::getpid(), SIGTERM);
      EXPECT_TRUE(eventually([&] { return log.text().find("stopping:") != std::string::npos; }));
      ::kill(::getpid(), SIGTERM);
    }};
  });
  conductor.join();
  EXPECT_THAT(caller.get(), HasSubstr("We are sorry"));
}

TEST_F(Drain, SaysThatSessionsInMemoryEnd) {
  Config forgetful = config();
  forgetful.sessions = nullptr;
  Ivr ivr{forgetful};
  add(ivr);
  serve(ivr, quickOptions(), [](const Server&) { ::kill(::getpid(), SIGTERM); });
  EXPECT_THAT(log.text(), HasSubstr("sessions end with this process"));
}

}  // namespace
