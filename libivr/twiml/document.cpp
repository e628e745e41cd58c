#include "ivr/twiml/document.hpp"

#include "core/text.hpp"
#include "ivr/twiml/reader.hpp"
#include "twiml/codes.hpp"
#include "twiml/element_schema.hpp"
#include "twiml/xml_scanner.hpp"
#include "twiml/xml_text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <utility>

namespace ivr::twiml {

namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

/// Where each line begins. The byte order mark is no part of the first.
std::vector<const char*> lineStartsOf(std::string_view text) {
  std::vector<const char*> starts{text.data() + byteOrderMarkLength(text)};
  const char* const end = text.data() + text.size();
  for (const char* at = starts.front();;) {
    at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (at == nullptr) return starts;
    starts.push_back(++at);
  }
}

bool isAddress(std::string_view attribute) {
  return attribute == "action" || attribute == "url" || attribute.ends_with("Url") ||
         attribute.ends_with("Callback");
}

}  // namespace

struct TwimlDocument::Content {
  explicit Content(std::string words) : text(std::move(words)), lineStarts(lineStartsOf(text)) {}

  std::string text;
  std::vector<const char*> lineStarts;
  std::vector<Element> elements;
  std::vector<Attribute> attributes;
  std::vector<Text> texts;
  std::vector<Comment> comments;
  std::deque<std::string> unescaped;  ///< What is not in the text itself.
  std::optional<Finding> refusal;
};

/// Reads a text into its parts. Elements are known by their numbers until all of them are there.
class TwimlDocument::Builder {
 public:
  explicit Builder(Content& content) : content_(content), scanner_(content.text) {
    scanner_.collectComments(&comments_);
  }

  void build() {
    try {
      document();
    } catch (const MalformedXml& malformed) {
      refuse("not-xml", malformed);
    }
    while (!open_.empty()) close();
    link();
  }

 private:
  void document() {
    const std::string_view text = content_.text;
    if (text.size() > kMaxTwimlBytes) {
      throw MalformedXml{text.data() + kMaxTwimlBytes,
                         "the document is longer than the " + std::to_string(kMaxTwimlBytes) +
                             " bytes that the provider takes",
                         "11750"};
    }
    const std::string_view root = scanner_.root();
    begin(root, root == "Response" ? &responseSchema() : nullptr);
    while (!open_.empty()) inside();
    scanner_.finish();
    if (root != "Response") {
      throw MalformedXml{root.data() - 1,
                         "the root element is <" + shortened(root) + ">, not <Response>", "12102"};
    }
  }

  void inside() {
    const auto part = scanner_.content(content_.elements[open_.back()].name);
    takeComments();
    switch (part) {
      case XmlScanner::Content::element: {
        const ElementSchema* const parent = content_.elements[open_.back()].schema;
        const std::string_view name = scanner_.name();
        begin(name, parent == nullptr ? nullptr : parent->child(name));
        break;
      }
      case XmlScanner::Content::text: addText(XmlPlace::text); break;
      case XmlScanner::Content::cdata: addText(XmlPlace::cdata); break;
      case XmlScanner::Content::end: close(); break;
    }
  }

  void begin(std::string_view name, const ElementSchema* schema) {
    if (open_.size() > static_cast<std::size_t>(kMaxTwimlDepth)) {
      throw MalformedXml{name.data() - 1,
                         "elements stand more than " + std::to_string(kMaxTwimlDepth) + " deep"};
    }
    takeComments();
    const auto number = static_cast<std::uint32_t>(content_.elements.size());
    content_.elements.push_back({.name = name, .schema = schema});
    parents_.push_back(open_.empty() ? kNone : open_.back());
    open_.push_back(number);
    const std::size_t first = content_.attributes.size();
    std::uint64_t seen = 0;  // one bit for each of 64 kinds of names
    while (const auto attribute = scanner_.attribute()) {
      requireNew(*attribute, first, seen);
      content_.attributes.push_back({.name = attribute->name,
                                     .value = kept(attribute->value, XmlPlace::attribute),
                                     .written = attribute->value});
    }
    attributeCounts_.push_back(static_cast<std::uint32_t>(content_.attributes.size() - first));
    const char* const inside = scanner_.mark();
    if (!scanner_.isEmptyTag())
      content_.elements[number].content = std::string_view{inside, inside};
  }

