#pragma once
// Durations, counted in classes, so that many take no more room than a few.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace phone {

/// A value.
class Durations {
 public:
  Durations();

  void add(std::chrono::microseconds duration);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// What so many of a thousand do not exceed, within 2 %; 0 if there are none.
  [[nodiscard]] std::chrono::microseconds perMille(unsigned share) const;
  [[nodiscard]] std::chrono::microseconds longest() const noexcept { return longest_; }

  /// `50%: 0.8 ms  90%: 1.9 ms  99%: 12 ms  99.9%: 25 ms  longest: 40 ms`
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::uint64_t> classes_;
  std::uint64_t count_ = 0;
  std::chrono::microseconds longest_{0};
};

}  // namespace phone
