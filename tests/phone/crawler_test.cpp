// Crawls: what is tried, what is found, and what ends them.

#include "ivr/phone/crawler.hpp"

#include "ivr/core/error.hpp"
#include "ivr/http/handler_transport.hpp"
#include "ivr/security/signature.hpp"
#include "phone/scripted_application.hpp"
#include "support/app.hpp"
#include "support/states.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace std::chrono_literals;
using ivr::support::Does;
using ivr::support::kApplicationUrl;
using ivr::support::ScriptedApplication;
using ivr::support::SeenRequest;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

struct Crawling : ::testing::Test {
  Crawling() {
    options.number.voiceUrl = std::string{kApplicationUrl} + "/voice";
    options.provider.transport = application;
    options.provider.waitsForAnswers = false;
    options.provider.authToken = "token";
    // Only what a test is about: its documents are short.
    options.ignored = {"lint", "silent-loop"};
  }

  const MenuGraph& crawl() { return graph = phone::crawl(loop, options); }

  /// What was pressed and said at `path`, in the order of the requests.
  [[nodiscard]] std::vector<std::string> answersAt(std::string_view path) const {
    std::vector<std::string> answers;
    for (const SeenRequest& request : application->seen(path)) {
      const auto digits = request.fields.find("Digits");
      const auto words = request.fields.find("SpeechResult");
      if (digits) answers.emplace_back(*digits);
      if (words) answers.emplace_back(*words);
    }
    return answers;
  }
  [[nodiscard]] std::vector<std::string> findings() const {
    std::vector<std::string> all;
    for (const MenuFinding& finding : graph.findings) all.push_back(describe(finding));
    return all;
  }
  /// `Q1 1 -> Q2`: where each act leads.
  [[nodiscard]] std::vector<std::string> ways() const {
    std::vector<std::string> all;
    for (const MenuEdge& edge : graph.edges) {
      if (edge.from == 0) continue;
      all.push_back(graph.nodes[edge.from].id + ' ' + describe(MenuPath{edge.step}) + " -> " +
                    graph.nodes[edge.to].id);
    }
    return all;
  }

  std::shared_ptr<ScriptedApplication> application = std::make_shared<ScriptedApplication>();
  std::shared_ptr<EventLoop> loop = std::make_shared<EventLoop>();
  CrawlOptions options;
  MenuGraph graph;
};

TEST_F(Crawling, TriesEveryKeyAndSilence) {
  application->say("/voice",
                   "<Gather numDigits='1' action='/a'><Say>Key?</Say></Gather>"
                   "<Say>Bye.</Say>");
  application->say("/a", "<Say>Thanks.</Say>");
  crawl();
  EXPECT_THAT(answersAt("/a"), ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*"));
  EXPECT_THAT(ways(), Contains("Q1 silence -> E2"));
  EXPECT_THAT(ways(), Contains("Q1 press # -> E2"));  // finishes without a digit
  EXPECT_EQ(graph.calls, 14U);
  EXPECT_THAT(findings(), IsEmpty());
  EXPECT_THAT(graph.bounds, IsEmpty());
}

TEST_F(Crawling, TriesAnswersOfTheRightLengthShortFinishedAndOddWhereSeveralKeysAreAskedFor) {
  application->say("/voice", "<Gather numDigits='5' action='/a'><Say>Code?</Say></Gather>");
  application->say("/a", "<Say>Thanks.</Say>");
  options.answers = {"10001", "1"};
  crawl();
  EXPECT_THAT(answersAt("/a"), ElementsAre("12345", "1234", "1234", "*****", "10001"));
}

TEST_F(Crawling, TriesSingleKeysWhereAnyNumberIsAskedFor) {
  application->say("/voice", "<Gather action='/a'><Say>Code?</Say></Gather>");
  application->say("/a", "<Say>Thanks.</Say>");
  options.answers = {"4711"};
  crawl();
  EXPECT_THAT(answersAt("/a"),
              ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "4711"));
}

TEST_F(Crawling, SaysEachHintAndAStrangersWords) {
  application->say("/voice",
                   "<Gather input='speech' hints='salami, ham,$OOV_CLASS_X' action='/a'>"
                   "<Say>Which?</Say></Gather><Say>Bye.</Say>");
  application->say("/a", "<Say>Thanks.</Say>");
  crawl();
  EXPECT_THAT(answersAt("/a"), ElementsAre("salami", "ham", "Rhubarb, rhubarb."));
}

