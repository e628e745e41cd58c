#include "ivr/phone/address.hpp"

#include "core/text.hpp"
#include "http/url.hpp"

namespace ivr::phone {

std::optional<std::string> originIn(std::string_view url) {
  const auto parts = http::Url::parse(url);
  if (!parts) return std::nullopt;
  std::string origin = lowerCase(parts->scheme);
  if (origin != "http" && origin != "https") return std::nullopt;
  origin += "://" + lowerCase(parts->host);
  return parts->port.empty() ? origin : origin + ':' + parts->port;
}

bool isOnThisMachine(std::string_view url) {
  const auto parts = http::Url::parse(url);
  return parts && http::isLoopback(lowerCase(parts->host));
}

}  // namespace ivr::phone
