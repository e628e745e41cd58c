#pragma once
// Callers who were asked to hold, and have not come back for their answers yet.

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace ivr {

/// Threads: any.
class CallersOnHold {
 public:
  /// A value.
  struct Caller {
    std::string callSid = {};
    std::string state = {};
  };

  /// A caller who has not come back within `patience` has hung up.
  explicit CallersOnHold(std::chrono::milliseconds patience) : patience_(patience) {}

  /// `step` names the answer that the caller holds for.
  void add(const std::string& step, Caller caller);
  void remove(const std::string& step);

  [[nodiscard]] std::vector<Caller> all() const;

 private:
  struct Place {
    Caller caller;
    std::chrono::steady_clock::time_point end;
  };

  const std::chrono::milliseconds patience_;
  mutable std::mutex mutex_;
  std::map<std::string, Place> places_;
  std::size_t added_ = 0;
};

}  // namespace ivr
