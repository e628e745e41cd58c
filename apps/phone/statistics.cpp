#include "statistics.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdio>

namespace phone {

namespace {

using std::chrono::microseconds;

// Classes of one microsecond up to 64, then 64 to each doubling.
constexpr unsigned kBits = 6;
constexpr std::uint64_t kFine = std::uint64_t{1} << kBits;
constexpr std::size_t kClasses = 60 * kFine;

std::size_t classOf(std::uint64_t value) {
  if (value < kFine) return value;
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - kBits - 1;
  return (shift + 1) * kFine + ((value >> shift) - kFine);
}

/// The greatest value of a class.
std::uint64_t greatestIn(std::size_t number) {
  if (number < kFine) return number;
  const std::size_t shift = number / kFine - 1;
  return ((kFine + number % kFine + 1) << shift) - 1;
}

std::string millisecondsText(microseconds duration) {
  std::array<char, 32> text{};
  const double value = static_cast<double>(duration.count()) / 1000;
  std::snprintf(text.data(), text.size(), value < 10 ? "%.1f ms" : "%.0f ms", value);
  return text.data();
}

}  // namespace

Durations::Durations() : classes_(kClasses) {}

void Durations::add(microseconds duration) {
  const auto value = static_cast<std::uint64_t>(std::max<microseconds::rep>(duration.count(), 0));
  ++classes_[std::min(classOf(value), kClasses - 1)];
  ++count_;
  longest_ = std::max(longest_, duration);
}

microseconds Durations::perMille(unsigned share) const {
  if (count_ == 0) return microseconds{0};
  const std::uint64_t wanted = (count_ * share + 999) / 1000;
  std::uint64_t seen = 0;
  for (std::size_t number = 0; number < kClasses; ++number) {
    seen += classes_[number];
    if (seen >= wanted) {
      return std::min(longest_, microseconds{static_cast<microseconds::rep>(greatestIn(number))});
    }
  }
  return longest_;
}

std::string Durations::text() const {
  return "50%: " + millisecondsText(perMille(500)) + "  90%: " + millisecondsText(perMille(900)) +
         "  99%: " + millisecondsText(perMille(990)) +
         "  99.9%: " + millisecondsText(perMille(999)) + "  longest: " + millisecondsText(longest_);
}

}  // namespace phone
