// Recordings are downloaded with their sound.

#include "phone/api_world.hpp"
#include "support/temp_folder.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::Gt;
using testing::Lt;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;

const std::string kLunch = IVR_ASSETS_DIR "/audio/lunch-specials.mp3";

class RecordingDownload : public ApiTest {
 protected:
  explicit RecordingDownload(ProviderOptions options = settings()) : ApiTest(std::move(options)) {}

  static ProviderOptions settings() {
    ProviderOptions options;
    options.speechProgram = "";
    options.apiUrl = "http://127.0.0.1:8090";
    return options;
  }

  /// The application records three seconds of silence.
  void record() {
    world.application->say("/voice", R"(<Record action="/done" timeout="3" trim="do-not-trim"/>)");
    world.application->say("/done", "<Hangup/>");
  }
  /// The path of the only recording, behind the account's.
  std::string path() { return "/Recordings/" + get(client.listRecordings()).items.at(0).sid; }

  static std::size_t bytesOf(std::chrono::seconds length, std::size_t channels = 1) {
    return 44 + static_cast<std::size_t>(length.count()) * 16'000 * channels;
  }
  /// Whether any sample is not silent.
  static bool isHeard(const std::string& wave) {
    return wave.find_first_not_of('\0', 44) != std::string::npos;
  }
};

TEST_F(RecordingDownload, IsAWaveUnlessMp3IsAskedFor) {
  record();
  (void)world.call();
  for (const std::string suffix : {"", ".wav"}) {
    const ApiReply wave = ask("GET", path() + suffix);
    EXPECT_EQ(wave.status, 200);
    EXPECT_EQ(wave.headers.find("Content-Type"), "audio/x-wav");
    EXPECT_THAT(wave.body, AllOf(StartsWith("RIFF"), SizeIs(bytesOf(3s))));
  }
  const ApiReply mp3 = ask("GET", path() + ".mp3");
  EXPECT_EQ(mp3.headers.find("Content-Type"), "audio/mpeg");
  EXPECT_THAT(mp3.body, SizeIs(Gt(100U)));
}

