// Callers whose answer is late: asked to hold as often as needed, and never left in silence.

#include "support/held_calls.hpp"
#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const Form kCall{{"CallSid", "CA1"}, {"From", "+14155550100"}};

/// A machine whose state `/slow` answers when the test says so.
struct LateMachine {
  explicit LateMachine(const TestTime& time, std::shared_ptr<session::SessionStore> store = nullptr,
                       Config config = openConfig())
      : ivr(configured(std::move(config), time, std::move(store))) {
    Does slow{.name = "Slow", .uri = "/slow"};
    slow.twimlFor = [this](Call&) {
      ++begun;
      return Later<Twiml>{[this](const Answer<Twiml>& answer) { answers.push_back(answer); }};
    };
    ivr.add<ScriptedEnd>(std::move(slow));
    Does choice{.name = "Menu", .uri = "/menu", .processTransitionUri = "/choice"};
    choice.transitionOut = [this](Call&) {
      return Later<Next>{[this](const Answer<Next>& answer) { choices.push_back(answer); }};
    };
    ivr.add<ScriptedMenu>(std::move(choice));
  }

  Config configured(Config config, const TestTime& time,
                    std::shared_ptr<session::SessionStore> store) {
    config.clock = time.clock();
    config.timers = time.timers();
    config.sessions = std::move(store);
    config.log = log.log();
    return config;
  }
  PendingResponse ask(const std::string& target, const Form& form = kCall) {
    return PendingResponse{ivr.handle(post(target, form))};
  }

  CapturedLog log;
  int begun = 0;
  std::vector<Answer<Twiml>> answers;
  std::vector<Answer<Next>> choices;
  Ivr ivr;
  ScriptedEnd& quick = ivr.add<ScriptedEnd>(
      Does{.name = "Quick", .uri = "/quick", .twimlFor = [](Call&) { return says("quick"); }});
};

struct Deadline : ::testing::Test {
  TestTime time;
  LateMachine machine{time};
};

TEST_F(Deadline, AnAnswerThatComesInTimeIsHeardAsItIs) {
  const PendingResponse response = machine.ask("/slow");
  time.advance(9900ms);
  EXPECT_FALSE(response.isThere());
  machine.answers.at(0)(says("in time"));
  EXPECT_THAT(response.text(), AllOf(HasSubstr("in time"), Not(HasSubstr("Redirect"))));
}

TEST_F(Deadline, ALateAnswerAsksTheCallerToHoldAndToComeBack) {
  const PendingResponse response = machine.ask("/slow");
  time.advance(10s);
  ASSERT_TRUE(response.isThere());
  EXPECT_EQ(response.get().status, 200);
  EXPECT_THAT(response.text(), HasSubstr("<Say>One moment, please.</Say>"));
  EXPECT_THAT(continuationOf(response.text()), HasSubstr("/.ivr/answer?step="));
  EXPECT_THAT(response.text(), HasSubstr("method=\"POST\""));
}

TEST_F(Deadline, TheAnswerIsFetchedWhenItIsThere) {
  const PendingResponse hold = machine.ask("/slow");
  time.advance(10s);
  machine.answers.at(0)(says("at last"));
  EXPECT_THAT(machine.ask(continuationOf(hold.text())).text(), HasSubstr("at last"));
}

TEST_F(Deadline, TheAnswerIsWaitedForWhenTheCallerComesBackFirst) {
  const PendingResponse hold = machine.ask("/slow");
  time.advance(10s);
  const PendingResponse second = machine.ask(continuationOf(hold.text()));
  EXPECT_FALSE(second.isThere());
  machine.answers.at(0)(says("at last"));
  EXPECT_THAT(second.text(), HasSubstr("at last"));
}

