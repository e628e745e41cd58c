#pragma once
// Decides whether a request may reach a state, and logs why not.

#include "app/refusal_log.hpp"
#include "http/url.hpp"
#include "ivr/app/config.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/request.hpp"
#include "ivr/security/signature.hpp"
#include "security/trusted_proxies.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ivr {

/// Checks the signatures of requests to one application. Threads: any, once constructed.
class SignatureGuard {
 public:
  /// `config` and `refusals` must outlive the guard. Adds what makes it unusable to `problems`, a
  /// sentence each.
  SignatureGuard(const Config& config, RefusalLog& refusals, std::vector<std::string>& problems);

  /// The public URL of the configuration, its path without a trailing slash; all empty if it has
  /// none.
  [[nodiscard]] const http::Url& publicUrl() const noexcept { return publicUrl_; }

  /// Whether a request is signed, or need not be. `form` holds the fields of a form body. A refusal
  /// is logged with its reason.
  [[nodiscard]] bool accepts(const Request& request, const std::optional<Form>& form);

 private:
  void readPublicUrl(std::vector<std::string>& problems);
  void readTokens(std::vector<std::string>& problems);
  void readProxies(std::vector<std::string>& problems);
  [[nodiscard]] std::string reason(security::SignatureVerdict verdict,
                                   const security::SignedRequest& content,
                                   const http::Headers& headers);
  [[nodiscard]] std::string signedAddress(const Request& request) const;

  const Config& config_;
  RefusalLog& refusals_;
  http::Url publicUrl_;
  std::string publicText_;  ///< The same as text.
  security::TrustedProxies proxies_;
  std::optional<security::SignatureVerifier> verifier_;
};

}  // namespace ivr
