#pragma once
// The value of an attribute that is one of a few words.

#include "ivr/http/method.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ivr::twiml {

/// Whether a text becomes a `Choice<Word>` by itself. Not a method: no third one will be added, and
/// `Redirect{"/a", "/b"}` must not compile.
template <class Word>
inline constexpr bool kTextConverts = true;
template <>
inline constexpr bool kTextConverts<HttpMethod> = false;

/// One of the words of the enum `Word`, or any other text: the provider adds words without notice.
/// `textOf(Word)` gives the text of a word. A value.
template <class Word>
class Choice {
 public:
  Choice(Word word) : text_(textOf(word)) {}  // NOLINT(google-explicit-constructor)
  explicit(!kTextConverts<Word>) Choice(std::string text) : text_(std::move(text)) {}  // NOLINT
  explicit(!kTextConverts<Word>) Choice(std::string_view text) : text_(text) {}        // NOLINT
  explicit(!kTextConverts<Word>) Choice(const char* text) : text_(text) {}             // NOLINT

  /// The text as written.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  /// The word that is spelt like the text; empty if there is none.
  [[nodiscard]] std::optional<Word> word() const noexcept {
    for (unsigned short index = 0;; ++index) {  // the text of what is not a word is empty
      const std::string_view text = textOf(static_cast<Word>(index));
      if (text.empty()) return std::nullopt;
      if (text == text_) return static_cast<Word>(index);
    }
  }

  bool operator==(const Choice&) const = default;
  /// A word and a text with the same spelling are equal.
  friend bool operator==(const Choice& choice, Word word) { return choice.text_ == textOf(word); }
  friend bool operator==(const Choice& choice, std::string_view text) {
    return choice.text_ == text;
  }
  friend bool operator==(const Choice& choice, const char* text) { return choice.text_ == text; }

  friend std::ostream& operator<<(std::ostream& out, const Choice& choice) {
    return out << choice.text_;
  }

 private:
  std::string text_;
};

}  // namespace ivr::twiml