TEST_F(Deadline, TheCallerHoldsAsOftenAsNeeded) {
  PendingResponse hold = machine.ask("/slow");
  time.advance(10s);
  for (int round = 1; round <= 5; ++round) {
    const std::string back = continuationOf(hold.text());
    EXPECT_THAT(back, HasSubstr("round=" + std::to_string(round) + "&"));
    hold = machine.ask(back);
    EXPECT_FALSE(hold.isThere()) << "the answer is waited for a little";
    time.advance(2s);
    ASSERT_TRUE(hold.isThere());
  }
  machine.answers.at(0)(says("at last"));
  EXPECT_THAT(machine.ask(continuationOf(hold.text())).text(), HasSubstr("at last"));
  EXPECT_EQ(machine.begun, 1);
}

TEST_F(Deadline, TheSameAnswerCanBeFetchedTwice) {
  const PendingResponse hold = machine.ask("/slow");
  time.advance(10s);
  machine.answers.at(0)(says("at last"));
  const std::string back = continuationOf(hold.text());
  EXPECT_EQ(machine.ask(back).text(), machine.ask(back).text());
  EXPECT_THAT(machine.ask(back).text(), HasSubstr("at last"));
}

TEST_F(Deadline, ADecisionCanBeLateToo) {
  const PendingResponse hold = machine.ask("/choice");
  time.advance(10s);
  machine.choices.at(0)(to(machine.quick));
  EXPECT_THAT(machine.ask(continuationOf(hold.text())).text(), HasSubstr("quick"));
}

TEST_F(Deadline, AnAnswerThatNeverComesEndsInOnError) {
  const PendingResponse first = machine.ask("/slow");
  time.advance(59s);
  const PendingResponse second = machine.ask(continuationOf(first.text()));
  time.advance(1s);
  EXPECT_THAT(second.text(), AllOf(HasSubstr("an error has occurred"), HasSubstr("<Hangup")));
  EXPECT_THAT(machine.log.text(),
              AllOf(HasSubstr("state=Slow"), HasSubstr("no answer within 60 s")));
  machine.answers.at(0)(says("too late"));
  EXPECT_THAT(machine.ask(continuationOf(first.text())).text(), HasSubstr("an error has occurred"));
}

TEST_F(Deadline, OnErrorIsToldThatTheAnswerTimedOut) {
  Config config = openConfig();
  ErrorKind kind{};
  config.onError = [&](const CallError& error) {
    try {
      std::rethrow_exception(error.error);
    } catch (const Error& thrown) {
      kind = thrown.kind();
    }
    return says(error.state + " gave up on " + error.callSid);
  };
  LateMachine own{time, nullptr, config};
  const PendingResponse first = own.ask("/slow");
  time.advance(60s);
  EXPECT_THAT(own.ask(continuationOf(first.text())).text(), HasSubstr("Slow gave up on CA1"));
  EXPECT_EQ(kind, ErrorKind::timeout);
}

TEST_F(Deadline, TheNextStepOfTheCallIsNotKeptByOneThatWasGivenUp) {
  const PendingResponse first = machine.ask("/slow");
  time.advance(60s);
  EXPECT_THAT(machine.ask("/quick").text(), HasSubstr("quick"));
}

TEST_F(Deadline, AStepThatWaitsForAnotherOfItsCallIsHeldToo) {
  const PendingResponse first = machine.ask("/slow");
  time.advance(5s);
  const PendingResponse second = machine.ask("/quick");
  EXPECT_FALSE(second.isThere());
  time.advance(10s);
  const std::string back = continuationOf(second.text());
  ASSERT_NE(back, "");
  machine.answers.at(0)(says("slow"));
  EXPECT_THAT(machine.ask(back).text(), HasSubstr("quick"));
}

TEST_F(Deadline, CallsDoNotWaitForOneAnother) {
  const PendingResponse first = machine.ask("/slow");
  EXPECT_THAT(machine.ask("/quick", {{"CallSid", "CA2"}}).text(), HasSubstr("quick"));
}

