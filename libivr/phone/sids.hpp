#pragma once
// Identifiers as the provider makes them, the same for the same seed.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace ivr::phone {

class Sids {
 public:
  explicit Sids(std::uint64_t seed) noexcept : state_(seed) {}

  /// `prefix` and 32 hexadecimal digits.
  [[nodiscard]] std::string make(std::string_view prefix) {
    return std::string{prefix} + digits(next()) + digits(next());
  }

  /// A UUID.
  [[nodiscard]] std::string makeToken() {
    const std::string hex = digits(next()) + digits(next());
    return hex.substr(0, 8) + '-' + hex.substr(8, 4) + "-4" + hex.substr(13, 3) + "-a" +
           hex.substr(17, 3) + '-' + hex.substr(20);
  }

  /// A well-mixed number for a place in a plan (splitmix64).
  [[nodiscard]] static std::uint64_t mixed(std::uint64_t value) noexcept {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }

 private:
  [[nodiscard]] std::uint64_t next() noexcept { return mixed(state_++ ^ 0x5eed); }

  [[nodiscard]] static std::string digits(std::uint64_t value) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(16, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, value >>= 4) *at = kDigits[value & 15];
    return text;
  }

  std::uint64_t state_;
};

}  // namespace ivr::phone
