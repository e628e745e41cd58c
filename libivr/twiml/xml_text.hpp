#pragma once
// The characters and names of XML 1.0 (fifth edition).

#include <string>
#include <string_view>

namespace ivr::twiml {

/// Where a text stands, which decides what is escaped.
enum class XmlPlace { text, attribute, cdata };

/// The length of the character at the start of well-formed UTF-8 if XML forbids it, even escaped
/// (section 2.2): control characters, U+FFFE and U+FFFF. Otherwise 0.
[[nodiscard]] std::size_t forbiddenLength(std::string_view text) noexcept;

/// Appends `text` to `xml`, escaped so that it is read as the same text. Malformed UTF-8 and
/// forbidden characters become U+FFFD.
void appendEscaped(std::string& xml, std::string_view text, XmlPlace place);

/// Section 2.3: whether `name` may be the name of an element or attribute.
[[nodiscard]] bool isXmlName(std::string_view name) noexcept;

/// Whether a text stands for itself wherever it stands: printable ASCII without markup.
[[nodiscard]] bool isPlain(std::string_view text) noexcept;

/// The text that `xml` stands for, with its escapes resolved. Throws `MalformedXml` for what must
/// not stand there.
[[nodiscard]] std::string unescaped(std::string_view xml, XmlPlace place);

/// Throws `MalformedXml` unless all characters are allowed.
void requireXmlCharacters(std::string_view xml);

/// Whether `text` holds nothing but XML whitespace.
[[nodiscard]] bool isXmlSpace(std::string_view text) noexcept;

}  // namespace ivr::twiml
