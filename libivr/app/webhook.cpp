#include "app/webhook.hpp"

#include "core/utf8.hpp"
#include "http/content_type.hpp"
#include "http/url.hpp"

#include <string_view>
#include <utility>

namespace ivr {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

std::optional<Refusal> read(Webhook& webhook, const Config& config) {
  http::Request& request = webhook.request;
  // 1. the target: a path from the root, even if a proxy sent a whole address
  if (!request.target.starts_with('/')) {
    const auto url = http::Url::parse(request.target);
    if (!url) return Refusal{400, "the target is neither a path nor an address"};
    request.target = (url->path.empty() ? "/" : url->path) + (url->query ? '?' + *url->query : "");
  }
  // 2. the body
  if (request.body.size() > config.maxBodyBytes) {
    return Refusal{413, "the body has more than " + std::to_string(config.maxBodyBytes) +
                            " bytes (Config::maxBodyBytes)"};
  }
  if (request.method != "POST") return std::nullopt;
  const http::ContentType type = http::contentTypeOf(request.headers);
  if (!http::equalIgnoringCase(type.mediaType, kFormType)) return std::nullopt;
  if (!type.charset.empty() && !http::equalIgnoringCase(type.charset, "utf-8") &&
      !http::equalIgnoringCase(type.charset, "utf8")) {
    return Refusal{415, "the charset of the form is not UTF-8"};
  }
  webhook.form = http::Form::parse(request.body, config.maxFields);
  if (webhook.form) return std::nullopt;
  return Refusal{413, "the form has more than " + std::to_string(config.maxFields) +
                          " fields (Config::maxFields)"};
}

http::Form readable(const http::Form& form) {
  http::Form converted;
  for (const auto& [name, value] : form) converted.add(toUtf8(name), toUtf8(value));
  return converted;
}

bool hasSaneSids(const http::Form& form) noexcept {
  constexpr std::size_t kMaxSid = 64;
  return form.get("CallSid").size() <= kMaxSid && form.get("ParentCallSid").size() <= kMaxSid;
}

}  // namespace ivr
