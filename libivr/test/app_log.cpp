#include "test/app_log.hpp"

#include <algorithm>
#include <mutex>
#include <string_view>

namespace ivr::test {

struct AppLog::Lines {
  std::mutex mutex = {};
  std::string text = {};
  std::vector<std::string> trouble = {};
};

AppLog::AppLog() : lines_(std::make_shared<Lines>()) {}

Log AppLog::log() const {
  return [lines = lines_](LogLevel level, std::string_view line) {
    const std::lock_guard lock{lines->mutex};
    (lines->text += line) += '\n';
    if (level >= LogLevel::warning) lines->trouble.emplace_back(line);
  };
}

std::string AppLog::text() const {
  const std::lock_guard lock{lines_->mutex};
  return lines_->text;
}

std::vector<std::string> AppLog::trouble(std::size_t limit) const {
  const std::lock_guard lock{lines_->mutex};
  const auto& all = lines_->trouble;
  return {all.end() - static_cast<std::ptrdiff_t>(std::min(limit, all.size())), all.end()};
}

}  // namespace ivr::test
