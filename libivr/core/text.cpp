#include "core/text.hpp"

#include <algorithm>
#include <cstdlib>

namespace ivr {

std::string_view trimmed(std::string_view text, std::string_view stray) noexcept {
  const auto isStray = [stray](char c) { return stray.find(c) != std::string_view::npos; };
  while (!text.empty() && isStray(text.front())) text.remove_prefix(1);
  while (!text.empty() && isStray(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> itemsOf(std::string_view list, char separator) {
  std::vector<std::string_view> items;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = list.find(separator);
    const std::string_view item = trimmed(list.substr(0, end));
    if (!item.empty()) items.push_back(item);
    if (end != std::string_view::npos) list.remove_prefix(end + 1);
  }
  return items;
}

char lowerCase(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string lowerCase(std::string_view text) {
  std::string lower{text};
  for (char& letter : lower) letter = lowerCase(letter);
  return lower;
}

std::string hexText(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{trimmed(value)};
}

}  // namespace ivr
