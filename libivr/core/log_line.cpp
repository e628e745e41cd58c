#include "core/log_line.hpp"

#include <algorithm>

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

std::string safeText(PersonalData personalData, std::string_view text) {
  return oneLine(personalData == PersonalData::masked ? maskNumbersIn(text) : std::string{text},
                 kMaxValue);
}

}  // namespace ivr
