#include "app/twiml_lint.hpp"

#include "core/log_line.hpp"

namespace ivr {

void TwimlLint::report(std::string_view owner, std::string_view xml, twiml::TwimlUse use) {
  if (config_.mode != Config::Mode::development) return;
  for (const twiml::Finding& finding : twiml::lintTwiml(xml, use)) {
    {
      const std::lock_guard lock{mutex_};
      if (!told_.emplace(owner, finding.code).second) continue;
    }
    const bool isError = finding.severity == twiml::Severity::error;
    LogLine line{config_.personalData, "twiml"};
    line.add("state", owner);
    line.add("at",
             std::to_string(finding.position.line) + ':' + std::to_string(finding.position.column));
    line.add("code", finding.code).add("message", finding.message, Shown::withoutNumbers);
    config_.log(isError ? LogLevel::error : LogLevel::warning, line.text());
  }
}

}  // namespace ivr
