#include "http/url.hpp"

#include "core/text.hpp"
#include "ivr/http/headers.hpp"

#include <algorithm>
#include <cstdint>

namespace ivr::http {

namespace {

bool isDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Cuts `text` at the first character of `stops`; returns what came before it.
std::string_view takeUntil(std::string_view& text, std::string_view stops) {
  const std::size_t end = std::min(text.find_first_of(stops), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end);
  return taken;
}

}  // namespace

std::optional<Url> Url::parse(std::string_view text) {
  if (std::ranges::any_of(text, [](unsigned char c) { return c <= 0x20 || c == 0x7f; })) {
    return std::nullopt;
  }
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  Url url;
  url.scheme = text.substr(0, colon);
  const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const bool goodScheme =
      isLetter(url.scheme.front()) && std::ranges::all_of(url.scheme, [&](char c) {
        return isLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      });
  if (!goodScheme) return std::nullopt;
  text.remove_prefix(colon + 3);

  std::string_view authority = takeUntil(text, "/?#");
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    url.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::size_t portColon = authority.find(':', bracket);
  url.host = authority.substr(0, portColon);
  if (portColon != std::string_view::npos) {
    url.port = authority.substr(portColon + 1);
    if (url.port.empty() || url.port.size() > 5 || !isDigits(url.port)) return std::nullopt;
  }
  if (url.host.empty()) return std::nullopt;

  url.path = takeUntil(text, "?#");
  if (text.starts_with('?')) {
    text.remove_prefix(1);
    url.query = takeUntil(text, "#");
  }
  if (text.starts_with('#')) url.fragment = text.substr(1);
  return url;
}

std::string Url::text() const {
  std::string text = scheme + "://";
  if (userinfo) text += *userinfo + '@';
  text += host;
  if (!port.empty()) text += ':' + port;
  text += path;
  if (query) text += '?' + *query;
  if (fragment) text += '#' + *fragment;
  return text;
}

bool isLoopback(std::string_view host) noexcept {
  if (equalIgnoringCase(host, "localhost") || host == "[::1]" || host == "::1") return true;
  if (takeUntil(host, ".") != "127") return false;
  for (int i = 0; i < 3; ++i) {
    if (!host.starts_with('.')) return false;
    host.remove_prefix(1);
    const std::string_view number = takeUntil(host, ".");
    const bool isOctalToSome = number.size() > 1 && number.starts_with('0');
    if (isOctalToSome || !numberFrom<std::uint8_t>(number)) return false;
  }
  return host.empty();
}

}  // namespace ivr::http
