// Any text is read or refused, as Expat says it must be; what was read is written, and read again
// as the same, and laid out with the same meaning; any text can be linted, and said.

#include "core/utf8.hpp"
#include "fuzz.hpp"
#include "ivr/core/error.hpp"
#include "ivr/twiml/format.hpp"
#include "ivr/twiml/lint.hpp"
#include "ivr/twiml/reader.hpp"
#include "support/xml_judge.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

using namespace ivr;
using namespace ivr::twiml;
using fuzz::require;
using support::isRefusedOnPurpose;
using support::isWellFormed;

namespace {

void read(std::string_view text) {
  const TwimlReading reading = twiml::readTwiml(text);
  const std::vector<twiml::Finding> findings = twiml::lintTwiml(text);
  require(twiml::fixed(text, findings).size() <= text.size() + 2 * findings.size());
  const std::optional<std::string> formatted = twiml::formatTwiml(text);
  require(formatted.has_value() == reading.twiml.has_value());
  if (formatted && formatted->size() <= twiml::kMaxTwimlBytes) {
    require(twiml::readTwiml(*formatted).twiml == reading.twiml);
    require(twiml::formatTwiml(*formatted) == formatted);
  }
  for (const twiml::Finding& finding : findings) {
    require(finding.position.line >= 1 && finding.position.column >= 1);
    require(finding.position.line <= text.size() + 1 && finding.position.column <= text.size() + 1);
    require(isUtf8(finding.message));
  }
  if (!reading.twiml) {
    require(!reading.findings.empty());
    require(reading.findings.back().severity == twiml::Severity::error);
    require(isRefusedOnPurpose(text, reading.findings.back()) || !isWellFormed(text));
    return;
  }
  // Expat follows an older edition of XML, which allows fewer names.
  const bool isAscii = std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
  require(!isAscii || isWellFormed(text));
  for (const XmlLayout layout : {XmlLayout::compact, XmlLayout::indented}) {
    try {
      const TwimlReading again = twiml::readTwiml(reading.twiml->xml(layout));
      require(again.twiml == reading.twiml);
    } catch (const Error& error) {
      require(error.kind() == ErrorKind::usage);  // longer than before, and too long
      require(text.size() > twiml::kMaxTwimlBytes / 16);
    }
  }
}

void say(const std::string& text) {
  const std::string written = Twiml{Say{.text = text, .voice = text}, Hangup{}}.xml();
  require(isUtf8(written));
  require(isWellFormed(written));
  require(Twiml::raw(written).xml() == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  read(text);
  if (size < twiml::kMaxTwimlBytes / 16) say(text);  // escaped, a text is longer
  return 0;
}
