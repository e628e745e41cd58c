// Numbers in comments: the behaviours of the reference framework that each case covers.

#include "audio/audio_folder.hpp"

#include "audio/fingerprint.hpp"
#include "ivr/core/error.hpp"
#include "support/temp_folder.hpp"

#include <array>
#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <latch>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace ivr;
using namespace ivr::audio;
using namespace std::chrono_literals;
using support::TempFolder;
using support::version;
using testing::HasSubstr;

namespace {

/// Waits until whatever changes a file from now on gives it another time: until then, no version of
/// it counts as known. The clock is that of the file system.
void letTheFilesSettle() { std::this_thread::sleep_for(50ms); }

std::string bytesOf(const AudioFile& file) { return file.bytes->read(0, file.bytes->size()); }

/// A folder with a file, a file in a folder, and a file outside of it.
class AudioFolderTest : public testing::Test {
 protected:
  AudioFolderTest() {
    temp.write("audio/lunch.mp3", "lunch");
    temp.write("audio/menu/soup.wav", "soup");
    temp.write("outside.mp3", "outside");
  }

  [[nodiscard]] std::filesystem::path root() const { return temp.path() / "audio"; }

  TempFolder temp;
};

std::string messageOf(const std::filesystem::path& root) {
  try {
    const AudioFolder folder{root};
  } catch (const Error& error) {
    return error.kind() == ErrorKind::config ? error.what() : "another kind of error";
  }
  return "no error";
}

// 57
TEST_F(AudioFolderTest, FingerprintIsThatOfTheBytes) {
  const AudioFolder folder{root()};
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf("lunch"));
}

// 57
TEST_F(AudioFolderTest, FindsFilesInFolders) {
  const AudioFolder folder{root()};
  EXPECT_EQ(folder.fingerprint("menu/soup.wav"), fingerprintOf("soup"));
}

// 62
TEST_F(AudioFolderTest, FileIsItsBytesItsTypeAndItsTime) {
  const std::chrono::system_clock::time_point moment{784111777s};
  temp.setModified("audio/menu/soup.wav", moment);
  const AudioFolder folder{root()};
  const AudioFile file = folder.find("menu/soup.wav").value();
  EXPECT_EQ(bytesOf(file), "soup");
  EXPECT_EQ(file.fingerprint, fingerprintOf("soup"));
  EXPECT_EQ(file.mediaType, "audio/wav");
  EXPECT_EQ(file.modified, moment);
}

TEST_F(AudioFolderTest, HoldsEmptyFiles) {
  temp.write("audio/empty.mp3", "");
  const AudioFolder folder{root()};
  const AudioFile file = folder.find("empty.mp3").value();
  EXPECT_EQ(file.bytes->size(), 0U);
  EXPECT_EQ(file.fingerprint, fingerprintOf(""));
}

TEST_F(AudioFolderTest, HoldsLargeFilesByteForByte) {
  std::string bytes(3'000'000, '\0');
  for (std::size_t at = 0; at < bytes.size(); ++at) bytes[at] = static_cast<char>(at * 31 % 253);
  temp.write("audio/large.mp3", bytes);
  const AudioFolder folder{root()};
  const AudioFile file = folder.find("large.mp3").value();
  EXPECT_TRUE(bytesOf(file) == bytes);
  EXPECT_EQ(file.fingerprint, fingerprintOf(bytes));
}

TEST_F(AudioFolderTest, FilesBeyondTheMemoryLimitAreFoundAllTheSame) {
  const AudioFolder folder{root(), 1};
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(bytesOf(folder.find("lunch.mp3").value()), "lunch");
    EXPECT_EQ(bytesOf(folder.find("menu/soup.wav").value()), "soup");
  }
}

TEST_F(AudioFolderTest, FilesBeyondTheMemoryLimitAreNeverReadWithOtherBytesThanTheirFingerprints) {
  const AudioFolder folder{root(), 1};
  const AudioFile file = folder.find("lunch.mp3").value();
  EXPECT_EQ(bytesOf(file), "lunch");
  temp.overwrite("audio/lunch.mp3", "LUNCH");
  EXPECT_THROW((void)bytesOf(file), Error);
}

