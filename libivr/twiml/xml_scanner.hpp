#pragma once
// Parses XML, strictly, in one pass.
//
// Written here because pugixml reads much that is not XML and that the provider refuses (bare `&`
// and `<`, repeated attributes, text around the root), and Expat, which does not, takes ten times
// as long. The tests compare this with Expat.

#include "ivr/twiml/finding.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::twiml {

/// Why a text is not XML, and where. Never leaves the reader.
struct MalformedXml {
  const char* where;
  std::string message;
  std::string_view code = "12100";  ///< The provider's.
};

/// An attribute as written: the value is still escaped.
struct RawAttribute {
  std::string_view name;
  std::string_view value;
};

/// Our own limit on the attributes of one element. It bounds how long it takes to see that none is
/// given twice.
inline constexpr std::size_t kMaxAttributes = 100;

/// Section 3.1: throws, because the name of the attribute has been there before.
[[noreturn]] void refuseSecond(const RawAttribute& attribute);
[[noreturn]] void refuseMany(const RawAttribute& attribute);
/// Throws `MalformedXml` if an element with `count` attributes may not have one more.
inline void requireFewAttributes(const RawAttribute& attribute, std::size_t count) {
  if (count >= kMaxAttributes) refuseMany(attribute);
}

/// Views point into the text, which must outlive the scanner. Names are valid; values and texts are
/// not checked before `unescaped`. Functions that read throw `MalformedXml`.
///
/// Calls follow the order of the document: `root`, then for each element all its attributes until
/// there are no more, then all its content until its end; finally, `finish`.
class XmlScanner {
 public:
  explicit XmlScanner(std::string_view text);

  /// The name of the root element.
  std::string_view root();

  /// The next attribute of the element begun last; empty after the last one.
  std::optional<RawAttribute> attribute();

  enum class Content {
    element,  ///< Its name is in `name()`.
    text,     ///< As written, in `text()`.
    cdata,    ///< The same, with nothing in it to unescape.
    end,      ///< Of the element itself.
  };
  /// The next part of the open element of this name. Skips comments and processing instructions.
  Content content(std::string_view open);

  /// From now on the texts of comments are added to `comments`, which must outlive this.
  void collectComments(std::vector<std::string_view>* comments) noexcept { comments_ = comments; }

  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  /// Where the content of the element ended last ends: at its end tag.
  [[nodiscard]] const char* contentEnd() const noexcept { return contentEnd_; }

  /// Whether the tag of the element begun last ends it too: <Hangup/>.
  [[nodiscard]] bool isEmptyTag() const noexcept { return isEmpty_; }

  /// Nothing may follow the root.
  void finish();

  /// The end of what was read last. Going back to it forgets what was read since.
  [[nodiscard]] const char* mark() const noexcept { return at_; }
  void goBack(const char* mark) noexcept;

 private:
  /// The character `ahead` bytes ahead; 0 past the end.
  [[nodiscard]] char next(std::ptrdiff_t ahead = 0) const noexcept;
  [[nodiscard]] bool startsWith(std::string_view text) const noexcept;
  bool take(std::string_view text) noexcept;
  bool takeSpace() noexcept;
  /// Everything up to `end`, which is taken too.
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
  std::vector<std::string_view>* comments_ = nullptr;
  bool isEmpty_ = false;
};

/// For a message: fits on a line, and holds whole UTF-8 characters.
[[nodiscard]] std::string shortened(std::string_view text);

/// The length of the byte order mark at the beginning of `text`; 0 if there is none.
[[nodiscard]] std::size_t byteOrderMarkLength(std::string_view text) noexcept;

/// The position of a byte of `text`.
[[nodiscard]] TextPosition positionOf(const char* where, std::string_view text);

}  // namespace ivr::twiml
