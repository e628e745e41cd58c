#pragma once
// Comments that take back what rules find: <!-- twiml-lint: ignore ID... (why) -->

#include "ivr/twiml/document.hpp"
#include "ivr/twiml/rule.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace ivr::twiml {

class Suppressions {
 public:
  /// Reads the comments of a document. Adds to `findings` what names no rule: neither one of
  /// `rules` nor one of the library's.
  Suppressions(const TwimlDocument& document, std::span<const Rule> rules,
               std::vector<Finding>& findings);

  /// Whether a comment takes the finding back.
  [[nodiscard]] bool cover(const Finding& finding) const noexcept;

 private:
  struct Range {
    std::string_view rule;
    TextPosition begin;
    TextPosition end;
  };

  std::vector<Range> ranges_;
};

}  // namespace ivr::twiml
