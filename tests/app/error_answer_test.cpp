// What the provider, the caller and the operator get when a state fails.
//
// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/app.hpp"
#include "support/states.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kTrouble = "trouble in database.cpp at 0x7f";

[[noreturn]] void fail() { throw std::runtime_error{kTrouble}; }

template <class T>
Later<T> dropped() {
  return Later<T>{[](const Answer<T>&) {}};
}

template <class T>
Later<T> failedLater() {
  return Later<T>{[](const Answer<T>& answer) { answer.fail(std::runtime_error{kTrouble}); }};
}

Request ask(const char* target) { return post(target, {{"CallSid", "CA1"}}); }

MATCHER(IsApology, "a built-in apology that ends the call") {
  const std::string body = arg.body.text();
  *result_listener << arg.status << ": " << body;
  return arg.status == 200 && header(arg, "Content-Type").starts_with("text/xml") &&
         body.find("<Say>") != std::string::npos && body.find("<Hangup") != std::string::npos;
}

// --- Every way to fail ---

struct Failure {
  const char* name;
  Does does;
};

void PrintTo(const Failure& failure, std::ostream* out) { *out << failure.name; }

/// An application whose menu at `/menu` and `/choice` fails in some way, beside a healthy state.
struct Failing {
  explicit Failing(Does does, Config config = openConfig()) : ivr(withLog(std::move(config))) {
    does.name = "Failing";
    does.uri = "/menu";
    does.processTransitionUri = "/choice";
    ivr.add<ScriptedMenu>(std::move(does));
    ivr.add<ScriptedEnd>(Does{.uri = "/healthy"});
  }
  Config withLog(Config config) const {
    config.log = log.log();
    return config;
  }

  CapturedLog log;
  Ivr ivr;
};

class ErrorAnswerTo : public ::testing::TestWithParam<Failure> {
 protected:
  static const char* target() { return GetParam().does.uri.c_str(); }
};

// 41, 42, 43, B6, B9
TEST_P(ErrorAnswerTo, IsAnApologyThatEndsTheCall) {
  Failing failing{GetParam().does};
  EXPECT_THAT(answerOf(failing.ivr, ask(target())), IsApology());
}

// B10
TEST_P(ErrorAnswerTo, TellsTheCallerNothingOfTheReason) {
  Failing failing{GetParam().does};
  const std::string body = answerOf(failing.ivr, ask(target())).body.text();
  for (const char* detail :
       {"trouble", "0x7f", "unknown exception", "Failing", "dropped", "rror{"}) {
    EXPECT_THAT(body, Not(HasSubstr(detail)));
  }
}

// 44, B11
TEST_P(ErrorAnswerTo, IsLoggedWithTheStateAndTheCall) {
  Failing failing{GetParam().does};
  answerOf(failing.ivr, ask(target()));
  EXPECT_THAT(failing.log.text(), AllOf(HasSubstr("Failing"), HasSubstr("CA1"),
                                        HasSubstr("outcome=failed"), HasSubstr("error=")));
}

// 41
TEST_P(ErrorAnswerTo, LeavesTheApplicationWorking) {
  Failing failing{GetParam().does};
  answerOf(failing.ivr, ask(target()));
  EXPECT_EQ(answerOf(failing.ivr, ask("/healthy")).status, 200);
}

// B10
TEST_P(ErrorAnswerTo, MayBeAStatusForTheFallbackUrlOfTheNumber) {
  Config config = openConfig();
  config.errorAnswer = ErrorAnswer::status;
  Failing failing{GetParam().does, config};
  const Response response = answerOf(failing.ivr, ask(target()));
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body.text(), Not(HasSubstr("trouble")));
  EXPECT_THAT(response.body.text(), Not(HasSubstr("<")));
}

/// A failure of the document; `uri` only tells the test where to ask.
Failure hearing(const char* name, std::function<Later<Twiml>(Call&)> twimlFor) {
  return {name, {.uri = "/menu", .twimlFor = std::move(twimlFor)}};
}
Failure deciding(const char* name, std::function<Later<Next>(Call&)> transitionOut) {
  return {name, {.uri = "/choice", .transitionOut = std::move(transitionOut)}};
}
Failure triggering(const char* name, std::function<void(Call&)> backgroundTrigger) {
  return {name, {.uri = "/menu", .backgroundTrigger = std::move(backgroundTrigger)}};
}

struct NeverAdded;

