#include "app/signature_guard.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace ivr {

namespace {

/// `host:port` as the parts of a URL, if it is nothing more than that.
std::optional<http::Url> authorityOf(std::string_view text) {
  auto url = http::Url::parse("http://" + std::string{text});
  if (!url || url->userinfo || !url->path.empty() || url->query || url->fragment) {
    return std::nullopt;
  }
  return url;
}

}  // namespace

SignatureGuard::SignatureGuard(const Config& config, RefusalLog& refusals,
                               std::vector<std::string>& problems)
    : config_(config), refusals_(refusals) {
  readPublicUrl(problems);
  if (config_.validate) readTokens(problems);
  readProxies(problems);
}

void SignatureGuard::readPublicUrl(std::vector<std::string>& problems) {
  if (config_.publicUrl.empty()) {
    if (config_.validate) {
      problems.emplace_back(
          "no public URL: signatures are made over it (set Config::publicUrl or IVR_PUBLIC_URL; to "
          "try the application on this machine alone, set IVR_MODE=development)");
    }
    return;
  }
  auto url = http::Url::parse(config_.publicUrl);
  if (!url || url->query || url->fragment || url->userinfo ||
      (url->scheme != "http" && url->scheme != "https")) {
    const bool mayHoldPassword = config_.publicUrl.find('@') != std::string::npos;
    problems.push_back("the public URL " +
                       (mayHoldPassword ? "" : '"' + oneLine(config_.publicUrl) + "\" ") +
                       "is not of the form https://host/path");
    return;
  }
  if (url->port == "0") {
    problems.push_back("the public URL \"" + oneLine(config_.publicUrl) +
                       "\" has the port 0, which nobody can call");
  }
  publicUrl_ = *std::move(url);
  while (publicUrl_.path.ends_with('/')) publicUrl_.path.pop_back();
  publicText_ = publicUrl_.text();
}

void SignatureGuard::readTokens(std::vector<std::string>& problems) {
  if (config_.authTokens.empty()) {
    problems.emplace_back(
        "no auth token: signatures cannot be checked (set Config::authTokens or "
        "TWILIO_AUTH_TOKEN; to try the application on this machine alone, set "
        "IVR_MODE=development)");
  } else if (std::ranges::any_of(config_.authTokens, &std::string::empty)) {
    problems.emplace_back("an auth token is empty");
  } else {
    verifier_.emplace(config_.authTokens);
  }
}

void SignatureGuard::readProxies(std::vector<std::string>& problems) {
  for (const std::string& proxy : config_.trustedProxies) {
    if (!proxies_.add(proxy)) {
      problems.push_back("the trusted proxy " + oneLine(proxy) + " is not an address or a network");
    }
  }
}

bool SignatureGuard::accepts(const Request& request, const std::optional<Form>& form) {
  if (!config_.validate) return true;
  const std::string url = signedAddress(request);
  const bool isRepeated = request.headers.count(security::kSignatureHeader) > 1;
  const security::SignedRequest content{
      .url = url,
      .form = form ? &*form : nullptr,
      .body = form ? std::string_view{} : request.body,
      .signature =
          isRepeated ? "repeated" : request.headers.find(security::kSignatureHeader).value_or("")};
  const security::SignatureVerdict verdict = verifier_->verify(content);
  if (verdict == security::SignatureVerdict::valid) return true;
  refusals_.add(request, 403, [&] { return reason(verdict, content, request.headers); });
  return false;
}

std::string SignatureGuard::reason(security::SignatureVerdict verdict,
                                   const security::SignedRequest& content,
                                   const http::Headers& headers) {
  constexpr std::string_view kMismatch = "no configured token made the signature";
  if (verdict == security::SignatureVerdict::mismatch) {  // the others take no work to explain
    switch (refusals_.takeExplanation()) {
      case RefusalLog::Explanation::granted: break;
      case RefusalLog::Explanation::refused:
        return std::string{kMismatch} + "; why is not looked for more than " +
               std::to_string(RefusalLog::kMaxExplanations) + " times a second";
      case RefusalLog::Explanation::refusedBefore: return std::string{kMismatch};
    }
  }
  return verifier_->explain(verdict, content, headers);
}

/// The address that the provider used.
std::string SignatureGuard::signedAddress(const Request& request) const {
  if (!proxies_.contains(request.peerAddress)) {
    std::string url;
    url.reserve(publicText_.size() + request.target.size());
    return url.append(publicText_).append(request.target);
  }
  http::Url url = publicUrl_;
  const auto scheme = security::nearestForwarded(request.headers, "X-Forwarded-Proto");
  if (scheme == "http" || scheme == "https") url.scheme = *scheme;
  if (const auto host = security::nearestForwarded(request.headers, "X-Forwarded-Host")) {
    if (const auto named = authorityOf(*host)) {
      url.host = named->host;
      url.port = named->port;
    }
  }
  return url.text() + request.target;
}

}  // namespace ivr
