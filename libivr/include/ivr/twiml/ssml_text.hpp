#pragma once
// Text with SSML elements in it.

#include "ivr/twiml/xml_element.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
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

  // Written out because the elements hold each other and are incomplete here.
  SsmlText() {}  // NOLINT(modernize-use-equals-default)
  SsmlText(const SsmlText& other) : parts_(other.parts_) {}
  SsmlText(SsmlText&& other) noexcept : parts_(std::move(other.parts_)) {}
  SsmlText& operator=(const SsmlText& other) {
    parts_ = other.parts_;
    return *this;
  }
  SsmlText& operator=(SsmlText&& other) noexcept {
    parts_ = std::move(other.parts_);
    return *this;
  }
  ~SsmlText() {}  // NOLINT(modernize-use-equals-default)

  SsmlText(std::string text) {
    appendText(std::move(text));
  }  // NOLINT(google-explicit-constructor)
  SsmlText(std::string_view text)
      : SsmlText(std::string{text}) {}  // NOLINT(google-explicit-constructor)
  SsmlText(const char* text)
      : SsmlText(std::string{text}) {}  // NOLINT(google-explicit-constructor)
  SsmlText(std::initializer_list<Part> parts) {
    parts_.reserve(parts.size());
    for (const Part& part : parts) append(part);
  }

  void append(Part part) {
    if (auto* const text = std::get_if<std::string>(&part)) {
      appendText(std::move(*text));
    } else {
      parts_.push_back(std::move(part));
    }
  }

  /// Holds no empty text and no two adjacent texts.
  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }

  bool operator==(const SsmlText& other) const { return parts_ == other.parts_; }

 private:
  void appendText(std::string text) {
    if (text.empty()) return;
    auto* const last = parts_.empty() ? nullptr : std::get_if<std::string>(&parts_.back());
    if (last != nullptr) {
      *last += text;
    } else {
      parts_.emplace_back(std::move(text));
    }
  }

  std::vector<Part> parts_;
};

}  // namespace ivr::twiml
