#pragma once
// Who may use the page and its functions: not other sites, through somebody's browser.
//
// Protocol: https://fetch.spec.whatwg.org/#origin-header, https://w3c.github.io/webappsec-fetch-
// metadata/.

#include "ivr/http/request.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::phone {

/// A value. Threads: any.
class PageAccess {
 public:
  PageAccess(std::vector<std::string> hosts, std::string token)
      : hosts_(std::move(hosts)), token_(std::move(token)) {}

  /// Whether the name in the address is one of ours.
  [[nodiscard]] bool isOurHost(const http::Request& request) const;

  /// Whether a page of another site asks, as far as browsers tell.
  [[nodiscard]] static bool isFromOtherSite(const http::Request& request);

  /// Whether it knows the token, or none is needed.
  [[nodiscard]] bool knowsToken(const http::Request& request) const;
  [[nodiscard]] bool isToken(std::string_view text) const noexcept;
  [[nodiscard]] bool needsToken() const noexcept { return !token_.empty(); }

  /// `ivr_phone=...; ...` for `Set-Cookie`.
  [[nodiscard]] std::string cookie() const;

 private:
  std::vector<std::string> hosts_;
  std::string token_;
};

}  // namespace ivr::phone
