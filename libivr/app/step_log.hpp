#pragma once
// The line that each step leaves in the log.

#include "ivr/app/config.hpp"
#include "ivr/call/call.hpp"

#include <chrono>
#include <exception>
#include <string_view>

namespace ivr {

struct StepRecord {
  std::string_view target;  ///< What was asked.
  std::string_view heard;   ///< What was heard, if different.
  const Call& call;
  std::chrono::microseconds took;
};

/// `step state=Welcome call=CA123 from=+*********00 digits=*** next=Hours outcome=rendered us=85`,
/// or `outcome=failed` with `error="..."` at level error, if there is an error.
void logStep(const Config& config, const StepRecord& record, const std::exception_ptr& error);

}  // namespace ivr
