// The line that each step of a call writes to the log, and what is kept out of it.

#include "support/app.hpp"
#include "support/states.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

const Form kForm{{"CallSid", "CA123"},
                 {"From", "+14155550100"},
                 {"To", "+14155550199"},
                 {"Digits", "48151"},
                 {"SpeechResult", "my name is Ada"}};

struct Line {
  LogLevel level = LogLevel::debug;
  std::string text;
};

/// An application with a menu called Welcome that leads to Hours, and one called Broken that throws
/// `problem`.
struct Logging : ::testing::Test {
  explicit Logging(PersonalData personalData = PersonalData::masked) : ivr(config(personalData)) {
    const auto& hours = ivr.add<ScriptedEnd>(Does{.name = "Hours", .uri = "/hours"});
    const auto& fork = ivr.add<ScriptedFork>(Does{.name = "Fork", .transitionOut = goesTo(hours)});
    const auto& broken = ivr.add<ScriptedEnd>(
        Does{.name = "Broken", .uri = "/broken", .twimlFor = [this](Call&) -> Twiml {
               throw std::runtime_error{problem};
             }});
    add("/welcome", hours);
    add("/fork", fork);
    add("/to-broken", broken);
  }
  void add(std::string path, const State& next) {
    ivr.add<ScriptedMenu>(Does{.name = "Welcome",
                               .uri = path,
                               .processTransitionUri = path + "/choice",
                               .transitionOut = goesTo(next)});
  }
  Config config(PersonalData personalData) {
    Config made = openConfig();
    made.personalData = personalData;
    made.log = [this](LogLevel level, std::string_view text) {
      lines.push_back({level, std::string{text}});
    };
    return made;
  }

  /// The one line that the step to `target` writes.
  Line step(const char* target, const Form& form = kForm) {
    ivr.mount();
    lines.clear();
    answerOf(ivr, post(target, form));
    EXPECT_EQ(lines.size(), 1U);
    return lines.empty() ? Line{} : lines.front();
  }
  std::string failure(std::string text) {
    problem = std::move(text);
    return step("/broken").text;
  }

  std::string problem = "trouble";
  std::vector<Line> lines;
  Ivr ivr;
};

struct LoggingShown : Logging {
  LoggingShown() : Logging(PersonalData::shown) {}
};

// --- The line ---

TEST_F(Logging, AStepIsOneLine) {
  EXPECT_THAT(step("/welcome/choice").text,
              MatchesRegex("step state=Welcome call=CA123 from=\\+\\*+00 digits=\\*+ "
                           "speech=\\*+ next=Hours outcome=rendered us=[0-9]+"));
}

TEST_F(Logging, FieldsThatDoNotApplyAreLeftOut) {
  EXPECT_THAT(step("/hours", {}).text, MatchesRegex("step state=Hours outcome=rendered us=[0-9]+"));
}

TEST_F(Logging, BranchesOnTheWayLeaveNoLineOfTheirOwn) {
  EXPECT_THAT(step("/fork/choice").text,
              AllOf(HasSubstr("state=Welcome"), HasSubstr("next=Hours")));
}

TEST_F(Logging, ARenderedStepIsInformation) {
  EXPECT_EQ(step("/welcome/choice").level, LogLevel::info);
}

TEST_F(Logging, AFailedStepIsAnError) { EXPECT_EQ(step("/broken").level, LogLevel::error); }

TEST_F(Logging, AFailedStepIsALineWithTheReason) {
  problem = "no such table";
  EXPECT_THAT(step("/to-broken/choice", {{"CallSid", "CA123"}}).text,
              MatchesRegex("step state=Welcome call=CA123 next=Broken outcome=failed us=[0-9]+ "
                           "type=std::runtime_error error=\"no such table\""));
}

