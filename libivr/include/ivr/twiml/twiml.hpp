#pragma once
// TwiML: what the provider does with the call, as plain values nested as the XML is nested.
//
//   Twiml{Gather{.action = "/choice", .numDigits = 1, .prompt = {Say{"For lunch press one."}}},
//         Redirect{"/choice"}}
//
// Names are TwiML's own. Text comes first in an element, then the attributes by alphabet, then what
// stands inside: `prompt` in Gather and Prompt, `nouns` elsewhere. An attribute that is not given
// is not written, and the provider's default applies. Texts are UTF-8 and are escaped once, by the
// writer. Protocol: https://www.twilio.com/docs/voice/twiml
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
  indented,  ///< One element to a line, for people; what is spoken stays as it is.
};

/// One document: `<Response>` with its verbs, done from top to bottom. A value.
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
  /// XML whose root is `Response`, and short enough: a caller should not be the one to find that
  /// out. `verbs()` are those of the text.
  [[nodiscard]] static Twiml raw(std::string text);

  [[nodiscard]] const std::vector<Verb>& verbs() const noexcept { return verbs_; }
  /// Of `<Response>` itself, for which TwiML has none.
  [[nodiscard]] const XmlAttributes& otherAttributes() const noexcept { return otherAttributes_; }

  /// The document as XML: UTF-8, with declaration. Characters that XML cannot hold are written as
  /// U+FFFD. A raw document stays as it is, whatever the layout. Throws `Error{usage}` for what the
  /// provider would refuse: more than 64 KiB, an attribute given twice, or the name of an
  /// `XmlElement` or `XmlAttribute` that XML does not allow; and for elements deeper than
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
