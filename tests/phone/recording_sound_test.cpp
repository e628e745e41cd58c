// The sound of recordings.

#include "phone/recording_sound.hpp"

#include "phone/switchboard.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <gmock/gmock.h>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr::phone;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::Gt;
using testing::IsEmpty;
using testing::Lt;
using testing::SizeIs;
using testing::StartsWith;

using Kind = RecordedSound::Kind;

/// A WAV file of one tone, as long as asked, in any shape.
std::string toneFile(milliseconds length, std::uint32_t rate = 8000, std::uint32_t channels = 1) {
  const auto count = static_cast<std::uint32_t>(length.count()) * rate / 1000;
  std::string bytes;
  const auto number = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  };
  bytes += "RIFF";
  number(36 + count * channels * 2, 4);
  bytes += "WAVEfmt ";
  number(16, 4);
  number(1, 2);
  number(channels, 2);
  number(rate, 4);
  number(rate * 2 * channels, 4);
  number(2 * channels, 2);
  number(16, 2);
  bytes += "data";
  number(count * channels * 2, 4);
  for (std::uint32_t i = 0; i < count; ++i) {
    const double value = 12000 * std::sin(2 * 3.14159265 * 400 * i / rate);
    for (std::uint32_t c = 0; c < channels; ++c) {
      number(static_cast<std::uint16_t>(static_cast<std::int16_t>(value)), 2);
    }
  }
  return bytes;
}

/// The samples of one of our files, by channels.
class Heard {
 public:
  explicit Heard(const std::string& file) {
    const auto number = [&](std::size_t at, std::size_t size) {
      std::uint32_t value = 0;
      for (std::size_t i = size; i > 0; --i) {
        value = value << 8 | static_cast<unsigned char>(file.at(at + i - 1));
      }
      return value;
    };
    EXPECT_THAT(file, StartsWith("RIFF"));
    EXPECT_EQ(number(4, 4), file.size() - 8);
    EXPECT_EQ(number(24, 4), 8000U);
    EXPECT_EQ(number(34, 2), 16U);
    EXPECT_EQ(number(40, 4), file.size() - 44);
    channels_ = number(22, 2);
    for (std::size_t at = 44; at + 1 < file.size(); at += 2) {
      samples_.push_back(static_cast<std::int16_t>(number(at, 2)));
    }
  }

  [[nodiscard]] milliseconds length() const {
    return milliseconds{samples_.size() / channels_ / 8};
  }
  [[nodiscard]] std::size_t channels() const { return channels_; }

  /// The loudest sample between two times.
  [[nodiscard]] int loudness(milliseconds from, milliseconds until, std::size_t channel = 0) const {
    int loudest = 0;
    for (auto i = static_cast<std::size_t>(from.count()) * 8;
         i < static_cast<std::size_t>(until.count()) * 8; ++i) {
      loudest = std::max(loudest, std::abs(int{samples_.at(i * channels_ + channel)}));
    }
    return loudest;
  }
  [[nodiscard]] bool isSilent(milliseconds from, milliseconds until,
                              std::size_t channel = 0) const {
    return loudness(from, until, channel) == 0;
  }

 private:
  std::size_t channels_ = 0;
  std::vector<std::int16_t> samples_;
};

std::shared_ptr<const PlayedFile> played(std::string bytes, std::string type = "audio/wav") {
  return std::make_shared<const PlayedFile>(PlayedFile{std::move(type), std::move(bytes)});
}

Heard heard(const RecordingPlan& plan) { return Heard{waveOf(plan).file}; }

TEST(RecordingSound, WithoutAnythingIsSilence) {
  const Heard sound = heard({.length = 2s});
  EXPECT_EQ(sound.length(), 2s);
  EXPECT_TRUE(sound.isSilent(0ms, 2s));
}

