// Checks TwiML documents, as a compiler checks programs.

#include <ivr/core/log.hpp>
#include <ivr/twiml/lint.hpp>
#include <ivr/twiml/reader.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

constexpr int kFine = 0;
constexpr int kFoundErrors = 1;
constexpr int kCouldNotLook = 2;  ///< Wrong usage, or a file that cannot be read.

using NamedUse = std::pair<std::string_view, ivr::twiml::TwimlUse>;
/// What a document may be for, as `--as` calls it.
constexpr NamedUse kUses[] = {{"call", ivr::twiml::TwimlUse::call},
                              {"liveUpdate", ivr::twiml::TwimlUse::liveUpdate},
                              {"conferenceWait", ivr::twiml::TwimlUse::conferenceWait},
                              {"queueWait", ivr::twiml::TwimlUse::queueWait},
                              {"screening", ivr::twiml::TwimlUse::screening}};

[[noreturn]] void failToRead() { throw std::runtime_error{std::generic_category().message(errno)}; }

/// Stops reading once it is too long for any document. Throws if it cannot be read.
std::string contentOf(std::FILE* stream) {
  std::string content(ivr::twiml::kMaxTwimlBytes + 1, '\0');
  content.resize(std::fread(content.data(), 1, content.size(), stream));
  if (std::ferror(stream) != 0) failToRead();
  return content;
}
std::string contentOf(const std::string& file) {
  if (file == "-") return contentOf(stdin);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream{std::fopen(file.c_str(), "rb"),
                                                               &std::fclose};
  if (!stream) failToRead();
  return contentOf(stream.get());
}

std::string nameOf(const std::string& file) { return file == "-" ? "<stdin>" : file; }

bool isError(const ivr::twiml::Finding& finding) {
  return finding.severity == ivr::twiml::Severity::error;
}

int couldNotLook(const std::string& file, const std::exception& error) {
  std::cerr << "twiml: " << nameOf(file) << ": " << error.what() << '\n';
  return kCouldNotLook;
}

void print(std::ostream& out, const std::vector<ivr::twiml::Finding>& findings,
           const std::string& file) {
  for (const ivr::twiml::Finding& finding : findings) {
    // Names and values of a document may be written for the terminal that shows them.
    out << ivr::oneLine(ivr::twiml::describe(finding, nameOf(file)), 2000) << '\n';
  }
}

int lint(const std::vector<std::string>& files, ivr::twiml::TwimlUse use, bool warningsAreErrors) {
  int status = kFine;
  for (const std::string& file : files) {
    try {
      const std::vector<ivr::twiml::Finding> findings = ivr::twiml::lintTwiml(contentOf(file), use);
      print(std::cout, findings, file);
      const bool fails =
          std::ranges::any_of(findings, isError) || (warningsAreErrors && !findings.empty());
      if (fails) status = std::max(status, kFoundErrors);
    } catch (const std::runtime_error& error) {
      status = couldNotLook(file, error);
    }
  }
  return status;
}

int format(const std::string& file) {
  try {
    const ivr::twiml::TwimlReading reading = ivr::twiml::readTwiml(contentOf(file));
    if (reading.twiml) {
      std::cout << reading.twiml->xml(ivr::twiml::XmlLayout::indented);
      return kFine;
    }
    print(std::cerr, reading.findings, file);
    return kFoundErrors;
  } catch (const std::runtime_error& error) {
    return couldNotLook(file, error);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App options{"Looks through TwiML documents before a caller does.", "twiml"};
  options.require_subcommand(1);
  options.footer(
      "Exit status: 0 if nothing is wrong, 1 if there are errors, 2 if it could not look.");
  const std::string input = "; - is the standard input";

  std::vector<std::string> files;
  bool warningsAreErrors = false;
  CLI::App& linting = *options.add_subcommand(
      "lint",
      "Prints what would cost callers silence, or their owner money:\n"
      "  menu.xml:3:7: warning[12200]: <Gather> has no attribute numDigit; did you mean "
      "numDigits?\n"
      "The number is the provider's, https://www.twilio.com/docs/api/errors; a word is ours.");
  linting.add_option("files", files, "The documents" + input)->required();
  std::vector<std::string> uses;
  for (const auto& [name, value] : kUses) uses.emplace_back(name);
  std::string use = uses.front();
  linting.add_option("--as", use, "What the documents are for")
      ->check(CLI::IsMember{uses})
      ->capture_default_str();
  linting.add_flag("--werror", warningsAreErrors, "Exit with 1 for warnings too");

  std::string file;
  CLI::App& formatting = *options.add_subcommand(
      "format",
      "Prints a document with one element to a line. What is spoken stays as it is; comments are "
      "left out.");
  formatting.add_option("file", file, "The document" + input)->required();

  try {
    options.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return options.exit(error) == 0 ? kFine : kCouldNotLook;
  }
  if (formatting.parsed()) return format(file);
  return lint(files, std::ranges::find(kUses, use, &NamedUse::first)->second, warningsAreErrors);
}
