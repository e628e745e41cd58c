#pragma once
// The answers of steps: each made once, given as often as it is asked for, and never waited for in
// silence.
//
// The first request for a step runs it, when its turn has come. A request that comes for the same
// step again waits for the same turn, and finds the answer saved: be it that the provider sends a
// request once more, or that the caller was asked to hold and comes back. That works the same on
// another machine, because both the turns and the answers are the store's.

#include "app/lifetime.hpp"
#include "app/turns.hpp"
#include "app/twiml_lint.hpp"
#include "ivr/app/config.hpp"
#include "ivr/core/later.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"
#include "ivr/session/session.hpp"
#include "ivr/state/state.hpp"
#include "ivr/state/url_for.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ivr {

/// Where a caller who was asked to hold comes for the answer.
inline constexpr std::string_view kContinuationUri = "/.ivr/answer";

/// One request for the answer of a step. A value.
struct StepAsk {
  std::string callSid = {};        ///< May be empty.
  std::string parentCallSid = {};  ///< May be empty.
  std::string step = {};           ///< The same for every request for the same answer. Empty for a
                                   ///< request that will not come again by itself.
  std::size_t state = 0;           ///< The number of the state that is asked.
  int round = 0;                   ///< How often the caller has been asked to hold.
  std::chrono::system_clock::time_point since = {};  ///< When the provider asked first.

  [[nodiscard]] bool isContinuation() const noexcept { return round > 0; }
};

/// What a request at the address of a state asks for.
[[nodiscard]] StepAsk stepAskOf(const Request& request, const Form& form, std::size_t state,
                                std::chrono::system_clock::time_point now);

/// What a request at `kContinuationUri` asks for; nothing if the address is none that was made
/// here.
[[nodiscard]] std::optional<StepAsk> continuationOf(const Request& request, const Form& form);

/// What is saved of the calls that a step is about.
struct StepSessions {
  std::shared_ptr<Session> own;
  std::shared_ptr<Session> parent;  ///< A copy; null if there is none.
};

/// How a step ended. Of one that failed only its answer is saved.
struct StepResult {
  Response response = {};
  bool failed = false;
};

/// Gives answers. Threads: any.
class StepAnswers {
 public:
  using Work = std::function<Later<StepResult>(StepSessions)>;
  using Failure = std::function<Response(const std::exception_ptr&)>;
  /// The document for a caller who waits for a state.
  using Hold = std::function<Twiml(const Waiting&, std::size_t state)>;

  /// `alive` expires before any of the others ends, or this; what comes after that is dropped.
  StepAnswers(Alive alive, const Config& config, TwimlLint& lint, Turns& turns, Timers& timers,
              const UrlFor& urlFor, Hold hold);

  /// What the step answered before, or what `work` answers when its turn has come; `work` must not
  /// fail. When the deadline passes first, a document that asks the caller to hold. `failure`
  /// answers for a step that got no turn, could not be saved or was given up.
  [[nodiscard]] Later<Response> answer(StepAsk ask, Work work, Failure failure);

 private:
  class Running;

  [[nodiscard]] Response holdResponse(const StepAsk& ask);

  const Alive alive_;
  const Config& config_;
  TwimlLint& lint_;
  Turns& turns_;
  Timers& timers_;
  const UrlFor& urlFor_;
  const Hold hold_;
  const std::string names_;  ///< The beginning of names made here.
  std::atomic<std::uint64_t> lastName_{0};
};

}  // namespace ivr
