// What a developer learns about the documents that an application sends.

#include "support/app.hpp"
#include "support/states.hpp"

#include <gmock/gmock.h>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct TwimlLint : ::testing::Test {
  using TwimlFor = std::function<Later<Twiml>(Call&)>;
  /// An application with one state, Menu at /menu. With a fallback every link leads somewhere.
  struct App : Ivr {
    App(Config config, TwimlFor twimlFor) : Ivr(std::move(config)) {
      add<ScriptedEnd>(Does{.name = "Menu", .uri = "/menu", .twimlFor = std::move(twimlFor)});
      fallback([](const Request&) { return plainText(404, "nowhere"); });
    }
  };
  App app(Config::Mode mode, TwimlFor twimlFor) { return App{config(mode), std::move(twimlFor)}; }
  Config config(Config::Mode mode) {
    Config made = openConfig();
    made.mode = mode;
    made.log = [this](LogLevel level, std::string_view line) {
      if (line.starts_with("twiml ")) told.emplace_back(level, std::string{line});
    };
    return made;
  }
  static void call(Ivr& ivr, std::string path = "/menu") {
    EXPECT_EQ(ivr.handle(post(std::move(path))).get().status, 200);
  }

  std::vector<std::pair<LogLevel, std::string>> told;
};

Later<Twiml> gatherAlone(Call&) { return Twiml{Gather{.action = "/choice"}}; }

TEST_F(TwimlLint, TellsADeveloperWhatIsWrongAndWhere) {
  App ivr = app(Config::Mode::development, gatherAlone);
  call(ivr);
  ASSERT_EQ(told.size(), 1);
  EXPECT_EQ(told[0].first, LogLevel::warning);
  EXPECT_THAT(told[0].second,
              StartsWith("twiml state=Menu at=1:49 rule=gather-ends-call message=\""));
}

TEST_F(TwimlLint, TellsOnceForEachState) {
  Ivr ivr{config(Config::Mode::development)};
  ivr.fallback([](const Request&) { return plainText(404, "nowhere"); });
  ivr.add<ScriptedEnd>(Does{.name = "One", .uri = "/one", .twimlFor = gatherAlone});
  ivr.add<ScriptedEnd>(Does{.name = "Two", .uri = "/two", .twimlFor = gatherAlone});
  for (const char* path : {"/one", "/two", "/one", "/two"}) call(ivr, path);
  ASSERT_EQ(told.size(), 2);
  EXPECT_THAT(told[0].second, HasSubstr("state=One "));
  EXPECT_THAT(told[1].second, HasSubstr("state=Two "));
}

TEST_F(TwimlLint, TellsOfEachMistakeOfAState) {
  bool isFirst = true;
  App ivr = app(Config::Mode::development, [&](Call& request) -> Later<Twiml> {
    if (std::exchange(isFirst, false)) return gatherAlone(request);
    return Twiml{Dial{.nouns = {twiml::Number{"nobody"}}}, Hangup{}};
  });
  call(ivr);
  call(ivr);
  EXPECT_EQ(told.size(), 2);
}

TEST_F(TwimlLint, SaysWhatEndsACallAsAnError) {
  App ivr = app(Config::Mode::development, [](Call&) {
    return Twiml{Play{"/song.ogg"}, Hangup{}};
  });
  call(ivr);
  ASSERT_EQ(told.size(), 1);
  EXPECT_EQ(told[0].first, LogLevel::error);
  EXPECT_THAT(told[0].second, HasSubstr(" code=13420 "));
}

