#include "app/error_report.hpp"

#include <exception>

namespace ivr {

void ErrorReport::add(LogLine line, CallError error,
                      std::span<const std::string> callerValues) const {
  config_.log(LogLevel::error, line.add(error.error, callerValues).text());
  if (!config_.reportError) return;
  (void)tasks_->tryRun("reportError", [&config = config_, error = std::move(error)] {
    try {
      config.reportError(error);
    } catch (...) {
      LogLine failed{config.personalData, "reportError failed"};
      config.log(LogLevel::error, failed.add(std::current_exception()).text());
    }
  });
}

}  // namespace ivr
