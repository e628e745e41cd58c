#pragma once
// The terms in which `fields.hpp` describes the elements.

#include <optional>
#include <string_view>

namespace ivr::twiml {

/// The limits of a value, for the lint.
struct Limits {
  int code = 12200;  ///< The provider's, for an invalid value.
  std::optional<int> least = {};
  std::optional<int> most = {};
};

/// The facts about an attribute.
struct FieldFacts {
  std::string_view name;
  Limits limits = {};
  std::string_view unit = {};  ///< Written after a duration.
};

/// An attribute, and the member that holds it.
template <class Element, class Value>
struct Field : FieldFacts {
  constexpr Field(const char* attribute, Value Element::*holder, Limits keeps = {},
                  const char* behind = "")
      : FieldFacts{.name = attribute, .limits = keeps, .unit = behind}, member(holder) {}

  Value Element::*member;
};

/// How `Element` is written: `name`, and `attributes`, a tuple of fields. If it has them: `text`,
/// the member that holds its text; `nouns`, the member that holds the elements inside it; and
/// `unexpected`, the provider's code for an element that does not belong there.
template <class Element>
struct Fields;

template <class Element>
concept HasText = requires {
  Fields<Element>::text;
};
template <class Element>
concept HasNouns = requires {
  Fields<Element>::nouns;
};

/// Text with elements in it (`SsmlText`).
template <class Element>
concept HasMixedText = HasText<Element> && requires(Element element) {
  (element.*Fields<Element>::text).parts();
};

}  // namespace ivr::twiml
