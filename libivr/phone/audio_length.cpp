#include "phone/audio_length.hpp"

#include "phone/sound_file.hpp"

#include <algorithm>
#include <array>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;

}  // namespace

bool isPlayed(std::string_view mediaType) noexcept {
  constexpr std::array<std::string_view, 10> kTypes{
      "audio/mpeg",   "audio/wav",    "audio/wave",  "audio/x-wav", "audio/aiff",
      "audio/x-aifc", "audio/x-aiff", "audio/x-gsm", "audio/gsm",   "audio/ulaw"};
  return std::ranges::find(kTypes, mediaType) != kTypes.end();
}

std::optional<milliseconds> audioLength(std::string_view mediaType, std::string_view file) {
  if (file.empty()) return std::nullopt;
  const auto size = static_cast<milliseconds::rep>(file.size());
  // Without a header, the size tells more exactly what a player plays.
  const SoundFile sound{"", file};
  if (sound.isOpen()) {
    constexpr sf_count_t kLongest = sf_count_t{1} << 50;  // nothing overflows below it
    return milliseconds{std::min(sound.samples(), kLongest) * 1000 / sound.rate()};
  }
  if (mediaType == "audio/ulaw") return milliseconds{size / 8};  // 8000 bytes in a second
  if (mediaType == "audio/gsm" || mediaType == "audio/x-gsm") {
    return milliseconds{size / 33 * 20};  // frames of 33 bytes and 20 ms
  }
  return std::nullopt;
}

}  // namespace ivr::phone
