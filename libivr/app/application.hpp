#pragma once
// The parts of a mounted application, put together.

#include "app/audio_mount.hpp"
#include "app/call_control.hpp"
#include "app/refusal_log.hpp"
#include "app/router.hpp"
#include "app/runtime.hpp"
#include "app/signature_guard.hpp"
#include "app/step_runner.hpp"
#include "app/twiml_lint.hpp"
#include "flow/flow_service.hpp"
#include "flow/flow_target.hpp"
#include "ivr/app/audio_options.hpp"
#include "ivr/call/step_target.hpp"
#include "ivr/call/url_for.hpp"
#include "session/session_locks.hpp"
#include "state/state_table.hpp"
#include "state/state_target.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ivr {

/// What was added before the application was mounted.
struct Plan {
  StateTable states = {};
  std::vector<std::pair<std::string, std::shared_ptr<StepTarget>>> targets = {};  ///< By path.
  std::vector<std::shared_ptr<flow::FlowService>> flows = {};
  std::optional<AudioOptions> audio = {};
  std::map<std::string, OwnRoute> routes = {};  ///< By path.
  std::shared_ptr<const http::Handler> fallback = {};
  std::vector<std::string> problems = {};  ///< Found so far, a sentence each.
};

/// Used in `Ivr::handle` and in tasks; destroyed when there are none left.
class Application {
 public:
  /// Checks everything that can be checked. Throws `Error{config}` listing every problem found.
  /// `plan` outlives it.
  Application(Runtime& runtime, const Plan& plan);
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  [[nodiscard]] Router& router() noexcept { return *router_; }
  [[nodiscard]] const std::shared_ptr<CallControl>& calls() const noexcept { return calls_; }
  [[nodiscard]] StepRunner& steps() noexcept { return *steps_; }

 private:
  void warnOfMissingStates() const;
  void checkSettings(std::vector<std::string>& problems);
  void checkState(const detail::StateEntry& state, std::vector<std::string>& problems);
  void mountFlows(std::vector<std::string>& problems);
  [[nodiscard]] std::shared_ptr<session::SessionLocks> locksOf(
      const std::shared_ptr<session::SessionStore>& store);
  void claimRoutes(std::vector<std::string>& problems);
  [[nodiscard]] UrlBase urlBase() const;
  [[nodiscard]] bool leadsNowhere(std::string_view path) const;

  // Each uses those above it.
  Runtime& runtime_;
  const Plan& plan_;
  TwimlLint lint_;
  RefusalLog refusals_;
  std::optional<SignatureGuard> guard_;
  std::optional<AudioMount> audio_;
  Routes routes_;
  std::optional<UrlFor> urlFor_;
  std::shared_ptr<session::SessionLocks> sessions_;
  std::shared_ptr<CallControl> calls_;
  std::optional<StateSurroundings> stateSurroundings_;
  std::vector<std::unique_ptr<StepTarget>> stateTargets_;
  std::map<session::SessionStore*, std::shared_ptr<session::SessionLocks>> modelLocks_;
  std::vector<std::unique_ptr<flow::FlowTarget>> flowTargets_;
  std::optional<StepRunner> steps_;
  std::optional<Router> router_;
};

}  // namespace ivr
