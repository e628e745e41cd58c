#pragma once
// What tests of signatures sign, and with what.

#include "ivr/http/form.hpp"

#include <string>

namespace ivr::support {

inline const std::string kToken = "0123456789abcdef0123456789abcdef";
inline const std::string kOtherToken = "fedcba9876543210fedcba9876543210";
inline const std::string kUrl = "https://ivr.example.com/voice";
inline const http::Form kForm{{"CallSid", "CA00000000000000000000000000000001"}, {"Digits", "42"}};

}  // namespace ivr::support
