#pragma once
// One step of a call: from the state that a request asks for to the document that the caller hears.

#include "app/lifetime.hpp"
#include "app/state_table.hpp"
#include "app/step_answers.hpp"
#include "app/twiml_lint.hpp"
#include "ivr/app/config.hpp"
#include "ivr/core/later.hpp"
#include "ivr/http/response.hpp"
#include "ivr/state/call.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace ivr {

/// What a request asks of a state.
enum class StepKind {
  render,      ///< `uri`: be heard, or decide who is.
  transition,  ///< `processTransitionUri`: decide by the caller's input.
};

/// What steps need of their application. An answer that comes when the application has ended is
/// dropped.
struct StepHome {
  Alive alive;  ///< For the rest.
  const StateTable& states;
  const Config& config;
  TwimlLint& lint;
  const UrlFor& urlFor;
  std::shared_ptr<CallsHome> calls;
};

/// The answer to a step. Never fails: what goes wrong is logged and answered as the configuration
/// says.
[[nodiscard]] Later<StepResult> runStep(const StepHome& home, const detail::StateEntry& asked,
                                        StepKind kind, Form fields, StepSessions sessions);

/// The answer to a request whose processing failed outside any step (`error.state` is empty then).
[[nodiscard]] Response errorResponse(const Config& config, TwimlLint& lint, const CallError& error);

}  // namespace ivr
