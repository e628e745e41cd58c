#include "app/step.hpp"

#include "app/step_log.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace ivr {

namespace {

using detail::StateEntry;

/// More deciding states than this in a row are a mistake.
constexpr std::size_t kMaxHops = 100;

/// Lives until the answer has settled, and with it the call that the states see.
struct Step {
  /// To be asked for when the state's own work has gone on: until then `home` may have ended.
  [[nodiscard]] Stay stay() const { return stayOrThrow(alive); }

  Alive alive;
  const StepHome& home;
  const StateEntry& asked;
  Call call;
  std::vector<const StateEntry*> left = {};  ///< The states that have decided, in order.
  const StateEntry* heard = nullptr;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};
using StepPointer = std::shared_ptr<Step>;

/// What is wrong with a way that does not end: "A -> B -> A".
std::string endless(const std::vector<const StateEntry*>& way) {
  constexpr std::size_t kShown = 8;
  const auto again = std::find(std::next(way.rbegin()), way.rend(), way.back());
  const bool isCircle = again != way.rend();
  const auto first = isCircle ? std::prev(again.base()) : way.end() - kShown;
  std::string text = isCircle ? "the states go round in a circle"
                              : "too many states in a row decide, and none is heard";
  for (auto state = first; state != way.end(); ++state) {
    text += (state == first ? ": " : " -> ") + (*state)->name;
  }
  return text;
}

bool leadsSomewhere(const Next& next) { return next.type() != nullptr || next.state() != nullptr; }

/// Lets a state decide. The input is its own, and nobody's after it.
Later<const StateEntry*> leave(const StepPointer& step, const StateEntry& state) {
  step->left.push_back(&state);
  if (step->left.size() > kMaxHops) throw Error{ErrorKind::usage, endless(step->left)};
  return state.branching->transitionOut(step->call).then([step, &state](const Next& next) {
    const Stay stay = step->stay();
    step->call.consumeInput();
    return &step->home.states.find(next, state.name);
  });
}

/// Follows the deciding states to the first that is heard.
Later<const StateEntry*> resolve(const StepPointer& step, const StateEntry& state) {
  if (state.renderable != nullptr) return &state;
  return leave(step, state).then([step](const StateEntry* next) {
    const Stay stay = step->stay();
    return resolve(step, *next);
  });
}

void logBackgroundFailure(const StepHome& home, const StateEntry& state, std::string_view callSid,
                          const std::exception_ptr& error) {
  home.config.log(LogLevel::error,
                  "background state=" + oneLine(state.name) + " call=" + oneLine(callSid, 64) +
                      " outcome=failed error=" + safeText(home.config, textOf(error)));
}

/// Moves the call of work that failed after its step, if the state says where.
void leaveBackground(const StepHome& home, const StateEntry& state, const std::string& callSid,
                     const Next& refuge, const std::exception_ptr& error) {
  logBackgroundFailure(home, state, callSid, error);
  if (!leadsSomewhere(refuge)) return;
  home.calls->redirect(callSid, refuge)
      .receive([alive = home.alive, &home, &state, callSid](const Settled<CallUpdate>& outcome) {
        const Stay stay = alive.lock();
        if (!stay) return;
        if (const auto* failure = std::get_if<1>(&outcome)) {
          logBackgroundFailure(home, state, callSid, *failure);
        } else if (const auto& change = std::get<0>(outcome);
                   change.result == CallUpdate::Result::refused) {
          logBackgroundFailure(
              home, state, callSid,
              std::make_exception_ptr(Error{ErrorKind::remote, "not moved: " + change.message}));
        }
      });
}

Later<Twiml> render(const StepPointer& step, const StateEntry& state) {
  const Stay stay = step->stay();
  step->heard = &state;
  const Next refuge = state.renderable->backgroundFailed();
  step->call.onBackgroundFailure(
      [alive = step->alive, &home = step->home, &state, refuge,
       sid = std::string{step->call.sid()}](const std::exception_ptr& error) {
        const Stay stayed = alive.lock();
        if (stayed) leaveBackground(home, state, sid, refuge, error);
      });
  try {
    state.renderable->backgroundTrigger(step->call);
  } catch (...) {
    if (!leadsSomewhere(refuge)) throw;
    logBackgroundFailure(step->home, state, step->call.sid(), std::current_exception());
    step->left.push_back(&state);
    if (step->left.size() > kMaxHops) throw Error{ErrorKind::usage, endless(step->left)};
    return resolve(step, step->home.states.find(refuge, state.name))
        .then([step](const StateEntry* heard) { return render(step, *heard); });
  }
  return state.renderable->twimlFor(step->call);
}

Response xmlResponse(std::string xml) {
  Response response{.body = std::move(xml)};
  response.headers.add("Content-Type", "text/xml; charset=utf-8");
  return response;
}

Twiml apology() {
  return Twiml{Say{"We are sorry, an error has occurred. Please call again later."}, Hangup{}};
}

StepRecord record(const Step& step) {
  const bool isOther = step.heard != nullptr && step.heard != &step.asked;
  return {.state = step.asked.name,
          .next = isOther ? std::string_view{step.heard->name} : std::string_view{},
          .call = step.call,
          .took = std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::steady_clock::now() - step.started)};
}

}  // namespace

Response errorResponse(const Config& config, TwimlLint& lint, const CallError& error) {
  if (config.errorAnswer == ErrorAnswer::status) return plainText(500, "Internal Server Error");
  if (config.onError) {
    try {
      const std::string xml = config.onError(error).xml();
      lint.look("onError", xml);
      return xmlResponse(xml);
    } catch (...) {
      config.log(LogLevel::error,
                 "onError itself failed: " + safeText(config, textOf(std::current_exception())));
    }
  }
  return xmlResponse(apology().xml());
}

Later<StepResult> runStep(const StepHome& home, const StateEntry& asked, StepKind kind, Form fields,
                          StepSessions sessions) {
  const StepPointer step{new Step{home.alive, home, asked,
                                  Call{std::move(fields),
                                       home.urlFor,
                                       {.calls = home.calls,
                                        .session = std::move(sessions.own),
                                        .parentSession = std::move(sessions.parent)}}}};
  Later<const StateEntry*> next = [&]() -> Later<const StateEntry*> {
    try {
      if (kind == StepKind::render) return resolve(step, asked);
      return leave(step, asked).then([step](const StateEntry* to) { return resolve(step, *to); });
    } catch (...) {
      return Later<const StateEntry*>::failed(std::current_exception());
    }
  }();
  return std::move(next)
      .then([step](const StateEntry* state) { return render(step, *state); })
      .then([step](const Twiml& twiml) {
        const Stay stay = step->stay();
        std::string xml = twiml.xml();
        step->home.lint.look(step->heard->name, xml);
        StepResult result{.response = xmlResponse(std::move(xml))};
        logStep(step->home.config, record(*step));
        return result;
      })
      .recover([step](const std::exception_ptr& error) -> Later<StepResult> {
        const Stay stay = step->alive.lock();
        if (!stay) return StepResult{.failed = true};
        logFailure(step->home.config, record(*step), textOf(error));
        return StepResult{
            .response = errorResponse(step->home.config, step->home.lint,
                                      {.error = error,
                                       .state = step->asked.name,
                                       .nextState = step->heard ? step->heard->name : "",
                                       .callSid = std::string{step->call.sid()}}),
            .failed = true};
      });
}

}  // namespace ivr
