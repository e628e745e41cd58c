#pragma once
// Calls that the API makes: on their own, or to be participants of a conference.

#include "phone/leg.hpp"

#include <memory>

namespace ivr::phone {

class ApiRequest;

/// A call as a `rest::CreateCall` or a `rest::CreateParticipant` asks for it. It rings with the
/// next event; what comes when it is answered is the caller's to say.
template <class Creation>
[[nodiscard]] std::shared_ptr<Leg> dial(const ApiRequest& request, const Creation& call);

}  // namespace ivr::phone
