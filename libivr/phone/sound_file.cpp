#include "phone/sound_file.hpp"

#include <algorithm>
#include <cstring>

namespace ivr::phone {

namespace {

constexpr int kRateWithoutHeader = 8000;
constexpr int kHighestRate = 768'000;
constexpr int kMostChannels = 64;

}  // namespace

SoundFile::SoundFile(std::string_view mediaType, std::string_view bytes) : bytes_{.file = bytes} {
  if (bytes.empty() || open(0)) return;
  if (mediaType == "audio/ulaw") (void)open(SF_FORMAT_RAW | SF_FORMAT_ULAW);
  if (mediaType == "audio/gsm" || mediaType == "audio/x-gsm") {
    (void)open(SF_FORMAT_RAW | SF_FORMAT_GSM610);
  }
}

bool SoundFile::open(int format) {
  SF_VIRTUAL_IO io{};
  io.get_filelen = [](void* user) {
    return static_cast<sf_count_t>(static_cast<Bytes*>(user)->file.size());
  };
  io.seek = [](sf_count_t offset, int whence, void* user) -> sf_count_t {
    Bytes& bytes = *static_cast<Bytes*>(user);
    const auto size = static_cast<sf_count_t>(bytes.file.size());
    const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? bytes.at : size;
    if (offset < -from || offset > size - from) return -1;
    return bytes.at = from + offset;
  };
  io.read = [](void* into, sf_count_t count, void* user) {
    Bytes& bytes = *static_cast<Bytes*>(user);
    const sf_count_t left = static_cast<sf_count_t>(bytes.file.size()) - bytes.at;
    const sf_count_t taken = std::clamp<sf_count_t>(count, 0, left);
    std::memcpy(into, bytes.file.data() + bytes.at, static_cast<std::size_t>(taken));
    bytes.at += taken;
    return taken;
  };
  io.tell = [](void* user) { return static_cast<Bytes*>(user)->at; };
  bytes_.at = 0;
  info_ = {};
  info_.format = format;
  if (format != 0) {
    info_.samplerate = kRateWithoutHeader;
    info_.channels = 1;
  }
  sound_.reset(::sf_open_virtual(&io, SFM_READ, &info_, &bytes_));
  const bool isSound = sound_ && info_.samplerate > 0 && info_.samplerate <= kHighestRate &&
                       info_.channels > 0 && info_.channels <= kMostChannels && info_.frames >= 0;
  if (!isSound) sound_.reset();
  return isSound;
}

sf_count_t SoundFile::read(float* into, sf_count_t count) {
  return sound_ ? std::max<sf_count_t>(::sf_readf_float(sound_.get(), into, count), 0) : 0;
}

}  // namespace ivr::phone
