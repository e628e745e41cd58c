#include "ivr/audio/audio_response.hpp"

#include "ivr/audio/range.hpp"

#include <array>
#include <ctime>
#include <iomanip>
#include <locale>
#include <optional>
#include <sstream>

namespace ivr {

namespace {

using std::chrono::system_clock;

constexpr std::chrono::seconds kYear{31536000};

std::string entityTag(std::string_view fingerprint) { return '"' + std::string{fingerprint} + '"'; }

/// RFC 9110 section 5.6.7: the preferred form, and the two obsolete ones that must still be read.
std::optional<system_clock::time_point> parseHttpDate(std::string_view text) {
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
    std::istringstream in{std::string{text}};
    in.imbue(std::locale::classic());  // English names, whatever the locale of the process
    std::tm parts{};
    in >> std::get_time(&parts, form);
    if (!in.fail() && in.peek() == std::istringstream::traits_type::eof()) {
      return system_clock::from_time_t(::timegm(&parts));
    }
  }
  return std::nullopt;
}

system_clock::time_point wholeSeconds(system_clock::time_point moment) {
  return std::chrono::floor<std::chrono::seconds>(moment);
}

/// RFC 9110 section 13.1.2: `*`, or a list of which one matches weakly.
bool namesTag(std::string_view list, std::string_view tag) {
  while (!list.empty()) {
    std::size_t comma = list.find(',');
    std::string_view one = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag) return true;
  }
  return false;
}

bool isUnchanged(const Request& request, const AudioFile& file, std::string_view tag) {
  if (const auto list = request.headers.find("If-None-Match")) return namesTag(*list, tag);
  if (const auto since = request.headers.find("If-Modified-Since")) {
    const auto moment = parseHttpDate(*since);
    return moment && wholeSeconds(file.modified) <= *moment;
  }
  return false;
}

/// RFC 9110 section 13.1.5: the range counts only if the client has the start of this very version.
bool rangeApplies(const Request& request, const AudioFile& file, std::string_view tag) {
  const auto condition = request.headers.find("If-Range");
  if (!condition) return true;
  if (condition->starts_with('"')) return *condition == tag;
  const auto moment = parseHttpDate(*condition);
  return moment && wholeSeconds(file.modified) == *moment;
}

std::string contentRange(const ByteRange& range, std::uint64_t size) {
  return "bytes " + std::to_string(range.offset) + '-' +
         std::to_string(range.offset + range.length - 1) + '/' + std::to_string(size);
}

FileSlice slice(const AudioFile& file, const ByteRange& range) {
  return {.file = file.bytes, .offset = range.offset, .length = range.length};
}

/// The fingerprint is the boundary: a file does not contain its own.
Body multipart(const AudioFile& file, const std::vector<ByteRange>& ranges) {
  Body body;
  for (const ByteRange& range : ranges) {
    body.append("\r\n--" + file.fingerprint + "\r\nContent-Type: " + std::string{file.mediaType} +
                "\r\nContent-Range: " + contentRange(range, file.bytes->size()) + "\r\n\r\n");
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

std::string httpDate(system_clock::time_point moment) {
  const std::time_t seconds = system_clock::to_time_t(moment);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  // Not strftime's %a and %b: these are English in every locale.
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   kDays.at(static_cast<std::size_t>(parts.tm_wday)), parts.tm_mday,
                                   kMonths.at(static_cast<std::size_t>(parts.tm_mon)),
                                   parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), static_cast<std::size_t>(length)};
}

Response audioResponse(const AudioFile& file, const Request& request, Freshness freshness,
                       system_clock::time_point now) {
  const std::string tag = entityTag(file.fingerprint);
  const std::uint64_t size = file.bytes->size();
  const bool isKnown = isUnchanged(request, file, tag);
  RangeRequest wanted = WholeFile{};
  const auto header = request.headers.find("Range");
  if (header && !isKnown && request.method == "GET" && rangeApplies(request, file, tag)) {
    wanted = parseRange(*header, size);
  }
  const bool isRefused = std::holds_alternative<Unsatisfiable>(wanted);
  if (isRefused) freshness = Freshness::revalidated;  // it refuses a range, and not the file

  Response response;
  response.headers.add("ETag", tag);
  response.headers.add("Last-Modified", httpDate(file.modified));
  response.headers.add("Cache-Control", cacheControl(freshness, request));
  if (freshness == Freshness::forever) response.headers.add("Expires", httpDate(now + kYear));
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

}  // namespace ivr
