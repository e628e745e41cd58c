// Requests that the provider retries: they get the same answer, and nothing is done twice. (The
// token is described at https://www.twilio.com/docs/usage/webhooks/webhooks-overview.)

#include "support/held_calls.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* kToken1 = "4f1c0a3e-9d8f-4f43-9c5b-5a37c9a0f1b2";
constexpr const char* kToken2 = "0b9d1e55-64a5-4a6e-8a0e-1f1f9f0b7c11";

Request asked(const std::string& target, const std::string& token,
              const Form& form = {{"CallSid", "CA1"}}) {
  Request request = signedPost(target, form);
  if (!token.empty()) request.headers.add("I-Twilio-Idempotency-Token", token);
  return request;
}

/// A machine that counts how often its states run.
struct CountingMachine {
  explicit CountingMachine(const TestTime& time,
                           std::shared_ptr<session::SessionStore> store = nullptr)
      : ivr(configured(time, std::move(store))) {
    Does counting{.name = "Counting", .uri = "/count"};
    counting.twimlFor = [this](Call& call) {
      int& count = counted;
      if (call.digits() == "0") throw std::runtime_error{"zero"};
      return says("run " + std::to_string(++count));
    };
    ivr.add<ScriptedEnd>(std::move(counting));
    Does slow{.name = "Slow", .uri = "/slow"};
    slow.twimlFor = [this](Call&) {
      ++counted;
      return Later<Twiml>{[this](const Answer<Twiml>& answer) { answers.push_back(answer); }};
    };
    ivr.add<ScriptedEnd>(std::move(slow));
  }
  static Config configured(const TestTime& time, std::shared_ptr<session::SessionStore> store) {
    Config config = signedConfig();
    config.clock = time.clock();
    config.timers = time.timers();
    config.sessions = std::move(store);
    return config;
  }
  PendingResponse ask(Request request) { return PendingResponse{ivr.handle(std::move(request))}; }

  int counted = 0;
  std::vector<Answer<Twiml>> answers;
  Ivr ivr;
};

struct Repeat : ::testing::Test {
  TestTime time;
  std::shared_ptr<session::SessionStore> store = session::memorySessionStore(time.steadyClock());
  CountingMachine machine{time, store};
  CountingMachine other{time, store};
};

TEST_F(Repeat, GetsTheSameAnswerAndRunsNothing) {
  const std::string first = machine.ask(asked("/count", kToken1)).text();
  EXPECT_THAT(first, HasSubstr("run 1"));
  const PendingResponse second = machine.ask(asked("/count", kToken1));
  EXPECT_EQ(second.text(), first);
  EXPECT_EQ(header(second.get(), "Content-Type"), "text/xml; charset=utf-8");
  EXPECT_EQ(machine.counted, 1);
}

TEST_F(Repeat, GetsItAtAnotherMachineThatSharesTheStore) {
  const std::string first = machine.ask(asked("/count", kToken1)).text();
  EXPECT_EQ(other.ask(asked("/count", kToken1)).text(), first);
  EXPECT_EQ(other.counted, 0);
}

TEST_F(Repeat, GetsItWhenItComesWhileTheFirstIsStillRunning) {
  const PendingResponse first = machine.ask(asked("/slow", kToken1));
  const PendingResponse second = machine.ask(asked("/slow", kToken1));
  machine.answers.at(0)(says("done"));
  EXPECT_THAT(first.text(), HasSubstr("done"));
  EXPECT_EQ(second.text(), first.text());
  EXPECT_EQ(machine.counted, 1);
}

TEST_F(Repeat, GetsItAtAnotherMachineWhileTheFirstIsStillRunning) {
  const PendingResponse first = machine.ask(asked("/slow", kToken1));
  const PendingResponse second = other.ask(asked("/slow", kToken1));
  time.advance(3s);
  EXPECT_FALSE(second.isThere());
  machine.answers.at(0)(says("done"));
  time.advance(1s);
  EXPECT_THAT(second.text(), HasSubstr("done"));
  EXPECT_EQ(other.counted, 0);
}

TEST_F(Repeat, IsAskedToHoldInTheSameWords) {
  const PendingResponse first = machine.ask(asked("/slow", kToken1));
  const PendingResponse second = machine.ask(asked("/slow", kToken1));
  const PendingResponse third = other.ask(asked("/slow", kToken1));
  time.advance(10s);
  ASSERT_NE(continuationOf(first.text()), "");
  EXPECT_EQ(second.text(), first.text());
  EXPECT_EQ(third.text(), first.text());
  machine.answers.at(0)(says("done"));
  const std::string back = continuationOf(third.text());
  const PendingResponse last = other.ask(signedPost(back, {{"CallSid", "CA1"}}));
  time.advance(1s);
  EXPECT_THAT(last.text(), HasSubstr("done"));
  EXPECT_EQ(machine.counted + other.counted, 1);
}

TEST_F(Repeat, OfAFailedStepFailsTheSameWay) {
  const Form zero{{"CallSid", "CA1"}, {"Digits", "0"}};
  const std::string first = machine.ask(asked("/count", kToken1, zero)).text();
  EXPECT_THAT(first, HasSubstr("an error has occurred"));
  EXPECT_EQ(machine.ask(asked("/count", kToken1, zero)).text(), first);
}

TEST_F(Repeat, IsForgottenAfterTwoMinutes) {
  (void)machine.ask(asked("/count", kToken1));
  time.advance(121s);
  EXPECT_THAT(machine.ask(asked("/count", kToken1)).text(), HasSubstr("run 2"));
}

TEST_F(Repeat, WithAnotherTokenIsAnotherRequest) {
  (void)machine.ask(asked("/count", kToken1));
  EXPECT_THAT(machine.ask(asked("/count", kToken2)).text(), HasSubstr("run 2"));
}

TEST_F(Repeat, WithoutATokenIsAnotherRequest) {
  (void)machine.ask(asked("/count", ""));
  EXPECT_THAT(machine.ask(asked("/count", "")).text(), HasSubstr("run 2"));
}

TEST_F(Repeat, OfAnotherCallIsAnotherRequest) {
  (void)machine.ask(asked("/count", kToken1));
  EXPECT_THAT(machine.ask(asked("/count", kToken1, {{"CallSid", "CA2"}})).text(),
              HasSubstr("run 2"));
}

TEST_F(Repeat, ThatAsksForSomethingElseIsNotAnsweredWithTheFirstAnswer) {
  (void)machine.ask(asked("/count", kToken1));
  const Form changed{{"CallSid", "CA1"}, {"Digits", "5"}};
  EXPECT_THAT(machine.ask(asked("/count", kToken1, changed)).text(), HasSubstr("run 2"));
}

TEST_F(Repeat, ATokenThatCannotBeOneIsNone) {
  for (const std::string& token :
       {std::string(500, 'a'), std::string{"a b"}, std::string{"\x80\xff"}, std::string{"a/../b"},
        std::string{"{x}"}, std::string{" "}}) {
    const int before = machine.counted;
    EXPECT_THAT(machine.ask(asked("/count", token)).text(), HasSubstr("run"));
    EXPECT_THAT(machine.ask(asked("/count", token)).text(), HasSubstr("run"));
    EXPECT_EQ(machine.counted, before + 2) << token;
  }
}

}  // namespace
