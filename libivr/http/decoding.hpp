#pragma once
// The one loop that decodes percent sequences (RFC 3986 section 2.1), and forms with them.

#include <cstdint>

namespace ivr::http {

/// Which characters mean something; they may be combined.
enum Meaning : std::uint8_t {
  kPercent = 1,  ///< `%XX` is a byte; a malformed sequence stays as it is.
  kPlus = 2,     ///< `+` is a blank.
  kEquals = 4,   ///< `=` ends the text.
  kAnd = 8,      ///< `&` ends the text.
};

/// How far a text was read and written.
struct Decoded {
  const char* in;
  char* out;
};

/// Decodes from `in` to `end`, or to what ends the text. `out` has room for as many bytes, in other
/// memory: all of it may be written, though what counts is never longer than what is read.
[[nodiscard]] Decoded decode(const char* in, const char* end, char* out,
                             unsigned meanings) noexcept;

}  // namespace ivr::http
