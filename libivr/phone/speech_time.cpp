#include "phone/speech_time.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <cstdint>
#include <variant>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;

constexpr int kCharactersInWord = 6;
constexpr milliseconds kShortestSpeech{300};
constexpr milliseconds kLongestBreak{10'000};  // as the provider's engines have it

milliseconds breakTime(const twiml::SsmlBreak& silence) {
  constexpr milliseconds kMedium{500};
  return std::clamp(silence.time.value_or(kMedium), milliseconds{0}, kLongestBreak);
}

}  // namespace

milliseconds speechTime(std::string_view text, int wordsPerMinute) {
  const auto characters = std::ranges::count_if(
      trimmed(text), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  if (characters == 0) return milliseconds{0};
  const milliseconds time{characters * 60'000 /
                          (std::int64_t{kCharactersInWord} * std::max(1, wordsPerMinute))};
  return std::max(kShortestSpeech, time);
}

milliseconds speechTime(const twiml::Say& say, int wordsPerMinute) {
  milliseconds time = speechTime(say.text.plainText(), wordsPerMinute);
  for (const auto& part : say.text.parts()) {
    if (const auto* silence = std::get_if<twiml::SsmlBreak>(&part)) time += breakTime(*silence);
  }
  return time;
}

milliseconds keyTime(std::string_view keys) {
  milliseconds time{0};
  for (const char key : keys) {
    time += key == 'w' ? milliseconds{500} : key == 'W' ? milliseconds{1000} : milliseconds{200};
  }
  return time;
}

}  // namespace ivr::phone