/// Lets the process open few files for as long as it lives.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t most) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{.rlim_cur = most, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
  }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

// A line may have more prompts than a process may open files, and its callers need descriptors too.
TEST_F(AudioFolderTest, ManySmallFilesLeaveDescriptorsForTheCallers) {
  const auto name = [](int number) { return std::to_string(number) + ".mp3"; };
  for (int number = 0; number < 400; ++number) temp.write("audio/" + name(number), name(number));
  const FewDescriptors few{200};
  const AudioFolder folder{root()};
  for (int number = 0; number < 400; ++number) {
    ASSERT_EQ(bytesOf(folder.find(name(number)).value()), name(number));
  }
  std::vector<int> callers;
  for (int caller = 0; caller < 50; ++caller) callers.push_back(::dup(0));
  EXPECT_THAT(callers, testing::Each(testing::Ge(0)));
  for (const int caller : callers) ::close(caller);
}

TEST_F(AudioFolderTest, FileIsNotSaidToBeMissingForWantOfADescriptor) {
  const AudioFolder folder{root()};
  const FewDescriptors none{0};
  EXPECT_THROW((void)folder.find("lunch.mp3"), Error);
}

TEST_F(AudioFolderTest, FileThatIsReplacedOftenCostsNoOtherWhatIsKnownOfIt) {
  temp.write("audio/soup.mp3", "soup");
  letTheFilesSettle();
  const AudioFolder folder{root()};
  for (int number = 0; number < 300; ++number) {
    temp.replace("audio/lunch.mp3", version(number));
    ASSERT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf(version(number)));
  }
  EXPECT_FALSE(std::holds_alternative<MayBlock>(folder.findKnown("soup.mp3")));
}

// 59
TEST_F(AudioFolderTest, TrailingSlashOfTheRootMakesNoDifference) {
  const AudioFolder folder{root() / ""};
  EXPECT_EQ(folder.fingerprint("menu/soup.wav"), fingerprintOf("soup"));
}

TEST_F(AudioFolderTest, RootMayBeASymbolicLink) {
  temp.symlink("audio", "link");
  const AudioFolder folder{temp.path() / "link"};
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf("lunch"));
}

TEST_F(AudioFolderTest, RootMayBeRelative) {
  const AudioFolder folder{std::filesystem::relative(root())};
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf("lunch"));
}

TEST_F(AudioFolderTest, RootMayBeEmpty) {
  std::filesystem::create_directory(temp.path() / "empty");
  const AudioFolder folder{temp.path() / "empty"};
  EXPECT_FALSE(folder.find("lunch.mp3").has_value());
}

TEST_F(AudioFolderTest, MissingRootIsRefusedByName) {
  const std::filesystem::path missing = temp.path() / "missing";
  EXPECT_THAT(messageOf(missing), HasSubstr(missing.string()));
}

TEST_F(AudioFolderTest, RootThatIsAFileIsRefusedByName) {
  EXPECT_THAT(messageOf(root() / "lunch.mp3"), HasSubstr((root() / "lunch.mp3").string()));
}

