#pragma once
// The content of an element.

#include "ivr/twiml/xml_element.hpp"

#include <initializer_list>
#include <variant>
#include <vector>

namespace ivr::twiml {

/// The elements that may stand inside another, in order; others do not compile. An `XmlElement` may
/// stand anywhere. A vector; what every document does with it is compiled once, in the library.
template <class... Elements>
class Nouns : public std::vector<std::variant<Elements..., XmlElement>> {
 public:
  using Element = std::variant<Elements..., XmlElement>;

  Nouns();
  Nouns(std::initializer_list<Element> elements);
  Nouns(std::vector<Element> elements);  // NOLINT(google-explicit-constructor): it is the content
  Nouns(const Nouns& other);
  Nouns(Nouns&& other) noexcept;
  Nouns& operator=(const Nouns& other);
  Nouns& operator=(Nouns&& other) noexcept;
  ~Nouns();

  bool operator==(const Nouns& other) const;
};

}  // namespace ivr::twiml
