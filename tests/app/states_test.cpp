// Routes, and what the caller hears from the states behind them.
//
// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/states.hpp"

#include "support/app.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// An application that does not validate, and what it logs.
struct States : ::testing::Test {
  States() : ivr(config()) {}

  Config config() const {
    Config made = openConfig();
    made.log = log.log();
    return made;
  }
  Response ask(const std::string& target, const Form& form = {}) {
    return answerOf(ivr, post(target, form));
  }
  std::string heard(const std::string& target, const Form& form = {}) {
    return ask(target, form).body.text();
  }
  ScriptedEnd& end(std::string name, std::string uri = {}) {
    return ivr.add<ScriptedEnd>(Does{
        .name = name, .uri = std::move(uri), .twimlFor = [name](Call&) { return says(name); }});
  }
  ScriptedFork& fork(std::string name, const State& next, std::string uri = {}) {
    return ivr.add<ScriptedFork>(
        Does{.name = std::move(name), .uri = std::move(uri), .transitionOut = goesTo(next)});
  }

  CapturedLog log;
  Ivr ivr;
};

// --- Routes ---

// 11
TEST_F(States, AnApplicationCanBeMountedInAnOuterOne) {
  end("inner", "/inner");
  Ivr outer{openConfig()};
  outer.fallback([this](Request request) { return ivr.handle(std::move(request)); });
  EXPECT_THAT(answerOf(outer, post("/inner")).body.text(), HasSubstr("inner"));
}

// 13
TEST_F(States, AnEmptyListOfThemIsFine) { EXPECT_EQ(ask("/").status, 404); }

// 16, 25
TEST_F(States, AreAskedForByPostingToTheirUri) {
  end("Hours", "/hours");
  EXPECT_THAT(heard("/hours"), HasSubstr("<Say>Hours</Say>"));
}

// 16, 36
TEST_F(States, DecideByWhatIsPostedToTheirProcessTransitionUri) {
  ScriptedEnd& hours = end("Hours");
  ivr.add<ScriptedMenu>(Does{.processTransitionUri = "/choice", .transitionOut = goesTo(hours)});
  EXPECT_THAT(heard("/choice"), HasSubstr("Hours"));
}

TEST_F(States, MayHaveAProcessTransitionUriWithoutAUri) {
  ScriptedEnd& hours = end("Hours");
  ivr.add<ScriptedMenu>(Does{.processTransitionUri = "/choice", .transitionOut = goesTo(hours)});
  EXPECT_EQ(ask("/").status, 404);
}

class StatesMethods : public ::testing::TestWithParam<const char*> {};

