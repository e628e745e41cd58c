// What states see of a request, and which state sees it.
//
// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/app.hpp"
#include "support/states.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <optional>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Form kPressed{{"CallSid", "CA1"},
                    {"From", "+14155550100"},
                    {"To", "+14155550199"},
                    {"Digits", "1"},
                    {"SpeechResult", "one"}};

/// What a state was told of the call.
struct Told {
  std::string sid, from, to, digits, speech;
  Form input;

  Told() = default;
  explicit Told(const Call& call)
      : sid(call.sid()),
        from(call.from()),
        to(call.to()),
        digits(call.digits()),
        speech(call.speech()),
        input(call.input()) {}
};

/// The input of a state that is requested directly.
Form inputOf(const Request& request) {
  Told told;
  Ivr ivr{openConfig()};
  ivr.add<ScriptedEnd>(Does{.uri = "/", .twimlFor = [&](Call& call) {
                              told = Told{call};
                              return Twiml{};
                            }});
  EXPECT_EQ(answerOf(ivr, request).status, 200);
  return told.input;
}

Request formOf(std::string body) {
  Request request = post("/");
  request.body = std::move(body);
  return request;
}

Request typed(const char* contentType, std::string body = "Digits=1") {
  Request request = formOf(std::move(body));
  request.headers.set("Content-Type", contentType);
  return request;
}

// --- What is input ---

// 19, 25
TEST(Input, IsTheFormThatWasPosted) { EXPECT_EQ(inputOf(post("/", kPressed)), kPressed); }

// 19
TEST(Input, ValuesAreTexts) {
  EXPECT_EQ(inputOf(formOf("Test=true&n=007")), (Form{{"Test", "true"}, {"n", "007"}}));
}

// 19
TEST(Input, ARepeatedNameKeepsAllItsValues) {
  EXPECT_THAT(inputOf(formOf("a=2&b=x&a=1")).all("a"), ElementsAre("2", "1"));
}

struct BodyCase {
  const char* name;
  const char* body;
  Form input;
};

void PrintTo(const BodyCase& test, std::ostream* out) { *out << test.name; }

class InputDecoding : public ::testing::TestWithParam<BodyCase> {};

// 20, 24
TEST_P(InputDecoding, IsThatOfForms) {
  EXPECT_EQ(inputOf(formOf(GetParam().body)), GetParam().input);
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, InputDecoding,
    ::testing::Values(BodyCase{"Plus", "a=b+c", {{"a", "b c"}}},
                      BodyCase{"EncodedPlus", "a=%2B1", {{"a", "+1"}}},
                      BodyCase{"EmptyValue", "a=&b=1", {{"a", ""}, {"b", "1"}}},
                      BodyCase{"NoEqualsSign", "a", {{"a", ""}}},
                      BodyCase{"EqualsSignInValue", "a=b=c", {{"a", "b=c"}}},
                      BodyCase{"Brackets", "y[z]=1", {{"y[z]", "1"}}},
                      BodyCase{"MalformedPercent", "a=%zz&b=%", {{"a", "%zz"}, {"b", "%"}}},
                      BodyCase{"Prototype",
                               "__proto__=1&constructor=2",
                               {{"__proto__", "1"}, {"constructor", "2"}}},
                      BodyCase{"Utf8", "a=%C3%A9", {{"a", "\xC3\xA9"}}},
                      BodyCase{"MalformedUtf8", "a=x%FFy", {{"a", "x\xEF\xBF\xBDy"}}},
                      BodyCase{"MalformedUtf8InName", "%FF=1", {{"\xEF\xBF\xBD", "1"}}},
                      BodyCase{"Nothing", "", {}}),
    [](const auto& test) { return std::string{test.param.name}; });

// 21
TEST(Input, LeavesOutTheQuery) {
  EXPECT_EQ(inputOf(post("/?Digits=9&x=1", {{"Digits", "1"}})), (Form{{"Digits", "1"}}));
}

// 22
TEST(Input, IsEmptyWithoutABody) {
  Request request{.method = "POST", .target = "/"};
  EXPECT_THAT(inputOf(request), IsEmpty());
}

class InputOfType : public ::testing::TestWithParam<const char*> {};

