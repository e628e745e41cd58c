#pragma once
// How long it takes to say something.
//
// Threads: pure functions.

#include "ivr/twiml/gather.hpp"

#include <chrono>
#include <string_view>

namespace ivr::phone {

/// At `wordsPerMinute`, a word being six characters with the blank behind it, whatever the words
/// are: the length is the same on every machine. At least 300 ms, if there is anything to say.
[[nodiscard]] std::chrono::milliseconds speechTime(std::string_view text, int wordsPerMinute);

/// The same of one round of a `Say`, with the breaks in it.
[[nodiscard]] std::chrono::milliseconds speechTime(const twiml::Say& say, int wordsPerMinute);

/// Keys, as the provider plays them: 200 ms each, `w` half a second and `W` a second.
[[nodiscard]] std::chrono::milliseconds keyTime(std::string_view keys);

}  // namespace ivr::phone
