// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "audio/fingerprint.hpp"
#include "support/app.hpp"
#include "support/held_executor.hpp"
#include "support/links.hpp"
#include "support/temp_folder.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

using namespace ivr;
using support::get;
using support::header;
using support::kPublicUrl;
using support::kToken;
using support::Links;
using support::openConfig;
using support::signedConfig;
using support::signedGet;
using support::TempFolder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr const char* kForever = "public, max-age=31536000, immutable";

/// The document that plays a file a thousand times.
std::string playing(const std::string& url) {
  return R"(<?xml version="1.0" encoding="UTF-8"?><Response><Play loop="1000">)" + url +
         "</Play></Response>";
}

struct HoldApp {
  Ivr ivr;
  Links links{ivr};

  explicit HoldApp(AudioOptions options, Config config = openConfig()) : ivr(std::move(config)) {
    ivr.serveAudio(std::move(options));
  }
  Response answer(Request request) { return ivr.handle(std::move(request)).get(); }
  Response answer(std::string target) { return answer(get(std::move(target))); }
  int statusOf(std::string target) { return answer(std::move(target)).status; }

  std::string mountError() {
    try {
      ivr.mount();
    } catch (const Error& error) {
      return error.kind() == ErrorKind::config ? error.what() : "another kind of error";
    }
    return "no error";
  }
};

class HoldMusicTest : public testing::Test {
 protected:
  HoldMusicTest() {
    temp.write("audio/hold.mp3", "hold");
    temp.write("audio/menu/soup.wav", "soup");
    temp.write("a.mp3", "outside");
  }

  [[nodiscard]] AudioOptions options(HoldMusic holdMusic = {.file = "hold.mp3"},
                                     std::string mountPath = "/static") const {
    return {.folder = temp.path() / "audio",
            .mountPath = std::move(mountPath),
            .holdMusic = std::move(holdMusic)};
  }

  TempFolder temp;
  const std::string print = audio::fingerprintOf("hold");
  const std::string fileUrl = "https://ivr.example.com/static/hold.mp3?v=" + print;
};

// Starting

// 73
TEST_F(HoldMusicTest, WithoutAFileIsRefused) {
  EXPECT_THAT(HoldApp{options({})}.mountError(),
              HasSubstr("You must provide a relative uri to your hold music file."));
}

// 78
TEST_F(HoldMusicTest, MissingFileIsRefusedWithTheFolder) {
  EXPECT_THAT(HoldApp{options({.file = "missing.mp3"})}.mountError(),
              AllOf(HasSubstr("Your hold music file could not be found."),
                    HasSubstr((temp.path() / "audio").string())));
}

// B25
TEST_F(HoldMusicTest, FileOfAnotherApplicationIsStillMissing) {
  temp.write("other/other.mp3", "other");
  HoldApp other{{.folder = temp.path() / "other", .holdMusic = HoldMusic{.file = "other.mp3"}}};
  other.ivr.mount();
  EXPECT_THAT(HoldApp{options({.file = "other.mp3"})}.mountError(),
              HasSubstr("could not be found"));
}

// B31
class HoldMusicFilesRefused : public HoldMusicTest,
                              public testing::WithParamInterface<const char*> {};

TEST_P(HoldMusicFilesRefused, AtTheStart) {
  temp.write("audio/.hidden.mp3", "hidden");
  temp.symlink("../a.mp3", "audio/link.mp3");
  EXPECT_THAT(HoldApp{options({.file = GetParam()})}.mountError(),
              Not(testing::AnyOf("no error", "another kind of error")));
}

INSTANTIATE_TEST_SUITE_P(HoldMusic, HoldMusicFilesRefused,
                         testing::Values("../a.mp3", "./../a.mp3", "/../a.mp3", "menu/../../a.mp3",
                                         "..", ".", "/", "menu", "menu/", ".hidden.mp3", "link.mp3",
                                         "hold.mp3?v=1", "HOLD.MP3"));

// 78
TEST_F(HoldMusicTest, FileIsNotCheckedWithAFingerprintUrlOfTheApplication) {
  AudioOptions own = options({.file = "missing.mp3"});
  own.fingerprintUrl = [](std::string_view path) { return std::string{path} + "?v=123"; };
  EXPECT_EQ(HoldApp{own}.mountError(), "no error");
}

// 73
class HoldMusicFiles : public HoldMusicTest, public testing::WithParamInterface<const char*> {};

TEST_P(HoldMusicFiles, AreRelativeToTheMountPath) {
  HoldApp app{options({.file = GetParam()})};
  EXPECT_EQ(app.answer("/static/hold-music").body.text(), playing(fileUrl));
}

INSTANTIATE_TEST_SUITE_P(HoldMusic, HoldMusicFiles,
                         testing::Values("hold.mp3", "./hold.mp3", "/hold.mp3"));

