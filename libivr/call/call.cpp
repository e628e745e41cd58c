#include "ivr/call/call.hpp"

#include "call/caller_values.hpp"
#include "ivr/core/error.hpp"

#include <utility>

namespace ivr {

namespace {

const http::Form kNoInput;

}  // namespace

Call::Call(http::Form fields, UrlFor urlFor, CallContext context)
    : fields_(std::move(fields)), urlFor_(std::move(urlFor)), context_(std::move(context)) {}

const http::Form& Call::input() const noexcept { return inputConsumed_ ? kNoInput : fields_; }

std::string_view Call::parentSid() const noexcept { return fields_.get("ParentCallSid"); }

Session& Call::parentSession() {
  if (!parentSession_) {
    parentSession_ = context_.parentSession ? context_.parentSession() : Session{};
  }
  return *parentSession_;
}

DetachedFailure Call::detachedFailure() const {
  return {.state = std::string{state_.name},
          .callSid = std::string{sid()},
          .fallback = state_.fallbackOf(state_.state),
          .callerValues = callerValues(fields_)};
}

Calls Call::calls() const {
  if (!context_.calls) throw Error{ErrorKind::usage, "this call belongs to no application"};
  return Calls{context_.calls};
}

}  // namespace ivr
