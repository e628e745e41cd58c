#include "app/application.hpp"

#include "app/continuation.hpp"
#include "app/state_list.hpp"
#include "core/log_line.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"

#include <algorithm>
#include <set>

namespace ivr {

using detail::StateEntry;

Application::Application(Runtime& runtime, const Plan& plan)
    : runtime_(runtime),
      plan_(plan),
      lint_(runtime.config()),
      refusals_(runtime.config(), runtime.tasks(), runtime.timers()) {
  const Config& config = runtime_.config();
  std::vector<std::string> problems = config.problems;
  problems.insert(problems.end(), plan_.problems.begin(), plan_.problems.end());
  checkSettings(problems);
  guard_.emplace(config, refusals_, problems);
  if (plan_.audio) {
    audio_.emplace(*plan_.audio, !guard_->publicUrl().host.empty(), config.clock, lint_, problems);
  }
  urlFor_.emplace(std::make_shared<const UrlBase>(urlBase()));
  sessions_ = std::make_shared<session::SessionLocks>(
      config.sessions ? config.sessions : session::memorySessionStore(), runtime_.tasks(),
      runtime_.timers(), config.log);
  calls_ = std::make_shared<CallControl>(runtime_, plan_.states, *urlFor_, sessions_);
  stateSurroundings_.emplace(StateSurroundings{.states = plan_.states,
                                               .tasks = runtime_.tasks(),
                                               .calls = calls_,
                                               .log = config.log,
                                               .personalData = config.personalData});
  mountFlows(problems);
  claimRoutes(problems);
  lint_.checkLinks(guard_->publicUrl(),
                   [this](std::string_view path) { return !plan_.fallback && leadsNowhere(path); });
  if (!problems.empty()) {
    std::string all = "the application cannot start:";
    for (const std::string& problem : problems) all += "\n  - " + problem;
    throw Error{ErrorKind::config, all};
  }
  steps_.emplace(StepSurroundings{.config = config,
                                  .errors = runtime_.errors(),
                                  .lint = lint_,
                                  .tasks = runtime_.tasks(),
                                  .timers = runtime_.timers(),
                                  .sessions = sessions_,
                                  .calls = calls_,
                                  .urlFor = *urlFor_});
  if (config.mode == Config::Mode::development) warnOfMissingStates();
  if (!config.validate) {
    LogLine line{config.personalData, "UNSIGNED REQUESTS ARE BELIEVED"};
    line.add("because", config.mode == Config::Mode::development
                            ? "development mode, on this machine alone"
                            : "Config::validate is false: anyone can play the provider");
    config.log(LogLevel::warning, line.text());
  }
  router_.emplace(runtime_, routes_, *guard_, refusals_, audio_ ? &*audio_ : nullptr, *steps_,
                  *urlFor_, plan_.fallback);
}

void Application::warnOfMissingStates() const {
  constexpr std::size_t kMaxNames = 10;
  const std::vector<std::string_view> missing = plan_.states.missing();
  if (missing.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(missing.size(), kMaxNames); ++i) {
    names.append(i == 0 ? "" : ", ").append(missing[i]);
  }
  if (missing.size() > kMaxNames) names += ", ...";
  LogLine line{runtime_.config().personalData, "states that were not added"};
  line.add("names", names);
  line.add("message", "the program goes to them by to<...>(), and a call that gets there fails");
  runtime_.config().log(LogLevel::warning, line.text());
}

void Application::checkSettings(std::vector<std::string>& problems) {
  const auto check = [&](const std::string& whose, const Deadlines& deadlines) {
    const auto zero = std::chrono::milliseconds::zero();
    if (deadlines.answer > zero && deadlines.heldAnswer > zero && deadlines.total > zero) return;
    problems.push_back("a deadline " + whose + " is not above 0 ms");
  };
  const Config& config = runtime_.config();
  check("of the configuration", config.deadlines);
  for (const auto& [number, own] : config.numbers) check("of a number", own.deadlines);
  if (!config.rest) return;
  try {
    (void)runtime_.rest();
  } catch (const Error& error) {
    problems.emplace_back(error.what());
  }
}

/// A state may move live calls: there must be an account, and an address to go to.
void Application::checkState(const StateEntry& state, std::vector<std::string>& problems) {
  const Next fallback = state.renderable == nullptr ? Next{} : state.renderable->backgroundFailed();
  const bool isAsynchronous = dynamic_cast<const AsynchronousState*>(state.state.get()) != nullptr;
  if ((isAsynchronous || !fallback.isNowhere()) && !runtime_.config().rest) {
    problems.push_back(state.name +
                       " moves live calls, and there is no account: set Config::rest, or "
                       "TWILIO_ACCOUNT_SID in the environment");
  }
  if (fallback.isNowhere()) return;
  try {
    const StateEntry& target = plan_.states.find(fallback, "the backgroundFailed of " + state.name);
    if (target.state->uri().empty()) {
      problems.push_back("the backgroundFailed of " + state.name + " goes to " + target.name +
                         ", which has no uri");
    }
  } catch (const Error& error) {
    problems.emplace_back(error.what());
  }
}

std::shared_ptr<session::SessionLocks> Application::locksOf(
    const std::shared_ptr<session::SessionStore>& store) {
  if (store == runtime_.config().sessions) return sessions_;
  auto& locks = modelLocks_[store.get()];
  if (!locks) {
    locks = std::make_shared<session::SessionLocks>(store, runtime_.tasks(), runtime_.timers(),
                                                    runtime_.config().log);
  }
  return locks;
}

void Application::mountFlows(std::vector<std::string>& problems) {
  const Config& config = runtime_.config();
  std::map<std::string, std::size_t> names;
  for (const auto& flow : plan_.flows) {
    if (names[flow->name()]++ == 1) {
      problems.push_back("several flows have the name " + flow->name() +
                         ": give Ivr::add another for all but one");
    }
    for (const flow::Finding& finding : flow->definition().check()) {
      problems.push_back("the flow " + flow->name() + ": " + finding.text());
    }
    std::set<std::string_view> paths;
    for (const auto& actor : flow->definition().actors()) {
      if (!paths.insert(actor.path).second) continue;  // of another party, too
      for (const bool isStatus : {false, true}) {
        flowTargets_.push_back(std::make_unique<flow::FlowTarget>(flow, actor.path, isStatus));
      }
    }
    if (!problems.empty()) continue;
    flow->mount({.tasks = runtime_.tasks(),
                 .timers = runtime_.timers(),
                 .calls = calls_,
                 .models = locksOf(flow->store().sessions),
                 .urlFor = *urlFor_,
                 .log = config.log,
                 .personalData = config.personalData,
                 .patience = config.deadlines.total});
  }
}

void Application::claimRoutes(std::vector<std::string>& problems) {
  const auto addState = [&](const StateEntry& state, StateRequest request, const std::string& path,
                            const char* member) {
    stateTargets_.push_back(std::make_unique<StateTarget>(*stateSurroundings_, state, request));
    routes_.claim(path, std::string{"the "} + member + " of " + state.name,
                  StepRoute{stateTargets_.back().get()}, problems);
  };
  for (const auto& [path, route] : plan_.routes) {
    const std::string owner = "the route " + route.methods.begin()->first + ' ' + path;
    routes_.claim(path, owner, route, problems);
  }
  if (audio_ && audio_->endpoint()) {
    routes_.claim(*audio_->endpoint(), "the hold music", AudioRoute{}, problems);
  }
  routes_.claim(std::string{kContinuationUri}, "answers that are late", ContinuationRoute{},
                problems);
  if (runtime_.config().mode == Config::Mode::development) {
    const auto claim = [&](std::string_view uri, const char* owner, http::Handler handler) {
      auto list = std::make_shared<const http::Handler>(std::move(handler));
      routes_.claim(std::string{uri}, owner,
                    OwnRoute{{{"GET", OwnRoute::Method{Access::signedOnly, std::move(list)}}}},
                    problems);
    };
    claim(kStatesUri, "the list of states", [this](const http::Request&) {
      return stateList(plan_.states, plan_.flows, plan_.targets);
    });
    claim(kFlowsUri, "the list of flows",
          [this](const http::Request&) { return flowList(plan_.flows); });
  }
  for (const auto& target : flowTargets_) {
    routes_.claim(target->address(), "an address of the flow " + target->name(),
                  StepRoute{target.get()}, problems);
  }
  for (const auto& [path, target] : plan_.targets) {
    routes_.claim(path, "the address of " + target->name(), StepRoute{target.get()}, problems);
  }
  for (const auto& state : plan_.states) {
    if (const std::string uri = state->state->uri(); !uri.empty()) {
      addState(*state, StateRequest::render, uri, "uri");
    }
    if (state->normal != nullptr) {
      addState(*state, StateRequest::transition, state->normal->processTransitionUri(),
               "processTransitionUri");
    }
    checkState(*state, problems);
  }
}

/// Whether a path of a request is neither an address of ours nor an audio file.
bool Application::leadsNowhere(std::string_view path) const {
  if (routes_.find(path) != nullptr) return false;
  if (!audio_ || !audio_->coversEncoded(path)) return true;
  if (!audio_->servesFolder()) return false;
  try {
    (void)audio_->fingerprintUrl(http::percentDecode(path));
    return false;
  } catch (const Error&) {
    return true;
  }
}

UrlBase Application::urlBase() const {
  const http::Url& url = guard_->publicUrl();
  UrlBase base{.scheme = url.scheme,
               .host = url.host + (url.port.empty() ? "" : ':' + url.port),
               .prefix = url.path,
               .fingerprintUrl = {},
               .fingerprintsByDefault = {}};
  if (audio_) {
    base.fingerprintUrl = [this](std::string_view path) { return audio_->fingerprintUrl(path); };
    base.fingerprintsByDefault = [this](std::string_view path) {
      if (!audio_->covers(path)) return false;
      const Route* const route = routes_.find(http::encodedPath(path));
      return route == nullptr || std::holds_alternative<AudioRoute>(*route);
    };
  }
  return base;
}

}  // namespace ivr
