#pragma once
// Percent-encoding (RFC 3986 section 2.1) and the decoding of form text.
//
// Threads: pure functions.

#include <string>
#include <string_view>

namespace ivr::http {

/// Which characters an encoder leaves as they are, besides the unreserved ones (`A-Z a-z 0-9 - . _
/// ~`).
enum class PercentKeep {
  nothing,    ///< For a name or value in a query: everything else is encoded, a space as `%20`.
  pathParts,  ///< For a path: `/` and the sub-delimiters `! $ & ' ( ) * + , ; = : @` stay.
};

/// `text` with every byte outside the kept set written as `%XX` (upper-case hex).
[[nodiscard]] std::string percentEncode(std::string_view text, PercentKeep keep);

/// A plain-text path as it appears in links, and so in the targets of requests.
[[nodiscard]] std::string encodedPath(std::string_view path);

/// `text` with `%XX` decoded; a malformed sequence (`%zz`, a `%` at the end) is left as it is.
[[nodiscard]] std::string percentDecode(std::string_view text);

/// The same for a form body or a query: `+` is a space as well.
[[nodiscard]] std::string formDecode(std::string_view text);

}  // namespace ivr::http
