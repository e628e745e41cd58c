#include "ivr/state/call.hpp"

#include <utility>

namespace ivr {

namespace {

const Form kNoInput;

}  // namespace

Call::Call(Form fields, UrlFor urlFor) : fields_(std::move(fields)), urlFor_(std::move(urlFor)) {}

const Form& Call::input() const noexcept { return inputConsumed_ ? kNoInput : fields_; }

}  // namespace ivr
