#include "security/address_mistakes.hpp"

#include "security/trusted_proxies.hpp"

#include <optional>
#include <string_view>

namespace ivr::security {

namespace {

// A hint for the operator is short; a long one is a stranger's, and each address with it takes
// time.
constexpr std::size_t kMaxHint = 512;

using Mistakes = std::vector<AddressMistake>;

/// Adds `url` if it differs from `from`, which may be a mistake itself.
void add(Mistakes& list, const AddressMistake& from, std::string_view what, http::Url url) {
  if (url == from.url) return;
  std::string both =
      from.what.empty() ? std::string{what} : from.what + " and " + std::string{what};
  list.push_back({std::move(both), std::move(url)});
}

std::optional<std::string_view> hintOf(const http::Headers& headers, std::string_view name) {
  const auto value = headers.find(name);
  return value && value->size() <= kMaxHint ? value : std::nullopt;
}

void addSchemes(Mistakes& list, const AddressMistake& from) {
  http::Url url = from.url;
  url.scheme = url.scheme == "https" ? "http" : "https";
  add(list, from, "scheme", std::move(url));
}

void addHosts(Mistakes& list, const AddressMistake& from, const http::Headers& headers) {
  for (const std::string_view name : {"X-Forwarded-Host", "X-Original-Host", "Host"}) {
    const auto value = nearestForwarded(headers, name);
    if (!value || value->size() > kMaxHint) continue;
    const auto named = http::Url::parse("http://" + std::string{*value});
    if (!named) continue;
    http::Url url = from.url;
    url.host = named->host;
    url.port = named->port;
    add(list, from, named->host == from.url.host ? "port" : "host", std::move(url));
  }
}

void addPorts(Mistakes& list, const AddressMistake& from) {
  for (const char* port : {"", "80", "443", "3000", "5000", "8000", "8080", "8443"}) {
    http::Url url = from.url;
    url.port = port;
    add(list, from, "port", std::move(url));
  }
}

void addPaths(Mistakes& list, const AddressMistake& from, const http::Headers& headers) {
  http::Url slash = from.url;
  if (slash.path.ends_with('/')) {
    slash.path.pop_back();
  } else {
    slash.path += '/';
  }
  add(list, from, "trailing slash", std::move(slash));

  constexpr int kMaxPartsAdded = 3;  // by a proxy, in front
  std::string_view path = from.url.path;
  for (int part = 0; part < kMaxPartsAdded; ++part) {
    const std::size_t next = path.find('/', 1);
    if (next == std::string_view::npos) break;
    path.remove_prefix(next);
    http::Url url = from.url;
    url.path = path;
    add(list, from, "path prefix", std::move(url));
  }
  for (const std::string_view name : {"X-Forwarded-Prefix", "X-Script-Name"}) {  // removed
    if (const auto prefix = hintOf(headers, name)) {
      http::Url url = from.url;
      url.path.insert(0, *prefix);
      add(list, from, "path prefix", std::move(url));
    }
  }
  for (const std::string_view name : {"X-Original-URI", "X-Forwarded-Uri", "X-Original-URL"}) {
    const auto target = hintOf(headers, name);
    const auto original =
        target ? http::Url::parse("http://host" + std::string{*target}) : std::nullopt;
    if (!original) continue;
    http::Url url = from.url;
    url.path = original->path;
    url.query = original->query;
    add(list, from, "path prefix", std::move(url));
  }
}

void addQueries(Mistakes& list, const AddressMistake& from) {
  http::Url url = from.url;
  url.query.reset();
  add(list, from, "query", std::move(url));
}

Mistakes mistakesAbout(const AddressMistake& from, const http::Headers& headers) {
  Mistakes list;
  addSchemes(list, from);
  addHosts(list, from, headers);
  addPorts(list, from);
  addPaths(list, from, headers);
  addQueries(list, from);
  return list;
}

}  // namespace

std::vector<AddressMistake> usualMistakes(const http::Url& ours, const http::Headers& headers) {
  Mistakes list = mistakesAbout({.what = {}, .url = ours}, headers);
  // Two at a time where one causes the other: a proxy that ends TLS often changes the port or the
  // path as well.
  Mistakes pairs;
  for (const AddressMistake& first : list) {
    if (first.what != "scheme" && first.what != "host") continue;
    for (AddressMistake& second : mistakesAbout(first, headers)) pairs.push_back(std::move(second));
  }
  for (AddressMistake& pair : pairs) list.push_back(std::move(pair));
  return list;
}

}  // namespace ivr::security
