#include "rest/dates.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>

namespace ivr::rest {

namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};

/// Consumes a text from the left.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  void skipBlanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view takeLetters() {
    std::size_t size = 0;
    while (size < rest_.size() && ((rest_[size] >= 'a' && rest_[size] <= 'z') ||
                                   (rest_[size] >= 'A' && rest_[size] <= 'Z'))) {
      ++size;
    }
    return takeFirst(size);
  }
  /// A number of `least` to `most` digits.
  std::optional<int> takeNumber(std::size_t least, std::size_t most) {
    std::size_t size = 0;
    while (size < rest_.size() && size < most && rest_[size] >= '0' && rest_[size] <= '9') ++size;
    if (size < least) return std::nullopt;
    return numberFrom<int>(takeFirst(size));
  }
  [[nodiscard]] bool isAtEnd() const { return rest_.empty(); }

 private:
  std::string_view takeFirst(std::size_t size) {
    const std::string_view first = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return first;
  }

  std::string_view rest_;
};

/// How far ahead of UTC `+0200` is, or `+02:00` with a colon.
std::optional<std::chrono::minutes> takeOffset(Scanner& scanner, bool hasColon) {
  const bool isBehind = scanner.take('-');
  if (!isBehind && !scanner.take('+')) return std::nullopt;
  const auto hours = scanner.takeNumber(2, 2);
  if (hasColon && !scanner.take(':')) return std::nullopt;
  const auto minutes = scanner.takeNumber(2, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes ahead{*hours * 60 + *minutes};
  return isBehind ? -ahead : ahead;
}

/// How far ahead of UTC the time zone of a mail is.
std::optional<std::chrono::minutes> takeMailZone(Scanner& scanner) {
  const std::string_view name = scanner.takeLetters();
  if (name.empty()) return takeOffset(scanner, false);
  if (name == "GMT" || name == "UT" || name == "UTC" || name == "Z") return std::chrono::minutes{0};
  return std::nullopt;
}

std::optional<std::chrono::sys_days> dayOf(int year, unsigned month, int day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

/// `2026-03-04`
std::optional<std::chrono::sys_days> takeIsoDay(Scanner& scanner) {
  const auto year = scanner.takeNumber(4, 4);
  if (!year || !scanner.take('-')) return std::nullopt;
  const auto month = scanner.takeNumber(2, 2);
  if (!month || !scanner.take('-')) return std::nullopt;
  const auto day = scanner.takeNumber(2, 2);
  if (!day) return std::nullopt;
  return dayOf(*year, static_cast<unsigned>(*month), *day);
}

struct DayParts {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

/// Nothing for a year that four digits cannot write.
std::optional<DayParts> partsOf(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) return std::nullopt;
  return DayParts{.year = year,
                  .month = static_cast<unsigned>(date.month()),
                  .day = static_cast<unsigned>(date.day())};
}

/// `05:01:07`
std::string clockText(std::chrono::seconds sinceMidnight) {
  const std::chrono::hh_mm_ss clock{sinceMidnight};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

}  // namespace

std::optional<std::string> isoDay(std::chrono::sys_days day) {
  const auto parts = partsOf(day);
  if (!parts) return std::nullopt;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", parts->year, parts->month, parts->day);
  return text.data();
}

std::optional<std::string> isoTime(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const auto text = isoDay(day);
  if (!text) return std::nullopt;
  return *text + 'T' + clockText(time - day) + 'Z';
}

std::optional<std::chrono::sys_days> dayFromIso(std::string_view text) noexcept {
  Scanner scanner{text};
  const auto day = takeIsoDay(scanner);
  if (day && scanner.isAtEnd()) return day;
  const auto time = timeFromIso(text);
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*time);
}

std::optional<std::chrono::sys_seconds> timeFromIso(std::string_view text) noexcept {
  Scanner scanner{text};
  const auto day = takeIsoDay(scanner);
  if (!day || !scanner.take('T')) return std::nullopt;
  const auto hour = scanner.takeNumber(2, 2);
  if (!hour || !scanner.take(':')) return std::nullopt;
  const auto minute = scanner.takeNumber(2, 2);
  if (!minute || !scanner.take(':')) return std::nullopt;
  const auto second = scanner.takeNumber(2, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  if (scanner.take('.') && !scanner.takeNumber(1, 9)) return std::nullopt;
  std::optional<std::chrono::minutes> ahead{0};
  if (!scanner.take('Z')) ahead = takeOffset(scanner, true);
  if (!ahead || !scanner.isAtEnd()) return std::nullopt;
  return *day + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} - *ahead;
}

std::optional<std::string> mailDate(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const auto parts = partsOf(day);
  if (!parts) return std::nullopt;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), ", %02u ", parts->day);
  std::string date{kWeekdays.at(std::chrono::weekday{day}.c_encoding())};
  date += text.data();
  date += kMonths.at(parts->month - 1);
  std::snprintf(text.data(), text.size(), " %04d ", parts->year);
  return date + text.data() + clockText(time - day) + " +0000";
}

std::optional<std::chrono::sys_seconds> dateFrom(std::string_view text) noexcept {
  Scanner scanner{text};
  scanner.skipBlanks();
  if (!scanner.takeLetters().empty() && !scanner.take(',')) return std::nullopt;  // day of the week
  scanner.skipBlanks();
  const auto day = scanner.takeNumber(1, 2);
  scanner.skipBlanks();
  const auto month = std::ranges::find(kMonths, scanner.takeLetters());
  scanner.skipBlanks();
  const auto year = scanner.takeNumber(4, 4);
  scanner.skipBlanks();
  const auto hour = scanner.takeNumber(2, 2);
  if (!day || month == kMonths.end() || !year || !hour || !scanner.take(':')) return std::nullopt;
  const auto minute = scanner.takeNumber(2, 2);
  std::optional<int> second = 0;
  if (scanner.take(':')) second = scanner.takeNumber(2, 2);
  scanner.skipBlanks();
  const auto ahead = takeMailZone(scanner);
  scanner.skipBlanks();
  if (!minute || !second || !ahead || !scanner.isAtEnd()) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;  // 60: a leap second
  const auto date = dayOf(*year, static_cast<unsigned>(month - kMonths.begin()) + 1, *day);
  if (!date) return std::nullopt;
  return *date + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} - *ahead;
}

}  // namespace ivr::rest
