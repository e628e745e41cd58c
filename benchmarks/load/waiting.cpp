// Callers who wait for their answers beside callers who do not: a thousand calls that each take
// five seconds, and two thousand quick requests a second, all on one worker thread. Prints a row of
// a Markdown table: how many slow answers came, how late the latest was, and how long the quick
// ones took, counted from when they should have been sent.
//
// Usage: waiting [SECONDS]        (default: 15)

#include "ivr/ivr.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace ivr;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kWaiting = 1000;
constexpr std::chrono::milliseconds kWait = 5s;
constexpr std::size_t kQuickConnections = 64;
constexpr std::chrono::microseconds kQuickInterval{500};  // two thousand a second

/// Answers after five seconds, as a look-up elsewhere would.
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

std::string requestFor(const std::string& path, std::size_t call) {
  const std::string body =
      "CallSid=CA" + path.substr(1) + std::to_string(call) + "&From=%2B14155550100";
  return "POST " + path +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

int connectTo(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error{"cannot connect"};
  }
  return socket;
}

/// A connection with at most one request under way, whose response comes in one piece.
struct Client {
  int socket = -1;
  std::string request = {};
  SteadyClock::time_point due = {};  ///< When the request should have been sent.
  bool isBusy = false;

  void send() {
    isBusy = true;
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      throw std::runtime_error{"cannot send"};
    }
  }
  void receive() {
    char buffer[4096];
    const ssize_t read = ::recv(socket, buffer, sizeof buffer, 0);
    if (read < 12 || std::string_view{buffer, 12} != "HTTP/1.1 200") {
      throw std::runtime_error{"an answer is no success"};
    }
    isBusy = false;
  }
};

double millisecondsSince(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

/// Keeps all clients of one kind at work.
class Load {
 public:
  Load(std::uint16_t port, const std::string& path, std::size_t connections)
      : epoll_(::epoll_create1(EPOLL_CLOEXEC)), clients_(connections) {
    for (std::size_t i = 0; i < connections; ++i) {
      clients_[i].socket = connectTo(port);
      clients_[i].request = requestFor(path, i);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_[i].socket, &event);
    }
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load() {
    for (const Client& client : clients_) ::close(client.socket);
    ::close(epoll_);
  }

  void send(std::size_t client, SteadyClock::time_point due) {
    clients_[client].due = due;
    clients_[client].send();
  }
  [[nodiscard]] bool isBusy(std::size_t client) const { return clients_[client].isBusy; }
  [[nodiscard]] std::size_t size() const { return clients_.size(); }

  /// Gives the clients that have their answers, after at most `wait`, to `then`.
  template <class F>
  void receive(std::chrono::milliseconds wait, F then) {
    epoll_event events[64];
    const int count = ::epoll_wait(epoll_, events, 64, static_cast<int>(wait.count()));
    for (int i = 0; i < count; ++i) {
      Client& client = clients_[events[i].data.u64];
      client.receive();
      latencies.push_back(millisecondsSince(client.due));
      then(static_cast<std::size_t>(events[i].data.u64));
    }
  }

  std::vector<double> latencies;  ///< In milliseconds.

 private:
  int epoll_;
  std::vector<Client> clients_;
};

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  return values[index];
}

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
  Server server{[&ivr](Request request) { return ivr.handle(std::move(request)); }, options};

  const auto end = SteadyClock::now() + duration;
  Load slow{server.port(), "/slow", kWaiting};
  std::thread waiting{[&] {
    for (std::size_t i = 0; i < slow.size(); ++i) slow.send(i, SteadyClock::now());
    while (SteadyClock::now() < end) {
      slow.receive(100ms, [&](std::size_t client) { slow.send(client, SteadyClock::now()); });
    }
  }};

  Load quick{server.port(), "/quick", kQuickConnections};
  std::size_t missed = 0;
  auto due = SteadyClock::now();
  std::size_t next = 0;
  while (SteadyClock::now() < end) {
    for (; due <= SteadyClock::now(); due += kQuickInterval, ++next) {
      if (quick.isBusy(next % quick.size())) {
        ++missed;  // all before it are still under way
      } else {
        quick.send(next % quick.size(), due);
      }
    }
    quick.receive(1ms, [](std::size_t) {});
  }
  waiting.join();

  std::printf("| %zu | %zu | %.0f ms | %zu | %zu | %.2f ms | %.2f ms |\n", kWaiting,
              slow.latencies.size(), percentile(slow.latencies, 1.0), quick.latencies.size(),
              missed, percentile(quick.latencies, 0.5), percentile(quick.latencies, 0.99));
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
