#pragma once
// A webhook of a flow on its way to its document.

#include "flow/flow_service.hpp"
#include "ivr/call/step_target.hpp"
#include "ivr/core/later.hpp"

#include <memory>
#include <string_view>

namespace ivr::flow {

/// The document for a webhook at the address `path` of a flow; `isStatus` if it is one for status
/// callbacks. `step` lives until the document has settled, and is stored.
[[nodiscard]] Later<twiml::Twiml> answerOf(std::shared_ptr<FlowService> service, StepContext& step,
                                           std::string_view path, bool isStatus);

}  // namespace ivr::flow
