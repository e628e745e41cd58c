#include "ivr/http/percent.hpp"

#include <array>

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

}  // namespace ivr::http
