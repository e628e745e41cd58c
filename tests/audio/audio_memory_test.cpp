// What an audio folder keeps for those who read its files, and for how long.

#include "audio/audio_folder.hpp"
#include "audio/fingerprint.hpp"
#include "ivr/core/error.hpp"
#include "support/audio_copies.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

using namespace ivr;
using namespace ivr::audio;
using namespace std::chrono_literals;
using support::audioCopies;
using support::TempFolder;

namespace {

constexpr std::uint64_t kFileBytes = 200'000;  // three pieces and a bit
constexpr int kCopies = 16;
constexpr std::uint64_t kMemory = kCopies * kFileBytes;
constexpr int kFiles = 20;

std::string nameOf(int number) { return std::to_string(number) + ".mp3"; }

/// Different for each number, and in each piece of a file.
std::string contentOf(int number) {
  std::string bytes;
  while (bytes.size() < kFileBytes)
    bytes += std::to_string(bytes.size() + 7U * unsigned(number)) + ' ';
  bytes.resize(kFileBytes);
  return bytes;
}

std::string contentOf(const AudioFile& file) { return file.bytes->read(0, file.size); }

bool isCopy(const AudioFile& file) { return file.bytes->descriptor() >= 0; }

/// More files than there is memory for their copies.
class AudioMemory : public testing::Test {
 protected:
  AudioMemory() {
    for (int number = 0; number < kFiles; ++number) temp.write(nameOf(number), contentOf(number));
    std::this_thread::sleep_for(50ms);  // by the clock of the file system: versions are settled
    folder.emplace(temp.path(), kMemory);
  }

  [[nodiscard]] AudioFile find(int number) const { return folder->find(nameOf(number)).value(); }

  /// So many files, which somebody reads as long as they are held.
  [[nodiscard]] std::vector<AudioFile> filesInHand(int count) const {
    std::vector<AudioFile> files;
    for (int number = 0; number < count; ++number) files.push_back(find(number));
    return files;
  }

