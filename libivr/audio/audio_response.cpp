#include "audio/audio_response.hpp"

#include "audio/range.hpp"
#include "core/text.hpp"
#include "http/date.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <iomanip>
#include <locale>
#include <optional>
#include <sstream>

namespace ivr::audio {

namespace {

using std::chrono::system_clock;

constexpr std::chrono::seconds kYear{31536000};

std::string entityTag(std::string_view fingerprint) { return '"' + std::string{fingerprint} + '"'; }

system_clock::time_point wholeSeconds(system_clock::time_point moment) {
  return std::chrono::floor<std::chrono::seconds>(moment);
}

/// RFC 9110 section 13.1.2: `*`, or a list in which one tag matches weakly.
bool namesTag(std::string_view list, std::string_view tag) {
  return std::ranges::any_of(itemsOf(list), [&](std::string_view item) {
    return item == "*" || item == tag || (item.starts_with("W/") && item.substr(2) == tag);
  });
}

bool isUnchanged(const Request& request, const AudioFile& file, std::string_view tag) {
  if (const auto list = request.headers.find("If-None-Match")) return namesTag(*list, tag);
  if (const auto since = request.headers.find("If-Modified-Since")) {
    const auto moment = http::parseHttpDate(*since);
    return moment && wholeSeconds(file.modified) <= *moment;
  }
  return false;
}

/// RFC 9110 section 13.1.5: the range counts only if the client has the start of this very version.
bool rangeApplies(const Request& request, const AudioFile& file, std::string_view tag) {
  const auto condition = request.headers.find("If-Range");
  if (!condition) return true;
  if (condition->starts_with('"')) return *condition == tag;
  const auto moment = http::parseHttpDate(*condition);
  return moment && wholeSeconds(file.modified) == *moment;
}

std::string contentRange(const ByteRange& range, std::uint64_t size) {
  return "bytes " + std::to_string(range.offset) + '-' +
         std::to_string(range.offset + range.length - 1) + '/' + std::to_string(size);
}

/// Of bytes that are not at hand, only the number is known, which is what HEAD needs.
http::FileSlice slice(const AudioFile& file, const ByteRange& range) {
  constexpr int kNone = -1;
  return {.file = file.bytes ? file.bytes : std::make_shared<http::StaticFile>(kNone, file.size),
          .offset = range.offset,
          .length = range.length};
}

/// The fingerprint is the boundary: a file does not contain its own.
http::Body multipart(const AudioFile& file, const std::vector<ByteRange>& ranges) {
  http::Body body;
  for (const ByteRange& range : ranges) {
    body.append("\r\n--" + file.fingerprint + "\r\nContent-Type: " + std::string{file.mediaType} +
                "\r\nContent-Range: " + contentRange(range, file.size) + "\r\n\r\n");
    body.append(slice(file, range));
  }
  body.append("\r\n--" + file.fingerprint + "--\r\n");
  return body;
}

}  // namespace

std::string cacheControl(Freshness freshness, const Request& request) {
  if (freshness == Freshness::revalidated) return "no-cache";
  const bool personal = request.headers.find("Cookie").has_value() ||
                        request.headers.find("Authorization").has_value();
  return std::string{personal ? "private" : "public"} +
         ", max-age=" + std::to_string(kYear.count()) + ", immutable";
}

Response audioResponse(const AudioFile& file, const Request& request, Freshness freshness,
                       system_clock::time_point now) {
  const std::string tag = entityTag(file.fingerprint);
  const std::uint64_t size = file.size;
  const bool isKnown = isUnchanged(request, file, tag);
  RangeRequest wanted = WholeFile{};
  const auto header = request.headers.find("Range");
  if (header && !isKnown && request.method == "GET" && rangeApplies(request, file, tag)) {
    wanted = parseRange(*header, size);
  }
  const bool isRefused = std::holds_alternative<Unsatisfiable>(wanted);
  if (isRefused) freshness = Freshness::revalidated;  // it refuses a range, not the file

  Response response;
  response.headers.add("ETag", tag);
  response.headers.add("Last-Modified", http::httpDate(file.modified));
  response.headers.add("Cache-Control", cacheControl(freshness, request));
  if (freshness == Freshness::forever) response.headers.add("Expires", http::httpDate(now + kYear));
  if (isKnown) {
    response.status = 304;
    return response;
  }
  response.headers.add("Accept-Ranges", "bytes");
  if (isRefused) {
    response.status = 416;
    response.headers.add("Content-Range", "bytes */" + std::to_string(size));
    return response;
  }
  const auto* ranges = std::get_if<std::vector<ByteRange>>(&wanted);
  if (ranges == nullptr) {
    response.headers.add("Content-Type", std::string{file.mediaType});
    if (size > 0) response.body = slice(file, {0, size});
    return response;
  }
  response.status = 206;
  if (ranges->size() == 1) {
    response.headers.add("Content-Type", std::string{file.mediaType});
    response.headers.add("Content-Range", contentRange(ranges->front(), size));
    response.body = slice(file, ranges->front());
  } else {
    response.headers.add("Content-Type", "multipart/byteranges; boundary=" + file.fingerprint);
    response.body = multipart(file, *ranges);
  }
  return response;
}

}  // namespace ivr::audio
