// Callers who follow a script.

#include "ivr/phone/script.hpp"

#include "ivr/core/error.hpp"
#include "phone/scripted_application.hpp"

#include <gmock/gmock.h>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace std::chrono_literals;
using ivr::support::kApplicationUrl;
using ivr::support::kOurNumber;
using ivr::support::ScriptedApplication;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string textOfAll(const std::vector<Act>& acts) {
  std::string text;
  for (const Act& act : acts) text += describe(act) + "; ";
  return text;
}

TEST(ActsFrom, ReadsKeysWaitsSilenceAndHangingUp) {
  EXPECT_EQ(textOfAll(actsFrom("1, 10001#,wait2,silence,hangup")),
            "press 1; press 10001#; wait 00:02.000; silence; hang up; ");
}

TEST(ActsFrom, NamesAPartThatIsNothingToPress) {
  for (const char* text : {"1,,2", "", "wait", "wait0", "wait99999999", "hello", "1;2"}) {
    EXPECT_THROW((void)actsFrom(text), Error) << text;
  }
  try {
    (void)actsFrom("1,hello");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("\"hello\""));
  }
}

Entry says(std::string text) { return {.what = Happening::says, .text = std::move(text)}; }

TEST(Expectation, IsMetByPartsInOrderInWhateverCase) {
  Expectation expected{{"press ONE", "Hours"}};
  expected.see(says("For lunch, press one."));
  EXPECT_FALSE(expected.isMet());
  expected.see({.what = Happening::plays, .text = "/hours.mp3"});
  EXPECT_TRUE(expected.isMet());
  EXPECT_EQ(expected.missing(), nullptr);
}

TEST(Expectation, IsNotMetInAnotherOrder) {
  Expectation expected{{"two", "one"}};
  expected.see(says("one, two"));
  ASSERT_NE(expected.missing(), nullptr);
  EXPECT_EQ(*expected.missing(), "one");
}

TEST(Expectation, FindsSeveralTextsInOneSentenceButNoneTwice) {
  Expectation expected{{"one", "two", "two"}};
  expected.see(says("one two"));
  ASSERT_NE(expected.missing(), nullptr);
  expected.see(says("two"));
  EXPECT_TRUE(expected.isMet());
}

TEST(Expectation, HearsNothingButWhatIsSaidAndPlayed) {
  Expectation expected{{"one"}};
  expected.see({.what = Happening::pressed, .text = "one"});
  expected.see({.what = Happening::webhook, .text = "/one"});
  EXPECT_FALSE(expected.isMet());
}

TEST(Expectation, OfNothingIsMet) { EXPECT_TRUE(Expectation{}.isMet()); }

/// A call by script.
struct Scripted {
  explicit Scripted(std::vector<Act> acts) : acts_(std::move(acts)) {}

  void run() {
    ProviderOptions options;
    options.transport = application;
    options.origins = {std::string{kApplicationUrl}};
    options.waitsForAnswers = false;
    options.onEntry = [this](const Entry& entry) {
      if (caller) caller->see(entry);
    };
    provider.emplace(loop, std::move(options));
    NumberSettings number;
    number.voiceUrl = std::string{kApplicationUrl} + "/voice";
    provider->setNumber(std::string{kOurNumber}, number);
    provider->setOtherTelephones({.reaction = Telephone::Reaction::answers, .after = 1s});
    caller.emplace(*loop, *provider, provider->call({.to = std::string{kOurNumber}}),
                   ScriptOptions{.acts = acts_});
    (void)loop->run([this] { return caller->isOver(); }, 1h);
  }

  [[nodiscard]] std::vector<std::string> story() const {
    std::vector<std::string> lines;
    for (const Entry& entry : provider->timeline()) {
      const bool isOwn = entry.callSid == caller->callSid();
      switch (entry.what) {
        case Happening::pressed:
        case Happening::spoke:
        case Happening::hungUp:
        case Happening::says:
          if (isOwn) lines.push_back(std::string{textOf(entry.what)} + ' ' + entry.text);
          break;
        default: break;
      }
    }
    return lines;
  }
  [[nodiscard]] Moment when(Happening what) const {
    for (const Entry& entry : provider->timeline()) {
      if (entry.what == what && entry.callSid == caller->callSid()) return entry.at;
    }
    return Moment::max();
  }

