// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/audio_app.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

using namespace ivr;
using support::Audio;
using support::get;
using support::kPublicUrl;
using support::kToken;
using support::Links;
using support::signedConfig;
using support::signedGet;

namespace {

using App = support::AudioApp;

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

}  // namespace
