#include "ivr/twiml/twiml.hpp"

#include "ivr/core/error.hpp"
#include "ivr/twiml/reader.hpp"
#include "twiml/writer.hpp"

#include <ostream>
#include <string_view>
#include <utility>

namespace ivr::twiml {

namespace {

[[noreturn]] void refuse(const Finding& finding) {
  throw Error{ErrorKind::usage, describe(finding, "the TwiML text")};
}

}  // namespace

Twiml::Twiml() = default;
Twiml::Twiml(std::vector<Verb> verbs, XmlAttributes otherAttributes)
    : verbs_(std::move(verbs)), otherAttributes_(std::move(otherAttributes)) {}
Twiml::Twiml(const Twiml& other) = default;
Twiml::Twiml(Twiml&& other) noexcept = default;
Twiml& Twiml::operator=(const Twiml& other) = default;
Twiml& Twiml::operator=(Twiml&& other) noexcept = default;
Twiml::~Twiml() = default;
bool Twiml::operator==(const Twiml& other) const = default;

void Twiml::reserve(std::size_t count) { verbs_.reserve(count); }

Twiml Twiml::raw(std::string text) {
  TwimlReading reading = readTwiml(text);
  if (!reading.twiml) refuse(reading.findings.back());
  reading.twiml->raw_ = std::move(text);
  return std::move(*reading.twiml);
}

std::string Twiml::xml(XmlLayout layout) const {
  if (raw_) return *raw_;
  std::string text = writeTwiml(verbs_, otherAttributes_, layout);
  if (text.size() > kMaxTwimlBytes) {
    throw Error{ErrorKind::usage, "the TwiML document is " + std::to_string(text.size()) +
                                      " bytes long, and the provider takes " +
                                      std::to_string(kMaxTwimlBytes) + " (11750)"};
  }
  return text;
}

std::ostream& operator<<(std::ostream& out, const Twiml& twiml) {
  return out << twiml.xml(XmlLayout::indented);
}

}  // namespace ivr::twiml
