// States that block: 200 calls at once in states that sleep 20 s, on a server with two workers, and
// beside them quick calls, audio, callers who come back for answers, and health checks, two hundred
// a second of each. Prints a row of a Markdown table: when the last of the 200 callers, who do what
// they are told, heard anything; how many heard the answer, how many an apology, and how many were
// lost; when the last call ended; how many lines of the log named the state; the threads of the
// server at most; and, of the kind of request that fared worst, how long 99 of 100 answers took and
// the latest, counted from when the request should have been sent.
//
// Usage: blocking STORE [CALLS [SECONDS]]   STORE as for openSessionStore; default: 200 calls, 20 s

#include "clients.hpp"
#include "ivr/ivr.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ivr;
using namespace std::chrono_literals;
using load::SteadyClock;

constexpr std::chrono::milliseconds kInterval = 5ms;

/// Blocks its thread, like code that queries a database.
class Blocking final : public EndState {
 public:
  explicit Blocking(std::chrono::seconds time) : time_(time) {}
  std::string uri() const override { return "/blocking"; }
  Later<Twiml> twimlFor(Call&) override {
    std::this_thread::sleep_for(time_);
    return Twiml{Say{"Found."}, Hangup{}};
  }

 private:
  std::chrono::seconds time_;
};

struct Quick final : EndState {
  std::string uri() const override { return "/quick"; }
  Later<Twiml> twimlFor(Call&) override { return Twiml{Say{"Welcome."}, Hangup{}}; }
};

/// What became of the callers of states that block.
struct Fates {
  std::vector<double> firstAnswers = {};  ///< When each heard something, in ms.
  std::vector<double> ends = {};          ///< When each heard the end.
  int found = 0;
  int sorry = 0;
  int lost = 0;
};

/// Callers who hold when asked to, and come back after the words and the pause.
Fates callAtOnce(std::uint16_t port, std::size_t calls, const std::string& target) {
  load::Clients clients{"127.0.0.1", port, calls};
  Fates fates;
  const auto begin = SteadyClock::now();
  const auto now = [&] {
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - begin).count();
  };
  const auto sid = [](std::size_t i) { return "CAblocking" + std::to_string(i); };
  std::vector<bool> hasHeard(calls);
  std::queue<std::pair<SteadyClock::time_point, std::pair<std::size_t, std::string>>> returns;
  for (std::size_t i = 0; i < calls; ++i) clients[i].send(load::post(target, sid(i)));
  for (std::size_t left = calls; left > 0;) {
    while (!returns.empty() && returns.front().first <= SteadyClock::now()) {
      const auto [i, link] = returns.front().second;
      clients[i].send(load::post(link, sid(i)));
      returns.pop();
    }
    clients.receive(50ms, [&](std::size_t i) {
      if (!hasHeard[i]) fates.firstAnswers.push_back(now());
      hasHeard[i] = true;
      const std::string& heard = clients[i].answer();
      const std::size_t link = heard.find("/.ivr/answer");
      if (clients[i].isGood() && link != std::string::npos) {
        std::string to = heard.substr(link, heard.find('<', link) - link);
        for (std::size_t at = 0; (at = to.find("&amp;", at)) != std::string::npos; ++at) {
          to.replace(at, 5, "&");
        }
        returns.push({SteadyClock::now() + 2500ms, {i, to}});
        return;
      }
      fates.ends.push_back(now());
      --left;
      if (heard.find("Found.") != std::string::npos) {
        ++fates.found;
      } else if (heard.find("sorry") != std::string::npos) {
        ++fates.sorry;
      } else {
        ++fates.lost;
      }
    });
    if (now() > 200'000) {
      fates.lost += static_cast<int>(left);
      return fates;
    }
  }
  return fates;
}

/// One kind of quick request, at a steady rate, until `isOver`.
std::vector<double> ask(std::uint16_t port, const std::string& kind,
                        const std::atomic<bool>& isOver) {
  load::Clients clients{"127.0.0.1", port, 64};
  std::vector<double> times;
  auto due = SteadyClock::now();
  for (std::size_t next = 0; !isOver;) {
    for (; due <= SteadyClock::now(); due += kInterval, ++next) {
      load::Client& client = clients[next % clients.size()];
      if (client.isBusy()) {
        times.push_back(client.milliseconds());  // all earlier ones are still pending
        continue;
      }
      const std::string sid = "CA" + std::to_string(next);
      client.send(kind == "health"  ? load::get("/healthz")
                  : kind == "audio" ? load::get("/static/prompt.mp3")
                  : kind == "continuation"
                      ? load::post("/.ivr/"
                                   "answer?step=r.1&to=%2Fquick&round=1&since=1",
                                   sid)
                      : load::post("/quick", sid),
                  due);
    }
    clients.receive(1ms, [&](std::size_t i) { times.push_back(clients[i].milliseconds()); });
  }
  return times;
}

std::size_t threadsOfProcess() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator{"/proc/self/task"}, {}));
}

void run(const std::string& store, std::size_t calls, std::chrono::seconds time) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("ivr-blocking-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  std::ofstream{folder / "prompt.mp3"} << std::string(40'000, 'x');

  std::atomic<int> blocked{0};
  Config config;
  config.publicUrl = "http://localhost";
  config.validate = false;
  config.sessions = session::openSessionStore(store);
  config.log = [&](LogLevel, std::string_view line) {
    if (line.starts_with("blocked state=Blocking")) ++blocked;
  };
  Ivr ivr{config};
  ivr.serveAudio({.folder = folder, .mountPath = "/static"});
  ivr.add<Blocking>(time);
  ivr.add<Quick>();
  ivr.route("GET", "/healthz", Access::everyone,
            [](const Request&) { return plainText(200, "ok\n"); });
  ServerOptions options;
  options.port = 0;
  options.threads = 2;
  Server server{ivr.handler(), options, ivr.borrower()};

  constexpr std::array<const char*, 4> kKinds{"quick call", "audio", "continuation", "health"};
  std::atomic<bool> isOver{false};
  std::array<std::vector<double>, kKinds.size()> times;
  std::vector<std::thread> others;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    others.emplace_back([&, i] { times[i] = ask(server.port(), kKinds[i], isOver); });
  }
  std::size_t maxThreads = 0;
  std::thread watch{[&] {
    while (!isOver) {
      maxThreads = std::max(maxThreads, threadsOfProcess() - others.size() - 2);
      std::this_thread::sleep_for(50ms);
    }
  }};
  std::this_thread::sleep_for(1s);
  Fates fates = callAtOnce(server.port(), calls, "/blocking");
  isOver = true;
  for (std::thread& other : others) other.join();
  watch.join();

  double slow = 0;
  double latest = 0;
  for (std::vector<double>& kind : times) {
    slow = std::max(slow, load::percentile(kind, 0.99));
    latest = std::max(latest, load::percentile(kind, 1.0));
  }
  std::printf("| %s | %zu | %.1f s | %d | %d | %d | %.1f s | %d | %zu | %.1f ms | %.1f ms |\n",
              store.substr(0, store.find(':')).c_str(), calls,
              load::percentile(fates.firstAnswers, 1.0) / 1000, fates.found, fates.sorry,
              fates.lost, load::percentile(fates.ends, 1.0) / 1000, blocked.load(), maxThreads,
              slow, latest);
  std::filesystem::remove_all(folder);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc > 1 ? argv[1] : "memory",
        argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 200,
        std::chrono::seconds{argc > 3 ? std::atoi(argv[3]) : 20});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "blocking: %s\n", error.what());
    return 1;
  }
  return 0;
}
