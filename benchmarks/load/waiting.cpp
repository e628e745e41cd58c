// Callers who wait for their answers beside callers who do not: a thousand calls that each take
// five seconds, and two thousand quick requests a second, all on one worker thread. Prints a row of
// a Markdown table: how many slow answers came, how late the latest was, and how long the quick
// ones took, measured from when they were due.
//
// Usage: waiting [SECONDS]        (default: 15)

#include "clients.hpp"
#include "ivr/ivr.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using namespace std::chrono_literals;
using load::SteadyClock;

constexpr std::size_t kWaiting = 1000;
constexpr std::chrono::milliseconds kWait = 5s;
constexpr std::size_t kQuickConnections = 64;
constexpr std::chrono::microseconds kQuickInterval{500};  // two thousand a second

/// Answers after five seconds, like a look-up elsewhere.
class Slow final : public EndState {
 public:
  explicit Slow(std::shared_ptr<Timers> timers) : timers_(std::move(timers)) {}
  std::string uri() const override { return "/slow"; }
  Later<Twiml> twimlFor(Call&) override {
    return Later<Twiml>{[this](const Answer<Twiml>& answer) {
      timers_->after(kWait, [answer] { answer(Twiml{Say{"Found."}, Hangup{}}); });
    }};
  }

 private:
  std::shared_ptr<Timers> timers_;
};

struct Quick final : EndState {
  std::string uri() const override { return "/quick"; }
  Later<Twiml> twimlFor(Call&) override { return Twiml{Say{"Welcome."}, Hangup{}}; }
};

void run(std::chrono::seconds duration) {
  Config config;
  config.publicUrl = "http://localhost";
  config.validate = false;
  config.log = logToStderr(LogLevel::error);
  Ivr ivr{config};
  ivr.add<Slow>(steadyTimers());
  ivr.add<Quick>();
  ServerOptions options;
  options.port = 0;
  options.threads = 1;
  Server server{ivr.handler(), options, ivr.borrower()};

  const auto end = SteadyClock::now() + duration;
  load::Clients slow{"127.0.0.1", server.port(), kWaiting};
  std::vector<double> slowTimes;
  std::thread waiting{[&] {
    const auto ask = [&](std::size_t i) {
      slow[i].send(load::post("/slow", "CAslow" + std::to_string(i)));
    };
    for (std::size_t i = 0; i < slow.size(); ++i) ask(i);
    while (SteadyClock::now() < end) {
      slow.receive(100ms, [&](std::size_t i) {
        slowTimes.push_back(slow[i].milliseconds());
        ask(i);
      });
    }
  }};

  load::Clients quick{"127.0.0.1", server.port(), kQuickConnections};
  std::vector<double> quickTimes;
  std::size_t missed = 0;
  auto due = SteadyClock::now();
  std::size_t next = 0;
  while (SteadyClock::now() < end) {
    for (; due <= SteadyClock::now(); due += kQuickInterval, ++next) {
      const std::size_t i = next % quick.size();
      if (quick[i].isBusy()) {
        ++missed;  // all earlier ones are still pending
      } else {
        quick[i].send(load::post("/quick", "CAquick" + std::to_string(i)), due);
      }
    }
    quick.receive(1ms, [&](std::size_t i) { quickTimes.push_back(quick[i].milliseconds()); });
  }
  waiting.join();

  std::printf("| %zu | %zu | %.0f ms | %zu | %zu | %.2f ms | %.2f ms |\n", kWaiting,
              slowTimes.size(), load::percentile(slowTimes, 1.0), quickTimes.size(), missed,
              load::percentile(quickTimes, 0.5), load::percentile(quickTimes, 0.99));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(std::chrono::seconds{argc > 1 ? std::atoi(argv[1]) : 15});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "waiting: %s\n", error.what());
    return 1;
  }
  return 0;
}
