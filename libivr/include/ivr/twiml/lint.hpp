#pragma once
// Finds mistakes that would cost a caller silence, or their owner money, before a caller does.
//
// Threads: pure functions.

#include "ivr/twiml/document.hpp"
#include "ivr/twiml/finding.hpp"
#include "ivr/twiml/rule.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::twiml {

/// Who reads the document: they disagree in a few places.
enum class TwimlProvider { twilio, signalWire };

/// What becomes of the findings of a rule.
enum class RuleLevel { off, warning, error };

struct LintOptions {
  TwimlUse use = TwimlUse::call;
  TwimlProvider provider = TwimlProvider::twilio;
  std::string url = {};  ///< The document's own address, if it is known: a loop leads back to it.
  bool allowsLocalAddresses = false;  ///< Such as `http://localhost:8080`, during development.
  /// By the ids of rules; a rule that is not named here has its own severity.
  std::map<std::string, RuleLevel, std::less<>> levels = {};
};

/// All rules of the library, those of reading too, theme by theme.
[[nodiscard]] std::span<const Rule> lintRules();
/// Null if the library has no rule of that id.
[[nodiscard]] const Rule* findRule(std::string_view id);

/// Everything that reading and the rules of the library find, in the order of the text: the first
/// thousand, and why the text is refused, if it is. Never throws for what the text is.
///
/// A comment `<!-- twiml-lint: ignore ID... -->` takes back what these rules find in the element
/// behind it and inside that: in front of `<Response>`, in the whole document. Words in brackets
/// say why.
[[nodiscard]] std::vector<Finding> lint(const TwimlDocument& document,
                                        const LintOptions& options = {});
[[nodiscard]] std::vector<Finding> lintTwiml(std::string_view text,
                                             const LintOptions& options = {});

/// What other rules find, such as a team's own; those of the library are not run. Nothing in a
/// document that is refused.
[[nodiscard]] std::vector<Finding> lint(const TwimlDocument& document, std::span<const Rule> rules,
                                        const LintOptions& options = {});

/// The text with the fixes of all findings done. Of fixes that overlap, the first is done.
[[nodiscard]] std::string fixed(std::string_view text, std::span<const Finding> findings);

}  // namespace ivr::twiml
