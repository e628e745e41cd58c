// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "support/audio_app.hpp"

#include <array>
#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <latch>
#include <string>
#include <thread>
#include <vector>

using namespace ivr;
using support::Audio;
using support::get;
using support::header;
using support::kForever;
using support::version;
using testing::ElementsAre;

namespace {

using App = support::AudioApp;

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

}  // namespace
