#pragma once
// The members of `SsmlText`, for the one source that instantiates them.

#include "ivr/twiml/ssml_text.hpp"
#include "twiml/fields.hpp"

#include <utility>

namespace ivr::twiml {

template <class... Elements>
SsmlText<Elements...>::SsmlText() = default;

template <class... Elements>
SsmlText<Elements...>::SsmlText(std::string text) {
  appendText(std::move(text));
}

template <class... Elements>
SsmlText<Elements...>::SsmlText(std::string_view text) : SsmlText(std::string{text}) {}

template <class... Elements>
SsmlText<Elements...>::SsmlText(const char* text) : SsmlText(std::string{text}) {}

template <class... Elements>
SsmlText<Elements...>::SsmlText(std::initializer_list<Part> parts) {
  parts_.reserve(parts.size());
  for (const Part& part : parts) append(part);
}

template <class... Elements>
SsmlText<Elements...>::SsmlText(const SsmlText& other) = default;

template <class... Elements>
SsmlText<Elements...>::SsmlText(SsmlText&& other) noexcept = default;

template <class... Elements>
SsmlText<Elements...>& SsmlText<Elements...>::operator=(const SsmlText& other) = default;

template <class... Elements>
SsmlText<Elements...>& SsmlText<Elements...>::operator=(SsmlText&& other) noexcept = default;

template <class... Elements>
SsmlText<Elements...>::~SsmlText() = default;

template <class... Elements>
void SsmlText<Elements...>::append(Part part) {
  if (auto* const text = std::get_if<std::string>(&part)) {
    appendText(std::move(*text));
  } else {
    parts_.push_back(std::move(part));
  }
}

template <class... Elements>
bool SsmlText<Elements...>::operator==(const SsmlText& other) const {
  return parts_ == other.parts_;
}

namespace detail {

inline void appendPlain(std::string& all, const std::string& text) { all += text; }
inline void appendPlain(std::string& all, const XmlElement& element) {
  for (const auto& part : element.content) {
    std::visit([&](const auto& one) { appendPlain(all, one); }, part);
  }
}
inline void appendPlain(std::string& all, const SsmlSub& sub) {
  all += sub.alias ? *sub.alias : sub.text;
}
template <class Element>
void appendPlain(std::string& all, const Element& element) {
  if constexpr (HasMixedText<Element>) {
    all += (element.*Fields<Element>::text).plainText();
  } else if constexpr (HasText<Element>) {
    all += element.*Fields<Element>::text;
  }
}

}  // namespace detail

template <class... Elements>
std::string SsmlText<Elements...>::plainText() const {
  std::string all;
  for (const Part& part : parts_) {
    std::visit([&](const auto& one) { detail::appendPlain(all, one); }, part);
  }
  return all;
}

template <class... Elements>
void SsmlText<Elements...>::appendText(std::string text) {
  if (text.empty()) return;
  auto* const last = parts_.empty() ? nullptr : std::get_if<std::string>(&parts_.back());
  if (last != nullptr) {
    *last += text;
  } else {
    parts_.emplace_back(std::move(text));
  }
}

}  // namespace ivr::twiml
