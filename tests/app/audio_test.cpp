// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "ivr/audio/fingerprint.hpp"
#include "support/app.hpp"
#include "support/held_executor.hpp"
#include "support/links.hpp"
#include "support/temp_folder.hpp"

#include <array>
#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace ivr;
using namespace std::chrono_literals;
using support::get;
using support::header;
using support::kPublicUrl;
using support::kToken;
using support::Links;
using support::openConfig;
using support::signedConfig;
using support::signedPost;
using support::TempFolder;
using support::version;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr const char* kForever = "public, max-age=31536000, immutable";

/// An application with one state, for its links, and with audio.
struct App {
  Ivr ivr;
  Links links{ivr};

  explicit App(AudioOptions options, Config config = openConfig()) : ivr(std::move(config)) {
    ivr.serveAudio(std::move(options));
  }
  Response answer(Request request) { return ivr.handle(std::move(request)).get(); }
  int statusOf(std::string target) { return answer(get(std::move(target))).status; }
};

/// A folder with a file, a file in a folder, and a file outside of it.
class Audio : public testing::Test {
 protected:
  Audio() {
    temp.write("audio/lunch.mp3", "lunch");
    temp.write("audio/menu/soup.wav", "soup");
    temp.write("outside.mp3", "outside");
  }

  [[nodiscard]] AudioOptions folderAt(std::string mountPath) const {
    return {.folder = temp.path() / "audio", .mountPath = std::move(mountPath)};
  }

  TempFolder temp;
  const std::string lunchPrint = audio::fingerprintOf("lunch");
  const std::string lunchLink = "/static/lunch.mp3?v=" + lunchPrint;
};

std::string errorOf(const std::function<void()>& act, ErrorKind kind) {
  try {
    act();
  } catch (const Error& error) {
    return error.kind() == kind ? error.what() : "another kind of error";
  }
  return "no error";
}

std::string mountErrorOf(AudioOptions options) {
  App app{std::move(options)};
  return errorOf([&] { app.ivr.mount(); }, ErrorKind::config);
}

// Starting

// 56
TEST_F(Audio, NeedsAFolderOrAFingerprintUrl) {
  EXPECT_THAT(mountErrorOf({}), AllOf(HasSubstr("folder"), HasSubstr("fingerprintUrl")));
}

// 56
TEST_F(Audio, HandlerIsNoSubstituteForAFolderOrAFingerprintUrl) {
  const auto handler = [](Request request) -> Later<AudioAnswer> { return AudioAnswer{request}; };
  EXPECT_THAT(mountErrorOf({.handler = handler}), HasSubstr("fingerprintUrl"));
}

TEST_F(Audio, MissingFolderIsRefusedByName) {
  const std::string missing = temp.path() / "missing";
  EXPECT_THAT(mountErrorOf({.folder = missing}), HasSubstr(missing));
}

// Links

// 57, 58
TEST_F(Audio, LinkHasTheMountPathAndTheFingerprint) {
  App app{folderAt("/static")};
  EXPECT_EQ(app.links("/static/lunch.mp3"), lunchLink);
}

// 57
TEST_F(Audio, LinkToAFileInAFolderHasAFingerprint) {
  App app{folderAt("/static")};
  EXPECT_EQ(app.links("/static/menu/soup.wav"),
            "/static/menu/soup.wav?v=" + audio::fingerprintOf("soup"));
}

// 59
TEST_F(Audio, RootCanBeWrittenAsNothingOrASlash) {
  for (const char* mountPath : {"", "/"}) {
    App app{folderAt(mountPath)};
    EXPECT_EQ(app.links("/lunch.mp3"), "/lunch.mp3?v=" + lunchPrint) << mountPath;
    EXPECT_EQ(app.statusOf("/lunch.mp3"), 200) << mountPath;
  }
}

// 59
TEST_F(Audio, MountPathMayEndWithASlash) {
  App app{folderAt("/static/")};
  EXPECT_EQ(app.links("/static/lunch.mp3"), lunchLink);
  EXPECT_EQ(app.statusOf(lunchLink), 200);
}

// 59
TEST_F(Audio, FolderMayEndWithASlash) {
  App app{{.folder = temp.path() / "audio" / "", .mountPath = "/static"}};
  EXPECT_EQ(app.links("/static/lunch.mp3"), lunchLink);
}

TEST_F(Audio, ServedWithNothingButAFolderIsAtTheRoot) {
  Ivr ivr{openConfig()};
  ivr.serveAudio(temp.path() / "audio");
  EXPECT_EQ(ivr.handle(get("/lunch.mp3")).get().body.text(), "lunch");
}

TEST_F(Audio, MountPathMayHaveSeveralParts) {
  App app{folderAt("/static/audio")};
  EXPECT_EQ(app.links("/static/audio/lunch.mp3"), "/static/audio/lunch.mp3?v=" + lunchPrint);
  EXPECT_EQ(app.statusOf("/static/audio/lunch.mp3"), 200);
  EXPECT_EQ(app.statusOf("/static/lunch.mp3"), 404);
}

// 58, B24
TEST_F(Audio, MountPathMayHaveAnyCharacters) {
  App app{folderAt("/caf\xc3\xa9 music")};
  const std::string link = app.links("/caf\xc3\xa9 music/lunch.mp3");
  EXPECT_EQ(link, "/caf%C3%A9%20music/lunch.mp3?v=" + lunchPrint);
  EXPECT_EQ(app.answer(get(link)).body.text(), "lunch");
}