INSTANTIATE_TEST_SUITE_P(
    Failures, ErrorAnswerTo,
    ::testing::Values(
        hearing("TwimlForThrows", [](Call&) -> Twiml { fail(); }),
        hearing("TwimlForThrowsWhatIsNoException", [](Call&) -> Twiml { throw 42; }),
        hearing("TwimlForFailsLater", [](Call&) { return failedLater<Twiml>(); }),
        hearing("TwimlForDropsItsAnswer", [](Call&) { return dropped<Twiml>(); }),
        hearing("TwimlForMakesNoXml", [](Call&) { return Twiml::raw("undefined"); }),
        hearing("UrlForThrows",
                [](Call& call) {
                  return Twiml{Play{call.urlFor(
                      "/a.mp3", {.query = UrlOptions::Query{{"a", "b"}}, .fingerprint = true})}};
                }),
        triggering("BackgroundTriggerThrows", [](Call&) { fail(); }),
        triggering("BackgroundTriggerThrowsWhatIsNoException", [](Call&) { throw 42; }),
        deciding("TransitionOutThrows", [](Call&) -> Next { fail(); }),
        deciding("TransitionOutThrowsWhatIsNoException", [](Call&) -> Next { throw 42; }),
        deciding("TransitionOutFailsLater", [](Call&) { return failedLater<Next>(); }),
        deciding("TransitionOutDropsItsAnswer", [](Call&) { return dropped<Next>(); }),
        deciding("TransitionOutLeadsNowhere", [](Call&) { return Next{}; }),
        deciding("TransitionOutLeadsToAStateThatWasNotAdded",
                 [](Call&) { return to<NeverAdded>(); })),
    [](const auto& test) { return std::string{test.param.name}; });

// 43
TEST(ErrorAnswer, TwimlForIsNotCalledWhenTheBackgroundTriggerThrew) {
  bool wasCalled = false;
  Failing failing{Does{.twimlFor =
                           [&](Call&) {
                             wasCalled = true;
                             return Twiml{};
                           },
                       .backgroundTrigger = [](Call&) { fail(); }}};
  EXPECT_THAT(answerOf(failing.ivr, ask("/menu")), IsApology());
  EXPECT_FALSE(wasCalled);
}

TEST(ErrorAnswer, MayComeFromAnotherThread) {
  std::thread worker;
  Failing failing{Does{.twimlFor = [&](Call&) {
    return Later<Twiml>{[&](const Answer<Twiml>& answer) {
      worker = std::thread{[answer] { answer.fail(std::runtime_error{kTrouble}); }};
    }};
  }}};
  const Response response = answerOf(failing.ivr, ask("/menu"));
  worker.join();
  EXPECT_THAT(response, IsApology());
}

TEST(ErrorAnswer, IsNotNeededForAnAnswerFromAnotherThread) {
  std::thread worker;
  Failing failing{Does{.twimlFor = [&](Call&) {
    return Later<Twiml>{[&](const Answer<Twiml>& answer) {
      worker = std::thread{[answer] { answer(says("from afar")); }};
    }};
  }}};
  const Response response = answerOf(failing.ivr, ask("/menu"));
  worker.join();
  EXPECT_THAT(response.body.text(), HasSubstr("from afar"));
}

// B9
TEST(ErrorAnswer, ComesWhenTheLastHolderOfAnAnswerDropsIt) {
  std::optional<Answer<Next>> held;
  Failing failing{Does{.transitionOut = [&](Call&) {
    return Later<Next>{[&](const Answer<Next>& answer) { held = answer; }};
  }}};
  Later<Response> response = failing.ivr.handle(ask("/choice"));
  EXPECT_FALSE(response.isSettled());
  held.reset();
  ASSERT_TRUE(response.isSettled());
  EXPECT_THAT(std::move(response).get(), IsApology());
}

// --- A failure behind a transition ---

struct Trouble : std::exception {
  explicit Trouble(int number) : code(number) {}
  int code;
};

/// A menu called Origin at `/choice` that leads to one called Destination, which fails; Destination
/// is at `/destination` as well.
struct Transition {
  explicit Transition(Config config) : ivr(withLog(std::move(config))) {
    const auto& destination = ivr.add<ScriptedEnd>(
        Does{.name = "Destination", .uri = "/destination", .twimlFor = [](Call&) -> Twiml {
               throw Trouble{7};
             }});
    ivr.add<ScriptedMenu>(Does{
        .name = "Origin", .processTransitionUri = "/choice", .transitionOut = goesTo(destination)});
    ivr.add<ScriptedFork>(Does{.name = "Undecided", .uri = "/undecided"});
  }
  Config withLog(Config config) const {
    config.log = log.log();
    return config;
  }

  CapturedLog log;
  Ivr ivr;
};

Config withOnError(std::function<Twiml(const CallError&)> onError) {
  Config config = openConfig();
  config.onError = std::move(onError);
  return config;
}

/// What `onError` is told about a request to `target`.
CallError errorOf(const char* target) {
  std::optional<CallError> seen;
  Transition transition{withOnError([&](const CallError& error) {
    seen = error;
    return Twiml{};
  })};
  answerOf(transition.ivr, ask(target));
  return seen.value_or(CallError{});
}