TEST(RecordingSound, ABeepIsHeardWhenItWasPlayed) {
  const Heard sound =
      heard({.length = 2s, .sounds = {{.kind = Kind::beep, .begin = 1s, .length = 500ms}}});
  EXPECT_TRUE(sound.isSilent(0ms, 1s));
  EXPECT_GT(sound.loudness(1s, 1500ms), 5000);
  EXPECT_TRUE(sound.isSilent(1500ms, 2s));
}

TEST(RecordingSound, AFileIsHeardForItsLengthAndNotLonger) {
  const Heard sound = heard({.length = 3s,
                             .sounds = {{.kind = Kind::file,
                                         .begin = 1s,
                                         .length = 500ms,
                                         .round = 1000ms,
                                         .file = played(toneFile(1s))}}});
  EXPECT_TRUE(sound.isSilent(0ms, 1s));
  EXPECT_NEAR(sound.loudness(1s, 1500ms), 12000, 100);
  EXPECT_TRUE(sound.isSilent(1500ms, 3s));
}

TEST(RecordingSound, AFileThatBeganBeforeTheRecordingIsHeardFromItsMiddle) {
  const Heard sound = heard({.length = 2s,
                             .sounds = {{.kind = Kind::file,
                                         .begin = -700ms,
                                         .length = 1s,
                                         .round = 1s,
                                         .file = played(toneFile(1s))}}});
  EXPECT_GT(sound.loudness(0ms, 300ms), 10000);
  EXPECT_TRUE(sound.isSilent(300ms, 2s));
}

TEST(RecordingSound, RoundsOfAFileFollowOneAnother) {
  const Heard sound = heard(
      {.length = 3s,
       .sounds = {
           {.kind = Kind::file, .length = 2s, .round = 1s, .file = played(toneFile(500ms))}}});
  EXPECT_GT(sound.loudness(0ms, 500ms), 10000);
  EXPECT_TRUE(sound.isSilent(500ms, 1s));
  EXPECT_GT(sound.loudness(1s, 1500ms), 10000);
  EXPECT_TRUE(sound.isSilent(1500ms, 3s));
}

TEST(RecordingSound, FilesOfEveryShapeBecomeEightThousandSamplesInASecond) {
  for (const auto& [rate, channels] : {std::pair{44100U, 2U},
                                       {48000U, 1U},
                                       {8000U, 1U},
                                       {22050U, 1U},
                                       {4000U, 1U},
                                       {11025U, 2U}}) {
    const Heard sound = heard({.length = 3s,
                               .sounds = {{.kind = Kind::file,
                                           .length = 3s,
                                           .round = 3s,
                                           .file = played(toneFile(2s, rate, channels))}}});
    EXPECT_GT(sound.loudness(1900ms, 1990ms), 8000) << rate;
    EXPECT_TRUE(sound.isSilent(2010ms, 3s)) << rate;
  }
}

TEST(RecordingSound, FilesWithoutAHeaderAreReadByTheirType) {
  const Heard sound =
      heard({.length = 2s,
             .sounds = {{.kind = Kind::file,
                         .length = 1s,
                         .file = played(std::string(8000, '\x20'), "audio/ulaw")}}});
  EXPECT_GT(sound.loudness(0ms, 1s), 1000);
}

TEST(RecordingSound, WhatIsNoSoundIsSilence) {
  for (const std::string bytes : {"", "RIFF", "<html>no</html>"}) {
    const Heard sound = heard(
        {.length = 1s, .sounds = {{.kind = Kind::file, .length = 1s, .file = played(bytes)}}});
    EXPECT_TRUE(sound.isSilent(0ms, 1s));
  }
}

TEST(RecordingSound, SoundsTogetherAreMixedAndNeverTurnOver) {
  RecordingPlan plan{.length = 1s};
  for (int i = 0; i < 10; ++i) {
    plan.sounds.push_back({.kind = Kind::file, .length = 1s, .file = played(toneFile(1s))});
  }
  EXPECT_EQ(heard(plan).loudness(0ms, 1s), 32767);
}

