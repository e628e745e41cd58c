#include "ivr/core/log.hpp"

#include <algorithm>
#include <cctype>
#include <memory>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <utility>

namespace ivr {

namespace {

spdlog::level::level_enum spdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isWordLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool isGrouping(char c) {
  return c == ' ' || c == '.' || c == '-' || c == '(' || c == ')' || c == '/';
}

bool isPercentSequence(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && std::isxdigit(static_cast<unsigned char>(text[1])) &&
         std::isxdigit(static_cast<unsigned char>(text[2]));
}

constexpr std::size_t kShortestNumber = 7;

}  // namespace

Log logToStderr(LogLevel threshold) {
  // A logger of its own, not in spdlog's registry: two applications in one process share nothing.
  const auto logger =
      std::make_shared<spdlog::logger>("ivr", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %-7l %v");
  logger->set_level(spdlogLevel(threshold));
  return [logger](LogLevel level, std::string_view line) { logger->log(spdlogLevel(level), line); };
}

Log logNowhere() {
  return [](LogLevel, std::string_view) {};
}

std::string maskNumber(std::string_view number) {
  std::string masked(number.size(), '*');
  if (number.size() >= kShortestNumber) {
    if (number.front() == '+') masked.front() = '+';
    std::copy(number.end() - 2, number.end(), masked.end() - 2);
  }
  return masked;
}

std::string maskNumbersIn(std::string_view text) {
  std::string masked{text};
  std::size_t at = 0;
  while (at < text.size()) {
    if (isWordLetter(text[at])) {  // a word with letters is not a number: skip it with its digits
      while (at < text.size() && (isWordLetter(text[at]) || isDigit(text[at]))) ++at;
      continue;
    }
    if (isPercentSequence(text.substr(at))) {  // its hex digits belong to no word and no number
      at += 3;
      continue;
    }
    if (!isDigit(text[at])) {
      ++at;
      continue;
    }
    std::size_t digits = 0;  // in the groups that belong to the number
    std::size_t end = at;    // after the last of them
    std::size_t group = 0;   // digits in the group that is being read
    std::size_t scan = at;
    for (; scan < text.size() && (isDigit(text[scan]) || isGrouping(text[scan])); ++scan) {
      if (isDigit(text[scan])) {
        ++group;
      } else if (group > 0) {
        digits += std::exchange(group, 0);
        end = scan;
      }
    }
    if (group > 0 && (scan == text.size() || !isWordLetter(text[scan]))) {
      digits += group;  // a group that runs into a letter is part of a word: "2nd"
      end = scan;
    }
    for (std::size_t i = at; digits >= kShortestNumber && i < end; ++i) {
      if (isDigit(masked[i])) masked[i] = '*';
    }
    at = scan;
  }
  return masked;
}

std::string oneLine(std::string_view text, std::size_t limit) {
  std::string line{text.substr(0, limit)};
  std::ranges::replace_if(
      line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  if (text.size() > limit) line += "...";
  return line;
}

}  // namespace ivr
