#pragma once
// A state as the target of steps: from the state that a request asks for to the one that is heard.

#include "core/tasks.hpp"
#include "ivr/call/calls.hpp"
#include "ivr/call/step_target.hpp"
#include "ivr/core/log.hpp"
#include "state/state_table.hpp"

#include <memory>
#include <string>

namespace ivr {

/// What a request asks of a state.
enum class StateRequest {
  render,      ///< `uri`: be heard, or decide what is.
  transition,  ///< `processTransitionUri`: decide by the caller's input.
};

/// What the states of one application share.
struct StateSurroundings {
  const StateTable& states;
  std::shared_ptr<Tasks> tasks;
  std::shared_ptr<CallsBackend> calls;
  Log log;
  PersonalData personalData;
};

/// Keeps the session of the call, under its SID.
class StateTarget final : public StepTarget {
 public:
  /// `around` must outlive it.
  StateTarget(const StateSurroundings& around, const detail::StateEntry& asked,
              StateRequest request)
      : around_(around), asked_(asked), request_(request) {}

  const std::string& name() const noexcept override { return asked_.name; }
  Later<std::string> key(const Call& call) override { return std::string{call.sid()}; }
  Later<twiml::Twiml> run(StepContext& step) override;
  std::optional<twiml::Twiml> pleaseHold(const Waiting& waiting) const override {
    return asked_.state->pleaseHold(waiting);
  }

 private:
  const StateSurroundings& around_;
  const detail::StateEntry& asked_;
  const StateRequest request_;
};

}  // namespace ivr
