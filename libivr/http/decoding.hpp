#pragma once
// The one loop that decodes percent sequences (RFC 3986 section 2.1), and forms with them.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ivr::http {

/// Which characters mean something; they may be combined.
enum Meaning : std::uint8_t {
  kPercent = 1,  ///< `%XX` is a byte; a malformed sequence stays as it is.
  kPlus = 2,     ///< `+` is a blank.
  kEquals = 4,   ///< `=` ends the text.
  kAnd = 8,      ///< `&` ends the text.
};

/// How far a text was read and written.
struct Decoded {
  const char* in;
  char* out;
};

namespace detail {

inline constexpr std::array<std::int8_t, 256> kHexValues = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < 10; ++i) table['0' + i] = static_cast<std::int8_t>(i);
  for (std::size_t i = 10; i < 16; ++i) {
    table['a' + i - 10] = static_cast<std::int8_t>(i);
    table['A' + i - 10] = static_cast<std::int8_t>(i);
  }
  return table;
}();

inline int hexValue(char c) noexcept { return kHexValues[static_cast<unsigned char>(c)]; }

inline constexpr std::array<std::uint8_t, 256> kMeanings = [] {
  std::array<std::uint8_t, 256> table{};
  table['%'] = kPercent;
  table['+'] = kPlus;
  table['='] = kEquals;
  table['&'] = kAnd;
  return table;
}();

/// The number of bytes at the front of eight that mean nothing: they are neither among `%` to `+`
/// nor `=`. (H. S. Warren, Hacker's Delight, section 6-1.)
inline std::size_t plainFront(std::uint64_t eight) noexcept {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x80 * kEach;
  const std::uint64_t low = eight & ~kHigh;
  const std::uint64_t fromPercent = low + (0x80 - '%') * kEach;
  const std::uint64_t afterPlus = low + (0x80 - '+' - 1) * kEach;
  const std::uint64_t isOther = (low ^ '=' * kEach) + 0x7F * kEach;
  const std::uint64_t marks = ((fromPercent & ~afterPlus) | ~isOther) & ~eight & kHigh;
  const bool isLittle = std::endian::native == std::endian::little;
  return static_cast<std::size_t>(isLittle ? std::countr_zero(marks) : std::countl_zero(marks)) / 8;
}

}  // namespace detail

/// Decodes from `in` to `end`, or to what ends the text. `out` has room for as many bytes, in other
/// memory: all of it may be written, though what counts is never longer than what is read.
[[nodiscard]] inline Decoded decode(const char* in, const char* end, char* out,
                                    unsigned meanings) noexcept {
  std::uint64_t eight = 0;
  while (in != end) {
    if (end - in >= static_cast<std::ptrdiff_t>(sizeof eight)) {
      std::memcpy(&eight, in, sizeof eight);
      std::memcpy(out, &eight, sizeof eight);
      const std::size_t plain = detail::plainFront(eight);
      in += plain;
      out += plain;
      if (plain == sizeof eight) continue;
    }
    const char c = *in;
    const unsigned meaning = detail::kMeanings[static_cast<unsigned char>(c)] & meanings;
    if ((meaning & (kEquals | kAnd)) != 0) break;
    *out++ = meaning == kPlus ? ' ' : c;
    ++in;
    if (meaning != kPercent || end - in < 2) continue;
    const int high = detail::hexValue(in[0]);
    const int low = detail::hexValue(in[1]);
    if (high < 0 || low < 0) continue;
    out[-1] = static_cast<char>(high * 16 + low);
    in += 2;
  }
  return {in, out};
}

}  // namespace ivr::http
