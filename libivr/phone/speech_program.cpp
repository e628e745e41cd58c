#include "phone/speech_program.hpp"

#include "core/child_process.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cstddef>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxSoundBytes = 64 << 20;
constexpr int kSlowest = 80;
constexpr int kFastest = 450;

/// The program's name of a language: `de` for `de-DE`.
std::string voiceOf(std::string_view language) {
  std::string voice;
  for (const char c : language) {
    const bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!isLetter) break;
    voice += c;
  }
  return voice.size() == 2 || voice.size() == 3 ? lowerCase(voice) : "en";
}

}  // namespace

std::optional<std::string> spoken(const std::string& program, const SpokenText& text,
                                  milliseconds limit) {
  if (trimmed(text.words).empty()) return std::nullopt;
  const int speed = std::clamp(text.wordsPerMinute, kSlowest, kFastest);
  auto sound = outputOf({program, "--stdin", "--stdout", "-b", "1", "-v", voiceOf(text.language),
                         "-s", std::to_string(speed)},
                        text.words, limit, kMaxSoundBytes);
  if (sound && sound->empty()) return std::nullopt;
  return sound;
}

}  // namespace ivr::phone
