#include "phone/audio_length.hpp"

#include "phone/sounds.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;

std::string contentOf(const std::string& name) {
  std::ifstream file{std::filesystem::path{IVR_ASSETS_DIR} / "audio" / name, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(AudioLength, OfAWavIsThatOfItsHeader) {
  EXPECT_EQ(audioLength("audio/wav", silentWav(1234ms)), 1234ms);
  EXPECT_EQ(audioLength("audio/wav", silentWav(0ms)), 0ms);
}

TEST(AudioLength, OfAnMp3IsThatOfItsFrames) {
  const auto length = audioLength("audio/mpeg", contentOf("hours.mp3"));
  ASSERT_TRUE(length);
  EXPECT_GT(*length, 1s);
  EXPECT_LT(*length, 1min);
}

TEST(AudioLength, OfMuLawAndGsmIsThatOfTheirSize) {
  EXPECT_EQ(audioLength("audio/ulaw", std::string(8000, 'a')), 1s);
  EXPECT_EQ(audioLength("audio/gsm", std::string(33 * 50, 'a')), 1s);
}

TEST(AudioLength, WhatIsNoSoundHasNone) {
  EXPECT_FALSE(audioLength("audio/wav", ""));
  EXPECT_FALSE(audioLength("audio/wav", "<html>"));
  EXPECT_FALSE(audioLength("audio/mpeg", "\xff"));
}

TEST(AudioLength, AFileThatIsCutAnywhereIsRead) {
  const std::string whole = silentWav(10ms);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const auto length = audioLength("audio/wav", whole.substr(0, size));
    EXPECT_TRUE(!length || *length <= 10ms) << size;
  }
}

TEST(AudioLength, OnlyTheTypesOfThePageArePlayed) {
  for (const char* type : {"audio/mpeg", "audio/wav", "audio/x-aiff", "audio/gsm", "audio/ulaw"}) {
    EXPECT_TRUE(isPlayed(type)) << type;
  }
  for (const char* type : {"audio/ogg", "audio/mp4", "text/html", ""}) {
    EXPECT_FALSE(isPlayed(type)) << type;
  }
}

}  // namespace
