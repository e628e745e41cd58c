#pragma once
// An application whose answers come, and whose time passes, when a test says so.

#include "support/app.hpp"
#include "support/fake_timers.hpp"
#include "support/states.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ivr::support {

/// The time of day and the deadlines of one or more machines, moved together.
class TestTime {
 public:
  [[nodiscard]] Clock clock() const {
    return [now = now_] { return std::chrono::system_clock::time_point{now->load()}; };
  }
  [[nodiscard]] SteadyClock steadyClock() const {
    return [now = now_] { return std::chrono::steady_clock::time_point{now->load()}; };
  }
  [[nodiscard]] std::shared_ptr<FakeTimers> timers() const { return timers_; }

  /// In small steps, so that what is due later sees a later time of day.
  void advance(std::chrono::milliseconds by) {
    constexpr std::chrono::milliseconds kStep{100};
    for (; by.count() > 0; by -= kStep) {
      const auto step = std::min(by, kStep);
      *now_ = now_->load() + std::chrono::duration_cast<std::chrono::system_clock::duration>(step);
      timers_->advance(step);
    }
  }

 private:
  std::shared_ptr<std::atomic<std::chrono::system_clock::duration>> now_ =
      std::make_shared<std::atomic<std::chrono::system_clock::duration>>(
          std::chrono::hours{500'000});
  std::shared_ptr<FakeTimers> timers_ = std::make_shared<FakeTimers>();
};

/// A response that may not be there yet.
class PendingResponse {
 public:
  explicit PendingResponse(Later<Response> later) {
    std::move(later).receive([state = state_](Settled<Response> outcome) {
      if (std::holds_alternative<Response>(outcome)) *state = std::get<0>(std::move(outcome));
    });
  }
  [[nodiscard]] bool isThere() const { return state_->has_value(); }
  [[nodiscard]] const Response& get() const { return state_->value(); }
  [[nodiscard]] std::string text() const {
    return isThere() ? get().body.text() : "(no answer yet)";
  }

 private:
  std::shared_ptr<std::optional<Response>> state_ = std::make_shared<std::optional<Response>>();
};

/// Where a document that asks to hold sends the caller; empty if it does not.
inline std::string continuationOf(const std::string& document) {
  const std::size_t path = document.find("/.ivr/answer");
  if (path == std::string::npos) return {};
  const std::size_t begin = document.rfind('>', path) + 1;
  std::string link = document.substr(begin, document.find('<', path) - begin);
  for (std::size_t at = 0; (at = link.find("&amp;", at)) != std::string::npos; ++at) {
    link.erase(at + 1, 4);
  }
  return link;
}

}  // namespace ivr::support
