#include "ivr/call/url_for.hpp"

#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"

namespace ivr {

namespace {

std::string queryText(const UrlOptions::Query& query) {
  std::string text;
  for (const auto& [name, value] : query) {
    text += text.empty() ? '?' : '&';
    text += http::percentEncode(name, http::PercentKeep::nothing);
    text += '=';
    text += http::percentEncode(value, http::PercentKeep::nothing);
  }
  return text;
}

}  // namespace

std::string UrlFor::operator()(std::string_view path, const UrlOptions& options) const {
  if (options.query && options.fingerprint.value_or(false)) {
    throw Error{ErrorKind::usage, "Can't combine fingerprinting with query parameters."};
  }
  const bool canFingerprint = static_cast<bool>(base_->fingerprintUrl);
  if (options.fingerprint.value_or(false) && !canFingerprint) {
    throw Error{ErrorKind::usage,
                "You must serve audio, or provide fingerprintUrl, to generate fingerprinted urls."};
  }
  const std::string withSlash = path.starts_with('/') ? std::string{} : '/' + std::string{path};
  const std::string_view rooted = withSlash.empty() ? path : withSlash;
  if (rooted.starts_with("//")) {
    throw Error{ErrorKind::usage, "the path " + std::string{rooted} + " would name another host"};
  }
  const bool fingerprint =
      canFingerprint && !options.query &&
      (options.fingerprint ? *options.fingerprint : base_->fingerprintsByDefault(rooted));

  std::string link = fingerprint ? base_->fingerprintUrl(rooted) : http::encodedPath(rooted);
  // A fingerprintUrl of the application may name another host, such as a cache's.
  if (!link.starts_with('/') || link.starts_with("//")) return link;
  if (options.query) link += queryText(*options.query);
  link.insert(0, base_->prefix);
  if (!options.absolute) return link;

  const std::string& scheme = options.scheme ? *options.scheme : base_->scheme;
  const std::string& host = options.host ? *options.host : base_->host;
  if (scheme.empty() || host.empty()) {
    throw Error{ErrorKind::usage, "an absolute link needs a public URL in the configuration"};
  }
  return scheme + "://" + host + link;
}

}  // namespace ivr