  std::shared_ptr<ScriptedApplication> application = std::make_shared<ScriptedApplication>();
  std::shared_ptr<EventLoop> loop = std::make_shared<EventLoop>();
  std::optional<Provider> provider;
  std::optional<ScriptedCaller> caller;

 private:
  std::vector<Act> acts_;
};

constexpr const char* kAsks = "<Gather action='/voice'><Say>Yes?</Say></Gather><Say>Bye.</Say>";

TEST(ScriptedCaller, AnswersOneQuestionAfterTheOther) {
  Scripted call{actsFrom("1,2")};
  call.application->say("/voice", kAsks);
  call.run();
  EXPECT_THAT(call.story(), ElementsAre("says Yes?", "pressed 1", "says Yes?", "pressed 2",
                                        "says Yes?", "hungUp "));
  EXPECT_EQ(call.caller->left(), nullptr);
}

TEST(ScriptedCaller, HangsUpAtTheFirstTurnIfThereIsNothingToDo) {
  Scripted call{{}};
  call.application->say("/voice", kAsks);
  call.run();
  EXPECT_THAT(call.story(), ElementsAre("says Yes?", "hungUp "));
}

TEST(ScriptedCaller, IsSilentForOneQuestion) {
  Scripted call{actsFrom("silence")};
  call.application->say("/voice", kAsks);
  call.run();
  EXPECT_THAT(call.story(), ElementsAre("says Yes?", "says Bye."));
}

TEST(ScriptedCaller, WaitsBeforeTheNextAct) {
  Scripted call{actsFrom("wait3,1,hangup")};
  call.application->say("/voice", kAsks);
  call.run();
  EXPECT_EQ(call.when(Happening::pressed) - call.when(Happening::waits), 3s);
}

TEST(ScriptedCaller, GoesOnAtTheNextTurnIfItWaitsForLongerThanTheQuestionDoes) {
  Scripted call{actsFrom("wait8,1")};
  call.application->say("/voice",
                        "<Gather action='/a'><Say>One?</Say></Gather><Say>Well, "
                        "then:</Say><Pause length='9'/><Gather action='/a'/>");
  call.application->say("/a", "<Say>Thanks.</Say>");
  call.run();
  EXPECT_THAT(call.story(),
              ElementsAre("says One?", "says Well, then:", "pressed 1", "says Thanks."));
}

TEST(ScriptedCaller, TalksAtItsPaceOnceSomebodyHasAnswered) {
  Scripted call{{{.kind = Act::Kind::say, .text = "Hello?"},
                 {.kind = Act::Kind::press, .text = "5"},
                 {.kind = Act::Kind::hangUp}}};
  call.application->say("/voice", "<Dial>+14155550123</Dial>");
  call.run();
  EXPECT_THAT(call.story(), ElementsAre("spoke Hello?", "pressed 5", "hungUp "));
}

TEST(ScriptedCaller, TellsWhatIsLeftIfTheCallEndsBefore) {
  Scripted call{actsFrom("1,wait2,2,3")};
  call.application->say("/voice", "<Gather action='/a'/>");
  call.application->say("/a", "<Say>Bye.</Say>");
  call.run();
  EXPECT_TRUE(call.caller->isOver());
  ASSERT_NE(call.caller->left(), nullptr);
  EXPECT_EQ(describe(*call.caller->left()), "press 2");
}

TEST(ScriptedCaller, TakesActsThatComeLater) {
  Scripted call{actsFrom("1")};
  call.application->say("/voice", kAsks);
  call.loop->post([&] { call.caller->add({.kind = Act::Kind::press, .text = "2"}); });
  call.run();
  EXPECT_THAT(call.story(), ElementsAre("says Yes?", "pressed 1", "says Yes?", "pressed 2",
                                        "says Yes?", "hungUp "));
}

}  // namespace