// 17: as 405, which tells the operator more than 404
TEST_P(StatesMethods, OtherThanPostAreNotAllowed) {
  Ivr ivr{openConfig()};
  ivr.add<ScriptedMenu>(Does{.uri = "/menu", .processTransitionUri = "/menu/choice"});
  for (const char* target : {"/menu", "/menu/choice"}) {
    Request request = get(target);
    request.method = GetParam();
    const Response response = answerOf(ivr, request);
    EXPECT_EQ(response.status, 405) << target;
    EXPECT_EQ(header(response, "Allow"), "POST") << target;
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, StatesMethods,
                         ::testing::Values("GET", "HEAD", "PUT", "DELETE", "post"),
                         [](const auto& test) { return std::string{test.param}; });

// 45
TEST_F(States, AreNotFoundAtOtherPaths) {
  end("Hours", "/hours");
  EXPECT_EQ(ask("/hour").status, 404);
}

// 21
TEST_F(States, AreFoundWhateverTheQuery) {
  end("Hours", "/hours");
  EXPECT_EQ(ask("/hours?language=en&x=%zz").status, 200);
}

struct UriCase {
  const char* name;
  const char* uri;
  const char* target;
};

void PrintTo(const UriCase& test, std::ostream* out) { *out << test.name; }

class StatesUri : public ::testing::TestWithParam<UriCase> {};

// B13
TEST_P(StatesUri, IsPlainTextAndNoPattern) {
  Ivr ivr{openConfig()};
  ivr.add<ScriptedEnd>(Does{.uri = GetParam().uri});
  EXPECT_EQ(answerOf(ivr, post(GetParam().target)).status, 404);
}

INSTANTIATE_TEST_SUITE_P(Patterns, StatesUri,
                         ::testing::Values(UriCase{"Parameter", "/u/:id", "/u/7"},
                                           UriCase{"Star", "/u/*", "/u/7"},
                                           UriCase{"Group", "/(u|v)", "/u"},
                                           UriCase{"Dot", "/a.b", "/axb"},
                                           UriCase{"OtherCase", "/Menu", "/menu"},
                                           UriCase{"TrailingSlash", "/menu", "/menu/"},
                                           UriCase{"DoubledSlash", "/menu", "//menu"},
                                           UriCase{"DotSegment", "/menu", "/x/../menu"}),
                         [](const auto& test) { return std::string{test.param.name}; });

struct LinkCase {
  const char* name;
  const char* uri;
};

void PrintTo(const LinkCase& test, std::ostream* out) { *out << test.name; }

class StatesLinks : public ::testing::TestWithParam<LinkCase> {};

// B13
TEST_P(StatesLinks, LeadToTheStateThatTheyAreMadeFor) {
  const char* uri = GetParam().uri;
  std::string link;
  Ivr ivr{openConfig()};
  ivr.add<ScriptedEnd>(Does{.uri = "/start", .twimlFor = [&](Call& call) {
                              link = call.urlFor(uri);
                              return Twiml{};
                            }});
  ivr.add<ScriptedEnd>(Does{.uri = uri, .twimlFor = [](Call&) { return says("found"); }});
  ASSERT_EQ(answerOf(ivr, post("/start")).status, 200);
  EXPECT_THAT(answerOf(ivr, post(link)).body.text(), HasSubstr("found")) << link;
}

INSTANTIATE_TEST_SUITE_P(Uris, StatesLinks,
                         ::testing::Values(LinkCase{"Root", "/"}, LinkCase{"Colon", "/u/:id"},
                                           LinkCase{"Star", "/*"}, LinkCase{"Bar", "/(u|v)"},
                                           LinkCase{"Blank", "/lunch menu"},
                                           LinkCase{"Accent", "/caf\xC3\xA9"},
                                           LinkCase{"Percent", "/100%"}, LinkCase{"Plus", "/a+b"}),
                         [](const auto& test) { return std::string{test.param.name}; });

// 18
TEST_F(States, LeaveRoomForAddressesOfTheApplicationsOwn) {
  ivr.route("GET", "/health", Access::everyone,
            [](Request) -> Later<Response> { return plainText(200, "well"); });
  EXPECT_EQ(answerOf(ivr, get("/health?probe=1")).body.text(), "well");
}

// 18
TEST_F(States, RoutesOfTheApplicationGetTheRequestAsItCame) {
  std::optional<Request> seen;
  ivr.route("PUT", "/note", Access::everyone, [&](Request request) -> Later<Response> {
    seen = std::move(request);
    return plainText(200, "");
  });
  Request request{.method = "PUT", .target = "/note?a=%20", .body = "text"};
  request.headers.add("Content-Type", "text/plain");
  answerOf(ivr, request);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->target, "/note?a=%20");
  EXPECT_EQ(seen->body, "text");
  EXPECT_EQ(seen->headers.find("content-type"), "text/plain");
}

// 18, 45
TEST_F(States, TheFallbackAnswersWhatNothingElseMatches) {
  end("Hours", "/hours");
  ivr.fallback([](Request request) -> Later<Response> {
    return plainText(200, "outer " + request.method + ' ' + request.target + ' ' + request.body);
  });
  EXPECT_EQ(heard("/other?x=1", {{"Digits", "1"}}), "outer POST /other?x=1 Digits=1");
  EXPECT_THAT(heard("/hours"), HasSubstr("Hours"));
}

