// What an application refuses to start with.
//
// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/app.hpp"
#include "support/states.hpp"
#include "support/temp_folder.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <memory>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Build = std::function<void(Ivr&)>;
using Configure = std::function<void(Config&)>;

ScriptedEnd& end(Ivr& ivr, std::string name, std::string uri) {
  return ivr.add<ScriptedEnd>(Does{.name = std::move(name), .uri = std::move(uri)});
}
ScriptedMenu& menu(Ivr& ivr, std::string name, std::string uri, std::string processTransitionUri) {
  return ivr.add<ScriptedMenu>(Does{.name = std::move(name),
                                    .uri = std::move(uri),
                                    .processTransitionUri = std::move(processTransitionUri)});
}
Later<Response> well(Request) { return plainText(200, "well"); }

// --- Problems of the states ---

struct StateProblem {
  const char* name;
  Build build;
  const char* first;  ///< Two things that the message names.
  const char* second;
};

void PrintTo(const StateProblem& problem, std::ostream* out) { *out << problem.name; }

class MountStates : public ::testing::TestWithParam<StateProblem> {};

// 12, B12, B13
TEST_P(MountStates, AreRefusedByAMessageThatNamesThem) {
  Ivr ivr{openConfig()};
  GetParam().build(ivr);
  EXPECT_THAT(refusalOf(ivr), AllOf(HasSubstr(GetParam().first), HasSubstr(GetParam().second)));
}

INSTANTIATE_TEST_SUITE_P(
    Problems, MountStates,
    ::testing::Values(
        StateProblem{"DuplicateUri",
                     [](Ivr& ivr) {
                       end(ivr, "Hours", "/same");
                       end(ivr, "Lunch", "/same");
                     },
                     "Hours", "Lunch"},
        StateProblem{"UriThatIsAProcessTransitionUri",
                     [](Ivr& ivr) {
                       end(ivr, "Hours", "/same");
                       menu(ivr, "Menu", "/menu", "/same");
                     },
                     "Hours", "Menu"},
        StateProblem{"UriThatIsItsOwnProcessTransitionUri",
                     [](Ivr& ivr) { menu(ivr, "Menu", "/same", "/same"); }, "Menu", "/same"},
        StateProblem{"DuplicateProcessTransitionUri",
                     [](Ivr& ivr) {
                       menu(ivr, "Menu", "", "/same");
                       menu(ivr, "Other", "", "/same");
                     },
                     "Menu", "Other"},
        StateProblem{"UriWithoutSlash", [](Ivr& ivr) { end(ivr, "Hours", "hours"); }, "Hours",
                     "slash"},
        StateProblem{"ProcessTransitionUriWithoutSlash",
                     [](Ivr& ivr) { menu(ivr, "Menu", "/menu", "choice"); }, "Menu", "slash"},
        StateProblem{"NoProcessTransitionUri", [](Ivr& ivr) { menu(ivr, "Menu", "/menu", ""); },
                     "Menu", "processTransitionUri"},
        StateProblem{"UriThatIsARouteOfTheApplication",
                     [](Ivr& ivr) {
                       ivr.route("POST", "/same", Access::everyone, well);
                       end(ivr, "Hours", "/same");
                     },
                     "Hours", "/same"},
        StateProblem{"ProcessTransitionUriThatIsARouteOfTheApplication",
                     [](Ivr& ivr) {
                       menu(ivr, "Menu", "", "/same");
                       ivr.route("POST", "/same", Access::everyone, well);
                     },
                     "Menu", "/same"},
        StateProblem{"OneObjectTwice",
                     [](Ivr& ivr) {
                       const auto state = std::make_shared<ScriptedEnd>(Does{.name = "Hours"});
                       ivr.add(state);
                       ivr.add(state);
                     },
                     "Hours", "twice"}),
    [](const auto& test) { return std::string{test.param.name}; });

// --- Problems of the settings ---

struct ConfigProblem {
  const char* name;
  Configure configure;
  const char* message;
};

void PrintTo(const ConfigProblem& problem, std::ostream* out) { *out << problem.name; }

class MountConfig : public ::testing::TestWithParam<ConfigProblem> {};

// 14, 88, B14
TEST_P(MountConfig, IsRefusedByAMessageThatNamesTheSetting) {
  Config config = signedConfig();
  GetParam().configure(config);
  Ivr ivr{config};
  EXPECT_THAT(refusalOf(ivr), HasSubstr(GetParam().message));
}