TEST_F(Deadline, IsThatOfTheConfiguration) {
  Config config = openConfig();
  config.deadlines = {.answer = 3s, .heldAnswer = 1s, .total = 6s};
  LateMachine own{time, nullptr, config};
  const PendingResponse first = own.ask("/slow");
  time.advance(2900ms);
  EXPECT_FALSE(first.isThere());
  time.advance(100ms);
  const PendingResponse second = own.ask(continuationOf(first.text()));
  time.advance(1s);
  const PendingResponse third = own.ask(continuationOf(second.text()));
  EXPECT_FALSE(third.isThere());
  time.advance(1s);
  const PendingResponse fourth = own.ask(continuationOf(third.text()));
  time.advance(1s);
  EXPECT_THAT(fourth.text(), HasSubstr("an error has occurred"));
}

TEST_F(Deadline, AnAnswerWithoutACallSidIsFetchedJustSo) {
  const PendingResponse hold = machine.ask("/slow", {});
  time.advance(10s);
  machine.answers.at(0)(says("at last"));
  EXPECT_THAT(machine.ask(continuationOf(hold.text()), {}).text(), HasSubstr("at last"));
}

TEST_F(Deadline, HoldingIsLoggedWithoutTheNumber) {
  const PendingResponse hold = machine.ask("/slow");
  time.advance(10s);
  EXPECT_THAT(machine.log.text(),
              AllOf(HasSubstr("hold call=CA1 round=1 ms=10000"), Not(HasSubstr("415555"))));
}

TEST_F(Deadline, ARouteOfTheApplicationHasOneToo) {
  Config config = openConfig();
  config.timers = time.timers();
  Ivr ivr{config};
  std::vector<Answer<Response>> kept;
  ivr.route("GET", "/report", Access::everyone, [&](const Request&) {
    return Later<Response>{[&](const Answer<Response>& answer) { kept.push_back(answer); }};
  });
  const PendingResponse response{ivr.handle(get("/report"))};
  time.advance(9900ms);
  EXPECT_FALSE(response.isThere());
  time.advance(100ms);
  ASSERT_TRUE(response.isThere());
  EXPECT_EQ(response.get().status, 500);
}

// --- What is heard meanwhile ---

struct Patient final : EndState {
  explicit Patient(std::vector<Answer<Twiml>>& kept) : answers(kept) {}
  std::string uri() const override { return "/patient"; }
  Later<Twiml> twimlFor(Call&) override {
    return Later<Twiml>{[this](const Answer<Twiml>& answer) { answers.push_back(answer); }};
  }
  std::optional<Twiml> pleaseHold(const Waiting& waiting) const override {
    return says("round " + std::to_string(waiting.round) + " of " + waiting.callSid + " for " +
                waiting.state + " after " + std::to_string(waiting.waited.count()) + " ms, " +
                waiting.urlFor("/music"));
  }
  std::vector<Answer<Twiml>>& answers;
};

TEST(PleaseHold, IsThatOfTheStateInEveryRound) {
  TestTime time;
  std::vector<Answer<Twiml>> kept;
  Config config = openConfig();
  config.clock = time.clock();
  config.timers = time.timers();
  config.pleaseHold = [](const Waiting&) { return says("of the application"); };
  Ivr ivr{config};
  ivr.add<Patient>(kept);
  const PendingResponse first{ivr.handle(post("/patient", kCall))};
  time.advance(10s);
  EXPECT_THAT(first.text(), HasSubstr("round 1 of CA1 for Patient after 10000 ms, /music"));
  const PendingResponse second{ivr.handle(post(continuationOf(first.text()), kCall))};
  time.advance(2s);
  EXPECT_THAT(second.text(), HasSubstr("round 2 of CA1 for Patient after 12000 ms"));
}

TEST(PleaseHold, IsThatOfTheApplicationIfTheStateHasNone) {
  TestTime time;
  Config config = openConfig();
  config.pleaseHold = [](const Waiting& waiting) { return says("hold for " + waiting.state); };
  LateMachine machine{time, nullptr, config};
  const PendingResponse first = machine.ask("/slow");
  time.advance(10s);
  EXPECT_THAT(first.text(), HasSubstr("hold for Slow"));
  EXPECT_NE(continuationOf(first.text()), "");
}