/// While it lives, this process is a user for whom permissions count; the superuser can read
/// everything.
class AsNobody {
 public:
  AsNobody() {
    constexpr uid_t kNobody = 65534;
    if (user_ == 0) {
      EXPECT_EQ(::seteuid(kNobody), 0);
    }
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() { EXPECT_EQ(::seteuid(user_), 0); }

 private:
  uid_t user_ = ::geteuid();
};

TEST_F(AudioFolderTest, FileThatCannotBeReadIsRefusedByName) {
  std::filesystem::permissions(temp.path(), std::filesystem::perms{0755});
  std::filesystem::permissions(root(), std::filesystem::perms{0755});
  std::filesystem::permissions(root() / "lunch.mp3", std::filesystem::perms::none);
  const AsNobody nobody;
  EXPECT_THAT(messageOf(root()), HasSubstr("lunch.mp3"));
}

TEST_F(AudioFolderTest, FolderThatCannotBeReachedIsRefusedByName) {
  std::filesystem::permissions(temp.path(), std::filesystem::perms::none);
  std::string message;
  {
    const AsNobody nobody;
    message = messageOf(root());
  }
  std::filesystem::permissions(temp.path(), std::filesystem::perms{0700});
  EXPECT_THAT(message, HasSubstr(root().string()));
}

// 66, B24
class NamesThatDoNotExist : public AudioFolderTest,
                            public testing::WithParamInterface<std::string> {};

TEST_P(NamesThatDoNotExist, AreNotFound) {
  temp.write("audio/.hidden.mp3", "hidden");
  temp.write("audio/menu/.hidden.mp3", "hidden");
  temp.write("audio/.git/config.mp3", "hidden");
  temp.symlink("../outside.mp3", "audio/outside.mp3");
  temp.symlink(temp.path() / "outside.mp3", "audio/absolute.mp3");
  temp.symlink("..", "audio/up");
  temp.symlink("nowhere", "audio/dangling.mp3");
  temp.fifo("audio/pipe.mp3");
  const AudioFolder folder{root()};
  EXPECT_FALSE(folder.find(GetParam()).has_value());
  EXPECT_FALSE(folder.fingerprint(GetParam()).has_value());
}

INSTANTIATE_TEST_SUITE_P(Missing, NamesThatDoNotExist,
                         testing::Values("missing.mp3", "menu/missing.mp3", "missing/soup.wav",
                                         "LUNCH.MP3", "lunch.mp3 ", "lunch.mp", "lunch.mp3x"));
INSTANTIATE_TEST_SUITE_P(NotAFile, NamesThatDoNotExist,
                         testing::Values("", "menu", "menu/", "lunch.mp3/", "lunch.mp3/x",
                                         "pipe.mp3", "dangling.mp3"));
INSTANTIATE_TEST_SUITE_P(EmptyOrDotParts, NamesThatDoNotExist,
                         testing::Values("/", "/lunch.mp3", "menu//soup.wav", ".", "./lunch.mp3",
                                         "menu/./soup.wav", "menu/."));
INSTANTIATE_TEST_SUITE_P(DotFiles, NamesThatDoNotExist,
                         testing::Values(".hidden.mp3", "menu/.hidden.mp3", ".git/config.mp3"));
INSTANTIATE_TEST_SUITE_P(WayOut, NamesThatDoNotExist,
                         testing::Values("..", "../outside.mp3", "menu/../../outside.mp3",
                                         "menu/../lunch.mp3", "../audio/lunch.mp3",
                                         "..\\outside.mp3", "menu\\soup.wav", "outside.mp3",
                                         "absolute.mp3", "up/outside.mp3", "%2e%2e/outside.mp3",
                                         "/etc/passwd"));
INSTANTIATE_TEST_SUITE_P(OddBytes, NamesThatDoNotExist,
                         testing::Values(std::string{"lunch.mp3\0", 10},
                                         std::string{"lunch.mp3\0.wav", 14}, std::string(1, '\0'),
                                         "\xff\xfe", "\xc0\xae\xc0\xae/outside.mp3",
                                         "lunch.mp3\n"));

TEST_F(AudioFolderTest, EndlessNamesAreNotFound) {
  const AudioFolder folder{root()};
  std::string deep;
  for (int depth = 0; depth < 50'000; ++depth) deep += "menu/";
  for (const std::string& name : {std::string(100'000, 'a'), std::string(100'000, '/'), deep}) {
    EXPECT_FALSE(folder.find(name).has_value());
  }
}

TEST_F(AudioFolderTest, SymbolicLinksInsideTheFolderLead) {
  temp.symlink("menu/soup.wav", "audio/today.wav");
  temp.symlink("../lunch.mp3", "audio/menu/lunch.mp3");
  const AudioFolder folder{root()};
  EXPECT_EQ(folder.fingerprint("today.wav"), fingerprintOf("soup"));
  EXPECT_EQ(folder.fingerprint("menu/lunch.mp3"), fingerprintOf("lunch"));
}

TEST_F(AudioFolderTest, SymbolicLinkThatTurnsAwayIsNotFollowedOut) {
  temp.symlink("lunch.mp3", "audio/today.mp3");
  const AudioFolder folder{root()};
  EXPECT_TRUE(folder.find("today.mp3").has_value());
  temp.remove("audio/today.mp3");
  temp.symlink("../outside.mp3", "audio/today.mp3");
  EXPECT_FALSE(folder.find("today.mp3").has_value());
}

TEST_F(AudioFolderTest, SymbolicLinkThatTurnsToAnotherFileGetsItsFingerprint) {
  temp.symlink("lunch.mp3", "audio/today.mp3");
  const AudioFolder folder{root()};
  temp.remove("audio/today.mp3");
  temp.symlink("menu/soup.wav", "audio/today.mp3");
  EXPECT_EQ(folder.fingerprint("today.mp3"), fingerprintOf("soup"));
}

TEST_F(AudioFolderTest, SymbolicLinkToItselfIsNotFoundAndStopsNothing) {
  temp.symlink("circle.mp3", "audio/circle.mp3");
  const AudioFolder folder{root()};
  EXPECT_FALSE(folder.find("circle.mp3").has_value());
  EXPECT_TRUE(folder.find("lunch.mp3").has_value());
}

TEST_F(AudioFolderTest, FolderThatContainsItselfIsReadOnce) {
  temp.symlink(".", "audio/again");
  const AudioFolder folder{root()};
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf("lunch"));
}

// B24
TEST_F(AudioFolderTest, NamesAreBytes) {
  for (const std::string name : {"two words.mp3", "caf\xc3\xa9.mp3", "100%.mp3", "a+b&c=d?.mp3",
                                 "back\\slash.mp3", "..dots.mp3x", "\xff.mp3"}) {
    temp.write("audio/x" + name, name);
    const AudioFolder folder{root()};
    EXPECT_EQ(folder.fingerprint("x" + name), fingerprintOf(name)) << name;
  }
}

// B21
TEST_F(AudioFolderTest, ReplacedFileIsKnownByItsNewFingerprint) {
  const AudioFolder folder{root()};
  temp.replace("audio/lunch.mp3", "LUNCH");
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf("LUNCH"));
  EXPECT_EQ(bytesOf(folder.find("lunch.mp3").value()), "LUNCH");
}

