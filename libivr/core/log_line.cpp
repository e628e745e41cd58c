#include "core/log_line.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <typeinfo>
#include <utility>

namespace ivr {

namespace {

constexpr std::size_t kMaxValue = 1000;

/// Whether a value can stand without quotes.
bool isBare(std::string_view value) {
  return value.size() <= kMaxValue && std::ranges::none_of(value, [](unsigned char c) {
           return c <= ' ' || c == 0x7F || c == '"' || c == '=';
         });
}

/// The type of a thrown object; empty for `ivr::Error` itself.
std::string typeOf(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (...) {
    const std::type_info* const type = abi::__cxa_current_exception_type();
    if (type == nullptr || *type == typeid(Error)) return {};
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name{
        abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), &std::free};
    return name ? name.get() : type->name();
  }
}

/// `text` with `value` masked: a short one where it is a word of its own, a longer one everywhere
/// except in an id of the provider.
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

LogLine& LogLine::add(const std::exception_ptr& error, std::span<const std::string> values) {
  if (!error) return *this;
  std::string message = textOf(error).substr(0, 2 * kMaxValue);  // more than is shown
  if (isMasked_) {
    for (const std::string& value : values) message = withoutValue(std::move(message), value);
  }
  return add("type", typeOf(error)).add("error", message, Shown::withoutNumbers);
}

}  // namespace ivr
