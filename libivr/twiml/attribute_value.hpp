#pragma once
// Attribute values as types: parsed from text, and checked against the schema.

#include "ivr/twiml/automatic.hpp"
#include "ivr/twiml/choice.hpp"
#include "twiml/field.hpp"
#include "twiml/words.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ivr::twiml {

/// Names a type where there is no value of it yet.
template <class Value>
struct Type {};

// Parses a text; empty if it holds no such value. A `unit` follows the number.
[[nodiscard]] std::optional<int> parse(Type<int>, std::string_view text, std::string_view unit);
[[nodiscard]] std::optional<bool> parse(Type<bool>, std::string_view text, std::string_view unit);
[[nodiscard]] std::optional<std::chrono::seconds> parse(Type<std::chrono::seconds>,
                                                        std::string_view text,
                                                        std::string_view unit);
/// With a unit, seconds are accepted too: `500ms`, `2s`, `0.5s`.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse(Type<std::chrono::milliseconds>,
                                                             std::string_view text,
                                                             std::string_view unit);
template <class Duration>
[[nodiscard]] std::optional<std::variant<Duration, Automatic>> parse(
    Type<std::variant<Duration, Automatic>>, std::string_view text, std::string_view unit) {
  if (text == "auto") return Automatic{};
  return parse(Type<Duration>{}, text, unit);
}
template <class Word>
[[nodiscard]] std::optional<Choice<Word>> parse(Type<Choice<Word>>, std::string_view text,
                                                std::string_view) {
  return Choice<Word>{text};
}

/// The values between blanks; empty if there are none, or if one is invalid.
template <class Value>
[[nodiscard]] std::optional<std::vector<Value>> parse(Type<std::vector<Value>>,
                                                      std::string_view text,
                                                      std::string_view unit) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::vector<Value> values;
  for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string_view::npos;
       at = text.find_first_not_of(kBlanks, at)) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    auto value = parse(Type<Value>{}, text.substr(at, end - at), unit);
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
    at = end;
  }
  if (values.empty()) return std::nullopt;
  return values;
}

// What a text should have been.
[[nodiscard]] constexpr std::string_view kindOf(Type<int>) { return "a whole number"; }
[[nodiscard]] constexpr std::string_view kindOf(Type<bool>) { return "true or false"; }
[[nodiscard]] constexpr std::string_view kindOf(Type<std::chrono::seconds>) {
  return "a whole number of seconds";
}
[[nodiscard]] constexpr std::string_view kindOf(Type<std::chrono::milliseconds>) {
  return "a number of milliseconds";
}
[[nodiscard]] constexpr std::string_view kindOf(Type<SecondsOrAuto>) {
  return "a whole number of seconds, or auto";
}
[[nodiscard]] constexpr std::string_view kindOf(Type<MillisecondsOrAuto>) {
  return "a number of milliseconds, or auto";
}
template <class Word>
[[nodiscard]] constexpr std::string_view kindOf(Type<Choice<Word>>) {
  return "a word";
}
template <class Word>
[[nodiscard]] constexpr std::string_view kindOf(Type<std::vector<Choice<Word>>>) {
  return "a list of words";
}
[[nodiscard]] constexpr std::string_view kindOf(Type<std::vector<int>>) {
  return "a list of whole numbers";
}

/// `must be 1 or more`; empty if the number is within the limits.
[[nodiscard]] std::string outside(std::int64_t number, const Limits& limits);
/// `must be one of busy, rejected`; empty if `text` is one of them.
[[nodiscard]] std::string notOneOf(std::span<const std::string_view> words, std::string_view text);

// The schema's objection to a value: the rest of a sentence, or empty.
[[nodiscard]] inline std::string objection(bool, const Limits&) { return {}; }
[[nodiscard]] inline std::string objection(int value, const Limits& limits) {
  return outside(value, limits);
}
template <class Period>
[[nodiscard]] std::string objection(std::chrono::duration<std::int64_t, Period> value,
                                    const Limits& limits) {
  return outside(value.count(), limits);
}
template <class Duration>
[[nodiscard]] std::string objection(const std::variant<Duration, Automatic>& value,
                                    const Limits& limits) {
  const auto* duration = std::get_if<Duration>(&value);
  return duration == nullptr ? std::string{} : objection(*duration, limits);
}
template <class Word>
[[nodiscard]] std::string objection(const Choice<Word>& choice, const Limits&) {
  return Words<Word>::isOpen ? std::string{} : notOneOf(Words<Word>::all, choice.text());
}
template <class Value>
[[nodiscard]] std::string objection(const std::vector<Value>& values, const Limits& limits) {
  for (const Value& value : values) {
    if (std::string text = objection(value, limits); !text.empty()) return text;
  }
  return {};
}

}  // namespace ivr::twiml
