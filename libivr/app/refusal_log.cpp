#include "app/refusal_log.hpp"

#include "core/log_line.hpp"

#include <chrono>

namespace ivr {

namespace {

constexpr std::size_t kMaxLinesPerSecond = 20;

}  // namespace

bool RefusalLog::mayAdd() {
  const std::lock_guard lock{mutex_};
  if (asked_++ == 0) {
    timers_->after(std::chrono::seconds{1}, [this, tasks = tasks_] {
      if (const Gate::Entry entry = tasks->enter()) endOfSecond();
    });
  }
  return asked_ <= kMaxLinesPerSecond;
}

RefusalLog::Explanation RefusalLog::takeExplanation() {
  const std::lock_guard lock{mutex_};
  ++explaining_;
  if (explaining_ <= kMaxExplanations) return Explanation::granted;
  return explaining_ == kMaxExplanations + 1 ? Explanation::refused : Explanation::refusedBefore;
}

void RefusalLog::write(const http::Request& request, int status, std::string_view reason,
                       std::string_view nearest) const {
  LogLine line{config_.personalData, status < 400 ? "unusual" : "refused"};
  line.add("status", status).add("method", oneLine(request.method, 16));
  line.add("path", request.path(), Shown::withoutNumbers);
  line.add("reason", reason, Shown::withoutNumbers).add("nearest", nearest);
  config_.log(LogLevel::warning, line.text());
}

void RefusalLog::endOfSecond() {
  std::size_t leftOut = 0;
  {
    const std::lock_guard lock{mutex_};
    if (asked_ > kMaxLinesPerSecond) leftOut = asked_ - kMaxLinesPerSecond;
    asked_ = 0;
    explaining_ = 0;
  }
  if (leftOut == 0) return;
  LogLine line{config_.personalData, "refused"};
  line.add("more", leftOut).add("reason", "left out of the log: too many in one second");
  config_.log(LogLevel::warning, line.text());
}

}  // namespace ivr
