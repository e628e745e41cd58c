#include "ivr/core/log.hpp"

#include "core/stderr_sink.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <spdlog/formatter.h>
#include <spdlog/logger.h>
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

std::size_t endOfDigits(std::string_view text, std::size_t at) {
  while (at < text.size() && isDigit(text[at])) ++at;
  return at;
}
std::size_t endOfWord(std::string_view text, std::size_t at) {
  while (at < text.size() && (isDigit(text[at]) || isWordLetter(text[at]))) ++at;
  return at;
}

/// A SID of the provider, or a number in hex such as a fingerprint.
bool isId(std::string_view word) {
  const auto isHex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  const bool isSid = word.size() == 34 && isWordLetter(word[0]) && isWordLetter(word[1]);
  return (isSid || word.size() >= 16) && std::ranges::all_of(word.substr(isSid ? 2 : 0), isHex);
}

/// Whether what follows makes a number a figure of ours: `1048577 bytes`.
bool isBeforeUnit(std::string_view text) {
  for (const std::string_view unit : {" bytes", " ms", " us", " s"}) {
    if (text.starts_with(unit) && endOfWord(text, unit.size()) == unit.size()) return true;
  }
  return false;
}

}  // namespace

namespace {

/// Puts time and level before a line: `2025-01-31T23:59:59.999+01:00 info    the line`. In JSON it
/// is an object.
class LineFormatter final : public spdlog::formatter {
 public:
  enum class Style { text, json };

  explicit LineFormatter(Style style) : style_(style) {}

  void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& to) override {
    using std::chrono::floor;
    const auto second = floor<std::chrono::seconds>(line.time);
    if (second != second_) setSecond(second);
    const auto fraction = floor<std::chrono::milliseconds>(line.time - second).count();
    const std::string_view level = nameOf(line.level);
    const bool isJson = style_ == Style::json;
    add(to, isJson ? R"({"time":")" : "");
    add(to, date_);
    for (const auto unit : {100, 10, 1})
      to.push_back(static_cast<char>('0' + fraction / unit % 10));
    add(to, zone_);
    add(to, isJson ? R"(","level":")" : " ");
    add(to, level);
    add(to, isJson ? R"(",)" : std::string_view{"        "}.substr(level.size()));
    add(to, {line.payload.data(), line.payload.size()});
    to.push_back('\n');
  }

  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(style_);
  }

 private:
  static void add(spdlog::memory_buf_t& to, std::string_view text) {
    to.append(text.data(), text.data() + text.size());
  }

  static std::string_view nameOf(spdlog::level::level_enum level) {
    const auto name = spdlog::level::to_string_view(level);
    return {name.data(), name.size()};
  }

  void setSecond(std::chrono::sys_seconds second) {
    second_ = second;
    const std::time_t time = std::chrono::system_clock::to_time_t(second);
    std::tm local{};
    ::localtime_r(&time, &local);
    std::array<char, 64> text{};
    date_.assign(text.data(),
                 std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &local));
    zone_.assign(text.data(), std::strftime(text.data(), text.size(), "%z", &local));
    zone_.insert(3, ":");
  }

  const Style style_;
  // What is the same for all lines of a second.
  std::chrono::sys_seconds second_ = std::chrono::sys_seconds::min();
  std::string date_;
  std::string zone_;
};

/// A logger of its own, not in spdlog's registry: two applications in one process share nothing.
std::shared_ptr<spdlog::logger> loggerOf(LineFormatter::Style style, LogLevel threshold) {
  auto sink = std::make_shared<StderrSink>(std::make_unique<LineFormatter>(style));
  auto logger = std::make_shared<spdlog::logger>("ivr", std::move(sink));
  logger->set_level(spdlogLevel(threshold));
  logger->flush_on(spdlog::level::err);  // the process may be about to end
  return logger;
}

void appendJson(std::string& json, std::string_view text) {
  json += '"';
  for (const char c : toPrintable(text)) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  json += '"';
}

