#include "security/signed_forms.hpp"

#include "ivr/http/form.hpp"
#include "ivr/http/percent.hpp"
#include "ivr/http/url.hpp"

#include <algorithm>
#include <optional>

namespace ivr::security {

namespace {

void addOnce(std::vector<std::string>& list, std::string text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// The query as Node's `querystring` module rewrites it: the form that old SDKs signed.
std::string legacyQuery(std::string_view query) {
  const auto encode = [](std::string_view text) {
    std::string encoded = http::percentEncode(text, http::PercentKeep::nothing);
    for (const char kept : std::string_view{"!*'()"}) {
      encoded = replaced(std::move(encoded),
                         http::percentEncode({&kept, 1}, http::PercentKeep::nothing), {&kept, 1});
    }
    return encoded;
  };
  const auto form = Form::parse(query, query.size() + 1);
  std::string text;
  std::vector<std::string_view> seen;
  for (const auto& [name, unused] : *form) {  // repeated names are grouped where they first appear
    if (std::ranges::find(seen, name) != seen.end()) continue;
    seen.emplace_back(name);
    for (const std::string_view value : form->all(name)) {
      if (!text.empty()) text += '&';
      text += encode(name) + '=' + encode(value);
    }
  }
  return text;
}

}  // namespace

std::vector<std::string> signedForms(std::string_view address) {
  address = address.substr(0, address.find('#'));  // 1. the fragment is never signed
  const std::optional<http::Url> url = http::Url::parse(address);
  if (!url) return {std::string{address}};

  std::vector<std::string> paths{url->path};
  std::vector<std::string> queries;
  if (url->query) {  // 2. the query as received, and as the SDKs re-encode it
    constexpr std::size_t kMaxReencoded = 8 << 10;
    queries.push_back('?' + *url->query);
    if (url->query->size() <= kMaxReencoded) {
      addOnce(queries, '?' + legacyQuery(*url->query));
      addOnce(queries, '?' + replaced(*url->query, "'", "%27"));
    }
  } else {
    queries.emplace_back();
  }
  if (url->scheme == "ws" || url->scheme == "wss") addOnce(paths, url->path + '/');

  // 3. with and without the port, which defaults to the scheme's own
  const bool secure = url->scheme == "https" || url->scheme == "wss";
  const std::string port = ':' + (!url->port.empty() ? url->port : secure ? "443" : "80");
  std::vector<std::string> authorities{url->host, url->host + port};
  if (url->userinfo) {  // 4. without and with credentials
    authorities.push_back(*url->userinfo + '@' + url->host);
    authorities.push_back(*url->userinfo + '@' + url->host + port);
  }

  std::vector<std::string> forms;
  forms.reserve(authorities.size() * paths.size() * queries.size());
  for (const std::string& authority : authorities) {
    for (const std::string& path : paths) {
      for (const std::string& query : queries) {
        std::string form;
        form.reserve(url->scheme.size() + 3 + authority.size() + path.size() + query.size());
        form.append(url->scheme).append("://").append(authority).append(path).append(query);
        addOnce(forms, std::move(form));
      }
    }
  }
  return forms;
}

}  // namespace ivr::security
