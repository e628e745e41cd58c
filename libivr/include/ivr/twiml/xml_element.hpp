#pragma once
// XML that this library has no type for: newer than the library, or misspelt. It is read, kept and
// written unchanged.

#include <string>
#include <variant>
#include <vector>

namespace ivr::twiml {

/// A name and a value: decoded UTF-8. The name must be one that XML allows, or writing throws.
struct XmlAttribute {
  std::string name = {};
  std::string value = {};

  bool operator==(const XmlAttribute&) const = default;
};

/// Attributes in order. In an element with a type: those without a member, and those whose value
/// does not fit the member (`timeout="soon"`). They are written after the others.
using XmlAttributes = std::vector<XmlAttribute>;

struct XmlElement {
  std::string name = {};
  XmlAttributes attributes = {};
  std::vector<std::variant<std::string, XmlElement>> content = {};  ///< Texts and elements.

  bool operator==(const XmlElement&) const = default;
};

}  // namespace ivr::twiml
