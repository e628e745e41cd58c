#include "ivr/twiml/finding.hpp"

#include <ostream>

namespace ivr::twiml {

namespace {

std::string textOf(TextPosition position) {
  return std::to_string(position.line) + ':' + std::to_string(position.column);
}

std::string sentence(const Finding& finding) {
  const std::string_view bracketed = finding.code.empty() ? finding.rule : finding.code;
  std::string text = textOf(finding.position) + ": " + std::string{textOf(finding.severity)} + '[' +
                     std::string{bracketed} + "]: " + finding.message;
  if (!finding.code.empty()) text += " (" + std::string{finding.rule} + ')';
  return text;
}

}  // namespace

std::string_view textOf(Severity severity) noexcept {
  return severity == Severity::error ? "error" : "warning";
}

std::string describe(const Finding& finding, std::string_view file) {
  return std::string{file} + ':' + sentence(finding);
}

std::ostream& operator<<(std::ostream& out, Severity severity) { return out << textOf(severity); }
std::ostream& operator<<(std::ostream& out, TextPosition position) {
  return out << textOf(position);
}
std::ostream& operator<<(std::ostream& out, const Finding& finding) {
  return out << sentence(finding);
}

}  // namespace ivr::twiml