// --- What is heard ---

// 33
TEST_F(States, AnEmptyDocumentIsAnEmptyResponse) {
  ivr.add<ScriptedEnd>(Does{.uri = "/", .twimlFor = [](Call&) { return Twiml{}; }});
  EXPECT_EQ(heard("/"), Twiml{}.xml());
}

// 33
TEST_F(States, ADocumentGivenAsTextIsSentVerbatim) {
  const std::string text = "<Response>\n <Say  voice='alice'>Hello</Say>\n</Response>\n";
  ivr.add<ScriptedEnd>(Does{.uri = "/", .twimlFor = [&](Call&) { return Twiml::raw(text); }});
  EXPECT_EQ(heard("/"), text);
}

// 35, B5
TEST_F(States, AreHeardWithStatus200AsXml) {
  ivr.add<ScriptedEnd>(
      Does{.uri = "/", .twimlFor = [](Call&) { return Twiml::raw("<Response/>"); }});
  const Response response = ask("/");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(header(response, "Content-Type"), StartsWith("text/xml"));
}

// 34
TEST_F(States, AreHeardWhenTheirDocumentComesLater) {
  std::optional<Answer<Twiml>> held;
  ivr.add<ScriptedEnd>(Does{.uri = "/", .twimlFor = [&](Call&) {
                              return Later<Twiml>{[&](Answer<Twiml> answer) { held = answer; }};
                            }});
  Later<Response> response = ivr.handle(post("/"));
  ASSERT_FALSE(response.isSettled());
  (*held)(says("at last"));
  ASSERT_TRUE(response.isSettled());
  EXPECT_THAT(std::move(response).get().body.text(), HasSubstr("at last"));
}

// 28
TEST_F(States, ARenderableOneIsNotAskedForADecisionWhenItIsAskedFor) {
  bool decided = false;
  ivr.add<ScriptedMenu>(Does{.uri = "/menu",
                             .processTransitionUri = "/choice",
                             .twimlFor = [](Call&) { return says("menu"); },
                             .transitionOut =
                                 [&](Call&) {
                                   decided = true;
                                   return Next{};
                                 }});
  EXPECT_THAT(heard("/menu"), HasSubstr("menu"));
  EXPECT_FALSE(decided);
}

// 32
TEST_F(States, TheBackgroundTriggerRunsJustBeforeTheDocumentIsMade) {
  std::vector<std::string> order;
  ivr.add<ScriptedWait>(
      Does{.uri = "/",
           .twimlFor =
               [&](Call&) {
                 order.emplace_back("twimlFor");
                 return Twiml{};
               },
           .backgroundTrigger = [&](Call&) { order.emplace_back("backgroundTrigger"); }});
  EXPECT_EQ(ask("/").status, 200);
  EXPECT_THAT(order, ElementsAre("backgroundTrigger", "twimlFor"));
}

// 32
TEST_F(States, TheBackgroundTriggerRunsOnceAlsoAfterATransition) {
  int triggered = 0;
  ScriptedWait& wait =
      ivr.add<ScriptedWait>(Does{.twimlFor = [](Call&) { return says("wait"); },
                                 .backgroundTrigger = [&](Call&) { ++triggered; }});
  ivr.add<ScriptedMenu>(Does{.processTransitionUri = "/choice", .transitionOut = goesTo(wait)});
  EXPECT_THAT(heard("/choice"), HasSubstr("wait"));
  EXPECT_EQ(triggered, 1);
}

// --- Transitions ---

// 26
TEST_F(States, ABranchingOneIsAskedWhereToGoWhenItIsAskedFor) {
  fork("Fork", end("Hours"), "/fork");
  EXPECT_THAT(heard("/fork"), HasSubstr("Hours"));
}

