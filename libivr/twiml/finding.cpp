#include "ivr/twiml/finding.hpp"

namespace ivr::twiml {

std::string describe(const Finding& finding, std::string_view file) {
  return std::string{file} + ':' + std::to_string(finding.position.line) + ':' +
         std::to_string(finding.position.column) +
         (finding.severity == Severity::error ? ": error[" : ": warning[") +
         std::string{finding.code} + "]: " + finding.message;
}

}  // namespace ivr::twiml
