#pragma once
// The API of the provider.
//
// Protocol: https://www.twilio.com/docs/voice/api.

#include "ivr/http/handler.hpp"

#include <memory>

namespace ivr::phone {

class Switchboard;

/// Answers requests to /2010-04-01/Accounts/.... Threads: any; each is answered on the loop's. It
/// may be asked when the switchboard is gone: then it is unavailable.
[[nodiscard]] http::Handler apiOf(const std::shared_ptr<Switchboard>& board);

}  // namespace ivr::phone