TEST(PleaseHold, ThatFailsStillBringsTheCallerBack) {
  TestTime time;
  Config config = openConfig();
  config.pleaseHold = [](const Waiting&) -> Twiml { throw std::runtime_error{"no music"}; };
  LateMachine machine{time, nullptr, config};
  const PendingResponse first = machine.ask("/slow");
  time.advance(10s);
  machine.answers.at(0)(says("at last"));
  EXPECT_THAT(machine.ask(continuationOf(first.text())).text(), HasSubstr("at last"));
  EXPECT_THAT(
      machine.log.text(),
      HasSubstr(
          "pleaseHold failed state=Slow call=CA1 type=std::runtime_error error=\"no music\""));
}

TEST(PleaseHold, ComesBackBelowThePathOfThePublicUrl) {
  TestTime time;
  Config config = openConfig();
  config.publicUrl = "https://ivr.example.com/phone";
  LateMachine machine{time, nullptr, config};
  const PendingResponse first = machine.ask("/slow");
  time.advance(10s);
  EXPECT_THAT(continuationOf(first.text()), ::testing::StartsWith("/phone/.ivr/answer?"));
}

// --- Which requests may fetch an answer ---

TEST_F(Deadline, AnotherCallCannotFetchTheAnswer) {
  const PendingResponse hold = machine.ask("/slow");
  time.advance(10s);
  machine.answers.at(0)(says("secret"));
  const std::string stolen = machine.ask(continuationOf(hold.text()), {{"CallSid", "CA2"}}).text();
  EXPECT_THAT(stolen, AllOf(HasSubstr("an error has occurred"), Not(HasSubstr("secret"))));
  EXPECT_THAT(machine.log.text(), HasSubstr("is not known here"));
}

TEST(Continuation, IsNoAudioFileWhereAudioIsServedAtTheRoot) {
  const TempFolder audio;
  audio.write("prompt.mp3", "the prompt");
  TestTime time;
  Config config = openConfig();
  config.clock = time.clock();
  config.timers = time.timers();
  Ivr ivr{config};
  ivr.serveAudio(audio.path());
  std::optional<Answer<Twiml>> answer;
  ivr.add<ScriptedEnd>(Does{.name = "Slow", .uri = "/slow", .twimlFor = [&](Call&) {
                              return Later<Twiml>{
                                  [&](const Answer<Twiml>& given) { answer = given; }};
                            }});
  const PendingResponse hold{ivr.handle(post("/slow", {{"CallSid", "CA1"}}))};
  time.advance(10s);
  (*answer)(says("at last"));
  const Response fetched = answerOf(ivr, post(continuationOf(hold.text()), {{"CallSid", "CA1"}}));
  EXPECT_EQ(fetched.status, 200);
  EXPECT_THAT(fetched.body.text(), HasSubstr("at last"));
}

TEST(Continuation, MustBeSigned) {
  Ivr ivr{signedConfig()};
  const std::string target = "/.ivr/answer?step=r.1&to=%2Fslow&round=1&since=1";
  EXPECT_EQ(answerOf(ivr, post(target, kCall)).status, 403);
  EXPECT_EQ(answerOf(ivr, signedPost(target, kCall)).status, 200);
}

TEST_F(Deadline, AContinuationIsPosted) {
  EXPECT_EQ(answerOf(machine.ivr, get("/.ivr/answer?step=r.1&to=%2Fslow&round=1&since=1")).status,
            405);
}

TEST_F(Deadline, AContinuationNobodyMadeIsNotFound) {
  for (const char* query :
       {"", "?", "?step=", "?step=r.1", "?step=r.1&to=%2Fslow&round=1",
        "?step=r.1&to=%2Fslow&round=0&since=1", "?step=r.1&to=%2Fslow&round=-1&since=1",
        "?step=r.1&to=x&round=1&since=1", "?step=r.1&to=%2Fslow&round=99999999999&since=1",
        "?step=r.1&to=%2Fslow&round=1&since=-1",
        "?step=r.1&to=%2Fslow&round=1&since=9223372036854775807",
        "?step=r%001&to=%2Fslow&round=1&since=1", "?step=../x&to=%2Fslow&round=1&since=1",
        "?a&b&c&d&e&f&g&h&i&j&k&l"}) {
    EXPECT_EQ(machine.ask(std::string{"/.ivr/answer"} + query).get().status, 404) << query;
  }
  const std::string tooLong = "?step=" + std::string(200, 'a') + "&to=%2Fslow&round=1&since=1";
  EXPECT_EQ(machine.ask("/.ivr/answer" + tooLong).get().status, 404);
}

