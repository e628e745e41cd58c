#include "app/webhook.hpp"

#include "core/utf8.hpp"
#include "ivr/http/url.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ivr {

namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

bool hasForeignCharset(const http::Request& request) {
  const std::string charset = request.charset();
  return !charset.empty() && charset != "utf-8" && charset != "utf8";
}

}  // namespace

std::variant<Webhook, http::Response> readWebhook(http::Request request, const Config& config) {
  // 1. the target: a path from the root, even if a proxy sent a whole address
  if (!request.target.starts_with('/')) {
    const auto url = http::Url::parse(request.target);
    if (!url) return http::plainText(400, "Bad Request");
    request.target = (url->path.empty() ? "/" : url->path) + (url->query ? '?' + *url->query : "");
  }
  // 2. the body
  if (request.body.size() > config.maxBodyBytes) return http::plainText(413, "Content Too Large");
  Webhook webhook{.request = std::move(request)};
  if (webhook.request.method != "POST" || webhook.request.mediaType() != kFormType) return webhook;
  if (hasForeignCharset(webhook.request)) return http::plainText(415, "Unsupported Media Type");
  webhook.form = http::Form::parse(webhook.request.body, config.maxFields);
  if (!webhook.form) return http::plainText(413, "Content Too Large");
  return webhook;
}

http::Form readable(http::Form form) {
  const bool isClean = std::ranges::all_of(form, [](const http::Form::Field& field) {
    return isUtf8(field.first) && isUtf8(field.second);
  });
  if (isClean) return form;
  http::Form converted;
  for (const auto& [name, value] : form) converted.add(toUtf8(name), toUtf8(value));
  return converted;
}

bool hasSaneSids(const http::Form& form) noexcept {
  constexpr std::size_t kMaxSid = 64;
  return form.get("CallSid").size() <= kMaxSid && form.get("ParentCallSid").size() <= kMaxSid;
}

}  // namespace ivr