ConfigProblem url(const char* name, const char* text) {
  return {name, [text](Config& config) { config.publicUrl = text; }, "public URL"};
}
ConfigProblem proxy(const char* name, const char* text) {
  return {name,
          [text](Config& config) {
            config.trustedProxies = {"10.0.0.7", text};
          },
          "trusted proxy"};
}

INSTANTIATE_TEST_SUITE_P(
    Problems, MountConfig,
    ::testing::Values(
        ConfigProblem{"NoToken", [](Config& config) { config.authTokens = {}; }, "no auth token"},
        ConfigProblem{"EmptyToken",
                      [](Config& config) {
                        config.authTokens = {"good", ""};
                      },
                      "auth token is empty"},
        url("NoPublicUrl", ""), url("PublicUrlWithoutScheme", "ivr.example.com"),
        url("PublicUrlWithoutHost", "https://"),
        url("PublicUrlWithBlank", "https://ivr example.com"),
        url("PublicUrlWithLineEnd", "https://ivr.example.com\n"),
        url("PublicUrlOfAnotherScheme", "ftp://ivr.example.com"),
        url("PublicUrlWithQuery", "https://ivr.example.com?x=1"),
        url("PublicUrlWithFragment", "https://ivr.example.com#x"),
        proxy("ProxyThatIsAName", "proxy.example.com"), proxy("ProxyOutOfRange", "10.0.0.300"),
        proxy("ProxyWithPort", "10.0.0.7:80"), proxy("NetworkTooLong", "10.0.0.0/33"),
        proxy("Ipv6NetworkTooLong", "::1/129"), proxy("NetworkWithoutLength", "10.0.0.0/"),
        proxy("NetworkWithNegativeLength", "10.0.0.0/-1"), proxy("EmptyProxy", "")),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Mount, NeedsNeitherTokenNorPublicUrlWithoutValidation) {
  Config config;
  config.validate = false;
  config.log = logNowhere();
  Ivr ivr{config};
  EXPECT_THAT(refusalOf(ivr), IsEmpty());
}

TEST(Mount, NamesTheEnvironmentVariablesThatAreMissing) {
  Config config;
  config.log = logNowhere();
  Ivr ivr{config};
  EXPECT_THAT(refusalOf(ivr), AllOf(HasSubstr("TWILIO_AUTH_TOKEN"), HasSubstr("IVR_PUBLIC_URL")));
}

TEST(Mount, KeepsTokensAndPasswordsOutOfTheMessage) {
  Config config = signedConfig();
  config.authTokens = {std::string{kToken}, ""};
  config.publicUrl = "https://user:password@ivr.example.com";
  Ivr ivr{config};
  EXPECT_THAT(refusalOf(ivr), AllOf(Not(IsEmpty()), Not(HasSubstr(std::string{kToken})),
                                    Not(HasSubstr("user:password"))));
}

// --- Problems of the audio ---

TEST(Mount, RefusesAnAudioFolderThatIsMissing) {
  const TempFolder folder;
  Ivr ivr{openConfig()};
  ivr.serveAudio(folder.path() / "nowhere");
  EXPECT_THAT(refusalOf(ivr), HasSubstr((folder.path() / "nowhere").string()));
}

TEST(Mount, RefusesAnAudioFolderThatIsAFile) {
  TempFolder folder;
  folder.write("a.mp3", "sound");
  Ivr ivr{openConfig()};
  ivr.serveAudio(folder.path() / "a.mp3");
  EXPECT_THAT(refusalOf(ivr), HasSubstr((folder.path() / "a.mp3").string()));
}

// 78
TEST(Mount, RefusesAHoldMusicFileThatIsMissing) {
  const TempFolder folder;
  Ivr ivr{openConfig()};
  ivr.serveAudio({.folder = folder.path(), .holdMusic = HoldMusic{.file = "waltz.mp3"}});
  EXPECT_THAT(refusalOf(ivr), HasSubstr("waltz.mp3"));
}

// 73
TEST(Mount, RefusesHoldMusicWithoutAFile) {
  const TempFolder folder;
  Ivr ivr{openConfig()};
  ivr.serveAudio({.folder = folder.path(), .holdMusic = HoldMusic{}});
  EXPECT_THAT(refusalOf(ivr), HasSubstr("hold music"));
}

// --- All of them at once ---