/// Asks again until the caller was silent, or odd, three times.
void beAskedThrice(ScriptedApplication& application) {
  application.answer("/voice", [](const SeenRequest&) {
    return ScriptedApplication::document(
        "<Gather numDigits='1' "
        "action='/a'><Say>Key?</Say></Gather><Redirect>/a</Redirect>");
  });
  auto counts = std::make_shared<std::map<std::string, int>>();
  application.answer("/a", [counts](const SeenRequest& request) {
    if (request.fields.get("Digits") == "1") {
      return ScriptedApplication::document("<Say>One.</Say>");
    }
    const int count = ++(*counts)[std::string{request.fields.get("CallSid")}];
    if (count > 2) return ScriptedApplication::document("<Say>Goodbye.</Say>");
    return ScriptedApplication::document(
        "<Gather numDigits='1' action='/a'><Say>Once more.</Say></Gather>"
        "<Redirect>/a</Redirect>");
  });
}

TEST_F(Crawling, RepeatsSilenceAndNonsenseUntilTheQuestionChanges) {
  beAskedThrice(*application);
  crawl();
  EXPECT_THAT(ways(), Contains("Q2 silence (2 times) -> E2"));
  EXPECT_THAT(ways(), Contains("Q2 press * (2 times) -> E2"));
  EXPECT_THAT(ways(), Contains("Q2 press 0 -> Q2"));
}

TEST_F(Crawling, RepeatsThemFiveTimesAtMost) {
  application->say("/voice",
                   "<Gather numDigits='1' action='/voice'><Say>Key?</Say></Gather>"
                   "<Redirect>/voice</Redirect>");
  options.ignored = {"lint", "loop"};
  crawl();
  EXPECT_THAT(ways(), Contains("Q1 silence (5 times) -> Q1"));
  EXPECT_THAT(ways(), Contains("Q1 press * (5 times) -> Q1"));
  EXPECT_THAT(findings(),
              ElementsAre("silent-loop: /voice: a caller who is silent never gets out of Q1; after "
                          "silence (5 times)"));
}

TEST_F(Crawling, TakesDocumentsThatDifferOnlyInWhatIsGeneratedForOneQuestion) {
  auto count = std::make_shared<int>(0);
  application->answer("/voice", [count](const SeenRequest& request) {
    return ScriptedApplication::document(
        "<Gather numDigits='1' action='/voice?c=" + std::string{request.fields.get("CallSid")} +
        "'><Say>It is 10:" + std::to_string(10 + ++*count % 50) +
        ".</Say></Gather><Say>Bye.</Say>");
  });
  crawl();
  EXPECT_EQ(graph.count(MenuNode::Kind::question), 2U);  // at two addresses
}

TEST_F(Crawling, TellsGathersOfOneDocumentApart) {
  application->say("/voice",
                   "<Gather numDigits='1' action='/a'><Say>One?</Say></Gather>"
                   "<Gather numDigits='1' action='/b'><Say>Two?</Say></Gather>"
                   "<Say>Bye.</Say>");
  application->say("/a", "<Say>A.</Say>");
  application->say("/b", "<Say>B.</Say>");
  crawl();
  EXPECT_THAT(ways(), Contains("Q1 silence -> Q2"));
  EXPECT_THAT(ways(), Contains("Q2 press 1 -> E2"));
}

TEST_F(Crawling, GoesEachWayInACallOfItsOwn) {
  beAskedThrice(*application);
  crawl();
  std::vector<std::string> first;
  for (const SeenRequest& request : application->seen("/voice")) {
    first.emplace_back(request.fields.get("CallSid"));
  }
  EXPECT_EQ(first.size(), graph.calls);
  std::ranges::sort(first);
  EXPECT_EQ(std::ranges::adjacent_find(first), first.end());
}

TEST_F(Crawling, HangsUpAtEveryQuestion) {
  beAskedThrice(*application);
  options.number.statusCallback = std::string{kApplicationUrl} + "/over";
  application->status("/over", 500);
  crawl();
  EXPECT_EQ(application->seen("/over").size(), graph.calls);
  EXPECT_THAT(findings(), Contains(HasSubstr("http: /over: answers 500; after hang up")));
}

TEST_F(Crawling, FindsTheSameWithSeveralCallsAtATime) {
  beAskedThrice(*application);
  crawl();
  const std::string one = textOf(graph);
  options.callsAtOnce = 7;
  options.provider.seed = 2;  // other calls, which the application does not know
  EXPECT_EQ(textOf(crawl()), one);
}

// ---- What is found.

TEST_F(Crawling, FindsDeadEnds) {
  application->say("/voice",
                   "<Gather numDigits='1' action='/a'><Say>Key?</Say></Gather>"
                   "<Say>Bye.</Say>");
  application->say("/a", "<Hangup/>");
  crawl();
  EXPECT_THAT(findings(), ElementsAre("dead-end: /a: the call ends, and nothing was said; after "
                                      "press 0, and 10 times more"));
}

