#include "ivr/state/call.hpp"

#include "ivr/core/error.hpp"

#include <utility>

namespace ivr {

namespace {

const Form kNoInput;

}  // namespace

Call::Call(Form fields, UrlFor urlFor, CallHome home)
    : fields_(std::move(fields)), urlFor_(std::move(urlFor)), home_(std::move(home)) {}

const Form& Call::input() const noexcept { return inputConsumed_ ? kNoInput : fields_; }

std::string_view Call::parentSid() const noexcept { return fields_.get("ParentCallSid"); }

Session& Call::parentSession() {
  if (!home_.parentSession) home_.parentSession = std::make_shared<Session>();
  return *home_.parentSession;
}

Calls Call::calls() const {
  if (!home_.calls) throw Error{ErrorKind::usage, "this call belongs to no application"};
  return Calls{home_.calls};
}

}  // namespace ivr
