#pragma once
// The value of an attribute that is one of a few words.

#include <string>
#include <string_view>
#include <utility>

namespace ivr::twiml {

/// One of the words of the enum `Word`, or any other text: the provider adds words without notice.
/// `textOf(Word)` gives the text of a word. A value.
template <class Word>
class Choice {
 public:
  Choice(Word word) : text_(textOf(word)) {}            // NOLINT(google-explicit-constructor)
  Choice(std::string text) : text_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
  Choice(std::string_view text) : text_(text) {}        // NOLINT(google-explicit-constructor)
  Choice(const char* text) : text_(text) {}             // NOLINT(google-explicit-constructor)

  /// The text as written.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  bool operator==(const Choice&) const = default;
  /// A word and a text with the same spelling are equal.
  friend bool operator==(const Choice& choice, Word word) { return choice.text_ == textOf(word); }
  friend bool operator==(const Choice& choice, std::string_view text) {
    return choice.text_ == text;
  }
  friend bool operator==(const Choice& choice, const char* text) { return choice.text_ == text; }

 private:
  std::string text_;
};

}  // namespace ivr::twiml
