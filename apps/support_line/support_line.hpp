#pragma once
// The support line: a customer calls, and the telephone of an agent rings while the customer hears
// music, or presses a key to leave a message instead. Whoever picks up meets the customer in a
// conference. If nobody does, the customer is asked for a message.

#include <nlohmann/json.hpp>
// above: the calls are stored as JSON

#include "mailbox.hpp"
#include "switchboard.hpp"
#include <ivr/ivr.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace support_line {

using namespace ivr;

/// What an agent answers with.
enum class Device { phone, mobileClient, browser, oldClient };
NLOHMANN_JSON_SERIALIZE_ENUM(Device, {{Device::phone, "phone"},
                                      {Device::mobileClient, "mobile"},
                                      {Device::browser, "browser"},
                                      {Device::oldClient, "client"}})

struct Agent {
  std::string address = {};  ///< `+14155550101` or `client:ann`.
  Device device = Device::phone;
};

/// `+14155550101`, or a device and the name of a client: `mobile:ann`, `browser:ann`,
/// `client:ann`. Throws `Error{config}` for anything else.
[[nodiscard]] Agent agentFrom(const std::string& text);

/// Who works here.
struct Office {
  std::vector<Agent> agents = {};  ///< On duty, called in turn; nobody outside the hours.
  /// How the numbers begin of the customers whom old clients can be connected to.
  std::string area = "+1";
};

/// A customer's call. Its id is the SID of the customer's leg.
struct SupportCall {
  std::string state;
  std::string from;   ///< The customer's number.
  std::string to;     ///< Ours, from which the agent is called.
  std::string agent;  ///< The address of the one whose turn it is; empty if there is none.
  Device device = Device::phone;
  bool isOutOfArea = false;
  std::string agentSid;   ///< Of the call to the agent, once it is made.
  std::string recording;  ///< The address of the message.

  [[nodiscard]] bool agentsAvailable() const { return !agent.empty(); }
  [[nodiscard]] bool viaPhone() const { return device == Device::phone; }
  [[nodiscard]] bool onMobile() const { return device == Device::mobileClient; }
  [[nodiscard]] bool prefersOldClient() const { return device == Device::oldClient; }
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SupportCall, state, from, to, agent, device,
                                                isOutOfArea, agentSid, recording)

inline constexpr Actor customer{"customer"}, agent{"agent"};

inline constexpr flow::State incoming{"incoming"}, routingOnPhone{"routing_on_phone"},
    routingOnMobileClient{"routing_on_mobile_client"}, routingOnWebrtc{"routing_on_webrtc"},
    routingOnClient{"routing_on_client"}, inConference{"in_conference"}, completed{"completed"},
    voicemail{"voicemail"}, voicemailCompleted{"voicemail_completed"}, cancelled{"cancelled"};

inline constexpr Event called{"called", customer}, wantsVoicemail{"wants_voicemail", customer},
    voicemailComplete{"voicemail_complete", customer},
    customerHangsUp{"customer_hangs_up", flow::statusOf(customer)}, picksUp{"picks_up", agent},
    missesCall{"misses_call", flow::statusOf(agent)},
    agentHangsUp{"agent_hangs_up", flow::statusOf(agent)}, joins{"joins", kRedirect};

/// The whole of it. The switchboard and the mailbox may be shared by several flows.
[[nodiscard]] Flow<SupportCall> supportFlow(Office office, std::shared_ptr<Switchboard> switchboard,
                                            std::shared_ptr<Mailbox> mailbox);

/// Adds the line to an application, which keeps the calls in its session store. `assets` is the
/// folder of the music.
FlowHandle<SupportCall> addTo(Ivr& ivr, const std::filesystem::path& assets, Office office,
                              std::shared_ptr<Mailbox> mailbox);

}  // namespace support_line
