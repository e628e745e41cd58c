#pragma once
// Callers for the programs of this folder: connections that post and wait.

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace load {

using SteadyClock = std::chrono::steady_clock;

/// A request as the provider posts it, unsigned.
inline std::string post(const std::string& target, const std::string& callSid) {
  const std::string body = "CallSid=" + callSid + "&From=%2B14155550100";
  return "POST " + target +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

inline int connectTo(const std::string& address, std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::inet_pton(AF_INET, address.c_str(), &where.sin_addr) != 1 ||
      ::connect(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    throw std::runtime_error{"cannot connect to " + address + " port " + std::to_string(port)};
  }
  return socket;
}

/// A connection with at most one request under way.
class Client {
 public:
  explicit Client(int socket) : socket_(socket) {}
  Client(Client&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        due_(other.due_),
        answer_(std::move(other.answer_)),
        isBusy_(other.isBusy_) {}
  Client& operator=(Client&&) = delete;
  ~Client() {
    if (socket_ >= 0) ::close(socket_);
  }

  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] bool isBusy() const { return isBusy_; }
  [[nodiscard]] const std::string& answer() const { return answer_; }
  [[nodiscard]] bool isGood() const { return answer_.starts_with("HTTP/1.1 200"); }

  /// Since the request was due.
  [[nodiscard]] double milliseconds() const {
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - due_).count();
  }

  void send(std::string_view request, SteadyClock::time_point due = SteadyClock::now()) {
    due_ = due;
    isBusy_ = true;
    answer_.clear();
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      throw std::runtime_error{"cannot send"};
    }
  }

  /// True if the whole answer is there.
  bool receive() {
    char buffer[65536];
    const ssize_t read = ::recv(socket_, buffer, sizeof buffer, 0);
    if (read <= 0) throw std::runtime_error{"a connection was closed"};
    answer_.append(buffer, static_cast<std::size_t>(read));
    const std::size_t head = answer_.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    std::size_t length = 0;
    for (const char* name : {"Content-Length: ", "content-length: "}) {
      const std::size_t at = answer_.find(name);
      if (at > head) continue;
      std::from_chars(answer_.data() + at + std::strlen(name), answer_.data() + head, length);
    }
    if (answer_.size() < head + 4 + length) return false;
    isBusy_ = false;
    return true;
  }

 private:
  int socket_;
  SteadyClock::time_point due_ = {};
  std::string answer_ = {};
  bool isBusy_ = false;
};

/// Clients that one thread waits for together.
class Clients {
 public:
  Clients(const std::string& address, std::uint16_t port, std::size_t count)
      : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t i = 0; i < count; ++i) {
      clients_.emplace_back(connectTo(address, port));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_[i].socket(), &event);
    }
  }
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;
  ~Clients() { ::close(epoll_); }

  [[nodiscard]] Client& operator[](std::size_t index) { return clients_[index]; }
  [[nodiscard]] std::size_t size() const { return clients_.size(); }

  /// Waits for at most `wait`, and passes the clients that have their answers to `then`. False if
  /// nothing came.
  template <class F>
  bool receive(std::chrono::milliseconds wait, F then) {
    epoll_event events[64];
    const int count = ::epoll_wait(epoll_, events, 64, static_cast<int>(wait.count()));
    for (int i = 0; i < count; ++i) {
      const auto index = static_cast<std::size_t>(events[i].data.u64);
      if (clients_[index].receive()) then(index);
    }
    return count > 0;
  }

 private:
  int epoll_;
  std::vector<Client> clients_;
};

inline double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  return values[index];
}

}  // namespace load
