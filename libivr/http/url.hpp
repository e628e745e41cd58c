#pragma once
// The parts of an absolute URL, verbatim: nothing is decoded, normalised or re-encoded, because
// signatures are made over the exact text.

#include <optional>
#include <string>
#include <string_view>

namespace ivr::http {

/// The parts of `scheme://userinfo@host:port/path?query#fragment` (RFC 3986 section 3). A value.
struct Url {
  std::string scheme = {};                   ///< As written, without `://`.
  std::optional<std::string> userinfo = {};  ///< `user:password`, without `@`.
  std::string host = {};                     ///< As written; an IPv6 address with its brackets.
  std::string port = {};                     ///< Digits; empty when none is given.
  std::string path = {};                     ///< Empty or from the first `/`, still encoded.
  std::optional<std::string> query = {};     ///< Without `?`, still encoded.
  std::optional<std::string> fragment = {};  ///< Without `#`.

  /// The parts of `text`; nothing unless it has a scheme, `://` and a host, and only characters
  /// that a URL may contain (no spaces, no control characters).
  [[nodiscard]] static std::optional<Url> parse(std::string_view text);

  /// The URL reassembled: the same text that was parsed.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Url&, const Url&) = default;
};

/// Whether a host, as it is written in a URL or an address to listen on, is this machine alone:
/// `localhost`, an address from `127.0.0.0` to `127.255.255.255` in four decimal numbers, `::1` or
/// `[::1]`. Other spellings of these are not: programs differ in what they take them for.
[[nodiscard]] bool isLoopback(std::string_view host) noexcept;

}  // namespace ivr::http