TEST_F(TwimlLint, IsSilentAboutASoundDocument) {
  App ivr = app(Config::Mode::development, [](Call&) { return Twiml{Say{"Hello."}, Hangup{}}; });
  call(ivr);
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(TwimlLint, IsSilentInProduction) {
  App ivr = app(Config::Mode::production, gatherAlone);
  call(ivr);
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(TwimlLint, LooksAtTextThatIsSentAsItIs) {
  App ivr = app(Config::Mode::development, [](Call&) {
    return Twiml::raw("<Response>\n  <Say vioce='man'>Hello.</Say>\n</Response>");
  });
  call(ivr);
  ASSERT_EQ(told.size(), 1);
  EXPECT_EQ(told[0].second,
            "twiml state=Menu at=2:8 rule=unknown-attribute code=12200 message=\"<Say> has no "
            "attribute vioce; did you mean "
            "voice?\"");
}

TEST_F(TwimlLint, LooksAtTheDocumentOfOnError) {
  Config settings = config(Config::Mode::development);
  settings.onError = [](const CallError&) { return Twiml{Redirect{}}; };
  Ivr ivr{settings};
  ivr.add<ScriptedEnd>(
      Does{.name = "Menu", .uri = "/menu", .twimlFor = [](Call&) -> Twiml { throw 1; }});
  call(ivr);
  ASSERT_EQ(told.size(), 1);
  EXPECT_THAT(told[0].second, StartsWith("twiml state=onError at=1:49 "));
}

TEST_F(TwimlLint, LooksAtTheDocumentOfTheHoldMusic) {
  Ivr ivr{config(Config::Mode::development)};
  ivr.serveAudio({.folder = IVR_ASSETS_DIR "/audio",
                  .holdMusic = HoldMusic{.file = "hold-music.mp3", .twimlFor = [](const UrlFor&) {
                                           return Twiml{Dial{"+14155550100"}};
                                         }}});
  call(ivr, "/hold-music");
  ASSERT_EQ(told.size(), 1);
  EXPECT_THAT(told[0].second, StartsWith("twiml state=\"hold music\" at=1:49 "));
}

TEST_F(TwimlLint, MasksNumbersInWhatItTells) {
  App ivr = app(Config::Mode::development, [](Call&) {
    return Twiml::raw("<Response><Pause length=\"+14155550100\"/></Response>");
  });
  call(ivr);
  ASSERT_EQ(told.size(), 1);
  EXPECT_EQ(told[0].second.find("4155550"), std::string::npos);
}

// A document that the provider would refuse is not sent: the caller hears the apology.
TEST_F(TwimlLint, DocumentThatIsTooLongIsAFailureOfItsState) {
  App ivr = app(Config::Mode::production, [](Call&) {
    return Twiml{Say{std::string(twiml::kMaxTwimlBytes, 'a')}, Hangup{}};
  });
  const Response response = ivr.handle(post("/menu")).get();
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body.text(), HasSubstr("We are sorry"));
}

// --- Links

struct LintOfLinks : ::testing::Test {
  /// What development mode says of a document.
  std::string logOf(Twiml document, std::string publicUrl = "https://ivr.example.com/voice") {
    Config config = support::openConfig();
    config.mode = Config::Mode::development;
    config.publicUrl = std::move(publicUrl);
    config.log = log.log();
    Ivr ivr{config};
    ivr.serveAudio({.folder = IVR_ASSETS_DIR "/audio", .mountPath = "/static"});
    ivr.add<support::ScriptedEnd>(support::Does{
        .name = "Linked", .uri = "/linked", .twimlFor = [&](Call&) { return document; }});
    (void)support::answerOf(ivr, support::post("/linked", {{"CallSid", "CA1"}}));
    (void)support::answerOf(ivr, support::post("/linked", {{"CallSid", "CA1"}}));
    return log.text();
  }
  support::CapturedLog log;
};

TEST_F(LintOfLinks, FindsAFileThatIsNotThereOnce) {
  const std::string found = logOf(Twiml{Play{"/voice/static/helo.mp3"}, Hangup{}});
  EXPECT_THAT(found, HasSubstr("twiml state=Linked rule=link-to-nowhere in=<Play> "
                               "to=/voice/static/helo.mp3 message=\"no state, route or audio file "
                               "has this address\""));
  EXPECT_EQ(found.find("link-to-nowhere"), found.rfind("link-to-nowhere"));
}

TEST_F(LintOfLinks, FindsAnActionThatLeadsNowhere) {
  EXPECT_THAT(logOf(Twiml{Gather{.action = "/voice/linkd"}, Redirect{"/voice/linked"}}),
              HasSubstr("in=\"<Gather> action\" to=/voice/linkd"));
  EXPECT_THAT(logOf(Twiml{Redirect{"https://ivr.example.com/voice/nowhere"}}),
              HasSubstr("in=<Redirect> to=/voice/nowhere"));
}

TEST_F(LintOfLinks, FindsALinkWithoutThePathOfThePublicUrl) {
  EXPECT_THAT(logOf(Twiml{Redirect{"/linked"}}),
              HasSubstr("the public URL has the path /voice: make the link with call.urlFor"));
}

TEST_F(LintOfLinks, SaysNothingOfLinksThatLeadSomewhere) {
  EXPECT_THAT(
      logOf(Twiml{Play{"/voice/static/hours.mp3?v=1"}, Play{"https://cdn.example.com/a.mp3"},
                  Redirect{"https://ivr.example.com/voice/linked#a"}}),
      Not(HasSubstr("link-to-nowhere")));
}

}  // namespace
