#include "audio/media_type.hpp"

#include "ivr/http/headers.hpp"

#include <array>
#include <utility>

namespace ivr::audio {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTypes{{
    {".mp3", "audio/mpeg"},
    {".mpga", "audio/mpeg"},
    {".wav", "audio/wav"},
    {".aif", "audio/aiff"},
    {".aiff", "audio/aiff"},
    {".aifc", "audio/x-aifc"},
    {".gsm", "audio/gsm"},
    {".ulaw", "audio/ulaw"},
    {".mulaw", "audio/ulaw"},
    {".ul", "audio/ulaw"},
}};

}  // namespace

std::string_view mediaTypeFor(std::string_view fileName) noexcept {
  for (const auto& [extension, type] : kTypes) {
    if (fileName.size() > extension.size() &&
        http::equalIgnoringCase(fileName.substr(fileName.size() - extension.size()), extension)) {
      return type;
    }
  }
  return "application/octet-stream";
}

}  // namespace ivr::audio
