#include "app/step_log.hpp"

namespace ivr {

LogLine stepLine(const Config& config, const StepRecord& record) {
  const Call& call = record.call;
  LogLine line{config.personalData, "step"};
  line.add("state", record.target).add("call", oneLine(call.sid(), 64));
  line.add("from", call.from(), Shown::lastDigits);
  line.add("digits", call.fields().get("Digits"), Shown::nothing);
  line.add("speech", call.fields().get("SpeechResult"), Shown::nothing);
  line.add("next", record.heard).add("outcome", record.outcome).add("us", record.took.count());
  return line;
}

}  // namespace ivr