// B21
TEST_F(AudioFolderTest, FileRewrittenInPlaceWithTheSameSizeIsKnownByItsNewFingerprint) {
  const AudioFolder folder{root()};
  temp.overwrite("audio/lunch.mp3", "LUNCH");
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf("LUNCH"));
  EXPECT_EQ(bytesOf(folder.find("lunch.mp3").value()), "LUNCH");
}

// B21
TEST_F(AudioFolderTest, FileWithAForgedTimeIsKnownByItsNewFingerprint) {
  const std::chrono::system_clock::time_point moment{784111777s};
  temp.setModified("audio/lunch.mp3", moment);
  const AudioFolder folder{root()};
  temp.overwrite("audio/lunch.mp3", "LUNCH");
  temp.setModified("audio/lunch.mp3", moment);
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf("LUNCH"));
}

// B21: several changes fit into one tick of the file system's clock.
TEST_F(AudioFolderTest, EachOfManyQuickRewritesIsSeen) {
  temp.write("audio/lunch.mp3", version(0));
  const AudioFolder folder{root()};
  for (int number = 1; number <= 500; ++number) {
    temp.overwrite("audio/lunch.mp3", version(number));
    ASSERT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf(version(number))) << number;
  }
}

// B21
TEST_F(AudioFolderTest, EachOfManyQuickReplacementsIsSeen) {
  const AudioFolder folder{root()};
  for (int number = 1; number <= 500; ++number) {
    temp.replace("audio/lunch.mp3", version(number));
    ASSERT_EQ(bytesOf(folder.find("lunch.mp3").value()), version(number)) << number;
  }
}

TEST_F(AudioFolderTest, FileThatIsGoneIsNotFound) {
  const AudioFolder folder{root()};
  temp.remove("audio/lunch.mp3");
  EXPECT_FALSE(folder.find("lunch.mp3").has_value());
}

