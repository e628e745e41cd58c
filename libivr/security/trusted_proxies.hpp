#pragma once
// Addresses of proxies whose forwarding headers are believed, and which part of these headers is
// theirs.

#include "ivr/http/headers.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::security {

/// A list of IPv4 and IPv6 networks. A value.
class TrustedProxies {
 public:
  /// Adds `10.0.0.7`, `10.0.0.0/8`, `::1` or `fd00::/8`; false if `network` is invalid.
  [[nodiscard]] bool add(const std::string& network);

  /// Whether a numeric address lies in one of the networks.
  [[nodiscard]] bool contains(const std::string& address) const;

 private:
  /// IPv4 addresses are kept in their IPv6 form (`::ffff:10.0.0.7`), so there is one kind.
  using Address = std::array<std::uint8_t, 16>;
  struct Network {
    Address address;
    unsigned bits;
  };
  static std::optional<Address> parse(const std::string& text);

  std::vector<Network> networks_;
};

/// What the nearest proxy says in a header of that name: the last item of the last field, because
/// a proxy replaces what it is sent or appends to it. Whatever stands before may be the client's.
/// Nothing if it says nothing. The view is valid until the headers change.
[[nodiscard]] std::optional<std::string_view> nearestForwarded(const http::Headers& headers,
                                                               std::string_view name) noexcept;

}  // namespace ivr::security
