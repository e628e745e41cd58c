#pragma once
// Text with SSML elements in it.

#include "ivr/twiml/xml_element.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ivr::twiml {

/// Spoken content: texts and elements in order; only `Elements` and `XmlElement` compile. Plain
/// text converts to it. Adjacent texts become one and empty texts are dropped, so two values that
/// are written alike are equal. A value.
template <class... Elements>
class SsmlText {
 public:
  using Part = std::variant<std::string, Elements..., XmlElement>;

  SsmlText();
  SsmlText(std::string text);       // NOLINT(google-explicit-constructor): plain text converts
  SsmlText(std::string_view text);  // NOLINT(google-explicit-constructor)
  SsmlText(const char* text);       // NOLINT(google-explicit-constructor)
  SsmlText(std::initializer_list<Part> parts);
  // Compiled once, in the library; the elements hold each other and are incomplete here.
  SsmlText(const SsmlText& other);
  SsmlText(SsmlText&& other) noexcept;
  SsmlText& operator=(const SsmlText& other);
  SsmlText& operator=(SsmlText&& other) noexcept;
  ~SsmlText();

  void append(Part part);

  /// What is heard, as one text without elements: in place of `SsmlSub`, its alias.
  [[nodiscard]] std::string plainText() const;

  /// Holds no empty text and no two adjacent texts.
  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }

  bool operator==(const SsmlText& other) const;

 private:
  void appendText(std::string text);

  std::vector<Part> parts_;
};

}  // namespace ivr::twiml