TEST_F(Logging, AReasonStaysInItsQuotes) {
  EXPECT_THAT(failure("a \"quoted\" reason\noutcome=rendered"),
              HasSubstr(R"(error="a \"quoted\" reason?outcome=rendered")"));
}

TEST_F(Logging, AFieldCannotPretendToBeSeveral) {
  EXPECT_THAT(step("/hours", {{"CallSid", "CA1 next=Forged"}}).text,
              HasSubstr(R"(call="CA1 next=Forged")"));
}

// --- What is masked ---

TEST_F(Logging, NumbersAreMasked) {
  const std::string line = step("/welcome/choice").text;
  EXPECT_THAT(line, Not(HasSubstr("4155550100")));
  EXPECT_THAT(line, Not(HasSubstr("4155550199")));
}

TEST_F(Logging, TheLengthOfTheDigitsIsMaskedToo) {
  EXPECT_THAT(step("/welcome/choice").text, HasSubstr("digits=*** "));
}

TEST_F(Logging, SpeechIsMasked) {
  EXPECT_THAT(step("/welcome/choice").text, AllOf(HasSubstr("speech=*** "), Not(HasSubstr("Ada"))));
}

TEST_F(Logging, OtherFieldsAreNotLogged) {
  EXPECT_THAT(step("/hours", {{"CallerName", "LOVELACE"}, {"SipHeader_X-Pin", "4711"}}).text,
              AllOf(Not(HasSubstr("LOVELACE")), Not(HasSubstr("4711"))));
}

struct Leak {
  const char* name;
  const char* problem;
  const char* secret;
};

void PrintTo(const Leak& leak, std::ostream* out) { *out << leak.name; }

class LoggingLeak : public Logging, public ::testing::WithParamInterface<Leak> {};

TEST_P(LoggingLeak, IsMaskedInTheReasonOfAFailure) {
  const std::string line = failure(GetParam().problem);
  EXPECT_THAT(line,
              AllOf(HasSubstr("error="), HasSubstr("lookup"), Not(HasSubstr(GetParam().secret))));
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, LoggingLeak,
    ::testing::Values(Leak{"From", "lookup of +14155550100 failed", "4155550100"},
                      Leak{"To", "lookup for +14155550199.", "4155550199"},
                      Leak{"NumberWithoutPlus", "lookup: 14155550100", "4155550100"},
                      Leak{"NumberInAUrl", "lookup GET /callers?From=%2B14155550100&x=1",
                           "4155550100"},
                      Leak{"GroupedNumber", "lookup of (415) 555-0100", "555-0100"},
                      Leak{"AnybodysNumber", "lookup of +442079460000 failed", "2079460000"},
                      Leak{"Digits", "lookup of pin 48151 failed", "48151"},
                      Leak{"DigitsInQuotes", "lookup '48151'", "48151"},
                      Leak{"DigitsInAUrl", "lookup GET /pins/48151?x=1", "48151"},
                      Leak{"EncodedDigits", "lookup POST Digits%3D48151", "48151"},
                      Leak{"Speech", "lookup: cannot parse my name is Ada", "Ada"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST_F(Logging, IdsAreNotMasked) {
  EXPECT_THAT(failure("no recording RE0123456789abcdef0123456789abcdef"),
              HasSubstr("RE0123456789abcdef0123456789abcdef"));
}

TEST_F(Logging, AFailingOnErrorIsMaskedToo) {
  Config made = config(PersonalData::masked);
  made.onError = [](const CallError&) -> Twiml {
    throw std::runtime_error{"no apology for +14155550100"};
  };
  Ivr apologetic{made};
  apologetic.add<ScriptedFork>(Does{.name = "Undecided", .uri = "/"});
  answerOf(apologetic, post("/", kForm));
  ASSERT_FALSE(lines.empty());
  for (const Line& line : lines) EXPECT_THAT(line.text, Not(HasSubstr("4155550100")));
}

TEST_F(LoggingShown, ShowsWhoCallsAndWhatTheyPressAndSay) {
  EXPECT_THAT(step("/welcome/choice").text,
              AllOf(HasSubstr("from=+14155550100 "), HasSubstr("digits=48151 "),
                    HasSubstr("speech=\"my name is Ada\" ")));
}

TEST_F(LoggingShown, ShowsTheReasonOfAFailureAsItIs) {
  EXPECT_THAT(failure("no account for +14155550100, pin 48151"),
              HasSubstr("error=\"no account for +14155550100, pin 48151\""));
}

}  // namespace
