#pragma once
// What the schema says of an element, as data: for code that looks at texts rather than values.

#include "ivr/twiml/twiml.hpp"

#include <span>
#include <string>
#include <string_view>

namespace ivr::twiml {

struct ElementSchema;

struct AttributeSchema {
  std::string_view name;
  int code;  ///< The provider's, for an invalid value.
  /// The objection to a value, as the rest of a sentence; empty if there is none.
  std::string (*objection)(std::string_view value);
  /// The words it takes, where it takes no others.
  std::span<const std::string_view> words;
};

struct ChildSchema {
  std::string_view name;
  const ElementSchema& (*schema)();
};

struct ElementSchema {
  std::string_view name;
  std::span<const AttributeSchema> attributes;
  std::span<const ChildSchema> children;
  bool takesText;
  bool isMixed;    ///< Text and elements may stand side by side.
  int unexpected;  ///< The provider's code for an element that does not belong in this one.

  [[nodiscard]] const AttributeSchema* attribute(std::string_view attribute) const noexcept;
  /// Null if TwiML has no such element here.
  [[nodiscard]] const ElementSchema* child(std::string_view element) const noexcept;
};

/// Of `<Response>`.
[[nodiscard]] const ElementSchema& responseSchema();

/// Where elements of a name may stand, `Dial, Refer`; empty if TwiML knows none.
[[nodiscard]] std::string_view parentsOf(std::string_view element);

}  // namespace ivr::twiml
