// Work that continues while the caller listens, and work that the caller waits for.

#include "support/eventually.hpp"
#include "support/fake_transport.hpp"
#include "support/held_calls.hpp"

#include <future>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Starts what the test says, and moves the call to `Refuge` if it fails.
struct Working final : AsynchronousState {
  explicit Working(std::function<void(Call&)> work, Next refuge = to<Refuge>())
      : work_(std::move(work)), refuge_(std::move(refuge)) {}
  std::string uri() const override { return "/working"; }
  void backgroundTrigger(Call& call) override { work_(call); }
  Next backgroundFailed() const override { return refuge_; }
  Later<Twiml> twimlFor(Call&) override { return says("please wait"); }
  std::function<void(Call&)> work_;
  Next refuge_;
};

struct Unreachable final : EndState {
  Later<Twiml> twimlFor(Call&) override { return says("unreachable"); }
};

struct Background : ::testing::Test {
  Config config() const {
    Config made = openConfig();
    made.rest = rest::ClientOptions{.accountSid = "AC1", .secret = "a secret", .maxRetries = 0};
    made.transport = transport;
    made.timers = time.timers();
    made.log = log.log();
    made.executor =
        std::make_shared<TestExecutor>(ThreadPoolLimits{.maxThreads = 2, .maxWaiting = 2});
    return made;
  }
  std::string heard(Ivr& ivr, const std::string& target = "/working") const {
    return answerOf(ivr, post(target, {{"CallSid", "CA1"}, {"From", "+14155550100"}})).body.text();
  }
  void expectMovedToRefuge() const {
    ASSERT_EQ(transport->sent().size(), 1U);
    const auto form = Form::parse(transport->sent().at(0).body, 10);
    EXPECT_EQ(form->get("Url"), "https://ivr.example.com/refuge");
    EXPECT_THAT(transport->sent().at(0).url, HasSubstr("/Calls/CA1.json"));
  }

  TestTime time;
  CapturedLog log;
  std::shared_ptr<FakeTransport> transport = std::make_shared<FakeTransport>();
};

TEST_F(Background, WorkThatTheCallerWaitsForRunsOnAnotherThread) {
  Ivr ivr{config()};
  std::thread::id worker;
  ivr.add<ScriptedEnd>(Does{.name = "LookUp", .uri = "/look-up", .twimlFor = [&](Call& call) {
                              return call.inBackground([&] {
                                worker = std::this_thread::get_id();
                                return says("found");
                              });
                            }});
  EXPECT_THAT(heard(ivr, "/look-up"), HasSubstr("found"));
  EXPECT_NE(worker, std::this_thread::get_id());
}

TEST_F(Background, WorkThatThrowsIsAFailureOfTheStep) {
  Ivr ivr{config()};
  ivr.add<ScriptedEnd>(Does{.name = "LookUp", .uri = "/look-up", .twimlFor = [&](Call& call) {
                              return call.inBackground(
                                  []() -> Twiml { throw std::runtime_error{"no such customer"}; });
                            }});
  EXPECT_THAT(heard(ivr, "/look-up"), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("no such customer"));
}

TEST_F(Background, TooMuchWorkIsRefusedAtOnce) {
  Ivr ivr{config()};
  std::promise<void> gate;
  const std::shared_future<void> open = gate.get_future().share();
  ivr.add<ScriptedEnd>(Does{.name = "LookUp", .uri = "/look-up", .twimlFor = [&](Call& call) {
                              return call.inBackground([open] {
                                open.wait();
                                return says("found");
                              });
                            }});
  std::vector<PendingResponse> responses;
  for (int i = 0; i < 20; ++i) {
    responses.emplace_back(ivr.handle(post("/look-up", {{"CallSid", "CA" + std::to_string(i)}})));
  }
  EXPECT_THAT(responses.back().text(), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("too much work"));
  gate.set_value();
}

