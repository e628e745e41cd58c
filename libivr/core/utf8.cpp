#include "core/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ivr {

namespace {

/// The length of the ASCII at the start of a text, read eight characters at a time.
std::size_t asciiPrefix(std::string_view text) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::uint64_t eight = 0;
  std::size_t length = 0;
  for (; text.size() - length >= sizeof eight; length += sizeof eight) {
    std::memcpy(&eight, text.data() + length, sizeof eight);
    if ((eight & kHighBits) != 0) break;
  }
  while (length < text.size() && static_cast<std::uint8_t>(text[length]) < 0x80) ++length;
  return length;
}

/// The length of the well-formed sequence at the start of `text`, or 0; then `malformed` is the
/// length of the part that one U+FFFD stands for. (Unicode 15, table 3-7.)
std::size_t utf8Sequence(std::string_view text, std::size_t& malformed) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  std::uint8_t low = 0x80;  // bounds of the second byte
  std::uint8_t high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    malformed = 1;
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || byte(i) < low || byte(i) > high) {
      malformed = i;
      return 0;
    }
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

/// Whether the well-formed `sequence` is a character that does something to those around it.
/// (Unicode 15: Cc, Zl, Zp, Bidi_Control.)
bool isControl(std::string_view sequence) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(sequence[i]); };
  if (sequence.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (sequence.size() == 2) {
    return (byte(0) == 0xC2 && byte(1) < 0xA0) ||  // U+0080 to U+009F
           (byte(0) == 0xD8 && byte(1) == 0x9C);   // U+061C
  }
  if (sequence.size() != 3 || byte(0) != 0xE2) return false;
  if (byte(1) == 0x80) {
    return byte(2) == 0x8E || byte(2) == 0x8F ||  // U+200E, U+200F
           (byte(2) >= 0xA8 && byte(2) <= 0xAE);  // U+2028 to U+202E
  }
  return byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;  // U+2066 to U+2069
}

}  // namespace

bool isAscii(std::string_view text) noexcept {
  unsigned char all = 0;  // no way out of the loop, so that it takes many at once
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

bool isUtf8(std::string_view text) noexcept {
  std::size_t malformed = 0;
  while (true) {
    text.remove_prefix(asciiPrefix(text));
    if (text.empty()) return true;
    const std::size_t length = utf8Sequence(text, malformed);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
}

std::string toUtf8(std::string_view text) {
  if (isUtf8(text)) return std::string{text};
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    std::size_t malformed = 0;
    const std::size_t length = utf8Sequence(text.substr(i), malformed);
    if (length > 0) {
      result += text.substr(i, length);
      i += length;
    } else {
      result += "\xEF\xBF\xBD";
      i += malformed;
    }
  }
  return result;
}

std::string toPrintable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (true) {
    const auto stop = std::ranges::find_if_not(text, [](char c) { return c >= ' ' && c < '\x7F'; });
    const auto plain = static_cast<std::size_t>(stop - text.begin());
    result += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return result;
    std::size_t malformed = 0;
    const std::size_t length = utf8Sequence(text, malformed);
    if (length == 0 || isControl(text.substr(0, length))) {
      result += '?';
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? malformed : length);
  }
}

}  // namespace ivr
