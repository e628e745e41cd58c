#include "twiml/lint/rules.hpp"

#include "ivr/twiml/lint.hpp"

#include <algorithm>
#include <vector>

namespace ivr::twiml {

namespace {

std::vector<Rule> all() {
  std::vector<Rule> rules;
  for (const auto table :
       {readingRules(), addressRules(), flowRules(), useRules(), speechRules(), gatherRules(),
        promptRules(), dialRules(), callbackRules(), connectRules(), payRules()}) {
    rules.insert(rules.end(), table.begin(), table.end());
  }
  return rules;
}

}  // namespace

std::span<const Rule> lintRules() {
  static const std::vector<Rule> rules = all();
  return rules;
}

const Rule* findRule(std::string_view id) {
  const auto rules = lintRules();
  const auto found = std::ranges::find(rules, id, &Rule::id);
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace ivr::twiml
