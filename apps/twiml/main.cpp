// Checks TwiML documents, as a compiler checks programs, and lays them out.

#include "documents.hpp"
#include "reports.hpp"
#include "settings.hpp"
#include <ivr/core/log.hpp>
#include <ivr/twiml/format.hpp>
#include <ivr/twiml/lint.hpp>
#include <ivr/twiml/reader.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using ivr::twiml::Finding;
using ivr::twiml::LintOptions;

constexpr int kFine = 0;
constexpr int kFound = 1;
constexpr int kCouldNotLook = 2;  ///< Wrong usage, or a file that cannot be read.

int couldNotLook(const std::string& name, const std::exception& error) {
  std::cerr << "twiml: " << name << ": " << error.what() << '\n';
  return kCouldNotLook;
}

struct LintCommand {
  std::vector<std::string> files;
  std::string stdinName = "<stdin>";
  std::string use;
  std::string provider;
  std::string url;
  std::string format = "text";
  std::string config;
  std::string explained;
  std::vector<std::string> disabled;
  std::vector<std::string> severities;
  bool isDevelopment = false;
  bool warningsAreErrors = false;
  bool fixes = false;
  bool listsRules = false;
};

Settings settingsFor(const LintCommand& command) {
  constexpr const char* kUsual = ".twiml-lint";
  std::error_code ignored;
  const bool isGiven = !command.config.empty();
  if (!isGiven && !std::filesystem::exists(kUsual, ignored)) return {};
  const std::string file = isGiven ? command.config : kUsual;
  try {
    return Settings{contentOf(file)};
  } catch (const std::exception& error) {
    throw std::invalid_argument{file + ": " + error.what()};
  }
}

/// What the command line says; it wins over the settings.
void apply(const LintCommand& command, LintOptions& options) {
  if (!command.use.empty()) options.use = useOf(command.use);
  if (!command.provider.empty()) options.provider = providerOf(command.provider);
  if (!command.url.empty()) options.url = command.url;
  if (command.isDevelopment) options.allowsLocalAddresses = true;
  for (const std::string& severity : command.severities) {
    const std::size_t sign = severity.find('=');
    if (sign == std::string::npos) throw std::invalid_argument{severity + " is not RULE=LEVEL"};
    set(severity.substr(0, sign), severity.substr(sign + 1), options);
  }
  for (const std::string& rule : command.disabled) set(rule, "off", options);
}

/// Does the fixes until none is left. The findings are then those that remain.
std::string withFixes(std::string text, const LintOptions& options,
                      std::vector<Finding>& findings) {
  constexpr int kMostRounds = 10;
  for (int round = 0; round < kMostRounds; ++round) {
    std::string better = ivr::twiml::fixed(text, findings);
    if (better == text) break;
    text = std::move(better);
    findings = ivr::twiml::lintTwiml(text, options);
  }
  return text;
}

/// Whether a document of a folder is XML of another kind, which is nobody's mistake.
bool isOfAnotherKind(const std::vector<Finding>& findings) {
  return !findings.empty() && findings.back().rule == "not-twiml";
}

int lint(const LintCommand& command) {
  if (command.listsRules) {
    std::cout << listOfRules();
    return kFine;
  }
  if (!command.explained.empty()) {
    const std::string page = pageOf(command.explained);
    if (page.empty()) throw std::invalid_argument{"there is no rule " + command.explained};
    std::cout << page;
    return kFine;
  }
  if (command.files.empty()) throw std::invalid_argument{"lint: which documents?"};
  const Settings settings = settingsFor(command);
  // Fixed text from the standard input goes to the standard output, findings beside it.
  const bool isFilter = command.fixes && command.files == std::vector<std::string>{"-"};
  const auto report = reportNamed(command.format, isFilter ? std::cerr : std::cout);
  int status = kFine;
  for (const auto& [file, isFromFolder] : DocumentNames{command.files}.all) {
    const std::string name = file == "-" ? command.stdinName : file;
    LintOptions options;
    settings.apply(name, options);
    apply(command, options);
    try {
      std::string text = contentOf(file);
      std::vector<Finding> findings = ivr::twiml::lintTwiml(text, options);
      if (isFromFolder && isOfAnotherKind(findings)) continue;
      if (command.fixes) {
        std::string better = withFixes(text, options, findings);
        if (file == "-") {
          std::cout << better;
        } else if (better != text) {
          replaceContent(file, better);
        }
        text = std::move(better);
      }
      report->add(name, text, findings);
      const bool fails = std::ranges::any_of(findings, [&](const Finding& finding) {
        return command.warningsAreErrors || finding.severity == ivr::twiml::Severity::error;
      });
      if (fails) status = std::max(status, kFound);
    } catch (const std::runtime_error& error) {
      status = couldNotLook(name, error);
    }
  }
  report->finish();
  return status;
}

