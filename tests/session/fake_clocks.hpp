#pragma once
// The clocks of a machine, as a test sets them.

#include "ivr/core/clock.hpp"
#include "ivr/session/session_store.hpp"

#include <atomic>
#include <chrono>
#include <memory>

namespace ivr::support {

class FakeClocks {
 public:
  using milliseconds = std::chrono::milliseconds;

  [[nodiscard]] SteadyClock steady() const {
    return [at = steady_] { return std::chrono::steady_clock::time_point{milliseconds{*at}}; };
  }
  [[nodiscard]] Clock wall() const {
    return [at = wall_] { return std::chrono::system_clock::time_point{milliseconds{*at}}; };
  }
  [[nodiscard]] session::DiskClocks disk() const {
    return {.lifetimes = wall(), .leases = [at = sinceBoot_] { return milliseconds{*at}; }};
  }

  void pass(milliseconds time) {
    for (const auto& clock : {steady_, wall_, sinceBoot_}) *clock += time.count();
  }

  /// Somebody sets the clock on the wall, forwards or backwards.
  void setWall(milliseconds by) { *wall_ += by.count(); }

  /// The machine is off for as long.
  void restart(milliseconds off) {
    *wall_ += off.count();
    *sinceBoot_ = 0;
  }

 private:
  using Time = std::shared_ptr<std::atomic<milliseconds::rep>>;
  static Time at(milliseconds::rep begin) {
    return std::make_shared<std::atomic<milliseconds::rep>>(begin);
  }

  Time steady_ = at(1'000'000);
  Time wall_ = at(1'750'000'000'000);
  Time sinceBoot_ = at(100'000'000);
};

}  // namespace ivr::support
