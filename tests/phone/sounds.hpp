#pragma once
// Files of sound, made here.

#include <chrono>
#include <cstdint>
#include <string>

namespace ivr::support {

/// Silence as WAV: 8000 samples of 8 bits in a second.
inline std::string silentWav(std::chrono::milliseconds length) {
  const auto bytes = static_cast<std::uint32_t>(length.count() * 8);
  const auto number = [](std::uint32_t value, int size) {
    std::string text;
    for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
  };
  return "RIFF" + number(36 + bytes, 4) + "WAVEfmt " + number(16, 4) + number(1, 2) + number(1, 2) +
         number(8000, 4) + number(8000, 4) + number(1, 2) + number(8, 2) + "data" +
         number(bytes, 4) + std::string(bytes, '\x80');
}

}  // namespace ivr::support
