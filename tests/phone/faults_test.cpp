// Faults by plan.

#include "ivr/phone/faults.hpp"

#include "phone/scripted_application.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// The n-th request of the first call meets a fault.
struct FaultWorld : PhoneWorld {
  FaultWorld(Fault fault, std::size_t request, ProviderOptions options = {})
      : PhoneWorld([&] {
          options.faults.planned = {{.call = 0, .request = request, .fault = fault}};
          return options;
        }()) {
    say("<Say>One</Say><Redirect>/next</Redirect>");
    application->say("/next", "<Say>Two</Say>");
    application->status("/status", 204);
  }
  /// Tells `/status` of Ann, who answers after 3 s.
  void dialAnn() {
    provider->setTelephone(kAnn, {.reaction = Telephone::Reaction::answers, .after = 3s});
    say("<Dial><Number statusCallback=\"/status\" "
        "statusCallbackEvent=\"initiated ringing answered "
        "completed\">+14155550111</Number></Dial>");
  }
  [[nodiscard]] std::vector<std::string> statuses() const {
    std::vector<std::string> statuses;
    for (const SeenRequest& one : application->seen("/status")) {
      statuses.emplace_back(one.fields.get("CallStatus"));
    }
    return statuses;
  }
  /// The faults that requests met.
  [[nodiscard]] std::vector<std::string> met() const {
    std::vector<std::string> met;
    for (const Entry& entry : entries(Happening::webhook)) {
      if (!entry.detail("fault").empty()) met.emplace_back(entry.detail("fault"));
    }
    return met;
  }
};

TEST(Fault, SlowAnswersComeLater) {
  ProviderOptions options;
  options.faults.latency = 4s;
  FaultWorld world{Fault::slow, 0, options};
  world.call();
  EXPECT_EQ(world.first(Happening::says).at, 4s) << world.story();
  EXPECT_THAT(world.met(), ElementsAre("slow"));
}

TEST(Fault, AnAnswerThatIsTooSlowIsNone) {
  ProviderOptions options;
  options.faults.latency = 16s;
  FaultWorld world{Fault::slow, 0, options};
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11200")) << world.story();
  EXPECT_EQ(world.first(Happening::error).at, 15s);
}

TEST(Fault, TimeoutMeansNoAnswer) {
  FaultWorld world{Fault::timeout, 0};
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11200")) << world.story();
  EXPECT_EQ(world.first(Happening::error).at, 15s);
  EXPECT_THAT(world.application->seen(), SizeIs(1));  // the application has seen it
}

TEST(Fault, ADroppedConnectionIsTriedAgainAsTheProviderDoes) {
  FaultWorld world{Fault::dropped, 0};
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "Two")) << world.story();
  EXPECT_THAT(world.application->seen("/voice"), SizeIs(1));
  EXPECT_EQ(world.first(Happening::webhook).detail("attempts"), "2");
}

TEST(Fault, ADroppedConnectionThatIsNotTriedAgainIsAnError) {
  FaultWorld world{Fault::dropped, 1};
  world.say("<Say>One</Say><Redirect>/next#rc=0</Redirect>");
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11205")) << world.story();
  EXPECT_THAT(world.application->seen("/next"), IsEmpty());
}

TEST(Fault, OfAnAnswerThatIsDroppedTheApplicationHasSeenTheRequest) {
  FaultWorld world{Fault::answerDropped, 1};
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11200")) << world.story();
  EXPECT_THAT(world.application->seen("/next"), SizeIs(1));
}

TEST(Fault, AServerErrorIsA503) {
  FaultWorld world{Fault::serverError, 1};
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11217")) << world.story();
  EXPECT_EQ(world.entries(Happening::webhook).at(1).detail("status"), "503");
  EXPECT_THAT(world.application->seen("/next"), IsEmpty());
}

TEST(Fault, ADuplicatedCallbackHasOneToken) {
  FaultWorld world{Fault::duplicated, 3};  // behind the document, initiated and ringing
  world.dialAnn();
  world.call(10s);
  EXPECT_THAT(world.statuses(), ElementsAre("initiated", "ringing", "in-progress", "in-progress"))
      << world.story();
  const auto seen = world.application->seen("/status");
  EXPECT_EQ(seen[2].headers.find("I-Twilio-Idempotency-Token"),
            seen[3].headers.find("I-Twilio-Idempotency-Token"));
}

TEST(Fault, DocumentsAreNotDuplicated) {
  FaultWorld world{Fault::duplicated, 0};
  world.call();
  EXPECT_THAT(world.application->seen("/voice"), SizeIs(1));
  EXPECT_THAT(world.met(), IsEmpty()) << world.story();
}

TEST(Fault, AReorderedCallbackComesAfterTheNext) {
  FaultWorld world{Fault::reordered, 1};
  world.dialAnn();
  const std::string sid = world.call(10s);
  EXPECT_THAT(world.statuses(), ElementsAre("ringing", "initiated", "in-progress"))
      << world.story();
}

TEST(Fault, AReorderedCallbackComesInTheEndIfThereIsNoNext) {
  FaultWorld world{Fault::reordered, 3};
  world.dialAnn();
  world.call(4s);
  EXPECT_THAT(world.statuses(), ElementsAre("initiated", "ringing")) << world.story();
  world.wait(2s);
  EXPECT_THAT(world.statuses(), ElementsAre("initiated", "ringing", "in-progress"));
}

TEST(Fault, AReorderedCallbackThatWaitsForItsAnswerIsNotSentAgain) {
  FaultWorld world{Fault::reordered, 3};
  world.dialAnn();
  world.application->neverAnswer("/status");
  world.call(6s);  // sent by itself at 5 s, and not answered
  world.provider->hangUp(world.callTo(kAnn).sid);
  world.wait(1h);
  EXPECT_THAT(world.statuses(), ElementsAre("initiated", "ringing", "in-progress", "completed"))
      << world.story();
}

