#include "twiml/writer.hpp"

#include "ivr/core/error.hpp"
#include "ivr/twiml/reader.hpp"
#include "twiml/fields.hpp"
#include "twiml/xml_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
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
template <class Duration>
void append(std::string& xml, const std::variant<Duration, Automatic>& value) {
  if (const auto* duration = std::get_if<Duration>(&value)) {
    append(xml, *duration);
  } else {
    xml += "auto";
  }
}
template <class Value>
void append(std::string& xml, const std::vector<Value>& values) {
  const std::size_t begin = xml.size();
  for (const Value& value : values) {
    if (xml.size() != begin) xml += ' ';
    append(xml, value);
  }
}

template <class Value>
bool isGiven(const std::optional<Value>& value) {
  return value.has_value();
}
template <class Value>
bool isGiven(const std::vector<Value>& values) {
  return !values.empty();
}

/// Writes straight into the text. Texts are escaped here, once.
class Writer {
 public:
  explicit Writer(XmlLayout layout) : isIndented_(layout == XmlLayout::indented) {
    constexpr std::size_t kMostDocuments = 1024;
    xml_.reserve(kMostDocuments);
  }

  [[nodiscard]] std::string write(const std::vector<Verb>& verbs,
                                  const XmlAttributes& otherAttributes) {
    xml_ += R"(<?xml version="1.0" encoding="UTF-8"?>)";
    if (isIndented_) xml_ += '\n';
    xml_ += "<Response";
    writeOthers("Response", otherAttributes, [](std::string_view) { return false; });
    xml_ += '>';
    writeNouns(verbs, 0);
    xml_ += "</Response>";
    if (isIndented_) xml_ += '\n';
    return std::move(xml_);
  }

 private:
  static void requireDepth(int depth) {
    if (depth > kMaxTwimlDepth) {
      refuse("elements of TwiML stand more than " + std::to_string(kMaxTwimlDepth) + " deep");
    }
  }

  /// `content()` writes what stands inside, and may write nothing.
  template <class WriteContent>
  void writeContent(std::string_view name, WriteContent content) {
    xml_ += '>';
    const std::size_t inside = xml_.size();
    content();
    if (xml_.size() == inside) {
      xml_.back() = '/';
      xml_ += '>';
    } else {
      ((xml_ += "</") += name) += '>';
    }
  }

  template <class Element>
  void writeElement(const Element& element, int depth) {
    using Is = Fields<Element>;
    requireDepth(depth);
    (xml_ += '<') += Is::name;
    std::apply([&](const auto&... field) { (writeAttribute(field, element), ...); },
               Is::attributes);
    writeOthers(Is::name, element.otherAttributes, [&](std::string_view name) {
      return std::apply(
          [&](const auto&... field) {
            return ((isGiven(element.*field.member) && field.name == name) || ...);
          },
          Is::attributes);
    });
    writeContent(Is::name, [&] {
      if constexpr (HasText<Element>) writeText(element.*Is::text, depth);
      if constexpr (HasNouns<Element>) writeNouns(element.*Is::nouns, depth);
    });
  }

  void writeElement(const XmlElement& element, int depth) {
    requireDepth(depth);
    if (!isXmlName(element.name)) {
      refuse("XML allows no element of the name \"" + element.name + '"');
    }
    (xml_ += '<') += element.name;
    writeOthers(element.name, element.attributes, [](std::string_view) { return false; });
    writeContent(element.name, [&] {
      for (const auto& part : element.content) writePart(part, depth);
    });
  }

  template <class Element, class Value>
  void writeAttribute(const Field<Element, Value>& field, const Element& element) {
    const Value& value = element.*field.member;
    if (!isGiven(value)) return;
    ((xml_ += ' ') += field.name) += "=\"";
    if constexpr (requires { *value; }) {
      append(xml_, *value);
    } else {
      append(xml_, value);
    }
    (xml_ += field.unit) += '"';
  }

  /// `isTaken(name)` tells whether an attribute of the name has been written already.
  template <class IsTaken>
  void writeOthers(std::string_view element, const XmlAttributes& attributes, IsTaken isTaken) {
    for (auto at = attributes.begin(); at != attributes.end(); ++at) {
      const std::string& name = at->name;
      if (!isXmlName(name)) refuse("XML allows no attribute of the name \"" + name + '"');
      const auto isSame = [&](const XmlAttribute& other) { return other.name == name; };
      if (isTaken(name) || std::any_of(attributes.begin(), at, isSame)) {
        refuse("the attribute " + name + " of <" + std::string{element} + "> is given twice");
      }
      ((xml_ += ' ') += name) += "=\"";
      append(xml_, std::string_view{at->value});
      xml_ += '"';
    }
  }

  void writeText(std::string_view text, int) { appendEscaped(xml_, text, XmlPlace::text); }

  template <class... Elements>
  void writeText(const SsmlText<Elements...>& text, int depth) {
    for (const auto& part : text.parts()) writePart(part, depth);
  }

  /// Text, or an element among text.
  template <class Part>
  void writePart(const Part& part, int depth) {
    std::visit(
        [&](const auto& one) {
          if constexpr (std::is_same_v<decltype(one), const std::string&>) {
            writeText(one, depth);
          } else {
            writeElement(one, depth + 1);
          }
        },
        part);
  }

  template <class Noun>
  void writeNouns(const std::vector<Noun>& nouns, int depth) {
    // Whitespace means nothing between elements; after a text it would be part of it.
    const bool breaksLines = isIndented_ && xml_.back() == '>' && !nouns.empty();
    for (const Noun& noun : nouns) {
      if (breaksLines) breakLine(depth + 1);
      std::visit([&](const auto& one) { writeElement(one, depth + 1); }, noun);
    }
    if (breaksLines) breakLine(depth);
  }

  void breakLine(int depth) {
    xml_ += '\n';
    xml_.append(2 * static_cast<std::size_t>(depth), ' ');
  }

  bool isIndented_;
  std::string xml_;
};

}  // namespace

std::string writeTwiml(const std::vector<Verb>& verbs, const XmlAttributes& otherAttributes,
                       XmlLayout layout) {
  return Writer{layout}.write(verbs, otherAttributes);
}

}  // namespace ivr::twiml