TEST_F(Background, TheTriggerDoesNotDelayWhatIsHeard) {
  std::promise<void> gate;
  Ivr ivr{config()};
  ivr.add<Refuge>();
  ivr.add<Working>([open = gate.get_future().share()](Call& call) {
    call.detach(call.inBackground([open] {
      open.wait();
      return Done{};
    }));
  });
  EXPECT_THAT(heard(ivr), HasSubstr("please wait"));
  gate.set_value();
}

TEST_F(Background, WorkThatFailsIsLoggedAndMovesTheCall) {
  transport->answer(200, R"({"sid":"CA1","status":"in-progress"})");
  std::optional<Answer<Done>> work;
  Ivr ivr{config()};
  ivr.add<Refuge>();
  ivr.add<Working>([&](Call& call) {
    call.detach(Later<Done>{[&](const Answer<Done>& answer) { work = answer; }});
  });
  EXPECT_THAT(heard(ivr), HasSubstr("please wait"));
  EXPECT_THAT(transport->sent(), IsEmpty());
  work->fail(std::runtime_error{"nobody at 415 555 0100 answers"});
  expectMovedToRefuge();
  EXPECT_THAT(log.text(), AllOf(HasSubstr("background state=Working call=CA1 outcome=failed"),
                                HasSubstr("nobody at"), Not(HasSubstr("555"))));
}

TEST_F(Background, WorkThatIsDroppedMovesTheCallToo) {
  transport->answer(200, R"({"sid":"CA1","status":"in-progress"})");
  Ivr ivr{config()};
  ivr.add<Refuge>();
  ivr.add<Working>([](Call& call) { call.detach(Later<Done>{[](const Answer<Done>&) {}}); });
  EXPECT_THAT(heard(ivr), HasSubstr("please wait"));
  expectMovedToRefuge();
}

TEST_F(Background, WorkThatTakesTooLongMovesTheCallOnce) {
  transport->answer(200, R"({"sid":"CA1","status":"in-progress"})");
  std::optional<Answer<Done>> work;
  Ivr ivr{config()};
  ivr.add<Refuge>();
  ivr.add<Working>([&](Call& call) {
    call.detach(
        call.withTimeout(20s, Later<Done>{[&](const Answer<Done>& answer) { work = answer; }})
            .then([calls = call.calls(), sid = std::string{call.sid()}](Done) {
              return calls.redirect(sid, to<Working>());
            }));
  });
  heard(ivr);
  time.advance(19s);
  EXPECT_THAT(transport->sent(), IsEmpty());
  time.advance(1s);
  expectMovedToRefuge();
  (*work)(Done{});
  EXPECT_EQ(transport->sent().size(), 1U);
}

TEST_F(Background, WorkThatFailsIsOnlyLoggedWhereTheStateKnowsNoRefuge) {
  Ivr ivr{config()};
  ivr.add<Working>(
      [](Call& call) {
        call.detach(Later<Done>::failed(std::make_exception_ptr(std::runtime_error{"oven"})));
      },
      Next{});
  EXPECT_THAT(heard(ivr), HasSubstr("please wait"));
  EXPECT_THAT(transport->sent(), IsEmpty());
  EXPECT_THAT(log.text(), HasSubstr("oven"));
}

/// Detaches work that fails once the caller has chosen.
struct Choosing final : NormalState {
  std::string processTransitionUri() const override { return "/chosen"; }
  Next backgroundFailed() const override { return to<Refuge>(); }
  Later<Twiml> twimlFor(Call&) override { return says("choose"); }
  Later<Next> transitionOut(Call& call) override {
    call.detach(Later<Done>::failed(std::make_exception_ptr(std::runtime_error{"no record"})));
    return to<Refuge>();
  }
};

TEST_F(Background, WorkThatTransitionOutBeginsIsLoggedAndMovesTheCallToo) {
  Ivr ivr{config()};
  ivr.add<Refuge>();
  ivr.add<Choosing>();
  transport->answer(200, R"({"sid":"CA1","status":"in-progress"})");
  EXPECT_THAT(heard(ivr, "/chosen"), HasSubstr("refuge"));
  expectMovedToRefuge();
  EXPECT_THAT(log.text(), AllOf(HasSubstr("state=Choosing"), HasSubstr("no record")));
}

