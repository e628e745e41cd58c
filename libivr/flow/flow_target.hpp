#pragma once
// An address of a flow as the target of steps.

#include "flow/flow_service.hpp"
#include "flow/flow_step.hpp"
#include "ivr/call/step_target.hpp"

#include <memory>
#include <string>
#include <utility>

namespace ivr::flow {

/// Keeps the session of the call, under its SID, beside what the flow stores.
class FlowTarget final : public StepTarget {
 public:
  FlowTarget(std::shared_ptr<FlowService> flow, std::string path, bool isStatus)
      : flow_(std::move(flow)), path_(std::move(path)), isStatus_(isStatus) {}

  /// Where its webhooks arrive.
  [[nodiscard]] std::string address() const { return isStatus_ ? path_ + "/status" : path_; }

  const std::string& name() const noexcept override { return flow_->name(); }
  Later<std::string> key(const Call& call) override { return std::string{call.sid()}; }
  Later<twiml::Twiml> run(StepContext& step) override {
    return answerOf(flow_, step, path_, isStatus_);
  }

 private:
  const std::shared_ptr<FlowService> flow_;
  const std::string path_;  ///< Of its parties.
  const bool isStatus_;
};

}  // namespace ivr::flow
