#include "ivr/twiml/reader.hpp"

#include "twiml/attribute_value.hpp"
#include "twiml/fields.hpp"
#include "twiml/schema_findings.hpp"
#include "twiml/xml_scanner.hpp"
#include "twiml/xml_text.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ivr::twiml {

namespace {

template <class Element>
constexpr std::size_t kAttributeCount =
    std::tuple_size_v<std::remove_cvref_t<decltype(Fields<Element>::attributes)>>;

template <class Element>
constexpr auto kAttributeNames = std::apply(
    [](const auto&... field) {
      return std::array<std::string_view, sizeof...(field)>{field.name...};
    },
    Fields<Element>::attributes);

/// Empty for text, and for an element of any name.
template <class Alternative>
constexpr std::string_view elementName() {
  if constexpr (requires { Fields<Alternative>::name; }) {
    return Fields<Alternative>::name;
  } else {
    return {};
  }
}

/// The names of a variant's alternatives.
template <class Part>
constexpr auto kElementNames = []<std::size_t... Index>(std::index_sequence<Index...>) {
  return std::array<std::string_view, sizeof...(Index)>{
      elementName<std::variant_alternative_t<Index, Part>>()...};
}
(std::make_index_sequence<std::variant_size_v<Part>>{});

/// The names are in alphabetical order, as they mostly are in documents, so the search starts after
/// the one found last.
std::size_t find(std::span<const std::string_view> names, std::string_view name,
                 std::size_t next) noexcept {
  const auto isName = [name](std::string_view other) {
    return other.size() == name.size() && other.back() == name.back() && other == name;
  };
  for (std::size_t index = next; index < names.size(); ++index) {
    if (isName(names[index])) return index;
  }
  for (std::size_t index = 0; index < std::min(next, names.size()); ++index) {
    if (isName(names[index])) return index;
  }
  return names.size();
}

class Reader {
 public:
  explicit Reader(std::string_view text) : scanner_(text) {}

  /// Throws `MalformedXml` for what the provider would refuse.
  [[nodiscard]] Twiml read() {
    const std::string_view root = scanner_.root();
    if (root != "Response") throw MalformedXml{root.data() - 1, {}, "12102"};
    XmlAttributes attributes = xmlAttributes();
    if (!attributes.empty()) isSound_ = false;
    std::vector<Verb> verbs;
    verbs.reserve(2);  // most documents have no more, and verbs are big
    for (Content part = scanner_.content(root); part != Content::end;
         part = scanner_.content(root)) {
      if (part == Content::element) {
        emplace(verbs, 1);
      } else {
        passOver(part);
      }
    }
    scanner_.finish();
    return Twiml{std::move(verbs), std::move(attributes)};
  }

  /// Whether all that was read has a type, and every value fits.
  [[nodiscard]] bool isSound() const noexcept { return isSound_; }

 private:
  using Content = XmlScanner::Content;

  // Attributes.

  template <class Element>
  void attributes(Element& element) {
    std::bitset<kAttributeCount<Element> + 1> seen;
    std::size_t next = 0;
    std::size_t count = 0;
    while (const auto attribute = scanner_.attribute()) {
      requireFewAttributes(*attribute, count++);
      const std::size_t index = find(kAttributeNames<Element>, attribute->name, next);
      if (index == kAttributeCount<Element>) {
        otherAttribute(*attribute, element.otherAttributes);
        isSound_ = false;
        continue;
      }
      if (seen[index]) refuseSecond(*attribute);
      seen[index] = true;
      next = index + 1;
      std::apply(
          [&, at = std::size_t{0}](const auto&... field) mutable {
            static_cast<void>(((at++ == index && (value(*attribute, field, element.*field.member,
                                                        element.otherAttributes),
                                                  true)) ||
                               ...));
          },
          Fields<Element>::attributes);
    }
  }

  template <class Value>
  void value(const RawAttribute& attribute, const FieldFacts& field, std::optional<Value>& member,
             XmlAttributes& others) {
    std::string text = unescaped(attribute.value, XmlPlace::attribute);
    if constexpr (std::is_same_v<Value, std::string>) {
      member = std::move(text);
    } else {
      member = parsed<Value>(field, std::move(text), others);
    }
  }

  template <class Value>
  void value(const RawAttribute& attribute, const FieldFacts& field, std::vector<Value>& member,
             XmlAttributes& others) {
    auto values =
        parsed<std::vector<Value>>(field, unescaped(attribute.value, XmlPlace::attribute), others);
    if (values) member = std::move(*values);
  }

  /// A text that cannot be parsed is kept as it is.
  template <class Value>
  std::optional<Value> parsed(const FieldFacts& field, std::string text, XmlAttributes& others) {
    std::optional<Value> value = parse(Type<Value>{}, text, field.unit);
    if (!value || !objection(*value, field.limits).empty()) isSound_ = false;
    if (!value) others.push_back({std::string{field.name}, std::move(text)});
    return value;
  }

  static void otherAttribute(RawAttribute attribute, XmlAttributes& others) {
    const auto isSame = [&](const XmlAttribute& other) { return other.name == attribute.name; };
    if (std::ranges::any_of(others, isSame)) refuseSecond(attribute);
    others.push_back(
        {std::string{attribute.name}, unescaped(attribute.value, XmlPlace::attribute)});
  }

