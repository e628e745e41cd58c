#include "ivr/app/ivr.hpp"

#include "app/audio_mount.hpp"
#include "app/lifetime.hpp"
#include "app/live_calls.hpp"
#include "app/signature_guard.hpp"
#include "app/state_table.hpp"
#include "app/step.hpp"
#include "app/step_answers.hpp"
#include "app/step_log.hpp"
#include "core/utf8.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"
#include "ivr/http/url.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace ivr {

namespace {

using detail::StateEntry;

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

/// How the application answers one method at an address of its own.
struct OwnHandler {
  Access access;
  Handler handler;
};

/// What lives at one address.
struct Route {
  std::string owner;                  ///< Who claims it, for messages.
  const StateEntry* state = nullptr;  ///< Null for an address of the application's own.
  StepKind kind = StepKind::render;
  std::map<std::string, OwnHandler> handlers = {};  ///< By method.
};

/// Well-formed UTF-8 for the states, whatever was sent; signatures are made over what was sent.
Form readable(Form form) {
  const bool clean = std::ranges::all_of(
      form, [](const Form::Field& field) { return isUtf8(field.first) && isUtf8(field.second); });
  if (clean) return form;
  Form converted;
  for (const auto& [name, value] : form) converted.add(toUtf8(name), toUtf8(value));
  return converted;
}

/// Whether a `Content-Type` names a charset other than UTF-8.
bool hasForeignCharset(const Request& request) {
  const std::string_view type = request.headers.find("Content-Type").value_or("");
  for (std::size_t at = type.find(';'); at != std::string_view::npos;) {
    std::size_t end = type.find(';', at + 1);
    std::string_view parameter =
        type.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    at = end;
    const std::size_t first = parameter.find_first_not_of(" \t");
    parameter.remove_prefix(std::min(first, parameter.size()));
    constexpr std::string_view kName = "charset=";
    if (!http::equalIgnoringCase(parameter.substr(0, kName.size()), kName)) continue;
    std::string_view value = parameter.substr(kName.size());
    while (value.ends_with(' ')) value.remove_suffix(1);
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
      value = value.substr(1, value.size() - 2);
    }
    if (!http::equalIgnoringCase(value, "utf-8") && !http::equalIgnoringCase(value, "utf8"))
      return true;
  }
  return false;
}

}  // namespace