TEST(Mount, ListsEveryProblemInOneMessage) {
  Config config;
  config.publicUrl = "nonsense";
  config.trustedProxies = {"somebody"};
  config.log = logNowhere();
  Ivr ivr{config};
  end(ivr, "Hours", "/same");
  end(ivr, "Lunch", "/same");
  end(ivr, "Crooked", "crooked");
  ivr.serveAudio("/no/such/folder");
  EXPECT_THAT(refusalOf(ivr),
              AllOf(HasSubstr("nonsense"), HasSubstr("somebody"), HasSubstr("auth token"),
                    HasSubstr("Lunch"), HasSubstr("crooked"), HasSubstr("/no/such/folder")));
}

TEST(Mount, RefusesAgainWhenItIsTriedAgain) {
  Ivr ivr{openConfig()};
  end(ivr, "Crooked", "crooked");
  EXPECT_THAT(refusalOf(ivr), HasSubstr("crooked"));
  EXPECT_THAT(refusalOf(ivr), HasSubstr("crooked"));
}

TEST(Mount, HappensAtTheFirstRequestIfItDidNotBefore) {
  Ivr good{openConfig()};
  end(good, "Hours", "/hours");
  EXPECT_EQ(answerOf(good, post("/hours")).status, 200);

  Ivr bad{openConfig()};
  end(bad, "Crooked", "crooked");
  EXPECT_THROW(answerOf(bad, post("/hours")), Error);
}

// 13
TEST(Mount, AnEmptyListOfStatesIsFine) {
  Ivr ivr{signedConfig()};
  EXPECT_THAT(refusalOf(ivr), IsEmpty());
}

TEST(Mount, ASecondTimeChangesNothing) {
  Ivr ivr{openConfig()};
  end(ivr, "Hours", "/hours");
  ivr.mount();
  EXPECT_NO_THROW(ivr.mount());
  EXPECT_EQ(answerOf(ivr, post("/hours")).status, 200);
}

// --- Afterwards ---

struct Change {
  const char* name;
  Build make;
};

void PrintTo(const Change& change, std::ostream* out) { *out << change.name; }

class MountedIvr : public ::testing::TestWithParam<Change> {};

TEST_P(MountedIvr, CannotBeChanged) {
  Ivr ivr{openConfig()};
  ivr.mount();
  try {
    GetParam().make(ivr);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Changes, MountedIvr,
    ::testing::Values(Change{"State", [](Ivr& ivr) { end(ivr, "Late", "/late"); }},
                      Change{"Route",
                             [](Ivr& ivr) { ivr.route("GET", "/late", Access::everyone, well); }},
                      Change{"Audio", [](Ivr& ivr) { ivr.serveAudio("late"); }},
                      Change{"Fallback", [](Ivr& ivr) { ivr.fallback(well); }}),
    [](const auto& test) { return std::string{test.param.name}; });

// --- Several states of one class ---

struct Greeting final : EndState {
  explicit Greeting(std::string greeting) : text(std::move(greeting)) {}
  std::string name() const override { return text; }
  Later<Twiml> twimlFor(Call&) override { return says(text); }
  std::string text;
};

TEST(Mount, SeveralStatesOfOneClassAreReachedAsObjects) {
  Ivr ivr{openConfig()};
  const Greeting& hello = ivr.add<Greeting>("hello");
  const Greeting& goodbye = ivr.add<Greeting>("goodbye");
  ivr.add<ScriptedFork>(Does{.uri = "/1", .transitionOut = goesTo(hello)});
  ivr.add<ScriptedFork>(Does{.uri = "/2", .transitionOut = goesTo(goodbye)});
  EXPECT_THAT(answerOf(ivr, post("/1")).body.text(), HasSubstr("hello"));
  EXPECT_THAT(answerOf(ivr, post("/2")).body.text(), HasSubstr("goodbye"));
}

TEST(Mount, ATransitionToAClassWithSeveralStatesIsAnErrorThatNamesIt) {
  CapturedLog log;
  Config config = openConfig();
  config.log = log.log();
  Ivr ivr{config};
  ivr.add<Greeting>("hello");
  ivr.add<Greeting>("goodbye");
  ivr.add<ScriptedFork>(
      Does{.name = "Fork", .uri = "/", .transitionOut = [](Call&) { return to<Greeting>(); }});
  EXPECT_THAT(answerOf(ivr, post("/")).body.text(),
              AllOf(HasSubstr("<Hangup"), Not(HasSubstr("hello")), Not(HasSubstr("goodbye"))));
  EXPECT_THAT(log.text(), AllOf(HasSubstr("Fork"), HasSubstr("Greeting")));
}

}  // namespace
