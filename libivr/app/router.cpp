#include "app/router.hpp"

#include "app/continuation.hpp"
#include "core/log_line.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"

#include <algorithm>
#include <utility>

namespace ivr {

using http::Response;

namespace {

constexpr std::string_view kIdempotencyHeader = "I-Twilio-Idempotency-Token";
constexpr std::size_t kMaxToken = 100;

Response refused() { return http::plainText(403, "Twilio Request Validation Failed."); }

/// The name of a step whose request may come again: the provider's token with some of the
/// signature, so that a token does not give access to the answer to another request. Empty without
/// a token.
std::string stepNameOf(const http::Request& request) {
  const std::string_view token = request.headers.find(kIdempotencyHeader).value_or("");
  if (token.size() > kMaxToken || !isStepName(token)) return {};
  const std::string_view signature =
      request.headers.find(security::kSignatureHeader).value_or("").substr(0, 12);
  std::string name;
  name.reserve(token.size() + signature.size() + 3);
  name.append("t.").append(token).append(".");
  for (const char c : signature) name += c == '+' || c == '/' || c == '=' ? '_' : c;
  return name;
}

}  // namespace

void Routes::claim(const std::string& path, std::string owner, Route route,
                   std::vector<std::string>& problems) {
  if (!path.starts_with('/')) {
    problems.push_back(owner + " has no leading slash: \"" + oneLine(path) + '"');
  } else if (path.find_first_of("?#") != std::string::npos) {
    problems.push_back(owner + " holds a ? or #: \"" + oneLine(path) + '"');
  } else if (const auto [place, isFree] =
                 routes_.try_emplace(http::encodedPath(path), Owned{owner, std::move(route)});
             !isFree) {
    problems.push_back(owner + " is " + path + ", which is taken by " + place->second.owner);
  }
}

const Route* Routes::find(std::string_view path) const {
  const auto found = routes_.find(path);
  return found == routes_.end() ? nullptr : &found->second.route;
}

Router::Router(const Runtime& runtime, const Routes& routes, SignatureGuard& guard,
               const AudioMount* audio, StepRunner& steps, const UrlFor& urlFor,
               std::shared_ptr<const http::Handler> fallback)
    : runtime_(runtime),
      routes_(routes),
      guard_(guard),
      audio_(audio),
      steps_(steps),
      urlFor_(urlFor),
      fallback_(std::move(fallback)) {}

Later<Response> Router::handle(http::Request request) try {
  auto read = readWebhook(std::move(request), runtime_.config());
  if (auto* refusal = std::get_if<Response>(&read)) return std::move(*refusal);
  return route(std::get<Webhook>(std::move(read)));
} catch (...) {
  return failed(std::current_exception());
}

Later<Response> Router::route(Webhook webhook) {
  // 1. what everyone may ask for
  const std::string_view path = webhook.request.path();
  const Route* const route = routes_.find(path);
  const auto is = [&]<class Kind>(std::type_identity<Kind>) {
    return route != nullptr && std::holds_alternative<Kind>(*route);
  };
  if (is(std::type_identity<OwnRoute>{}))
    return own(std::get<OwnRoute>(*route), std::move(webhook));
  const bool isAudio =
      audio_ != nullptr &&
      (route == nullptr ? audio_->coversEncoded(path) : is(std::type_identity<AudioRoute>{}));
  if (isAudio && audio_->options().access == Access::everyone) return audio(std::move(webhook));

  // 2. everything else must be signed
  if (!guard_.accepts(webhook.request, webhook.form)) return refused();
  if (isAudio) return audio(std::move(webhook));
  if (route == nullptr) return unmatched(std::move(webhook.request));

  // 3. the steps of calls
  if (webhook.request.method != "POST") return http::methodNotAllowed("POST");
  webhook.form = readable(std::move(webhook.form).value_or(http::Form{}));
  if (!hasSaneSids(*webhook.form)) return http::plainText(400, "Bad Request");
  if (const auto* at = std::get_if<StepRoute>(route)) return step(*at->target, std::move(webhook));
  return continued(std::move(webhook));
}

Later<Response> Router::step(StepTarget& target, Webhook webhook) {
  return steps_.answer({.target = &target,
                        .path = std::string{webhook.request.path()},
                        .fields = *std::move(webhook.form),
                        .step = stepNameOf(webhook.request),
                        .since = runtime_.config().clock()});
}

Later<Response> Router::continued(Webhook webhook) {
  auto asked = continuationOf(webhook.request);
  if (!asked) return http::plainText(404, "Not Found");
  const Route* const route = routes_.find(asked->path);
  const auto* const at = route == nullptr ? nullptr : std::get_if<StepRoute>(route);
  return steps_.answer({.target = at == nullptr ? nullptr : at->target,
                        .path = std::move(asked->path),
                        .fields = *std::move(webhook.form),
                        .step = std::move(asked->step),
                        .round = asked->round,
                        .since = asked->since});
}

Later<Response> Router::own(const OwnRoute& route, Webhook webhook) {
  auto own = route.methods.find(webhook.request.method);
  if (own == route.methods.end() && webhook.request.method == "HEAD") {
    own = route.methods.find("GET");
  }
  const bool isKnown = own != route.methods.end();
  const auto isOpen = [](const auto& one) { return one.second.access == Access::everyone; };
  const bool needsNoSignature = isKnown ? isOpen(*own) : std::ranges::any_of(route.methods, isOpen);
  if (!needsNoSignature && !guard_.accepts(webhook.request, webhook.form)) return refused();
  if (isKnown) {
    const std::string lane = "route " + std::string{webhook.request.path()};
    return runHandler(lane, own->second.handler, std::move(webhook.request));
  }
  std::string allowed;
  for (const auto& [method, unused] : route.methods) {
    allowed += (allowed.empty() ? "" : ", ") + method;
  }
  return http::methodNotAllowed(std::move(allowed));
}

Later<Response> Router::audio(Webhook webhook) {
  const AudioOptions& options = audio_->options();
  const bool isCustomMusic = options.holdMusic && options.holdMusic->twimlFor;
  if (!options.handler && !isCustomMusic) {
    auto given = audio_->answer(webhook.request, urlFor_);
    return afterAudio(std::move(given), std::move(webhook));
  }
  // Code of the application's author.
  const auto shared = std::make_shared<Webhook>(std::move(webhook));
  const auto& tasks = runtime_.tasks();
  auto given = tasks->run("audio", [this, tasks, shared]() -> Later<std::optional<Response>> {
    if (!audio_->options().handler) return audio_->answer(shared->request, urlFor_);
    auto answer = audio_->options().handler(audio_->below(shared->request));
    return tasks->bring("audio", std::move(answer)).then([this, shared](AudioAnswer passed) {
      return audio_->answerOf(std::move(passed), shared->request.target, urlFor_);
    });
  });
  return guarded(std::move(given).then([this, shared](std::optional<Response> response) {
    return afterAudio(std::move(response), std::move(*shared));
  }));
}

/// Requests that the audio part leaves to others: with access for everyone they are not verified
/// yet.
Later<Response> Router::afterAudio(std::optional<Response> given, Webhook webhook) {
  if (given) return *std::move(given);
  const bool isVerified = audio_->options().access == Access::signedOnly;
  if (!isVerified && !guard_.accepts(webhook.request, webhook.form)) return refused();
  return unmatched(std::move(webhook.request));
}

Later<Response> Router::unmatched(http::Request request) {
  if (fallback_) return runHandler("fallback", fallback_, std::move(request));
  return http::plainText(404, "Not Found");
}

/// Code of the application's author: runs in a task, keeps its errors inside, and has a deadline
/// too.
Later<Response> Router::runHandler(Executor::Lane lane,
                                   std::shared_ptr<const http::Handler> handler,
                                   http::Request request) {
  return guarded(runtime_.tasks()->run(
      lane, [handler = std::move(handler), request = std::move(request)]() mutable {
        return (*handler)(std::move(request));
      }));
}

Later<Response> Router::guarded(Later<Response> response) {
  return withTimeout(runtime_.timers(), runtime_.config().deadlines.answer, std::move(response))
      .recover([this, tasks = runtime_.tasks()](const std::exception_ptr& error) {
        const Gate::Entry entry = tasks->enter();
        if (!entry) std::rethrow_exception(error);
        return failed(error);
      });
}

Response Router::failed(const std::exception_ptr& error) const {
  const Config& config = runtime_.config();
  config.log(LogLevel::error, "request failed: " + safeText(config.personalData, textOf(error)));
  return http::plainText(500, "Internal Server Error");
}

}  // namespace ivr
