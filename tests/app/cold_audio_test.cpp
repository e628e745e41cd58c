// Audio files that must be read first, and those that need not.

#include "support/audio_app.hpp"
#include "support/held_executor.hpp"

#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace ivr;
using namespace std::chrono_literals;
using support::Audio;
using support::errorOf;
using support::get;
using support::header;
using support::openConfig;
using testing::HasSubstr;

namespace {

using App = support::AudioApp;

/// The bytes that a response sends, which it may share with others.
std::shared_ptr<const http::StaticFile> sentFile(const Response& response) {
  return std::get<http::FileSlice>(response.body.rest().at(0)).file;
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

}  // namespace