// 27
TEST_F(States, BranchesAreFollowedToTheFirstThatIsHeard) {
  ScriptedEnd& hours = end("Hours");
  fork("First", fork("Second", fork("Third", hours)), "/first");
  EXPECT_THAT(heard("/first"), HasSubstr("Hours"));
}

// 37, 38
TEST_F(States, ARenderableOneReachedByATransitionIsNotAskedForADecision) {
  bool decided = false;
  ScriptedMenu& menu = ivr.add<ScriptedMenu>(Does{.processTransitionUri = "/menu",
                                                  .twimlFor = [](Call&) { return says("menu"); },
                                                  .transitionOut =
                                                      [&](Call&) {
                                                        decided = true;
                                                        return Next{};
                                                      }});
  fork("Fork", menu, "/fork");
  EXPECT_THAT(heard("/fork"), HasSubstr("menu"));
  EXPECT_FALSE(decided);
}

// 29
TEST_F(States, DecisionsMayComeLater) {
  std::optional<Answer<Next>> held;
  ScriptedEnd& hours = end("Hours");
  ivr.add<ScriptedFork>(Does{.uri = "/fork", .transitionOut = [&](Call&) {
                               return Later<Next>{[&](Answer<Next> answer) { held = answer; }};
                             }});
  Later<Response> response = ivr.handle(post("/fork"));
  ASSERT_FALSE(response.isSettled());
  (*held)(to(hours));
  EXPECT_THAT(std::move(response).get().body.text(), HasSubstr("Hours"));
}

// 31
TEST_F(States, OfEveryKindMayBeReachedByATransition) {
  const auto heardAs = [](const char* name) { return [name](Call&) { return says(name); }; };
  fork("1", ivr.add<ScriptedEnd>(Does{.twimlFor = heardAs("end")}), "/1");
  fork("2", ivr.add<ScriptedEnd>(Does{.uri = "/end", .twimlFor = heardAs("routable")}), "/2");
  fork("3", ivr.add<ScriptedWait>(Does{.twimlFor = heardAs("asynchronous")}), "/3");
  fork("4",
       ivr.add<ScriptedMenu>(Does{.processTransitionUri = "/c", .twimlFor = heardAs("normal")}),
       "/4");
  EXPECT_THAT(heard("/1"), HasSubstr("end"));
  EXPECT_THAT(heard("/2"), HasSubstr("routable"));
  EXPECT_THAT(heard("/3"), HasSubstr("asynchronous"));
  EXPECT_THAT(heard("/4"), HasSubstr("normal"));
}

struct Again final : NormalState {
  std::string processTransitionUri() const override { return "/again"; }
  Later<Twiml> twimlFor(Call&) override { return says("once more"); }
  Later<Next> transitionOut(Call&) override { return to<Again>(); }
};

// 39
TEST_F(States, ATransitionToTheSameStateIsHeardAgain) {
  ivr.add<Again>();
  EXPECT_THAT(heard("/again"), HasSubstr("once more"));
}

struct Circular;
struct Menu final : BranchingState {
  std::string uri() const override { return "/menu"; }
  Later<Next> transitionOut(Call&) override { return to<Circular>(); }
};
struct Circular final : EndState {
  Later<Twiml> twimlFor(Call&) override { return says("circular"); }
};

TEST_F(States, AreReachedByAClassThatIsOnlyDeclared) {
  ivr.add<Menu>();
  ivr.add<Circular>();
  EXPECT_THAT(heard("/menu"), HasSubstr("circular"));
}

TEST_F(States, AddedByPointerAreReachedByTheirClass) {
  ivr.add<Menu>();
  ivr.add(std::make_shared<Circular>());
  EXPECT_THAT(heard("/menu"), HasSubstr("circular"));
}

// 40, B3, B4
TEST_F(States, ATransitionToAClassThatWasNotAddedIsAnErrorThatNamesBoth) {
  ivr.add<Menu>();
  EXPECT_THAT(heard("/menu"), Not(HasSubstr("circular")));
  EXPECT_THAT(log.text(), HasSubstr("Menu"));
  EXPECT_THAT(log.text(), HasSubstr("Circular"));
}

