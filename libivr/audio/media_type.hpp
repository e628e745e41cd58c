#pragma once
// Content types of the audio that the provider plays.
//
// Protocol: https://www.twilio.com/docs/voice/twiml/play ("Supported audio file types"): a file
// sent with another type is refused with error 12300 or 13420.

#include <string_view>

namespace ivr::audio {

/// The content type for a file of that name, by its extension in any case: mp3 mpga wav aif aiff
/// aifc gsm ulaw ul mulaw. Anything else is `application/octet-stream`, which the provider does not
/// play.
[[nodiscard]] std::string_view mediaTypeFor(std::string_view fileName) noexcept;

}  // namespace ivr::audio