TEST_F(Background, WorkOfAStateThatOnlyDecidesIsLoggedWithItsName) {
  Ivr ivr{config()};
  const auto& refuge = ivr.add<Refuge>();
  ivr.add<ScriptedFork>(
      Does{.name = "Fork", .uri = "/fork", .transitionOut = [&](Call& call) {
             call.detach(call.inBackground([] { throw std::runtime_error{"no record"}; }));
             return to(refuge);
           }});
  EXPECT_THAT(heard(ivr, "/fork"), HasSubstr("refuge"));
  EXPECT_TRUE(eventually([&] { return log.text().find("no record") != std::string::npos; }));
  EXPECT_THAT(log.text(), HasSubstr("state=Fork"));
}

TEST_F(Background, ACallThatCannotBeMovedIsLogged) {
  transport->answer(400, R"({"code":21205,"message":"Url is not valid","status":400})");
  Ivr ivr{config()};
  ivr.add<Refuge>();
  ivr.add<Working>([](Call& call) { call.detach(Later<Done>{[](const Answer<Done>&) {}}); });
  heard(ivr);
  EXPECT_THAT(log.text(), HasSubstr("not moved: Url is not valid"));
}

TEST_F(Background, AMoveThatIsRefusedIsAFailureOfTheWork) {
  transport->answer(400, R"({"code":21205,"message":"Url is not valid","status":400})");
  transport->answer(200, R"({"sid":"CA1","status":"in-progress"})");
  Ivr ivr{config()};
  ivr.add<Refuge>();
  ivr.add<Working>([](Call& call) { call.detach(call.redirect(to<Working>())); });
  heard(ivr);
  ASSERT_EQ(transport->sent().size(), 2U);
  EXPECT_THAT(transport->sent().at(1).body, HasSubstr("refuge"));
}

TEST_F(Background, ARefugeThatCannotBeReachedIsReportedAtTheStart) {
  Ivr ivr{config()};
  ivr.add<Unreachable>();
  ivr.add<Working>([](Call&) {}, to<Unreachable>());
  ivr.add<Working>([](Call&) {});
  try {
    ivr.mount();
    FAIL() << "mounted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(),
                HasSubstr("backgroundFailed of Working goes to Unreachable, which has no uri"));
    EXPECT_THAT(error.what(), HasSubstr("Refuge, which was not added"));
  }
}

TEST_F(Background, ATriggerThatThrowsIsAnsweredWithTheRefuge) {
  Ivr ivr{config()};
  ivr.add<Refuge>();
  ivr.add<Working>([](Call&) { throw std::runtime_error{"oven"}; });
  EXPECT_THAT(heard(ivr), HasSubstr("refuge"));
  EXPECT_THAT(transport->sent(), IsEmpty()) << "nobody has to be moved who has not heard anything";
  EXPECT_THAT(log.text(), HasSubstr("oven"));
}

TEST_F(Background, ATriggerThatThrowsInItsOwnRefugeIsAnError) {
  Ivr ivr{config()};
  ivr.add<Working>([](Call&) { throw std::runtime_error{"oven"}; }, to<Working>());
  EXPECT_THAT(heard(ivr), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("in a circle"));
}

TEST_F(Background, WorkThatEndsAfterTheApplicationMovesNobody) {
  for (const bool fails : {true, false}) {
    std::optional<Answer<Done>> end;
    {
      Ivr ivr{config()};
      ivr.add<Refuge>();
      ivr.add<Working>([&](Call& call) {
        call.detach(Later<Done>{[&](const Answer<Done>& answer) { end = answer; }}.then(
            [calls = call.calls(), sid = std::string{call.sid()}](Done) {
              return calls.redirect(sid, to<Refuge>());
            }));
      });
      heard(ivr);
    }
    if (fails) {
      end->fail(std::runtime_error{"too late"});
    } else {
      (*end)(Done{});
    }
  }
  EXPECT_THAT(transport->sent(), IsEmpty());
  EXPECT_THAT(log.text(), Not(HasSubstr("too late")));
}

