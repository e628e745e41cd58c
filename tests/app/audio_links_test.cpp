// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/audio_app.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

using namespace ivr;
using support::Audio;
using support::errorOf;
using support::get;
using support::header;
using support::kForever;
using support::Links;
using support::openConfig;
using testing::AllOf;
using testing::HasSubstr;

namespace {

using App = support::AudioApp;

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

}  // namespace
