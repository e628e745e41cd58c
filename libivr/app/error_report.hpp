#pragma once
// What becomes of errors: a line in the log, and a call of `Config::reportError`.

#include "core/log_line.hpp"
#include "core/tasks.hpp"
#include "ivr/app/config.hpp"

#include <memory>
#include <span>
#include <string>
#include <utility>

namespace ivr {

/// Threads: any.
class ErrorReport {
 public:
  /// `config` must outlive the tasks.
  ErrorReport(const Config& config, std::shared_ptr<Tasks> tasks)
      : config_(config), tasks_(std::move(tasks)) {}

  /// Logs `line` with the error, without `callerValues`, and tells `Config::reportError` in a task.
  void add(LogLine line, CallError error, std::span<const std::string> callerValues = {}) const;

 private:
  const Config& config_;
  const std::shared_ptr<Tasks> tasks_;
};

}  // namespace ivr