  TempFolder temp;
  std::optional<AudioFolder> folder;
};

TEST_F(AudioMemory, FileThatIsStillReadIsNotCopiedAgain) {
  const AudioFile slow = find(0);
  for (int number = 1; number < kFiles; ++number) (void)find(number);
  EXPECT_EQ(find(0).bytes, slow.bytes);
}

TEST_F(AudioMemory, LimitHoldsForCopiesThatAreStillRead) {
  const std::vector<AudioFile> files = filesInHand(kFiles);
  EXPECT_LE(audioCopies().bytes, kMemory);
  for (int number = 0; number < kFiles; ++number) {
    EXPECT_TRUE(contentOf(files.at(static_cast<std::size_t>(number))) == contentOf(number))
        << number;
  }
}

TEST_F(AudioMemory, LimitHoldsForVersionsThatWereReplaced) {
  std::vector<AudioFile> versions;
  for (int number = 0; number < 2 * kCopies; ++number) {
    temp.replace(nameOf(0), contentOf(number));
    versions.push_back(find(0));
  }
  EXPECT_LE(audioCopies().bytes, kMemory);
  for (int number = 0; number < kCopies; ++number) {
    EXPECT_TRUE(contentOf(versions.at(static_cast<std::size_t>(number))) == contentOf(number));
  }
}

TEST_F(AudioMemory, CopyThatNobodyReadsMakesWay) {
  for (int number = 0; number < kFiles; ++number) EXPECT_TRUE(isCopy(find(number))) << number;
  EXPECT_EQ(audioCopies().bytes, kMemory);
}

TEST_F(AudioMemory, LeastRecentlyUsedCopyMakesWayFirst) {
  for (int number = 0; number < kCopies; ++number) (void)find(number);
  (void)find(0);
  (void)find(kCopies);
  const auto copyOf = [this](int number) {
    return std::get<std::optional<AudioFile>>(folder->findKnown(nameOf(number))).value().bytes;
  };
  EXPECT_NE(copyOf(0), nullptr);
  EXPECT_EQ(copyOf(1), nullptr);
}

TEST_F(AudioMemory, FileWithoutRoomIsReadFromTheDiskByAllWhoWantIt) {
  const std::vector<AudioFile> files = filesInHand(kCopies);
  const AudioFile first = find(kCopies);
  EXPECT_FALSE(isCopy(first));
  EXPECT_EQ(find(kCopies).bytes, first.bytes);
  EXPECT_EQ(std::get<std::optional<AudioFile>>(folder->findKnown(nameOf(kCopies))).value().bytes,
            first.bytes);
}

TEST_F(AudioMemory, FileThatHadNoRoomIsCopiedOnceThereIsSome) {
  std::vector<AudioFile> files = filesInHand(kCopies);
  EXPECT_FALSE(isCopy(find(kCopies)));
  files.pop_back();
  EXPECT_TRUE(isCopy(find(kCopies)));
}

TEST_F(AudioMemory, RoomIsFreeAgainWhenTheLastReaderIsDone) {
  {
    const std::vector<AudioFile> files = filesInHand(kCopies);
    temp.remove(nameOf(0));
    EXPECT_FALSE(isCopy(find(kCopies)));
  }
  EXPECT_TRUE(isCopy(find(kCopies)));
}

TEST_F(AudioMemory, LargeFileIsReadFromTheDiskAndCostsNoOtherItsCopy) {
  temp.write("large.mp3", std::string(kFileBytes + 1, 'x'));
  const AudioFile small = find(0);
  const AudioFile large = folder->find("large.mp3").value();
  EXPECT_FALSE(isCopy(large));
  EXPECT_EQ(large.fingerprint, fingerprintOf(std::string(kFileBytes + 1, 'x')));
  EXPECT_TRUE(contentOf(large) == std::string(kFileBytes + 1, 'x'));
  EXPECT_EQ(audioCopies().count, 1U);
}

TEST_F(AudioMemory, NoneIsEnough) {
  folder.emplace(temp.path(), 0);
  EXPECT_TRUE(contentOf(find(0)) == contentOf(0));
  EXPECT_EQ(audioCopies().count, 0U);
}

TEST_F(AudioMemory, NamesOfOneFileShareItsCopy) {
  temp.symlink(nameOf(0), "again.mp3");
  EXPECT_EQ(folder->find("again.mp3").value().bytes, find(0).bytes);
  EXPECT_EQ(audioCopies().count, 1U);
}

TEST_F(AudioMemory, FileThatWasTouchedKeepsItsCopy) {
  const AudioFile before = find(0);
  temp.setModified(nameOf(0), std::chrono::system_clock::time_point{784111777s});
  const AudioFile after = find(0);
  EXPECT_EQ(after.bytes, before.bytes);
  EXPECT_NE(after.modified, before.modified);
}

// From the disk

class AudioFromDisk : public AudioMemory {
 protected:
  AudioFromDisk() { folder.emplace(temp.path(), 0); }
};

TEST_F(AudioFromDisk, EveryPartIsThatOfTheFile) {
  const AudioFile file = find(3);
  const std::string content = contentOf(3);
  for (const std::size_t offset : {0U, 1U, 65'535U, 65'536U, 65'537U, 131'071U, 199'999U}) {
    for (const std::size_t length : {1U, 2U, 65'536U, 100'000U}) {
      if (offset + length > kFileBytes) continue;
      EXPECT_TRUE(file.bytes->read(offset, length) == content.substr(offset, length))
          << length << " bytes from " << offset;
    }
  }
  EXPECT_EQ(file.bytes->readSome(kFileBytes, 1), "");
}

TEST_F(AudioFromDisk, BytesOfAnotherVersionAreNeverSent) {
  const AudioFile file = find(0);
  EXPECT_NE(file.bytes->readSome(0, 10), "");
  temp.overwrite(nameOf(0), "another");
  EXPECT_EQ(file.bytes->readSome(0, 10), "");
  EXPECT_EQ(file.bytes->readSome(10, 10), "") << "that piece of the file was changed";
  EXPECT_EQ(file.bytes->readSome(70'000, 10), contentOf(0).substr(70'000, 10));
  EXPECT_THROW((void)contentOf(file), Error);
}

TEST_F(AudioFromDisk, FileThatWasCutShortIsNotReadOn) {
  const AudioFile file = find(0);
  std::filesystem::resize_file(temp.path() / nameOf(0), 100'000);
  EXPECT_EQ(file.bytes->readSome(0, 10), contentOf(0).substr(0, 10));
  EXPECT_EQ(file.bytes->readSome(70'000, 10), "");
  EXPECT_EQ(file.bytes->readSome(150'000, 10), "");
}

TEST_F(AudioFromDisk, FileThatWasReplacedIsReadToItsEnd) {
  const AudioFile file = find(0);
  temp.replace(nameOf(0), contentOf(1));
  EXPECT_TRUE(contentOf(file) == contentOf(0));
  EXPECT_TRUE(contentOf(find(0)) == contentOf(1));
  temp.remove(nameOf(0));
  EXPECT_TRUE(contentOf(file) == contentOf(0));
}

TEST_F(AudioFromDisk, ManyFilesTakeFewDescriptors) {
  constexpr int kMany = 300;
  for (int number = 0; number < kMany; ++number) temp.write("x" + nameOf(number), nameOf(number));
  const auto before = support::openDescriptors();
  std::vector<AudioFile> files;
  for (int number = 0; number < kMany; ++number) {
    files.push_back(folder->find("x" + nameOf(number)).value());
  }
  EXPECT_LE(support::openDescriptors() - before, 128);
  for (int number = 0; number < kMany; ++number) {
    EXPECT_EQ(contentOf(files.at(static_cast<std::size_t>(number))), nameOf(number));
  }
}

TEST_F(AudioFromDisk, VersionInHandOutlivesTheFolder) {
  const AudioFile file = find(0);
  folder.reset();
  EXPECT_TRUE(contentOf(file) == contentOf(0));
}

}  // namespace
