#include "twiml/reader.hpp"

#include "twiml/attribute_value.hpp"
#include "twiml/codes.hpp"
#include "twiml/fields.hpp"
#include "twiml/spelling.hpp"
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

constexpr std::size_t kMaxAttributes = 100;  ///< Without a type, in one element.

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
  Reader(std::string_view text, Places* places) : text_(text), scanner_(text), places_(places) {}

  [[nodiscard]] TwimlReading read() {
    try {
      return document();
    } catch (const MalformedXml& malformed) {
      report(malformed.code, malformed.where, malformed.message);
      return refused();
    }
  }

 private:
  using Content = XmlScanner::Content;

  TwimlReading document() {
    const std::string_view root = scanner_.root();
    if (root != "Response") {
      static_cast<void>(xmlElement(root, 0));  // it may not even be well-formed
      scanner_.finish();
      report("12102", root.data() - 1,
             "the root element is <" + shortened(root) + ">, not <Response>");
      return refused();
    }
    const std::size_t place = begin(root);
    XmlAttributes attributes = xmlAttributes([&](std::string_view name) {
      report("12200", name.data(), "<Response> has no attribute " + shortened(name));
    });
    beginInside(place);
    std::vector<Verb> verbs;
    verbs.reserve(2);  // most documents have no more, and verbs are big
    for (Content part = scanner_.content(root); part != Content::end;
         part = scanner_.content(root)) {
      if (part == Content::element) {
        emplace(verbs, 1, "Response", 12200);
      } else {
        passOver(part, "Response");
      }
    }
    end(place);
    scanner_.finish();
    return {.twiml = Twiml{std::move(verbs), std::move(attributes)},
            .findings = std::move(findings_)};
  }

  TwimlReading refused() { return {.twiml = {}, .findings = std::move(findings_)}; }

  void report(std::string_view code, const char* where, std::string message) {
    findings_.push_back({.code = code,
                         .severity = severityOf(code),
                         .position = positionOf(where, text_),
                         .message = std::move(message)});
  }

  // Places, if they are wanted.

  std::size_t begin(std::string_view name) {
    if (places_ == nullptr) return 0;
    places_->push_back({.name = name});
    return places_->size() - 1;
  }
  void beginInside(std::size_t place) {
    if (places_ != nullptr) (*places_)[place].insideBegin = scanner_.mark();
  }
  void end(std::size_t place) {
    if (places_ == nullptr) return;
    (*places_)[place].insideEnd = scanner_.contentEnd();
    (*places_)[place].next = places_->size();
  }
  std::optional<RawAttribute> nextAttribute() {
    const auto attribute = scanner_.attribute();
    if (attribute && places_ != nullptr) places_->back().attributes.push_back(attribute->name);
    return attribute;
  }

  // Attributes.

  template <class Element>
  void attributes(Element& element) {
    std::bitset<kAttributeCount<Element> + 1> seen;
    std::size_t next = 0;
    while (const auto attribute = nextAttribute()) {
      const std::size_t index = find(kAttributeNames<Element>, attribute->name, next);
      if (index == kAttributeCount<Element>) {
        otherAttribute(*attribute, Fields<Element>::name, kAttributeNames<Element>,
                       element.otherAttributes);
        continue;
      }
      if (seen[index]) twice(*attribute);
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
  void value(RawAttribute attribute, const FieldFacts& field, std::optional<Value>& member,
             XmlAttributes& others) {
    std::string text = unescaped(attribute);
    if constexpr (std::is_same_v<Value, std::string>) {
      member = std::move(text);
    } else {
      member = parsed<Value>(attribute, field, std::move(text), others);
    }
  }

  template <class Value>
  void value(RawAttribute attribute, const FieldFacts& field, std::vector<Value>& member,
             XmlAttributes& others) {
    auto values = parsed<std::vector<Value>>(attribute, field, unescaped(attribute), others);
    if (values) member = std::move(*values);
  }

  /// A text that cannot be parsed is kept as it is.
  template <class Value>
  std::optional<Value> parsed(RawAttribute attribute, const FieldFacts& field, std::string text,
                              XmlAttributes& others) {
    std::optional<Value> value = parse(Type<Value>{}, text, field.unit);
    const std::string wrong =
        value ? objection(*value, field.limits) : "is not " + std::string{kindOf(Type<Value>{})};
    if (!wrong.empty()) wrongValue(attribute, field, text, wrong);
    if (!value) others.push_back({std::string{field.name}, std::move(text)});
    return value;
  }

  void wrongValue(RawAttribute attribute, const FieldFacts& field, std::string_view text,
                  const std::string& wrong) {
    report(codeText(field.limits.code), attribute.name.data(),
           std::string{field.name} + "=\"" + shortened(text) + "\" " + wrong);
  }

  void otherAttribute(RawAttribute attribute, std::string_view element,
                      std::span<const std::string_view> known, XmlAttributes& others) {
    requireNew(attribute, others);
    others.push_back({std::string{attribute.name}, unescaped(attribute)});
    report("12200", attribute.name.data(),
           '<' + std::string{element} + "> has no attribute " + shortened(attribute.name) +
               didYouMean(attribute.name, known));
  }

  [[noreturn]] static void twice(RawAttribute attribute) {
    throw MalformedXml{attribute.name.data(),
                       "the attribute " + shortened(attribute.name) + " is given twice"};
  }

  /// Section 3.1: attribute names are unique. The limit bounds how long that check takes.
  static void requireNew(RawAttribute attribute, const XmlAttributes& attributes) {
    if (attributes.size() >= kMaxAttributes) {
      throw MalformedXml{attribute.name.data(), "too many attributes"};
    }
    const auto isSame = [&](const XmlAttribute& other) { return other.name == attribute.name; };
    if (std::ranges::any_of(attributes, isSame)) twice(attribute);
  }

  template <class Report>
  XmlAttributes xmlAttributes(Report report) {
    XmlAttributes attributes;
    while (const auto attribute = nextAttribute()) {
      requireNew(*attribute, attributes);
      attributes.push_back({std::string{attribute->name}, unescaped(*attribute)});
      report(attribute->name);
    }
    return attributes;
  }

  // Elements. The name of each has already been read.

  static void requireDepth(std::string_view name, int depth) {
    if (depth > kMaxTwimlDepth) {
      throw MalformedXml{name.data() - 1,
                         "elements stand more than " + std::to_string(kMaxTwimlDepth) + " deep"};
    }
  }

  XmlElement xmlElement(std::string_view name, int depth) {
    requireDepth(name, depth);
    const std::size_t place = begin(name);
    XmlElement element{.name = std::string{name}, .attributes = xmlAttributes([](auto) {})};
    beginInside(place);
    auto& parts = element.content;
    for (Content part = scanner_.content(name); part != Content::end;
         part = scanner_.content(name)) {
      if (part == Content::element) {
        parts.emplace_back(xmlElement(scanner_.name(), depth + 1));
        continue;
      }
      std::string text = unescaped(scanner_, part);
      auto* const last = parts.empty() ? nullptr : std::get_if<std::string>(&parts.back());
      if (last != nullptr) {
        *last += text;
      } else if (!text.empty()) {
        parts.emplace_back(std::move(text));
      }
    }
    end(place);
    return element;
  }

  /// False, partway through, if the element holds another that its type has no room for.
  template <class Element>
  bool element(std::string_view name, Element& element, int depth) {
    requireDepth(name, depth);
    const std::size_t place = begin(name);
    attributes(element);
    beginInside(place);
    for (Content part = scanner_.content(name); part != Content::end;
         part = scanner_.content(name)) {
      if (part == Content::element) {
        if (!child(element, depth + 1)) return false;
      } else if constexpr (HasText<Element>) {
        text(element, part);
      } else {
        passOver(part, Fields<Element>::name);
      }
    }
    end(place);
    return true;
  }

  template <class Element>
  bool child([[maybe_unused]] Element& element, [[maybe_unused]] int depth) {
    using Is = Fields<Element>;
    if constexpr (HasNouns<Element>) {
      if constexpr (HasText<Element>) {
        if (isXmlSpace(element.*Is::text)) (element.*Is::text).clear();
      }
      emplace(element.*Is::nouns, depth, Is::name, unexpectedIn<Element>());
      return true;
    } else if constexpr (HasMixedText<Element>) {
      using Part = typename std::remove_reference_t<decltype(element.*Is::text)>::Part;
      std::vector<Part> one;
      emplace(one, depth, Is::name, unexpectedIn<Element>());
      (element.*Is::text).append(std::move(one.front()));
      return true;
    } else {
      return false;
    }
  }

  template <class Element>
  void text(Element& element, Content part) {
    if constexpr (HasNouns<Element>) {  // whitespace around nouns is not text
      if (!(element.*Fields<Element>::nouns).empty() && isXmlSpace(scanner_.text())) return;
    }
    if constexpr (HasMixedText<Element>) {
      (element.*Fields<Element>::text).append(unescaped(scanner_, part));
    } else {
      append(element.*Fields<Element>::text, unescaped(scanner_, part));
    }
  }

  static void append(std::string& text, std::string more) {
    if (text.empty()) {
      text = std::move(more);  // it mostly comes in one part
    } else {
      text += more;
    }
  }

  void passOver(Content part, std::string_view parent) {
    if (isXmlSpace(scanner_.text())) return;
    const char* const where = scanner_.text().data();
    if (isXmlSpace(unescaped(scanner_, part))) return;
    report("12200", where,
           "text does not belong in <" + std::string{parent} + ">, and nobody hears it");
  }

  template <class Element>
  static constexpr int unexpectedIn() {
    if constexpr (requires { Fields<Element>::unexpected; }) {
      return Fields<Element>::unexpected;
    } else {
      return 12200;
    }
  }

  /// Reads an element into the alternative with its name, or else as an `XmlElement`.
  template <class Noun>
  void emplace(std::vector<Noun>& nouns, int depth, std::string_view parent, int unexpected) {
    const std::string_view name = scanner_.name();
    const std::size_t index = find(kElementNames<Noun>, name, 0);
    const bool isRead = [&]<std::size_t... Index>(std::index_sequence<Index...>) {
      return ((Index == index &&
               emplaceAs<std::variant_alternative_t<Index, Noun>>(nouns, name, depth)) ||
              ...);
    }
    (std::make_index_sequence<std::variant_size_v<Noun>>{});
    if (isRead) return;
    misplaced(name, index < std::variant_size_v<Noun>, parent, unexpected, kElementNames<Noun>);
    nouns.emplace_back(xmlElement(name, depth));
  }

  void misplaced(std::string_view name, bool isKnown, std::string_view parent, int unexpected,
                 std::span<const std::string_view> known) {
    if (isKnown) {
      report("12200", name.data() - 1, "no element may stand inside <" + std::string{name} + '>');
    } else {
      report(codeText(unexpected), name.data() - 1,
             '<' + shortened(name) + "> does not belong in <" + std::string{parent} + '>' +
                 didYouMean(name, known));
    }
  }

  template <class Element, class Noun>
  bool emplaceAs(std::vector<Noun>& nouns, std::string_view name, int depth) {
    if constexpr (requires { Fields<Element>::name; }) {
      const char* const mark = scanner_.mark();
      const std::size_t findings = findings_.size();
      const std::size_t places = places_ == nullptr ? 0 : places_->size();
      nouns.emplace_back(std::in_place_type<Element>);
      if (element(name, std::get<Element>(nouns.back()), depth)) return true;
      nouns.pop_back();
      scanner_.goBack(mark);
      findings_.resize(findings);
      if (places_ != nullptr) places_->resize(places);
    }
    return false;
  }

  std::string_view text_;
  XmlScanner scanner_;
  Places* places_;
  std::vector<Finding> findings_;
};

std::optional<Finding> tooLong(std::string_view text) {
  if (text.size() <= kMaxTwimlBytes) return std::nullopt;
  return Finding{.code = "11750",
                 .severity = Severity::error,
                 .position = positionOf(text.data() + kMaxTwimlBytes, text),
                 .message = "the document is longer than the " + std::to_string(kMaxTwimlBytes) +
                            " bytes that the provider takes"};
}

}  // namespace

TwimlReading readTwiml(std::string_view text, Places* places) {
  if (const auto finding = tooLong(text)) return {.twiml = {}, .findings = {*finding}};
  return Reader{text, places}.read();
}

TwimlReading readTwiml(std::string_view text) { return readTwiml(text, nullptr); }

}  // namespace ivr::twiml
