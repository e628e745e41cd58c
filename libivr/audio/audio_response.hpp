#pragma once
// The HTTP answer that sends an audio file.

#include "audio/audio_folder.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace ivr::audio {

/// How long an answer may be kept.
enum class Freshness {
  forever,      ///< The address names the version: a year, immutable.
  revalidated,  ///< It does not: every use asks again.
};

/// The `Cache-Control` value; `private` when the request carries a cookie or credentials.
[[nodiscard]] std::string cacheControl(Freshness freshness, const Request& request);

/// The answer to GET or HEAD for `file`: 200, 206 (one range, or several as multipart/byteranges),
/// 304 or 416, with a strong `ETag` that is the fingerprint. `now` is what `Expires` counts from.
/// Without `file.bytes`, the body has its size and cannot be read: enough for HEAD and 304.
[[nodiscard]] Response audioResponse(const AudioFile& file, const Request& request,
                                     Freshness freshness,
                                     std::chrono::system_clock::time_point now);

}  // namespace ivr::audio