TEST_F(AudioFolderTest, FileThatIsGoneAndComesBackIsFound) {
  const AudioFolder folder{root()};
  temp.remove("audio/lunch.mp3");
  EXPECT_FALSE(folder.find("lunch.mp3").has_value());
  temp.write("audio/lunch.mp3", "LUNCH");
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf("LUNCH"));
}

TEST_F(AudioFolderTest, FileThatIsAddedLaterIsFound) {
  const AudioFolder folder{root()};
  temp.write("audio/late.mp3", "late");
  EXPECT_EQ(folder.fingerprint("late.mp3"), fingerprintOf("late"));
}

TEST_F(AudioFolderTest, NothingIsFoundOnceTheFolderIsGone) {
  const AudioFolder folder{root()};
  temp.remove("audio");
  EXPECT_FALSE(folder.find("lunch.mp3").has_value());
}

// B21
TEST_F(AudioFolderTest, VersionInHandStaysAsItWasWhenTheFileIsRewritten) {
  const AudioFolder folder{root()};
  const AudioFile file = folder.find("lunch.mp3").value();
  temp.overwrite("audio/lunch.mp3", "LUNCH");
  EXPECT_EQ(bytesOf(file), "lunch");
  temp.write("audio/lunch.mp3", "");
  EXPECT_EQ(bytesOf(file), "lunch");
}

TEST_F(AudioFolderTest, VersionInHandOutlivesTheFolder) {
  std::optional<AudioFile> file;
  {
    const AudioFolder folder{root()};
    file = folder.find("lunch.mp3");
  }
  temp.remove("audio");
  EXPECT_EQ(bytesOf(file.value()), "lunch");
}

// B25
TEST_F(AudioFolderTest, TwoFoldersShareNothing) {
  temp.write("other/lunch.mp3", "other");
  const AudioFolder folder{root()};
  const AudioFolder other{temp.path() / "other"};
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf("lunch"));
  EXPECT_EQ(other.fingerprint("lunch.mp3"), fingerprintOf("other"));
}

// Without reading

class KnownAudioFile : public AudioFolderTest {
 protected:
  KnownAudioFile() { letTheFilesSettle(); }
};

bool mustBeRead(const AudioFolder& folder, std::string_view name) {
  return std::holds_alternative<MayBlock>(folder.findKnown(name));
}

/// What is known of a file that need not be read.
std::optional<AudioFile> known(const AudioFolder& folder, std::string_view name) {
  return std::get<std::optional<AudioFile>>(folder.findKnown(name));
}

TEST_F(KnownAudioFile, IsAllButItsBytesFromTheStart) {
  const AudioFolder folder{root()};
  const AudioFile file = known(folder, "lunch.mp3").value();
  EXPECT_EQ(file.fingerprint, fingerprintOf("lunch"));
  EXPECT_EQ(file.size, 5U);
  EXPECT_EQ(file.mediaType, "audio/mpeg");
  EXPECT_EQ(file.bytes, nullptr);
}

TEST_F(KnownAudioFile, HasTheBytesThatWereRead) {
  const AudioFolder folder{root()};
  const AudioFile read = folder.find("lunch.mp3").value();
  EXPECT_EQ(known(folder, "lunch.mp3").value().bytes, read.bytes);
}

TEST_F(KnownAudioFile, KeepsItsSizeWhenItsBytesAreDropped) {
  const AudioFolder folder{root(), 1};
  EXPECT_EQ(bytesOf(folder.find("lunch.mp3").value()), "lunch");
  const AudioFile file = known(folder, "lunch.mp3").value();
  EXPECT_EQ(file.bytes, nullptr);
  EXPECT_EQ(file.size, 5U);
}

TEST_F(KnownAudioFile, IsNotTheOldVersionOfAChangedOne) {
  const AudioFolder folder{root()};
  temp.overwrite("audio/lunch.mp3", "LUNCH");
  EXPECT_TRUE(mustBeRead(folder, "lunch.mp3"));
  temp.replace("audio/menu/soup.wav", "SOUP");
  EXPECT_TRUE(mustBeRead(folder, "menu/soup.wav"));
}