/// Takes ` name=value` or ` name="value"` off the front of a line; nothing if no field is there.
std::optional<std::pair<std::string_view, std::string>> takeField(std::string_view& line) {
  const std::size_t nameEnd = line.find_first_of(" =\"", 1);
  if (!line.starts_with(' ') || nameEnd == std::string_view::npos || nameEnd == 1 ||
      line[nameEnd] != '=') {
    return std::nullopt;
  }
  const std::string_view name = line.substr(1, nameEnd - 1);
  std::string_view rest = line.substr(nameEnd + 1);
  std::string value;
  if (rest.starts_with('"')) {
    std::size_t at = 1;
    for (; at < rest.size() && rest[at] != '"'; ++at) {
      if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
      value += rest[at];
    }
    rest.remove_prefix(std::min(at + 1, rest.size()));
  } else {
    value = rest.substr(0, rest.find(' '));
    rest.remove_prefix(value.size());
  }
  line = rest;
  return std::pair{name, std::move(value)};
}

}  // namespace

std::string jsonOf(std::string_view line) {
  std::size_t eventEnd = 0;  // before the first field
  std::string_view rest = line;
  for (; eventEnd < line.size(); ++eventEnd) {
    rest = line.substr(eventEnd);
    if (line[eventEnd] == ' ' && takeField(rest)) break;
  }
  std::string json = "{\"event\":";
  appendJson(json, line.substr(0, eventEnd));
  rest = line.substr(eventEnd);
  while (const auto field = takeField(rest)) {
    json += ',';
    appendJson(json, field->first);
    json += ':';
    appendJson(json, field->second);
  }
  return json + '}';
}

Log logToStderr(LogLevel threshold) {
  const auto logger = loggerOf(LineFormatter::Style::text, threshold);
  return [logger](LogLevel level, std::string_view line) { logger->log(spdlogLevel(level), line); };
}

Log logJsonToStderr(LogLevel threshold) {
  const auto logger = loggerOf(LineFormatter::Style::json, threshold);
  return [logger](LogLevel level, std::string_view line) {
    logger->log(spdlogLevel(level), jsonOf(line).substr(1));
  };
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
  const auto mask = [&](std::size_t begin, std::size_t end) {
    std::replace_if(masked.begin() + static_cast<std::ptrdiff_t>(begin),
                    masked.begin() + static_cast<std::ptrdiff_t>(end), isDigit, '*');
  };
  for (std::size_t at = 0; at < text.size();) {
    if (isPercentSequence(text.substr(at))) {  // its hex digits belong to no word and no number
      at += 3;
      continue;
    }
    if (!isDigit(text[at]) && !isWordLetter(text[at])) {
      ++at;
      continue;
    }
    const std::size_t wordEnd = endOfWord(text, at);
    const std::string_view word = text.substr(at, wordEnd - at);
    if (std::ranges::any_of(word, isWordLetter)) {
      if (!isId(word)) {
        for (std::size_t run = at; run < wordEnd;) {
          const std::size_t end = std::max(run + 1, endOfDigits(text, run));
          if (end - run >= kShortestNumber) mask(run, end);
          run = end;
        }
      }
      at = wordEnd;
      continue;
    }
    std::size_t digits = word.size();  // in the groups that belong to the number
    std::size_t end = wordEnd;         // after the last of them
    for (std::size_t group = end; group < text.size();) {
      while (group < text.size() && isGrouping(text[group])) ++group;
      const std::size_t groupEnd = endOfDigits(text, group);
      // A group that runs into a letter is part of a word: "2nd".
      if (groupEnd == group || (groupEnd < text.size() && isWordLetter(text[groupEnd]))) break;
      digits += groupEnd - group;
      group = end = groupEnd;
    }
    const bool isOneGroup = end == wordEnd;
    if (digits >= kShortestNumber && !(isOneGroup && isBeforeUnit(text.substr(end)))) {
      mask(at, end);
    }
    at = end;
  }
  return masked;
}

std::string oneLine(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return toPrintable(text);
  const auto isWithin = [&](std::size_t at) {  // a character
    return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  std::size_t end = limit;
  while (end > 0 && limit - end < 3 && isWithin(end)) --end;
  return toPrintable(text.substr(0, end)) + "...";
}

}  // namespace ivr
