#pragma once
// Takes XML apart, strictly, in one pass.
//
// Written here because of what documents are needed for: pugixml reads much that is not XML and the
// provider refuses (`&` and `<` as they are, repeated attributes, text around the root), and Expat,
// which does not, takes ten times as long. The tests hold this against Expat.

#include "ivr/twiml/finding.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::twiml {

/// Why a text is not XML, and where. Does not leave the reader.
struct MalformedXml {
  const char* where;
  std::string message;
  std::string_view code = "12100";  ///< The provider's.
};

/// An attribute as it is written: the value is still escaped.
struct RawAttribute {
  std::string_view name;
  std::string_view value;
};

/// Views point into the text, which must outlive the scanner. Names are such as XML allows; values
/// and texts are not checked before `unescaped`. All functions throw `MalformedXml`.
///
/// The order of calls follows the document: `root`, then for each element all its attributes until
/// there is none, then all its content until its end; in the end, `finish`.
class XmlScanner {
 public:
  explicit XmlScanner(std::string_view text);

  /// The name of the root element.
  std::string_view root();

  /// The next attribute of the element that was begun last; none behind the last one.
  std::optional<RawAttribute> attribute();

  enum class Content {
    element,  ///< Its name is in `name()`.
    text,     ///< As it is written, in `text()`.
    cdata,    ///< The same, with nothing in it to unescape.
    end,      ///< Of the element itself.
  };
  /// The next part of the element of this name, which is open. Comments and processing instructions
  /// are passed over.
  Content content(std::string_view open);

  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  /// Where the content that was ended last ended: at the end tag.
  [[nodiscard]] const char* contentEnd() const noexcept { return contentEnd_; }

  /// Nothing may follow the root.
  void finish();

  /// What was read last ends here. Going back to it forgets what was read since.
  [[nodiscard]] const char* mark() const noexcept { return at_; }
  void goBack(const char* mark) noexcept;

 private:
  /// The character that is so far ahead; 0 behind the end.
  [[nodiscard]] char next(std::ptrdiff_t ahead = 0) const noexcept;
  [[nodiscard]] bool startsWith(std::string_view text) const noexcept;
  bool take(std::string_view text) noexcept;
  bool takeSpace() noexcept;
  /// Up to `end`, which is taken too.
  std::string_view takeUntil(std::string_view end, const char* unfinished);
  std::string_view takeName(const char* missing);
  RawAttribute takeAttribute();
  void takeDeclaration();
  void takeEndTag(std::string_view open);
  bool takeCommentOrInstruction();
  void takeMisc();

  const char* at_;
  const char* end_;
  std::string_view name_;
  std::string_view text_;
  const char* contentEnd_ = nullptr;
  bool isEmpty_ = false;  ///< The element that was begun last ended with its tag: <Hangup/>.
};

/// What was read as it stands in XML, as the text that it means.
[[nodiscard]] std::string unescaped(RawAttribute attribute);
[[nodiscard]] std::string unescaped(const XmlScanner& scanner, XmlScanner::Content content);

/// For a message: not more than fits on a line, and whole characters of UTF-8.
[[nodiscard]] std::string shortened(std::string_view text);

/// Of a byte of `text`.
[[nodiscard]] TextPosition positionOf(const char* where, std::string_view text);

}  // namespace ivr::twiml
