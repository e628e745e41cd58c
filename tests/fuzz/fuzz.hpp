#pragma once
// Shared by the fuzz targets.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ivr::fuzz {

/// Stops the fuzzer, which then keeps the input, unless the property holds.
inline void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// Cuts an input into texts at its NUL bytes; the last one gets all the rest.
class Pieces {
 public:
  Pieces(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  std::string next() {
    const std::size_t end = rest_.find('\0');
    std::string piece{rest_.substr(0, end)};
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return piece;
  }
  [[nodiscard]] std::string rest() const { return std::string{rest_}; }

 private:
  std::string_view rest_;
};

}  // namespace ivr::fuzz