TEST_F(Audio, LinkBeginsWithThePathOfThePublicUrl) {
  Config config = openConfig();
  config.publicUrl = "https://example.com/phone";
  App app{folderAt("/static"), config};
  EXPECT_EQ(app.links("/static/lunch.mp3"), "/phone" + lunchLink);
  EXPECT_EQ(app.links("/static/lunch.mp3", {.absolute = true}),
            "https://example.com/phone" + lunchLink);
}

// 60
TEST_F(Audio, FingerprintOutsideTheMountPathIsAnErrorThatNamesBoth) {
  App app{folderAt("/static")};
  for (const char* path : {"/other/lunch.mp3", "/staticx/lunch.mp3", "/lunch.mp3"}) {
    EXPECT_THAT(errorOf([&] { (void)app.links(path, {.fingerprint = true}); }, ErrorKind::usage),
                AllOf(HasSubstr(path), HasSubstr("/static")));
  }
}

// 60, B23
TEST_F(Audio, LinkOutsideTheMountPathHasNoFingerprintByDefault) {
  App app{folderAt("/static")};
  EXPECT_EQ(app.links("/other/lunch.mp3"), "/other/lunch.mp3");
  EXPECT_EQ(app.links("/staticx/lunch.mp3"), "/staticx/lunch.mp3");
}

// B23
TEST_F(Audio, LinkToAStateHasNoFingerprint) {
  App app{folderAt("/static")};
  EXPECT_EQ(app.links(Links::kStateUri), Links::kStateUri);
}

// B22, B23
TEST_F(Audio, LinkToAStateHasNoFingerprintEvenIfTheRootIsServed) {
  App app{folderAt("")};
  EXPECT_EQ(app.links(Links::kStateUri), Links::kStateUri);
}

// B22
TEST_F(Audio, LinkToAMissingFileIsAnErrorThatNamesTheFolder) {
  App app{folderAt("/static")};
  EXPECT_THAT(errorOf([&] { (void)app.links("/static/missing.mp3"); }, ErrorKind::usage),
              AllOf(HasSubstr("missing.mp3"), HasSubstr((temp.path() / "audio").string())));
}

// B22
TEST_F(Audio, LinkThatWouldNotBeServedIsAnError) {
  App app{folderAt("/static")};
  for (const char* path :
       {"/static/../outside.mp3", "/static/menu", "/static/", "/static//lunch.mp3",
        "/static/./lunch.mp3", "/static/menu/../lunch.mp3", "/static/lunch.mp3/"}) {
    EXPECT_THAT(errorOf([&] { (void)app.links(path); }, ErrorKind::usage), HasSubstr("audio"))
        << path;
  }
}

TEST_F(Audio, LinkAtTheRootNeverNamesAnotherHost) {
  App app{folderAt("")};
  EXPECT_NE(errorOf([&] { (void)app.links("//lunch.mp3"); }, ErrorKind::usage), "no error");
}

TEST_F(Audio, LinkWithoutFingerprintNeedsNoFile) {
  App app{folderAt("/static")};
  EXPECT_EQ(app.links("/static/late.mp3", {.fingerprint = false}), "/static/late.mp3");
}

// B24
class FileNames : public Audio, public testing::WithParamInterface<const char*> {};

TEST_P(FileNames, OfAnyCharactersAreLinkedAndServed) {
  temp.write(std::string{"audio/"} + GetParam(), "special");
  App app{folderAt("/static")};
  const std::string link = app.links(std::string{"/static/"} + GetParam());
  EXPECT_THAT(link, testing::MatchesRegex("/static/[!-~]+[?]v=" + audio::fingerprintOf("special")));
  const Response response = app.answer(get(link));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.text(), "special");
  EXPECT_EQ(header(response, "Cache-Control"), kForever);
}

INSTANTIATE_TEST_SUITE_P(Special, FileNames,
                         testing::Values("two words.mp3", "caf\xc3\xa9.mp3", "100%.mp3", "%41.mp3",
                                         "a+b.mp3", "a&b.mp3", "who?.mp3", "no#1.mp3", "a=b.mp3",
                                         "sub folder/\xe6\x98\xbc.mp3", "\"quoted\".mp3"));

// B24
TEST_F(Audio, LinkIsEncodedOnce) {
  temp.write("audio/caf\xc3\xa9 menu.mp3", "special");
  App app{folderAt("/static")};
  EXPECT_EQ(app.links("/static/caf\xc3\xa9 menu.mp3"),
            "/static/caf%C3%A9%20menu.mp3?v=" + audio::fingerprintOf("special"));
}

// Serving

// 62
TEST_F(Audio, IsServedByteForByte) {
  std::string bytes;
  for (int number = 0; number < 256; ++number) bytes += static_cast<char>(number);
  temp.write("audio/all.mp3", bytes);
  App app{folderAt("/static")};
  EXPECT_EQ(app.answer(get("/static/all.mp3")).body.text(), bytes);
}

// 62
TEST_F(Audio, IsServedWithItsType) {
  App app{folderAt("/static")};
  EXPECT_EQ(header(app.answer(get("/static/lunch.mp3")), "Content-Type"), "audio/mpeg");
  EXPECT_EQ(header(app.answer(get("/static/menu/soup.wav")), "Content-Type"), "audio/wav");
}