TEST(RecordingSound, OfTwoChannelsTheFirstIsThePartyThatIsRecorded) {
  const auto file = played(toneFile(500ms));
  const Heard sound =
      heard({.length = 2s,
             .channels = 2,
             .sounds = {{.kind = Kind::file, .isOfCaller = true, .length = 500ms, .file = file},
                        {.kind = Kind::file, .begin = 1s, .length = 500ms, .file = file}}});
  ASSERT_EQ(sound.channels(), 2U);
  EXPECT_EQ(sound.length(), 2s);
  EXPECT_GT(sound.loudness(0ms, 500ms, 0), 10000);
  EXPECT_TRUE(sound.isSilent(1s, 2s, 0));
  EXPECT_TRUE(sound.isSilent(0ms, 1s, 1));
  EXPECT_GT(sound.loudness(1s, 1500ms, 1), 10000);
}

TEST(RecordingSound, KeysAreHeardAsTones) {
  const Heard sound =
      heard({.length = 2s,
             .sounds = {{.kind = Kind::keys, .length = 900ms, .round = 900ms, .text = "1w#"}}});
  EXPECT_GT(sound.loudness(0ms, 120ms), 5000);
  EXPECT_TRUE(sound.isSilent(200ms, 700ms));
  EXPECT_GT(sound.loudness(700ms, 820ms), 5000);
}

TEST(RecordingSound, IsAlsoMadeAsMp3) {
  const RecordedWave wave =
      waveOf({.length = 2s, .sounds = {{.kind = Kind::beep, .begin = 1s, .length = 500ms}}});
  const auto mp3 = mp3Of(wave.file);
  ASSERT_TRUE(mp3);
  EXPECT_THAT(*mp3, SizeIs(AllOf(Gt(500U), Lt(wave.file.size()))));
  EXPECT_EQ(mp3Of("no sound"), std::nullopt);
}

// ---- What is said

