#include "twiml/codes.hpp"

#include <algorithm>
#include <string>

namespace ivr::twiml {

namespace {

struct Code {
  std::string_view text;
  Severity severity;
};

constexpr Severity error = Severity::error;
constexpr Severity warning = Severity::warning;

/// https://www.twilio.com/docs/api/errors
constexpr Code kCodes[] = {
    {"11100", error},   {"11750", error},   {"11770", error},   {"12100", error},
    {"12101", error},   {"12102", error},   {"12200", warning}, {"13000", warning},
    {"13201", error},   {"13210", warning}, {"13212", warning}, {"13213", warning},
    {"13214", warning}, {"13215", warning}, {"13216", warning}, {"13217", warning},
    {"13218", warning}, {"13219", warning}, {"13220", warning}, {"13221", warning},
    {"13222", warning}, {"13223", warning}, {"13230", warning}, {"13231", error},
    {"13232", warning}, {"13233", warning}, {"13234", warning}, {"13235", warning},
    {"13237", warning}, {"13238", error},   {"13239", error},   {"13240", error},
    {"13241", warning}, {"13249", warning}, {"13252", warning}, {"13253", warning},
    {"13256", warning}, {"13257", error},   {"13310", warning}, {"13311", warning},
    {"13312", warning}, {"13313", warning}, {"13314", warning}, {"13320", warning},
    {"13325", error},   {"13326", warning}, {"13327", warning}, {"13328", warning},
    {"13329", warning}, {"13330", warning}, {"13331", warning}, {"13332", warning},
    {"13333", warning}, {"13338", error},   {"13410", warning}, {"13420", error},
    {"13430", warning}, {"13510", warning}, {"13520", warning}, {"13521", warning},
    {"13610", warning}, {"13611", warning}, {"13612", warning}, {"13613", warning},
    {"13614", warning}, {"13615", warning}, {"13616", warning}, {"13621", error},
    {"13622", warning}, {"13699", warning}, {"13710", warning}, {"13810", warning},
    {"13910", warning}, {"14101", warning}, {"14102", warning}, {"14104", warning},
    {"14105", warning}, {"14201", error},   {"14202", error},   {"14203", error},
    {"14204", error},   {"14205", error},   {"14206", error},   {"14210", error},
    {"14211", error},   {"14212", error},   {"14213", error},   {"14215", error},
    {"14220", error},   {"14300", error},   {"15004", error},   {"16023", error}};

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
