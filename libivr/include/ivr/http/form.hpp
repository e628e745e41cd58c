#pragma once
// The fields of a form: what the provider posts about a call.

#include "ivr/http/field_list.hpp"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::http {

/// Decoded name and value pairs in the order in which they came; a name may come more than once. A
/// value.
///
/// Names and values are bytes as sent after decoding (UTF-8 when they come from a well-behaved
/// provider). No name means anything special here: `__proto__` and `y[z]` are ordinary names.
class Form {
 public:
  /// Name and value. The views are valid until the form changes, is moved or ends.
  using Field = FieldList::Field;

  Form() = default;
  Form(std::initializer_list<Field> fields) : fields_(fields) {}

  /// Reads `application/x-www-form-urlencoded` text: `+` is a space, malformed percent sequences
  /// stay as they are, empty values are kept, a name without `=` has an empty value, empty parts
  /// (`a=1&&b=2`) are skipped. Nothing if there are more than `maximum` fields.
  [[nodiscard]] static std::optional<Form> parse(std::string_view text, std::size_t maximum);

  void add(std::string_view name, std::string_view value) { fields_.add(name, value); }

  /// The first value of that name; empty if there is none. The view is valid until the form
  /// changes, is moved or ends.
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept;

  /// The first value of that name, if there is one.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;

  /// Every value of that name, in order.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;

  /// Whether every name and every value is well-formed UTF-8.
  [[nodiscard]] bool isUtf8() const noexcept;

  /// The form as the text of a body: names and values percent-encoded, joined by `&`.
  [[nodiscard]] std::string encoded() const;

  [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
  [[nodiscard]] auto end() const noexcept { return fields_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] bool empty() const noexcept { return fields_.empty(); }
  friend bool operator==(const Form&, const Form&) = default;

 private:
  explicit Form(FieldList fields) noexcept : fields_(std::move(fields)) {}

  FieldList fields_;
};

}  // namespace ivr::http

namespace ivr {
using http::Form;
}  // namespace ivr
