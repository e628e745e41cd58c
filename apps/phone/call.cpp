// phone call: one call, as a script.

#include "commands.hpp"
#include "line.hpp"
#include "printer.hpp"
#include <ivr/core/error.hpp>
#include <ivr/core/log.hpp>
#include <ivr/phone/script.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace phone {

namespace {

using namespace std::chrono_literals;
using ivr::phone::Entry;
using ivr::phone::EventLoop;
using ivr::phone::Happening;
using ivr::phone::Provider;
using ivr::phone::ScriptedCaller;
using ivr::phone::TimeKind;

/// How long what belongs to a call may go on after its end.
constexpr std::chrono::milliseconds kAfterwards = 60s;

constexpr std::size_t kMaxTold = 20;  ///< Texts that were heard, in a complaint.

struct CallCommand {
  explicit CallCommand(CLI::App& command) : line(command), script(command) {
    line.addOthers();
    command.add_flag("--json", isJson, "Print one object of JSON for each thing that happens");
    command.add_flag("--verbose", isVerbose, "Print webhooks and documents, too");
    command.add_flag("--real-time", isRealTime, "Take the time that a real call takes");
    command.add_option("--limit", limit, "Hang up after so many seconds of the call")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
  }

  LineOptions line;
  ScriptArguments script;
  bool isJson = false;
  bool isVerbose = false;
  bool isRealTime = false;
  int limit = 3600;
};

/// What is known of a call in the end.
class Record {
 public:
  Record(std::string sid, const std::vector<std::string>& expected)
      : sid_(std::move(sid)), expectation_(expected) {}

  void see(const Entry& entry) {
    if (entry.what == Happening::webhook && !entry.detail("status").empty()) isReached_ = true;
    if (entry.what == Happening::error && trouble_.empty()) {
      trouble_ = "error " + entry.code + ": " + entry.text;
    }
    if (entry.callSid != sid_) return;
    expectation_.see(entry);
    if (const std::string_view text = ivr::phone::heardIn(entry); !text.empty()) {
      if (heard_.size() == kMaxTold) heard_.erase(heard_.begin());
      heard_.emplace_back(text);
    }
  }

  /// Says what is wrong.
  [[nodiscard]] int status() const {
    if (!isReached_) {
      std::cerr << "phone: the application cannot be reached"
                << (trouble_.empty() ? "" : ": " + ivr::oneLine(trouble_)) << '\n';
      return kCouldNotTry;
    }
    if (!trouble_.empty()) {
      std::cerr << "phone: the call met an error: " << ivr::oneLine(trouble_) << '\n';
    }
    if (const std::string* const missing = expectation_.missing()) {
      std::cerr << "phone: not heard: \"" << ivr::oneLine(*missing) << "\"\n";
      std::cerr << (heard_.empty() ? "phone: nothing was heard\n" : "phone: what was heard:\n");
      for (const std::string& text : heard_) std::cerr << "  " << ivr::oneLine(text) << '\n';
      return kNotAsExpected;
    }
    return trouble_.empty() ? kFine : kNotAsExpected;
  }

 private:
  std::string sid_;
  ivr::phone::Expectation expectation_;
  std::vector<std::string> heard_;
  std::string trouble_;
  bool isReached_ = false;
};

void endAll(Provider& provider) {
  for (const ivr::phone::CallView& call : provider.calls()) {
    if (!call.isOver() && !provider.hangUp(call.sid)) (void)provider.refuse(call.sid);
  }
}

int runCall(CallCommand& command) {
  command.line.check();
  const auto acts = command.script.acts();
  const auto loop = makeLoop(command.isRealTime ? TimeKind::real : TimeKind::simulated);
  ApiServer api{command.line};
  Courtesy courtesy{loop, command.line.servesApi()};
  Printer printer{command.isJson ? PrintStyle::json : PrintStyle::text, command.isVerbose};
  std::optional<Record> record;
  std::optional<ScriptedCaller> caller;
  auto options = command.line.provider();
  options.onEntry = [&](const Entry& entry) {
    printer.print(entry);
    courtesy.see(entry);
    if (record) record->see(entry);
    if (caller) caller->see(entry);
  };
  Provider provider{loop, std::move(options)};
  const auto call = command.line.call();
  provider.setNumber(call.to, command.line.number());
  provider.setOtherTelephones(command.line.others());
  api.serve(&provider);
  const std::string sid = provider.call(call);
  record.emplace(sid, command.script.expected());
  caller.emplace(*loop, provider, sid, ivr::phone::ScriptOptions{.acts = acts});
  const auto stop =
      loop->run([&] { return caller->isOver(); }, std::chrono::seconds{command.limit});
  if (stop != EventLoop::Stop::done) {
    std::cerr << "phone: the call took " << command.limit << " s and was ended\n";
  }
  endAll(provider);
  (void)loop->run([&] { return provider.liveCalls() == 0 && provider.requests() == 0; },
                  kAfterwards);
  api.serve(nullptr);
  if (const auto* const left = caller->left()) {
    std::cerr << "phone: the call was over before this was done: " << ivr::oneLine(describe(*left))
              << '\n';
    (void)record->status();
    return kNotAsExpected;
  }
  return record->status();
}

}  // namespace

std::function<int()> addCall(CLI::App& options) {
  CLI::App& calling = *options.add_subcommand(
      "call",
      "Calls an application and prints what the caller hears. Each act is done when it is the "
      "caller's turn; after the last one, the caller hangs up at the next turn.\n"
      "  phone call http://127.0.0.1:8080/incoming-call --press 2 --expect 'nine to five'\n"
      "Time is simulated: it stands still while the application works, and nobody waits for what "
      "is said.");
  const auto command = std::make_shared<CallCommand>(calling);
  return [command] { return runCall(*command); };
}

}  // namespace phone
