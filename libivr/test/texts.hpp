#pragma once
// Texts as one compares them by ear.
//
// Threads: pure functions.

#include <string>
#include <string_view>
#include <vector>

namespace ivr::test {

/// In lower case (ASCII), with one blank for all whitespace in a row, and none at the ends.
[[nodiscard]] std::string asHeard(std::string_view text);

/// Whether `part` is in what was heard one after the other.
[[nodiscard]] bool isHeardIn(const std::vector<std::string>& texts, std::string_view part);

}  // namespace ivr::test
