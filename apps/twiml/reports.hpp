#pragma once
// The forms in which findings are printed.

#include <ivr/twiml/finding.hpp>

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Prints what is found, document by document, and what there is to say at the end.
class Report {
 public:
  virtual ~Report() = default;

  virtual void add(const std::string& file, std::string_view text,
                   const std::vector<ivr::twiml::Finding>& findings) = 0;
  virtual void finish() = 0;
};

/// What `--format` takes: `text`, as a compiler prints it; `json`; `sarif`, for services that show
/// findings of many programs (SARIF 2.1.0); `github`, the commands of its actions.
std::vector<std::string> reportNames();
std::unique_ptr<Report> reportNamed(std::string_view name, std::ostream& out);

/// The page of a rule, in Markdown; of all rules, if `id` is `all`. Empty if there is no such rule.
std::string pageOf(std::string_view id);
/// A line for each rule.
std::string listOfRules();
