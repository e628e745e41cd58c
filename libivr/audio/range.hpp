#pragma once
// The `Range` header of a request (RFC 9110 section 14).

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

namespace ivr::audio {

/// `length` bytes from `offset`, both within the file; `length` is at least 1.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// The header asks for the whole file: it is malformed, in another unit, or asks for so many, or
/// such overlapping, ranges that answering it would only be costly (RFC 9110 section 14.2 lets a
/// server ignore those).
struct WholeFile {
  friend bool operator==(const WholeFile&, const WholeFile&) = default;
};

/// No range of the header lies within the file: status 416.
struct Unsatisfiable {
  friend bool operator==(const Unsatisfiable&, const Unsatisfiable&) = default;
};

/// The ranges in the requested order, without those outside the file; or why there are none.
using RangeRequest = std::variant<WholeFile, Unsatisfiable, std::vector<ByteRange>>;

/// Reads `bytes=0-99,-500` for a file of `size` bytes. Never throws on hostile input.
[[nodiscard]] RangeRequest parseRange(std::string_view header, std::uint64_t size);

}  // namespace ivr::audio
