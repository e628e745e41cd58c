#pragma once
// What an event has done to a model.
//
// Threads: values.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ivr::flow {

/// How an event ended.
enum class Outcome {
  changed,  ///< The model is in another state.
  same,     ///< The flow leads back to the state that it was in.
  refused,  ///< No line of the state takes the event now: nothing was entered.
  halted,   ///< A callback before the change said no: the state is as it was.
};
/// `changed`, `same` ...: for logs and stores.
[[nodiscard]] std::string_view textOf(Outcome outcome) noexcept;
[[nodiscard]] std::optional<Outcome> outcomeFrom(std::string_view text) noexcept;

/// An event on its way from a state to a state. The texts live as long as the names that the flow
/// was made of, or whatever the views were made from.
struct Transition {
  std::string_view event = {};
  std::string_view from = {};
  std::string_view to = {};            ///< Where the line leads, even if it was halted.
  Outcome outcome = Outcome::changed;  ///< To a callback before the change: what it will be.

  [[nodiscard]] bool isSuccess() const noexcept {
    return outcome == Outcome::changed || outcome == Outcome::same;
  }
  bool operator==(const Transition&) const = default;
};

/// When a callback after an event runs.
enum class When {
  always,
  success,  ///< It led somewhere, if only back.
  failure,  ///< It was refused or halted.
  refused,
  halted,
};
/// `always`, `success` ...
[[nodiscard]] std::string_view textOf(When when) noexcept;

/// Leaves out the events that lead back to the state that the model is in, and those refused.
enum class Only { onChange };

/// A callback that is to run after an event. Valid for the flow that gave it; kept elsewhere by its
/// name: `Definition::nameOf`.
struct Due {
  std::uint32_t callback = 0;

  bool operator==(const Due&) const = default;
};

/// What an event has done, and which callbacks are to run now, in order, each once.
struct Fired : Transition {
  std::span<const Due> due = {};  ///< Lives as long as the flow.
};

}  // namespace ivr::flow

namespace ivr {
using flow::Only;
using flow::Transition;
using flow::When;
}  // namespace ivr
