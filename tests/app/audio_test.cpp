// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/audio_app.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <utility>

using namespace ivr;
using namespace std::chrono_literals;
using support::Audio;
using support::errorOf;
using support::get;
using support::header;
using support::kForever;
using support::Links;
using support::openConfig;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace {

using App = support::AudioApp;

std::string mountErrorOf(AudioOptions options) {
  App app{std::move(options)};
  return errorOf([&] { app.ivr.mount(); }, ErrorKind::config);
}

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

}  // namespace
