#include "reports.hpp"

#include <ivr/core/log.hpp>
#include <ivr/twiml/document.hpp>
#include <ivr/twiml/lint.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <stdexcept>

namespace {

using namespace ivr::twiml;
using nlohmann::json;

/// Names and values of a document may be written for the terminal that shows them.
std::string plain(std::string_view text) { return ivr::oneLine(text, 2000); }

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

/// How many columns a text takes, as far as that is known: one for each character.
std::size_t widthOf(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// A window of a line that holds the column, in whole characters.
std::string_view windowOf(std::string_view line, std::size_t column, std::size_t& begin) {
  constexpr std::size_t kBefore = 60;
  constexpr std::size_t kMost = 120;
  const auto isInside = [&](std::size_t at) {
    return at < line.size() && (line[at] & 0xC0) == 0x80;
  };
  begin = line.size() <= kMost || column <= kBefore ? 0 : column - kBefore;
  while (isInside(begin)) ++begin;
  std::size_t end = std::min(begin + kMost, line.size());
  while (isInside(end)) ++end;
  return line.substr(begin, end - begin);
}

class TextReport final : public Report {
 public:
  explicit TextReport(std::ostream& out) : out_(out) {}

  void add(const std::string& file, std::string_view text,
           const std::vector<Finding>& findings) override {
    ++documents_;
    if (findings.empty()) return;
    ++withFindings_;
    const TwimlDocument document{std::string{text}};
    for (const Finding& finding : findings) {
      ++(finding.severity == Severity::error ? errors_ : warnings_);
      out_ << plain(describe(finding, file)) << '\n';
      show(document.line(finding.position.line), finding.position);
    }
  }

  void finish() override {
    if (errors_ + warnings_ == 0) return;
    out_ << counted(errors_, "error") << " and " << counted(warnings_, "warning") << " in "
         << withFindings_ << " of " << counted(documents_, "document") << '\n';
  }

 private:
  void show(std::string_view line, TextPosition position) {
    std::size_t begin = 0;
    const std::string_view window = windowOf(line, position.column - 1, begin);
    if (window.empty()) return;
    const std::string number = std::to_string(position.line);
    const std::size_t ahead = std::min(position.column - 1, line.size()) - begin;
    out_ << std::string(5 - std::min<std::size_t>(number.size(), 5), ' ') << number << " | "
         << plain(window) << '\n'
         << std::string(5, ' ') << " | " << std::string(widthOf(window.substr(0, ahead)), ' ')
         << "^\n";
  }

  std::ostream& out_;
  std::size_t documents_ = 0;
  std::size_t withFindings_ = 0;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

/// Text that JSON can hold, whatever the file is called.
std::string dumped(const json& value) {
  return value.dump(2, ' ', false, json::error_handler_t::replace);
}

class JsonReport final : public Report {
 public:
  explicit JsonReport(std::ostream& out) : out_(out) {}

  void add(const std::string& file, std::string_view,
           const std::vector<Finding>& findings) override {
    for (const Finding& finding : findings) {
      json one{{"file", file},
               {"line", finding.position.line},
               {"column", finding.position.column},
               {"severity", textOf(finding.severity)},
               {"rule", finding.rule},
               {"message", finding.message}};
      if (!finding.code.empty()) one["code"] = finding.code;
      for (const TextEdit& edit : finding.fix) {
        one["fix"].push_back(
            {{"offset", edit.offset}, {"length", edit.length}, {"replacement", edit.replacement}});
      }
      findings_.push_back(std::move(one));
    }
  }
  void finish() override { out_ << dumped(findings_) << '\n'; }

 private:
  std::ostream& out_;
  json findings_ = json::array();
};

/// A column in the units of SARIF, those of UTF-16.
std::size_t sarifColumn(std::string_view line, std::size_t column) {
  std::size_t units = 1;
  for (const char c : line.substr(0, std::min(column - 1, line.size()))) {
    if ((c & 0xC0) != 0x80) ++units;
    if ((c & 0xF8) == 0xF0) ++units;
  }
  return units;
}

class SarifReport final : public Report {
 public:
  explicit SarifReport(std::ostream& out) : out_(out) {}

  void add(const std::string& file, std::string_view text,
           const std::vector<Finding>& findings) override {
    const TwimlDocument document{std::string{text}};
    for (const Finding& finding : findings) {
      const auto [line, column] = finding.position;
      json region{{"startLine", line}, {"startColumn", sarifColumn(document.line(line), column)}};
      json place{{"artifactLocation", {{"uri", file}}}, {"region", std::move(region)}};
      results_.push_back({{"ruleId", finding.rule},
                          {"level", textOf(finding.severity)},
                          {"message", {{"text", finding.message}}},
                          {"locations", json::array({{{"physicalLocation", std::move(place)}}})}});
    }
  }

  void finish() override {
    json rules = json::array();
    for (const Rule& rule : lintRules()) {
      rules.push_back({{"id", rule.id},
                       {"shortDescription", {{"text", rule.summary}}},
                       {"fullDescription", {{"text", rule.why}}},
                       {"help", {{"text", rule.why}, {"markdown", pageOf(rule.id)}}},
                       {"defaultConfiguration", {{"level", textOf(rule.severity)}}}});
    }
    json driver{{"name", "twiml"}, {"version", TWIML_VERSION}, {"rules", std::move(rules)}};
    json run{{"tool", {{"driver", std::move(driver)}}},
             {"columnKind", "utf16CodeUnits"},
             {"results", std::move(results_)}};
    out_ << dumped({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", json::array({std::move(run)})}})
         << '\n';
  }

 private:
  std::ostream& out_;
  json results_ = json::array();
};

class GithubReport final : public Report {
 public:
  explicit GithubReport(std::ostream& out) : out_(out) {}

  void add(const std::string& file, std::string_view,
           const std::vector<Finding>& findings) override {
    for (const Finding& finding : findings) {
      out_ << "::" << finding.severity << " file=" << escaped(file, "%\r\n:,")
           << ",line=" << finding.position.line << ",col=" << finding.position.column
           << ",title=" << finding.rule << "::" << escaped(plain(finding.message), "%\r\n") << '\n';
    }
  }
  void finish() override {}

 private:
  static std::string escaped(std::string_view text, std::string_view special) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string safe;
    for (const char c : text) {
      if (special.find(c) == std::string_view::npos) {
        safe += c;
      } else {
        const auto byte = static_cast<unsigned char>(c);
        ((safe += '%') += kHex[byte >> 4U]) += kHex[byte & 0xFU];
      }
    }
    return safe;
  }

  std::ostream& out_;
};

std::string example(std::string_view title, std::string_view verbs) {
  if (verbs.empty()) return {};
  return std::string{title} + ":\n```xml\n<Response>" + std::string{verbs} + "</Response>\n```\n";
}

std::string page(const Rule& rule) {
  std::string text = "## " + std::string{rule.id} + "\n" + std::string{rule.summary};
  char& first = text[text.size() - rule.summary.size()];
  if (first >= 'a' && first <= 'z') first = static_cast<char>(first - 'a' + 'A');
  text += rule.severity == Severity::error ? ". An error" : ". A warning";
  if (!rule.code.empty()) text += "; the provider's code is " + std::string{rule.code};
  text += ".\n\n" + std::string{rule.why} + '\n';
  const std::string examples = example("Bad", rule.bad) + example("Good", rule.good);
  return examples.empty() ? text : text + '\n' + examples;
}

}  // namespace

std::vector<std::string> reportNames() { return {"text", "json", "sarif", "github"}; }

std::unique_ptr<Report> reportNamed(std::string_view name, std::ostream& out) {
  if (name == "json") return std::make_unique<JsonReport>(out);
  if (name == "sarif") return std::make_unique<SarifReport>(out);
  if (name == "github") return std::make_unique<GithubReport>(out);
  return std::make_unique<TextReport>(out);
}

std::string pageOf(std::string_view id) {
  std::string pages;
  for (const Rule& rule : lintRules()) {
    if (id == rule.id || id == "all") pages += (pages.empty() ? "" : "\n") + page(rule);
  }
  return pages;
}

std::string listOfRules() {
  std::string lines;
  for (const Rule& rule : lintRules()) {
    std::string line{rule.id};
    line.resize(std::max<std::size_t>(26, line.size() + 1), ' ');
    line += textOf(rule.severity);
    line.resize(std::max<std::size_t>(34, line.size() + 1), ' ');
    line += rule.code;
    line.resize(40, ' ');
    lines += line + std::string{rule.summary} + '\n';
  }
  return lines;
}
