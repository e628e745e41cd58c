#include "twiml/writer.hpp"

#include "ivr/core/error.hpp"
#include "ivr/twiml/reader.hpp"
#include "twiml/fields.hpp"
#include "twiml/xml_text.hpp"

#include <array>
#include <charconv>
#include <pugixml.hpp>
#include <string_view>

namespace ivr::twiml {

namespace {

[[noreturn]] void refuse(const std::string& what) { throw Error{ErrorKind::usage, what}; }

void append(std::string& xml, std::string_view text) {
  appendEscaped(xml, text, XmlPlace::attribute);
}
void append(std::string& xml, long long number) {
  std::array<char, 20> digits{};
  xml.append(digits.data(), std::to_chars(digits.begin(), digits.end(), number).ptr);
}
void append(std::string& xml, int number) { append(xml, static_cast<long long>(number)); }
void append(std::string& xml, bool value) { xml += value ? "true" : "false"; }
template <class Word>
void append(std::string& xml, const Choice<Word>& choice) {
  append(xml, std::string_view{choice.text()});
}
template <class Period>
void append(std::string& xml, std::chrono::duration<std::int64_t, Period> duration) {
  append(xml, static_cast<long long>(duration.count()));
}
void append(std::string& xml, const SecondsOrAuto& value) {
  if (const auto* seconds = std::get_if<std::chrono::seconds>(&value)) {
    append(xml, *seconds);
  } else {
    xml += "auto";
  }
}

/// Builds the document. Texts are escaped here, once; pugixml is told not to.
class Writer {
 public:
  explicit Writer(XmlLayout layout) : isIndented_(layout == XmlLayout::indented) {
    scratch_.reserve(256);
  }

  [[nodiscard]] std::string write(const std::vector<Verb>& verbs,
                                  const XmlAttributes& otherAttributes) {
    pugi::xml_node response = document_.append_child("Response");
    writeOthers(response, otherAttributes);
    writeNouns(response, verbs, 0);
    if (verbs.empty()) response.append_child(pugi::node_pcdata);  // <Response></Response>
    Output output;
    output.text.reserve(1024);
    output.text += R"(<?xml version="1.0" encoding="UTF-8"?>)";
    if (isIndented_) output.text += '\n';
    document_.save(output, "",
                   pugi::format_raw | pugi::format_no_declaration | pugi::format_no_escapes,
                   pugi::encoding_utf8);
    if (isIndented_) output.text += '\n';
    return std::move(output.text);
  }

 private:
  struct Output final : pugi::xml_writer {
    std::string text;
    void write(const void* data, std::size_t size) override {
      text.append(static_cast<const char*>(data), size);
    }
  };

  static void requireDepth(int depth) {
    if (depth > kMaxTwimlDepth) {
      refuse("elements of TwiML stand more than " + std::to_string(kMaxTwimlDepth) + " deep");
    }
  }

  template <class Element>
  void writeElement(pugi::xml_node parent, const Element& element, int depth) {
    using Is = Fields<Element>;
    requireDepth(depth);
    pugi::xml_node node = parent.append_child(Is::name.data());
    std::apply([&](const auto&... field) { (writeAttribute(node, field, element), ...); },
               Is::attributes);
    writeOthers(node, element.otherAttributes);
    if constexpr (HasText<Element>) writeText(node, element.*Is::text, depth);
    if constexpr (HasNouns<Element>) writeNouns(node, element.*Is::nouns, depth);
  }

  void writeElement(pugi::xml_node parent, const XmlElement& element, int depth) {
    requireDepth(depth);
    if (!isXmlName(element.name))
      refuse("XML allows no element of the name \"" + element.name + '"');
    pugi::xml_node node = parent.append_child(element.name.c_str());
    writeOthers(node, element.attributes);
    for (const auto& part : element.content) writePart(node, part, depth);
  }

  template <class Element, class Value>
  void writeAttribute(pugi::xml_node node, const Field<Element, std::optional<Value>>& field,
                      const Element& element) {
    const std::optional<Value>& value = element.*field.member;
    if (!value) return;
    scratch_.clear();
    append(scratch_, *value);
    scratch_ += field.unit;
    node.append_attribute(field.name.data()).set_value(scratch_.c_str());
  }

  template <class Element, class Value>
  void writeAttribute(pugi::xml_node node, const Field<Element, std::vector<Value>>& field,
                      const Element& element) {
    const std::vector<Value>& values = element.*field.member;
    if (values.empty()) return;
    scratch_.clear();
    for (const Value& value : values) {
      if (!scratch_.empty()) scratch_ += ' ';
      append(scratch_, value);
    }
    node.append_attribute(field.name.data()).set_value(scratch_.c_str());
  }

  void writeOthers(pugi::xml_node node, const XmlAttributes& attributes) {
    for (const auto& [name, value] : attributes) {
      if (!isXmlName(name)) refuse("XML allows no attribute of the name \"" + name + '"');
      if (node.attribute(name.c_str())) {
        refuse("the attribute " + name + " of <" + node.name() + "> is given twice");
      }
      scratch_.clear();
      append(scratch_, value);
      node.append_attribute(name.c_str()).set_value(scratch_.c_str());
    }
  }

  void writeText(pugi::xml_node node, std::string_view text, int) {
    if (text.empty()) return;
    scratch_.clear();
    appendEscaped(scratch_, text, XmlPlace::text);
    node.append_child(pugi::node_pcdata).set_value(scratch_.c_str());
  }

  template <class... Elements>
  void writeText(pugi::xml_node node, const SsmlText<Elements...>& text, int depth) {
    for (const auto& part : text.parts()) writePart(node, part, depth);
  }

  /// Text, or an element among text.
  template <class Part>
  void writePart(pugi::xml_node node, const Part& part, int depth) {
    std::visit(
        [&](const auto& one) {
          if constexpr (std::is_same_v<decltype(one), const std::string&>) {
            writeText(node, one, depth);
          } else {
            writeElement(node, one, depth + 1);
          }
        },
        part);
  }

  template <class Noun>
  void writeNouns(pugi::xml_node node, const std::vector<Noun>& nouns, int depth) {
    // Whitespace means nothing between elements; after a text it would be part of it.
    const bool breaksLines = isIndented_ && !node.first_child() && !nouns.empty();
    for (const Noun& noun : nouns) {
      if (breaksLines) breakLine(node, depth + 1);
      std::visit([&](const auto& one) { writeElement(node, one, depth + 1); }, noun);
    }
    if (breaksLines) breakLine(node, depth);
  }

  void breakLine(pugi::xml_node node, int depth) {
    scratch_.assign(1, '\n');
    scratch_.append(2 * static_cast<std::size_t>(depth), ' ');
    node.append_child(pugi::node_pcdata).set_value(scratch_.c_str());
  }

  bool isIndented_;
  pugi::xml_document document_;
  std::string scratch_;  ///< One text at a time.
};

}  // namespace

std::string writeTwiml(const std::vector<Verb>& verbs, const XmlAttributes& otherAttributes,
                       XmlLayout layout) {
  return Writer{layout}.write(verbs, otherAttributes);
}

}  // namespace ivr::twiml
