// phone play: a telephone in the terminal.

#include "commands.hpp"
#include "line.hpp"
#include "printer.hpp"
#include "watcher.hpp"
#include <ivr/core/log.hpp>
#include <ivr/phone/script.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace phone {

namespace {

using namespace std::chrono_literals;
using ivr::phone::Act;
using ivr::phone::Entry;
using ivr::phone::Provider;
using ivr::phone::ScriptedCaller;
using ivr::phone::TimeKind;

constexpr std::chrono::milliseconds kLongest = 24h;
constexpr std::chrono::milliseconds kPlayAfterwards = 20s;
constexpr std::size_t kMaxWords = 1000;  ///< In bytes.

constexpr const char* kHelp =
    "  0-9 * #  presses a key\n"
    "  s        begins what you say; Enter says it, Escape drops it\n"
    "  h        hangs up, as Ctrl-D does\n"
    "  ?        prints this\n";

struct PlayCommand {
  explicit PlayCommand(CLI::App& command) : line(command) {
    line.addOthers();
    command.add_flag("--json", isJson, "Print one object of JSON for each thing that happens");
    command.add_flag("--verbose", isVerbose, "Print webhooks and documents, too");
  }

  LineOptions line;
  bool isJson = false;
  bool isVerbose = false;
};

/// What keys mean. On a terminal they are pressed at once; from a pipe, each is pressed when it is
/// the caller's turn, for nobody listens there.
class Keyboard {
 public:
  Keyboard(Provider& provider, ScriptedCaller& caller, bool isTerminal)
      : provider_(provider), caller_(caller), isTerminal_(isTerminal) {}

  void take(std::string_view input) {
    if (input.empty()) return act({.kind = Act::Kind::hangUp});
    for (const char c : input) take(c);
  }

 private:
  void take(char c) {
    if (words_) return takeWord(c);
    constexpr char kEndOfInput = 4;  // Ctrl-D
    if (std::string_view{"0123456789*#"}.find(c) != std::string_view::npos) {
      act({.kind = Act::Kind::press, .text = std::string{c}});
    } else if (c == 's') {
      words_.emplace();
      show("say: ");
    } else if (c == 'h' || c == kEndOfInput) {
      act({.kind = Act::Kind::hangUp});
    } else if (c == '?') {
      show(kHelp);
    } else if (c > ' ') {
      show("there is no such key; ? tells which there are\n");
    }
  }

  void takeWord(char c) {
    constexpr char kEscape = 27;
    constexpr char kDelete = 127;
    if (c == '\n' || c == '\r') {
      show("\n");
      std::string said = *std::exchange(words_, std::nullopt);
      if (!said.empty()) act({.kind = Act::Kind::say, .text = std::move(said)});
    } else if (c == kEscape) {
      show("\n");
      words_.reset();
    } else if (c == kDelete || c == '\b') {
      if (words_->empty()) return;
      while (words_->size() > 1 && isInside(words_->back())) words_->pop_back();
      words_->pop_back();
      show("\b \b");
    } else if (words_->size() < kMaxWords && static_cast<unsigned char>(c) >= ' ') {
      *words_ += c;
      show({&c, 1});
    }
  }

  /// Whether a byte of UTF-8 is not the first of its character.
  static bool isInside(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

  void act(Act act) {
    if (!isTerminal_) return caller_.add(std::move(act));
    const std::string& sid = caller_.callSid();
    if (act.kind == Act::Kind::press) {
      provider_.press(sid, act.text);
    } else if (act.kind == Act::Kind::say) {
      provider_.say(sid, {.words = act.text});
    } else {
      provider_.hangUp(sid);
    }
  }

  void show(std::string_view text) const {
    if (isTerminal_) std::cerr << text << std::flush;
  }

  Provider& provider_;
  ScriptedCaller& caller_;
  bool isTerminal_;
  std::optional<std::string> words_;  ///< While they are being typed.
};

int runPlay(PlayCommand& command) {
  command.line.check();
  keepSignals();
  const auto loop = makeLoop(TimeKind::real);
  ApiServer api{command.line};
  Printer printer{command.isJson ? PrintStyle::json : PrintStyle::text, command.isVerbose};
  std::optional<ScriptedCaller> caller;
  bool isReached = false;
  auto options = command.line.provider();
  options.onEntry = [&](const Entry& entry) {
    printer.print(entry);
    if (!entry.detail("status").empty()) isReached = true;
    if (caller) caller->see(entry);
  };
  Provider provider{loop, std::move(options)};
  const auto call = command.line.call();
  provider.setNumber(call.to, command.line.number());
  provider.setOtherTelephones(command.line.others());
  api.serve(&provider);
  caller.emplace(*loop, provider, provider.call(call),
                 ivr::phone::ScriptOptions{.acts = {}, .hangsUp = false});
  const RawTerminal terminal;
  Keyboard keyboard{provider, *caller, terminal.isTerminal()};
  if (terminal.isTerminal()) std::cerr << kHelp;
  int signals = 0;
  const Watcher watcher{[&] {
                          loop->post([&] {
                            ++signals;
                            provider.hangUp(caller->callSid());
                          });
                        },
                        [&](std::string_view input) {
                          loop->post([&, text = std::string{input}] { keyboard.take(text); });
                        }};
  (void)loop->run([&] { return caller->isOver() || signals > 1; }, kLongest);
  for (const ivr::phone::CallView& one : provider.calls()) {
    if (!one.isOver() && !provider.hangUp(one.sid)) (void)provider.refuse(one.sid);
  }
  (void)loop->run(
      [&] { return signals > 1 || (provider.liveCalls() == 0 && provider.requests() == 0); },
      kPlayAfterwards);
  api.serve(nullptr);
  if (isReached) return kFine;
  std::cerr << "phone: the application cannot be reached\n";
  return kCouldNotTry;
}

}  // namespace

std::function<int()> addPlay(CLI::App& options) {
  CLI::App& playing = *options.add_subcommand(
      "play", std::string{"A telephone in the terminal: calls an application, in real time.\n"} +
                  kHelp +
                  "If the standard input is no terminal, each key is pressed at the caller's turn, "
                  "and the caller hangs up at the end of the input.");
  const auto command = std::make_shared<PlayCommand>(playing);
  return [command] { return runPlay(*command); };
}

}  // namespace phone