// 44
TEST(ErrorAnswer, IsLoggedWithBothStatesOfATransition) {
  Transition transition{openConfig()};
  answerOf(transition.ivr, ask("/choice"));
  EXPECT_THAT(transition.log.text(),
              AllOf(HasSubstr("Origin"), HasSubstr("Destination"), HasSubstr("CA1")));
}

// 44
TEST(ErrorAnswer, IsLoggedWithTheReason) {
  Failing failing{Does{.twimlFor = [](Call&) -> Twiml { fail(); }}};
  answerOf(failing.ivr, ask("/menu"));
  EXPECT_THAT(failing.log.text(), HasSubstr(kTrouble));
}

// 41
TEST(ErrorAnswer, OnErrorSeesTheOriginalException) {
  const CallError error = errorOf("/choice");
  ASSERT_TRUE(error.error);
  try {
    std::rethrow_exception(error.error);
  } catch (const Trouble& trouble) {
    EXPECT_EQ(trouble.code, 7);
  }
}

TEST(ErrorAnswer, OnErrorIsToldBothStatesOfATransition) {
  const CallError error = errorOf("/choice");
  EXPECT_EQ(error.state, "Origin");
  EXPECT_EQ(error.nextState, "Destination");
}

TEST(ErrorAnswer, OnErrorIsToldTheStateThatWasAskedForDirectly) {
  const CallError error = errorOf("/destination");
  EXPECT_EQ(error.state, "Destination");
}

TEST(ErrorAnswer, OnErrorIsToldOfNoNextStateIfNoneWasFound) {
  const CallError error = errorOf("/undecided");
  EXPECT_EQ(error.state, "Undecided");
  EXPECT_THAT(error.nextState, IsEmpty());
}

TEST(ErrorAnswer, OnErrorIsToldTheCall) { EXPECT_EQ(errorOf("/choice").callSid, "CA1"); }

// B10
TEST(ErrorAnswer, IsTheDocumentOfOnError) {
  Transition transition{
      withOnError([](const CallError&) { return says("Try the other number."); })};
  const Response response = answerOf(transition.ivr, ask("/choice"));
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(header(response, "Content-Type"), StartsWith("text/xml"));
  EXPECT_EQ(response.body.text(), says("Try the other number.").xml());
}

TEST(ErrorAnswer, IsTheApologyWhenOnErrorThrows) {
  Transition transition{withOnError([](const CallError&) -> Twiml { fail(); })};
  EXPECT_THAT(answerOf(transition.ivr, ask("/choice")), IsApology());
}

TEST(ErrorAnswer, IsTheApologyWhenOnErrorThrowsWhatIsNoException) {
  Transition transition{withOnError([](const CallError&) -> Twiml { throw 42; })};
  EXPECT_THAT(answerOf(transition.ivr, ask("/choice")), IsApology());
}

TEST(ErrorAnswer, IsLoggedTwiceWhenOnErrorThrowsToo) {
  Transition transition{withOnError([](const CallError&) -> Twiml { fail(); })};
  answerOf(transition.ivr, ask("/choice"));
  EXPECT_THAT(transition.log.text(), AllOf(HasSubstr("Origin"), HasSubstr(kTrouble)));
}

TEST(ErrorAnswer, OnErrorIsNotAskedAboutRefusals) {
  bool wasAsked = false;
  Config config = signedConfig();
  config.onError = [&](const CallError&) {
    wasAsked = true;
    return Twiml{};
  };
  Transition transition{config};
  EXPECT_EQ(answerOf(transition.ivr, ask("/choice")).status, 403);
  EXPECT_FALSE(wasAsked);
}

// --- The application's own addresses ---

struct FailingHandler {
  const char* name;
  http::Handler handler;
};

void PrintTo(const FailingHandler& failing, std::ostream* out) { *out << failing.name; }

class ErrorAnswerOfRoute : public ::testing::TestWithParam<FailingHandler> {};

// B10
TEST_P(ErrorAnswerOfRoute, IsA500ThatSaysNothing) {
  CapturedLog log;
  Config config = openConfig();
  config.log = log.log();
  Ivr ivr{config};
  ivr.route("GET", "/own", Access::everyone, GetParam().handler);
  ivr.fallback(GetParam().handler);
  for (const char* target : {"/own", "/other"}) {
    const Response response = answerOf(ivr, get(target));
    EXPECT_EQ(response.status, 500) << target;
    EXPECT_THAT(response.body.text(), Not(HasSubstr("trouble"))) << target;
  }
  EXPECT_THAT(log.text(), HasSubstr(kTrouble));
}

INSTANTIATE_TEST_SUITE_P(
    Handlers, ErrorAnswerOfRoute,
    ::testing::Values(FailingHandler{"Throws", [](Request) -> Later<Response> { fail(); }},
                      FailingHandler{"FailsLater",
                                     [](Request) { return failedLater<Response>(); }}),
    [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
