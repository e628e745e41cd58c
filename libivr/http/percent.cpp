#include "ivr/http/percent.hpp"

#include "http/decoding.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

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

std::string decoded(std::string_view text, unsigned meanings) {
  std::string result(text.size(), '\0');
  const char* const end =
      decode(text.data(), text.data() + text.size(), result.data(), meanings).out;
  result.resize(static_cast<std::size_t>(end - result.data()));
  return result;
}

}  // namespace

std::string percentEncode(std::string_view text, PercentKeep keep) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto& kept = keep == PercentKeep::pathParts ? kKeepPath : kKeepNothing;
  const auto isKept = [&](char c) { return kept[static_cast<unsigned char>(c)]; };
  const auto first = std::ranges::find_if_not(text, isKept);
  std::string encoded;
  encoded.reserve(text.size());
  encoded.append(text.begin(), first);
  for (const char c : text.substr(encoded.size())) {
    const auto byte = static_cast<unsigned char>(c);
    if (isKept(c)) {
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