// 22
TEST_P(InputOfType, IsEmptyUnlessThatIsAForm) {
  EXPECT_THAT(inputOf(typed(GetParam())), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(ContentTypes, InputOfType,
                         ::testing::Values("application/json", "text/plain",
                                           "multipart/form-data; boundary=x", "",
                                           "application/x-www-form-urlencoded-not"));

class InputOfFormType : public ::testing::TestWithParam<const char*> {};

// 23
TEST_P(InputOfFormType, IsReadAsUtf8) {
  EXPECT_EQ(inputOf(typed(GetParam())), (Form{{"Digits", "1"}}));
}

INSTANTIATE_TEST_SUITE_P(ContentTypes, InputOfFormType,
                         ::testing::Values("application/x-www-form-urlencoded",
                                           "application/x-www-form-urlencoded;charset=utf-8",
                                           "application/x-www-form-urlencoded ; Charset=\"UTF-8\"",
                                           "APPLICATION/X-WWW-FORM-URLENCODED; charset=UTF-8"));

class InputOfOtherCharset : public ::testing::TestWithParam<const char*> {};

// 23
TEST_P(InputOfOtherCharset, IsRefused) {
  bool wasAsked = false;
  Ivr ivr{openConfig()};
  ivr.add<ScriptedEnd>(Does{.uri = "/", .twimlFor = [&](Call&) {
                              wasAsked = true;
                              return Twiml{};
                            }});
  EXPECT_EQ(answerOf(ivr, typed(GetParam())).status, 415);
  EXPECT_FALSE(wasAsked);
}

INSTANTIATE_TEST_SUITE_P(
    ContentTypes, InputOfOtherCharset,
    ::testing::Values("application/x-www-form-urlencoded; charset=iso-8859-1",
                      "application/x-www-form-urlencoded; x=1; CHARSET=\"utf-16\""));

TEST(Input, MalformedUtf8IsSignedAsItWasSentAndSeenAsTheReplacementCharacter) {
  Told told;
  Ivr ivr{signedConfig()};
  ivr.add<ScriptedEnd>(Does{.uri = "/", .twimlFor = [&](Call& call) {
                              told = Told{call};
                              return Twiml{};
                            }});
  EXPECT_EQ(answerOf(ivr, signedPost("/", {{"SpeechResult", "caf\xE9!"}})).status, 200);
  EXPECT_EQ(told.speech, "caf\xEF\xBF\xBD!");
}

// --- Which state sees it ---

/// Two states, one of which leads to the other, and what they were told.
struct WhoSeesTheInput : ::testing::Test {
  std::function<Later<Twiml>(Call&)> hears(Told& told) {
    return [&told](Call& call) {
      told = Told{call};
      return Twiml{};
    };
  }
  std::function<Later<Next>(Call&)> decides(Told& told, const State& next) {
    return [&told, &next](Call& call) {
      told = Told{call};
      return to(next);
    };
  }
  void ask(const char* target) { ASSERT_EQ(answerOf(ivr, post(target, kPressed)).status, 200); }

  Told first, second, third;
  Ivr ivr{openConfig()};
};

// 25
TEST_F(WhoSeesTheInput, AStateThatIsAskedForDirectly) {
  ivr.add<ScriptedEnd>(Does{.uri = "/", .twimlFor = hears(first)});
  ask("/");
  EXPECT_EQ(first.digits, "1");
  EXPECT_EQ(first.speech, "one");
  EXPECT_EQ(first.input, kPressed);
}

// 32
TEST_F(WhoSeesTheInput, AStateThatIsAskedForDirectlyAndItsBackgroundTrigger) {
  ivr.add<ScriptedWait>(Does{.uri = "/",
                             .twimlFor = hears(first),
                             .backgroundTrigger = [&](Call& call) { second = Told{call}; }});
  ask("/");
  EXPECT_EQ(first.input, kPressed);
  EXPECT_EQ(second.input, kPressed);
}

// 26, 30
TEST_F(WhoSeesTheInput, ABranchButNotTheStateThatItLeadsTo) {
  ScriptedEnd& end = ivr.add<ScriptedEnd>(Does{.twimlFor = hears(second)});
  ivr.add<ScriptedFork>(Does{.uri = "/", .transitionOut = decides(first, end)});
  ask("/");
  EXPECT_EQ(first.input, kPressed);
  EXPECT_THAT(second.input, IsEmpty());
  EXPECT_THAT(second.digits, IsEmpty());
  EXPECT_THAT(second.speech, IsEmpty());
}

// 27
TEST_F(WhoSeesTheInput, TheFirstOfSeveralBranches) {
  ScriptedEnd& end = ivr.add<ScriptedEnd>(Does{.twimlFor = hears(third)});
  ScriptedFork& fork = ivr.add<ScriptedFork>(Does{.transitionOut = decides(second, end)});
  ivr.add<ScriptedFork>(Does{.uri = "/", .transitionOut = decides(first, fork)});
  ask("/");
  EXPECT_EQ(first.input, kPressed);
  EXPECT_THAT(second.input, IsEmpty());
  EXPECT_THAT(third.input, IsEmpty());
}

// 36, 37
TEST_F(WhoSeesTheInput, AMenuThatProcessesItButNoStateAfterIt) {
  ScriptedEnd& end = ivr.add<ScriptedEnd>(Does{.twimlFor = hears(third)});
  ScriptedFork& fork = ivr.add<ScriptedFork>(Does{.transitionOut = decides(second, end)});
  ivr.add<ScriptedMenu>(
      Does{.processTransitionUri = "/choice", .transitionOut = decides(first, fork)});
  ask("/choice");
  EXPECT_EQ(first.input, kPressed);
  EXPECT_THAT(second.input, IsEmpty());
  EXPECT_THAT(third.input, IsEmpty());
}

// 30, 37
TEST_F(WhoSeesTheInput, NoBackgroundTriggerAfterATransition) {
  ScriptedWait& wait =
      ivr.add<ScriptedWait>(Does{.backgroundTrigger = [&](Call& call) { second = Told{call}; }});
  ivr.add<ScriptedMenu>(
      Does{.processTransitionUri = "/choice", .transitionOut = decides(first, wait)});
  ask("/choice");
  EXPECT_EQ(second.sid, "CA1");
  EXPECT_THAT(second.input, IsEmpty());
}

// 39
TEST_F(WhoSeesTheInput, NotTheSameStateWhenItIsHeardAgain) {
  ScriptedMenu* menu = nullptr;
  menu = &ivr.add<ScriptedMenu>(Does{.processTransitionUri = "/choice",
                                     .twimlFor = hears(second),
                                     .transitionOut = [&](Call& call) {
                                       first = Told{call};
                                       return to(*menu);
                                     }});
  ask("/choice");
  EXPECT_EQ(first.digits, "1");
  EXPECT_THAT(second.digits, IsEmpty());
}

TEST_F(WhoSeesTheInput, AMenuWhoseDecisionComesLaterUntilItHasDecided) {
  std::optional<Answer<Next>> held;
  Call* seen = nullptr;
  ScriptedEnd& end = ivr.add<ScriptedEnd>(Does{.twimlFor = hears(second)});
  ivr.add<ScriptedMenu>(Does{.processTransitionUri = "/choice", .transitionOut = [&](Call& call) {
                               seen = &call;
                               return Later<Next>{[&](Answer<Next> answer) { held = answer; }};
                             }});
  Later<Response> response = ivr.handle(post("/choice", kPressed));
  ASSERT_TRUE(held);
  EXPECT_EQ(seen->digits(), "1");
  (*held)(to(end));
  EXPECT_EQ(std::move(response).get().status, 200);
  EXPECT_THAT(second.input, IsEmpty());
}

TEST_F(WhoSeesTheInput, ButEverybodyKnowsWhoCalls) {
  ScriptedEnd& end = ivr.add<ScriptedEnd>(Does{.twimlFor = hears(third)});
  ScriptedFork& fork = ivr.add<ScriptedFork>(Does{.transitionOut = decides(second, end)});
  ivr.add<ScriptedMenu>(
      Does{.processTransitionUri = "/choice", .transitionOut = decides(first, fork)});
  ask("/choice");
  for (const Told* told : {&first, &second, &third}) {
    EXPECT_EQ(told->sid, "CA1");
    EXPECT_EQ(told->from, "+14155550100");
    EXPECT_EQ(told->to, "+14155550199");
  }
}

TEST_F(WhoSeesTheInput, NoOtherCall) {
  ivr.add<ScriptedEnd>(Does{.uri = "/", .twimlFor = hears(first)});
  ask("/");
  ASSERT_EQ(answerOf(ivr, post("/", {{"CallSid", "CA2"}})).status, 200);
  EXPECT_EQ(first.sid, "CA2");
  EXPECT_THAT(first.digits, IsEmpty());
}

}  // namespace