struct FormatCommand {
  std::vector<std::string> files;
  bool checks = false;
  bool writes = false;
};

int format(const FormatCommand& command) {
  int status = kFine;
  for (const auto& [file, isFromFolder] : DocumentNames{command.files}.all) {
    const std::string name = file == "-" ? "<stdin>" : file;
    try {
      const std::string text = contentOf(file);
      const std::optional<std::string> formatted = ivr::twiml::formatTwiml(text);
      if (!formatted) {
        const std::vector<Finding> findings = ivr::twiml::readTwiml(text).findings;
        if (isFromFolder && isOfAnotherKind(findings)) continue;
        for (const Finding& finding : findings) {
          // Names and values of a document may be written for the terminal that shows them.
          std::cerr << ivr::oneLine(describe(finding, name), 2000) << '\n';
        }
        status = std::max(status, kFound);
      } else if (command.checks) {
        if (*formatted == text) continue;
        std::cout << name << '\n';
        status = std::max(status, kFound);
      } else if (command.writes && file != "-") {
        if (*formatted != text) replaceContent(file, *formatted);
      } else {
        std::cout << *formatted;
      }
    } catch (const std::runtime_error& error) {
      status = couldNotLook(name, error);
    }
  }
  return status;
}

void addLint(CLI::App& options, LintCommand& command) {
  CLI::App& linting = *options.add_subcommand(
      "lint",
      "Prints what would cost callers silence, or their owner money:\n"
      "  menu.xml:3:11: warning[12200]: <Gather> has no attribute numDigit; did you mean "
      "numDigits? (unknown-attribute)\n"
      "The number is the provider's, https://www.twilio.com/docs/api/errors; the word is the rule. "
      "A comment <!-- twiml-lint: ignore RULE --> takes back what a rule finds in the element "
      "behind "
      "it.");
  linting.add_option("files", command.files,
                     "The documents, or folders of them; - is the standard input");
  linting.add_option("--stdin-filename", command.stdinName, "What to call the standard input");
  linting.add_option("--as", command.use, "What the documents are for (call)")
      ->check(CLI::IsMember{useNames()});
  linting.add_option("--provider", command.provider, "Who reads them (twilio)")
      ->check(CLI::IsMember{providerNames()});
  linting.add_option("--url", command.url, "The address of the document, to find loops");
  linting.add_flag("--development", command.isDevelopment,
                   "Allow addresses of this machine and of private networks");
  linting.add_option("--disable", command.disabled, "Rules that are not wanted")
      ->delimiter(',')
      ->allow_extra_args(false);
  linting.add_option("--severity", command.severities, "RULE=off, RULE=warning or RULE=error")
      ->delimiter(',')
      ->allow_extra_args(false);
  linting.add_option("--config", command.config,
                     "A file of such settings, NAME = VALUE; .twiml-lint if it is there");
  linting.add_option("--format", command.format, "How to print what is found")
      ->check(CLI::IsMember{reportNames()})
      ->capture_default_str();
  linting.add_flag("--werror", command.warningsAreErrors, "Exit with 1 for warnings too");
  linting.add_flag("--fix", command.fixes, "Change what is surely meant otherwise");
  linting.add_flag("--list-rules", command.listsRules, "List the rules");
  linting.add_option("--explain", command.explained, "The page of a rule, or of all");
}

void addFormat(CLI::App& options, FormatCommand& command) {
  CLI::App& formatting = *options.add_subcommand(
      "format",
      "Prints documents with one element to a line. Comments and what is spoken stay as they are.");
  formatting
      .add_option("files", command.files,
                  "The documents, or folders of them; - is the standard input")
      ->required();
  CLI::Option* const check = formatting.add_flag("--check", command.checks,
                                                 "Name those that would change, and exit with 1");
  formatting.add_flag("--write", command.writes, "Change the files")->excludes(check);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App options{"Looks through TwiML documents before a caller does.", "twiml"};
  options.require_subcommand(1);
  options.set_version_flag("--version", "twiml " TWIML_VERSION);
  options.footer(
      "Exit status: 0 if nothing is wrong, 1 if there are errors, 2 if it could not look.");
  LintCommand linting;
  addLint(options, linting);
  FormatCommand formatting;
  addFormat(options, formatting);
  try {
    options.parse(argc, argv);
    return options.got_subcommand("format") ? format(formatting) : lint(linting);
  } catch (const CLI::ParseError& error) {
    return options.exit(error) == 0 ? kFine : kCouldNotLook;
  } catch (const std::exception& error) {
    std::cerr << "twiml: " << error.what() << '\n';
    return kCouldNotLook;
  }
}
