#pragma once
// What is due after the events of a model, being done.

#include "flow/flow_service.hpp"
#include "ivr/call/call.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ivr::flow {

/// Begins to run the entries of a model, one after another in tasks, each with a commit that takes
/// it off the list. `call` is that of the webhook that brought the event, if this process has just
/// answered it; it is needed during this call alone.
void beginDueRun(std::shared_ptr<FlowService> service, std::string id,
                 std::vector<std::string> entries, const Call* call);

}  // namespace ivr::flow
