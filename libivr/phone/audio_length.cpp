#include "phone/audio_length.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <sndfile.h>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;

struct Bytes {
  std::string_view file = {};
  sf_count_t at = 0;
};

sf_count_t sizeOfBytes(void* user) {
  return static_cast<sf_count_t>(static_cast<Bytes*>(user)->file.size());
}

sf_count_t seekBytes(sf_count_t offset, int whence, void* user) {
  Bytes& bytes = *static_cast<Bytes*>(user);
  const auto size = static_cast<sf_count_t>(bytes.file.size());
  const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? bytes.at : size;
  if (offset < -from || offset > size - from) return -1;
  return bytes.at = from + offset;
}

sf_count_t readBytes(void* into, sf_count_t count, void* user) {
  Bytes& bytes = *static_cast<Bytes*>(user);
  const sf_count_t left = static_cast<sf_count_t>(bytes.file.size()) - bytes.at;
  const sf_count_t taken = std::clamp<sf_count_t>(count, 0, left);
  std::memcpy(into, bytes.file.data() + bytes.at, static_cast<std::size_t>(taken));
  bytes.at += taken;
  return taken;
}

sf_count_t tellBytes(void* user) { return static_cast<Bytes*>(user)->at; }

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
  Bytes bytes{file};
  SF_VIRTUAL_IO io{};
  io.get_filelen = sizeOfBytes;
  io.seek = seekBytes;
  io.read = readBytes;
  io.tell = tellBytes;
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> sound{
      ::sf_open_virtual(&io, SFM_READ, &info, &bytes), ::sf_close};
  if (sound) {
    if (info.samplerate <= 0 || info.frames < 0) return std::nullopt;
    constexpr sf_count_t kLongest = sf_count_t{1} << 50;  // nothing overflows below it
    return milliseconds{std::min(info.frames, kLongest) * 1000 / info.samplerate};
  }
  if (mediaType == "audio/ulaw") return milliseconds{size / 8};  // 8000 bytes in a second
  if (mediaType == "audio/gsm" || mediaType == "audio/x-gsm") {
    return milliseconds{size / 33 * 20};  // frames of 33 bytes and 20 ms
  }
  return std::nullopt;
}

}  // namespace ivr::phone
