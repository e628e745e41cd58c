#include "security/signed_forms.hpp"

#include "ivr/http/form.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace ivr::security {

namespace {

// The provider posts its own fields, so that queries are short. For longer ones the other forms
// would cost more than they are worth: a stranger may send them as often as he likes.
constexpr std::size_t kMaxRequoted = 1 << 10;
constexpr std::size_t kMaxReencoded = 256;
constexpr std::size_t kMaxNames = 10;

void addOnce(std::vector<std::string>& list, std::string text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
}

/// Appends `text` as Node's `querystring.escape` writes it.
void appendEncoded(std::string& to, std::string_view text) {
  static constexpr auto kKept = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-_.!~*'()"}) {
      table[static_cast<unsigned char>(c)] = true;
    }
    return table;
  }();
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::size_t first = 0;  // of those that stay as they are
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (kKept[byte]) continue;
    to.append(text.substr(first, at - first));
    to += '%';
    to += kHex[byte >> 4];
    to += kHex[byte & 15];
    first = at + 1;
  }
  to.append(text.substr(first));
}

/// The query as Node's `querystring` module rewrites it: the form that old SDKs signed. Nothing if
/// it has too many fields.
std::optional<std::string> legacyQuery(std::string_view query) {
  const auto form = http::Form::parse(query, kMaxNames);
  if (!form) return std::nullopt;
  // Fields of the same name stand together, where the name first appears.
  std::map<std::string_view, std::size_t> firstOf;
  std::vector<std::pair<std::size_t, http::Form::Field>> order;
  order.reserve(form->size());
  for (const http::Form::Field field : *form) {
    order.emplace_back(firstOf.try_emplace(field.first, order.size()).first->second, field);
  }
  std::ranges::stable_sort(order, {}, &decltype(order)::value_type::first);
  std::string text;
  text.reserve(query.size() + 1);
  for (const auto& [unused, field] : order) {
    text += text.empty() ? '?' : '&';
    appendEncoded(text, field.first);
    text += '=';
    appendEncoded(text, field.second);
  }
  return text.empty() ? "?" : text;
}

std::string withEncodedQuotes(std::string_view query) {
  std::string text = "?";
  text.reserve(query.size() + 1);
  for (std::size_t quote; (quote = query.find('\'')) != std::string_view::npos;) {
    text.append(query.substr(0, quote)).append("%27");
    query.remove_prefix(quote + 1);
  }
  return text.append(query);
}

}  // namespace

std::vector<std::string> queryForms(const std::optional<std::string>& query) {
  if (!query) return {std::string{}};
  std::vector<std::string> forms{'?' + *query};
  if (query->size() <= kMaxReencoded) {
    if (auto legacy = legacyQuery(*query)) addOnce(forms, *std::move(legacy));
  }
  if (query->size() <= kMaxRequoted) addOnce(forms, withEncodedQuotes(*query));
  return forms;
}

std::vector<std::string> signedForms(const http::Url& url, std::span<const std::string> queries) {
  // 1. with and without the port, which defaults to the scheme's own
  const bool secure = url.scheme == "https" || url.scheme == "wss";
  const std::string port = ':' + (!url.port.empty() ? url.port : secure ? "443" : "80");
  std::vector<std::string> authorities{url.host, url.host + port};
  if (url.userinfo) {  // 2. without and with credentials
    authorities.push_back(*url.userinfo + '@' + url.host);
    authorities.push_back(*url.userinfo + '@' + url.host + port);
  }
  // 3. of web sockets, with a slash at the end
  std::vector<std::string> paths{url.path};
  if (url.scheme == "ws" || url.scheme == "wss") addOnce(paths, url.path + '/');

  std::vector<std::string> forms;
  forms.reserve(queries.size() * paths.size() * authorities.size());
  const auto add = [&](const std::string& authority, const std::string& path,
                       const std::string& query) {
    std::string& form = forms.emplace_back();
    form.reserve(url.scheme.size() + 3 + authority.size() + path.size() + query.size());
    form.append(url.scheme).append("://").append(authority).append(path).append(query);
  };
  for (const std::string& path : paths) {
    for (const std::string& authority : authorities) add(authority, path, queries.front());
  }
  for (const std::string& path : paths) {
    for (const std::string& authority : authorities) {
      for (const std::string& query : queries.subspan(1)) add(authority, path, query);
    }
  }
  return forms;
}

}  // namespace ivr::security
