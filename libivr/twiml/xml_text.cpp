#include "twiml/xml_text.hpp"

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "twiml/xml_scanner.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

namespace ivr::twiml {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// Whether a byte may need attention: markup, control characters, the first byte of U+FFFE.
constexpr std::array<bool, 256> kIsSpecial = [] {
  std::array<bool, 256> special{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) special[byte] = true;
  for (const char byte : {'&', '<', '>', '"', '\xEF'})
    special[static_cast<unsigned char>(byte)] = true;
  return special;
}();

bool isSpecial(char byte) noexcept { return kIsSpecial[static_cast<unsigned char>(byte)]; }

/// The escape of a special character; empty if it needs none.
std::string_view escape(char character, XmlPlace place) noexcept {
  const bool inAttribute = place == XmlPlace::attribute;
  switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return inAttribute ? "&quot;" : "";
    // Readers turn these into other whitespace unless they are escaped (sections 2.11 and 3.3.3).
    case '\r': return "&#13;";
    case '\n': return inAttribute ? "&#10;" : "";
    case '\t': return inAttribute ? "&#9;" : "";
    default: return "";
  }
}

using Bytes [[gnu::vector_size(16)]] = signed char;

/// Sets all bits of each byte that needs a second look: markup, control characters, and bytes that
/// are not ASCII, which count as negative.
Bytes notPlain(Bytes bytes) noexcept {
  return (bytes < ' ') | (bytes == '<') | (bytes == '>') | (bytes == '&') | (bytes == '"');
}

Bytes bytesAt(const char* first) noexcept {
  Bytes bytes;
  std::memcpy(&bytes, first, sizeof bytes);
  return bytes;
}

struct CodePoints {
  std::uint32_t first;
  std::uint32_t last;
};

// Section 2.3, NameStartChar, and what NameChar adds to it.
constexpr CodePoints kNameStart[] = {
    {':', ':'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
    {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
    {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
    {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
constexpr CodePoints kNameMore[] = {{'-', '-'},   {'.', '.'},     {'0', '9'},
                                    {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};

template <std::size_t Count>
bool isIn(const CodePoints (&ranges)[Count], std::uint32_t code) noexcept {
  return std::ranges::any_of(
      ranges, [code](CodePoints range) { return range.first <= code && code <= range.last; });
}

/// Takes the first character off well-formed UTF-8.
std::uint32_t takeCodePoint(std::string_view& text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t at = 1; at < length; ++at) {
    code = code << 6 | (static_cast<unsigned char>(text[at]) & 0x3FU);
  }
  text.remove_prefix(length);
  return code;
}

void appendUtf8(std::string& text, std::uint32_t code) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | code >> 12);
    tail(6), tail(0);
  } else {
    text += static_cast<char>(0xF0 | code >> 18);
    tail(12), tail(6), tail(0);
  }
}

bool isXmlCharacter(std::uint32_t code) noexcept {  // section 2.2
  return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code < 0xD800) ||
         (code >= 0xE000 && code < 0xFFFE) || (code >= 0x10000 && code <= 0x10FFFF);
}

/// The character of `#38`, `#x26` or `amp`: what stands between `&` and `;` (section 4.1).
std::optional<std::uint32_t> referencedCharacter(std::string_view name) {
  if (name == "amp") return '&';
  if (name == "lt") return '<';
  if (name == "gt") return '>';
  if (name == "quot") return '"';
  if (name == "apos") return '\'';
  if (!name.starts_with('#')) return std::nullopt;
  const bool isHex = name.starts_with("#x");
  name.remove_prefix(isHex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), code, isHex ? 16 : 10);
  const bool isWhole = error == std::errc{} && end == name.data() + name.size() && !name.empty();
  if (!isWhole || !isXmlCharacter(code)) return std::nullopt;
  return code;
}

/// Where a text stops being well-formed UTF-8.
const char* firstMalformed(std::string_view text) {
  // Rare, so kept simple: the longest well-formed prefix of whole characters.
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (!isUtf8(text.substr(at, length))) return text.data() + at;
    at += length;
  }
  return text.data() + text.size();
}

