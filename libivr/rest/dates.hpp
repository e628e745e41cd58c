#pragma once
// Dates of the REST API: in forms ISO 8601, in JSON those of mail (RFC 2822).
//
// Threads: pure functions.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::rest {

/// `2026-03-04`; nothing for a year that four digits cannot write.
[[nodiscard]] std::optional<std::string> isoDay(std::chrono::sys_days day);

/// `2026-03-04T05:01:07Z`; nothing for a year that four digits cannot write.
[[nodiscard]] std::optional<std::string> isoTime(std::chrono::sys_seconds time);

/// The day of `2026-03-04`, or of a time, which some clients send instead.
[[nodiscard]] std::optional<std::chrono::sys_days> dayFromIso(std::string_view text) noexcept;

/// The moment of `2026-03-04T05:01:07Z`; also with a fraction, which is dropped, and with another
/// zone, such as `+01:00`.
[[nodiscard]] std::optional<std::chrono::sys_seconds> timeFromIso(std::string_view text) noexcept;

/// `Tue, 31 Aug 2010 20:36:28 +0000`; nothing for a year that four digits cannot write.
[[nodiscard]] std::optional<std::string> mailDate(std::chrono::sys_seconds time);

/// A date of mail or HTTP: `Tue, 31 Aug 2010 20:36:28 +0000`.
[[nodiscard]] std::optional<std::chrono::sys_seconds> dateFrom(std::string_view text) noexcept;

}  // namespace ivr::rest
