#include "twiml/xml_scanner.hpp"

#include "core/text.hpp"
#include "twiml/xml_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>

namespace ivr::twiml {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool isSpace(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// What a byte may be in a name (section 2.3).
constexpr unsigned kStartsName = 1;
constexpr unsigned kContinuesName = 2;
constexpr unsigned kNotAscii = 4;  ///< Needs a second look.

constexpr std::array<unsigned char, 256> kNameBytes = [] {
  std::array<unsigned char, 256> bytes{};
  const auto set = [&](unsigned first, unsigned last, unsigned char kind) {
    for (unsigned byte = first; byte <= last; ++byte) bytes[byte] = kind;
  };
  set('a', 'z', kStartsName);
  set('A', 'Z', kStartsName);
  set('_', '_', kStartsName);
  set(':', ':', kStartsName);
  set('0', '9', kContinuesName);
  set('-', '.', kContinuesName);
  set(0x80, 0xFF, kNotAscii);
  return bytes;
}();

unsigned nameByte(char c) noexcept { return kNameBytes[static_cast<unsigned char>(c)]; }

/// Whether a byte is of a name in ASCII, as most are.
constexpr std::array<bool, 256> kIsNameByte = [] {
  std::array<bool, 256> bytes{};
  for (std::size_t byte = 0; byte < bytes.size(); ++byte) {
    bytes[byte] = kNameBytes[byte] == kStartsName || kNameBytes[byte] == kContinuesName;
  }
  return bytes;
}();

}  // namespace

void refuseMany(const RawAttribute& attribute) {
  throw MalformedXml{attribute.name.data(), "too many attributes"};
}

void refuseSecond(const RawAttribute& attribute) {
  throw MalformedXml{attribute.name.data(),
                     "the attribute " + shortened(attribute.name) + " is given twice"};
}

XmlScanner::XmlScanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

char XmlScanner::next(std::ptrdiff_t ahead) const noexcept {
  return end_ - at_ > ahead ? at_[ahead] : '\0';
}

bool XmlScanner::startsWith(std::string_view text) const noexcept {
  return std::string_view{at_, end_}.starts_with(text);
}

bool XmlScanner::take(std::string_view text) noexcept {
  if (!startsWith(text)) return false;
  at_ += text.size();
  return true;
}

bool XmlScanner::takeSpace() noexcept {
  const char* at = at_;
  while (at != end_ && isSpace(*at)) ++at;
  return std::exchange(at_, at) != at;
}

std::string_view XmlScanner::takeUntil(std::string_view end, const char* unfinished) {
  const std::string_view rest{at_, end_};
  const std::size_t length = rest.find(end);
  if (length == std::string_view::npos) throw MalformedXml{end_, unfinished};
  at_ += length + end.size();
  return rest.substr(0, length);
}

std::string_view XmlScanner::takeName(const char* missing) {
  const char* const first = at_;
  const char* last = first;
  while (last != end_ && kIsNameByte[static_cast<unsigned char>(*last)]) ++last;
  unsigned kinds = 0;
  for (; last != end_; ++last) {
    const unsigned kind = nameByte(*last);
    if (kind == 0) break;
    kinds |= kind;
  }
  if (last == first) throw MalformedXml{first, missing};
  at_ = last;
  const std::string_view name{first, last};
  const bool isPlain = kinds < kNotAscii && nameByte(*first) == kStartsName;
  if (!isPlain && !isXmlName(name)) throw MalformedXml{first, "XML allows no such name"};
  return name;
}

// Section 3.1: Name S? '=' S? '"' value '"'
RawAttribute XmlScanner::takeAttribute() {
  const std::string_view name = takeName("an attribute or the end of the tag should stand here");
  takeSpace();
  if (next() != '=') throw MalformedXml{at_, "the value of an attribute begins with ="};
  ++at_;
  takeSpace();
  const char quote = next();
  if (quote != '"' && quote != '\'') {
    throw MalformedXml{at_, "the value of an attribute stands in quotes"};
  }
  ++at_;
  const void* const close = std::memchr(at_, quote, static_cast<std::size_t>(end_ - at_));
  if (close == nullptr) throw MalformedXml{at_ - 1, "the quotes are not closed"};
  const std::string_view value{at_, static_cast<const char*>(close)};
  at_ += value.size() + 1;
  return {name, value};
}

// Section 2.8
void XmlScanner::takeDeclaration() {
  if (take(R"(<?xml version="1.0" encoding="UTF-8"?>)")) return;  // the usual spelling
  const char* const start = at_;
  if (!startsWith("<?xml") || end_ - at_ < 6 || !isSpace(at_[5])) return;
  at_ += 5;
  static constexpr std::string_view kOrder[] = {"version", "encoding", "standalone"};
  const auto* expected = std::begin(kOrder);
  bool isAscii = false;
  while (true) {
    const bool isSpaced = takeSpace();
    if (take("?>")) break;
    if (!isSpaced) throw MalformedXml{at_, "a blank should stand here"};
    const auto [name, value] = takeAttribute();
    const auto* const found = std::find(expected, std::end(kOrder), name);
    const bool isVersion = found == std::begin(kOrder);
    if (found == std::end(kOrder) || (expected == std::begin(kOrder) && !isVersion)) {
      throw MalformedXml{name.data(), "this does not belong here in an XML declaration"};
    }
    expected = found + 1;
    const std::string lower = lowerCase(value);
    if (isVersion && value != "1.0") {
      throw MalformedXml{value.data(), "the provider reads XML 1.0 only", "12101"};
    }
    if (name == "encoding") {
      isAscii = lower == "us-ascii";
      if (!isAscii && lower != "utf-8") {
        throw MalformedXml{value.data(), "the provider reads UTF-8 only"};
      }
    }
    if (name == "standalone" && value != "yes" && value != "no") {
      throw MalformedXml{value.data(), "standalone is yes or no"};
    }
  }
  if (expected == std::begin(kOrder)) {
    throw MalformedXml{start, "an XML declaration begins with the version"};
  }
  if (!isAscii) return;
  const char* const other = std::find_if(at_, end_, [](char c) { return (c & 0x80) != 0; });
  if (other != end_) throw MalformedXml{other, "the declaration says US-ASCII, and this is not"};
}

// Sections 2.5 and 2.6
bool XmlScanner::takeCommentOrInstruction() {
  if (next() != '<' || (next(1) != '!' && next(1) != '?')) return false;
  const char* const start = at_;
  if (take("<!--")) {
    const std::string_view comment = takeUntil("--", "a comment is not closed");
    if (!take(">")) throw MalformedXml{at_ - 2, "-- inside a comment"};
    requireXmlCharacters(comment);
    if (comments_ != nullptr) comments_->push_back(comment);
    return true;
  }
  if (!take("<?")) return false;
  const std::string_view target = takeName("a processing instruction has a name");
  if (lowerCase(target) == "xml") {
    throw MalformedXml{start, "an XML declaration stands at the very beginning"};
  }
  if (take("?>")) return true;
  if (!takeSpace()) throw MalformedXml{at_, "a blank should stand here"};
  requireXmlCharacters(takeUntil("?>", "a processing instruction is not closed"));
  return true;
}

void XmlScanner::takeMisc() {
  do takeSpace();
  while (takeCommentOrInstruction());
}

std::string_view XmlScanner::root() {
  const bool isAscii = (next() & 0x80) == 0;
  if (!isAscii) {
    take(kByteOrderMark);
    if (startsWith("\xFF\xFE") || startsWith("\xFE\xFF")) {
      throw MalformedXml{at_, "this is UTF-16, and the provider reads UTF-8 only"};
    }
  }
  takeDeclaration();
  takeMisc();
  if (at_ == end_) throw MalformedXml{at_, "there is no element", "11770"};
  if (startsWith("<!DOCTYPE")) {
    throw MalformedXml{at_, "a document type declaration, which could declare entities"};
  }
  if (!take("<")) throw MalformedXml{at_, "text outside of the root element"};
  name_ = takeName("a name should stand here");
  return name_;
}

std::optional<RawAttribute> XmlScanner::attribute() {
  const bool isSpaced = takeSpace();
  if (next() == '>') {
    ++at_;
    isEmpty_ = false;
    return std::nullopt;
  }
  if (next() == '/' && next(1) == '>') {
    at_ += 2;
    isEmpty_ = true;
    return std::nullopt;
  }
  if (!isSpaced) throw MalformedXml{at_, "a blank or the end of the tag should stand here"};
  return takeAttribute();
}

XmlScanner::Content XmlScanner::content(std::string_view open) {
  if (isEmpty_) {
    isEmpty_ = false;
    contentEnd_ = at_;
    return Content::end;
  }
  do {
    if (at_ == end_) throw MalformedXml{at_, '<' + shortened(open) + "> is not closed"};
    if (*at_ != '<') {
      const void* const tag = std::memchr(at_, '<', static_cast<std::size_t>(end_ - at_));
      const char* const last = tag == nullptr ? end_ : static_cast<const char*>(tag);
      text_ = {at_, last};
      at_ = last;
      return Content::text;
    }
    if (next(1) == '/') {
      contentEnd_ = at_;
      takeEndTag(open);
      return Content::end;
    }
    if (next(1) == '!' && take("<![CDATA[")) {
      text_ = takeUntil("]]>", "a CDATA section is not closed");
      return Content::cdata;
    }
    if (next(1) != '!' && next(1) != '?') break;  // mostly
  } while (takeCommentOrInstruction());
  ++at_;
  name_ = takeName("a name should stand here; write < as &lt;");
  return Content::element;
}

// Section 3.1: '</' Name S? '>'
void XmlScanner::takeEndTag(std::string_view open) {
  at_ += 2;
  const char* const name = at_;
  if (!take(open) || (at_ != end_ && nameByte(*at_) != 0)) {
    throw MalformedXml{name, '<' + shortened(open) + "> must be closed first"};
  }
  takeSpace();
  if (next() != '>') throw MalformedXml{at_, "the end of the tag should stand here"};
  ++at_;
}

void XmlScanner::finish() {
  takeMisc();
  if (at_ == end_) return;
  const bool isElement = next() == '<' && next(1) != '!';
  throw MalformedXml{
      at_, isElement ? "a document has one root element" : "text outside of the root element"};
}

void XmlScanner::goBack(const char* mark) noexcept {
  at_ = mark;
  isEmpty_ = false;
}

std::string shortened(std::string_view text) {
  constexpr std::size_t kMaximum = 40;
  if (text.size() <= kMaximum) return std::string{text};
  std::size_t end = kMaximum;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string{text.substr(0, end)} + "...";
}

std::size_t byteOrderMarkLength(std::string_view text) noexcept {
  return text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
}

TextPosition positionOf(const char* where, std::string_view text) {
  text.remove_prefix(byteOrderMarkLength(text));
  const std::string_view before{text.data(), std::max(where, text.data())};
  const std::size_t lineStart = before.rfind('\n') + 1;  // npos + 1 is 0
  return {.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          .column = before.size() - lineStart + 1};
}

}  // namespace ivr::twiml
