#include "ivr/http/percent.hpp"

#include "http/decoding.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ivr::http {

namespace {

constexpr std::string_view kUnreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

constexpr std::array<bool, 256> keepTable(std::string_view extra) {
  std::array<bool, 256> table{};
  for (const char c : kUnreserved) table[static_cast<unsigned char>(c)] = true;
  for (const char c : extra) table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr auto kKeepNothing = keepTable("");
constexpr auto kKeepPath = keepTable("/!$&'()*+,;=:@");

constexpr std::array<std::int8_t, 256> kHexValues = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (int i = 0; i < 10; ++i)
    table[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 10; i < 16; ++i) {
    table[static_cast<std::size_t>('a' + i - 10)] = static_cast<std::int8_t>(i);
    table[static_cast<std::size_t>('A' + i - 10)] = static_cast<std::int8_t>(i);
  }
  return table;
}();

int hexValue(char c) noexcept { return kHexValues[static_cast<unsigned char>(c)]; }

constexpr std::array<std::uint8_t, 256> kMeanings = [] {
  std::array<std::uint8_t, 256> table{};
  table['%'] = kPercent;
  table['+'] = kPlus;
  table['='] = kEquals;
  table['&'] = kAnd;
  return table;
}();

/// The number of bytes at the front of eight that mean nothing: they are neither among `%` to `+`
/// nor `=`. (H. S. Warren, Hacker's Delight, section 6-1.)
std::size_t plainFront(std::uint64_t eight) noexcept {
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

std::string decoded(std::string_view text, unsigned meanings) {
  std::string result(text.size(), '\0');
  const char* const end =
      decode(text.data(), text.data() + text.size(), result.data(), meanings).out;
  result.resize(static_cast<std::size_t>(end - result.data()));
  return result;
}

}  // namespace

Decoded decode(const char* in, const char* end, char* out, unsigned meanings) noexcept {
  std::uint64_t eight = 0;
  while (in != end) {
    if (end - in >= static_cast<std::ptrdiff_t>(sizeof eight)) {
      std::memcpy(&eight, in, sizeof eight);
      std::memcpy(out, &eight, sizeof eight);
      const std::size_t plain = plainFront(eight);
      in += plain;
      out += plain;
      if (plain == sizeof eight) continue;
    }
    const char c = *in;
    const unsigned meaning = kMeanings[static_cast<unsigned char>(c)] & meanings;
    if ((meaning & (kEquals | kAnd)) != 0) break;
    *out++ = meaning == kPlus ? ' ' : c;
    ++in;
    if (meaning != kPercent || end - in < 2) continue;
    const int high = hexValue(in[0]);
    const int low = hexValue(in[1]);
    if (high < 0 || low < 0) continue;
    out[-1] = static_cast<char>(high * 16 + low);
    in += 2;
  }
  return {in, out};
}

std::string percentEncode(std::string_view text, PercentKeep keep) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto& kept = keep == PercentKeep::pathParts ? kKeepPath : kKeepNothing;
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kept[byte]) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kHex[byte >> 4];
      encoded += kHex[byte & 15];
    }
  }
  return encoded;
}

std::string encodedPath(std::string_view path) {
  return percentEncode(path, PercentKeep::pathParts);
}

std::string percentDecode(std::string_view text) { return decoded(text, kPercent); }

std::string formDecode(std::string_view text) { return decoded(text, kPercent | kPlus); }

}  // namespace ivr::http
