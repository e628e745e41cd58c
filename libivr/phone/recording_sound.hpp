#pragma once
// The sound of a recording: what was played and what was said, mixed.
//
// The provider's recordings are WAV files of 8000 samples in a second; ours have 16 bits.

#include "ivr/phone/timeline.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::phone {

struct VoiceRecordingMade;

/// A file that was played. A value.
struct PlayedFile {
  std::string mediaType = {};
  std::string bytes = {};
};

/// The files that were played, by their addresses. When they become more than 64 MiB, those that
/// came first are dropped.
class PlayedFiles {
 public:
  void keep(const std::string& url, PlayedFile file);
  /// Null if there is none.
  [[nodiscard]] std::shared_ptr<const PlayedFile> find(std::string_view url) const;

 private:
  void dropOldest();

  std::map<std::string, std::shared_ptr<const PlayedFile>, std::less<>> files_;
  std::deque<std::string> order_;
  std::size_t bytes_ = 0;
};

/// Something that is heard in a recording. A value.
struct RecordedSound {
  enum class Kind { file, speech, beep, keys };

  Kind kind = Kind::speech;
  bool isOfCaller = false;              ///< Of the party that is recorded, not of the others.
  std::chrono::milliseconds begin{0};   ///< Since the recording began; negative if it was before.
  std::chrono::milliseconds length{0};  ///< How long it is heard, at most.
  std::chrono::milliseconds round{0};   ///< After which it is heard again; 0 for once.
  std::string text = {};                ///< Words, or keys.
  std::string language = {};
  std::shared_ptr<const PlayedFile> file = {};
};

/// A time in which a recording is silent, since it began. A value.
struct RecordedPause {
  std::chrono::milliseconds begin{0};
  std::chrono::milliseconds end{0};
};

/// What a recording has, before it is sound. A value.
struct RecordingPlan {
  std::chrono::seconds length{0};  ///< At most 10 minutes.
  bool isCut = false;              ///< The recording itself is longer.
  int channels = 1;                ///< With two, the party that is recorded has the first one.
  int wordsPerMinute = 160;
  std::string speechProgram = {};  ///< Empty for none.
  std::vector<RecordedSound> sounds = {};
  std::vector<RecordedPause> pauses = {};
};

/// Finds in a timeline what is in a recording.
[[nodiscard]] RecordingPlan planOf(const VoiceRecordingMade& recording, const Timeline& timeline,
                                   const PlayedFiles& files, int wordsPerMinute,
                                   std::string speechProgram);

/// How much of what was said can be heard.
enum class SaidAs {
  spoken,
  partly,   ///< Some texts could not be spoken, or not in time.
  silence,  ///< There is no program that speaks.
};
[[nodiscard]] std::string_view textOf(SaidAs said) noexcept;

struct RecordedWave {
  std::string file = {};
  SaidAs said = SaidAs::spoken;
};

/// Makes the WAV file. Takes a few seconds at most: texts that are not spoken by then are silent.
/// Threads: any.
[[nodiscard]] RecordedWave waveOf(const RecordingPlan& plan);

/// A WAV file as MP3; nothing if libsndfile cannot write that. Threads: any.
[[nodiscard]] std::optional<std::string> mp3Of(std::string_view wave);

}  // namespace ivr::phone