// 62, 68
TEST_F(Audio, HeadHasTheHeadersOfGet) {
  App app{folderAt("/static")};
  Request request = get(lunchLink);
  request.method = "HEAD";
  const Response response = app.answer(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Content-Type"), "audio/mpeg");
  EXPECT_EQ(header(response, "Cache-Control"), kForever);
}

// 62
TEST_F(Audio, IsServedInParts) {
  App app{folderAt("/static")};
  Request request = get(lunchLink);
  request.headers.add("Range", "bytes=1-2");
  const Response response = app.answer(request);
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(header(response, "Content-Range"), "bytes 1-2/5");
  EXPECT_EQ(response.body.text(), "un");
}

// 63
TEST_F(Audio, WithItsFingerprintIsKeptForAYearByTheClockOfTheConfig) {
  Config config = openConfig();
  config.clock = [] { return std::chrono::system_clock::time_point{784111777s}; };
  App app{folderAt("/static"), config};
  const Response response = app.answer(get(lunchLink));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Cache-Control"), kForever);
  EXPECT_EQ(header(response, "Expires"), "Mon, 06 Nov 1995 08:49:37 GMT");
}

// 63
TEST_F(Audio, HasTheFingerprintAsTagAndTheTimeOfTheFile) {
  temp.setModified("audio/lunch.mp3", std::chrono::system_clock::time_point{784111777s});
  App app{folderAt("/static")};
  const Response response = app.answer(get(lunchLink));
  EXPECT_EQ(header(response, "ETag"), '"' + lunchPrint + '"');
  EXPECT_EQ(header(response, "Last-Modified"), "Sun, 06 Nov 1994 08:49:37 GMT");
}

// 63
TEST_F(Audio, IsNotSentAgainToWhoHasIt) {
  App app{folderAt("/static")};
  Request request = get(lunchLink);
  request.headers.add("If-None-Match", '"' + lunchPrint + '"');
  const Response response = app.answer(request);
  EXPECT_EQ(response.status, 304);
  EXPECT_TRUE(response.body.empty());
}

// 64
TEST_F(Audio, ForSomebodyKnownIsKeptByThemAlone) {
  App app{folderAt("/static")};
  for (const char* name : {"Cookie", "Authorization"}) {
    Request request = get(lunchLink);
    request.headers.add(name, "x");
    EXPECT_EQ(header(app.answer(request), "Cache-Control"), "private, max-age=31536000, immutable");
  }
}

// 65, B20
class OtherFingerprints : public Audio, public testing::WithParamInterface<const char*> {};

TEST_P(OtherFingerprints, GetTheCurrentBytesWhichAreNotKept) {
  App app{folderAt("/static")};
  const Response response = app.answer(get(std::string{"/static/lunch.mp3"} + GetParam()));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.text(), "lunch");
  EXPECT_EQ(header(response, "Cache-Control"), "no-cache");
  EXPECT_EQ(response.headers.count("Expires"), 0U);
  EXPECT_EQ(header(response, "ETag"), '"' + lunchPrint + '"');
}

INSTANTIATE_TEST_SUITE_P(Audio, OtherFingerprints,
                         testing::Values("", "?", "?v=", "?v", "?x=1", "?v=0123",
                                         "?v=00000000000000000000000000000000", "?v=%zz", "?&&&",
                                         "?v=../outside.mp3", "?V=lunch", "?v=%00"));

// 66, B24
class HostileTargets : public Audio, public testing::WithParamInterface<std::string> {
 protected:
  HostileTargets() {
    temp.write("audio/.hidden.mp3", "hidden");
    temp.write("audio/menu/.hidden.mp3", "hidden");
    temp.symlink("../outside.mp3", "audio/outside.mp3");
    temp.symlink("..", "audio/up");
    temp.fifo("audio/pipe.mp3");
  }
};

TEST_P(HostileTargets, AreNotFound) {
  App app{folderAt("/static")};
  EXPECT_EQ(app.statusOf(GetParam()), 404);
}

TEST_P(HostileTargets, AreToldNothingOfTheMachine) {
  App app{folderAt("/static")};
  EXPECT_THAT(app.answer(get(GetParam())).body.text(), Not(HasSubstr(temp.path().string())));
}

INSTANTIATE_TEST_SUITE_P(Folders, HostileTargets,
                         testing::Values("/static", "/static/", "/static/menu", "/static/menu/",
                                         "/static/lunch.mp3/", "/static/lunch.mp3/x"));
INSTANTIATE_TEST_SUITE_P(DotFiles, HostileTargets,
                         testing::Values("/static/.hidden.mp3", "/static/%2ehidden.mp3",
                                         "/static/menu/.hidden.mp3", "/static/."));
INSTANTIATE_TEST_SUITE_P(
    Traversal, HostileTargets,
    testing::Values(
        "/static/..", "/static/../outside.mp3", "/static/menu/../lunch.mp3", "/static/./lunch.mp3",
        "/static/%2e%2e/outside.mp3", "/static/%2E%2E/outside.mp3", "/static/.%2e/outside.mp3",
        "/static/..%2Foutside.mp3", "/static/..%2foutside.mp3", "/static/%2e%2e%2foutside.mp3",
        "/static/menu%2Fsoup.wav", "/static/menu%2fsoup.wav", "/static/menu%2f..%2flunch.mp3",
        "/static/..%5coutside.mp3", "/static/..\\outside.mp3", "/static/menu%5csoup.wav",
        "/static/%252e%252e/outside.mp3", "/static/..%252foutside.mp3",
        "/static/%c0%ae%c0%ae/outside.mp3", "/static/%2fetc/passwd", "/static//etc/passwd"));