// 40, B3, B4
TEST_F(States, ATransitionToAnObjectThatWasNotAddedIsAnErrorThatNamesBoth) {
  ScriptedEnd stray{Does{.name = "Stray", .twimlFor = [](Call&) { return says("strayed"); }}};
  fork("Fork", stray, "/fork");
  EXPECT_THAT(heard("/fork"), Not(HasSubstr("strayed")));
  EXPECT_THAT(log.text(), HasSubstr("Fork"));
  EXPECT_THAT(log.text(), HasSubstr("Stray"));
}

struct B;
struct A final : BranchingState {
  std::string uri() const override { return "/a"; }
  Later<Next> transitionOut(Call&) override { return to<B>(); }
};
struct B final : BranchingState {
  Later<Next> transitionOut(Call&) override { return to<A>(); }
};

// B8
TEST_F(States, ACycleOfBranchesIsAnErrorThatNamesIt) {
  ivr.add<A>();
  ivr.add<B>();
  EXPECT_THAT(heard("/a"), HasSubstr("<Hangup"));
  EXPECT_THAT(log.text(), HasSubstr("A -> B -> A"));
}

struct Itself final : BranchingState {
  std::string uri() const override { return "/itself"; }
  Later<Next> transitionOut(Call&) override { return to<Itself>(); }
};

// B8
TEST_F(States, ABranchToItselfIsACycle) {
  ivr.add<Itself>();
  EXPECT_THAT(heard("/itself"), HasSubstr("<Hangup"));
  EXPECT_THAT(log.text(), HasSubstr("Itself -> Itself"));
}

// B8
TEST_F(States, ACycleBehindAMenuIsAnError) {
  ivr.add<A>();
  ivr.add<B>();
  ivr.add<ScriptedMenu>(
      Does{.processTransitionUri = "/choice", .transitionOut = [](Call&) { return to<B>(); }});
  EXPECT_THAT(heard("/choice"), HasSubstr("<Hangup"));
  EXPECT_THAT(log.text(), AnyOf(HasSubstr("A -> B -> A"), HasSubstr("B -> A -> B")));
}

/// A chain of `hops` branches from `/first` to what is heard.
void addChain(Ivr& ivr, int hops) {
  const State* next =
      &ivr.add<ScriptedEnd>(Does{.twimlFor = [](Call&) { return says("the end"); }});
  for (int hop = 0; hop < hops; ++hop) {
    next = &ivr.add<ScriptedFork>(Does{.name = "Hop" + std::to_string(hop),
                                       .uri = hop + 1 == hops ? "/first" : "",
                                       .transitionOut = goesTo(*next)});
  }
}

// B8
TEST_F(States, AHundredBranchesInARowAreFollowed) {
  addChain(ivr, 100);
  EXPECT_THAT(heard("/first"), HasSubstr("the end"));
}

// B8
TEST_F(States, MoreThanAHundredBranchesInARowAreAnError) {
  addChain(ivr, 101);
  EXPECT_THAT(heard("/first"), HasSubstr("<Hangup"));
  EXPECT_THAT(log.text(), HasSubstr("outcome=failed"));
}

// 41
TEST_F(States, ADecisionThatLeadsNowhereIsAnErrorThatNamesTheState) {
  ivr.add<ScriptedFork>(
      Does{.name = "Undecided", .uri = "/", .transitionOut = [](Call&) { return Next{}; }});
  EXPECT_THAT(heard("/"), HasSubstr("<Hangup"));
  EXPECT_THAT(log.text(), HasSubstr("Undecided"));
}

// 10
TEST_F(States, MayHaveTheSameName) {
  end("Dummy", "/1");
  end("Dummy", "/2");
  EXPECT_NO_THROW(ivr.mount());
}

}  // namespace
