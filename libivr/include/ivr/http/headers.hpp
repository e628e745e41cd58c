#pragma once
// The header fields of a request or a response.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::http {

/// True if two field names are the same to HTTP, which ignores the case of ASCII letters.
[[nodiscard]] bool equalIgnoringCase(std::string_view left, std::string_view right) noexcept;

/// Header fields in the order in which they came, repeated ones included. A value.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  /// Adds a field, and keeps others of the same name.
  void add(std::string name, std::string value);

  /// Replaces every field of that name by this one.
  void set(std::string_view name, std::string value);

  /// The value of the first field of that name. The view is valid until the headers change.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;

  /// How many fields have that name.
  [[nodiscard]] std::size_t count(std::string_view name) const noexcept;

  void reserve(std::size_t fields) { fields_.reserve(fields); }
  [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
  [[nodiscard]] auto end() const noexcept { return fields_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }

 private:
  std::vector<Field> fields_;
};

}  // namespace ivr::http
