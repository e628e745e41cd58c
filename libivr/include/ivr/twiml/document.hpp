#pragma once
// A TwiML text as the elements, attributes, texts and comments that stand in it, each in its place.

#include "ivr/twiml/finding.hpp"

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::twiml {

struct ElementSchema;

/// What stands in one text. Where `readTwiml` gives values, this gives places: rules that look at a
/// whole document run over `elements()`, `texts()` or `addresses()`, and find each part's line with
/// `positionOf`. Owns the text; all that it hands out points into it, and lives as long. Movable,
/// and then what was handed out stays valid.
///
///   for (const TwimlDocument::Element& element : document.elements())
///     if (element.name == "Say") std::cout << document.positionOf(element) << '\n';
class TwimlDocument {
 public:
  struct Attribute {
    std::string_view name = {};
    std::string_view value = {};    ///< With its escapes resolved.
    std::string_view written = {};  ///< The value as it stands in the text.
  };

  /// An element. Those inside it follow it in `elements()`.
  struct Element {
    class Children;

    std::string_view name = {};
    std::span<const Attribute> attributes = {};
    std::string_view content = {};          ///< As written between the tags; no data if it has one.
    const Element* parent = nullptr;        ///< Null for the root.
    std::size_t inside = 0;                 ///< How many elements stand inside, at any depth.
    const ElementSchema* schema = nullptr;  ///< The library's own. Null where TwiML has no place
                                            ///< for such an element, and inside one of these.

    /// Null if it has no attribute of that name.
    [[nodiscard]] const Attribute* find(std::string_view attribute) const noexcept;
    /// The value of an attribute that it has.
    [[nodiscard]] std::optional<std::string_view> value(std::string_view attribute) const noexcept;
    /// The elements directly inside.
    [[nodiscard]] Children children() const noexcept;
  };

  /// A text that is not only whitespace. Elements and comments divide texts.
  struct Text {
    std::string_view text = {};     ///< With its escapes resolved.
    std::string_view written = {};  ///< As it stands in the text of the document.
    const Element* element = nullptr;
  };

  struct Comment {
    std::string_view text = {};
    const Element* next = nullptr;  ///< The element that follows in the same parent, if one does.
  };

  /// Where the provider, or a WebSocket, is asked for something.
  struct Address {
    const Element* element = nullptr;
    const Attribute* attribute = nullptr;  ///< Null if it is the text of the element.
    std::string_view url = {};             ///< Without blanks around it; not empty.
    TextPosition position = {};            ///< Of the attribute, or of the element.
  };

  /// Takes any text, and never throws for what is in it: see `refusal`.
  explicit TwimlDocument(std::string text);
  TwimlDocument(TwimlDocument&&) noexcept;
  TwimlDocument& operator=(TwimlDocument&&) noexcept;
  ~TwimlDocument();

  [[nodiscard]] std::string_view text() const noexcept;

  /// Why the provider would refuse the text, as `readTwiml` says it. The elements are then those in
  /// front of that place; the last ones may not be whole.
  [[nodiscard]] const std::optional<Finding>& refusal() const noexcept;

  /// In the order in which they begin, the root first.
  [[nodiscard]] std::span<const Element> elements() const noexcept;
  [[nodiscard]] std::span<const Text> texts() const noexcept;
  [[nodiscard]] std::span<const Comment> comments() const noexcept;

  /// The addresses, in the order of the text: texts of Play and Redirect, and attributes such as
  /// `action`, `url` and `statusCallback`.
  [[nodiscard]] std::vector<Address> addresses() const;

  /// The texts inside an element, at any depth.
  [[nodiscard]] std::span<const Text> textsIn(const Element& element) const noexcept;
  /// The same as one text, without blanks around it.
  [[nodiscard]] std::string textIn(const Element& element) const;

  [[nodiscard]] TextPosition positionOf(const Element& element) const noexcept;
  [[nodiscard]] TextPosition positionOf(const Attribute& attribute) const noexcept;
  [[nodiscard]] TextPosition positionOf(const Text& text) const noexcept;
  /// Of a part of `text()`.
  [[nodiscard]] TextPosition positionOf(std::string_view part) const noexcept;

  /// A line of the text, counted from 1, without its end. Empty if there is no such line.
  [[nodiscard]] std::string_view line(std::size_t number) const noexcept;

 private:
  struct Content;
  class Builder;

  std::unique_ptr<const Content> content_;
};

/// A range of elements with one parent.
class TwimlDocument::Element::Children {
 public:
  class Iterator {
   public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    explicit Iterator(const Element* at) noexcept : at_(at) {}
    const Element& operator*() const noexcept { return *at_; }
    const Element* operator->() const noexcept { return at_; }
    Iterator& operator++() noexcept {
      at_ += 1 + at_->inside;
      return *this;
    }
    Iterator operator++(int) noexcept {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Element* at_ = nullptr;
  };

  explicit Children(const Element& parent) noexcept : parent_(&parent) {}
  [[nodiscard]] Iterator begin() const noexcept { return Iterator{parent_ + 1}; }
  [[nodiscard]] Iterator end() const noexcept { return Iterator{parent_ + 1 + parent_->inside}; }
  [[nodiscard]] bool empty() const noexcept { return parent_->inside == 0; }

 private:
  const Element* parent_;
};

inline TwimlDocument::Element::Children TwimlDocument::Element::children() const noexcept {
  return Children{*this};
}

}  // namespace ivr::twiml
