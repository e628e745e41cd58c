#include "call/caller_values.hpp"

#include <string_view>

namespace ivr {

std::vector<std::string> callerValues(const http::Form& fields) {
  std::vector<std::string> values;
  for (const std::string_view name :
       {"From", "To", "Caller", "Called", "ForwardedFrom", "CallerName", "Digits", "FinishedOnKey",
        "SpeechResult", "StableSpeechResult", "UnstableSpeechResult", "TranscriptionText"}) {
    if (const std::string_view value = fields.get(name); !value.empty()) values.emplace_back(value);
  }
  return values;
}

}  // namespace ivr
