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
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ivr::twiml {

enum class XmlLayout {
  compact,   ///< On one line.
  indented,  ///< One element per line, for people; spoken text is unchanged.
};

/// One document: `<Response>` and its verbs, executed from top to bottom. A value.
class Twiml {
 public:
  /// A document that does nothing, which ends the call.
  Twiml() = default;

  /// The verbs in order.
  template <class... Verbs>
  requires(sizeof...(Verbs) > 0 && (std::convertible_to<Verbs, Verb> && ...))
      Twiml(Verbs&&... verbs) {  // NOLINT(google-explicit-constructor): `return Twiml{...}` reads
                                 // as the XML
    verbs_.reserve(sizeof...(verbs));
    (verbs_.emplace_back(std::forward<Verbs>(verbs)), ...);
  }
  explicit Twiml(std::vector<Verb> verbs, XmlAttributes otherAttributes = {})
      : verbs_(std::move(verbs)), otherAttributes_(std::move(otherAttributes)) {}

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

  bool operator==(const Twiml&) const = default;

 private:
  std::vector<Verb> verbs_;
  XmlAttributes otherAttributes_;
  std::optional<std::string> raw_;
};

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
