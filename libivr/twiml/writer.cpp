#include "twiml/writer.hpp"

#include "ivr/core/error.hpp"
#include "ivr/twiml/reader.hpp"
#include "twiml/fields.hpp"
#include "twiml/xml_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace ivr::twiml {

namespace {

[[noreturn]] void refuse(const std::string& what) { throw Error{ErrorKind::usage, what}; }

/// A text that grows. Short pieces are copied in place, which is what most of writing is.
class Buffer {
 public:
  void put(char character) {
    if (size_ == text_.size()) grow(1);
    text_[size_++] = character;
  }
  void put(std::string_view text) {
    if (text.empty()) return;
    if (text.size() > text_.size() - size_) grow(text.size());
    std::memcpy(text_.data() + size_, text.data(), text.size());
    size_ += text.size();
  }
  void putEscaped(std::string_view text, XmlPlace place) {
    if (isPlain(text)) return put(text);
    std::string escaped;
    appendEscaped(escaped, text, place);
    put(escaped);
  }
  void putSpaces(std::size_t count) {
    for (; count > 0; --count) put(' ');
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// The character that was put last.
  [[nodiscard]] char& back() noexcept { return text_[size_ - 1]; }

  [[nodiscard]] std::string take() {
    text_.resize(size_);
    return std::move(text_);
  }

 private:
  void grow(std::size_t length) { text_.resize(std::max(2 * text_.size(), size_ + length)); }

  static constexpr std::size_t kMostDocuments = 1024;

  std::string text_ = std::string(kMostDocuments, '\0');
  std::size_t size_ = 0;
};

void append(Buffer& xml, std::string_view text) { xml.putEscaped(text, XmlPlace::attribute); }
void append(Buffer& xml, long long number) {
  std::array<char, 20> digits{};
  const char* const end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  xml.put(std::string_view{digits.data(), end});
}
void append(Buffer& xml, int number) { append(xml, static_cast<long long>(number)); }
void append(Buffer& xml, bool value) {
  xml.put(value ? std::string_view{"true"} : std::string_view{"false"});
}
template <class Word>
void append(Buffer& xml, const Choice<Word>& choice) {
  append(xml, std::string_view{choice.text()});
}
template <class Period>
void append(Buffer& xml, std::chrono::duration<std::int64_t, Period> duration) {
  append(xml, static_cast<long long>(duration.count()));
}
template <class Duration>
void append(Buffer& xml, const std::variant<Duration, Automatic>& value) {
  if (const auto* duration = std::get_if<Duration>(&value)) {
    append(xml, *duration);
  } else {
    xml.put("auto");
  }
}
template <class Value>
void append(Buffer& xml, const std::vector<Value>& values) {
  const std::size_t begin = xml.size();
  for (const Value& value : values) {
    if (xml.size() != begin) xml.put(' ');
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
  explicit Writer(XmlLayout layout) : isIndented_(layout == XmlLayout::indented) {}

  [[nodiscard]] std::string write(const std::vector<Verb>& verbs,
                                  const XmlAttributes& otherAttributes) {
    xml_.put(R"(<?xml version="1.0" encoding="UTF-8"?>)");
    if (isIndented_) xml_.put('\n');
    xml_.put("<Response");
    writeOthers("Response", otherAttributes, [](std::string_view) { return false; });
    xml_.put('>');
    writeNouns(verbs, 0);
    xml_.put("</Response>");
    if (isIndented_) xml_.put('\n');
    return xml_.take();
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
    xml_.put('>');
    const std::size_t inside = xml_.size();
    content();
    if (xml_.size() == inside) {
      xml_.back() = '/';
      xml_.put('>');
    } else {
      xml_.put("</");
      xml_.put(name);
      xml_.put('>');
    }
  }

  template <class Element>
  void writeElement(const Element& element, int depth) {
    using Is = Fields<Element>;
    requireDepth(depth);
    xml_.put('<');
    xml_.put(Is::name);
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
    xml_.put('<');
    xml_.put(element.name);
    writeOthers(element.name, element.attributes, [](std::string_view) { return false; });
    writeContent(element.name, [&] {
      for (const auto& part : element.content) writePart(part, depth);
    });
  }

  template <class Element, class Value>
  void writeAttribute(const Field<Element, Value>& field, const Element& element) {
    const Value& value = element.*field.member;
    if (!isGiven(value)) return;
    beginAttribute(field.name);
    if constexpr (requires { *value; }) {
      append(xml_, *value);
    } else {
      append(xml_, value);
    }
    xml_.put(field.unit);
    xml_.put('"');
  }

  void beginAttribute(std::string_view name) {
    xml_.put(' ');
    xml_.put(name);
    xml_.put("=\"");
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
      beginAttribute(name);
      append(xml_, std::string_view{at->value});
      xml_.put('"');
    }
  }

  void writeText(std::string_view text, int) { xml_.putEscaped(text, XmlPlace::text); }

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
    xml_.put('\n');
    xml_.putSpaces(2 * static_cast<std::size_t>(depth));
  }

  bool isIndented_;
  Buffer xml_;
};

}  // namespace

std::string writeTwiml(const std::vector<Verb>& verbs, const XmlAttributes& otherAttributes,
                       XmlLayout layout) {
  return Writer{layout}.write(verbs, otherAttributes);
}

}  // namespace ivr::twiml
