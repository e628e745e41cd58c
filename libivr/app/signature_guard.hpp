#pragma once
// Decides whether a request may reach a state, and logs why not.

#include "ivr/app/config.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/url.hpp"
#include "ivr/security/signature.hpp"
#include "security/trusted_proxies.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ivr {

/// Checks the signatures of requests to one application. Threads: any, once constructed.
class SignatureGuard {
 public:
  /// `config` must outlive the guard. Adds what makes it unusable to `problems`, a sentence each.
  SignatureGuard(const Config& config, std::vector<std::string>& problems);

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
  [[nodiscard]] std::string publicAddress(const Request& request) const;
  [[nodiscard]] bool mayExplain();

  const Config& config_;
  http::Url publicUrl_;
  std::string publicText_;  ///< The same as text.
  security::TrustedProxies proxies_;
  std::optional<security::SignatureVerifier> verifier_;
  std::atomic<std::int64_t> second_{0};  ///< The second whose refusals are counted.
  std::atomic<int> refusals_{0};
};

}  // namespace ivr
