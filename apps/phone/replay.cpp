// phone replay: the calls of a saved timeline, played again.

#include "commands.hpp"
#include "line.hpp"
#include "printer.hpp"
#include <ivr/core/error.hpp>
#include <ivr/core/log.hpp>
#include <ivr/phone/replay.hpp>
#include <ivr/phone/saved_timeline.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

namespace phone {

namespace {

using namespace std::chrono_literals;
using ivr::Error;
using ivr::ErrorKind;
using ivr::phone::Difference;
using ivr::phone::Entry;
using ivr::phone::Happening;
using ivr::phone::Provider;
using ivr::phone::Replay;
using ivr::phone::TimeKind;

constexpr std::chrono::milliseconds kReplayAfterwards = 60s;
constexpr std::size_t kMaxFile = 256 << 20;
constexpr std::size_t kMaxReplayLine = 2000;

/// Takes FILE first, then what belongs to the line.
struct ReplayCommand {
  explicit ReplayCommand(CLI::App& command) : line(withFile(command)) {
    command.add_flag("--json", isJson, "Print one object of JSON for each difference");
    command.add_flag("--verbose", isVerbose, "Print the calls, too, as they are played");
    command.add_option("--limit", limit, "End the calls after so many seconds of theirs")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
  }

  CLI::App& withFile(CLI::App& command) {
    command.add_option("FILE", file, "What phone call --json has printed; - for standard input")
        ->required();
    return command;
  }

  std::string file;
  LineOptions line;
  bool isJson = false;
  bool isVerbose = false;
  int limit = 14'400;
};

std::string contentOf(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& input = path == "-" ? std::cin : file;
  std::string text;
  std::string block(1 << 16, '\0');
  while (input.read(block.data(), static_cast<std::streamsize>(block.size())) ||
         input.gcount() > 0) {
    text.append(block, 0, static_cast<std::size_t>(input.gcount()));
    if (text.size() > kMaxFile) {
      throw Error{ErrorKind::usage, ivr::oneLine(path) + " has more than 256 MiB"};
    }
  }
  if (path != "-" && !file.is_open()) {
    throw Error{ErrorKind::usage, "cannot read " + ivr::oneLine(path)};
  }
  return text;
}

std::string_view wordOf(Difference::Kind kind) {
  switch (kind) {
    case Difference::Kind::missing: return "missing";
    case Difference::Kind::added: return "added";
    case Difference::Kind::notDone: return "notDone";
    case Difference::Kind::uncounted: return "uncounted";
  }
  return "";
}

void print(const Difference& difference, bool isJson) {
  if (isJson) {
    std::cout << R"({"difference":")" << wordOf(difference.kind) << R"(","entry":)"
              << savedLine(difference.entry) << "}\n";
  } else {
    std::cout << ivr::oneLine(describe(difference), kMaxReplayLine) << '\n';
  }
}

int runReplay(ReplayCommand& command) {
  command.line.check();
  auto saved = ivr::phone::timelineFrom(contentOf(command.file));
  const auto loop = makeLoop(TimeKind::simulated);
  ApiServer api{command.line};
  Courtesy courtesy{loop, command.line.servesApi()};
  Printer printer{PrintStyle::text, /*isVerbose=*/false};
  std::optional<Replay> replay;
  bool isReached = false;
  auto options = command.line.provider();
  options.onEntry = [&](const Entry& entry) {
    if (command.isVerbose) printer.print(entry);
    courtesy.see(entry);
    if (entry.what == Happening::webhook && !entry.detail("status").empty()) isReached = true;
    if (replay) replay->see(entry);
  };
  Provider provider{loop, std::move(options)};
  replay.emplace(*loop, provider, std::move(saved));
  for (const std::string& number : replay->numbers()) {
    provider.setNumber(number, command.line.number());
  }
  provider.setOtherTelephones(command.line.others());
  api.serve(&provider);
  replay->begin();
  const auto isDone = [&] { return replay->isOver() && provider.requests() == 0; };
  if (loop->run(isDone, std::chrono::seconds{command.limit}) != ivr::phone::EventLoop::Stop::done) {
    std::cerr << "phone: the calls were not over after " << command.limit << " s and were ended\n";
  }
  const auto differences = replay->differences();
  for (const ivr::phone::CallView& call : provider.calls()) {
    if (!call.isOver() && !provider.hangUp(call.sid)) (void)provider.refuse(call.sid);
  }
  (void)loop->run([&] { return provider.liveCalls() == 0 && provider.requests() == 0; },
                  kReplayAfterwards);
  api.serve(nullptr);
  if (!isReached) {
    std::cerr << "phone: the application cannot be reached\n";
    return kCouldNotTry;
  }
  for (const Difference& difference : differences) print(difference, command.isJson);
  if (differences.empty()) {
    if (!command.isJson) {
      std::cout << "no difference: " << replay->compared() << " entries are as they were\n";
    }
    return kFine;
  }
  return kNotAsExpected;
}

}  // namespace

std::function<int()> addReplay(CLI::App& options) {
  CLI::App& replaying = *options.add_subcommand(
      "replay",
      "Plays saved calls to an application again, everybody doing what they did, and prints what "
      "is different now: what is heard and asked, who is called, how it ends.\n"
      "  phone call http://127.0.0.1:8080/incoming-call --press 2 --json >call.jsonl\n"
      "  phone replay call.jsonl http://127.0.0.1:8080/incoming-call\n"
      "SIDs, dates and other things that are made anew for each call make no difference.");
  const auto command = std::make_shared<ReplayCommand>(replaying);
  return [command] { return runReplay(*command); };
}

}  // namespace phone
