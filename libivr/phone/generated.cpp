#include "phone/generated.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <cstddef>

namespace ivr::phone {

namespace {

constexpr std::size_t kShortestToken = 20;
constexpr std::size_t kShortestHex = 16;
constexpr std::size_t kShortestFingerprint = 6;

bool isDigit(char c) noexcept { return c >= '0' && c <= '9'; }
bool isLetter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isOfWord(char c) noexcept { return isDigit(c) || isLetter(c) || c == '-' || c == '_'; }
bool isHex(char c) noexcept {
  return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::size_t digitsIn(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(text, isDigit));
}

/// How many digits there are at the beginning.
std::size_t leadingDigits(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, isDigit) - text.begin());
}

/// Whether the text has the shape of `pattern`, in which `0` is any digit.
bool startsLike(std::string_view text, std::string_view pattern) noexcept {
  return text.size() >= pattern.size() &&
         std::ranges::equal(text.substr(0, pattern.size()), pattern,
                            [](char c, char like) { return like == '0' ? isDigit(c) : c == like; });
}

/// How often letters and digits, and large and small letters, follow each other: seldom in words,
/// at half of all places where they are drawn by lot.
std::size_t changesIn(std::string_view word) noexcept {
  const auto kindOf = [](char c) { return isDigit(c) ? 0 : c >= 'a' ? 1 : 2; };
  std::size_t changes = 0;
  char before = 0;
  for (const char c : word) {
    if (!isDigit(c) && !isLetter(c)) continue;
    if (before != 0 && kindOf(c) != kindOf(before)) ++changes;
    before = c;
  }
  return changes;
}

/// A SID, a UUID, or whatever else nobody would think of by himself.
bool isToken(std::string_view word) noexcept {
  const std::size_t digits = digitsIn(word);
  if (digits == 0 || digits == word.size()) return false;
  const bool isAllHex = std::ranges::all_of(word, [](char c) { return isHex(c) || c == '-'; });
  if (isAllHex && word.size() >= kShortestHex) return true;
  return word.size() >= kShortestToken && digits >= 2 && 3 * changesIn(word) > word.size();
}

bool isUnixTime(std::string_view word) noexcept {
  return (word.size() == 10 || word.size() == 13) && word.front() == '1' &&
         digitsIn(word) == word.size();
}

/// The length of a date with or without a time, `2026-01-05T10:00:00.250Z`, or 0.
std::size_t dateAt(std::string_view text) noexcept {
  if (!startsLike(text, "0000-00-00")) return 0;
  constexpr std::string_view kDate = "0000-00-00";
  constexpr std::string_view kTime = "T00:00";
  if (!startsLike(text.substr(kDate.size()), kTime)) return kDate.size();
  const std::size_t after = kDate.size() + kTime.size();
  const std::size_t end = text.find_first_not_of("0123456789:.Z+", after);
  return end == std::string_view::npos ? text.size() : end;
}

/// The length of a time of day, `9:05` or `09:05:30`, or 0.
std::size_t timeAt(std::string_view text) noexcept {
  std::size_t length = leadingDigits(text);
  if (length == 0 || length > 2) return 0;
  std::size_t parts = 0;
  while (parts < 2 && startsLike(text.substr(length), ":00") && text[length + 1] < '6' &&
         leadingDigits(text.substr(length + 1)) == 2) {
    length += 3;
    ++parts;
  }
  return parts == 0 ? 0 : length;
}

/// Whether a fingerprint stands behind what was written so far: `?v=`.
bool endsInFingerprint(std::string_view text) noexcept {
  return text.ends_with("?v=") || text.ends_with("&v=") || text.ends_with("&amp;v=");
}

}  // namespace

std::string withoutGenerated(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    if (!isOfWord(rest.front())) {
      kept += rest.front();
      ++at;
      continue;
    }
    std::size_t generated = std::max(dateAt(rest), timeAt(rest));
    const auto end = std::ranges::find_if_not(rest, isOfWord);
    const std::string_view word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    if (generated == 0) {
      const bool isOfNumber = at > 0 && text[at - 1] == '+';  // +14155550100
      const bool isGenerated = isToken(word) || (isUnixTime(word) && !isOfNumber) ||
                               (word.size() >= kShortestFingerprint && endsInFingerprint(kept));
      if (isGenerated) generated = word.size();
    }
    if (generated != 0) {
      kept += '*';
      at += generated;
    } else {
      kept += word;
      at += word.size();
    }
  }
  return kept;
}

}  // namespace ivr::phone