INSTANTIATE_TEST_SUITE_P(SymbolicLinksAndPipes, HostileTargets,
                         testing::Values("/static/outside.mp3", "/static/up/outside.mp3",
                                         "/static/pipe.mp3"));
INSTANTIATE_TEST_SUITE_P(OddBytes, HostileTargets,
                         testing::Values("/static/lunch.mp3%00", "/static/lunch.mp3%00.wav",
                                         "/static/%00", "/static/lunch.mp3%0a", "/static/%zz",
                                         "/static/%", "/static/%ff%fe", "/static/lunch.mp3%20"));
INSTANTIATE_TEST_SUITE_P(EmptyParts, HostileTargets,
                         testing::Values("//static/lunch.mp3", "/static//lunch.mp3",
                                         "/static/menu//soup.wav", "/static/lunch.mp3//"));
INSTANTIATE_TEST_SUITE_P(OtherPlaces, HostileTargets,
                         testing::Values("/lunch.mp3", "/staticlunch.mp3", "/staticx/lunch.mp3",
                                         "/STATIC/lunch.mp3", "/static/LUNCH.MP3",
                                         "/static/static/lunch.mp3"));

TEST_F(Audio, EndlessTargetsAreNotFound) {
  App app{folderAt("/static")};
  EXPECT_EQ(app.statusOf("/static/" + std::string(100'000, 'a')), 404);
  EXPECT_EQ(app.statusOf("/static" + std::string(100'000, '/')), 404);
}

TEST_F(Audio, EncodedLettersNameTheSameFile) {
  App app{folderAt("/static")};
  const Response response = app.answer(get("/static/l%75nch%2Emp3?v=" + lunchPrint));
  EXPECT_EQ(response.body.text(), "lunch");
}

TEST_F(Audio, SymbolicLinksInsideTheFolderAreServed) {
  temp.symlink("menu/soup.wav", "audio/today.wav");
  App app{folderAt("/static")};
  EXPECT_EQ(app.answer(get("/static/today.wav")).body.text(), "soup");
}

// 67
TEST_F(Audio, MissingFileIsNotFound) {
  App app{folderAt("/static")};
  EXPECT_EQ(app.statusOf("/static/missing.mp3"), 404);
}

// 67
TEST_F(Audio, MissingFileIsLeftToTheFallback) {
  App app{folderAt("/static")};
  std::string seen;
  app.ivr.fallback([&seen](const Request& request) -> Later<Response> {
    seen = request.target;
    return plainText(404, "the outer application's own page");
  });
  const Response response = app.answer(get("/static/missing.mp3?v=1"));
  EXPECT_EQ(response.body.text(), "the outer application's own page");
  EXPECT_EQ(seen, "/static/missing.mp3?v=1");
}

// 68
class OtherMethods : public Audio, public testing::WithParamInterface<const char*> {};

TEST_P(OtherMethods, AreRefusedForAFileThatIsThere) {
  App app{folderAt("/static")};
  Request request = get("/static/lunch.mp3");
  request.method = GetParam();
  const Response response = app.answer(request);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
}

TEST_P(OtherMethods, FindNothingWhereNoFileIs) {
  App app{folderAt("/static")};
  Request request = get("/static/missing.mp3");
  request.method = GetParam();
  EXPECT_EQ(app.answer(request).status, 404);
}

INSTANTIATE_TEST_SUITE_P(Audio, OtherMethods,
                         testing::Values("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get"));

TEST_F(Audio, StatesAreHeardBesideAudioAtTheRoot) {
  App app{folderAt("")};
  EXPECT_EQ(app.answer(support::post(std::string{Links::kStateUri})).status, 200);
}

// Changes while the application runs

// B21
TEST_F(Audio, ReplacedFileHasANewLinkAndNewBytes) {
  App app{folderAt("/static")};
  EXPECT_EQ(app.links("/static/lunch.mp3"), lunchLink);
  temp.replace("audio/lunch.mp3", "LUNCH");
  const std::string link = app.links("/static/lunch.mp3");
  EXPECT_EQ(link, "/static/lunch.mp3?v=" + audio::fingerprintOf("LUNCH"));
  const Response response = app.answer(get(link));
  EXPECT_EQ(response.body.text(), "LUNCH");
  EXPECT_EQ(header(response, "Cache-Control"), kForever);
}

// B21
TEST_F(Audio, FileRewrittenInPlaceHasANewLinkAndNewBytes) {
  App app{folderAt("/static")};
  EXPECT_EQ(app.links("/static/lunch.mp3"), lunchLink);
  temp.overwrite("audio/lunch.mp3", "LUNCH");
  const std::string link = app.links("/static/lunch.mp3");
  EXPECT_EQ(link, "/static/lunch.mp3?v=" + audio::fingerprintOf("LUNCH"));
  EXPECT_EQ(app.answer(get(link)).body.text(), "LUNCH");
}

// B20, B21
TEST_F(Audio, OldLinkOfAChangedFileGetsTheNewBytesWhichAreNotKept) {
  App app{folderAt("/static")};
  EXPECT_EQ(header(app.answer(get(lunchLink)), "Cache-Control"), kForever);
  temp.overwrite("audio/lunch.mp3", "LUNCH");
  const Response response = app.answer(get(lunchLink));
  EXPECT_EQ(response.body.text(), "LUNCH");
  EXPECT_EQ(header(response, "Cache-Control"), "no-cache");
  EXPECT_EQ(header(response, "ETag"), '"' + audio::fingerprintOf("LUNCH") + '"');
}

// B21
TEST_F(Audio, AnswerInHandKeepsItsBytesWhenTheFileIsRewritten) {
  App app{folderAt("/static")};
  const Response response = app.answer(get(lunchLink));
  temp.overwrite("audio/lunch.mp3", "LUNCH");
  EXPECT_EQ(response.body.text(), "lunch");
}

// B25
TEST_F(Audio, TwoApplicationsShareNoFingerprints) {
  temp.write("other/lunch.mp3", "other");
  App app{folderAt("/static")};
  App other{{.folder = temp.path() / "other", .mountPath = "/static"}};
  EXPECT_EQ(app.links("/static/lunch.mp3"), lunchLink);
  EXPECT_EQ(other.links("/static/lunch.mp3"),
            "/static/lunch.mp3?v=" + audio::fingerprintOf("other"));
  EXPECT_EQ(other.answer(get(lunchLink)).body.text(), "other");
}

/// What is wrong with the answer to a link; "" if nothing is wrong.
std::string complaint(const std::string& link, const Response& response) {
  const std::string print = audio::fingerprintOf(response.body.text());
  if (response.status != 200) return "status " + std::to_string(response.status);
  if (header(response, "ETag") != '"' + print + '"') return "the tag of another version";
  const bool immutable = header(response, "Cache-Control").find("immutable") != std::string::npos;
  if (immutable && !link.ends_with("?v=" + print)) return "kept under another version's name";
  return "";
}

// 63, B20, B21
TEST_F(Audio, BytesTagAndLinkBelongTogetherWhileTheFileChanges) {
  temp.write("audio/lunch.mp3", version(0));
  App app{folderAt("/static")};
  const std::string first = app.links("/static/lunch.mp3");
  std::atomic<bool> stop = false;
  std::latch start{3};
  std::array<std::string, 2> complaints;
  std::vector<std::jthread> readers;
  for (std::string& found : complaints) {
    readers.emplace_back([&] {
      start.arrive_and_wait();
      do {
        const std::string link = app.links("/static/lunch.mp3");
        for (const std::string& asked : {link, first}) {
          if (found.empty()) found = complaint(asked, app.answer(get(asked)));
        }
      } while (!stop);
    });
  }
  start.arrive_and_wait();
  support::changeOften(temp, "audio/lunch.mp3", 300);
  stop = true;
  readers.clear();
  EXPECT_THAT(complaints, ElementsAre("", ""));
  EXPECT_EQ(app.links("/static/lunch.mp3"),
            "/static/lunch.mp3?v=" + audio::fingerprintOf(version(300)));
}

// Threads

/// The bytes that a response sends, which it may share with others.
std::shared_ptr<const http::StaticFile> sentFile(const Response& response) {
  return std::get<http::FileSlice>(response.body.parts().at(0)).file;
}

struct Asking {
  const char* name;
  const char* method;
  http::Headers::Field condition;
};

void PrintTo(const Asking& asking, std::ostream* out) { *out << asking.name; }

Request askingFor(const std::string& target, const Asking& asking) {
  Request request = get(target);
  request.method = asking.method;
  request.headers.add(asking.condition.first, asking.condition.second);
  return request;
}

const Asking kGet{"GET", "GET", {"X-None", ""}};
const Asking kHead{"HEAD", "HEAD", {"X-None", ""}};
const Asking kRange{"range", "GET", {"Range", "bytes=1-2"}};
const Asking kNotModified{"not modified", "GET", {"If-None-Match", "*"}};

/// An application whose blocking tasks run when a test says so, with files that have not been
/// requested.
class AudioThreads : public Audio, public testing::WithParamInterface<Asking> {
 protected:
  AudioThreads() {
    temp.write("audio/large.mp3", std::string(8'000'000, 'x'));
    letTheFilesSettle();
    Config config = openConfig();
    config.executor = executor;
    app.emplace(folderAt("/static"), config);
    app->ivr.mount();
  }

  /// Waits until whatever changes a file from now on gives it another time: until then, no version
  /// of it counts as known. The clock is that of the file system.
  static void letTheFilesSettle() { std::this_thread::sleep_for(50ms); }

  /// Has the bytes of a file read, as a request for it does.
  void warm(const std::string& target) {
    const Later<Response> response = app->ivr.handle(get(target));
    executor->runHeld();
    ASSERT_TRUE(response.isSettled());
  }

  /// The answer to a request that needs no task.
  std::optional<Response> answerAtOnce(Request request) {
    Later<Response> response = app->ivr.handle(std::move(request));
    EXPECT_EQ(executor->held(), 0U);
    if (!response.isSettled()) return std::nullopt;
    return std::move(response).get();
  }

  const std::shared_ptr<support::HeldExecutor> executor = std::make_shared<support::HeldExecutor>();
  std::optional<App> app;
};

using ChangedAudio = AudioThreads;

TEST_P(ChangedAudio, IsReadInATask) {
  warm("/static/lunch.mp3");
  temp.overwrite("audio/lunch.mp3", "LUNCH");
  Later<Response> response = app->ivr.handle(askingFor("/static/lunch.mp3", GetParam()));
  EXPECT_FALSE(response.isSettled());
  EXPECT_EQ(executor->held(), 1U);
  temp.overwrite("audio/lunch.mp3", "Lunch");  // had it been read before the task, this would show
  executor->runHeld();
  EXPECT_EQ(header(std::move(response).get(), "ETag"), '"' + audio::fingerprintOf("Lunch") + '"');
}

INSTANTIATE_TEST_SUITE_P(Audio, ChangedAudio, testing::Values(kGet, kHead, kRange, kNotModified));

using AudioBytes = AudioThreads;

TEST_P(AudioBytes, AreReadInATask) {
  Later<Response> response = app->ivr.handle(askingFor("/static/lunch.mp3", GetParam()));
  EXPECT_FALSE(response.isSettled());
  EXPECT_EQ(executor->held(), 1U);
  executor->runHeld();
  EXPECT_THAT(std::move(response).get().body.text(), testing::AnyOf("lunch", "un"));
}

INSTANTIATE_TEST_SUITE_P(Audio, AudioBytes, testing::Values(kGet, kRange));

using AudioWithoutBytes = AudioThreads;

TEST_P(AudioWithoutBytes, IsAnsweredAtOnce) {
  const auto response = answerAtOnce(askingFor("/static/lunch.mp3", GetParam()));
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(header(*response, "ETag"), '"' + lunchPrint + '"');
}

INSTANTIATE_TEST_SUITE_P(Audio, AudioWithoutBytes, testing::Values(kHead, kNotModified));

using WarmAudio = AudioThreads;

TEST_P(WarmAudio, IsAnsweredAtOnce) {
  warm("/static/lunch.mp3");
  const auto response = answerAtOnce(askingFor("/static/lunch.mp3", GetParam()));
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(header(*response, "ETag"), '"' + lunchPrint + '"');
}

INSTANTIATE_TEST_SUITE_P(Audio, WarmAudio, testing::Values(kGet, kHead, kRange, kNotModified));

TEST_F(AudioThreads, MissingFileIsAnsweredAtOnce) {
  const auto response = answerAtOnce(get("/static/missing.mp3"));
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 404);
}

TEST_F(AudioThreads, OtherMethodsAreRefusedAtOnce) {
  Request request = get("/static/lunch.mp3");
  request.method = "POST";
  const auto response = answerAtOnce(request);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 405);
}

TEST_F(AudioThreads, HeadOfAFileThatWasNeverRequestedHasItsSize) {
  const auto response = answerAtOnce(askingFor("/static/large.mp3", kHead));
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body.size(), 8'000'000U);
}

TEST_F(AudioThreads, FileThatManyRequestsWantAtOnceIsReadOnce) {
  std::vector<Later<Response>> responses;
  for (int request = 0; request < 20; ++request) {
    responses.push_back(app->ivr.handle(get("/static/large.mp3")));
  }
  EXPECT_EQ(executor->held(), 20U);
  executor->runHeld();
  std::vector<std::shared_ptr<const http::StaticFile>> files;
  for (Later<Response>& response : responses) files.push_back(sentFile(std::move(response).get()));
  EXPECT_THAT(files, testing::Each(files.front())) << "each read makes a copy of its own";
}

TEST_F(AudioThreads, RequestWhoseTaskHasNotBegunFailsWhenTheApplicationEnds) {
  Later<Response> response = app->ivr.handle(get("/static/lunch.mp3"));
  app.reset();
  executor->runHeld();
  ASSERT_TRUE(response.isSettled());
  EXPECT_THAT(errorOf([&] { (void)std::move(response).get(); }, ErrorKind::unavailable),
              HasSubstr("the application has ended"));
}

// Most useful under a thread sanitizer.
TEST_F(AudioThreads, RequestsWhoseFileIsBeingReadAreAnsweredWhenTheApplicationEnds) {
  for (int round = 0; round < 10; ++round) {
    std::atomic<int> settled = 0;
    {
      Config config = openConfig();
      config.executor = nullptr;
      App ending{folderAt("/static"), config};
      ending.ivr.mount();
      for (int request = 0; request < 20; ++request) {
        ending.ivr.handle(get("/static/large.mp3")).receive([&](const Settled<Response>& outcome) {
          const auto* response = std::get_if<Response>(&outcome);
          if (response == nullptr || response->body.size() == 8'000'000U) ++settled;
        });
      }
    }
    EXPECT_EQ(settled, 20) << "in round " << round;
  }
}

// Signatures

Request signedGet(const std::string& target) {
  Request request = get(target);
  request.headers.add(std::string{security::kSignatureHeader},
                      security::sign(kToken, std::string{kPublicUrl} + target));
  return request;
}

// 87, B18
TEST_F(Audio, NeedsNoSignatureByDefault) {
  App app{folderAt("/static"), signedConfig()};
  EXPECT_EQ(app.answer(get(lunchLink)).body.text(), "lunch");
}

// 87, B18
TEST_F(Audio, ForSignedRequestsOnlyIsRefusedToOthers) {
  AudioOptions options = folderAt("/static");
  options.access = Access::signedOnly;
  App app{options, signedConfig()};
  EXPECT_EQ(app.statusOf(lunchLink), 403);
  EXPECT_EQ(app.answer(signedGet(lunchLink)).body.text(), "lunch");
}

// 87
TEST_F(Audio, ForSignedRequestsOnlyDoesNotTellWhichFilesThereAre) {
  AudioOptions options = folderAt("/static");
  options.access = Access::signedOnly;
  App app{options, signedConfig()};
  EXPECT_EQ(app.statusOf("/static/missing.mp3"), 403);
}

TEST_F(Audio, MissingFileOfAFolderThatIsOpenIsNotFoundWithoutASignature) {
  App app{folderAt("/static"), signedConfig()};
  EXPECT_EQ(app.statusOf("/static/missing.mp3"), 404);
  EXPECT_EQ(app.statusOf("/static"), 404);
  EXPECT_EQ(app.statusOf("/elsewhere/missing.mp3"), 403);
}

TEST_F(Audio, FolderThatIsOpenAtTheRootOpensNothingElse) {
  App app{folderAt(""), signedConfig()};
  bool asked = false;
  app.ivr.route("POST", "/own", Access::signedOnly, [&asked](const Request&) -> Later<Response> {
    asked = true;
    return plainText(200, "own");
  });
  EXPECT_EQ(app.statusOf("/missing.mp3"), 404);
  EXPECT_EQ(app.statusOf("/.ivr/other"), 404);
  for (const std::string& path : {std::string{Links::kStateUri}, std::string{"/own"},
                                  std::string{"/.ivr/answer"}, std::string{"/.ivr/answer?x=1"}}) {
    EXPECT_EQ(app.answer(support::post(path)).status, 403) << path;
    EXPECT_EQ(app.statusOf(path), 403) << path;
  }
  EXPECT_FALSE(asked);
}

TEST_F(Audio, FallbackIsNotForRequestsWithoutASignatureEvenIfTheFolderIsOpen) {
  App app{folderAt("/static"), signedConfig()};
  app.ivr.fallback([](const Request&) -> Later<Response> { return plainText(200, "outer"); });
  EXPECT_EQ(app.statusOf("/static/missing.mp3"), 403);
  EXPECT_EQ(app.answer(signedGet("/static/missing.mp3")).body.text(), "outer");
}

TEST_F(Audio, WithoutAFolderOfItsOwnTellsNobodyWhatIsMissing) {
  App app{{.fingerprintUrl = [](std::string_view path) { return std::string{path}; }},
          signedConfig()};
  EXPECT_EQ(app.statusOf("/missing.mp3"), 403);
}

// 87
TEST_F(Audio, HandlerForSignedRequestsOnlyIsNotAskedByOthers) {
  bool asked = false;
  AudioOptions options = folderAt("/static");
  options.access = Access::signedOnly;
  options.handler = [&asked](Request request) -> Later<AudioAnswer> {
    asked = true;
    return AudioAnswer{std::move(request)};
  };
  App app{options, signedConfig()};
  EXPECT_EQ(app.statusOf(lunchLink), 403);
  EXPECT_FALSE(asked);
}

// The application's own fingerprints and serving

std::string dotted(std::string_view path) {
  std::string link{path};
  return link.insert(link.rfind('.'), ".abc");
}

/// Keeps the requests that it gets and answers with their targets.
struct RecordingHandler {
  std::vector<Request> seen = {};

  std::function<Later<AudioAnswer>(Request)> handler() {
    return [this](Request request) -> Later<AudioAnswer> {
      seen.push_back(request);
      return AudioAnswer{plainText(200, "served " + request.target)};
    };
  }
};

Later<AudioAnswer> passOn(Request request) { return AudioAnswer{std::move(request)}; }

// 69
TEST_F(Audio, FingerprintUrlGetsTheWholePathAndMakesTheLink) {
  App app{{.mountPath = "/static", .fingerprintUrl = dotted}};
  EXPECT_EQ(app.links("/static/lunch.mp3"), "/static/lunch.abc.mp3");
}

// 69
TEST_F(Audio, FingerprintUrlWinsOverTheFolder) {
  AudioOptions options = folderAt("/static");
  options.fingerprintUrl = dotted;
  App app{options};
  EXPECT_EQ(app.links("/static/lunch.mp3"), "/static/lunch.abc.mp3");
  EXPECT_EQ(app.statusOf("/static/lunch.mp3"), 404);
}

// 55
TEST_F(Audio, WhatFingerprintUrlThrowsReachesTheCallerOfUrlFor) {
  const auto broken = [](std::string_view) -> std::string { throw std::runtime_error{"broken"}; };
  App app{{.mountPath = "/static", .fingerprintUrl = broken}};
  EXPECT_THROW((void)app.links("/static/lunch.mp3"), std::runtime_error);
}

// B28
TEST_F(Audio, FingerprintUrlMayNameAnotherHost) {
  const auto elsewhere = [](std::string_view path) {
    return "https://cdn.example.net" + std::string{path};
  };
  App app{{.mountPath = "/static", .fingerprintUrl = elsewhere}};
  EXPECT_EQ(app.links("/static/lunch.mp3"), "https://cdn.example.net/static/lunch.mp3");
  EXPECT_EQ(app.links("/static/lunch.mp3", {.absolute = true}),
            "https://cdn.example.net/static/lunch.mp3");
}

// 70
TEST_F(Audio, HandlerSeesTheTargetWithoutTheMountPathButWithTheFingerprint) {
  RecordingHandler recording;
  const auto versioned = [](std::string_view path) { return std::string{path} + "?v=1"; };
  App app{{.mountPath = "/static", .fingerprintUrl = versioned, .handler = recording.handler()}};
  const Response response = app.answer(get(app.links("/static/lunch.mp3")));
  EXPECT_EQ(response.body.text(), "served /lunch.mp3?v=1");
}

// 70
TEST_F(Audio, HandlerAtTheRootSeesTheTargetAsItIs) {
  RecordingHandler recording;
  App app{{.fingerprintUrl = dotted, .handler = recording.handler()}};
  EXPECT_EQ(app.answer(get("/menu/lunch.abc.mp3?x=%20")).body.text(),
            "served /menu/lunch.abc.mp3?x=%20");
}

// 70
TEST_F(Audio, HandlerSeesMethodHeadersAndPeer) {
  RecordingHandler recording;
  App app{{.mountPath = "/static", .fingerprintUrl = dotted, .handler = recording.handler()}};
  Request request = get("/static/lunch.mp3");
  request.method = "HEAD";
  request.headers.add("Range", "bytes=0-1");
  request.peerAddress = "10.0.0.7";
  app.answer(request);
  ASSERT_EQ(recording.seen.size(), 1U);
  EXPECT_EQ(recording.seen[0].method, "HEAD");
  EXPECT_EQ(recording.seen[0].headers.find("Range"), "bytes=0-1");
  EXPECT_EQ(recording.seen[0].peerAddress, "10.0.0.7");
}

// 70
TEST_F(Audio, HandlerIsNotAskedOutsideTheMountPath) {
  RecordingHandler recording;
  App app{{.mountPath = "/static", .fingerprintUrl = dotted, .handler = recording.handler()}};
  for (const char* target : {"/lunch.mp3", "/staticx/lunch.mp3", "/other?x=/static/lunch.mp3"}) {
    EXPECT_EQ(app.statusOf(target), 404) << target;
  }
  EXPECT_TRUE(recording.seen.empty());
}

// 70
TEST_F(Audio, WhatTheHandlerPassesOnAndNobodyAnswersIsNotFound) {
  App app{{.mountPath = "/static", .fingerprintUrl = dotted, .handler = passOn}};
  EXPECT_EQ(app.statusOf("/static/lunch.mp3"), 404);
}

TEST_F(Audio, HandlerMayAnswerLater) {
  std::optional<Answer<AudioAnswer>> held;
  const auto handler = [&held](const Request&) -> Later<AudioAnswer> {
    return Later<AudioAnswer>{[&held](Answer<AudioAnswer> answer) { held = std::move(answer); }};
  };
  App app{{.mountPath = "/static", .fingerprintUrl = dotted, .handler = handler}};
  Later<Response> response = app.ivr.handle(get("/static/lunch.mp3"));
  ASSERT_TRUE(held.has_value());
  (*held)(AudioAnswer{plainText(200, "late")});
  EXPECT_EQ(std::move(response).get().body.text(), "late");
}

TEST_F(Audio, HandlerThatThrowsIsAnsweredWithAnError) {
  const auto handler = [](const Request&) -> Later<AudioAnswer> {
    throw std::runtime_error{"the secret of the handler"};
  };
  App app{{.mountPath = "/static", .fingerprintUrl = dotted, .handler = handler}};
  const Response response = app.answer(get("/static/lunch.mp3"));
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body.text(), Not(HasSubstr("secret")));
}

TEST_F(Audio, HandlerThatDropsItsAnswerIsAnsweredWithAnError) {
  const auto handler = [](const Request&) -> Later<AudioAnswer> {
    return Later<AudioAnswer>{[](const Answer<AudioAnswer>&) {}};
  };
  App app{{.mountPath = "/static", .fingerprintUrl = dotted, .handler = handler}};
  EXPECT_EQ(app.statusOf("/static/lunch.mp3"), 500);
}

// 70, 83: a client that may not reach a state directly may not reach it through the handler.
TEST_F(Audio, HandlerCannotLeadAnUnsignedRequestToAState) {
  const auto lead = [](Request request) -> Later<AudioAnswer> {
    request.target = Links::kStateUri;
    return AudioAnswer{std::move(request)};
  };
  App app{{.fingerprintUrl = dotted, .handler = lead}, signedConfig()};
  EXPECT_EQ(app.answer(support::post("/lunch.mp3")).status, 403);
  EXPECT_EQ(app.answer(support::post(std::string{Links::kStateUri})).status, 403);
}

TEST_F(Audio, SignedRequestThatTheHandlerPassesOnReachesItsState) {
  App app{{.fingerprintUrl = dotted, .handler = passOn}, signedConfig()};
  EXPECT_EQ(app.answer(signedPost(std::string{Links::kStateUri})).status, 200);
}

// 71
TEST_F(Audio, FingerprintUrlWithoutHandlerServesNothing) {
  App app{{.mountPath = "/static", .fingerprintUrl = dotted}};
  EXPECT_EQ(app.statusOf("/static/lunch.abc.mp3"), 404);
}

// 71
TEST_F(Audio, FingerprintUrlWithoutHandlerLeavesTheOriginalRequestToTheFallback) {
  App app{{.mountPath = "/static", .fingerprintUrl = dotted}};
  app.ivr.fallback([](const Request& request) -> Later<Response> {
    return plainText(200, "fallback for " + request.target);
  });
  EXPECT_EQ(app.answer(get("/static/lunch.abc.mp3?x=%31")).body.text(),
            "fallback for /static/lunch.abc.mp3?x=%31");
}

// 72
TEST_F(Audio, FolderWithHandlerKeepsItsFingerprints) {
  RecordingHandler recording;
  AudioOptions options = folderAt("/static");
  options.handler = recording.handler();
  App app{options};
  const std::string link = app.links("/static/lunch.mp3");
  EXPECT_EQ(link, lunchLink);
  EXPECT_EQ(app.answer(get(link)).body.text(), "served /lunch.mp3?v=" + lunchPrint);
}

// 72
TEST_F(Audio, FolderWithHandlerIsNotServed) {
  AudioOptions options = folderAt("/static");
  options.handler = passOn;
  App app{options};
  EXPECT_EQ(app.statusOf(lunchLink), 404);
}

}  // namespace
