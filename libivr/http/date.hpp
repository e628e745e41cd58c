#pragma once
// Dates in header fields (RFC 9110 section 5.6.7).
//
// Threads: pure functions.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::http {

/// `Sun, 06 Nov 1994 08:49:37 GMT`
[[nodiscard]] std::string httpDate(std::chrono::system_clock::time_point moment);

/// The moment of a date in the preferred form, or in one of the two obsolete ones that must still
/// be read; nothing if it has another form, or is no moment that the clock can hold (1678 to 2261).
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parseHttpDate(
    std::string_view text);

}  // namespace ivr::http
