#pragma once
// How long a file of sound is.
//
// Threads: pure functions.

#include <chrono>
#include <optional>
#include <string_view>

namespace ivr::phone {

/// Whether the provider plays a media type (https://www.twilio.com/docs/voice/twiml/play).
[[nodiscard]] bool isPlayed(std::string_view mediaType) noexcept;

/// The length of a file, by its own headers (MP3, WAV, AIFF ...), or by its size if the type says
/// that it has none (mu-law, GSM). Nothing if it is no sound. Reads any bytes safely.
[[nodiscard]] std::optional<std::chrono::milliseconds> audioLength(std::string_view mediaType,
                                                                   std::string_view file);

}  // namespace ivr::phone
