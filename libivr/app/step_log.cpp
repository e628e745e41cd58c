#include "app/step_log.hpp"

#include "core/log_line.hpp"
#include "ivr/core/error.hpp"

#include <string>
#include <utility>

namespace ivr {

namespace {

/// The text of an error without what the caller sent, which a state may have put into it.
std::string messageOf(const Config& config, const Call& call, const std::exception_ptr& error) {
  std::string text = textOf(error);
  if (config.personalData == PersonalData::shown) return text;
  for (const std::string_view name :
       {"From", "To", "Caller", "Called", "Digits", "SpeechResult", "UnstableSpeechResult"}) {
    text = withoutValue(std::move(text), call.fields().get(name));
  }
  return text;
}

}  // namespace

void logStep(const Config& config, const StepRecord& record, const std::exception_ptr& error) {
  const Call& call = record.call;
  LogLine line{config.personalData, "step"};
  line.add("state", record.target).add("call", oneLine(call.sid(), 64));
  line.add("from", call.from(), Shown::lastDigits);
  line.add("digits", call.fields().get("Digits"), Shown::nothing);
  line.add("speech", call.fields().get("SpeechResult"), Shown::nothing);
  line.add("next", record.heard).add("outcome", error ? "failed" : "rendered");
  line.add("us", record.took.count());
  if (error) line.add("error", messageOf(config, call, error), Shown::withoutNumbers);
  config.log(error ? LogLevel::error : LogLevel::info, line.text());
}

}  // namespace ivr
