#pragma once
// A text as an XML tree whose parts know where they stand.

#include "ivr/twiml/finding.hpp"
#include "twiml/xml_text.hpp"

#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace ivr {

/// The tree of a text. pugixml takes the text apart and matches the tags; it changes no character,
/// so that names and values point into the text and can be checked: pugixml itself reads much that
/// is not XML.
class XmlSource {
 public:
  /// `text` must outlive this. Names, texts and values of attributes are checked when they are
  /// asked for (`nameOf`, `textOf`, `valueOf`).
  explicit XmlSource(std::string_view text);

  /// Why the text is no document.
  [[nodiscard]] const std::optional<Finding>& problem() const noexcept { return problem_; }
  /// None if there is a problem.
  [[nodiscard]] pugi::xml_node root() const noexcept { return root_; }

  /// Throw `MalformedXml`.
  [[nodiscard]] static std::string_view nameOf(pugi::xml_node element);
  [[nodiscard]] static std::string_view nameOf(pugi::xml_attribute attribute);
  [[nodiscard]] static std::string textOf(pugi::xml_node text);  ///< Of a text or CDATA section.
  [[nodiscard]] static std::string valueOf(pugi::xml_attribute attribute);
  /// For what is passed over: comments and processing instructions.
  static void check(pugi::xml_node passedOver);

  /// Of a name or a value.
  [[nodiscard]] TextPosition position(const char* where) const;
  [[nodiscard]] Finding findingOf(const MalformedXml& malformed) const;
  [[nodiscard]] TextPosition position(pugi::xml_node node) const;
  [[nodiscard]] TextPosition position(pugi::xml_attribute attribute) const {
    return position(attribute.name());
  }

 private:
  void parse();
  void requireDocument();

  std::string_view text_;
  std::string copy_;  ///< As pugixml needs it: its own, to write zeros behind names and values.
  pugi::xml_document document_;
  pugi::xml_node root_;
  std::optional<Finding> problem_;
};

/// Of the byte at `offset`.
[[nodiscard]] TextPosition positionIn(std::string_view text, std::size_t offset);

}  // namespace ivr
