// A step of a call with each store: take the session, change its data, give it back.
//
// The time per iteration is a mean; `p50_ns` and `p99_ns` are of single steps. Sessions have a
// kilobyte of data and take turns, so that no store profits from the last one. For SQLite the
// folder for temporary files (TMPDIR) should be on a disk.

#include "ivr/session/session_store.hpp"

#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono_literals;
using ivr::session::SessionStore;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kDataBytes = 1024;
constexpr std::int64_t kCalls = 1'000;
constexpr std::int64_t kManySessions = 100'000;

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ivr-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"mkdtemp"};
    path_ = pattern;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string file() const { return (path_ / "sessions.db").string(); }

 private:
  std::filesystem::path path_;
};

/// A server without a disk. Needs `redis-server`.
class RedisServer {
 public:
  static constexpr int kPort = 16399;

  RedisServer() : process_(::fork()) {
    if (process_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string port = std::to_string(kPort);
    ::execlp("redis-server", "redis-server", "--port", port.c_str(), "--bind", "127.0.0.1",
             "--save", "", "--appendonly", "no", "--loglevel", "warning", nullptr);
    ::_exit(127);
  }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;
  ~RedisServer() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

  /// Null if the server does not start.
  [[nodiscard]] static std::shared_ptr<SessionStore> store() {
    auto store = ivr::session::redisSessionStore({.port = kPort});
    for (int tries = 0; tries < 100; ++tries) {
      try {
        (void)store->read("session").get();
        return store;
      } catch (const std::exception&) {
        std::this_thread::sleep_for(50ms);
      }
    }
    return nullptr;
  }

 private:
  ::pid_t process_;
};

std::vector<std::string> namesOf(std::size_t sessions) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sessions; ++i) {
    // Call names are random: neighbours in time are not neighbours in a tree.
    const std::size_t mixed = (i + 1) * 0x9E3779B97F4A7C15U;
    std::array<char, 35> name{};
    std::snprintf(name.data(), name.size(), "CA%016zx%016zx", mixed, i);
    names.emplace_back(name.data());
  }
  return names;
}

void step(SessionStore& store, const std::string& session, std::uint64_t number) {
  auto open = store.tryOpen(session, "step", 30s).get();
  if (!open) throw std::logic_error{"the session is held"};
  open->data.resize(kDataBytes, 'x');
  open->data.replace(0, sizeof number, reinterpret_cast<const char*>(&number), sizeof number);
  if (!store
           .close(
               {.session = session, .lease = open->lease, .data = open->data, .dataLifetime = 4h})
           .get()) {
    throw std::logic_error{"the lease is lost"};
  }
}

double quantile(std::vector<double>& samples, double part) {
  const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(samples.size() - 1));
  std::nth_element(samples.begin(), samples.begin() + at, samples.end());
  return samples[static_cast<std::size_t>(at)];
}

/// Steps of `calls` calls in turn, beside sessions that are live but idle.
void measure(benchmark::State& state, SessionStore& store) {
  const auto live = static_cast<std::size_t>(state.range(0));
  const auto calls = static_cast<std::size_t>(state.range(1));
  auto names = namesOf(live);
  std::uint64_t number = 0;
  for (const std::string& name : names) step(store, name, ++number);
  std::shuffle(names.begin(), names.end(), std::mt19937_64{1});  // not the order they came in
  std::vector<double> samples;
  for (auto _ : state) {
    const std::string& name = names[number % calls];
    const auto begin = SteadyClock::now();
    step(store, name, ++number);
    samples.push_back(std::chrono::duration<double, std::nano>(SteadyClock::now() - begin).count());
  }
  state.counters["p50_ns"] = quantile(samples, 0.5);
  state.counters["p99_ns"] = quantile(samples, 0.99);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"live", "calls"});
  benchmark->Args({1, 1});
  benchmark->Args({kCalls, kCalls});
  benchmark->Args({kManySessions, kCalls});
  benchmark->Args({kManySessions, kManySessions});
  benchmark->UseRealTime();
}

void stepInMemory(benchmark::State& state) { measure(state, *ivr::session::memorySessionStore()); }
BENCHMARK(stepInMemory)->Apply(sizes);

void stepInSqlite(benchmark::State& state) {
  const TempFolder folder;
  measure(state, *ivr::session::sqliteSessionStore(folder.file()));
}
BENCHMARK(stepInSqlite)->Apply(sizes)->MinTime(3);

void stepInRedis(benchmark::State& state) {
  const RedisServer server;
  const auto store = RedisServer::store();
  if (!store) {
    state.SkipWithError("no redis-server");
    return;
  }
  measure(state, *store);
}
BENCHMARK(stepInRedis)->Apply(sizes);

}  // namespace
