#pragma once
// Small questions about elements that several rules ask.

#include "core/text.hpp"
#include "ivr/twiml/rule.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ivr::twiml {

using Attribute = TwimlDocument::Attribute;
using Element = TwimlDocument::Element;
using Text = TwimlDocument::Text;

/// What may stand in `sendDigits` and `digits`: keys, and pauses of half a second (w) and a second
/// (W).
inline constexpr std::string_view kTones = "0123456789ABCDabcd#*wW";

inline bool isOneOf(std::string_view text, std::initializer_list<std::string_view> others) {
  return std::ranges::find(others, text) != others.end();
}

inline std::string tag(std::string_view name) { return '<' + std::string{name} + '>'; }

/// Whether an attribute has this value, blanks aside.
inline bool has(const Element& element, std::string_view attribute, std::string_view value) {
  return trimmed(element.value(attribute).value_or("")) == value;
}

/// Whether an attribute is there, and is not empty.
inline bool gives(const Element& element, std::string_view attribute) {
  return !trimmed(element.value(attribute).value_or("")).empty();
}

/// Null if the element is the last one in its parent.
inline const Element* nextOf(const Element& element) {
  const Element* const next = &element + 1 + element.inside;
  const Element* const parent = element.parent;
  return parent != nullptr && next <= parent + parent->inside ? next : nullptr;
}

inline bool isFirst(const Element& element) { return element.parent + 1 == &element; }

inline const Element* childOf(const Element& element, std::string_view name) {
  const auto children = element.children();
  const auto found = std::find_if(children.begin(), children.end(),
                                  [&](const Element& child) { return child.name == name; });
  return found == children.end() ? nullptr : &*found;
}

inline bool isEveryOneOf(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

inline constexpr std::string_view kDigits = "0123456789";

}  // namespace ivr::twiml
