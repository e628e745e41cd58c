// phone crawl: everything that a caller can do.

#include "commands.hpp"
#include "line.hpp"
#include "watcher.hpp"
#include <ivr/core/error.hpp>
#include <ivr/core/log.hpp>
#include <ivr/phone/crawler.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace phone {

namespace {

using ivr::Error;
using ivr::ErrorKind;
using ivr::phone::CrawlBounds;
using ivr::phone::CrawlOptions;
using ivr::phone::Entry;
using ivr::phone::MenuGraph;
using ivr::phone::TimeKind;

struct CrawlCommand {
  explicit CrawlCommand(CLI::App& command) : line(command), elsewhere(command) {
    const CrawlBounds usual;
    bounds = usual;
    command.add_option("--dot", dotFile, "Draw the menu for Graphviz in this file")
        ->type_name("FILE");
    command.add_option("--mermaid", mermaidFile, "Draw the menu for Mermaid in this file")
        ->type_name("FILE");
    command.add_flag("--quiet", isQuiet, "Do not print the menu");
    const auto bound = [&](const char* name, std::size_t& value, const char* does) {
      command.add_option(name, value, does)
          ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}))
          ->capture_default_str();
    };
    bound("--questions", bounds.questions, "At most so many questions");
    bound("--depth", bounds.depth, "At most so many acts in one call");
    bound("--calls", bounds.calls, "At most so many calls");
    bound("--documents", bounds.documents, "At most so many documents");
    bound("--documents-in-a-row", bounds.documentsInARow,
          "At most so many documents in one call without a question");
    bound("--at-once", atOnce, "So many calls at a time; one if the API is served");
    command.add_option("--silence", silence, "Tell of silence of more than so many seconds")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    command.add_option("--answer", answers, "Try these digits, too, where they fit: a PIN")
        ->allow_extra_args(false);
    command.add_option("--stranger", stranger, "What to say that fits no question")
        ->capture_default_str();
    std::string kinds;
    for (const std::string_view kind : ivr::phone::findingKinds()) {
      kinds.append(kinds.empty() ? "" : ", ").append(kind);
    }
    command
        .add_option("--ignore", ignored,
                    "Kinds of findings, or rules of the lint, that are not wanted: " + kinds)
        ->delimiter(',')
        ->allow_extra_args(false);
  }

  LineOptions line;
  ElsewhereOption elsewhere;
  std::string dotFile;
  std::string mermaidFile;
  bool isQuiet = false;
  CrawlBounds bounds;
  std::size_t atOnce = 8;
  int silence = 10;
  std::vector<std::string> answers;
  std::string stranger = CrawlOptions{}.stranger;
  std::vector<std::string> ignored;
};

void write(const std::string& file, const std::string& text) {
  if (file.empty()) return;
  std::ofstream stream{file};
  if (!(stream << text) || !stream.flush()) {
    throw Error{ErrorKind::config, ivr::oneLine(file) + " cannot be written"};
  }
}

int report(const CrawlCommand& command, const MenuGraph& graph) {
  write(command.dotFile, dotOf(graph));
  write(command.mermaidFile, mermaidOf(graph));
  if (!command.isQuiet) std::cout << textOf(graph);
  for (const std::string& what : graph.notPlayed) {
    std::cout << "not played: " << ivr::oneLine(what) << '\n';
  }
  for (const std::string& bound : graph.bounds) std::cout << "bound: " << bound << '\n';
  for (const auto& finding : graph.findings) std::cout << describe(finding) << '\n';
  std::cout << (graph.findings.empty()
                    ? std::string{"nothing found"}
                    : std::to_string(graph.findings.size()) +
                          (graph.findings.size() == 1 ? " finding" : " findings"))
            << '\n'
            << std::flush;
  if (graph.answers == 0) {
    std::cerr << "phone: the application cannot be reached\n";
    return kCouldNotTry;
  }
  return graph.findings.empty() ? kFine : kNotAsExpected;
}

int runCrawl(CrawlCommand& command) {
  command.line.check();
  command.elsewhere.check(command.line.url());
  for (const std::string& answer : command.answers) {
    if (answer.empty() || !ivr::phone::areKeys(answer)) {
      throw Error{ErrorKind::usage, "--answer is not keys: " + ivr::oneLine(answer)};
    }
  }
  keepSignals();
  const auto loop = makeLoop(TimeKind::simulated);
  ApiServer api{command.line};
  Courtesy courtesy{loop, command.line.servesApi()};
  std::atomic<bool> isStopped{false};
  const Watcher watcher{[&] { isStopped = true; }, nullptr};

  CrawlOptions options{.number = command.line.number(),
                       .call = command.line.call(),
                       .provider = command.line.provider(),
                       .bounds = command.bounds,
                       .silence = std::chrono::seconds{command.silence},
                       .stranger = command.stranger,
                       .answers = command.answers,
                       .callsAtOnce = command.line.servesApi() ? 1 : command.atOnce,
                       .ignored = command.ignored};
  options.provider.transport =
      ivr::http::curlTransport({.inFlight = std::max<std::size_t>(command.atOnce, 8)});
  options.provider.onEntry = [&](const Entry& entry) { courtesy.see(entry); };
  options.onProvider = [&](ivr::phone::Provider* provider) { api.serve(provider); };
  options.isStopped = [&] { return isStopped.load(); };
  const bool isTerminal = ::isatty(STDERR_FILENO) == 1;
  auto shown = std::chrono::steady_clock::now();
  options.onProgress = [&](const ivr::phone::CrawlProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!isTerminal || now - shown < std::chrono::milliseconds{200}) return;
    shown = now;
    std::cerr << '\r' << progress.questions << " questions, " << progress.calls << " calls, "
              << progress.waiting << " to come\x1b[K" << std::flush;
  };
  const MenuGraph graph = crawl(loop, std::move(options));
  if (isTerminal) std::cerr << "\r\x1b[K";
  return report(command, graph);
}

}  // namespace

std::function<int()> addCrawl(CLI::App& options) {
  CLI::App& crawling = *options.add_subcommand(
      "crawl",
      "Tries every key, silence, nonsense and hanging up at every question, and draws the menu. "
      "Tells of dead ends, loops, silence, missing audio, what the lint finds, addresses that "
      "answer 4xx or 5xx, errors, and states of an ivr application in development mode that no "
      "call came to. Each way is a call of its own, and what it orders is ordered.");
  const auto command = std::make_shared<CrawlCommand>(crawling);
  return [command] { return runCrawl(*command); };
}

}  // namespace phone