  void requireNew(const RawAttribute& attribute, std::size_t first, std::uint64_t& seen) const {
    requireFewAttributes(attribute, content_.attributes.size() - first);
    const unsigned kind = static_cast<unsigned char>(attribute.name.back()) * 7U +
                          static_cast<unsigned char>(attribute.name.front()) * 3U +
                          static_cast<unsigned>(attribute.name.size());
    const std::uint64_t bit = std::uint64_t{1} << (kind % 64);
    if ((std::exchange(seen, seen | bit) & bit) == 0) return;
    const auto same = [&](const Attribute& other) { return other.name == attribute.name; };
    if (std::any_of(content_.attributes.begin() + static_cast<std::ptrdiff_t>(first),
                    content_.attributes.end(), same)) {
      refuseSecond(attribute);
    }
  }

  void close() {
    const std::uint32_t number = open_.back();
    open_.pop_back();
    Element& element = content_.elements[number];
    element.inside = content_.elements.size() - number - 1;
    if (element.content.data() != nullptr && scanner_.contentEnd() >= element.content.data()) {
      element.content = {element.content.data(), scanner_.contentEnd()};
    }
  }

  void addText(XmlPlace place) {
    const std::string_view written = scanner_.text();
    if (isXmlSpace(written)) return;
    const std::string_view text = kept(written, place);
    if (isXmlSpace(text)) return;
    content_.texts.push_back({.text = text, .written = written});
    textElements_.push_back(open_.back());
  }

  /// What `written` stands for: mostly itself.
  std::string_view kept(std::string_view written, XmlPlace place) {
    if (isPlain(written)) return written;
    std::string text = unescaped(written, place);
    if (text == written) return written;
    return content_.unescaped.emplace_back(std::move(text));
  }

  /// Those read since the last call; all of them stand in the innermost open element.
  void takeComments() {
    for (const std::string_view text : comments_) {
      content_.comments.push_back({.text = text});
      commentPlaces_.emplace_back(open_.empty() ? kNone : open_.back(), content_.elements.size());
    }
    comments_.clear();
  }

  void refuse(std::string_view rule, const MalformedXml& malformed) {
    if (malformed.code == "11750") rule = "too-long";
    if (malformed.code == "11770") rule = "empty-document";
    if (malformed.code == "12101") rule = "xml-version";
    if (malformed.code == "12102") rule = "not-twiml";
    const std::string_view before{content_.text.data(), malformed.where};
    content_.refusal = Finding{.rule = rule,
                               .code = malformed.code,
                               .severity = severityOf(malformed.code),
                               .position = twiml::positionOf(malformed.where, content_.text),
                               .message = malformed.message};
  }

  /// Turns numbers into pointers.
  void link() {
    const Element* const first = content_.elements.data();
    std::span<const Attribute> left = content_.attributes;
    attributeCounts_.resize(content_.elements.size());  // that of the last one, if it was cut off
    for (std::size_t number = 0; number < content_.elements.size(); ++number) {
      Element& element = content_.elements[number];
      if (parents_[number] != kNone) element.parent = first + parents_[number];
      element.attributes = left.first(attributeCounts_[number]);
      left = left.subspan(attributeCounts_[number]);
    }
    for (std::size_t number = 0; number < content_.texts.size(); ++number) {
      content_.texts[number].element = first + textElements_[number];
    }
    for (std::size_t number = 0; number < content_.comments.size(); ++number) {
      const auto [parent, next] = commentPlaces_[number];
      if (next < content_.elements.size() && parents_[next] == parent) {
        content_.comments[number].next = first + next;
      }
    }
  }

  Content& content_;
  XmlScanner scanner_;
  std::vector<std::uint32_t> open_;
  std::vector<std::uint32_t> parents_;
  std::vector<std::uint32_t> attributeCounts_;
  std::vector<std::uint32_t> textElements_;
  std::vector<std::string_view> comments_;
  std::vector<std::pair<std::uint32_t, std::size_t>> commentPlaces_;
};