class Ivr::Impl {
 public:
  explicit Impl(Config config) : config_(std::move(config)), lint_(config_) {}

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    lifetime_.end();
    if (calls_) calls_->end();
  }

  const Config& config() const noexcept { return config_; }

  void add(StateEntry entry) {
    requireUnmounted("add");
    const std::string name = entry.name;
    if (!states_.add(std::move(entry)))
      problems_.push_back("the state " + name + " was added twice");
  }

  void serveAudio(AudioOptions options) {
    requireUnmounted("serveAudio");
    if (audioOptions_) problems_.emplace_back("serveAudio was called twice");
    audioOptions_ = std::move(options);
  }

  void route(std::string method, std::string path, Access access, Handler handler) {
    requireUnmounted("route");
    const std::string owner = method + ' ' + path;
    if (!path.starts_with('/')) {
      problems_.push_back("the route " + owner + " has a path without a leading slash");
    }
    Route& place = routes_[http::encodedPath(path)];
    if (place.owner.empty()) place.owner = "the route " + owner;
    if (!place.handlers.try_emplace(std::move(method), OwnHandler{access, std::move(handler)})
             .second) {
      problems_.push_back("the route " + owner + " was added twice");
    }
  }

  void fallback(Handler handler) {
    requireUnmounted("fallback");
    fallback_ = std::move(handler);
  }

  void mount() {
    const std::lock_guard lock{mountMutex_};
    if (mounted_.load(std::memory_order_acquire)) return;
    std::vector<std::string> problems = problems_;
    auto guard = std::make_unique<SignatureGuard>(config_, problems);
    if (audioOptions_) {
      audio_ = std::make_unique<AudioMount>(*audioOptions_, !guard->publicUrl().host.empty(),
                                            config_.clock, lint_, problems);
    }
    auto routes = routes_;
    addStateRoutes(routes, problems);
    if (!problems.empty()) {
      std::string all = "the application cannot start:";
      for (const std::string& problem : problems) all += "\n  - " + problem;
      throw Error{ErrorKind::config, all};
    }
    guard_ = std::move(guard);
    routes_ = std::move(routes);
    urlFor_.emplace(std::make_shared<const UrlBase>(urlBase()));
    timers_ = config_.timers ? config_.timers : steadyTimers();
    turns_.emplace(config_.sessions ? config_.sessions : session::memorySessionStore(config_.clock),
                   timers_, config_.log);
    answers_.emplace(
        lifetime_.alive(), config_, lint_, *turns_, *timers_, *urlFor_,
        [this](const Waiting& waiting, std::size_t state) { return holdDocument(waiting, state); });
    calls_ = std::make_shared<LiveCalls>(lifetime_.alive(), config_, states_, *turns_, timers_,
                                         *urlFor_);
    stepHome_.emplace(StepHome{lifetime_.alive(), states_, config_, lint_, *urlFor_, calls_});
    mounted_.store(true, std::memory_order_release);
  }

  Calls calls() {
    if (!mounted_.load(std::memory_order_acquire)) mount();
    return Calls{calls_};
  }

  Later<Response> handle(Request request) {
    if (!mounted_.load(std::memory_order_acquire)) mount();
    try {
      return answer(std::move(request));
    } catch (...) {
      return failed(std::current_exception());
    }
  }

 private:
  void requireUnmounted(const char* what) const {
    if (mounted_.load(std::memory_order_acquire)) {
      throw Error{ErrorKind::usage,
                  std::string{what} + " was called after the application was mounted"};
    }
  }

  using Routes = std::unordered_map<std::string, Route>;  ///< By encoded path.

  void addStateRoutes(Routes& routes, std::vector<std::string>& problems) const {
    if (audio_ && audio_->endpoint()) {
      const Route music{.owner = "the hold music"};
      claim(routes, *audio_->endpoint(), music, problems);
    }
    claim(routes, std::string{kContinuationUri}, {.owner = "answers that are late"}, problems);
    for (const auto& entry : states_) {
      if (std::string uri = entry->state->uri(); !uri.empty()) {
        claim(routes, uri, {.owner = "the uri of " + entry->name, .state = entry.get()}, problems);
      }
      if (entry->renderable != nullptr) checkRefuge(*entry, problems);
      if (entry->normal == nullptr) continue;
      claim(routes, entry->normal->processTransitionUri(),
            {.owner = "the processTransitionUri of " + entry->name,
             .state = entry.get(),
             .kind = StepKind::transition},
            problems);
    }
    // Those that are no states.
    if (audio_ && audio_->endpoint()) routes.erase(http::encodedPath(*audio_->endpoint()));
    routes.erase(std::string{kContinuationUri});
  }

  /// A live call may have to be moved there.
  void checkRefuge(const StateEntry& state, std::vector<std::string>& problems) const {
    const Next refuge = state.renderable->backgroundFailed();
    if (refuge.type() == nullptr && refuge.state() == nullptr) return;
    try {
      const StateEntry& target = states_.find(refuge, "the backgroundFailed of " + state.name);
      if (target.state->uri().empty()) {
        problems.push_back("the backgroundFailed of " + state.name + " goes to " + target.name +
                           ", which has no uri");
      }
    } catch (const Error& error) {
      problems.emplace_back(error.what());
    }
  }

  static void claim(Routes& routes, const std::string& path, Route route,
                    std::vector<std::string>& problems) {
    if (!path.starts_with('/')) {
      problems.push_back(route.owner + " has no leading slash: \"" + oneLine(path) + '"');
    } else if (path.find_first_of("?#") != std::string::npos) {
      problems.push_back(route.owner + " holds a ? or #: \"" + oneLine(path) + '"');
    } else if (const auto taken = routes.find(http::encodedPath(path)); taken != routes.end()) {
      problems.push_back(route.owner + " is " + path + ", which is taken by " +
                         taken->second.owner);
    } else {
      routes.emplace(http::encodedPath(path), std::move(route));
    }
  }

  UrlBase urlBase() const {
    const http::Url& url = guard_->publicUrl();
    UrlBase base{.scheme = url.scheme,
                 .host = url.host + (url.port.empty() ? "" : ':' + url.port),
                 .prefix = url.path,
                 .fingerprintUrl = {},
                 .fingerprintsByDefault = {}};
    if (audio_) {
      base.fingerprintUrl = [this](std::string_view path) { return audio_->fingerprintUrl(path); };
      base.fingerprintsByDefault = [this](std::string_view path) {
        return audio_->covers(path) && !routes_.contains(http::encodedPath(path));
      };
    }
    return base;
  }

  // The way of a request, in the order of the steps.

  Later<Response> answer(Request request) {
    // 1. the target: a path from the root, even if a proxy asked with a whole address
    if (!request.target.starts_with('/')) {
      const auto url = http::Url::parse(request.target);
      if (!url) return plainText(400, "Bad Request");
      request.target =
          (url->path.empty() ? "/" : url->path) + (url->query ? '?' + *url->query : "");
    }

    // 2. the body
    if (request.body.size() > config_.maxBodyBytes) return plainText(413, "Content Too Large");
    std::optional<Form> form;
    if (request.method == "POST" && request.mediaType() == kFormType) {
      if (hasForeignCharset(request)) return plainText(415, "Unsupported Media Type");
      form = Form::parse(request.body, config_.maxFields);
      if (!form) return plainText(413, "Content Too Large");
    }

    // 3. what everybody may ask for
    const auto found = routes_.find(std::string{request.path()});
    const Route* route = found == routes_.end() ? nullptr : &found->second;
    if (route != nullptr && route->state == nullptr) {
      return ownRoute(*route, std::move(request), form);
    }
    const bool isAudio = audio_ && route == nullptr && audio_->coversEncoded(request.path());
    if (isAudio && audio_->options().access == Access::everyone) {
      return audio(std::move(request), std::move(form));
    }

    // 4. everything else must be signed
    if (!guard_->accepts(request, form)) return refused();
    const bool isContinuation = request.path() == kContinuationUri;
    if (isAudio && !isContinuation) return audio(std::move(request), {});
    if (route == nullptr && !isContinuation) return unmatched(std::move(request));

    // 5. the states
    if (request.method != "POST") return http::methodNotAllowed("POST");
    Form fields = readable(std::move(form).value_or(Form{}));
    if (!isSid(fields.get("CallSid")) || !isSid(fields.get("ParentCallSid"))) {
      return plainText(400, "Bad Request");
    }
    return isContinuation ? continued(request, fields) : step(request, *route, std::move(fields));
  }

  /// Whether a text can name a session; the provider's are 34 letters and digits.
  static bool isSid(std::string_view text) noexcept {
    constexpr std::size_t kMaxSid = 64;
    return text.size() <= kMaxSid;
  }

  Later<Response> step(const Request& request, const Route& route, Form fields) {
    const StateEntry& state = *route.state;
    StepAsk ask = stepAskOf(request, fields, state.number, config_.clock());
    auto failure = failureOf(&state, ask.callSid);
    return answers_->answer(
        std::move(ask),
        [this, &state, kind = route.kind,
         fields = std::move(fields)](StepSessions sessions) mutable {
          return runStep(*stepHome_, state, kind, std::move(fields), std::move(sessions));
        },
        std::move(failure));
  }

  /// For a caller who was asked to hold.
  Later<Response> continued(const Request& request, const Form& fields) {
    auto ask = continuationOf(request, fields);
    if (!ask) return plainText(404, "Not Found");
    auto failure = failureOf(states_.at(ask->state), ask->callSid);
    return answers_->answer(
        *std::move(ask),
        [failure](const StepSessions&) -> Later<StepResult> {
          return StepResult{
              .response = failure(std::make_exception_ptr(
                  Error{ErrorKind::unavailable,
                        "the answer that the caller held for is not known here: the process that "
                        "worked on it has ended, or shares no session store with this one"})),
              .failed = true};
        },
        failure);
  }

  /// What the caller gets when not the state failed, but what is around it.
  StepAnswers::Failure failureOf(const StateEntry* state, const std::string& callSid) {
    return [this, state, callSid](const std::exception_ptr& error) {
      const std::string name = state == nullptr ? std::string{} : state->name;
      config_.log(LogLevel::error, "step state=" + oneLine(name) + " call=" + oneLine(callSid, 64) +
                                       " outcome=failed error=" + safeText(config_, textOf(error)));
      return errorResponse(config_, lint_,
                           {.error = error, .state = name, .nextState = {}, .callSid = callSid});
    };
  }

  Twiml holdDocument(const Waiting& waiting, std::size_t state) const {
    Waiting known = waiting;
    if (const StateEntry* const entry = states_.at(state)) {
      known.state = entry->name;
      if (auto twiml = entry->state->pleaseHold(known)) return *std::move(twiml);
    }
    if (config_.pleaseHold) return config_.pleaseHold(known);
    return Twiml{Say{"One moment, please."}, Pause{.length = std::chrono::seconds{1}}};
  }

  Later<Response> ownRoute(const Route& route, Request request, const std::optional<Form>& form) {
    auto own = route.handlers.find(request.method);
    if (own == route.handlers.end() && request.method == "HEAD") own = route.handlers.find("GET");
    const bool isKnown = own != route.handlers.end();
    const auto isOpen = [](const auto& one) { return one.second.access == Access::everyone; };
    const bool needsNoSignature =
        isKnown ? isOpen(*own) : std::ranges::any_of(route.handlers, isOpen);
    if (!needsNoSignature && !guard_->accepts(request, form)) return refused();
    if (isKnown) return guarded(own->second.handler(std::move(request)));
    std::string allowed;
    for (const auto& [method, unused] : route.handlers) {
      allowed += (allowed.empty() ? "" : ", ") + method;
    }
    return http::methodNotAllowed(std::move(allowed));
  }

  /// Audio, and what the audio part leaves to others: with access for everyone that has not been
  /// checked yet.
  Later<Response> audio(Request request, std::optional<Form> form) {
    const bool isChecked = audio_->options().access == Access::signedOnly;
    auto answered = audio_->answer(request, *urlFor_);
    return guarded(std::move(answered).then(
        [this, alive = lifetime_.alive(), isChecked, request = std::move(request),
         form = std::move(form)](std::optional<Response> response) mutable -> Later<Response> {
          if (response) return *std::move(response);
          const Stay stay = alive.lock();
          if (!stay) return plainText(503, "Service Unavailable");
          if (!isChecked && !guard_->accepts(request, form)) return refused();
          return unmatched(std::move(request));
        }));
  }

  Later<Response> unmatched(Request request) {
    if (fallback_) return guarded(fallback_(std::move(request)));
    return plainText(404, "Not Found");
  }

  static Response refused() { return plainText(403, "Twilio Request Validation Failed."); }

  /// What a handler of the application throws stays inside, and it has its deadline too.
  Later<Response> guarded(Later<Response> response) {
    return within(timers_, config_.deadlines.answer, std::move(response))
        .recover([this, alive = lifetime_.alive()](const std::exception_ptr& error) {
          const Stay stay = alive.lock();
          if (!stay) std::rethrow_exception(error);
          return failed(error);
        });
  }

  Response failed(const std::exception_ptr& error) {
    config_.log(LogLevel::error, "request failed: " + safeText(config_, textOf(error)));
    return plainText(500, "Internal Server Error");
  }

  Config config_;
  TwimlLint lint_;
  StateTable states_;
  std::optional<AudioOptions> audioOptions_;
  Routes routes_;
  Handler fallback_;
  std::vector<std::string> problems_;  ///< Found while building.

  std::mutex mountMutex_;
  std::atomic<bool> mounted_{false};
  std::unique_ptr<SignatureGuard> guard_;
  std::unique_ptr<AudioMount> audio_;
  std::optional<UrlFor> urlFor_;

  // What works for others ends before those, and is declared after them.
  std::optional<StepAnswers> answers_;
  std::shared_ptr<Timers> timers_;
  std::optional<Turns> turns_;
  std::shared_ptr<LiveCalls> calls_;
  std::optional<StepHome> stepHome_;
  Lifetime lifetime_;
};

Ivr::Ivr(Config config) : impl_(std::make_unique<Impl>(std::move(config))) {}
Ivr::~Ivr() = default;

void Ivr::addEntry(StateEntry entry) { impl_->add(std::move(entry)); }
void Ivr::serveAudio(AudioOptions options) { impl_->serveAudio(std::move(options)); }
void Ivr::route(std::string method, std::string path, Access access, Handler handler) {
  impl_->route(std::move(method), std::move(path), access, std::move(handler));
}
void Ivr::fallback(Handler handler) { impl_->fallback(std::move(handler)); }
void Ivr::mount() { impl_->mount(); }
Later<Response> Ivr::handle(Request request) { return impl_->handle(std::move(request)); }
Calls Ivr::calls() { return impl_->calls(); }
const Config& Ivr::config() const noexcept { return impl_->config(); }

}  // namespace ivr
