#pragma once
// What an application in development mode tells tools such as `ivr-phone crawl`: which states it
// has, which of them a call has been to, and what its flows look like.

#include "flow/flow_service.hpp"
#include "ivr/call/step_target.hpp"
#include "ivr/http/response.hpp"
#include "state/state_table.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr {

/// Answers GET with `{"states":[{"name":"HOURS","uri":"","kind":"end"}]}`.
inline constexpr std::string_view kStatesUri = "/.ivr/states";

/// Answers GET with the flows, to be drawn: states, and arrows between them.
///
///   {"flows":[{"name":"Ticket",
///              "nodes":[{"id":"incoming","label":"incoming","isStart":true,"isEnd":false}, ...],
///              "edges":[{"from":"incoming","to":"routing","label":"called (1) [agents free]"}]}]}
///
/// The id of a node is the text of the state, as in `kStateHeader` (percent-encoding changes none
/// of its characters); the label of an edge has a line for each line of the flow. Other members may
/// follow in later versions.
inline constexpr std::string_view kFlowsUri = "/.ivr/flows";

/// The states that a step has been to, percent-encoded and separated by commas; the last is heard.
inline constexpr std::string_view kStateHeader = "X-Ivr-State";

/// All states, in the order in which they were added, then those of the flows, then the other
/// targets.
[[nodiscard]] http::Response stateList(
    const StateTable& states, const std::vector<std::shared_ptr<flow::FlowService>>& flows,
    const std::vector<std::pair<std::string, std::shared_ptr<StepTarget>>>& targets);

/// All flows, in the order in which they were added.
[[nodiscard]] http::Response flowList(const std::vector<std::shared_ptr<flow::FlowService>>& flows);

}  // namespace ivr
