#include "phone/page_access.hpp"

#include "core/text.hpp"
#include "http/url.hpp"
#include "ivr/http/percent.hpp"

#include <algorithm>
#include <optional>

namespace ivr::phone {

namespace {

constexpr std::string_view kCookie = "ivr_phone";

/// The one value of a header; nothing if it has none or several.
std::optional<std::string_view> single(const http::Request& request, std::string_view name) {
  if (request.headers.count(name) != 1) return std::nullopt;
  return request.headers.find(name);
}

}  // namespace

bool PageAccess::isOurHost(const http::Request& request) const {
  const auto host = single(request, "Host");
  if (!host) return false;
  const auto url = http::Url::parse("http://" + std::string{*host});
  if (!url || url->userinfo || !url->path.empty() || url->query || url->fragment) return false;
  if (hosts_.empty()) return true;
  return std::ranges::any_of(
      hosts_, [&](const std::string& ours) { return http::equalIgnoringCase(ours, url->host); });
}

bool PageAccess::isFromOtherSite(const http::Request& request) {
  if (const auto site = request.headers.find("Sec-Fetch-Site")) {
    if (*site != "same-origin" && *site != "none") return true;
  }
  if (request.headers.count("Origin") == 0) return false;
  const auto origin = single(request, "Origin");
  const auto host = single(request, "Host");
  if (!origin || !host) return true;
  return !http::equalIgnoringCase(*origin, "http://" + std::string{*host}) &&
         !http::equalIgnoringCase(*origin, "https://" + std::string{*host});
}

bool PageAccess::isToken(std::string_view text) const noexcept {
  // Takes a time that does not depend on where they differ.
  unsigned different = text.size() == token_.size() ? 0 : 1;
  for (std::size_t at = 0; at < token_.size(); ++at) {
    const char given = at < text.size() ? text[at] : '\0';
    different |= static_cast<unsigned>(given) ^ static_cast<unsigned>(token_[at]);
  }
  return different == 0;
}

bool PageAccess::knowsToken(const http::Request& request) const {
  if (token_.empty()) return true;
  if (const auto given = request.headers.find("Authorization")) {
    constexpr std::string_view kBearer = "Bearer ";
    if (given->starts_with(kBearer)) return isToken(given->substr(kBearer.size()));
  }
  for (const auto& [name, value] : request.headers) {
    if (!http::equalIgnoringCase(name, "Cookie")) continue;
    for (const std::string_view pair : itemsOf(value, ';')) {
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != kCookie) continue;
      if (isToken(http::percentDecode(pair.substr(equals + 1)))) return true;
    }
  }
  return false;
}

std::string PageAccess::cookie() const {
  return std::string{kCookie} + '=' + http::percentEncode(token_, http::PercentKeep::nothing) +
         "; Path=/; HttpOnly; SameSite=Lax";
}

}  // namespace ivr::phone
