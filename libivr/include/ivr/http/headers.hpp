#pragma once
// The header fields of a request or a response.

#include "ivr/http/field_list.hpp"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace ivr::http {

/// True if two field names are the same to HTTP, which ignores the case of ASCII letters.
[[nodiscard]] bool equalIgnoringCase(std::string_view left, std::string_view right) noexcept;

/// Header fields in the order in which they came, repeated ones included. A value.
class Headers {
 public:
  /// Name and value. The views are valid until the headers change, are moved or end.
  using Field = FieldList::Field;

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  /// Adds a field, and keeps others of the same name.
  void add(std::string_view name, std::string_view value) { fields_.add(name, value); }

  /// Replaces every field of that name by this one.
  void set(std::string_view name, std::string_view value);

  /// The value of the first field of that name. The view is valid until the headers change, are
  /// moved or end.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;

  /// How many fields have that name.
  [[nodiscard]] std::size_t count(std::string_view name) const noexcept;

  /// Makes room for more. `bytes` are those of names and values.
  void reserve(std::size_t fields, std::size_t bytes) { fields_.reserve(fields, bytes); }
  [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
  [[nodiscard]] auto end() const noexcept { return fields_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }

 private:
  FieldList fields_;
};

}  // namespace ivr::http