class SpokenRecording : public testing::Test {
 protected:
  /// A program that speaks with a tone of this length, and notes the speeds it is asked for.
  std::string speaker(milliseconds length, const std::string& before = "") {
    folder_.write("tone.wav", toneFile(length, 22050));
    const auto path = folder_.path() / "speaker";
    folder_.write("speaker", "#!/bin/sh\nread -r words\n" + before + "\necho \"$8\" >> '" +
                                 (folder_.path() / "speeds").string() + "'\ncat '" +
                                 (folder_.path() / "tone.wav").string() + "'\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path.string();
  }
  [[nodiscard]] std::vector<std::string> speeds() const {
    std::ifstream file{folder_.path() / "speeds"};
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  ivr::support::TempFolder folder_;
};

TEST_F(SpokenRecording, WordsAreSpoken) {
  const RecordedWave wave = waveOf({.length = 3s,
                                    .speechProgram = speaker(1s),
                                    .sounds = {{.begin = 1s, .length = 1s, .text = "Hello"}}});
  EXPECT_EQ(wave.said, SaidAs::spoken);
  const Heard sound{wave.file};
  EXPECT_TRUE(sound.isSilent(0ms, 1s));
  EXPECT_GT(sound.loudness(1s, 2s), 8000);
  EXPECT_TRUE(sound.isSilent(2010ms, 3s));
}

TEST_F(SpokenRecording, TheSameWordsAreSpokenOnce) {
  RecordingPlan plan{.length = 10s, .speechProgram = speaker(1s)};
  for (int i = 0; i < 5; ++i) {
    plan.sounds.push_back({.begin = i * 2s, .length = 1s, .text = "Hello"});
  }
  EXPECT_EQ(waveOf(plan).said, SaidAs::spoken);
  EXPECT_THAT(speeds(), ElementsAre("160"));
}

TEST_F(SpokenRecording, WordsThatTakeTooLongAreSpokenFasterAndCutOff) {
  const Heard sound = heard(
      {.length = 3s, .speechProgram = speaker(2s), .sounds = {{.length = 1s, .text = "Hello"}}});
  EXPECT_THAT(speeds(), ElementsAre("160", "320"));
  EXPECT_TRUE(sound.isSilent(1010ms, 3s));
}

TEST_F(SpokenRecording, WithoutAProgramIsSilence) {
  for (const std::string program : {"", "/nowhere/speaker"}) {
    const RecordedWave wave =
        waveOf({.length = 2s, .speechProgram = program, .sounds = {{.length = 1s, .text = "Hi"}}});
    EXPECT_EQ(wave.said, SaidAs::silence);
    EXPECT_TRUE(Heard{wave.file}.isSilent(0ms, 2s));
  }
}

TEST_F(SpokenRecording, ByAProgramThatFailsAtSomeWordsIsSpokenInPart) {
  const RecordedWave wave = waveOf(
      {.length = 4s,
       .speechProgram = speaker(1s, "[ \"$words\" != bad ] || exit 1"),
       .sounds = {{.length = 1s, .text = "good\n"}, {.begin = 2s, .length = 1s, .text = "bad\n"}}});
  EXPECT_EQ(wave.said, SaidAs::partly);
  EXPECT_EQ(textOf(wave.said), "partly spoken");
}

TEST_F(SpokenRecording, InALanguageThatTheProgramDoesNotKnowIsSpokenInEnglish) {
  const RecordedWave wave =
      waveOf({.length = 2s,
              .speechProgram = speaker(1s, "[ \"$6\" = en ] || exit 1"),
              .sounds = {{.length = 1s, .text = "nuqneH\n", .language = "tlh-AA"}}});
  EXPECT_EQ(wave.said, SaidAs::spoken);
}

// ---- What is in a recording

constexpr const char* kCall = "CA1";

Entry entry(Moment at, Happening what, std::string text = "", Entry::Details details = {},
            std::string callSid = kCall) {
  return {.at = at,
          .callSid = std::move(callSid),
          .what = what,
          .text = std::move(text),
          .details = std::move(details)};
}

VoiceRecordingMade recordingOf(Moment began, std::chrono::seconds duration) {
  return {.sid = "RE1", .callSid = kCall, .began = began, .duration = duration};
}

/// The sounds of a recording from 10 s to 20 s.
std::vector<RecordedSound> soundsOf(const Timeline& timeline, const PlayedFiles& files = {}) {
  return planOf(recordingOf(10s, 10s), timeline, files, 160, "").sounds;
}

TEST(RecordingPlan, HasWhatWasSaidByBothSides) {
  EXPECT_THAT(
      soundsOf({entry(9s, Happening::says, "A long welcome to everybody who calls us"),
                entry(13s, Happening::spoke, "Hello"), entry(15s, Happening::hears, "Good day"),
                entry(16s, Happening::hears, "key 5"), entry(25s, Happening::spoke, "Too late"),
                entry(15s, Happening::spoke, "Another call", {}, "CA2")}),
      ElementsAre(
          AllOf(Field(&RecordedSound::begin, -1s), Field(&RecordedSound::isOfCaller, false)),
          AllOf(Field(&RecordedSound::begin, 3s), Field(&RecordedSound::isOfCaller, true),
                Field(&RecordedSound::text, "Hello")),
          AllOf(Field(&RecordedSound::begin, 5s), Field(&RecordedSound::isOfCaller, false),
                Field(&RecordedSound::text, "Good day"))));
}

TEST(RecordingPlan, APromptEndsWhenTheAnswerComes) {
  const auto sounds =
      soundsOf({entry(11s, Happening::says, "For this press one, for that press two"),
                entry(12s, Happening::gathered, "")});
  ASSERT_THAT(sounds, SizeIs(1));
  EXPECT_EQ(sounds[0].length, 1s);
}

TEST(RecordingPlan, RoundsLastAsLongAsTheirNumber) {
  const auto sounds = soundsOf({entry(11s, Happening::says, "Hi", {{"loop", "3"}})});
  ASSERT_THAT(sounds, SizeIs(1));
  EXPECT_EQ(sounds[0].round, 300ms);
  EXPECT_EQ(sounds[0].length, 900ms);
}

TEST(RecordingPlan, HasTheFilesThatWerePlayed) {
  PlayedFiles files;
  files.keep("http://app.example/lunch.wav", {"audio/wav", toneFile(2s)});
  const auto sounds = soundsOf(
      {entry(11s, Happening::plays, "http://app.example/lunch.wav",
             {{"length", "2000 ms"}, {"type", "audio/wav"}}),
       entry(14s, Happening::plays, "http://app.example/forgotten.wav", {{"length", "2000 ms"}}),
       entry(15s, Happening::plays, "a beep"), entry(16s, Happening::plays, "keys 12"),
       entry(17s, Happening::plays, "the provider's hold music")},
      files);
  ASSERT_THAT(sounds, SizeIs(3));
  EXPECT_EQ(sounds[0].file, files.find("http://app.example/lunch.wav"));
  EXPECT_EQ(sounds[0].length, 2s);
  EXPECT_EQ(sounds[1].kind, Kind::beep);
  EXPECT_EQ(sounds[2].text, "12");
}

TEST(RecordingPlan, OfAConferenceHasEveryWordOnce) {
  const Entry::Details room{{"ConferenceSid", "CF1"}};
  const Entry::Details ann{{"speaker", "CA1"}};
  const Timeline timeline{entry(9s, Happening::joined, "room", room, "CA1"),
                          entry(9s, Happening::joined, "room", room, "CA2"),
                          entry(9s, Happening::joined, "room", room, "CA3"),
                          entry(12s, Happening::spoke, "Hello", {}, "CA1"),
                          entry(12s, Happening::hears, "Hello", ann, "CA2"),
                          entry(12s, Happening::hears, "Hello", ann, "CA3"),
                          entry(13s, Happening::hears, "Elsewhere", ann, "CA4"),
                          entry(14s, Happening::leftConference, "room", {}, "CA3"),
                          entry(15s, Happening::hears, "Gone", ann, "CA3")};
  VoiceRecordingMade recording = recordingOf(10s, 10s);
  recording.callSid.clear();
  recording.conferenceSid = "CF1";
  EXPECT_THAT(
      planOf(recording, timeline, {}, 160, "").sounds,
      ElementsAre(AllOf(Field(&RecordedSound::begin, 2s), Field(&RecordedSound::text, "Hello"))));
}

TEST(RecordingPlan, IsCutAfterTenMinutes) {
  const RecordingPlan plan = planOf(recordingOf(0s, 3600s), {}, {}, 160, "");
  EXPECT_EQ(plan.length, 600s);
  EXPECT_TRUE(plan.isCut);
  EXPECT_FALSE(planOf(recordingOf(0s, 600s), {}, {}, 160, "").isCut);
}

TEST(PlayedFiles, TheOldestAreDroppedWhenThereAreTooMany) {
  PlayedFiles files;
  const std::string large(30 << 20, 'a');
  files.keep("first", {"audio/wav", large});
  files.keep("second", {"audio/wav", large});
  const auto first = files.find("first");
  files.keep("third", {"audio/wav", large});
  EXPECT_EQ(files.find("first"), nullptr);
  EXPECT_EQ(first->bytes.size(), large.size());  // whoever has it keeps it
  EXPECT_NE(files.find("second"), nullptr);
  EXPECT_NE(files.find("third"), nullptr);
  files.keep("huge", {"audio/wav", std::string(65 << 20, 'a')});
  EXPECT_EQ(files.find("huge"), nullptr);
}

TEST(PlayedFiles, TheLastAtAnAddressCounts) {
  PlayedFiles files;
  files.keep("a", {"audio/wav", "old"});
  files.keep("a", {"audio/wav", "new"});
  EXPECT_EQ(files.find("a")->bytes, "new");
}

}  // namespace
