#pragma once
// What the support line does to telephones, beside answering them.

#include <ivr/app/ivr.hpp>
#include <ivr/core/later.hpp>
#include <ivr/flow/name.hpp>
#include <ivr/flow/turn.hpp>

#include <string>

namespace support_line {

/// A call to an agent.
struct AgentCall {
  std::string to = {};
  std::string from = {};
  std::string picksUp = {};  ///< Where the agent who answers goes; absolute, as the next one.
  std::string status = {};   ///< Where the status of the call is posted.
};

/// Threads: any at once.
class Switchboard {
 public:
  virtual ~Switchboard() = default;

  /// Rings an agent; the SID of the call.
  virtual ivr::Later<std::string> ring(AgentCall call) = 0;

  /// Ends a call, if it is not over. Nothing happens for an empty SID.
  virtual ivr::Later<ivr::Done> hangUp(std::string sid) = 0;

  /// Interrupts what the customer hears, with an event.
  virtual ivr::Later<ivr::Done> move(const ivr::Turn& turn, ivr::Event event) = 0;
};

/// Works through the provider's API, for an application that must outlive it.
class LiveSwitchboard final : public Switchboard {
 public:
  explicit LiveSwitchboard(ivr::Ivr& ivr) : ivr_(ivr) {}

  ivr::Later<std::string> ring(AgentCall call) override;
  ivr::Later<ivr::Done> hangUp(std::string sid) override;
  ivr::Later<ivr::Done> move(const ivr::Turn& turn, ivr::Event event) override;

 private:
  ivr::Ivr& ivr_;
};

}  // namespace support_line
