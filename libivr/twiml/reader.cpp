#include "twiml/reader.hpp"

#include "twiml/codes.hpp"
#include "twiml/fields.hpp"
#include "twiml/spelling.hpp"
#include "twiml/words.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ivr {

namespace {

constexpr int kDeepest = 100;

// ---- Values of attributes
// ------------------------------------------------------------------------- Each takes a text or
// says no; `kind<T>` says in words what it would have taken.

template <class Number>
bool parseNumber(std::string_view text, Number& number) {
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  return error == std::errc{} && end == last;
}

bool parse(std::string&& text, std::string_view, int& value) { return parseNumber(text, value); }

bool parse(std::string&& text, std::string_view, bool& value) {
  value = text == "true";
  return value || text == "false";
}

template <class Word>
bool parse(std::string&& text, std::string_view, Choice<Word>& value) {
  value = Choice<Word>{std::move(text)};
  return true;
}

bool parse(std::string&& text, std::string_view, std::chrono::seconds& value) {
  std::int64_t count = 0;
  if (!parseNumber(text, count)) return false;
  value = std::chrono::seconds{count};
  return true;
}

/// A plain number of milliseconds; with a unit, `500ms`, `2s` or `0.5s`.
bool parse(std::string&& text, std::string_view unit, std::chrono::milliseconds& value) {
  std::string_view digits = text;
  std::int64_t count = 0;
  if (unit.empty() || digits.ends_with(unit)) {
    digits.remove_suffix(unit.size());
    if (!parseNumber(digits, count)) return false;
    value = std::chrono::milliseconds{count};
    return true;
  }
  if (!digits.ends_with('s')) return false;
  digits.remove_suffix(1);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  std::string thousandths{digits.substr(std::min(point + 1, digits.size()))};
  if (thousandths.size() > 3 || thousandths.find_first_not_of("0123456789") != std::string::npos) {
    return false;
  }
  if (point < digits.size() && thousandths.empty()) return false;
  thousandths.resize(3, '0');
  constexpr std::size_t kMostDigits = 9;  // far from where milliseconds end
  if (point > kMostDigits ||
      !parseNumber(std::string{digits.substr(0, point)} + thousandths, count)) {
    return false;
  }
  value = std::chrono::milliseconds{count};
  return point > 0;
}

bool parse(std::string&& text, std::string_view unit, SecondsOrAuto& value) {
  if (text == "auto") {
    value = Automatic{};
    return true;
  }
  std::chrono::seconds seconds{};
  if (!parse(std::move(text), unit, seconds)) return false;
  value = seconds;
  return true;
}

template <class Value>
bool parse(std::string&& text, std::string_view unit, std::optional<Value>& value) {
  Value parsed = [] {
    if constexpr (std::is_default_constructible_v<Value>)
      return Value{};
    else
      return Value{std::string{}};
  }();
  if (!parse(std::move(text), unit, parsed)) return false;
  value = std::move(parsed);
  return true;
}

template <class Value>
bool parse(std::string&& text, std::string_view unit, std::vector<Value>& values) {
  std::string_view rest = text;
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
    if (rest.empty()) return !values.empty();
    const std::size_t end = std::min(rest.find_first_of(" \t\r\n"), rest.size());
    std::optional<Value> value;
    if (!parse(std::string{rest.substr(0, end)}, unit, value)) {
      values.clear();
      return false;
    }
    values.push_back(std::move(*value));
    rest.remove_prefix(end);
  }
}

template <class Value>
constexpr std::string_view kKind = "a text";
template <>
constexpr std::string_view kKind<int> = "a whole number";
template <>
constexpr std::string_view kKind<bool> = "true or false";
template <>
constexpr std::string_view kKind<std::chrono::seconds> = "a whole number of seconds";
template <>
constexpr std::string_view kKind<std::chrono::milliseconds> = "a number of milliseconds";
template <>
constexpr std::string_view kKind<SecondsOrAuto> = "a whole number of seconds, or auto";
template <class Word>
constexpr std::string_view kKind<Choice<Word>> = "a word";
template <class Value>
constexpr std::string_view kKind<std::optional<Value>> = kKind<Value>;
template <class Value>
constexpr std::string_view kKind<std::vector<Value>> = "a list of words";
template <>
constexpr std::string_view kKind<std::vector<int>> = "a list of whole numbers";

