#pragma once
// A program that speaks texts: espeak-ng, or another with the same options.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace ivr::phone {

/// A text to be spoken.
struct SpokenText {
  std::string words = {};     ///< UTF-8.
  std::string language = {};  ///< As documents have it: `de-DE`; empty for English.
  int wordsPerMinute = 160;

  [[nodiscard]] bool operator<(const SpokenText& other) const {
    return std::tie(words, language, wordsPerMinute) <
           std::tie(other.words, other.language, other.wordsPerMinute);
  }
};

/// The file of sound (WAV) that a program makes of a text; nothing if it fails, takes longer than
/// `limit`, or writes more than 64 MiB. Blocks as long. Threads: any.
///
/// The text goes to its standard input, never to a command line. What it complains about is
/// dropped.
[[nodiscard]] std::optional<std::string> spoken(const std::string& program, const SpokenText& text,
                                                std::chrono::milliseconds limit);

}  // namespace ivr::phone
