#include "audio/range.hpp"

#include "core/text.hpp"
#include "ivr/http/headers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ivr::audio {

namespace {

constexpr std::size_t kMaxRanges = 16;

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // A number too large for 64 bits is past the end of any file, and so is the largest that fits.
  if (error == std::errc::result_out_of_range && end == text.data() + text.size())
    return UINT64_MAX;
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

RangeRequest parseRange(std::string_view header, std::uint64_t size) {
  const std::size_t equals = header.find('=');
  if (equals == std::string_view::npos ||
      !http::equalIgnoringCase(trimmed(header.substr(0, equals), kBlanks), "bytes")) {
    return WholeFile{};
  }
  header.remove_prefix(equals + 1);

  std::vector<ByteRange> ranges;
  std::size_t specs = 0;
  std::uint64_t total = 0;
  while (true) {
    const std::size_t comma = header.find(',');
    const std::string_view spec = trimmed(header.substr(0, comma), kBlanks);
    if (!spec.empty()) {
      if (++specs > kMaxRanges) return WholeFile{};
      const std::size_t dash = spec.find('-');
      if (dash == std::string_view::npos) return WholeFile{};
      const std::string_view first = spec.substr(0, dash);
      const std::string_view last = spec.substr(dash + 1);
      if (first.empty()) {  // the last N bytes
        const auto suffix = number(last);
        if (!suffix) return WholeFile{};
        const std::uint64_t length = std::min(*suffix, size);
        if (length > 0) ranges.push_back({size - length, length});
      } else {
        const auto from = number(first);
        const auto to = last.empty() ? std::optional{UINT64_MAX} : number(last);
        if (!from || !to || *to < *from) return WholeFile{};
        if (*from < size) ranges.push_back({*from, std::min(*to, size - 1) - *from + 1});
      }
    }
    if (comma == std::string_view::npos) break;
    header.remove_prefix(comma + 1);
  }
  if (specs == 0) return WholeFile{};
  if (ranges.empty()) return Unsatisfiable{};
  for (const ByteRange& range : ranges) total += range.length;
  if (ranges.size() > 1 && total > size) return WholeFile{};  // they overlap
  return ranges;
}

}  // namespace ivr::audio
