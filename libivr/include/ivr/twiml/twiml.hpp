#pragma once
// TwiML, the provider's instructions for a call, as plain values nested like the XML.
//
//   Twiml{Gather{.action = "/choice", .numDigits = 1, .prompt = {Say{"For lunch press one."}}},
//         Redirect{"/choice"}}
//
// Names are TwiML's own. An element's text comes first, then its attributes in alphabetical order,
// then its content: `prompt` in Gather and Prompt, `nouns` elsewhere. An attribute that is not set
// is not written, and the provider's default applies. Texts are UTF-8; the writer escapes them,
// once. Protocol: https://www.twilio.com/docs/voice/twiml
//
// Threads: values; share them for reading.

#include "ivr/twiml/verbs.hpp"
#include "ivr/twiml/xml_element.hpp"

#include <concepts>
#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ivr::twiml {

enum class XmlLayout {
  compact,   ///< On one line.
  indented,  ///< One element per line, for people; spoken text is unchanged.
};

namespace detail {
template <class Value, class Variant>
inline constexpr bool isAlternative = false;
template <class Value, class... Alternatives>
inline constexpr bool isAlternative<Value, std::variant<Alternatives...>> =
    (std::same_as<Value, Alternatives> || ...);
}  // namespace detail

/// `Say`, `Gather` and the other verbs, an `XmlElement`, or a `Verb` that holds one of them.
template <class Value>
concept VerbLike = std::same_as<Value, Verb> || detail::isAlternative<Value, Verb>;

/// One document: `<Response>` and its verbs, executed from top to bottom. A value.
class Twiml {
 public:
  /// A document that does nothing, which ends the call.
  Twiml();

  /// The verbs in order. Implicit: `return Gather{...}` is a document, too.
  template <VerbLike First, VerbLike... Rest>
  Twiml(First first, Rest... rest) : Twiml() {  // NOLINT(google-explicit-constructor)
    reserve(1 + sizeof...(rest));
    add(std::move(first));
    (add(std::move(rest)), ...);
  }
  explicit Twiml(std::vector<Verb> verbs, XmlAttributes otherAttributes = {});

  Twiml(const Twiml& other);
  Twiml(Twiml&& other) noexcept;
  Twiml& operator=(const Twiml& other);
  Twiml& operator=(Twiml&& other) noexcept;
  ~Twiml();

  /// A document given as text, sent byte for byte. Throws `Error{usage}` unless it is well-formed
  /// XML with the root `Response`, and short enough: no caller should be the first to notice.
  /// `verbs()` are those of the text.
  [[nodiscard]] static Twiml raw(std::string text);

  [[nodiscard]] const std::vector<Verb>& verbs() const noexcept { return verbs_; }
  /// Attributes of `<Response>` itself, for which TwiML defines none.
  [[nodiscard]] const XmlAttributes& otherAttributes() const noexcept { return otherAttributes_; }

  /// The document as XML: UTF-8, with a declaration. Characters that XML cannot hold are written as
  /// U+FFFD. A raw document is unchanged, whatever the layout. Throws `Error{usage}` for what the
  /// provider would refuse (more than 64 KiB, an attribute given twice, or the name of an
  /// `XmlElement` or `XmlAttribute` that XML does not allow), and for elements deeper than
  /// `kMaxTwimlDepth`.
  [[nodiscard]] std::string xml(XmlLayout layout = XmlLayout::compact) const;

  bool operator==(const Twiml& other) const;

 private:
  void reserve(std::size_t count);
  template <class Value>
  void add(Value verb);

  std::vector<Verb> verbs_;
  XmlAttributes otherAttributes_;
  std::optional<std::string> raw_;
};

/// The document as XML, indented. Throws what `xml` throws.
std::ostream& operator<<(std::ostream& out, const Twiml& twiml);

}  // namespace ivr::twiml

namespace ivr {
using twiml::Dial;
using twiml::Gather;
using twiml::Hangup;
using twiml::Pause;
using twiml::Play;
using twiml::Record;
using twiml::Redirect;
using twiml::Say;
using twiml::Twiml;
}  // namespace ivr
