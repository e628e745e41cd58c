#pragma once

#include <ivr/ivr.hpp>

struct Goodbye final : ivr::EndState {
  std::string uri() const override { return "/incoming-call"; }
  ivr::Later<ivr::Twiml> twimlFor(ivr::Call&) override {
    return ivr::Twiml{ivr::Say{"Goodbye."}, ivr::Hangup{}};
  }
};
