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

/// Writes each line to standard error, with time and level (spdlog). Lines below `threshold` are
/// dropped.
///
/// An error is written before the call returns. Other lines are written by a thread, together with
/// those that come within the next hundredth of a second, and at the latest when the last copy of
/// the log ends: the caller does not wait, even if nobody reads standard error. If nobody does for
/// long, lines are left out, and counted in one that says so.
[[nodiscard]] Log logToStderr(LogLevel threshold = LogLevel::info);

/// Writes each line to standard error as an object of JSON, for machines: `time`, `level`, `event`
/// and the fields of the line (`step state=Welcome us=85`), all of them texts. Writes like
/// `logToStderr`.
[[nodiscard]] Log logJsonToStderr(LogLevel threshold = LogLevel::info);

/// A line of the library as an object of JSON, without time and level: `{"event":"step", ...}`.
[[nodiscard]] std::string jsonOf(std::string_view line);

/// A log that drops everything.
[[nodiscard]] Log logNowhere();

/// Whether log lines show who calls and what they press and say.
enum class PersonalData {
  masked,  ///< `+14155550100` is written `+*********00`; digits and speech are written as `***`.
  shown,   ///< As they are: for a developer's own machine.
};

/// A telephone number, SIP address or client name with all but a leading plus and the last two
/// characters masked. Shorter than seven characters: all of it is masked.
[[nodiscard]] std::string maskNumber(std::string_view number);

/// `text` with everything masked that looks like a telephone number or a card number: seven or more
/// digits, alone, beside letters, or grouped by spaces, dots, dashes, slashes or brackets. SIDs,
/// fingerprints and figures with a unit (`1048577 bytes`) are kept.
[[nodiscard]] std::string maskNumbersIn(std::string_view text);

/// `text` fit for one line of a log: control characters, line ends, characters that change the
/// direction of others, and what is not UTF-8 become `?`; what is longer than `limit` bytes ends in
/// `...`.
[[nodiscard]] std::string oneLine(std::string_view text, std::size_t limit = 400);

}  // namespace ivr
