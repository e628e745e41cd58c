#pragma once
// Files of sound in memory, read with libsndfile.

#include <memory>
#include <sndfile.h>
#include <string_view>

namespace ivr::phone {

/// A file that is read from the beginning. Reads any bytes safely; they must outlive it. A
/// resource.
class SoundFile {
 public:
  /// `mediaType` tells what files are that have no header of their own: mu-law and GSM.
  SoundFile(std::string_view mediaType, std::string_view bytes);
  SoundFile(const SoundFile&) = delete;
  SoundFile& operator=(const SoundFile&) = delete;

  /// Whether it is a sound at all.
  [[nodiscard]] bool isOpen() const noexcept { return sound_ != nullptr; }
  [[nodiscard]] int rate() const noexcept { return info_.samplerate; }
  [[nodiscard]] int channels() const noexcept { return info_.channels; }
  /// Of each channel, as the header has it.
  [[nodiscard]] sf_count_t samples() const noexcept { return info_.frames; }

  /// Reads up to `count` samples of every channel, interleaved. 0 at the end.
  [[nodiscard]] sf_count_t read(float* into, sf_count_t count);

 private:
  struct Bytes {
    std::string_view file = {};
    sf_count_t at = 0;
  };
  struct Close {
    void operator()(SNDFILE* sound) const noexcept { (void)::sf_close(sound); }
  };
  [[nodiscard]] bool open(int format);

  Bytes bytes_;
  SF_INFO info_{};
  std::unique_ptr<SNDFILE, Close> sound_;
};

}  // namespace ivr::phone