// Where it is

// 74
TEST_F(HoldMusicTest, IsBelowTheMountPath) {
  HoldApp app{options()};
  EXPECT_EQ(app.statusOf("/static/hold-music"), 200);
  EXPECT_EQ(app.statusOf("/hold-music"), 404);
}

// 74
TEST_F(HoldMusicTest, IsBelowAMountPathWithASlashAtItsEnd) {
  HoldApp app{options({.file = "hold.mp3"}, "/static/")};
  EXPECT_EQ(app.statusOf("/static/hold-music"), 200);
  EXPECT_EQ(app.statusOf("/hold-music"), 404);
}

// 74
TEST_F(HoldMusicTest, IsAtTheRootWithoutMountPath) {
  HoldApp app{options({.file = "hold.mp3"}, "")};
  EXPECT_EQ(app.statusOf("/hold-music"), 200);
  EXPECT_EQ(app.statusOf("/static/hold-music"), 404);
}

// 74, B30
class HoldMusicEndpoints : public HoldMusicTest, public testing::WithParamInterface<const char*> {};

TEST_P(HoldMusicEndpoints, MayBeginWithASlashOrNot) {
  HoldApp app{options({.file = "hold.mp3", .endpoint = GetParam()})};
  EXPECT_EQ(app.answer("/static/wait/here").body.text(), playing(fileUrl));
  EXPECT_EQ(app.links("/static/wait/here"), "/static/wait/here?v=" + print);
  EXPECT_EQ(app.statusOf("/static/hold-music"), 404);
}

INSTANTIATE_TEST_SUITE_P(HoldMusic, HoldMusicEndpoints, testing::Values("/wait/here", "wait/here"));

// 74, B24
TEST_F(HoldMusicTest, EndpointMayHaveAnyCharacters) {
  HoldApp app{options({.file = "hold.mp3", .endpoint = "/please wait"})};
  const std::string link = app.links("/static/please wait");
  EXPECT_EQ(link, "/static/please%20wait?v=" + print);
  EXPECT_EQ(app.answer(link).body.text(), playing(fileUrl));
}

// 61
TEST_F(HoldMusicTest, EndpointMayBeginLikeTheMountPath) {
  HoldApp app{options({.file = "hold.mp3", .endpoint = "/public-music"}, "/public")};
  EXPECT_EQ(app.links("/public/public-music"), "/public/public-music?v=" + print);
  EXPECT_EQ(app.statusOf("/public/public-music"), 200);
  EXPECT_EQ(app.statusOf("/public-music"), 404);
}

TEST_F(HoldMusicTest, LeavesTheOtherFilesToTheFolder) {
  HoldApp app{options()};
  EXPECT_EQ(app.answer("/static/menu/soup.wav").body.text(), "soup");
  EXPECT_EQ(app.answer("/static/hold.mp3").body.text(), "hold");
}

// What it answers

// 75, B32
class HoldMusicMethods : public HoldMusicTest, public testing::WithParamInterface<const char*> {};

