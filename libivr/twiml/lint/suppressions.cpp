#include "twiml/lint/suppressions.hpp"

#include "core/text.hpp"
#include "ivr/twiml/lint.hpp"
#include "twiml/schema_findings.hpp"
#include "twiml/xml_scanner.hpp"

#include <algorithm>

namespace ivr::twiml {

namespace {

constexpr std::size_t kMostRanges = 200;  ///< Each finding is held against all of them.

/// The last byte at which something may be found in an element.
std::string_view endOf(const TwimlDocument::Element& element) {
  if (element.content.data() != nullptr) {
    return {element.content.data() + element.content.size(), 1};
  }
  return element.attributes.empty() ? element.name : element.attributes.back().written;
}

}  // namespace

Suppressions::Suppressions(const TwimlDocument& document, std::span<const Rule> rules,
                           std::vector<Finding>& findings) {
  constexpr std::string_view kMark = "twiml-lint:";
  constexpr std::string_view kVerb = "ignore";
  for (const TwimlDocument::Comment& comment : document.comments()) {
    std::string_view words = trimmed(comment.text);
    if (!words.starts_with(kMark)) continue;
    words = trimmed(words.substr(kMark.size()));
    const bool isOurs = words.starts_with(kVerb);
    if (isOurs) words = trimmed(words.substr(kVerb.size()));
    words = words.substr(0, words.find('('));
    while (!(words = trimmed(words, " \t\r\n,")).empty()) {
      const std::string_view id = words.substr(0, words.find_first_of(" \t\r\n,"));
      words.remove_prefix(id.size());
      const bool isKnown = isOurs && (std::ranges::find(rules, id, &Rule::id) != rules.end() ||
                                      findRule(id) != nullptr);
      if (!isKnown) {
        if (findings.size() < kMaxFindings) {
          findings.push_back({.rule = "unknown-rule",
                              .position = document.positionOf(id),
                              .message = isOurs
                                             ? "there is no rule " + shortened(id)
                                             : "a comment of the lint begins twiml-lint: ignore"});
        }
        if (!isOurs) break;
        continue;
      }
      if (comment.next == nullptr || ranges_.size() >= kMostRanges) continue;
      ranges_.push_back({.rule = id,
                         .begin = document.positionOf(*comment.next),
                         .end = document.positionOf(endOf(*comment.next))});
    }
  }
}

bool Suppressions::cover(const Finding& finding) const noexcept {
  return std::ranges::any_of(ranges_, [&](const Range& range) {
    return range.rule == finding.rule && range.begin <= finding.position &&
           finding.position <= range.end;
  });
}

}  // namespace ivr::twiml
