// One step of a call, by a target whose document comes when a test says so, on an executor that
// can be out of threads.

#include "app/step_runner.hpp"

#include "support/held_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// Runs tasks at once, until it is out of threads.
class LimitedExecutor final : public Executor {
 public:
  bool tryRun(Lane, Task task) override {
    if (isOutOfThreads) return false;
    task();
    return true;
  }
  bool isOutOfThreads = false;
};

/// The key is what the caller dials.
class LateTarget final : public StepTarget {
 public:
  const std::string& name() const noexcept override { return name_; }
  Later<std::string> key(const Call& call) override {
    if (call.digits() == "#") throw std::runtime_error{"not a number"};
    return std::string{call.digits()};
  }
  Later<Twiml> run(StepContext&) override {
    return Later<Twiml>{[this](const Answer<Twiml>& answer) { running.push_back(answer); }};
  }
  std::optional<Twiml> pleaseHold(const Waiting&) const override { return says("own words"); }

  std::vector<Answer<Twiml>> running;

 private:
  const std::string name_ = "Late";
};

struct StepRunnerTest : testing::Test {
  StepRunnerTest() { ivr.add("/late", target); }
  Config config() const {
    Config made = openConfig();
    made.clock = time.clock();
    made.timers = time.timers();
    made.executor = executor;
    made.log = log.log();
    return made;
  }
  PendingResponse ask(const std::string& digits, const std::string& at = "/late",
                      const std::string& call = "CA1") {
    return PendingResponse{ivr.handle(post(at, {{"CallSid", call}, {"Digits", digits}}))};
  }

  TestTime time;
  CapturedLog log;
  const std::shared_ptr<LimitedExecutor> executor = std::make_shared<LimitedExecutor>();
  const std::shared_ptr<LateTarget> target = std::make_shared<LateTarget>();
  Ivr ivr{config()};
};

TEST_F(StepRunnerTest, LetsStepsOfTheSameKeyWaitEvenIfTheyBelongToSeveralCalls) {
  const PendingResponse first = ask("7", "/late", "CA1");
  const PendingResponse second = ask("7", "/late", "CA2");
  EXPECT_THAT(target->running, SizeIs(1));
  target->running.at(0)(says("first"));
  EXPECT_THAT(target->running, SizeIs(2));
}

TEST_F(StepRunnerTest, LetsNoStepWaitThatHasNoKey) {
  const PendingResponse first = ask("");
  const PendingResponse second = ask("");
  EXPECT_THAT(target->running, SizeIs(2));
}

TEST_F(StepRunnerTest, GivesAStepUpAtOnceIfTheTotalIsTheShorterLimit) {
  Config own = config();
  own.deadlines = {.answer = 10s, .heldAnswer = 2s, .total = 5s};
  Ivr hasty{own};
  hasty.add("/late", target);
  const PendingResponse response{hasty.handle(post("/late", {{"CallSid", "CA1"}}))};
  time.advance(4900ms);
  EXPECT_FALSE(response.isThere());
  time.advance(100ms);
  EXPECT_THAT(response.text(), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("no answer within 5 s"));
}

TEST_F(StepRunnerTest, LeavesNoDeadlineBehindWhenAStepIsOver) {
  const PendingResponse first = ask("");
  const std::size_t during = time.timers()->waiting();
  target->running.at(0)(says("over"));
  EXPECT_EQ(first.text(), Twiml{Say{.text = "over"}}.xml());
  EXPECT_LT(time.timers()->waiting(), during);
  EXPECT_EQ(ivr.activity().steps, 0U);
}

TEST_F(StepRunnerTest, AsksNoCallerToHoldForAnAnswerThatIsTooLateForEver) {
  const PendingResponse running = ask("7");  // keeps the key
  // By the rounds that its caller has held, of two seconds at least: the time of day may jump.
  const auto cameBack = [&](const std::string& rounds) {
    return PendingResponse{
        ivr.handle(post("/.ivr/answer?step=r.1&to=%2Flate&round=" + rounds + "&since=1",
                        {{"CallSid", "CA1"}, {"Digits", "7"}}))};
  };
  const PendingResponse inTime = cameBack("60");
  const PendingResponse tooLate = cameBack("61");
  time.advance(2s);
  EXPECT_NE(continuationOf(inTime.text()), "");
  EXPECT_THAT(tooLate.text(), HasSubstr("an error has occurred"));
}

TEST_F(StepRunnerTest, AsksACallerToHoldInItsOwnWordsWhileThereIsNoThreadForThoseOfTheTarget) {
  const PendingResponse response = ask("7");
  time.advance(9900ms);
  executor->isOutOfThreads = true;
  time.advance(100ms);
  EXPECT_THAT(response.text(), Not(HasSubstr("own words")));
  const std::string back = continuationOf(response.text());
  ASSERT_NE(back, "");

  executor->isOutOfThreads = false;
  target->running.at(0)(says("at last"));
  const PendingResponse answer{ivr.handle(post(back, {{"CallSid", "CA1"}, {"Digits", "7"}}))};
  EXPECT_THAT(answer.text(), HasSubstr("at last"));
}

TEST_F(StepRunnerTest, AnswersAStepThatCannotBeginAlthoughThereIsNoThread) {
  executor->isOutOfThreads = true;
  const PendingResponse response = ask("#");
  ASSERT_TRUE(response.isThere());
  EXPECT_THAT(response.text(), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("not a number"));
}

TEST_F(StepRunnerTest, AnswersAStepThatIsRefusedByTheExecutor) {
  executor->isOutOfThreads = true;
  const PendingResponse response = ask("7");
  ASSERT_TRUE(response.isThere());
  EXPECT_THAT(response.text(), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("too much work"));
  EXPECT_THAT(target->running, IsEmpty());
}

}  // namespace
