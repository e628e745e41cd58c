#include "ivr/twiml/lint.hpp"

#include "twiml/lint/suppressions.hpp"
#include "twiml/schema_findings.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ivr::twiml {

namespace {

/// Calls `visit(name)` for each of the names between blanks.
template <class Visit>
void eachName(std::string_view names, Visit visit) {
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    visit(name);
    names.remove_prefix(std::min(name.size() + 1, names.size()));
  }
}

/// Which rules look at which elements.
class RuleIndex {
 public:
  explicit RuleIndex(std::span<const Rule> rules) {
    for (const Rule& rule : rules) {
      if (rule.check == nullptr) continue;
      eachName(rule.elements, [&](std::string_view name) { add(name, rule); });
    }
  }

  [[nodiscard]] std::span<const Rule* const> of(std::string_view element) const noexcept {
    const auto found = std::ranges::lower_bound(rules_, element, {}, &Named::first);
    if (found == rules_.end() || found->first != element) return {};
    return found->second;
  }

 private:
  using Named = std::pair<std::string_view, std::vector<const Rule*>>;

  void add(std::string_view name, const Rule& rule) {
    auto place = std::ranges::lower_bound(rules_, name, {}, &Named::first);
    if (place == rules_.end() || place->first != name) {
      place = rules_.insert(place, {name, {}});
    }
    place->second.push_back(&rule);
  }

  std::vector<Named> rules_;  ///< In the order of the names.
};

class Run final : public Lint {
 public:
  Run(const TwimlDocument& document, const LintOptions& options, std::span<const Rule> rules,
      std::vector<Finding>& findings)
      : document_(document), options_(options), rules_(rules), findings_(findings) {}

  void look(const RuleIndex& index) {
    for (const Element& element : document_.elements()) {
      if (element.schema == nullptr) continue;
      for (const Rule* const rule : index.of(element.name)) {
        if (findings_.size() >= kMaxFindings) return;
        rule->check(element, *this);
      }
    }
  }

  [[nodiscard]] const TwimlDocument& document() const noexcept override { return document_; }
  [[nodiscard]] const LintOptions& options() const noexcept override { return options_; }

 private:
  void add(std::string_view id, TextPosition position, std::string message,
           Details details) override {
    const auto rule = std::ranges::find(rules_, id, &Rule::id);
    if (rule == rules_.end()) return;
    findings_.push_back({.rule = rule->id,
                         .code = details.code.empty() ? rule->code : details.code,
                         .severity = rule->severity,
                         .position = position,
                         .message = std::move(message),
                         .fix = std::move(details.fix)});
  }

  const TwimlDocument& document_;
  const LintOptions& options_;
  std::span<const Rule> rules_;
  std::vector<Finding>& findings_;
};

/// Puts findings in the order of the text, and takes back what is not wanted.
void settle(const TwimlDocument& document, const LintOptions& options, std::span<const Rule> rules,
            std::vector<Finding>& findings) {
  const Suppressions suppressions{document, rules, findings};
  std::ranges::stable_sort(findings, {}, &Finding::position);
  std::erase_if(findings, [&](Finding& finding) {
    if (suppressions.cover(finding)) return true;
    const auto level = options.levels.find(finding.rule);
    if (level == options.levels.end()) return false;
    if (level->second == RuleLevel::error) finding.severity = Severity::error;
    if (level->second == RuleLevel::warning) finding.severity = Severity::warning;
    return level->second == RuleLevel::off;
  });
}

}  // namespace

void Lint::report(std::string_view rule, const Element& where, std::string message) {
  report(rule, where, std::move(message), {});
}
void Lint::report(std::string_view rule, const Element& where, std::string message,
                  Details details) {
  add(rule, document().positionOf(where), std::move(message), std::move(details));
}
void Lint::report(std::string_view rule, const Attribute& where, std::string message) {
  report(rule, where, std::move(message), {});
}
void Lint::report(std::string_view rule, const Attribute& where, std::string message,
                  Details details) {
  add(rule, document().positionOf(where), std::move(message), std::move(details));
}
void Lint::report(std::string_view rule, const Text& where, std::string message) {
  add(rule, document().positionOf(where), std::move(message), {});
}

std::vector<Finding> lint(const TwimlDocument& document, const LintOptions& options) {
  static const RuleIndex index{lintRules()};
  std::vector<Finding> findings = schemaFindings(document);
  if (!document.refusal()) Run{document, options, lintRules(), findings}.look(index);
  settle(document, options, lintRules(), findings);
  return findings;
}

std::vector<Finding> lintTwiml(std::string_view text, const LintOptions& options) {
  return lint(TwimlDocument{std::string{text}}, options);
}

std::vector<Finding> lint(const TwimlDocument& document, std::span<const Rule> rules,
                          const LintOptions& options) {
  std::vector<Finding> findings;
  if (document.refusal()) return findings;
  Run{document, options, rules, findings}.look(RuleIndex{rules});
  settle(document, options, rules, findings);
  return findings;
}

std::string fixed(std::string_view text, std::span<const Finding> findings) {
  std::vector<const TextEdit*> edits;
  for (const Finding& finding : findings) {
    for (const TextEdit& edit : finding.fix) edits.push_back(&edit);
  }
  std::ranges::stable_sort(edits, {}, [](const TextEdit* edit) { return edit->offset; });
  std::string result;
  std::size_t done = 0;
  for (const TextEdit* const edit : edits) {
    if (edit->offset < done || edit->offset + edit->length > text.size()) continue;
    result.append(text.substr(done, edit->offset - done)).append(edit->replacement);
    done = edit->offset + edit->length;
  }
  return result.append(text.substr(done));
}

}  // namespace ivr::twiml
