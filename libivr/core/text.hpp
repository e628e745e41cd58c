#pragma once
// Small text functions. ASCII only: other characters pass through.

#include <charconv>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace ivr {

/// Whitespace within a line, and in a text of several lines.
inline constexpr std::string_view kBlanks = " \t";
inline constexpr std::string_view kWhitespace = " \t\r\n";

/// `text` without the characters of `stray` at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text,
                                       std::string_view stray = kWhitespace) noexcept;

/// The items of a list, trimmed; those that are empty are left out.
[[nodiscard]] std::vector<std::string_view> itemsOf(std::string_view list, char separator = ',');

[[nodiscard]] char lowerCase(char letter) noexcept;
[[nodiscard]] std::string lowerCase(std::string_view text);

/// The whole text as a number, if it is one and fits.
template <class Number>
[[nodiscard]] std::optional<Number> numberFrom(std::string_view text) noexcept {
  Number number{};
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc{} || end != last) return std::nullopt;
  return number;
}

/// Two lower-case digits for each byte.
[[nodiscard]] std::string hexText(std::span<const unsigned char> bytes);

/// The value of an environment variable, trimmed; empty if it is not set.
[[nodiscard]] std::string environment(const char* name);

/// Hashes strings and views alike, for look-ups without a copy.
struct TextHash {
  using is_transparent = void;
  [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

}  // namespace ivr