TEST_F(Deadline, AContinuationOfAStateThatIsNotThereIsAnswered) {
  EXPECT_THAT(machine.ask("/.ivr/answer?step=r.1&to=%2Fgone&round=1&since=1").text(),
              HasSubstr("an error has occurred"));
}

TEST(Continuation, ItsAddressIsTakenByNoState) {
  Ivr ivr{openConfig()};
  ivr.add<ScriptedEnd>(Does{.name = "Thief", .uri = "/.ivr/answer"});
  try {
    ivr.mount();
    FAIL() << "mounted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("answers that are late"));
  }
}

// --- Several machines ---

TEST(SeveralMachines, AnAnswerIsFetchedAtAnother) {
  TestTime time;
  const auto store = session::memorySessionStore(time.steadyClock());
  LateMachine one{time, store};
  LateMachine other{time, store};
  const PendingResponse hold = one.ask("/slow");
  time.advance(10s);
  one.answers.at(0)(says("at last"));
  EXPECT_THAT(other.ask(continuationOf(hold.text())).text(), HasSubstr("at last"));
  EXPECT_EQ(other.begun, 0);
}

TEST(SeveralMachines, AnotherAsksToHoldWhileTheFirstStillWorks) {
  TestTime time;
  const auto store = session::memorySessionStore(time.steadyClock());
  LateMachine one{time, store};
  LateMachine other{time, store};
  PendingResponse hold = one.ask("/slow");
  time.advance(10s);
  for (int round = 0; round < 5; ++round) {  // longer than a lease that is not renewed
    hold = other.ask(continuationOf(hold.text()));
    time.advance(2s);
    ASSERT_NE(continuationOf(hold.text()), "") << hold.text();
  }
  const PendingResponse last = other.ask(continuationOf(hold.text()));
  one.answers.at(0)(says("at last"));
  time.advance(1s);
  EXPECT_THAT(last.text(), HasSubstr("at last"));
}

TEST(SeveralMachines, OneThatSharesNoStoreSaysSo) {
  TestTime time;
  LateMachine one{time};
  LateMachine other{time};
  const PendingResponse hold = one.ask("/slow");
  time.advance(10s);
  EXPECT_THAT(other.ask(continuationOf(hold.text())).text(), HasSubstr("an error has occurred"));
  EXPECT_THAT(other.log.text(), HasSubstr("shares no session store with this one"));
}

TEST(SeveralMachines, TheCallOfOneThatDiedGoesOnAtAnother) {
  TestTime time;
  const auto store = session::memorySessionStore(time.steadyClock());
  LateMachine other{time, store};
  ASSERT_TRUE(store->tryOpen("CA1", "a step of one that died", 5s).get());
  const PendingResponse next = other.ask("/quick");
  EXPECT_FALSE(next.isThere());
  time.advance(6s);
  EXPECT_THAT(next.text(), HasSubstr("quick"));
}

TEST(Deadlines, AnApplicationThatEndsLeavesNoCallerBehind) {
  TestTime time;
  std::optional<PendingResponse> working;
  std::optional<PendingResponse> waiting;
  {
    LateMachine machine{time};
    working = machine.ask("/slow");
    waiting = machine.ask("/quick");
    machine.answers.clear();  // dropped: an error, and the next step's turn
  }
  EXPECT_THAT(working->text(), HasSubstr("an error has occurred"));
  EXPECT_THAT(waiting->text(), HasSubstr("quick"));
  time.advance(100s);
}

}  // namespace