  XmlAttributes xmlAttributes() {
    XmlAttributes attributes;
    while (const auto attribute = scanner_.attribute()) {
      requireFewAttributes(*attribute, attributes.size());
      otherAttribute(*attribute, attributes);
    }
    return attributes;
  }

  // Elements. The name of each has already been read.

  static void requireDepth(std::string_view name, int depth) {
    if (depth > kMaxTwimlDepth) throw MalformedXml{name.data() - 1, {}};
  }

  XmlElement xmlElement(std::string_view name, int depth) {
    requireDepth(name, depth);
    XmlElement element{.name = std::string{name}, .attributes = xmlAttributes()};
    auto& parts = element.content;
    for (Content part = scanner_.content(name); part != Content::end;
         part = scanner_.content(name)) {
      if (part == Content::element) {
        parts.emplace_back(xmlElement(scanner_.name(), depth + 1));
        continue;
      }
      std::string text = read(part);
      auto* const last = parts.empty() ? nullptr : std::get_if<std::string>(&parts.back());
      if (last != nullptr) {
        *last += text;
      } else if (!text.empty()) {
        parts.emplace_back(std::move(text));
      }
    }
    return element;
  }

  /// False, partway through, if the element holds another that its type has no room for.
  template <class Element>
  bool element(std::string_view name, Element& element, int depth) {
    requireDepth(name, depth);
    attributes(element);
    for (Content part = scanner_.content(name); part != Content::end;
         part = scanner_.content(name)) {
      if (part == Content::element) {
        if (!child(element, depth + 1)) return false;
      } else if constexpr (HasText<Element>) {
        text(element, part);
      } else {
        passOver(part);
      }
    }
    return true;
  }

  template <class Element>
  bool child([[maybe_unused]] Element& element, [[maybe_unused]] int depth) {
    using Is = Fields<Element>;
    if constexpr (HasNouns<Element>) {
      if constexpr (HasText<Element>) {
        if (isXmlSpace(element.*Is::text)) (element.*Is::text).clear();
      }
      emplace(element.*Is::nouns, depth);
      return true;
    } else if constexpr (HasMixedText<Element>) {
      using Part = typename std::remove_reference_t<decltype(element.*Is::text)>::Part;
      std::vector<Part> one;
      emplace(one, depth);
      (element.*Is::text).append(std::move(one.front()));
      return true;
    } else {
      return false;
    }
  }

  template <class Element>
  void text(Element& element, Content part) {
    if constexpr (HasNouns<Element>) {  // what stands behind a noun continues no text before it
      if (!(element.*Fields<Element>::nouns).empty()) return passOver(part);
    }
    if constexpr (HasMixedText<Element>) {
      (element.*Fields<Element>::text).append(read(part));
    } else {
      append(element.*Fields<Element>::text, read(part));
    }
  }

  static void append(std::string& text, std::string more) {
    if (text.empty()) {
      text = std::move(more);  // it mostly comes in one part
    } else {
      text += more;
    }
  }

  [[nodiscard]] std::string read(Content part) const {
    return unescaped(scanner_.text(), part == Content::cdata ? XmlPlace::cdata : XmlPlace::text);
  }

  void passOver(Content part) {
    if (!isXmlSpace(scanner_.text()) && !isXmlSpace(read(part))) isSound_ = false;
  }

  /// Reads an element into the alternative with its name, or else as an `XmlElement`.
  template <class Noun>
  void emplace(std::vector<Noun>& nouns, int depth) {
    const std::string_view name = scanner_.name();
    const std::size_t index = find(kElementNames<Noun>, name, 0);
    const bool isRead = [&]<std::size_t... Index>(std::index_sequence<Index...>) {
      return ((Index == index &&
               emplaceAs<std::variant_alternative_t<Index, Noun>>(nouns, name, depth)) ||
              ...);
    }
    (std::make_index_sequence<std::variant_size_v<Noun>>{});
    if (isRead) return;
    isSound_ = false;
    nouns.emplace_back(xmlElement(name, depth));
  }

  template <class Element, class Noun>
  bool emplaceAs(std::vector<Noun>& nouns, std::string_view name, int depth) {
    if constexpr (requires { Fields<Element>::name; }) {
      const char* const mark = scanner_.mark();
      nouns.emplace_back(std::in_place_type<Element>);
      if (element(name, std::get<Element>(nouns.back()), depth)) return true;
      nouns.pop_back();
      scanner_.goBack(mark);
    }
    return false;
  }

  XmlScanner scanner_;
  bool isSound_ = true;
};

}  // namespace

TwimlReading readTwiml(std::string_view text) {
  TwimlReading reading;
  bool isSound = false;
  if (text.size() <= kMaxTwimlBytes) {
    Reader reader{text};
    try {
      reading.twiml.emplace(reader.read());
      isSound = reader.isSound();
    } catch (const MalformedXml&) {  // the findings say why
    }
  }
  // What is wrong is rare, and said by those who know the places.
  if (!isSound) reading.findings = schemaFindings(TwimlDocument{std::string{text}});
  return reading;
}

}  // namespace ivr::twiml
