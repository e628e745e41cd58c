#include "app/router.hpp"

#include "app/continuation.hpp"
#include "call/caller_values.hpp"
#include "core/log_line.hpp"
#include "core/spelling.hpp"
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

std::string_view Routes::nearest(std::string_view path) const {
  constexpr std::size_t kMaxSteps = 6;
  std::vector<std::string_view> known;
  for (const auto& [claimed, unused] : routes_) {
    if (claimed != kContinuationUri) known.push_back(claimed);
  }
  return nearestOf(path, known, kMaxSteps);
}

Router::Router(const Runtime& runtime, const Routes& routes, SignatureGuard& guard,
               RefusalLog& refusals, const AudioMount* audio, StepRunner& steps,
               const UrlFor& urlFor, std::shared_ptr<const http::Handler> fallback)
    : runtime_(runtime),
      routes_(routes),
      guard_(guard),
      refusals_(refusals),
      audio_(audio),
      steps_(steps),
      urlFor_(urlFor),
      fallback_(std::move(fallback)) {}

Later<Response> Router::handle(http::Request request) try {
  Webhook webhook{.request = std::move(request)};
  if (const auto refusal = read(webhook, runtime_.config())) {
    return refuse(webhook.request, refusal->status, refusal->reason);
  }
  return route(webhook);
} catch (...) {
  return failed("request", std::current_exception());
}

/// Hands the webhook on to what answers it.
Later<Response> Router::route(Webhook& webhook) {
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
  if (route == nullptr) return unmatched(std::move(webhook));

  // 3. the steps of calls
  if (webhook.request.method != "POST") return notAllowed(webhook.request, "POST");
  if (!webhook.form && !webhook.request.body.empty()) {
    refusals_.add(webhook.request, 200, [] {
      return "the body is not a form, so the state has no input: its Content-Type is not "
             "application/x-www-form-urlencoded";
    });
  }
  if (!webhook.form) {
    webhook.form.emplace();
  } else if (!webhook.form->isUtf8()) {
    webhook.form = readable(*webhook.form);
  }
  if (!hasSaneSids(*webhook.form)) {
    return refuse(webhook.request, 400, "CallSid or ParentCallSid has more than 64 bytes");
  }
  if (const auto* at = std::get_if<StepRoute>(route)) return step(*at->target, webhook);
  return continued(webhook);
}

Later<Response> Router::step(StepTarget& target, Webhook& webhook) {
  auto query = http::Form::parse(webhook.request.query(), runtime_.config().maxFields);
  if (!query) return refuse(webhook.request, 414, "the query has too many fields");
  if (!query->isUtf8()) query = readable(*query);
  return steps_.answer({.target = &target,
                        .path = std::string{webhook.request.path()},
                        .fields = *std::move(webhook.form),
                        .query = *std::move(query),
                        .step = stepNameOf(webhook.request),
                        .since = runtime_.config().clock()});
}

Later<Response> Router::continued(Webhook& webhook) {
  auto asked = continuationOf(webhook.request);
  if (!asked) {
    return refuse(webhook.request, 404,
                  "this link to an answer is damaged, or of another version of the application");
  }
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
    return runHandler(lane, own->second.handler, std::move(webhook));
  }
  std::string allowed;
  for (const auto& [method, unused] : route.methods) {
    allowed += (allowed.empty() ? "" : ", ") + method;
  }
  return notAllowed(webhook.request, std::move(allowed));
}

Later<Response> Router::audio(Webhook webhook) {
  const bool hasHandler = static_cast<bool>(audio_->options().handler);
  if (!hasHandler) {
    auto now = audio_->answerNow(webhook.request);
    if (auto* given = std::get_if<std::optional<Response>>(&now)) {
      return afterAudio(std::move(*given), std::move(webhook));
    }
  }
  // Code of the application's author, or a file to be read.
  const Executor::Lane lane =
      hasHandler ? "audio" : Executor::Lane{"audio files", Executor::Pace::blocking};
  const auto shared = std::make_shared<Webhook>(std::move(webhook));
  const auto& tasks = runtime_.tasks();
  auto given = tasks->run(lane, [this, tasks, shared]() -> Later<std::optional<Response>> {
    if (!audio_->options().handler) return audio_->answer(shared->request, urlFor_);
    auto answer = audio_->options().handler(audio_->below(shared->request));
    return tasks->bring("audio", std::move(answer)).then([this, shared](AudioAnswer passed) {
      return audio_->answerOf(std::move(passed), shared->request.target, urlFor_);
    });
  });
  return guarded("audio", {},
                 std::move(given).then([this, shared](std::optional<Response> response) {
                   return afterAudio(std::move(response), std::move(*shared));
                 }));
}

/// Requests that the audio part leaves to others: with access for everyone they are not verified
/// yet. Everyone may know which files a folder lacks that is open to everyone, but not use the
/// fallback.
Later<Response> Router::afterAudio(std::optional<Response> given, Webhook webhook) {
  if (given) return *std::move(given);
  const bool isVerified = audio_->options().access == Access::signedOnly;
  const bool isOpen = audio_->servesFolder() && !fallback_;
  if (!isVerified && !isOpen && !guard_.accepts(webhook.request, webhook.form)) return refused();
  return unmatched(std::move(webhook));
}

Later<Response> Router::unmatched(Webhook webhook) {
  if (fallback_) return runHandler("fallback", fallback_, std::move(webhook));
  refusals_.add(
      webhook.request, 404, [] { return "no state, route or audio file has this address"; },
      [&] {
        const bool isDevelopment = runtime_.config().mode == Config::Mode::development;
        return isDevelopment ? routes_.nearest(webhook.request.path()) : std::string_view{};
      });
  return http::plainText(404, "Not Found");
}

Response Router::refuse(const http::Request& request, int status, std::string_view reason) {
  refusals_.add(request, status, [&] { return reason; });
  return http::plainText(status, std::string{http::reasonPhrase(status)});
}

Response Router::notAllowed(const http::Request& request, std::string allowed) {
  refusals_.add(request, 405, [&] { return "this address takes only " + allowed; });
  return http::methodNotAllowed(std::move(allowed));
}

/// Code of the application's author: runs in a task, keeps its errors inside, and has a deadline
/// too.
Later<Response> Router::runHandler(Executor::Lane lane,
                                   std::shared_ptr<const http::Handler> handler, Webhook webhook) {
  auto values = webhook.form ? callerValues(*webhook.form) : std::vector<std::string>{};
  auto response = runtime_.tasks()->run(
      lane, [handler = std::move(handler), request = std::move(webhook.request)]() mutable {
        return (*handler)(std::move(request));
      });
  return guarded(std::string{lane.name}, std::move(values), std::move(response));
}

Later<Response> Router::guarded(std::string what, std::vector<std::string> callerValues,
                                Later<Response> response) {
  return withTimeout(runtime_.timers(), runtime_.config().deadlines.answer, std::move(response))
      .recover([this, tasks = runtime_.tasks(), what = std::move(what),
                values = std::move(callerValues)](const std::exception_ptr& error) {
        const Gate::Entry entry = tasks->enter();
        if (!entry) std::rethrow_exception(error);
        return failed(what, error, values);
      });
}

Response Router::failed(const std::string& what, const std::exception_ptr& error,
                        std::span<const std::string> callerValues) const {
  runtime_.errors().add(LogLine{runtime_.config().personalData, what + " failed"},
                        {.error = error, .state = what}, callerValues);
  return http::plainText(500, "Internal Server Error");
}

}  // namespace ivr
