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
    config_.log(isError ? LogLevel::error : LogLevel::warning,
                "twiml state=" + oneLine(owner) + " at=" + std::to_string(finding.position.line) +
                    ':' + std::to_string(finding.position.column) +
                    (isError ? " error[" : " warning[") + std::string{finding.code} +
                    "]: " + safeText(config_.personalData, finding.message));
  }
}

}  // namespace ivr
