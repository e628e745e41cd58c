#pragma once
// Where the library's log lines go, and how personal data is kept out of them.
//
// Threads: a `Log` may be called from any thread at once.

#include <functional>
#include <string>
#include <string_view>

namespace ivr {

enum class LogLevel { debug, info, warning, error };

/// Takes one finished line without a line end. Called on any thread, on several at once. Must not
/// throw and must not call back into the library.
using Log = std::function<void(LogLevel, std::string_view line)>;

/// Writes to standard error, a line each, with time and level (spdlog). Lines below `threshold` are
/// dropped.
[[nodiscard]] Log logToStderr(LogLevel threshold = LogLevel::info);

/// A log for those who want none.
[[nodiscard]] Log logNowhere();

/// Whether log lines show who calls and what they press and say.
enum class PersonalData {
  masked,  ///< `+14155550100` is written `+*********00`; digits and speech are written as `***`.
  shown,   ///< As they are: for a developer's own machine.
};

/// A telephone number, SIP address or client name, of which only a leading plus and the last two
/// characters are kept. Shorter than seven characters: nothing of it is kept.
[[nodiscard]] std::string maskNumber(std::string_view number);

/// `text` with everything in it masked that looks like a telephone number or a card number: seven
/// or more digits, alone or grouped by blanks, dots, dashes, slashes or brackets. Words that hold
/// letters (a SID, a fingerprint) are kept.
[[nodiscard]] std::string maskNumbersIn(std::string_view text);

/// `text` fit for one line of a log: control characters and line ends become `?`, and what is
/// longer than `limit` bytes ends in `...`.
[[nodiscard]] std::string oneLine(std::string_view text, std::size_t limit = 400);

}  // namespace ivr