TEST_F(KnownAudioFile, IsTheNewVersionOnceThatIsRead) {
  const AudioFolder folder{root()};
  temp.overwrite("audio/lunch.mp3", "LUNCH");
  letTheFilesSettle();
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf("LUNCH"));
  EXPECT_EQ(known(folder, "lunch.mp3").value().fingerprint, fingerprintOf("LUNCH"));
}

TEST_F(KnownAudioFile, IsNoneThatWasAddedLaterUntilItIsRead) {
  const AudioFolder folder{root()};
  temp.write("audio/late.mp3", "late");
  letTheFilesSettle();
  EXPECT_TRUE(mustBeRead(folder, "late.mp3"));
  EXPECT_TRUE(folder.find("late.mp3").has_value());
  EXPECT_FALSE(mustBeRead(folder, "late.mp3"));
}

TEST_F(KnownAudioFile, IsKnownToBeMissing) {
  const AudioFolder folder{root()};
  EXPECT_EQ(known(folder, "missing.mp3"), std::nullopt);
  EXPECT_EQ(known(folder, "menu"), std::nullopt);
  EXPECT_EQ(known(folder, "../outside.mp3"), std::nullopt);
  temp.remove("audio/lunch.mp3");
  EXPECT_EQ(known(folder, "lunch.mp3"), std::nullopt);
}

// At once

TEST_F(AudioFolderTest, FileThatManyThreadsWantAtOnceIsReadOnce) {
  temp.write("audio/large.mp3", std::string(8'000'000, 'x'));
  letTheFilesSettle();
  const AudioFolder folder{root()};
  constexpr std::size_t kThreads = 20;
  std::latch start{kThreads};
  std::array<std::shared_ptr<const http::StaticFile>, kThreads> copies;
  std::vector<std::jthread> threads;
  for (auto& copy : copies) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      copy = folder.find("large.mp3").value().bytes;
    });
  }
  threads.clear();
  EXPECT_THAT(copies, testing::Each(copies.front())) << "each read makes a copy of its own";
}

TEST_F(AudioFolderTest, FilesThatManyThreadsWantAtOnceAreAllFound) {
  constexpr std::size_t kFiles = 40;
  const auto name = [](std::size_t number) { return std::to_string(number) + ".mp3"; };
  const AudioFolder folder{root()};
  for (std::size_t number = 0; number < kFiles; ++number) {
    temp.write("audio/" + name(number), name(number));
  }
  std::latch start{kFiles};
  std::array<std::string, kFiles> found;
  std::vector<std::jthread> threads;
  for (std::size_t number = 0; number < kFiles; ++number) {
    threads.emplace_back([&, number] {
      start.arrive_and_wait();
      found.at(number) = bytesOf(folder.find(name(number)).value());
    });
  }
  threads.clear();
  for (std::size_t number = 0; number < kFiles; ++number) EXPECT_EQ(found.at(number), name(number));
}

/// Asks for a file until told to stop; returns what was wrong with the first wrong answer, if any.
std::string firstMismatch(const AudioFolder& folder, const std::atomic<bool>& stop) {
  do {
    const auto file = folder.find("lunch.mp3");
    if (!file) return "the file was not found";
    if (fingerprintOf(bytesOf(*file)) != file->fingerprint) return "bytes of another version";
  } while (!stop);
  return "none";
}

// B21, B26
TEST_F(AudioFolderTest, BytesAndFingerprintBelongTogetherWhileTheFileChanges) {
  temp.write("audio/lunch.mp3", version(0));
  const AudioFolder folder{root()};
  std::atomic<bool> stop = false;
  std::latch start{3};
  std::array<std::string, 2> mismatches;
  std::vector<std::jthread> readers;
  for (std::string& mismatch : mismatches) {
    readers.emplace_back([&] {
      start.arrive_and_wait();
      mismatch = firstMismatch(folder, stop);
    });
  }
  start.arrive_and_wait();
  support::changeOften(temp, "audio/lunch.mp3", 300);
  stop = true;
  readers.clear();
  EXPECT_THAT(mismatches, testing::Each("none"));
  EXPECT_EQ(folder.fingerprint("lunch.mp3"), fingerprintOf(version(300)));
}

}  // namespace
