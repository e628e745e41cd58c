// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/audio_app.hpp"

#include <chrono>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace ivr;
using support::Audio;
using support::get;
using support::Links;
using support::signedConfig;
using support::signedPost;
using testing::HasSubstr;
using testing::Not;

namespace {

using App = support::AudioApp;

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