// ---- What is wrong with a value that could be read
// ------------------------------------------------ Each returns a sentence, or nothing.

template <class Value>
std::string objection(const Value&, const Limits&) {
  return {};
}

std::string outside(std::int64_t value, const Limits& limits) {
  if (limits.least && value < *limits.least) {
    return "must be " + std::to_string(*limits.least) + " or more";
  }
  if (limits.most && value > *limits.most) {
    return "must be " + std::to_string(*limits.most) + " or less";
  }
  return {};
}
std::string objection(int value, const Limits& limits) { return outside(value, limits); }
template <class Period>
std::string objection(std::chrono::duration<std::int64_t, Period> value, const Limits& limits) {
  return outside(value.count(), limits);
}
std::string objection(const SecondsOrAuto& value, const Limits& limits) {
  const auto* seconds = std::get_if<std::chrono::seconds>(&value);
  return seconds != nullptr ? objection(*seconds, limits) : std::string{};
}
template <class Word>
std::string objection(const Choice<Word>& choice, const Limits&) {
  using Known = Words<Word>;
  if (Known::isOpen || std::ranges::count(Known::all, choice.text()) > 0) return {};
  std::string all;
  for (const std::string_view word : Known::all) {
    if (all.size() > 200) return "is no word that TwiML knows here";
    all += (all.empty() ? "" : ", ") + std::string{word};
  }
  return "must be " + std::string{Known::all.size() > 1 ? "one of " : ""} + all;
}
template <class Value>
std::string objection(const std::optional<Value>& value, const Limits& limits) {
  return value ? objection(*value, limits) : std::string{};
}
template <class Value>
std::string objection(const std::vector<Value>& values, const Limits& limits) {
  for (const Value& value : values) {
    if (std::string text = objection(value, limits); !text.empty()) return text;
  }
  return {};
}

// ---- Names
// ----------------------------------------------------------------------------------------

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

/// Of what a variant holds.
template <class Part>
constexpr auto kElementNames = []<std::size_t... Index>(std::index_sequence<Index...>) {
  return std::array<std::string_view, sizeof...(Index)>{
      elementName<std::variant_alternative_t<Index, Part>>()...};
}
(std::make_index_sequence<std::variant_size_v<Part>>{});

/// The names stand by alphabet, and so they mostly do in documents: looks behind the one found last
/// first.
template <std::size_t Count>
std::size_t find(const std::array<std::string_view, Count>& names, std::string_view name,
                 std::size_t next) {
  for (std::size_t index = next; index < Count; ++index) {
    if (names[index] == name) return index;
  }
  for (std::size_t index = 0; index < std::min(next, Count); ++index) {
    if (names[index] == name) return index;
  }
  return Count;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  return '"' + std::string{text.substr(0, kLongest)} + (text.size() > kLongest ? "...\"" : "\"");
}

