#include "twiml/schema_findings.hpp"

#include "core/text.hpp"
#include "twiml/codes.hpp"
#include "twiml/element_schema.hpp"
#include "twiml/spelling.hpp"
#include "twiml/xml_scanner.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace ivr::twiml {

namespace {

using Attribute = TwimlDocument::Attribute;
using Element = TwimlDocument::Element;
using Text = TwimlDocument::Text;

template <class Named>
std::vector<std::string_view> namesOf(std::span<const Named> all) {
  std::vector<std::string_view> names;
  names.reserve(all.size());
  for (const Named& one : all) names.push_back(one.name);
  return names;
}

std::string tag(std::string_view name) { return '<' + shortened(name) + '>'; }

/// Whether two names differ in their case alone.
bool isSameButForCase(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right,
                            [](char a, char b) { return lowerCase(a) == lowerCase(b); });
}

class Check {
 public:
  explicit Check(const TwimlDocument& document) : document_(document) {}

  [[nodiscard]] std::vector<Finding> run() {
    auto text = document_.texts().begin();
    const auto textsUpTo = [&](const char* end) {
      for (; text != document_.texts().end() && text->written.data() < end; ++text) check(*text);
    };
    for (const Element& element : document_.elements()) {
      textsUpTo(element.name.data());
      check(element);
    }
    textsUpTo(document_.text().data() + document_.text().size());
    if (document_.refusal()) findings_.push_back(*document_.refusal());
    return std::move(findings_);
  }

 private:
  [[nodiscard]] bool isFull() const noexcept { return findings_.size() >= kMaxFindings; }

  void report(std::string_view rule, int code, Severity severity, TextPosition position,
              std::string message, std::vector<TextEdit> fix = {}) {
    findings_.push_back({.rule = rule,
                         .code = codeText(code),
                         .severity = severity,
                         .position = position,
                         .message = std::move(message),
                         .fix = std::move(fix)});
  }

  [[nodiscard]] TextEdit edit(std::string_view part, std::string_view replacement) const {
    return {.offset = static_cast<std::size_t>(part.data() - document_.text().data()),
            .length = part.size(),
            .replacement = std::string{replacement}};
  }

  void check(const Element& element) {
    if (isFull()) return;
    const ElementSchema* const parent =
        element.parent == nullptr ? nullptr : element.parent->schema;
    if (element.schema == nullptr) {
      if (parent != nullptr) misplaced(element, *parent);
      return;  // nothing is known of what stands inside
    }
    for (const Attribute& attribute : element.attributes) {
      const AttributeSchema* const known = element.schema->attribute(attribute.name);
      if (known == nullptr) {
        unknown(element, attribute);
      } else {
        checkValue(attribute, *known);
      }
    }
  }

  void misplaced(const Element& element, const ElementSchema& parent) {
    const TextPosition position = document_.positionOf(element);
    if (parent.children.empty()) {
      return report("misplaced-element", 12200, Severity::warning, position,
                    "no element may stand inside <" + std::string{parent.name} + '>');
    }
    const std::string message =
        tag(element.name) + " does not belong in <" + std::string{parent.name} + '>';
    const bool isSsml = parent.isMixed;
    if (const std::string_view parents = parentsOf(element.name); !parents.empty()) {
      // A noun that stands where verbs do is not heard of again.
      const bool isLost = parent.name == "Response";
      return report("misplaced-element", parent.unexpected,
                    isLost ? Severity::error : severityOf(codeText(parent.unexpected)), position,
                    message + "; it stands in " + std::string{parents});
    }
    const std::string_view meant = nearestName(element.name, namesOf(parent.children));
    if (meant.empty()) {
      return report("unknown-element", parent.unexpected, severityOf(codeText(parent.unexpected)),
                    position, message);
    }
    std::vector<TextEdit> fix;
    if (isSameButForCase(element.name, meant)) {
      fix.push_back(edit(element.name, meant));
      if (element.content.data() != nullptr && !document_.refusal()) {
        const char* const closing = element.content.data() + element.content.size() + 2;  // </
        fix.push_back(edit({closing, element.name.size()}, meant));
      }
    }
    report("misspelt-element", parent.unexpected, isSsml ? Severity::warning : Severity::error,
           position, message + "; did you mean " + std::string{meant} + '?', std::move(fix));
  }

  void unknown(const Element& element, const Attribute& attribute) {
    if (isFull()) return;
    const std::string_view meant = nearestName(attribute.name, namesOf(element.schema->attributes));
    std::string message =
        '<' + std::string{element.schema->name} + "> has no attribute " + shortened(attribute.name);
    std::vector<TextEdit> fix;
    if (!meant.empty()) {
      message += "; did you mean " + std::string{meant} + '?';
      if (isSameButForCase(attribute.name, meant) && element.find(meant) == nullptr) {
        fix.push_back(edit(attribute.name, meant));
      }
    }
    report("unknown-attribute", 12200, Severity::warning, document_.positionOf(attribute),
           std::move(message), std::move(fix));
  }

  void checkValue(const Attribute& attribute, const AttributeSchema& schema) {
    if (isFull()) return;
    const std::string wrong = schema.objection(attribute.value);
    if (wrong.empty()) return;
    std::vector<TextEdit> fix;
    const auto meant = std::ranges::find_if(schema.words, [&](std::string_view word) {
      return isSameButForCase(word, trimmed(attribute.value));
    });
    if (meant != schema.words.end()) fix.push_back(edit(attribute.written, *meant));
    report("invalid-value", schema.code, severityOf(codeText(schema.code)),
           document_.positionOf(attribute),
           std::string{schema.name} + "=\"" + shortened(attribute.value) + "\" " + wrong,
           std::move(fix));
  }

  void check(const Text& text) {
    const ElementSchema* const schema = text.element->schema;
    if (isFull() || schema == nullptr || schema->isMixed) return;
    const std::string parent = '<' + std::string{schema->name} + '>';
    if (!schema->takesText) {
      report("stray-text", 12200, Severity::warning, document_.positionOf(text),
             "text does not belong in " + parent + ", and nobody hears it");
    } else if (isBehindAnElement(text)) {
      report("stray-text", 12200, Severity::warning, document_.positionOf(text),
             "text behind the elements of " + parent + " is no part of the text before them");
    }
  }

  /// Whether a sibling stands in front of the text.
  static bool isBehindAnElement(const Text& text) {
    const Element& parent = *text.element;
    return parent.inside > 0 && (&parent + 1)->name.data() < text.written.data();
  }

  const TwimlDocument& document_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> schemaFindings(const TwimlDocument& document) { return Check{document}.run(); }

}  // namespace ivr::twiml