TEST_F(RecordingDownload, HasTheFilesThatWerePlayed) {
  std::ifstream file{kLunch, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  ASSERT_FALSE(bytes.empty()) << kLunch;
  world.application->answer("/lunch.mp3", [&](const SeenRequest&) {
    return ScriptedApplication::typed("audio/mpeg", bytes);
  });
  world.application->say("/voice", "<Say>Hi</Say><Pause length=\"2\"/><Play>/lunch.mp3</Play>");
  const std::string sid = world.call(500ms);
  (void)get(client.startRecording(sid));
  world.wait(1h);
  const ApiReply wave = ask("GET", path());
  EXPECT_TRUE(isHeard(wave.body));
  // It began in the pause, 1.8 s before the file.
  EXPECT_THAT(wave.body.find_first_not_of('\0', 44), AllOf(Gt(28'800U), Lt(40'000U)));
}

TEST_F(RecordingDownload, IsSilentWhileItIsPaused) {
  std::ifstream file{kLunch, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  world.application->answer("/lunch.mp3", [&](const SeenRequest&) {
    return ScriptedApplication::typed("audio/mpeg", bytes);
  });
  world.application->say("/voice", "<Play loop=\"0\">/lunch.mp3</Play>");
  const std::string sid = world.call(500ms);
  (void)get(client.startRecording(sid));
  const auto set = [&](rest::RecordingStatus status) {
    (void)get(client.updateRecording(sid, rest::kCurrentRecording, {.status = status}));
  };
  world.wait(2s);
  set(rest::RecordingStatus::paused);
  set(rest::RecordingStatus::paused);
  world.wait(2s);
  set(rest::RecordingStatus::inProgress);
  world.wait(2s);
  set(rest::RecordingStatus::paused);
  world.wait(2s);
  set(rest::RecordingStatus::stopped);
  const std::string wave = ask("GET", path()).body;
  ASSERT_THAT(wave, SizeIs(bytesOf(8s)));
  const auto twoSeconds = [&](std::size_t from) { return wave.substr(44 + from * 16'000, 32'000); };
  const std::string silent(32'000, '\0');
  EXPECT_NE(twoSeconds(0), silent);
  EXPECT_EQ(twoSeconds(2), silent);
  EXPECT_NE(twoSeconds(4), silent);
  EXPECT_EQ(twoSeconds(6), silent);
}

TEST_F(RecordingDownload, SaysThatWordsAreSilent) {
  record();
  const std::string sid = world.call(1s);
  world.provider->say(sid, {.words = "Nobody speaks this"});
  world.wait(1h);
  EXPECT_THAT(world.first(Happening::recorded).details, Contains(Pair("sound", "silence")));
  const ApiReply wave = ask("GET", path());
  EXPECT_EQ(wave.headers.find("X-Ivr-Sound"), "silence");
  EXPECT_FALSE(isHeard(wave.body));
}

TEST_F(RecordingDownload, AddressesBeginWhereTheApiIs) {
  record();
  (void)world.call();
  const std::string url{world.application->seen("/done").at(0).fields.get("RecordingUrl")};
  EXPECT_THAT(url, StartsWith("http://127.0.0.1:8090/2010-04-01/Accounts/"));
  EXPECT_THAT(url, testing::EndsWith(path()));
  EXPECT_EQ(get(client.listRecordings()).items.at(0).mediaUrl, url);
}

TEST_F(RecordingDownload, OfALongRecordingIsTheFirstTenMinutes) {
  world.application->say("/voice", "<Pause length=\"1200\"/><Say>Bye</Say>");
  world.provider->setTelephone(kAgent, {.reaction = Telephone::Reaction::answers});
  (void)get(client.createCall({.to = kAgent,
                               .from = "+15550100",
                               .url = "http://app.example/voice",
                               .record = true,
                               .recordingChannels = "dual"}));
  world.wait(1h);
  const ApiReply wave = ask("GET", path());
  EXPECT_THAT(wave.body, SizeIs(bytesOf(600s, 2)));
  EXPECT_EQ(wave.headers.find("X-Ivr-Sound-Cut"), "600");
}

TEST_F(RecordingDownload, NeedsNoCredentialsButNoWrongOnes) {
  record();
  (void)world.call();
  Request request{.target = "/2010-04-01/Accounts/" + std::string{kAccount} + path()};
  EXPECT_EQ(get(world.provider->api()(request)).status, 200);
  request.headers.add("Authorization", "Basic d3Jvbmc6d3Jvbmc=");
  EXPECT_EQ(reply(std::move(request)).code(), 20003);
}

TEST_F(RecordingDownload, OfOneThatRunsOrIsDeletedOrIsNoneIs20404) {
  world.application->say("/voice", "<Say>Hello</Say><Pause length=\"60\"/>");
  const std::string sid = world.call(1s);
  const auto begun = get(client.startRecording(sid));
  EXPECT_EQ(ask("GET", path()).code(), 20404);
  world.wait(5s);
  (void)get(client.updateRecording(sid, begun.sid, {.status = rest::RecordingStatus::stopped}));
  EXPECT_EQ(ask("GET", path()).status, 200);
  (void)get(client.deleteRecording(begun.sid));
  EXPECT_EQ(ask("GET", "/Recordings/" + begun.sid).code(), 20404);
  EXPECT_EQ(ask("GET", "/Recordings/RE00000000000000000000000000000000").code(), 20404);
}

class SpokenDownload : public RecordingDownload {
 protected:
  SpokenDownload() : RecordingDownload(speaking()) {}

  /// Says everything with the sound of lunch.
  static ProviderOptions speaking() {
    static const TempFolder kFolder;
    kFolder.write("speaker", "#!/bin/sh\ncat > /dev/null\ncat '" + kLunch + "'\n");
    const auto path = kFolder.path() / "speaker";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    ProviderOptions options = settings();
    options.speechProgram = path.string();
    return options;
  }
};

TEST_F(SpokenDownload, HasTheWordsOfBothSides) {
  world.application->say("/voice", "<Say>Hello</Say><Pause length=\"60\"/>");
  const std::string sid = world.call(1s);
  const auto begun = get(client.startRecording(sid, {.recordingChannels = "dual"}));
  world.wait(1s);
  world.provider->say(sid, {.words = "I would like to order lunch"});
  world.wait(5s);
  (void)get(client.updateRecording(sid, begun.sid, {.status = rest::RecordingStatus::stopped}));
  EXPECT_THAT(world.first(Happening::recorded).details, Contains(Pair("sound", "spoken")));
  const ApiReply wave = ask("GET", path());
  EXPECT_EQ(wave.headers.find("X-Ivr-Sound"), "spoken");
  EXPECT_TRUE(isHeard(wave.body));
}

class UnkeptDownload : public RecordingDownload {
 protected:
  UnkeptDownload() : RecordingDownload(unkept()) {}
  static ProviderOptions unkept() {
    ProviderOptions options = SpokenDownload::settings();
    options.speechProgram = "sh";
    options.keepsTimeline = false;
    return options;
  }
};

TEST_F(UnkeptDownload, WithoutATimelineIsSilence) {
  record();
  (void)world.call();
  const ApiReply wave = ask("GET", path());
  EXPECT_EQ(wave.headers.find("X-Ivr-Sound"), "silence");
  EXPECT_THAT(wave.body, SizeIs(bytesOf(3s)));
}

}  // namespace