bool isText(pugi::xml_node node) {
  return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

// ---- The tree
// -------------------------------------------------------------------------------------

class Reader {
 public:
  explicit Reader(const XmlSource& source) : source_(source) {}

  [[nodiscard]] TwimlReading read() {
    try {
      return document();
    } catch (const MalformedXml& malformed) {
      findings_.push_back(source_.findingOf(malformed));
      return {.twiml = {}, .findings = std::move(findings_)};
    }
  }

 private:
  TwimlReading document() {
    const pugi::xml_node root = source_.root();
    if (std::string_view{root.name()} != "Response") {
      const std::string name{XmlSource::nameOf(root)};
      xmlElement(root, 0);  // it may not even be well-formed
      report("12102", source_.position(root), "the root element is <" + name + ">, not <Response>");
      return {.twiml = {}, .findings = std::move(findings_)};
    }
    XmlAttributes attributes = xmlAttributes(root);
    for (const pugi::xml_attribute attribute : root.attributes()) {
      report("12200", source_.position(attribute),
             "<Response> has no attribute " + std::string{attribute.name()});
    }
    std::vector<Verb> verbs = nouns<Verb>(root, 1, "Response", 12200);
    return {.twiml = Twiml{std::move(verbs), std::move(attributes)},
            .findings = std::move(findings_)};
  }

  void report(std::string_view code, TextPosition position, std::string message) {
    findings_.push_back({.code = code,
                         .severity = severityOf(code),
                         .position = position,
                         .message = std::move(message)});
  }

  template <class Element>
  void attributes(pugi::xml_node node, Element& element) {
    std::bitset<kAttributeCount<Element> + 1> seen;
    std::size_t next = 0;
    for (const pugi::xml_attribute attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      const std::size_t index = find(kAttributeNames<Element>, name, next);
      if (index == kAttributeCount<Element>) {
        otherAttribute(attribute, element);
        continue;
      }
      if (seen[index]) twice(attribute);
      seen[index] = true;
      next = index + 1;
      [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        static_cast<void>(
            ((Index == index &&
              (value(attribute, element, std::get<Index>(Fields<Element>::attributes)), true)) ||
             ...));
      }
      (std::make_index_sequence<kAttributeCount<Element>>{});
    }
    requireUnique(element.otherAttributes, node);
  }

  template <class Element, class Value>
  void value(pugi::xml_attribute attribute, Element& element, const Field<Element, Value>& field) {
    std::string text = XmlSource::valueOf(attribute);
    constexpr bool isAnyText = std::is_same_v<Value, std::optional<std::string>>;
    if constexpr (isAnyText) {
      element.*field.member = std::move(text);
    } else {
      Value& value = element.*field.member;
      std::string copy = text;
      std::string wrong;
      if (parse(std::move(copy), field.unit, value)) {
        wrong = objection(value, field.limits);
      } else {
        wrong = "is not " + std::string{kKind<Value>};
        element.otherAttributes.push_back({std::string{field.name}, text});
      }
      if (!wrong.empty()) {
        report(codeText(field.limits.code), source_.position(attribute),
               std::string{field.name} + "=" + quoted(text) + ' ' + wrong);
      }
    }
  }

  template <class Element>
  void otherAttribute(pugi::xml_attribute attribute, Element& element) {
    const std::string name{XmlSource::nameOf(attribute)};
    element.otherAttributes.push_back({name, XmlSource::valueOf(attribute)});
    report("12200", source_.position(attribute),
           '<' + std::string{Fields<Element>::name} + "> has no attribute " + name +
               didYouMean(name, kAttributeNames<Element>));
  }

  [[noreturn]] static void twice(pugi::xml_attribute attribute) {
    throw MalformedXml{attribute.name(),
                       "the attribute " + std::string{attribute.name()} + " is given twice"};
  }

  /// Section 3.1: attribute names are unique. Attributes that have a member have been seen to.
  static void requireUnique(const XmlAttributes& attributes, pugi::xml_node node) {
    if (attributes.size() < 2) return;
    std::vector<std::string_view> names;
    names.reserve(attributes.size());
    for (const XmlAttribute& attribute : attributes) names.emplace_back(attribute.name);
    std::ranges::sort(names);
    const auto repeated = std::ranges::adjacent_find(names);
    if (repeated == names.end()) return;
    bool isFirst = true;
    for (const pugi::xml_attribute attribute : node.attributes()) {
      if (attribute.name() != *repeated) continue;
      if (!isFirst) twice(attribute);
      isFirst = false;
    }
  }

  static XmlAttributes xmlAttributes(pugi::xml_node node) {
    XmlAttributes attributes;
    for (const pugi::xml_attribute attribute : node.attributes()) {
      attributes.push_back(
          {std::string{XmlSource::nameOf(attribute)}, XmlSource::valueOf(attribute)});
    }
    requireUnique(attributes, node);
    return attributes;
  }

  XmlElement xmlElement(pugi::xml_node node, int depth) {
    requireDepth(node, depth);
    XmlElement element{.name = std::string{XmlSource::nameOf(node)},
                       .attributes = xmlAttributes(node)};
    for (const pugi::xml_node child : node) {
      if (child.type() == pugi::node_element) {
        element.content.emplace_back(xmlElement(child, depth + 1));
      } else if (isText(child)) {
        std::string text = XmlSource::textOf(child);
        auto* last =
            element.content.empty() ? nullptr : std::get_if<std::string>(&element.content.back());
        if (last != nullptr) {
          *last += text;
        } else if (!text.empty()) {
          element.content.emplace_back(std::move(text));
        }
      } else {
        XmlSource::check(child);
      }
    }
    return element;
  }

  static void requireDepth(pugi::xml_node node, int depth) {
    if (depth > kDeepest) {
      throw MalformedXml{node.name() - 1,
                         "elements stand more than " + std::to_string(kDeepest) + " deep"};
    }
  }

  template <class Element>
  void element(pugi::xml_node node, Element& element, int depth) {
    requireDepth(node, depth);
    attributes(node, element);
    if constexpr (HasText<Element>) {
      text(node, element.*Fields<Element>::text, depth, Fields<Element>::name);
    }
    if constexpr (HasNouns<Element>) {
      int unexpected = 12200;
      if constexpr (requires { Fields<Element>::unexpected; }) {
        unexpected = Fields<Element>::unexpected;
      }
      using Held = std::remove_reference_t<decltype(element.*Fields<Element>::nouns)>;
      element.*Fields<Element>::nouns = nouns<typename Held::value_type>(
          node, depth + 1, Fields<Element>::name, unexpected, HasText<Element>);
    }
    if constexpr (!HasText<Element> && !HasNouns<Element>) noContent(node, Fields<Element>::name);
  }

  /// Text alone. Where nouns may stand beside it, whitespace around them is not text.
  void text(pugi::xml_node node, std::string& text, int, std::string_view) {
    const bool hasElements =
        !node.find_child([](pugi::xml_node child) { return child.type() == pugi::node_element; })
             .empty();
    for (const pugi::xml_node child : node) {
      if (!isText(child)) {
        if (child.type() != pugi::node_element) XmlSource::check(child);
      } else if (!hasElements || !isXmlSpace(child.value())) {
        text += XmlSource::textOf(child);
      }
    }
  }

  /// Text with SSML in it.
  template <class... Elements>
  void text(pugi::xml_node node, SsmlText<Elements...>& text, int depth, std::string_view parent) {
    using Part = typename SsmlText<Elements...>::Part;
    for (const pugi::xml_node child : node) {
      if (child.type() == pugi::node_element) {
        text.append(part<Part>(child, depth + 1, parent, 12200));
      } else if (isText(child)) {
        text.append(XmlSource::textOf(child));
      } else {
        XmlSource::check(child);
      }
    }
  }

  /// Elements, in their order.
  template <class Noun>
  std::vector<Noun> nouns(pugi::xml_node node, int depth, std::string_view parent, int unexpected,
                          bool mayHoldText = false) {
    std::vector<Noun> nouns;
    std::size_t count = 0;
    for (const pugi::xml_node child : node)
      if (child.type() == pugi::node_element) ++count;
    nouns.reserve(count);
    for (const pugi::xml_node child : node) {
      if (child.type() == pugi::node_element) {
        emplace(nouns, child, depth, parent, unexpected);
      } else if (!mayHoldText) {
        passOver(child, parent);
      }
    }
    return nouns;
  }

  void noContent(pugi::xml_node node, std::string_view parent) {
    for (const pugi::xml_node child : node) passOver(child, parent);
  }

  void passOver(pugi::xml_node node, std::string_view parent) {
    if (!isText(node)) {
      XmlSource::check(node);
    } else if (!isXmlSpace(XmlSource::textOf(node))) {
      report("12200", source_.position(node),
             "text does not belong in <" + std::string{parent} + ">, and nobody hears it");
    }
  }

  template <class Noun>
  void emplace(std::vector<Noun>& nouns, pugi::xml_node node, int depth, std::string_view parent,
               int unexpected) {
    const auto& names = kElementNames<Noun>;
    const std::size_t index = find(names, node.name(), 0);
    const bool isPlaced = [&]<std::size_t... Index>(std::index_sequence<Index...>) {
      return ((Index == index &&
               emplaceAs<std::variant_alternative_t<Index, Noun>>(nouns, node, depth)) ||
              ...);
    }
    (std::make_index_sequence<std::variant_size_v<Noun>>{});
    if (!isPlaced) nouns.emplace_back(other<Noun>(node, depth, parent, unexpected));
  }

  template <class Element, class Noun>
  bool emplaceAs(std::vector<Noun>& nouns, pugi::xml_node node, int depth) {
    if constexpr (requires { Fields<Element>::name; }) {
      if (!holds<Element>(node)) return false;
      element(node, std::get<Element>(nouns.emplace_back(std::in_place_type<Element>)), depth);
      return true;
    } else {
      return false;
    }
  }

  template <class Part>
  Part part(pugi::xml_node node, int depth, std::string_view parent, int unexpected) {
    std::vector<Part> one;
    emplace(one, node, depth, parent, unexpected);
    return std::move(one.front());
  }

  /// Whether the type has room for what stands inside the element.
  template <class Element>
  static bool holds(pugi::xml_node node) {
    if constexpr (HasNouns<Element>) {
      return true;
    } else {
      if constexpr (HasText<Element>) {
        if constexpr (!std::is_same_v<decltype(Fields<Element>::text),
                                      std::string Element::*const>) {
          return true;
        }
      }
      return node
          .find_child([](pugi::xml_node child) { return child.type() == pugi::node_element; })
          .empty();
    }
  }

  /// An element that has no type, or not here.
  template <class Noun>
  XmlElement other(pugi::xml_node node, int depth, std::string_view parent, int unexpected) {
    const std::string name{XmlSource::nameOf(node)};
    const bool isKnown = find(kElementNames<Noun>, name, 0) < std::variant_size_v<Noun>;
    if (isKnown) {
      report("12200", source_.position(node), "no element may stand inside <" + name + '>');
    } else {
      report(codeText(unexpected), source_.position(node),
             '<' + name + "> does not belong in <" + std::string{parent} + '>' +
                 didYouMean(name, kElementNames<Noun>));
    }
    return xmlElement(node, depth);
  }

  const XmlSource& source_;
  std::vector<Finding> findings_;
};

}  // namespace

std::optional<Finding> tooLong(std::string_view text) {
  if (text.size() <= kLongestTwiml) return std::nullopt;
  return Finding{.code = "11750",
                 .severity = Severity::error,
                 .position = positionIn(text, kLongestTwiml),
                 .message = "the document is " + std::to_string(text.size()) +
                            " bytes long, and the provider takes " + std::to_string(kLongestTwiml)};
}

TwimlReading readSource(const XmlSource& source) {
  if (source.problem()) return {.twiml = {}, .findings = {*source.problem()}};
  return Reader{source}.read();
}

TwimlReading readTwiml(std::string_view text) {
  if (const auto finding = tooLong(text)) return {.twiml = {}, .findings = {*finding}};
  return readSource(XmlSource{text});
}

}  // namespace ivr
