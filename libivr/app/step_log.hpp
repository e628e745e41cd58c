#pragma once
// The line that each step leaves in the log.

#include "core/log_line.hpp"
#include "ivr/app/config.hpp"
#include "ivr/call/call.hpp"

#include <chrono>
#include <string_view>

namespace ivr {

struct StepRecord {
  std::string_view target;   ///< What was asked.
  std::string_view heard;    ///< What was heard, if different.
  std::string_view outcome;  ///< `rendered`, `repeated` or `failed`.
  const Call& call;
  std::chrono::microseconds took;
};

/// `step state=Welcome call=CA123 from=+*********00 digits=*** next=Hours outcome=rendered us=85`
[[nodiscard]] LogLine stepLine(const Config& config, const StepRecord& record);

}  // namespace ivr
