#pragma once
// What an application under test has logged.

#include "ivr/core/log.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ivr::test {

/// Keeps lines. A handle: copies share them. Threads: any.
class AppLog {
 public:
  AppLog();

  [[nodiscard]] Log log() const;

  /// All lines so far, each with its end.
  [[nodiscard]] std::string text() const;

  /// The last `limit` lines that are warnings or errors, without their ends.
  [[nodiscard]] std::vector<std::string> trouble(std::size_t limit) const;

 private:
  struct Lines;
  std::shared_ptr<Lines> lines_;
};

}  // namespace ivr::test