TEST_F(Crawling, TakesNoRefusalForADeadEnd) {
  application->say("/voice", "<Reject reason='busy'/>");
  crawl();
  EXPECT_THAT(findings(), IsEmpty());
  EXPECT_EQ(graph.nodes.at(1).detail, "busy");
}

TEST_F(Crawling, FindsLoopsWithoutAWayOut) {
  application->say("/voice",
                   "<Gather numDigits='1' action='/b'><Say>A?</Say></Gather>"
                   "<Redirect>/b</Redirect>");
  application->say("/b",
                   "<Gather numDigits='1' action='/voice'><Say>B?</Say></Gather>"
                   "<Redirect>/voice</Redirect>");
  crawl();
  EXPECT_THAT(findings(),
              ElementsAre("loop: /voice: no answer leads out of Q1, Q2; after the beginning"));
}

TEST_F(Crawling, FindsCallsThatGoOnAndOnWithoutAQuestion) {
  application->say("/voice", "<Say>Please hold.</Say><Redirect>/voice</Redirect>");
  crawl();
  EXPECT_THAT(findings(), ElementsAre(HasSubstr("loop: /voice: the call goes on and on")));
  EXPECT_EQ(graph.count(MenuNode::Kind::endless), 1U);
}

TEST_F(Crawling, FindsSilence) {
  application->say("/voice", "<Say>Well.</Say><Pause length='12'/><Say>Bye.</Say>");
  crawl();
  EXPECT_THAT(findings(),
              ElementsAre("silence: /voice: nothing is heard for 12 s; after the beginning"));
  options.silence = 12s;
  crawl();
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(Crawling, FindsMissingAudio) {
  application->say("/voice", "<Play>/missing.mp3</Play><Say>Bye.</Say>");
  crawl();
  EXPECT_THAT(findings(), Contains(HasSubstr("missing-audio: /missing.mp3: answers 404")));
}

TEST_F(Crawling, FindsWhatTheLintFindsOnceForEachDocument) {
  application->say("/voice",
                   "<Gather numDigits='1' action='/a'><Say vioce='man'>Key?</Say>"
                   "</Gather><Say>Bye.</Say>");
  application->say("/a", "<Say>Thanks.</Say>");
  options.ignored = {"warning"};
  crawl();
  EXPECT_THAT(findings(),
              ElementsAre(HasSubstr("lint[unknown-attribute]: /voice: line 1, column ")));
}

TEST_F(Crawling, FindsAddressesThatAnswerWithAnErrorAndErrorsOfTheProvider) {
  application->say("/voice",
                   "<Gather numDigits='1' action='/a'><Say>Key?</Say></Gather>"
                   "<Redirect>/b</Redirect>");
  application->answer("/b", [](const SeenRequest&) {
    return ScriptedApplication::typed("text/xml", "<Response><Say>Fish & chips</Say></Response>");
  });
  crawl();
  EXPECT_THAT(findings(), Contains("http: /a: answers 404; after press 0, and 10 times more"));
  EXPECT_THAT(findings(), Contains(HasSubstr("error[12100]: /b: ")));
  EXPECT_THAT(findings(), Not(Contains(HasSubstr("11217"))));  // told with the address
}

TEST_F(Crawling, FindsWaysThatLeadElsewhereTheNextTime) {
  auto count = std::make_shared<int>(0);
  application->answer("/voice", [count](const SeenRequest&) {
    return ScriptedApplication::document("<Gather numDigits='1' action='/a'><Say>Number " +
                                         std::to_string(++*count) + "?</Say></Gather>");
  });
  crawl();
  EXPECT_THAT(findings(), Contains(HasSubstr("differs: /voice: the same acts led to Q1 before")));
}

TEST_F(Crawling, LeavesOutWhatNobodyWantsToHearOf) {
  application->say("/voice", "<Hangup/>");
  crawl();
  EXPECT_EQ(findings().size(), 1U);
  options.ignored = {"dead-end", "lint"};
  crawl();
  EXPECT_THAT(findings(), IsEmpty());
}

// ---- Other places than questions.

TEST_F(Crawling, AnswersOtherTelephonesOnceAndOnceNot) {
  application->say("/voice", "<Dial action='/after'>+14155550123</Dial>");
  application->answer("/after", [](const SeenRequest& request) {
    return ScriptedApplication::document(
        "<Say>" + std::string{request.fields.get("DialCallStatus")} + "</Say>");
  });
  crawl();
  EXPECT_THAT(ways(), ElementsAre("D1 they answer -> T1", "D1 they do not answer -> E1",
                                  "T1 they hang up -> E2"));
  EXPECT_THAT(graph.nodes.at(3).heard, ElementsAre("busy"));
  EXPECT_THAT(graph.nodes.at(4).heard, ElementsAre("completed"));
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(Crawling, LeavesMessages) {
  application->say("/voice", "<Say>After the tone.</Say><Record action='/a'/><Say>Nothing?</Say>");
  application->say("/a", "<Say>Thanks.</Say>");
  crawl();
  EXPECT_THAT(ways(), ElementsAre("R1 say \"This is a message.\" -> E1", "R1 press # -> E2",
                                  "R1 silence -> E2"));
}

TEST_F(Crawling, WaitsInQueuesAndConferencesAndTriesTheirQuestions) {
  application->say("/voice",
                   "<Gather numDigits='1' action='/c'><Say>Key?</Say></Gather>"
                   "<Enqueue waitUrl='/wait'>sales</Enqueue>");
  application->say("/wait",
                   "<Say>Please hold.</Say><Gather numDigits='1' action='/leave' "
                   "timeout='2'/><Pause length='5'/>");
  application->say("/leave", "<Leave/>");
  application->say("/c", "<Dial><Conference waitUrl=''>room</Conference></Dial>");
  crawl();
  EXPECT_EQ(graph.count(MenuNode::Kind::conference), 1U);
  EXPECT_EQ(graph.count(MenuNode::Kind::question), 2U);
  EXPECT_THAT(ways(), Contains("Q1 silence -> Q2"));
}

TEST_F(Crawling, TellsWhatIsNotPlayed) {
  application->say("/voice", "<Pay/><Say>Bye.</Say>");
  crawl();
  EXPECT_THAT(graph.notPlayed, ElementsAre(HasSubstr("Pay")));
}

TEST_F(Crawling, LintsEachDocumentForItsUse) {
  application->say("/voice", "<Enqueue waitUrl='/wait'>sales</Enqueue>");
  application->say("/wait", "<Say>Goodbye.</Say><Leave/>");
  options.ignored = {"silent-loop"};
  crawl();
  EXPECT_THAT(findings(), IsEmpty());
  application->say("/voice", "<Dial><Number url='/screening'>+14155550123</Number></Dial>");
  application->say("/screening", "<Say>A call for you.</Say><Record/>");
  crawl();
  EXPECT_THAT(findings(), Contains(HasSubstr("lint[not-in-screening]: /screening")));
}

TEST_F(Crawling, LetsThoseWhoAreAskedTakeTheCall) {
  application->say("/voice",
                   "<Dial><Number url='/screening'>+14155550123</Number></Dial>"
                   "<Say>Bye.</Say>");
  application->say("/screening",
                   "<Gather numDigits='1' action='/taken'><Say>Press one.</Say>"
                   "</Gather><Hangup/>");
  application->say("/taken", "<Say>Thanks.</Say>");
  crawl();
  EXPECT_THAT(ways(), Contains("D1 they answer -> T1"));
}

// ---- Bounds.

/// Question after question, without end.
void askForEver(ScriptedApplication& application) {
  application.answer("/voice", [](const SeenRequest&) {
    return ScriptedApplication::document("<Redirect>/q?n=0</Redirect>");
  });
  application.answer("/q", [](const SeenRequest& request) {
    // The number is in the query, which the application sees as fields of a GET.
    const int next = std::stoi(std::string{request.fields.get("n")}) + 1;
    return ScriptedApplication::document(
        "<Gather numDigits='1' method='GET' action='/q?n=" + std::to_string(next) + "'><Say>" +
        std::to_string(next) + "?</Say></Gather><Say>Bye.</Say>");
  });
}

struct CrawlBounded : Crawling {
  CrawlBounded() {
    askForEver(*application);
    application->say("/voice", "<Redirect method='GET'>/q?n=0</Redirect>");
  }
};

TEST_F(CrawlBounded, ByQuestions) {
  options.bounds.questions = 3;
  crawl();
  EXPECT_THAT(graph.bounds,
              ElementsAre("questions: there are more than 3; the others were not tried"));
  EXPECT_EQ(graph.count(MenuNode::Kind::question), 4U);
  EXPECT_THAT(textOf(graph), HasSubstr("Q4 question /q?n=3\n  \"4?\"\n  not tried"));
}

TEST_F(CrawlBounded, ByDepth) {
  options.bounds.depth = 2;
  crawl();
  EXPECT_THAT(graph.bounds, ElementsAre(HasSubstr("depth: there are questions behind 2 acts")));
  EXPECT_EQ(graph.count(MenuNode::Kind::question), 3U);
}

TEST_F(CrawlBounded, ByCalls) {
  options.bounds.calls = 10;
  crawl();
  EXPECT_THAT(graph.bounds, ElementsAre(HasSubstr("calls: 10 were made")));
  EXPECT_EQ(graph.calls, 10U);
}

TEST_F(CrawlBounded, ByDocuments) {
  options.bounds.documents = 25;
  crawl();
  EXPECT_THAT(graph.bounds, ElementsAre(HasSubstr("documents: the application was asked for")));
  EXPECT_LT(graph.documents, 40U);
}

TEST_F(CrawlBounded, ByWhoeverStopsIt) {
  options.isStopped = [calls = 0]() mutable { return ++calls > 5; };
  crawl();
  EXPECT_THAT(graph.bounds, ElementsAre(HasSubstr("the crawl was stopped")));
}

TEST_F(Crawling, NeedsAnAddressOfHttp) {
  options.number.voiceUrl = "/voice";
  EXPECT_THROW((void)phone::crawl(loop, options), Error);
}

TEST_F(Crawling, AsksNothingOfOtherServers) {
  application->say("/voice", "<Redirect>http://elsewhere.example/a</Redirect>");
  crawl();
  EXPECT_THAT(application->paths(), Each(Not(HasSubstr("elsewhere"))));
  EXPECT_THAT(graph.findings, Not(IsEmpty()));
}

// ---- States.

struct CrawlingStates : ::testing::Test {
  Config config() {
    Config made = support::signedConfig();
    made.mode = Config::Mode::development;
    made.executor = loop->executor();
    made.timers = loop->timers();
    made.clock = loop->clock();
    return made;
  }
  MenuGraph crawl(Ivr& ivr) {
    CrawlOptions options;
    options.number.voiceUrl = std::string{support::kPublicUrl} + "/menu";
    options.provider.authToken = support::kToken;
    options.provider.transport = http::handlerTransport(ivr.handler());
    options.provider.waitsForAnswers = false;
    options.ignored = {"silent-loop"};
    return phone::crawl(loop, options);
  }
  std::shared_ptr<EventLoop> loop = std::make_shared<EventLoop>();
};

TEST_F(CrawlingStates, NamesThoseThatNoCallCameTo) {
  Ivr ivr{config()};
  auto& hours = ivr.add<support::ScriptedEnd>(
      Does{.name = "HOURS", .twimlFor = [](Call&) { return support::says("Nine to five."); }});
  auto& fork =
      ivr.add<support::ScriptedFork>(Does{.name = "FORK", .transitionOut = support::goesTo(hours)});
  ivr.add<support::ScriptedMenu>(Does{
      .name = "MENU",
      .uri = "/menu",
      .processTransitionUri = "/menu/choice",
      .twimlFor =
          [](Call&) {
            return Twiml{Gather{.action = "/menu/choice", .numDigits = 1, .prompt = {Say{"Key?"}}},
                         Say{"Bye."}};
          },
      .transitionOut = support::goesTo(fork)});
  ivr.add<support::ScriptedEnd>(Does{.name = "FORGOTTEN", .uri = "/forgotten"});
  const MenuGraph graph = crawl(ivr);
  EXPECT_TRUE(graph.tellsStates);
  EXPECT_EQ(graph.states, 4U);
  ASSERT_EQ(graph.findings.size(), 1U);
  EXPECT_EQ(describe(graph.findings[0]),
            "unreached: /forgotten: no call came to the state FORGOTTEN (end)");
  EXPECT_THAT(graph.nodes.at(1).states, ElementsAre("MENU"));
  EXPECT_THAT(graph.nodes.at(2).states, ElementsAre("HOURS"));
}

TEST_F(Crawling, GoesWithoutStatesWhereNobodyTellsThem) {
  application->say("/voice", "<Say>Bye.</Say>");
  crawl();
  EXPECT_FALSE(graph.tellsStates);
  EXPECT_THAT(application->paths(), Contains("/.ivr/states"));
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(Crawling, BelievesNoListOfStatesThatIsNone) {
  for (const char* text : {"", "[]", "{\"states\":7}", "{\"states\":[7,{\"name\":8},{}]}", "{{"}) {
    application->answer("/.ivr/states", [text](const SeenRequest&) {
      return ScriptedApplication::typed("application/json", text);
    });
    application->say("/voice", "<Say>Bye.</Say>");
    crawl();
    EXPECT_THAT(findings(), IsEmpty()) << text;
  }
}

}  // namespace
