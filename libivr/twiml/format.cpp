#include "ivr/twiml/format.hpp"

#include "core/text.hpp"
#include "ivr/twiml/document.hpp"
#include "twiml/element_schema.hpp"
#include "twiml/xml_scanner.hpp"

#include <algorithm>

namespace ivr::twiml {

namespace {

using Element = TwimlDocument::Element;

/// The byte behind the last one of an element.
const char* endOf(const Element& element) {
  const char* at = element.name.data() + element.name.size();
  if (element.content.data() != nullptr) {
    at = element.content.data() + element.content.size();
  } else if (!element.attributes.empty()) {
    const std::string_view last = element.attributes.back().written;
    at = last.data() + last.size();
  }
  while (*at != '>') ++at;
  return at + 1;
}

class Formatter {
 public:
  explicit Formatter(const TwimlDocument& document) : document_(document) {
    text_.reserve(document.text().size() * 2);
  }

  std::string format() {
    const std::string_view text = document_.text();
    const Element& root = document_.elements().front();
    const std::size_t mark = byteOrderMarkLength(text);
    text_ += text.substr(0, mark);
    between({text.data() + mark, root.name.data() - 1}, 0);
    beginLine(0);
    write(root, 0);
    between({endOf(root), text.data() + text.size()}, 0);
    text_ += '\n';
    return std::move(text_);
  }

 private:
  void write(const Element& element, std::size_t depth) {
    (text_ += '<') += element.name;
    for (const auto& attribute : element.attributes) {
      const bool isQuoted = attribute.written.find('"') != std::string_view::npos;
      const char quote = isQuoted ? '\'' : '"';
      ((((text_ += ' ') += attribute.name) += '=') += quote) += attribute.written;
      text_ += quote;
    }
    if (element.content.data() == nullptr || isEmpty(element)) {
      text_ += "/>";
      return;
    }
    text_ += '>';
    if (isVerbatim(element)) {
      text_ += element.content;
    } else {
      const char* at = element.content.data();
      for (const Element& child : element.children()) {
        between({at, child.name.data() - 1}, depth + 1);
        beginLine(depth + 1);
        write(child, depth + 1);
        at = endOf(child);
      }
      between({at, element.content.data() + element.content.size()}, depth + 1);
      isBlankNext_ = false;
      beginLine(depth);
    }
    ((text_ += "</") += element.name) += '>';
  }

  /// Whether there is nothing but whitespace, and whitespace means nothing.
  static bool isEmpty(const Element& element) {
    return element.schema != nullptr && !element.schema->takesText &&
           trimmed(element.content).empty();
  }

  /// Whether whitespace in an element may mean something.
  [[nodiscard]] bool isVerbatim(const Element& element) const {
    if (element.schema == nullptr || element.schema->isMixed) return true;
    if (element.inside > 0 && element.schema->children.empty()) return true;
    if (element.inside == 0 && element.schema->takesText) return true;
    return std::ranges::any_of(document_.textsIn(element), [&](const TwimlDocument::Text& text) {
      return text.element == &element;
    });
  }

  /// Writes what stands between two elements: comments and processing instructions.
  void between(std::string_view gap, std::size_t depth) {
    isBlankNext_ = false;
    while (true) {
      const std::size_t markup = std::min(gap.find('<'), gap.size());
      const auto lines = std::ranges::count(gap.substr(0, markup), '\n');
      if (lines > 1 && !text_.empty()) isBlankNext_ = true;
      gap.remove_prefix(markup);
      if (gap.empty()) return;
      const std::string_view end = gap.starts_with("<!--") ? "-->"
                                   : gap.starts_with("<?") ? "?>"
                                                           : "]]>";
      const std::string_view part = gap.substr(0, gap.find(end, 2) + end.size());
      gap.remove_prefix(part.size());
      if (end == "]]>") continue;  // a section of whitespace
      const bool sharesLine = lines == 0 && !text_.empty() && text_.back() == '>' && depth > 0 &&
                              !isBlankNext_ && !text_.ends_with("?>");
      if (sharesLine) {
        text_ += ' ';
      } else {
        beginLine(depth);
      }
      text_ += part;
    }
  }

  void beginLine(std::size_t depth) {
    if (text_.size() <= byteOrderMarkLength(document_.text())) return;
    if (isBlankNext_) text_ += '\n';
    isBlankNext_ = false;
    text_ += '\n';
    text_.append(2 * depth, ' ');
  }

  const TwimlDocument& document_;
  std::string text_;
  bool isBlankNext_ = false;
};

}  // namespace

std::optional<std::string> formatTwiml(std::string_view text) {
  const TwimlDocument document{std::string{text}};
  if (document.refusal()) return std::nullopt;
  return Formatter{document}.format();
}

}  // namespace ivr::twiml
