#include "twiml/xml_source.hpp"

#include <algorithm>
#include <cctype>

namespace ivr {

namespace {

/// Everything is kept where it stands, and nothing is decoded.
constexpr unsigned kVerbatim = pugi::parse_minimal | pugi::parse_cdata | pugi::parse_comments |
                               pugi::parse_pi | pugi::parse_declaration | pugi::parse_doctype |
                               pugi::parse_ws_pcdata | pugi::parse_fragment;

std::string lowerFirst(std::string text) {
  text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

/// Section 2.8, but for what pugixml has seen to already.
void checkDeclaration(pugi::xml_node declaration, const char* where) {
  static constexpr const char* kOrder[] = {"version", "encoding", "standalone"};
  const char* const* expected = std::begin(kOrder);
  for (const pugi::xml_attribute attribute : declaration.attributes()) {
    const std::string_view name = attribute.name();
    expected = std::find(expected, std::end(kOrder), name);
    if (expected == std::end(kOrder)) {
      throw MalformedXml{attribute.name(), "this does not belong in an XML declaration"};
    }
    ++expected;
    std::string value = attribute.value();
    if (name == "version" && value != "1.0") {
      throw MalformedXml{attribute.value(), "the provider reads XML 1.0 only", "12101"};
    }
    std::ranges::transform(value, value.begin(), [](unsigned char c) { return std::tolower(c); });
    if (name == "encoding" && value != "utf-8" && value != "us-ascii") {
      throw MalformedXml{attribute.value(), "the provider reads UTF-8 only"};
    }
    if (name == "standalone" && std::string_view{attribute.value()} != "yes" &&
        std::string_view{attribute.value()} != "no") {
      throw MalformedXml{attribute.value(), "standalone is yes or no"};
    }
  }
  if (!declaration.attribute("version")) {
    throw MalformedXml{where, "an XML declaration begins with the version"};
  }
}

}  // namespace

XmlSource::XmlSource(std::string_view text) : text_(text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  copy_.reserve(text_.size() + 1);
  copy_ = text_;
  copy_ += '\n';  // pugixml ends the text with a zero, and takes its last character for that
  try {
    parse();
    requireDocument();
  } catch (const MalformedXml& malformed) {
    problem_ = findingOf(malformed);
    root_ = {};
  }
}

void XmlSource::parse() {
  if (const std::size_t zero = copy_.find('\0'); zero != std::string::npos) {
    throw MalformedXml{copy_.data() + zero, "XML does not allow this character"};
  }
  const pugi::xml_parse_result result =
      document_.load_buffer_inplace(copy_.data(), copy_.size(), kVerbatim, pugi::encoding_utf8);
  if (!result) throw MalformedXml{copy_.data() + result.offset, lowerFirst(result.description())};
}

void XmlSource::requireDocument() {
  for (const pugi::xml_node node : document_) {
    const char* where = copy_.data() + node.offset_debug();
    switch (node.type()) {
      case pugi::node_element:
        if (root_) throw MalformedXml{where - 1, "a document has one root element"};
        root_ = node;
        break;
      case pugi::node_declaration:
        if (node.offset_debug() != 2) {
          throw MalformedXml{where - 2, "an XML declaration stands at the very beginning"};
        }
        checkDeclaration(node, where);
        break;
      case pugi::node_doctype:
        throw MalformedXml{where, "a document type declaration, which could declare entities"};
      case pugi::node_pcdata:
        if (!isXmlSpace(node.value()))
          throw MalformedXml{where, "text outside of the root element"};
        break;
      case pugi::node_cdata: throw MalformedXml{where, "text outside of the root element"};
      default: check(node);
    }
  }
  if (!root_) throw MalformedXml{copy_.data() + text_.size(), "there is no element", "11770"};
}

std::string_view XmlSource::nameOf(pugi::xml_node element) {
  const std::string_view name = element.name();
  if (!isXmlName(name)) throw MalformedXml{name.data(), "XML allows no element of this name"};
  return name;
}

std::string_view XmlSource::nameOf(pugi::xml_attribute attribute) {
  const std::string_view name = attribute.name();
  if (!isXmlName(name)) throw MalformedXml{name.data(), "XML allows no attribute of this name"};
  return name;
}

std::string XmlSource::textOf(pugi::xml_node text) {
  if (text.type() == pugi::node_pcdata) return unescaped(text.value(), XmlPlace::text);
  requireXmlCharacters(text.value());
  std::string result = text.value();
  for (std::size_t at = result.find('\r'); at != std::string::npos; at = result.find('\r', at)) {
    result.replace(at, result.compare(at, 2, "\r\n") == 0 ? 2 : 1, "\n");
  }
  return result;
}

std::string XmlSource::valueOf(pugi::xml_attribute attribute) {
  return unescaped(attribute.value(), XmlPlace::attribute);
}

void XmlSource::check(pugi::xml_node passedOver) {
  const std::string_view value = passedOver.value();
  requireXmlCharacters(value);
  if (passedOver.type() == pugi::node_comment) {
    const std::size_t dashes = value.find("--");
    if (dashes != std::string_view::npos || value.ends_with('-')) {
      throw MalformedXml{value.data() + std::min(dashes, value.size() - 1), "-- inside a comment"};
    }
    return;
  }
  std::string name{passedOver.name()};
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (!isXmlName(passedOver.name()) || name == "xml") {
    throw MalformedXml{passedOver.name(), "XML allows no processing instruction of this name"};
  }
}

TextPosition XmlSource::position(const char* where) const {
  return positionIn(text_, static_cast<std::size_t>(where - copy_.data()));
}

Finding XmlSource::findingOf(const MalformedXml& malformed) const {
  return {.code = malformed.code,
          .severity = Severity::error,
          .position = position(malformed.where),
          .message = malformed.message};
}

TextPosition XmlSource::position(pugi::xml_node node) const {
  const auto offset = static_cast<std::size_t>(node.offset_debug());
  return positionIn(text_, node.type() == pugi::node_element ? offset - 1 : offset);  // the <
}

TextPosition positionIn(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t lineStart = before.rfind('\n') + 1;  // npos + 1 is 0
  return {.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          .column = before.size() - lineStart + 1};
}

}  // namespace ivr
