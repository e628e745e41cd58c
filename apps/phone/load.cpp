// phone load: many calls at a time.

#include "commands.hpp"
#include "line.hpp"
#include "statistics.hpp"
#include "watcher.hpp"
#include <ivr/core/error.hpp>
#include <ivr/core/log.hpp>
#include <ivr/phone/script.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>
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
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMaxEntries = 200;  ///< Of one call, for its timeline.
constexpr std::size_t kMaxText = 200;     ///< Of one entry.
constexpr std::size_t kMaxKinds = 100;    ///< Of failures.
constexpr milliseconds kLoadAfterwards = 20s;

struct LoadCommand {
  explicit LoadCommand(CLI::App& command) : line(command), script(command), elsewhere(command) {
    line.addOthers();
    command.add_option("--calls", calls, "How many calls")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    command.add_option("--rate", rate, "How many begin in a second")
        ->check(CLI::Range(0.01, 100'000.0))
        ->capture_default_str();
    command.add_option("--connections", connections, "How many requests are sent at a time")
        ->check(CLI::Range(1, 20'000))
        ->capture_default_str();
    command.add_option("--limit", limit, "Hang up after so many seconds of a call")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
  }

  LineOptions line;
  ScriptArguments script;
  ElsewhereOption elsewhere;
  std::size_t calls = 100;
  double rate = 10;
  std::size_t connections = 256;
  int limit = 600;
};

/// Measures how long answers take, to a microsecond.
class MeasuringTransport final : public ivr::http::Transport {
 public:
  explicit MeasuringTransport(std::shared_ptr<ivr::http::Transport> transport)
      : transport_(std::move(transport)) {}

  ivr::Later<ivr::http::IncomingResponse> send(ivr::http::OutgoingRequest request) override {
    return transport_->send(std::move(request))
        .then([measured = measured_,
               begun = steady_clock::now()](ivr::http::IncomingResponse response) {
          const auto took = steady_clock::now() - begun;
          const std::lock_guard lock{measured->mutex};
          measured->durations.add(std::chrono::duration_cast<std::chrono::microseconds>(took));
          return response;
        });
  }

  [[nodiscard]] Durations durations() const {
    const std::lock_guard lock{measured_->mutex};
    return measured_->durations;
  }

 private:
  struct Measured {
    std::mutex mutex = {};
    Durations durations = {};
  };
  std::shared_ptr<ivr::http::Transport> transport_;
  std::shared_ptr<Measured> measured_ = std::make_shared<Measured>();
};

/// As many descriptors as the system allows.
void raiseLimits() {
  ::rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

class Load {
 public:
  explicit Load(LoadCommand& command)
      : command_(command),
        acts_(command.script.acts()),
        isTerminal_(::isatty(STDERR_FILENO) == 1),
        transport_(std::make_shared<MeasuringTransport>(ivr::http::curlTransport(
            {.inFlight = command.connections,
             .maxWaiting = std::max<std::size_t>(4 * command.calls, 10'000),
             .longAnswers = 64}))),
        loop_(makeLoop(TimeKind::real)),
        api_(command.line) {
    auto options = command.line.provider();
    options.transport = transport_;
    options.onEntry = [this](const Entry& entry) { see(entry); };
    provider_.emplace(loop_, std::move(options));
    call_ = command.line.call();
    provider_->setNumber(call_.to, command.line.number());
    provider_->setOtherTelephones(command.line.others());
    api_.serve(&*provider_);
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load() { api_.serve(nullptr); }

  int run() {
    const Watcher watcher{[this] { loop_->post([this] { stop(); }); }, nullptr};
    begun_ = steady_clock::now();
    beginCalls();
    showProgress();
    (void)loop_->run([this] { return isOver(); }, std::chrono::hours{24 * 365});
    for (const auto& [sid, call] : live_) {
      fail(call, "the call was not over in the end");
    }
    if (isTerminal_) std::cerr << "\r\x1b[K";
    return report();
  }

 private:
  struct Call {
    Call(EventLoop& loop, Provider& provider, const std::string& sid, ivr::phone::ScriptOptions of,
         const std::vector<std::string>& expected)
        : caller(loop, provider, sid, std::move(of)), expectation(expected) {}

    ScriptedCaller caller;
    ivr::phone::Expectation expectation;
    std::vector<Entry> entries = {};
    std::string trouble = {};
    EventLoop::Id limit = 0;
  };
  struct Failure {
    std::size_t count = 0;
    std::vector<Entry> first = {};  ///< The timeline of the first call.
  };

  [[nodiscard]] bool isOver() const {
    if (stops_ > 1) return true;
    const bool isBegun = begunCalls_ == command_.calls || stops_ > 0;
    return isBegun && live_.empty() && provider_->liveCalls() == 0 && provider_->requests() == 0;
  }

  /// Begins the calls that are due, and comes back for the next.
  void beginCalls() {
    if (stops_ > 0) return;
    const std::chrono::duration<double> since = steady_clock::now() - begun_;
    const auto due = static_cast<std::size_t>(since.count() * command_.rate) + 1;
    while (begunCalls_ < std::min(due, command_.calls)) beginCall();
    if (begunCalls_ == command_.calls) return;
    const double next = static_cast<double>(begunCalls_) / command_.rate - since.count();
    loop_->after(
        milliseconds{std::max<milliseconds::rep>(static_cast<milliseconds::rep>(next * 1000), 1)},
        [this] { beginCalls(); });
  }

  void beginCall() {
    ++begunCalls_;
    const std::string sid = provider_->call(call_);
    auto call =
        std::make_unique<Call>(*loop_, *provider_, sid, ivr::phone::ScriptOptions{.acts = acts_},
                               command_.script.expected());
    call->limit = loop_->after(std::chrono::seconds{command_.limit}, [this, sid] {
      const auto found = live_.find(sid);
      if (found == live_.end()) return;
      found->second->trouble = "the call took " + std::to_string(command_.limit) + " s";
      provider_->hangUp(sid);
    });
    live_.emplace(sid, std::move(call));
    most_ = std::max(most_, live_.size());
  }

  void see(const Entry& entry) {
    if (entry.what == Happening::webhook) seeWebhook(entry);
    const auto found = live_.find(entry.callSid);
    if (found == live_.end()) return;
    Call& call = *found->second;
    if (call.entries.size() < kMaxEntries && entry.what != Happening::twiml) {
      call.entries.push_back(entry);
      std::string& text = call.entries.back().text;
      if (text.size() > kMaxText) text.resize(kMaxText);
    }
    if (entry.what == Happening::error && call.trouble.empty()) {
      call.trouble = "error " + entry.code + (entry.text.empty() ? "" : ": " + entry.text);
    }
    call.expectation.see(entry);
    call.caller.see(entry);
    if (entry.what == Happening::ended) loop_->post([this, sid = entry.callSid] { end(sid); });
  }

  void seeWebhook(const Entry& entry) {
    ++webhooks_;
    const std::string status{entry.detail("status")};
    if (!status.empty()) isReached_ = true;
    if (status.empty() || status.front() >= '4') ++failedWebhooks_;
    const std::string late{entry.detail("late")};
    const double lateness = late.empty() ? 0 : std::strtod(late.c_str(), nullptr);
    late_.add(std::chrono::microseconds{static_cast<std::int64_t>(lateness * 1000)});
  }

  void end(const std::string& sid) {
    auto found = live_.extract(sid);
    if (found.empty()) return;
    const std::unique_ptr<Call> call = std::move(found.mapped());
    loop_->cancel(call->limit);
    ++over_;
    if (const std::string* const missing = call->expectation.missing()) {
      fail(call, "not heard: \"" + *missing + '"');
    } else if (!call->trouble.empty()) {
      fail(call, call->trouble);
    } else if (const auto* const left = call->caller.left()) {
      fail(call, "the call was over before this was done: " + describe(*left));
    }
  }

  void fail(const std::unique_ptr<Call>& call, const std::string& why) {
    ++failed_;
    const bool isKnown = failures_.contains(why);
    Failure& failure = failures_[isKnown || failures_.size() < kMaxKinds ? why : "other failures"];
    if (failure.count++ == 0) failure.first = std::move(call->entries);
  }

  /// The first time, no more calls begin and those that live are ended; the second time, nothing is
  /// waited for.
  void stop() {
    if (++stops_ > 1) return;
    for (const auto& [sid, call] : live_) provider_->hangUp(sid);
    loop_->after(kLoadAfterwards, [this] { stops_ = 2; });
  }

  void showProgress() {
    constexpr milliseconds kOnTerminal{200};
    constexpr milliseconds kElsewhere{5000};
    loop_->after(isTerminal_ ? kOnTerminal : kElsewhere, [this] {
      if (isOver()) return;
      std::string line = std::to_string(over_) + " of " + std::to_string(command_.calls) +
                         " calls are over, " + std::to_string(live_.size()) + " live, " +
                         std::to_string(failed_) + " not as expected";
      if (isTerminal_) {
        constexpr std::size_t kWidth = 30;
        const std::size_t full = over_ * kWidth / command_.calls;
        line = '\r' + ('[' + std::string(full, '=') + std::string(kWidth - full, ' ') + "] ") +
               line + "\x1b[K";
      } else {
        line += '\n';
      }
      std::cerr << line << std::flush;
      showProgress();
    });
  }

  int report() const {
    const std::chrono::duration<double> took = steady_clock::now() - begun_;
    const auto perSecond = [&](std::size_t count) {
      std::array<char, 32> text{};
      std::snprintf(text.data(), text.size(), "%.1f", static_cast<double>(count) / took.count());
      return std::string{text.data()};
    };
    std::array<char, 32> seconds{};
    std::snprintf(seconds.data(), seconds.size(), "%.1f", took.count());
    std::cout << begunCalls_ << " calls in " << seconds.data() << " s, " << perSecond(begunCalls_)
              << " a second, at most " << most_ << " at a time: " << begunCalls_ - failed_
              << " as expected, " << failed_ << " not\n"
              << webhooks_ << " webhooks, " << perSecond(webhooks_) << " a second, "
              << failedWebhooks_ << " not answered well\n"
              << "answers took  " << transport_->durations().text() << '\n'
              << "requests late " << late_.text() << '\n';
    if (begunCalls_ < command_.calls) {
      std::cout << "stopped before " << command_.calls - begunCalls_ << " calls began\n";
    }
    for (const auto& [why, failure] : failures_) {
      std::cout << '\n'
                << failure.count << (failure.count == 1 ? " call: " : " calls: ")
                << ivr::oneLine(why) << "\n  the first of them:\n";
      for (const Entry& entry : failure.first) {
        std::cout << "  " << ivr::oneLine(describe(entry)) << '\n';
      }
    }
    std::cout << std::flush;
    if (!isReached_) {
      std::cerr << "phone: the application cannot be reached\n";
      return kCouldNotTry;
    }
    return failed_ == 0 && begunCalls_ == command_.calls ? kFine : kNotAsExpected;
  }

  LoadCommand& command_;
  const std::vector<ivr::phone::Act> acts_;
  const bool isTerminal_;
  std::shared_ptr<MeasuringTransport> transport_;
  std::shared_ptr<EventLoop> loop_;
  ApiServer api_;
  std::optional<Provider> provider_;
  ivr::phone::IncomingCall call_;

  std::unordered_map<std::string, std::unique_ptr<Call>> live_;
  std::map<std::string, Failure> failures_;
  Durations late_;
  steady_clock::time_point begun_;
  std::size_t begunCalls_ = 0;
  std::size_t over_ = 0;
  std::size_t failed_ = 0;
  std::size_t most_ = 0;  ///< Calls at a time.
  std::size_t webhooks_ = 0;
  std::size_t failedWebhooks_ = 0;
  bool isReached_ = false;
  int stops_ = 0;
};

int runLoad(LoadCommand& command) {
  command.line.check();
  command.elsewhere.check(command.line.url());
  keepSignals();
  raiseLimits();
  return Load{command}.run();
}

}  // namespace

std::function<int()> addLoad(CLI::App& options) {
  CLI::App& loading = *options.add_subcommand(
      "load",
      "Makes many calls at a time, in real time, each as `call` makes one, and tells how fast the "
      "application answers. Ctrl-C ends the calls and reports.\n"
      "  phone load http://127.0.0.1:8080/incoming-call --calls 5000 --rate 200 --press 2 "
      "--expect 'nine to five'");
  const auto command = std::make_shared<LoadCommand>(loading);
  return [command] { return runLoad(*command); };
}

}  // namespace phone
