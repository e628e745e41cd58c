#include "http/date.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>

namespace ivr::http {

using std::chrono::system_clock;

namespace {

// What the clock can hold.
constexpr auto kEarliest = std::chrono::ceil<std::chrono::seconds>(system_clock::duration::min());
constexpr auto kLatest = std::chrono::floor<std::chrono::seconds>(system_clock::duration::max());

}  // namespace

std::string httpDate(system_clock::time_point moment) {
  const std::time_t seconds = system_clock::to_time_t(moment);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  // Not strftime's %a and %b: these are English in every locale.
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   kDays.at(static_cast<std::size_t>(parts.tm_wday)), parts.tm_mday,
                                   kMonths.at(static_cast<std::size_t>(parts.tm_mon)),
                                   parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<system_clock::time_point> parseHttpDate(std::string_view text) {
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
    std::istringstream in{std::string{text}};
    in.imbue(std::locale::classic());  // English names, whatever the locale of the process
    std::tm parts{};
    in >> std::get_time(&parts, form);
    if (!in.fail() && in.peek() == std::istringstream::traits_type::eof()) {
      const std::chrono::seconds moment{::timegm(&parts)};
      if (moment < kEarliest || moment > kLatest) return std::nullopt;
      return system_clock::time_point{moment};
    }
  }
  return std::nullopt;
}

}  // namespace ivr::http
