// Targets that answer calls without being states: a flow, for example, whose model is stored
// elsewhere, under another ID than the call.

#include "support/held_calls.hpp"

#include <atomic>
#include <charconv>
#include <gmock/gmock.h>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using session::SessionStore;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A store that records what it is asked, and loses a lease when a test says so.
class WatchedStore final : public SessionStore {
 public:
  explicit WatchedStore(SteadyClock clock) : kept_(session::memorySessionStore(std::move(clock))) {}

  Later<std::optional<session::OpenSession>> tryOpen(std::string_view name, std::string_view step,
                                                     std::chrono::milliseconds lease) override {
    opened.emplace_back(name);
    return kept_->tryOpen(name, step, lease);
  }
  Later<bool> renew(std::string_view name, std::uint64_t lease,
                    std::chrono::milliseconds duration) override {
    return kept_->renew(name, lease, duration);
  }
  Later<bool> close(const session::SessionChange& change) override {
    if (change.data && change.answer) ++commitsOfBoth;
    return losesLeases ? Later<bool>{false} : kept_->close(change);
  }
  Later<std::string> read(std::string_view name) override { return kept_->read(name); }
  Later<std::vector<std::string>> withWork(std::size_t limit) override {
    return kept_->withWork(limit);
  }
  Later<std::uint64_t> nextFence() override { return kept_->nextFence(); }
  session::StoreScope scope() const noexcept override { return kept_->scope(); }

  std::vector<std::string> opened;
  int commitsOfBoth = 0;
  bool losesLeases = false;

 private:
  std::shared_ptr<SessionStore> kept_;
};

/// Counts the callers of a queue, under the ID that the caller dials.
class Counting final : public StepTarget {
 public:
  const std::string& name() const noexcept override { return name_; }
  Later<std::string> key(const Call& call) override {
    if (call.digits() == "throws") throw std::runtime_error{"no such queue"};
    if (call.digits() == "late") {
      return Later<std::string>{[this](const Answer<std::string>& key) { lateKey = key; }};
    }
    return "queue." + std::string{call.digits()};
  }
  Later<Twiml> run(StepContext& step) override {
    ++runs;
    const int count = step.kept().empty() ? 1 : std::stoi(step.kept()) + 1;
    step.keep = std::to_string(count);
    names.push_back(step.name);
    if (stores) {
      step.store = [this](const std::string& document) -> Later<Done> {
        stored.push_back(document);
        if (storingFails) throw std::runtime_error{"storing failed"};
        return Done{};
      };
    }
    step.heard = "CallerNumber";
    if (fails) throw std::runtime_error{"counting failed"};
    if (isLate) {
      return Later<Twiml>{[this](const Answer<Twiml>& answer) { lateDocument = answer; }};
    }
    return says("You are caller number " + std::to_string(count));
  }
  std::optional<Twiml> pleaseHold(const Waiting& waiting) const override {
    return says("counting, round " + std::to_string(waiting.round));
  }

  int runs = 0;
  bool fails = false;
  bool isLate = false;
  bool stores = false;
  bool storingFails = false;
  std::vector<std::string> names;   ///< Of the steps.
  std::vector<std::string> stored;  ///< The documents.
  std::optional<Answer<std::string>> lateKey;
  std::optional<Answer<Twiml>> lateDocument;

 private:
  const std::string name_ = "Counting";
};

struct ATarget : ::testing::Test {
  ATarget() {
    Config config = openConfig();
    config.clock = time.clock();
    config.timers = time.timers();
    config.sessions = sessions;
    config.log = log.log();
    ivr.emplace(config);
    ivr->add("/count", target);
  }
  static Request request(const std::string& call, const std::string& queue,
                         const std::string& token = {}) {
    Request made = post("/count", {{"CallSid", call}, {"Digits", queue}});
    if (!token.empty()) made.headers.add("I-Twilio-Idempotency-Token", token);
    return made;
  }
  std::string heard(Request asked) { return answerOf(*ivr, std::move(asked)).body.text(); }

  TestTime time;
  CapturedLog log;
  const std::shared_ptr<WatchedStore> sessions = std::make_shared<WatchedStore>(time.steadyClock());
  const std::shared_ptr<Counting> target = std::make_shared<Counting>();
  std::optional<Ivr> ivr;
};

TEST_F(ATarget, KeepsThingsUnderItsOwnKey) {
  EXPECT_THAT(heard(request("CA1", "7")), HasSubstr("number 1"));
  EXPECT_THAT(heard(request("CA2", "7")), HasSubstr("number 2"));
  EXPECT_THAT(heard(request("CA3", "8")), HasSubstr("number 1"));
  EXPECT_EQ(sessions->read("queue.7").get(), "2");
  EXPECT_THAT(sessions->opened, ElementsAre("queue.7", "queue.7", "queue.8"));
}

TEST_F(ATarget, StoresWhatItKeepsElsewhereWithTheDocumentBeforeTheStepIsSaved) {
  target->stores = true;
  EXPECT_THAT(heard(request("CA1", "7", "token")), HasSubstr("number 1"));
  EXPECT_THAT(target->stored, ElementsAre(HasSubstr("number 1")));
  EXPECT_THAT(heard(request("CA1", "7", "token")), HasSubstr("number 1"));
  EXPECT_THAT(target->stored, ::testing::SizeIs(1)) << "a repeat";
  target->fails = true;
  (void)heard(request("CA1", "7", "another token"));
  EXPECT_THAT(target->stored, ::testing::SizeIs(1)) << "a step that fails";
}

