#pragma once
// Keeps attributes from being given by their position.

namespace ivr::twiml {

/// Stands between the text of an element and attributes that take a text too, so that
/// `Say{"Press 1.", "Press 2."}` does not compile as a text and a language. Give attributes by
/// name: `Say{.text = "Press 1.", .language = "en-GB"}`. Empty.
class AttributesByName {
 public:
  constexpr AttributesByName() noexcept {}  // NOLINT(modernize-use-equals-default): no aggregate
  bool operator==(const AttributesByName&) const = default;
};

}  // namespace ivr::twiml
