#pragma once
// Signatures on webhook requests: `X-Twilio-Signature`.
//
// Protocol: https://www.twilio.com/docs/usage/security ("Validating requests"); vectors:
// tests/vectors/signature/. Threads: everything here may be called from any thread at once.

#include "ivr/http/form.hpp"
#include "ivr/http/request.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::security {

inline constexpr std::string_view kSignatureHeader = "X-Twilio-Signature";

/// The signature that the holder of `authToken` sends with a request: base64 of HMAC-SHA1, 28
/// characters.
///
/// `url` is the address as requested, scheme through query; `form` holds the decoded fields of a
/// form body (none for GET or JSON). Their order is irrelevant: the protocol sorts them and counts
/// equal ones once.
[[nodiscard]] std::string sign(std::string_view authToken, std::string_view url,
                               const Form& form = {});

/// The lower-case hex SHA-256 of a body, which `bodySHA256` in the query of a signed JSON request
/// must equal.
[[nodiscard]] std::string bodySha256(std::string_view body);

enum class SignatureVerdict {
  valid,
  missing,       ///< No signature header, or an empty one.
  malformed,     ///< Not one header of 28 characters.
  mismatch,      ///< Signed with another token, for another address, or over other fields.
  wrongBody,     ///< The body is not the one whose hash the address names.
  unsignedBody,  ///< A body that is not a form, and no `bodySHA256` in the address vouches for it.
};

/// What is known of a request when its signature is checked. Views: they must outlive the call.
struct SignedRequest {
  std::string_view url = {};   ///< The public address with the query, as the provider was told it.
  const Form* form = nullptr;  ///< The decoded fields of a form body; null if the body is not one.
  std::string_view body = {};  ///< The raw body if it is not a form.
  std::string_view signature = {};  ///< The value of the header; empty when it is missing.
};

/// Checks signatures against one or more auth tokens (several during a rotation). A value.
class SignatureVerifier {
 public:
  /// Throws `Error{config}` when a token is empty.
  explicit SignatureVerifier(const std::vector<std::string>& authTokens);

  /// Accept only `valid`: any other verdict is a refusal, whose reason is for the log alone.
  ///
  /// The provider is inconsistent about ports, credentials and the encoding of queries in the
  /// address that it signs; each form that it or its own libraries use is accepted. The time it
  /// takes does not reveal where signatures differ, nor which token matched. A mismatch takes at
  /// most a small constant more than twice the work of a match: the rarer forms of requests above a
  /// few KiB are left out. Never throws on hostile input.
  [[nodiscard]] SignatureVerdict verify(const SignedRequest& request) const;

  /// One sentence for the operator about a request that `verify` refused: tries the usual mistakes
  /// (http or https, port, trailing slash, path prefix, another host name, a token with stray
  /// characters) and names the one that would have matched. `headers` are those of the request.
  /// Holds no token, no signature, no form value and no query. For a `mismatch` it hashes up to
  /// 256 KiB, so callers should limit how often they ask; forms over 64 KiB and addresses over 8
  /// KiB are not analysed.
  [[nodiscard]] std::string explain(SignatureVerdict verdict, const SignedRequest& request,
                                    const http::Headers& headers) const;

  /// The signature that the first token makes; see `sign`.
  [[nodiscard]] std::string signature(std::string_view url, const Form& form = {}) const;

 private:
  class Key;
  class Search;

  [[nodiscard]] bool matches(const SignedRequest& request) const;
  [[nodiscard]] std::string explainMismatch(const SignedRequest& request,
                                            const http::Headers& headers) const;

  std::vector<std::shared_ptr<const Key>> keys_;
};

}  // namespace ivr::security