TEST_F(ATarget, FailsAndKeepsNothingWhenItCannotStoreThat) {
  target->stores = target->storingFails = true;
  EXPECT_THAT(heard(request("CA1", "7", "token")), HasSubstr("an error has occurred"));
  EXPECT_EQ(sessions->read("queue.7").get(), "");
  EXPECT_THAT(log.text(), HasSubstr("storing failed"));
}

TEST_F(ATarget, DoesNotStoreWhatComesAfterTheStepWasGivenUp) {
  target->stores = target->isLate = true;
  const PendingResponse first{ivr->handle(request("CA1", "7"))};
  time.advance(60s);
  (*target->lateDocument)(says("too late"));
  EXPECT_TRUE(target->stored.empty());
}

TEST_F(ATarget, KnowsTheNameOfAStepThatMayBeAskedForAgain) {
  (void)heard(request("CA1", "7", "token"));
  (void)heard(request("CA1", "7"));
  EXPECT_THAT(target->names, ElementsAre(HasSubstr("token"), ""));
}

TEST_F(ATarget, SavesTheModelAndTheAnswerInOneCommit) {
  EXPECT_THAT(heard(request("CA1", "7", "token")), HasSubstr("number 1"));
  EXPECT_EQ(sessions->commitsOfBoth, 1);
}

TEST_F(ATarget, GivesTheSameAnswerToARequestThatIsSentAgain) {
  EXPECT_THAT(heard(request("CA1", "7", "token")), HasSubstr("number 1"));
  EXPECT_THAT(heard(request("CA1", "7", "token")), HasSubstr("number 1"));
  EXPECT_THAT(heard(request("CA1", "7", "another token")), HasSubstr("number 2"));
  EXPECT_EQ(target->runs, 2);
}

TEST_F(ATarget, KeepsNothingWhenItFails) {
  target->fails = true;
  EXPECT_THAT(heard(request("CA1", "7")), HasSubstr("an error has occurred"));
  EXPECT_EQ(sessions->read("queue.7").get(), "");
  EXPECT_THAT(log.text(), AllOf(HasSubstr("state=Counting"), HasSubstr("counting failed")));
}

TEST_F(ATarget, KeepsAndAnswersNothingWhenItsLeaseIsLost) {
  sessions->losesLeases = true;
  EXPECT_THAT(heard(request("CA1", "7", "token")), HasSubstr("an error has occurred"));
  sessions->losesLeases = false;
  EXPECT_EQ(sessions->read("queue.7").get(), "");
}

TEST_F(ATarget, RunsOneStepOfAKeyAtATime) {
  target->isLate = true;
  const PendingResponse first{ivr->handle(request("CA1", "7"))};
  const PendingResponse second{ivr->handle(request("CA2", "7"))};
  EXPECT_EQ(target->runs, 1);
  target->isLate = false;
  (*target->lateDocument)(says("first"));
  EXPECT_THAT(first.text(), HasSubstr("first"));
  EXPECT_THAT(second.text(), HasSubstr("number 2"));
}

TEST_F(ATarget, AsksToHoldInItsOwnWordsAndIsAskedForTheAnswer) {
  target->isLate = true;
  const PendingResponse first{ivr->handle(request("CA1", "7"))};
  time.advance(10s);
  EXPECT_THAT(first.text(), HasSubstr("counting, round 1"));
  Request again = request("CA1", "7");
  again.target = continuationOf(first.text());
  (*target->lateDocument)(says("the answer"));
  EXPECT_THAT(heard(std::move(again)), HasSubstr("the answer"));
  EXPECT_EQ(target->runs, 1);
}

TEST_F(ATarget, AKeyThatIsLateIsPartOfTheDeadline) {
  const PendingResponse first{ivr->handle(request("CA1", "late"))};
  EXPECT_FALSE(first.isThere());
  time.advance(10s);
  EXPECT_THAT(first.text(), HasSubstr("counting, round 1"));
  (*target->lateKey)("queue.9");
  EXPECT_EQ(sessions->read("queue.9").get(), "1");
}

TEST_F(ATarget, AKeyThatCannotBeFoundIsAnErrorOfTheStep) {
  EXPECT_THAT(heard(request("CA1", "throws")), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("no such queue"));
  const PendingResponse late{ivr->handle(request("CA1", "late"))};
  target->lateKey->fail(std::runtime_error{"no queue in time"});
  EXPECT_THAT(late.text(), HasSubstr("an error has occurred"));
  EXPECT_THAT(log.text(), HasSubstr("no queue in time"));
  EXPECT_EQ(target->runs, 0);
}

TEST_F(ATarget, IsLoggedByItsNameAndTheNameOfWhatIsHeard) {
  (void)heard(request("CA1", "7"));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("Counting"), HasSubstr("CallerNumber")));
}

TEST_F(ATarget, HasItsAddressAlone) {
  ivr->add("/count", target);
  EXPECT_THAT([&] { ivr->mount(); },
              ::testing::ThrowsMessage<Error>(AllOf(HasSubstr("/count"), HasSubstr("Counting"))));
}

TEST(Targets, ThatAreNullAreRefused) {
  Ivr ivr{openConfig()};
  EXPECT_THROW(ivr.add("/nothing", std::shared_ptr<StepTarget>{}), Error);
}

TEST(Targets, AreVerifiedAsStatesAre) {
  Ivr ivr{signedConfig()};
  const auto target = std::make_shared<Counting>();
  ivr.add("/count", target);
  EXPECT_EQ(answerOf(ivr, post("/count", {{"CallSid", "CA1"}})).status, 403);
  EXPECT_EQ(answerOf(ivr, signedPost("/count", {{"CallSid", "CA1"}})).status, 200);
  EXPECT_EQ(target->runs, 1);
}

}  // namespace
