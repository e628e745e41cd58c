#include "twiml/codes.hpp"

#include <algorithm>
#include <string>

namespace ivr::twiml {

namespace {

struct Code {
  std::string_view text;
  Severity severity;
};

constexpr Severity kError = Severity::error;
constexpr Severity kWarning = Severity::warning;

/// https://www.twilio.com/docs/api/errors
constexpr Code kCodes[] = {
    {"11100", kError},   {"11750", kError},   {"11770", kError},   {"12100", kError},
    {"12101", kError},   {"12102", kError},   {"12200", kWarning}, {"13000", kWarning},
    {"13201", kError},   {"13210", kWarning}, {"13212", kWarning}, {"13213", kWarning},
    {"13214", kWarning}, {"13215", kWarning}, {"13216", kWarning}, {"13217", kWarning},
    {"13218", kWarning}, {"13219", kWarning}, {"13220", kWarning}, {"13221", kWarning},
    {"13222", kWarning}, {"13223", kWarning}, {"13230", kWarning}, {"13231", kError},
    {"13232", kWarning}, {"13233", kWarning}, {"13234", kWarning}, {"13235", kWarning},
    {"13237", kWarning}, {"13238", kError},   {"13239", kError},   {"13240", kError},
    {"13241", kWarning}, {"13249", kWarning}, {"13252", kWarning}, {"13253", kWarning},
    {"13256", kWarning}, {"13257", kError},   {"13310", kWarning}, {"13311", kWarning},
    {"13312", kWarning}, {"13313", kWarning}, {"13314", kWarning}, {"13320", kWarning},
    {"13325", kError},   {"13326", kWarning}, {"13327", kWarning}, {"13328", kWarning},
    {"13329", kWarning}, {"13330", kWarning}, {"13331", kWarning}, {"13332", kWarning},
    {"13333", kWarning}, {"13338", kError},   {"13410", kWarning}, {"13420", kError},
    {"13430", kWarning}, {"13510", kWarning}, {"13520", kWarning}, {"13521", kWarning},
    {"13610", kWarning}, {"13611", kWarning}, {"13612", kWarning}, {"13613", kWarning},
    {"13614", kWarning}, {"13615", kWarning}, {"13616", kWarning}, {"13621", kError},
    {"13622", kWarning}, {"13699", kWarning}, {"13710", kWarning}, {"13810", kWarning},
    {"13910", kWarning}, {"14101", kWarning}, {"14102", kWarning}, {"14104", kWarning},
    {"14105", kWarning}, {"14201", kError},   {"14202", kError},   {"14203", kError},
    {"14204", kError},   {"14205", kError},   {"14206", kError},   {"14210", kError},
    {"14211", kError},   {"14212", kError},   {"14213", kError},   {"14215", kError},
    {"14220", kError},   {"14300", kError},   {"15004", kError},   {"16023", kError}};

const Code* find(std::string_view text) noexcept {
  const auto* const code = std::ranges::find(kCodes, text, &Code::text);
  return code == std::end(kCodes) ? nullptr : code;
}

}  // namespace

std::string_view codeText(int code) {
  const Code* const known = find(std::to_string(code));
  return known == nullptr ? "12200" : known->text;
}

Severity severityOf(std::string_view code) noexcept {
  const Code* const known = find(code);
  return known == nullptr ? Severity::warning : known->severity;
}

}  // namespace ivr::twiml
