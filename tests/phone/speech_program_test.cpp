// Programs that speak, good ones and bad ones: shell scripts in their place.

#include "phone/speech_program.hpp"

#include "core/child_process.hpp"
#include "support/command.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <string>

namespace {

using ivr::isProgram;
using namespace ivr::phone;
using namespace std::chrono_literals;
using testing::Optional;
using testing::SizeIs;

class SpeechProgram : public testing::Test {
 protected:
  /// A program that does what `commands` say.
  std::string program(const std::string& commands) {
    const auto path = std::filesystem::path{folder_.path()} / "speaker";
    std::ofstream{path} << "#!/bin/sh\n" << commands << '\n';
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path.string();
  }

 private:
  ivr::support::TempFolder folder_;
};

TEST_F(SpeechProgram, IsGivenTheTextAndTheVoice) {
  const std::string echo = program("echo \"$@\"; cat");
  EXPECT_THAT(
      spoken(echo, {.words = "--help; $(rm) Grüße", .language = "de-DE", .wordsPerMinute = 180},
             10s),
      Optional(std::string{"--stdin --stdout -b 1 -v de -s 180\n--help; $(rm) Grüße"}));
}

TEST_F(SpeechProgram, SpeaksEnglishWhereTheLanguageIsNoLanguage) {
  const std::string echo = program("echo \"$6\"");
  for (const std::string language : {"", "../../etc", "x", "english", "-v"}) {
    EXPECT_THAT(spoken(echo, {.words = "a", .language = language}, 10s),
                Optional(std::string{"en\n"}))
        << language;
  }
}

TEST_F(SpeechProgram, ThatReadsNothingIsHeard) {
  const std::string deaf = program("exec 0<&-; echo sound");
  EXPECT_THAT(spoken(deaf, {.words = std::string(1 << 20, 'a')}, 10s),
              Optional(std::string{"sound\n"}));
}

TEST_F(SpeechProgram, ThatSpeaksBeforeItHasReadEverythingIsHeard) {
  const std::string eager = program("head -c 200000 /dev/zero; cat > /dev/null");
  EXPECT_THAT(spoken(eager, {.words = std::string(300'000, 'a')}, 10s), Optional(SizeIs(200'000)));
}

TEST_F(SpeechProgram, ThatDoesNotEndIsEnded) {
  EXPECT_EQ(spoken(program("exec sleep 1000"), {.words = "a"}, 100ms), std::nullopt);
}

TEST_F(SpeechProgram, ThatWritesWithoutEndIsEnded) {
  EXPECT_EQ(spoken(program("exec cat /dev/zero"), {.words = "a"}, 10s), std::nullopt);
}

TEST_F(SpeechProgram, ThatIsNotThereSpeaksNothing) {
  EXPECT_FALSE(isProgram("/nowhere/speaker"));
  EXPECT_FALSE(isProgram(""));
  EXPECT_FALSE(isProgram("no-such-program-anywhere"));
  EXPECT_TRUE(isProgram("sh"));
  EXPECT_EQ(spoken("/nowhere/speaker", {.words = "a"}, 1s), std::nullopt);
}

class SpeechProgramOfDebian : public ivr::support::NeedsPrograms {
 protected:
  void SetUp() override { require(isProgram("espeak-ng"), "espeak-ng is not installed"); }
};

TEST_F(SpeechProgramOfDebian, SpeaksWaveFiles) {
  const auto little = spoken("espeak-ng", {.words = "Hello", .language = "en-US"}, 60s);
  const auto much =
      spoken("espeak-ng", {.words = "Grüße aus der Warteschleife", .language = "de-DE"}, 60s);
  ASSERT_TRUE(little && much);
  EXPECT_TRUE(little->starts_with("RIFF"));
  EXPECT_GT(little->size(), 10'000U);
  EXPECT_GT(much->size(), little->size());
}

TEST_F(SpeechProgram, IsNotAskedToSayNothing) {
  EXPECT_EQ(spoken(program("echo sound"), {.words = " \n"}, 1s), std::nullopt);
}

}  // namespace
