#pragma once
// One step of a call: takes its turn, sets its deadline, runs its target, saves what it keeps and
// gives its answer, once, however often it is requested.
//
// The first request for a step runs it, when its turn has come. Another request for the same step
// waits for the same turn and finds the saved answer, whether the provider retried or a holding
// caller came back; on another machine too, because the turns and the answers belong to the store.

#include "app/callers_on_hold.hpp"
#include "app/error_report.hpp"
#include "app/twiml_lint.hpp"
#include "core/roster.hpp"
#include "core/tasks.hpp"
#include "ivr/app/activity.hpp"
#include "ivr/app/config.hpp"
#include "ivr/call/step_target.hpp"
#include "ivr/core/later.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/response.hpp"
#include "session/session_locks.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace ivr {

/// One request for the answer of a step. A value.
struct StepRequest {
  StepTarget* target = nullptr;  ///< Null if the requested address no longer has a target.
  std::string path = {};         ///< The address of the target, as it appears in requests.
  http::Form fields = {};
  http::Form query = {};
  std::string step = {};  ///< The same for every request for the same answer. Empty for a request
                          ///< that will not come again by itself.
  int round = 0;          ///< How often the caller has been asked to hold.
  std::chrono::system_clock::time_point since = {};  ///< When the provider first asked.

  [[nodiscard]] bool isContinuation() const noexcept { return round > 0; }
};

/// What a step runner uses; all of it outlives the runner.
struct StepSurroundings {
  const Config& config;
  const ErrorReport& errors;
  TwimlLint& lint;
  std::shared_ptr<Tasks> tasks;
  std::shared_ptr<Timers> timers;
  std::shared_ptr<session::SessionLocks> sessions;
  std::shared_ptr<CallsBackend> calls;
  UrlFor urlFor;
};

/// Threads: any; used in `Ivr::handle` and in tasks.
class StepRunner {
 public:
  explicit StepRunner(StepSurroundings around);
  StepRunner(const StepRunner&) = delete;
  /// When no task runs any more: steps that still wait, for the store say, fail.
  ~StepRunner();
  StepRunner& operator=(const StepRunner&) = delete;

  /// The answer to a step. Never fails: errors are logged and answered as the configuration says.
  [[nodiscard]] Later<http::Response> answer(StepRequest request);

  /// Counts steps and callers on hold.
  void addTo(Activity& activity) const;

  /// See `Ivr`.
  void holdNobody() noexcept { holdsNobody_ = true; }
  void giveUp(bool callersCanComeBack);

 private:
  class Running;

  const StepSurroundings around_;
  const std::string names_;  ///< The prefix of names made here.
  std::atomic<std::uint64_t> lastName_{0};
  const std::shared_ptr<Roster<Running>> running_ = std::make_shared<Roster<Running>>();
  const std::shared_ptr<CallersOnHold> onHold_;
  std::atomic<bool> holdsNobody_{false};
};

}  // namespace ivr
