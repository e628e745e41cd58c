#pragma once
// The path of a request: read, matched, verified, and handed to the code that answers it.

#include "app/audio_mount.hpp"
#include "app/refusal_log.hpp"
#include "app/runtime.hpp"
#include "app/signature_guard.hpp"
#include "app/step_runner.hpp"
#include "app/webhook.hpp"
#include "core/text.hpp"
#include "ivr/app/access.hpp"
#include "ivr/core/later.hpp"
#include "ivr/http/handler.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace ivr {

/// An address of a target.
struct StepRoute {
  StepTarget* target;
};

/// An address of the application's own, by method.
struct OwnRoute {
  struct Method {
    Access access;
    std::shared_ptr<const http::Handler> handler;
  };
  std::map<std::string, Method> methods = {};
};

/// Where callers who were asked to hold come back.
struct ContinuationRoute {};

/// An address of the hold music, which belongs to the audio.
struct AudioRoute {};

using Route = std::variant<StepRoute, OwnRoute, ContinuationRoute, AudioRoute>;

/// Everything that has an address, each once.
class Routes {
 public:
  /// Claims `path`, in plain text. Adds what is wrong with that to `problems`; `owner` names the
  /// claimant.
  void claim(const std::string& path, std::string owner, Route route,
             std::vector<std::string>& problems);

  /// What is at a path of a request, which is percent-encoded; null if nothing is.
  [[nodiscard]] const Route* find(std::string_view path) const;

  /// The path that differs least from one of a request; empty if none is like it.
  [[nodiscard]] std::string_view nearest(std::string_view path) const;

 private:
  struct Owned {
    std::string owner;  ///< For messages.
    Route route;
  };
  std::unordered_map<std::string, Owned, TextHash, std::equal_to<>> routes_;  ///< By encoded path.
};

/// Threads: once made, any.
class Router {
 public:
  /// All arguments outlive the router.
  Router(const Runtime& runtime, const Routes& routes, SignatureGuard& guard, RefusalLog& refusals,
         const AudioMount* audio, StepRunner& steps, const UrlFor& urlFor,
         std::shared_ptr<const http::Handler> fallback);

  /// The answer to a request, whatever it is. Never fails.
  [[nodiscard]] Later<http::Response> handle(http::Request request);

 private:
  Later<http::Response> route(Webhook& webhook);
  Later<http::Response> own(const OwnRoute& route, Webhook webhook);
  Later<http::Response> audio(Webhook webhook);
  Later<http::Response> afterAudio(std::optional<http::Response> given, Webhook webhook);
  Later<http::Response> step(StepTarget& target, Webhook& webhook);
  Later<http::Response> continued(Webhook& webhook);
  Later<http::Response> unmatched(Webhook webhook);
  Later<http::Response> runHandler(Executor::Lane lane,
                                   std::shared_ptr<const http::Handler> handler, Webhook webhook);
  Later<http::Response> guarded(std::string what, std::vector<std::string> callerValues,
                                Later<http::Response> response);
  http::Response refuse(const http::Request& request, int status, std::string_view reason);
  http::Response notAllowed(const http::Request& request, std::string allowed);
  [[nodiscard]] http::Response failed(const std::string& what, const std::exception_ptr& error,
                                      std::span<const std::string> callerValues = {}) const;

  const Runtime& runtime_;
  const Routes& routes_;
  SignatureGuard& guard_;
  RefusalLog& refusals_;
  const AudioMount* const audio_;  ///< Null if there is none.
  StepRunner& steps_;
  const UrlFor& urlFor_;
  const std::shared_ptr<const http::Handler> fallback_;  ///< Null for 404.
};

}  // namespace ivr
