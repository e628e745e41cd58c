#pragma once
// The members of `Nouns`, for the one source that instantiates them.

#include "ivr/twiml/nouns.hpp"

#include <utility>

namespace ivr::twiml {

template <class... Elements>
Nouns<Elements...>::Nouns() = default;

template <class... Elements>
Nouns<Elements...>::Nouns(std::initializer_list<Element> elements)
    : std::vector<Element>(elements) {}

template <class... Elements>
Nouns<Elements...>::Nouns(std::vector<Element> elements)
    : std::vector<Element>(std::move(elements)) {}

template <class... Elements>
Nouns<Elements...>::Nouns(const Nouns& other) = default;

template <class... Elements>
Nouns<Elements...>::Nouns(Nouns&& other) noexcept = default;

template <class... Elements>
Nouns<Elements...>& Nouns<Elements...>::operator=(const Nouns& other) = default;

template <class... Elements>
Nouns<Elements...>& Nouns<Elements...>::operator=(Nouns&& other) noexcept = default;

template <class... Elements>
Nouns<Elements...>::~Nouns() = default;

template <class... Elements>
bool Nouns<Elements...>::operator==(const Nouns& other) const {
  const std::vector<Element>& own = *this;
  return own == static_cast<const std::vector<Element>&>(other);
}

}  // namespace ivr::twiml
