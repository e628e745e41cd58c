#include "security/trusted_proxies.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace ivr::security {

std::optional<TrustedProxies::Address> TrustedProxies::parse(const std::string& text) {
  Address address{};
  if (::inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  address[10] = address[11] = 0xff;
  if (::inet_pton(AF_INET, text.c_str(), address.data() + 12) == 1) return address;
  return std::nullopt;
}

bool TrustedProxies::add(const std::string& network) {
  const std::size_t slash = network.find('/');
  const std::string base = network.substr(0, slash);
  const auto address = parse(base);
  if (!address) return false;
  const unsigned skipped = base.find(':') == std::string::npos ? 96 : 0;
  unsigned bits = 128 - skipped;
  if (slash != std::string::npos) {
    const char* first = network.data() + slash + 1;
    const char* last = network.data() + network.size();
    const auto [end, error] = std::from_chars(first, last, bits);
    if (error != std::errc{} || end != last || bits > 128 - skipped) return false;
  }
  networks_.push_back({*address, bits + skipped});
  return true;
}

bool TrustedProxies::contains(const std::string& address) const {
  if (networks_.empty()) return false;
  const auto asked = parse(address);
  if (!asked) return false;
  return std::ranges::any_of(networks_, [&](const Network& network) {
    for (unsigned bit = 0; bit < network.bits; ++bit) {
      const unsigned mask = 0x80U >> (bit % 8);
      if (((*asked)[bit / 8] ^ network.address[bit / 8]) & mask) return false;
    }
    return true;
  });
}

std::optional<std::string_view> nearestForwarded(const http::Headers& headers,
                                                 std::string_view name) noexcept {
  std::string_view last;
  for (const auto& [key, value] : headers) {
    if (http::equalIgnoringCase(key, name)) last = value;
  }
  const std::size_t comma = last.rfind(',');
  last = trimmed(comma == std::string_view::npos ? last : last.substr(comma + 1));
  return last.empty() ? std::nullopt : std::optional{last};
}

}  // namespace ivr::security
