#pragma once
// UTF-8 (Unicode 15, section 3.9).
//
// Threads: pure functions.

#include <string>
#include <string_view>

namespace ivr {

/// True if every byte of `text` is below 0x80.
[[nodiscard]] bool isAscii(std::string_view text) noexcept;

/// True if `text` is well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
[[nodiscard]] bool isUtf8(std::string_view text) noexcept;

/// `text` with each maximal malformed part replaced by U+FFFD, as the WHATWG Encoding Standard
/// does.
[[nodiscard]] std::string toUtf8(std::string_view text);

/// `text` as a terminal and a log can show it: each control character (C0, DEL, C1), line or
/// paragraph separator, character that changes the direction of others, and maximal malformed part
/// becomes `?`. Never longer than `text`.
[[nodiscard]] std::string toPrintable(std::string_view text);

}  // namespace ivr