TwimlDocument::TwimlDocument(std::string text) {
  auto content = std::make_unique<Content>(std::move(text));
  Builder{*content}.build();
  content_ = std::move(content);
}
TwimlDocument::TwimlDocument(TwimlDocument&&) noexcept = default;
TwimlDocument& TwimlDocument::operator=(TwimlDocument&&) noexcept = default;
TwimlDocument::~TwimlDocument() = default;

std::string_view TwimlDocument::text() const noexcept { return content_->text; }
const std::optional<Finding>& TwimlDocument::refusal() const noexcept { return content_->refusal; }
std::span<const TwimlDocument::Element> TwimlDocument::elements() const noexcept {
  return content_->elements;
}
std::span<const TwimlDocument::Text> TwimlDocument::texts() const noexcept {
  return content_->texts;
}
std::span<const TwimlDocument::Comment> TwimlDocument::comments() const noexcept {
  return content_->comments;
}

std::vector<TwimlDocument::Address> TwimlDocument::addresses() const {
  std::vector<Address> all;
  const auto add = [&](const Element& element, const Attribute* attribute, std::string_view url) {
    url = trimmed(url);
    if (url.empty()) return;
    const TextPosition position =
        attribute == nullptr ? positionOf(element) : positionOf(*attribute);
    all.push_back({.element = &element, .attribute = attribute, .url = url, .position = position});
  };
  for (const Element& element : elements()) {
    for (const Attribute& attribute : element.attributes) {
      if (isAddress(attribute.name)) add(element, &attribute, attribute.value);
    }
    if (element.name != "Play" && element.name != "Redirect") continue;
    for (const Text& text : textsIn(element)) {
      if (text.element == &element) add(element, nullptr, text.text);
    }
  }
  return all;
}

std::span<const TwimlDocument::Text> TwimlDocument::textsIn(const Element& element) const noexcept {
  const char* const begin = element.content.data();
  const char* const end = begin + element.content.size();
  const auto startOf = [](const Text& text) { return text.written.data(); };
  const auto first = std::ranges::lower_bound(content_->texts, begin, {}, startOf);
  auto last = first;  // mostly there are few
  while (last != content_->texts.end() && startOf(*last) < end) ++last;
  return {first, last};
}

std::string TwimlDocument::textIn(const Element& element) const {
  std::string all;
  for (const Text& text : textsIn(element)) all += text.text;
  return std::string{trimmed(all)};
}

TextPosition TwimlDocument::positionOf(const Element& element) const noexcept {
  return positionOf(std::string_view{element.name.data() - 1, 1});
}
TextPosition TwimlDocument::positionOf(const Attribute& attribute) const noexcept {
  return positionOf(attribute.name);
}
TextPosition TwimlDocument::positionOf(const Text& text) const noexcept {
  const std::size_t blanks = text.written.find_first_not_of(kWhitespace);
  return positionOf(text.written.substr(std::min(blanks, text.written.size())));
}

TextPosition TwimlDocument::positionOf(std::string_view part) const noexcept {
  const std::vector<const char*>& starts = content_->lineStarts;
  auto line = std::ranges::upper_bound(starts, part.data());
  if (line != starts.begin()) --line;
  return {.line = static_cast<std::size_t>(line - starts.begin()) + 1,
          .column = static_cast<std::size_t>(std::max(part.data(), *line) - *line) + 1};
}

std::string_view TwimlDocument::line(std::size_t number) const noexcept {
  const std::vector<const char*>& starts = content_->lineStarts;
  if (number == 0 || number > starts.size()) return {};
  const char* const end = content_->text.data() + content_->text.size();
  const std::string_view rest{starts[number - 1], end};
  return trimmed(rest.substr(0, rest.find('\n')), "\r");
}

const TwimlDocument::Attribute* TwimlDocument::Element::find(
    std::string_view attribute) const noexcept {
  const auto found = std::ranges::find(attributes, attribute, &Attribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

std::optional<std::string_view> TwimlDocument::Element::value(
    std::string_view attribute) const noexcept {
  const Attribute* const found = find(attribute);
  if (found == nullptr) return std::nullopt;
  return found->value;
}

}  // namespace ivr::twiml
