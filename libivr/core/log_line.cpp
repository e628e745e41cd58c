#include "core/log_line.hpp"

#include <algorithm>
#include <cctype>

namespace ivr {

namespace {

constexpr std::size_t kMaxValue = 1000;

/// Whether a value can stand without quotes.
bool isBare(std::string_view value) {
  return value.size() <= kMaxValue && std::ranges::none_of(value, [](unsigned char c) {
           return c <= ' ' || c == 0x7F || c == '"' || c == '=';
         });
}

}  // namespace

LogLine& LogLine::add(std::string_view name, std::string_view value, Shown shown) {
  if (value.empty()) return *this;
  std::string masked;
  if (isMasked_ && shown != Shown::whole) {
    if (shown == Shown::withoutNumbers) masked = maskNumbersIn(value);
    if (shown == Shown::lastDigits) masked = maskNumber(value);
    if (shown == Shown::nothing) masked = "***";
    value = masked;
  }
  text_.append(" ").append(name).append("=");
  if (isBare(value)) {
    text_ += value;
    return *this;
  }
  text_ += '"';
  for (const char c : oneLine(value, kMaxValue)) {
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
  return *this;
}

std::string withoutValue(std::string text, std::string_view value) {
  constexpr std::string_view kMask = "***";
  constexpr std::size_t kShort = 4;
  constexpr std::size_t kIdLength = 34;
  const auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t at = 0; !value.empty() && (at = text.find(value, at)) != std::string::npos;) {
    std::size_t first = at;  // of the word that holds the value
    std::size_t last = at + value.size();
    while (first > 0 && isWord(text[first - 1])) --first;
    while (last < text.size() && isWord(text[last])) ++last;
    const bool isWhole = last - first == value.size();
    if (!isWhole && (value.size() < kShort || last - first == kIdLength)) {
      at += value.size();
      continue;
    }
    text.replace(at, value.size(), kMask);
    at += kMask.size();
  }
  return text;
}

std::string safeText(PersonalData personalData, std::string_view text) {
  return oneLine(personalData == PersonalData::masked ? maskNumbersIn(text) : std::string{text},
                 kMaxValue);
}

}  // namespace ivr
