#pragma once
// The line that each step leaves in the log.

#include "ivr/app/config.hpp"
#include "ivr/state/call.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace ivr {

struct StepRecord {
  std::string_view state;  ///< Who was asked.
  std::string_view next;   ///< Who was heard, if it is another.
  const Call& call;
  std::chrono::microseconds took;
};

/// `step state=Welcome call=CA123 from=+*********00 digits=*** next=Hours outcome=rendered us=85`
void logStep(const Config& config, const StepRecord& record);

/// The same at level error, with `outcome=failed` and `error="..."`.
void logFailure(const Config& config, const StepRecord& record, std::string_view error);

/// `text` on one line and, unless personal data is shown, without telephone numbers.
[[nodiscard]] std::string safeText(const Config& config, std::string_view text);

}  // namespace ivr