/// Appends the meaning of the special character at the start of `xml`, and returns how many bytes
/// of `xml` it takes.
std::size_t unescapeOne(std::string_view xml, XmlPlace place, std::string& text) {
  if (forbiddenLength(xml) > 0) {
    throw MalformedXml{xml.data(), "XML does not allow this character"};
  }
  const char character = xml.front();
  const bool isMarkup = place != XmlPlace::cdata;
  const bool inAttribute = place == XmlPlace::attribute;
  if (character == '&' && isMarkup) {
    const std::size_t end = std::min(xml.find(';'), xml.size());
    const auto code = referencedCharacter(xml.substr(1, end - 1));
    if (!code || end == xml.size()) {
      throw MalformedXml{xml.data(), "this & begins no reference that XML knows; write &amp;"};
    }
    appendUtf8(text, *code);
    return end + 1;
  }
  if (character == '<' && isMarkup) {
    throw MalformedXml{xml.data(), "a < in the value of an attribute; write &lt;"};
  }
  if (character == '>' && place == XmlPlace::text && text.ends_with("]]") &&
      std::string_view{xml.data() - 2, 2} == "]]") {
    throw MalformedXml{xml.data() - 2, "]]> outside of a CDATA section; write ]]&gt;"};
  }
  // Line ends become \n (section 2.11), whitespace in attributes becomes blanks (section 3.3.3).
  if (character == '\r') {
    text += inAttribute ? ' ' : '\n';
    return xml.starts_with("\r\n") ? 2 : 1;
  }
  const bool isBlank = inAttribute && (character == '\n' || character == '\t');
  text += isBlank ? ' ' : character;
  return 1;
}

}  // namespace

// Looks at sixteen characters at a time; reading and writing are fast because most texts are plain.
bool isPlain(std::string_view text) noexcept {
  constexpr std::size_t kStep = sizeof(Bytes);
  constexpr std::size_t kFew = 6;
  Bytes found{};
  if (text.size() <= kFew) {
    return std::ranges::all_of(text, [](char byte) { return byte >= 0x20 && !isSpecial(byte); });
  }
  if (text.size() < kStep) {
    char padded[kStep];
    std::memset(padded, ' ', kStep);
    std::ranges::copy(text, padded);
    found = notPlain(bytesAt(padded));
  } else {
    const char* const last = text.data() + text.size() - kStep;
    for (const char* at = text.data(); at < last; at += kStep) found |= notPlain(bytesAt(at));
    found |= notPlain(bytesAt(last));  // checks some of it again
  }
  std::uint64_t halves[2];
  std::memcpy(halves, &found, sizeof halves);
  return (halves[0] | halves[1]) == 0;
}

std::size_t forbiddenLength(std::string_view text) noexcept {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x20 && first != '\t' && first != '\n' && first != '\r') return 1;
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF") ? 3 : 0;
}

void appendEscaped(std::string& xml, std::string_view text, XmlPlace place) {
  if (isPlain(text)) {
    xml += text;
    return;
  }
  std::string repaired;
  if (!isUtf8(text)) {
    repaired = toUtf8(text);
    text = repaired;
  }
  while (!text.empty()) {
    const auto special = std::ranges::find_if(text, isSpecial);
    xml.append(text.begin(), special);
    text.remove_prefix(static_cast<std::size_t>(special - text.begin()));
    if (text.empty()) return;
    const std::size_t forbidden = forbiddenLength(text);
    const std::string_view instead = forbidden > 0 ? kReplacement : escape(text.front(), place);
    xml += instead.empty() ? text.substr(0, 1) : instead;
    text.remove_prefix(std::max<std::size_t>(forbidden, 1));
  }
}

bool isXmlName(std::string_view name) noexcept {
  if (name.empty() || !isUtf8(name) || !isIn(kNameStart, takeCodePoint(name))) return false;
  while (!name.empty()) {
    const std::uint32_t code = takeCodePoint(name);
    if (!isIn(kNameStart, code) && !isIn(kNameMore, code)) return false;
  }
  return true;
}

void requireXmlCharacters(std::string_view xml) {
  if (!isUtf8(xml)) throw MalformedXml{firstMalformed(xml), "this is not UTF-8"};
  for (auto at = std::ranges::find_if(xml, isSpecial); at != xml.end();
       at = std::find_if(at + 1, xml.end(), isSpecial)) {
    if (forbiddenLength({at, xml.end()}) > 0) {
      throw MalformedXml{&*at, "XML does not allow this character"};
    }
  }
}

std::string unescaped(std::string_view xml, XmlPlace place) {
  if (isPlain(xml)) return std::string{xml};
  if (!isUtf8(xml)) throw MalformedXml{firstMalformed(xml), "this is not UTF-8"};
  std::string text;
  text.reserve(xml.size());
  while (!xml.empty()) {
    const auto special = std::ranges::find_if(xml, isSpecial);
    text.append(xml.begin(), special);
    xml.remove_prefix(static_cast<std::size_t>(special - xml.begin()));
    if (!xml.empty()) xml.remove_prefix(unescapeOne(xml, place, text));
  }
  return text;
}

bool isXmlSpace(std::string_view text) noexcept { return trimmed(text).empty(); }

}  // namespace ivr::twiml
