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
constexpr std::size_t kMostHops = 100;

/// Lives until the answer has settled, and with it the call that the states see.
struct Step {
  const StateTable& states;
  const Config& config;
  TwimlLint& lint;
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

/// Lets a state decide. The input is its own, and nobody's after it.
Later<const StateEntry*> leave(const StepPointer& step, const StateEntry& state) {
  step->left.push_back(&state);
  if (step->left.size() > kMostHops) throw Error{ErrorKind::usage, endless(step->left)};
  return state.branching->transitionOut(step->call).then([step, &state](const Next& next) {
    step->call.consumeInput();
    return &step->states.find(next, state);
  });
}

/// Follows the deciding states to the first that is heard.
Later<const StateEntry*> resolve(const StepPointer& step, const StateEntry& state) {
  if (state.renderable != nullptr) return &state;
  return leave(step, state).then([step](const StateEntry* next) { return resolve(step, *next); });
}

Later<Twiml> render(const StepPointer& step, const StateEntry& state) {
  step->heard = &state;
  state.renderable->backgroundTrigger(step->call);
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

Later<Response> runStep(const StateTable& states, const Config& config, TwimlLint& lint,
                        const StateEntry& asked, StepKind kind, Form fields, const UrlFor& urlFor) {
  const StepPointer step{new Step{states, config, lint, asked, Call{std::move(fields), urlFor}}};
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
        std::string xml = twiml.xml();
        step->lint.look(step->heard->name, xml);
        Response response = xmlResponse(std::move(xml));
        logStep(step->config, record(*step));
        return response;
      })
      .otherwise([step](const std::exception_ptr& error) -> Later<Response> {
        logFailure(step->config, record(*step), textOf(error));
        return errorResponse(step->config, step->lint,
                             {.error = error,
                              .state = step->asked.name,
                              .nextState = step->heard ? step->heard->name : "",
                              .callSid = std::string{step->call.sid()}});
      });
}

}  // namespace ivr
