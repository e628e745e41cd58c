#include "core/log_line.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <typeinfo>
#include <vector>

namespace ivr {

namespace {

constexpr std::size_t kMaxValue = 1000;

/// ASCII that needs no quotes.
constexpr std::array<bool, 256> kBare = [] {
  std::array<bool, 256> table{};
  for (unsigned char c = ' ' + 1; c < 0x7F; ++c) table[c] = c != '"' && c != '=';
  return table;
}();

/// Whether a value can stand as it is.
bool isBare(std::string_view value) {
  return value.size() <= kMaxValue &&
         std::ranges::all_of(value, [](char c) { return kBare[static_cast<unsigned char>(c)]; });
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
std::string withoutValue(const std::string& text, std::string_view value) {
  constexpr std::string_view kMask = "***";
  constexpr std::size_t kShort = 4;
  constexpr std::size_t kIdLength = 34;
  if (value.empty() || text.find(value) == std::string::npos) return text;
  const auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  // Where the word begins that a position is in, and where it ends: looked up, because one word
  // may hold the value a thousand times.
  std::vector<std::size_t> begins(text.size() + 1);
  std::vector<std::size_t> ends(text.size() + 1, text.size());
  for (std::size_t i = 1; i <= text.size(); ++i)
    begins[i] = isWord(text[i - 1]) ? begins[i - 1] : i;
  for (std::size_t i = text.size(); i-- > 0;) ends[i] = isWord(text[i]) ? ends[i + 1] : i;
  std::string masked;
  std::size_t done = 0;  // of `text`
  for (std::size_t at = 0; (at = text.find(value, at)) != std::string::npos; at += value.size()) {
    const std::size_t after = at + value.size();
    const std::size_t word = ends[after] - begins[at];
    const bool isWhole = word == value.size();
    if (!isWhole && (value.size() < kShort || word == kIdLength)) continue;
    masked.append(text, done, at - done).append(kMask);
    done = after;
  }
  return masked.append(text, done);
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
  text_ += ' ';
  text_.append(name) += '=';
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
    for (const std::string& value : values) message = withoutValue(message, value);
  }
  return add("type", typeOf(error)).add("error", message, Shown::withoutNumbers);
}

}  // namespace ivr
