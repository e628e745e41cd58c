#include "twiml/attribute_value.hpp"

#include "core/text.hpp"

namespace ivr::twiml {

namespace {

/// `2` and `0.5` as thousandths.
std::optional<std::chrono::milliseconds> parseDecimal(std::string_view text) {
  constexpr std::size_t kMaxDigits = 9;  // far below the limit of milliseconds
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string digits{text.substr(0, point)};
  std::string thousandths{text.substr(std::min(point + 1, text.size()))};
  const bool isWhole = point == text.size();
  if (digits.empty() || digits.size() > kMaxDigits || thousandths.size() > 3 ||
      (thousandths.empty() && !isWhole)) {
    return std::nullopt;
  }
  thousandths.resize(3, '0');
  digits += thousandths;
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::chrono::milliseconds{*numberFrom<std::int64_t>(digits)};
}

}  // namespace

std::optional<int> parse(Type<int>, std::string_view text, std::string_view) {
  return numberFrom<int>(text);
}

std::optional<bool> parse(Type<bool>, std::string_view text, std::string_view) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<std::chrono::seconds> parse(Type<std::chrono::seconds>, std::string_view text,
                                          std::string_view) {
  const auto count = numberFrom<std::int64_t>(text);
  if (!count) return std::nullopt;
  return std::chrono::seconds{*count};
}

std::optional<std::chrono::milliseconds> parse(Type<std::chrono::milliseconds>,
                                               std::string_view text, std::string_view unit) {
  if (text.ends_with(unit)) {
    const auto count = numberFrom<std::int64_t>(text.substr(0, text.size() - unit.size()));
    if (!count) return std::nullopt;
    return std::chrono::milliseconds{*count};
  }
  if (!text.ends_with('s')) return std::nullopt;
  return parseDecimal(text.substr(0, text.size() - 1));
}

std::string outside(std::int64_t number, const Limits& limits) {
  if (limits.least && number < *limits.least) {
    return "must be " + std::to_string(*limits.least) + " or more";
  }
  if (limits.most && number > *limits.most) {
    return "must be " + std::to_string(*limits.most) + " or less";
  }
  return {};
}

std::string notOneOf(std::span<const std::string_view> words, std::string_view text) {
  if (std::ranges::find(words, text) != words.end()) return {};
  constexpr std::size_t kMaxToName = 12;
  if (words.size() > kMaxToName) return "is no word that TwiML knows here";
  std::string all;
  for (const std::string_view word : words) all.append(all.empty() ? "" : ", ").append(word);
  return (words.size() > 1 ? "must be one of " : "must be ") + all;
}

}  // namespace ivr::twiml
