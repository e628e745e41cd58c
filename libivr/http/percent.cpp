#include "ivr/http/percent.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace ivr {

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

int hexValue(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode(std::string_view text, bool plusIsBlank) {
  std::string decoded{text};
  const bool isPlain = text.find('%') == std::string_view::npos &&
                       (!plusIsBlank || text.find('+') == std::string_view::npos);
  if (isPlain) return decoded;
  char* out = decoded.data();
  const char* const end = text.data() + text.size();
  for (const char* in = text.data(); in != end; ++in, ++out) {
    *out = plusIsBlank && *in == '+' ? ' ' : *in;
    if (*in != '%' || end - in < 3) continue;
    const int high = hexValue(in[1]);
    const int low = hexValue(in[2]);
    if (high < 0 || low < 0) continue;
    *out = static_cast<char>(high * 16 + low);
    in += 2;
  }
  decoded.resize(static_cast<std::size_t>(out - decoded.data()));
  return decoded;
}

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

}  // namespace

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

std::string percentDecode(std::string_view text) { return decode(text, false); }

std::string formDecode(std::string_view text) { return decode(text, true); }

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

}  // namespace ivr