/// Whether the application of `calls` ends or has ended.
bool haveEnded(const Calls& calls) {
  std::optional<Answer<Done>> never;
  Later<Done> waiting{[&](const Answer<Done>& answer) { never = answer; }};
  return calls.withTimeout(1h, std::move(waiting)).isSettled();
}

TEST_F(Background, WorkThatHasNotBegunWhenTheApplicationEndsMovesNobody) {
  std::promise<void> gate;
  const std::shared_future<void> open = gate.get_future().share();
  std::thread opener;
  {
    Ivr ivr{config()};
    ivr.add<Refuge>();
    ivr.add<Working>([&](Call& call) {
      for (int i = 0; i < 4; ++i) {  // two of them get threads
        call.detach(call.inBackground([open] {
          open.wait();
          return Done{};
        }));
      }
    });
    heard(ivr);
    opener = std::thread{[&, calls = ivr.calls()] {
      EXPECT_TRUE(eventually([&] { return haveEnded(calls); }));  // and the destructor waits
      gate.set_value();
    }};
  }
  opener.join();
  EXPECT_THAT(transport->sent(), IsEmpty());
}

TEST_F(Background, WorkMayEndAtTheMomentTheApplicationDoes) {
  for (int i = 0; i < 200; ++i) {
    transport->answer(200, R"({"sid":"CA1","status":"in-progress"})");
    std::optional<Answer<Done>> end;
    std::thread other;
    {
      Ivr ivr{config()};
      ivr.add<Refuge>();
      ivr.add<Working>([&](Call& call) {
        call.detach(Later<Done>{[&](const Answer<Done>& answer) { end = answer; }}
                        .then([calls = call.calls(), sid = std::string{call.sid()}](Done) {
                          return calls.changeSession(sid, [](Session& s) { s.set("a", "b"); });
                        })
                        .then([](Done) -> Done { throw std::runtime_error{"failed"}; }));
      });
      heard(ivr);
      other = std::thread{[&] { (*end)(Done{}); }};
      if (i % 2 == 0) std::this_thread::yield();
    }
    other.join();
  }
  for (const http::OutgoingRequest& request : transport->sent()) {
    EXPECT_THAT(request.url, HasSubstr("/Calls/CA1.json"));
  }
}

TEST_F(Background, CallsThatAreKeptLongerThanTheApplicationSayThatItHasEnded) {
  std::optional<Calls> kept;
  {
    Ivr ivr{config()};
    ivr.add<Refuge>();
    kept = ivr.calls();
  }
  const auto ended = ::testing::Property(&Error::kind, ErrorKind::unavailable);
  EXPECT_THAT([&] { (void)kept->redirect("CA1", to<Refuge>()).get(); },
              ::testing::Throws<Error>(ended));
  EXPECT_THAT([&] { (void)kept->play("CA1", says("late")).get(); },
              ::testing::Throws<Error>(ended));
  EXPECT_THAT([&] { (void)kept->hangUp("CA1").get(); }, ::testing::Throws<Error>(ended));
  EXPECT_THAT([&] { (void)kept->changeSession("CA1", [](Session&) {}).get(); },
              ::testing::Throws<Error>(ended));
  std::optional<Answer<Done>> never;
  Later<Done> waiting{[&](const Answer<Done>& answer) { never = answer; }};
  EXPECT_THAT([&] { (void)kept->withTimeout(1s, std::move(waiting)).get(); },
              ::testing::Throws<Error>(ended));
  EXPECT_THAT([&] { (void)kept->inBackground([] { return 1; }).get(); },
              ::testing::Throws<Error>(ended));
  EXPECT_THAT(transport->sent(), IsEmpty());
}

}  // namespace
