#pragma once
// How the code of a flow is called, and what is refused to it.

#include "core/tasks.hpp"
#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/executor.hpp"
#include "ivr/core/holding.hpp"

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace ivr::flow {

/// The lanes of what is done beside steps.
inline constexpr std::string_view kFlowLane = "flows";
inline constexpr std::string_view kFlowStoreLane = "flows, storing";  ///< Blocks.

/// A word of a request or a store, for messages.
[[nodiscard]] inline std::string shownWord(std::string_view text) {
  return '"' + oneLine(std::string{text}, 64) + '"';
}

[[noreturn]] inline void refuseUse(const std::string& why) { throw Error{ErrorKind::usage, why}; }

/// What `function` returns, in a task. Throws if it would wait for what is held here.
template <class F>
auto calledHolding(Tasks& tasks, std::string_view lane, F function) {
  auto later = function();
  if (later.waitsForHere()) std::rethrow_exception(ivr::detail::Holding::error());
  return tasks.bring(lane, std::move(later));
}

}  // namespace ivr::flow
