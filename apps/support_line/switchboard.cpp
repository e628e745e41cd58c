#include "switchboard.hpp"

#include <utility>

namespace support_line {

using namespace ivr;
using namespace std::chrono_literals;

namespace {

constexpr auto kRinging = 20s;

/// A call that is over needs nothing any more; another refusal is a failure.
void check(const CallUpdate& update) {
  if (update || update.result == CallUpdate::Result::alreadyEnded) return;
  throw Error{ErrorKind::remote, "a call was not changed: " + update.message};
}

}  // namespace

Later<std::string> LiveSwitchboard::ring(AgentCall call) {
  return ivr_.rest()
      .createCall({.to = std::move(call.to),
                   .from = std::move(call.from),
                   .url = std::move(call.picksUp),
                   .statusCallback = std::move(call.status),
                   .timeout = kRinging})
      .then([](const rest::CallResource& made) { return made.sid; });
}

Later<Done> LiveSwitchboard::hangUp(std::string sid) {
  if (sid.empty()) return Done{};
  return ivr_.calls().hangUp(std::move(sid)).then(check);
}

Later<Done> LiveSwitchboard::move(const Turn& turn, Event event) {
  return turn.redirectAnd(turn.id(), event).then(check);  // the id is the SID of the customer's leg
}

}  // namespace support_line
