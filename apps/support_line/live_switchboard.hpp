#pragma once
// The switchboard of an application: it works through the provider's API.

#include "support_line.hpp"

#include <optional>
#include <utility>

namespace support_line {

/// For an application, which must outlive it.
class LiveSwitchboard final : public Switchboard {
 public:
  explicit LiveSwitchboard(ivr::Ivr& ivr) : ivr_(ivr) {}

  /// The calls that it moves. Once, before the application is mounted.
  void connect(ivr::FlowHandle<SupportCall> calls) { calls_.emplace(std::move(calls)); }

  ivr::Later<std::string> ring(AgentCall call) override;
  ivr::Later<ivr::Done> hangUp(std::string sid) override;
  ivr::Later<ivr::Done> move(std::string customerSid, ivr::Event event) override;

 private:
  ivr::Ivr& ivr_;
  std::optional<ivr::FlowHandle<SupportCall>> calls_;
};

}  // namespace support_line
