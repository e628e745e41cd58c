#pragma once
// One rule of the lint: what it is called, why it is there, and what it looks at.

#include "ivr/twiml/document.hpp"
#include "ivr/twiml/finding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ivr::twiml {

struct LintOptions;

/// What a document is for; not every verb is allowed everywhere.
enum class TwimlUse {
  call,            ///< The answer to a webhook of a call.
  liveUpdate,      ///< The `Twiml` parameter that changes a live call: no base for relative URLs.
  conferenceWait,  ///< Heard in a conference while waiting, on hold, or as an announcement.
  queueWait,       ///< Heard in a queue.
  screening,       ///< Heard by a callee before both are connected.
};

/// What a rule sees of one run of the lint, and where it reports.
class Lint {
 public:
  using Attribute = TwimlDocument::Attribute;
  using Element = TwimlDocument::Element;
  using Text = TwimlDocument::Text;

  /// More about a finding, where there is more.
  struct Details {
    std::string_view code = {};  ///< In place of the rule's; lives as long as the program.
    std::vector<TextEdit> fix = {};
  };

  virtual ~Lint() = default;

  [[nodiscard]] virtual const TwimlDocument& document() const noexcept = 0;
  [[nodiscard]] virtual const LintOptions& options() const noexcept = 0;

  /// Reports at the beginning of a part of the document. `rule` is the id of a rule of this run.
  void report(std::string_view rule, const Element& where, std::string message);
  void report(std::string_view rule, const Element& where, std::string message, Details details);
  void report(std::string_view rule, const Attribute& where, std::string message);
  void report(std::string_view rule, const Attribute& where, std::string message, Details details);
  void report(std::string_view rule, const Text& where, std::string message);

 private:
  virtual void add(std::string_view rule, TextPosition position, std::string message,
                   Details details) = 0;
};

/// A rule is data, and a function that is called for elements in the order of the text. Ids and
/// texts must live as long as the findings.
///
///   constexpr Rule kNoMan{.id = "no-man", .elements = "Say", .check = [](const auto& say, Lint&
///   lint) {
///     if (say.value("voice") == "man") lint.report("no-man", say, "our lines have another voice");
///   }};
struct Rule {  // NOLINT(clang-analyzer-optin.performance.Padding): in the order of a page
  std::string_view id = {};
  std::string_view code = {};  ///< The provider's (https://www.twilio.com/docs/api/errors), if any.
  Severity severity = Severity::warning;
  std::string_view elements = {};  ///< The names of those it looks at: `Say Play`.
  /// Is called for each such element that stands where it belongs; `&element + 1` and
  /// `element.parent` lead to its neighbours. Null if another rule's function, or reading, finds
  /// it.
  void (*check)(const TwimlDocument::Element& element, Lint& lint) = nullptr;
  std::string_view summary = {};  ///< Half a sentence.
  std::string_view why = {};
  std::string_view bad = {};      ///< Verbs in which it finds something, ...
  std::string_view good = {};     ///< ... and others in which no rule does.
  TwimlUse use = TwimlUse::call;  ///< What `bad` and `good` are for.
};

}  // namespace ivr::twiml