TEST_P(HoldMusicMethods, AreAnswered) {
  HoldApp app{options()};
  Request request = get("/static/hold-music?v=" + print);
  request.method = GetParam();
  const Response response = app.answer(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Content-Type"), "text/xml; charset=utf-8");
  EXPECT_EQ(response.body.text(), playing(fileUrl));
}

INSTANTIATE_TEST_SUITE_P(HoldMusic, HoldMusicMethods, testing::Values("GET", "HEAD", "POST"));

// B32
TEST_F(HoldMusicTest, AnswersTheProvidersOwnRequest) {
  HoldApp app{options(), signedConfig()};
  const Request request = support::signedPost("/static/hold-music?v=" + print,
                                              {{"CallSid", "CA1"}, {"From", "+14155550100"}});
  EXPECT_EQ(app.answer(request).body.text(), playing(fileUrl));
}

// 76, 80
TEST_F(HoldMusicTest, PlaysTheFileBelowThePathOfThePublicUrl) {
  Config config = openConfig();
  config.publicUrl = "https://example.com/phone";
  HoldApp app{options(), config};
  EXPECT_EQ(app.answer("/static/hold-music").body.text(),
            playing("https://example.com/phone/static/hold.mp3?v=" + print));
}

// 76
TEST_F(HoldMusicTest, IsNotToldItsAddressByTheHostHeader) {
  HoldApp app{options()};
  Request request{};
  request.target = "/static/hold-music";
  request.headers.add("Host", "evil.example.net");
  request.headers.add("X-Forwarded-Host", "evil.example.net");
  EXPECT_EQ(app.answer(request).body.text(), playing(fileUrl));
}

// 76, B24
TEST_F(HoldMusicTest, PlaysAFileOfAnyName) {
  temp.write("audio/rock & roll.mp3", "hold");
  HoldApp app{options({.file = "rock & roll.mp3"})};
  EXPECT_EQ(app.answer("/static/hold-music").body.text(),
            playing("https://ivr.example.com/static/rock%20&amp;%20roll.mp3?v=" + print));
}

// 77
TEST_F(HoldMusicTest, LinkHasTheFingerprintOfTheFile) {
  HoldApp app{options()};
  EXPECT_EQ(app.links("/static/hold-music"), "/static/hold-music?v=" + print);
}

// 77, B21
TEST_F(HoldMusicTest, ExpiresTogetherWithTheFile) {
  HoldApp app{options()};
  EXPECT_EQ(app.statusOf(app.links("/static/hold-music")), 200);
  temp.overwrite("audio/hold.mp3", "HOLD");
  const std::string changed = audio::fingerprintOf("HOLD");
  EXPECT_EQ(app.links("/static/hold-music"), "/static/hold-music?v=" + changed);
  EXPECT_EQ(app.answer("/static/hold-music").body.text(),
            playing("https://ivr.example.com/static/hold.mp3?v=" + changed));
}

// 75, B33
TEST_F(HoldMusicTest, WithTheCurrentFingerprintIsKeptForAYear) {
  HoldApp app{options()};
  EXPECT_EQ(header(app.answer(app.links("/static/hold-music")), "Cache-Control"), kForever);
}

// B33
class HoldMusicOtherFingerprints : public HoldMusicTest,
                                   public testing::WithParamInterface<const char*> {};

TEST_P(HoldMusicOtherFingerprints, AreNotKept) {
  HoldApp app{options()};
  const Response response = app.answer(std::string{"/static/hold-music"} + GetParam());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Cache-Control"), "no-cache");
  EXPECT_EQ(response.headers.count("Expires"), 0U);
}

INSTANTIATE_TEST_SUITE_P(HoldMusic, HoldMusicOtherFingerprints,
                         testing::Values("", "?v=", "?v=00000000000000000000000000000000", "?x=1"));

// B20, B33
TEST_F(HoldMusicTest, OldLinkIsNotKeptOnceTheFileHasChanged) {
  HoldApp app{options()};
  const std::string link = app.links("/static/hold-music");
  temp.replace("audio/hold.mp3", "HOLD");
  EXPECT_EQ(header(app.answer(link), "Cache-Control"), "no-cache");
}

// 79
TEST_F(HoldMusicTest, MayHaveADocumentOfItsOwn) {
  const auto own = [](const UrlFor& urlFor) {
    return Twiml{Say{"Please wait."}, Play{urlFor("/static/menu/soup.wav")}};
  };
  HoldApp app{options({.file = "hold.mp3", .twimlFor = own})};
  EXPECT_EQ(app.answer("/static/hold-music").body.text(),
            R"(<?xml version="1.0" encoding="UTF-8"?><Response><Say>Please wait.</Say>)"
            "<Play>/static/menu/soup.wav?v=" +
                audio::fingerprintOf("soup") + "</Play></Response>");
}

// 79
TEST_F(HoldMusicTest, DocumentOfItsOwnThatFailsIsAnErrorAnswer) {
  const auto broken = [](const UrlFor&) -> Twiml { throw std::runtime_error{"the secret"}; };
  HoldApp app{options({.file = "hold.mp3", .twimlFor = broken})};
  const Response response = app.answer("/static/hold-music?v=" + print);
  EXPECT_THAT(response.body.text(), Not(HasSubstr("secret")));
  EXPECT_THAT(header(response, "Cache-Control"), Not(HasSubstr("max-age")));
}

// Its link needs the file's fingerprint, and its document may be the author's code.
TEST_F(HoldMusicTest, IsMadeInATask) {
  const auto executor = std::make_shared<support::HeldExecutor>();
  Config config = openConfig();
  config.executor = executor;
  HoldApp app{options(), config};
  Later<Response> response = app.ivr.handle(get("/static/hold-music"));
  EXPECT_FALSE(response.isSettled());
  temp.overwrite("audio/hold.mp3", "HOLD");  // had it been read before the task, this would show
  executor->runHeld();
  EXPECT_THAT(std::move(response).get().body.text(), HasSubstr(audio::fingerprintOf("HOLD")));
}

// The application's own fingerprints and serving

std::string queried(std::string_view path) { return std::string{path} + "?v=123"; }
std::string dashed(std::string_view path) { return std::string{path} + "--abc"; }

/// Removes the fingerprint, answers for the music file and passes everything else on.
Later<AudioAnswer> serveMusic(Request request) {
  request.target = request.target.substr(0, request.target.find_first_of("?"));
  request.target = request.target.substr(0, request.target.find("--abc"));
  if (request.target == "/hold.mp3") return AudioAnswer{plainText(200, "music")};
  return AudioAnswer{std::move(request)};
}

// 80
TEST_F(HoldMusicTest, FingerprintUrlOfTheApplicationMakesBothLinks) {
  AudioOptions own = options();
  own.fingerprintUrl = queried;
  HoldApp app{own};
  EXPECT_EQ(app.links("/static/hold-music"), "/static/hold-music?v=123");
  EXPECT_EQ(app.answer("/static/hold-music").body.text(),
            playing("https://ivr.example.com/static/hold.mp3?v=123"));
}

// 80, B28
TEST_F(HoldMusicTest, FileMayBeOnAnotherHost) {
  AudioOptions own = options();
  own.fingerprintUrl = [](std::string_view path) {
    return "https://cdn.example.net" + std::string{path} + "?v=123";
  };
  HoldApp app{own};
  EXPECT_EQ(app.answer("/static/hold-music").body.text(),
            playing("https://cdn.example.net/static/hold.mp3?v=123"));
}

// 81
struct Fingerprinting {
  const char* name;
  std::string (*urlOf)(std::string_view);
};

void PrintTo(const Fingerprinting& fingerprinting, std::ostream* out) {
  *out << fingerprinting.name;
}

class HoldMusicBehindAHandler : public HoldMusicTest,
                                public testing::WithParamInterface<Fingerprinting> {
 protected:
  [[nodiscard]] AudioOptions handled() const {
    AudioOptions own = options();
    own.fingerprintUrl = GetParam().urlOf;
    own.handler = serveMusic;
    return own;
  }
};

TEST_P(HoldMusicBehindAHandler, AnswersWhatTheHandlerPassesOn) {
  HoldApp app{handled()};
  const Response response = app.answer(app.links("/static/hold-music"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.text(),
            playing("https://ivr.example.com" + GetParam().urlOf("/static/hold.mp3")));
}

TEST_P(HoldMusicBehindAHandler, PlaysAFileThatTheHandlerServes) {
  HoldApp app{handled()};
  EXPECT_EQ(app.answer(app.links("/static/hold.mp3")).body.text(), "music");
}

INSTANTIATE_TEST_SUITE_P(HoldMusic, HoldMusicBehindAHandler,
                         testing::Values(Fingerprinting{"in the query", queried},
                                         Fingerprinting{"in the path", dashed}));

// 81
TEST_F(HoldMusicTest, IsHiddenByAHandlerThatPassesNothingOn) {
  AudioOptions own = options();
  own.handler = [](const Request&) -> Later<AudioAnswer> {
    return AudioAnswer{plainText(404, "not here")};
  };
  HoldApp app{own};
  EXPECT_EQ(app.answer("/static/hold-music").body.text(), "not here");
}

// 72, 81
TEST_F(HoldMusicTest, SharesTheFingerprintsOfTheFolderBehindAHandler) {
  AudioOptions own = options();
  own.handler = serveMusic;
  HoldApp app{own};
  const std::string link = app.links("/static/hold-music");
  EXPECT_EQ(link, "/static/hold-music?v=" + print);
  EXPECT_EQ(app.answer(link).body.text(), playing(fileUrl));
}

// 82
TEST_F(HoldMusicTest, WithoutHandlerIsFoundUnderAFingerprintInTheQuery) {
  AudioOptions own = options();
  own.fingerprintUrl = queried;
  HoldApp app{own};
  EXPECT_EQ(app.statusOf(app.links("/static/hold-music")), 200);
}

// 82
TEST_F(HoldMusicTest, WithoutHandlerIsNotFoundUnderAFingerprintInThePath) {
  AudioOptions own = options();
  own.fingerprintUrl = dashed;
  HoldApp app{own};
  EXPECT_EQ(app.statusOf(app.links("/static/hold-music")), 404);
}

// 82
TEST_F(HoldMusicTest, ComesBeforeAFileOfTheSameName) {
  temp.write("audio/hold-music", "a file");
  HoldApp app{options()};
  EXPECT_EQ(app.answer("/static/hold-music").body.text(), playing(fileUrl));
}

// Signatures

// 87, B18
TEST_F(HoldMusicTest, NeedsNoSignatureByDefault) {
  HoldApp app{options(), signedConfig()};
  EXPECT_EQ(app.statusOf("/static/hold-music"), 200);
}

// 87, B18
TEST_F(HoldMusicTest, ForSignedRequestsOnlyIsRefusedToOthers) {
  AudioOptions own = options();
  own.access = Access::signedOnly;
  HoldApp app{own, signedConfig()};
  EXPECT_EQ(app.statusOf("/static/hold-music"), 403);
  EXPECT_EQ(app.answer(signedGet("/static/hold-music")).status, 200);
}

}  // namespace