TEST(Fault, AHangUpComesWhileTheApplicationWorks) {
  FaultWorld world{Fault::hangUp, 1};
  const std::string sid = world.call();
  EXPECT_THAT(world.texts(Happening::hungUp, sid), SizeIs(1)) << world.story();
  EXPECT_THAT(world.application->seen("/next"), SizeIs(1));
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One"));
  EXPECT_THAT(world.entries(Happening::twiml), SizeIs(1));  // the answer was discarded
}

TEST(Fault, ARestartComesBeforeTheRequest) {
  std::vector<std::size_t> seenBefore;
  FaultWorld* made = nullptr;
  ProviderOptions options;
  options.restart = [&] { seenBefore.push_back(made->application->seen().size()); };
  FaultWorld world{Fault::restart, 1, options};
  made = &world;
  world.call();
  EXPECT_THAT(seenBefore, ElementsAre(1U)) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "Two"));
}

TEST(Fault, RequestsOfTheLegsOfACallAreCountedTogether) {
  FaultWorld world{Fault::serverError, 2};  // the second callback about Ann
  world.dialAnn();
  world.call(10s);
  EXPECT_THAT(world.met(), ElementsAre("serverError")) << world.story();
  EXPECT_THAT(world.statuses(), ElementsAre("initiated", "in-progress"));
}

TEST(Fault, ByChanceMeetsAsManyAsItSays) {
  ProviderOptions options;
  options.faults.seed = 7;
  options.faults.perMille.serverError = 250;
  PhoneWorld world{options};
  world.say("<Hangup/>");
  std::size_t met = 0;
  for (int i = 0; i < 1000; ++i) world.call(1s);
  for (const Entry& entry : world.entries(Happening::webhook)) {
    if (entry.detail("fault") == "serverError") ++met;
  }
  EXPECT_GT(met, 200U);
  EXPECT_LT(met, 300U);
}

TEST(Fault, EveryKindIsMetByChance) {
  ProviderOptions options;
  auto& odds = options.faults.perMille;
  odds = {100, 100, 100, 100, 100, 100, 100, 100, 100};
  int restarts = 0;
  options.restart = [&] { ++restarts; };
  FaultWorld world{Fault::slow, 0, options};
  world.dialAnn();
  for (int i = 0; i < 200; ++i) world.call(1min);
  std::string all;
  for (const std::string& one : world.met()) all += one + ' ';
  for (const Fault fault :
       {Fault::slow, Fault::timeout, Fault::dropped, Fault::answerDropped, Fault::serverError,
        Fault::duplicated, Fault::reordered, Fault::hangUp, Fault::restart}) {
    EXPECT_THAT(all, testing::HasSubstr(textOf(fault)));
  }
  EXPECT_GT(restarts, 0);
  world.wait(5h);
  EXPECT_EQ(world.provider->liveCalls(), 0U);
  EXPECT_EQ(world.provider->requests(), 0U);
}

/// The faults that each request of the third call meets.
std::vector<std::string> faultsOfTheThirdCall(bool isAlone) {
  ProviderOptions options;
  options.faults.seed = 3;
  options.faults.perMille = {.slow = 300, .serverError = 100};
  options.faults.planned = {{.call = 2, .request = 4, .fault = Fault::slow}};
  PhoneWorld world{options};
  world.say("<Pause/><Redirect/>");
  const std::string first = world.call(isAlone ? 0s : 20s);
  if (isAlone) world.provider->hangUp(first);
  const std::string second = world.call(isAlone ? 0s : 1s);
  if (isAlone) world.provider->hangUp(second);
  const std::string third = world.call(1h);
  std::vector<std::string> faults;
  for (const Entry& entry : world.entries(Happening::webhook, third)) {
    faults.emplace_back(entry.detail("fault"));
  }
  return faults;
}

TEST(Fault, ThePlanOfACallDoesNotDependOnOthers) {
  const auto alone = faultsOfTheThirdCall(true);
  EXPECT_EQ(alone, faultsOfTheThirdCall(false));
  EXPECT_THAT(alone, Contains("slow"));
}

TEST(Fault, HasAName) {
  EXPECT_STREQ(textOf(Fault::slow), "slow");
  EXPECT_STREQ(textOf(Fault::answerDropped), "answerDropped");
}

TEST(Faults, AreReadFromAText) {
  FaultPlan plan;
  addFaults(plan, "slow=5%, hangUp=0.5%,restart@2,dropped@7/0");
  EXPECT_EQ(plan.perMille.slow, 50U);
  EXPECT_EQ(plan.perMille.hangUp, 5U);
  ASSERT_EQ(plan.planned.size(), 2U);
  EXPECT_EQ(plan.planned[0].fault, Fault::restart);
  EXPECT_EQ(plan.planned[0].call, 0U);
  EXPECT_EQ(plan.planned[0].request, 2U);
  EXPECT_EQ(plan.planned[1].fault, Fault::dropped);
  EXPECT_EQ(plan.planned[1].call, 7U);
  EXPECT_EQ(plan.planned[1].request, 0U);
}

TEST(Faults, AnEmptyTextPlansNone) {
  FaultPlan plan;
  addFaults(plan, "");
  EXPECT_TRUE(plan.planned.empty());
}

TEST(Faults, ATextThatSaysNoFaultIsNamed) {
  for (const char* text : {"slow", "slow=5", "slow=101%", "slow=-1%", "slow=nan%", "fast=5%",
                           "slow@", "slow@x", "slow@1/x", "slow@/1", "=5%"}) {
    FaultPlan plan;
    EXPECT_THROW(addFaults(plan, text), Error) << text;
  }
}

}  // namespace
