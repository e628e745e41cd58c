#pragma once
// An HTTP server that misbehaves.

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <netinet/in.h>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ivr::support {

/// A request as received.
struct ReceivedRequest {
  std::size_t number = 0;      ///< The first is 1.
  std::size_t connection = 0;  ///< The first is 1.
  std::string head = {};       ///< With the empty line at its end.
  std::string body = {};

  /// `GET /path`.
  [[nodiscard]] std::string methodAndTarget() const { return head.substr(0, head.find(" HTTP/")); }

  /// Whether the head has this line, without its line end and exactly as it was sent.
  [[nodiscard]] bool has(std::string_view line) const {
    return head.find("\r\n" + std::string{line} + "\r\n") != std::string::npos;
  }
};

/// What the server does about a request.
struct Reaction {
  enum class Then { keepOpen, close, reset, hang };

  std::vector<std::string> pieces = {};  ///< What it sends, byte for byte.
  Then then = Then::keepOpen;
  std::chrono::milliseconds pause{0};  ///< Between pieces.
};

// ---- reactions ----

/// `fields` are lines, each with its line end.
inline Reaction answer(int status, const std::string& body = {}, const std::string& fields = {}) {
  return {.pieces = {"HTTP/1.1 " + std::to_string(status) + " Whatever\r\n" + fields +
                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body}};
}
inline Reaction tooManyRequests(int retryAfterSeconds) {
  return answer(429, "{}", "Retry-After: " + std::to_string(retryAfterSeconds) + "\r\n");
}
inline Reaction hang() { return {.then = Reaction::Then::hang}; }
inline Reaction closeUnanswered() { return {.then = Reaction::Then::close}; }
inline Reaction resetUnanswered() { return {.then = Reaction::Then::reset}; }
inline Reaction garbage() {
  return {.pieces = {std::string{"\x16\x03\x01\0\xff\xfe garbage\r\n\r\n", 17}},
          .then = Reaction::Then::close};
}

/// Announces a body of `announced` bytes, and ends after sending `body`.
inline Reaction wrongLength(const std::string& announced, const std::string& body) {
  return {.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: " + announced + "\r\n\r\n" + body},
          .then = Reaction::Then::close};
}
inline Reaction closeInBody() { return wrongLength("1000", R"({"sid": "CA)"); }
inline Reaction closeInChunk() {
  return {.pieces = {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"sid\""},
          .then = Reaction::Then::close};
}
inline Reaction closeInHead() {
  return {.pieces = {"HTTP/1.1 200 OK\r\nContent-Le"}, .then = Reaction::Then::close};
}

/// A body that comes byte by byte and takes ten seconds.
inline Reaction drip() {
  std::vector<std::string> pieces(200, "x");
  pieces.front().insert(0, "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n");
  return {.pieces = std::move(pieces), .pause = std::chrono::milliseconds{50}};
}
inline Reaction hugeBody(std::size_t bytes) { return answer(200, std::string(bytes, 'x')); }

/// A body without an announced length.
inline Reaction hugeBodyInChunks(std::size_t chunks) {
  std::vector<std::string> pieces(chunks, "10000\r\n" + std::string(0x10000, 'x') + "\r\n");
  pieces.front().insert(0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  pieces.back() += "0\r\n\r\n";
  return {.pieces = std::move(pieces)};
}
inline Reaction headerBomb(std::size_t fields) {
  std::string lines;
  for (std::size_t i = 0; i < fields; ++i) {
    lines += "X-Bomb-" + std::to_string(i) + ": " + std::string(80, 'x') + "\r\n";
  }
  return answer(200, "boom", lines);
}

// ---- scripts ----

/// Decides how to react to a request. Called on the thread of its connection, which it may block.
using Script = std::function<Reaction(const ReceivedRequest&)>;

inline Script always(Reaction reaction) {
  return [reaction = std::move(reaction)](const ReceivedRequest&) { return reaction; };
}

/// One for each request; the last for all further ones.
inline Script inTurn(std::vector<Reaction> reactions) {
  return [reactions = std::move(reactions)](const ReceivedRequest& request) {
    return reactions[std::min(request.number, reactions.size()) - 1];
  };
}

// ---- servers ----

/// A socket on a free port of 127.0.0.1.
class LocalSocket {
 public:
  LocalSocket() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error{"no free port"};
    }
    port_ = ntohs(address.sin_port);
  }
  LocalSocket(const LocalSocket&) = delete;
  LocalSocket& operator=(const LocalSocket&) = delete;
  ~LocalSocket() { ::close(socket_); }

  [[nodiscard]] int get() const noexcept { return socket_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

/// A port that refuses connections, and that no other process can take.
class RefusingPort {
 public:
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(socket_.port());
  }

 private:
  LocalSocket socket_;  // does not listen
};

/// Reads HTTP 1.1 requests and does what its script says.
class FaultServer {
 public:
  /// `greeting` is sent on each new connection before any request.
  explicit FaultServer(Script script, std::string greeting = {})
      : script_(std::move(script)), greeting_(std::move(greeting)) {
    if (::listen(listener_.get(), SOMAXCONN) != 0) throw std::runtime_error{"listen"};
    acceptor_ = std::thread{[this] { acceptAll(); }};
  }
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;
  ~FaultServer() {
    stopListening();
    acceptor_.join();
    std::unique_lock lock{mutex_};
    ending_ = true;
    for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_.empty(); });
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return listener_.port(); }

  /// Its address with this path.
  [[nodiscard]] std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port()) + std::string{path};
  }

  /// From now on connections are refused; open ones continue.
  void stopListening() const { ::shutdown(listener_.get(), SHUT_RDWR); }

  /// The requests, in the order in which they were complete.
  [[nodiscard]] std::vector<ReceivedRequest> requests() const {
    const std::lock_guard lock{mutex_};
    return requests_;
  }
  [[nodiscard]] std::size_t requestCount() const {
    const std::lock_guard lock{mutex_};
    return requests_.size();
  }

  /// How many connections there were, and how many are open.
  [[nodiscard]] std::size_t connections() const {
    const std::lock_guard lock{mutex_};
    return connections_;
  }
  [[nodiscard]] std::size_t openConnections() const {
    const std::lock_guard lock{mutex_};
    return open_.size();
  }

  /// The most requests that waited for their answer at the same time.
  [[nodiscard]] std::size_t maxAtOnce() const {
    const std::lock_guard lock{mutex_};
    return mostAtOnce_;
  }

 private:
  void acceptAll() {
    for (;;) {
      const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      const std::lock_guard lock{mutex_};
      open_.insert(socket);
      std::thread{[this, socket, number = ++connections_] { serve(socket, number); }}.detach();
    }
  }

  void serve(int socket, std::size_t connection) {
    std::string received;
    if (send(socket, greeting_)) {
      while (serveOne(socket, connection, received)) {
      }
    }
    const std::lock_guard lock{mutex_};
    ::close(socket);
    open_.erase(socket);
    changed_.notify_all();
  }

  /// False if that was the last.
  bool serveOne(int socket, std::size_t connection, std::string& received) {
    ReceivedRequest request{.connection = connection};
    if (!read(socket, received, request)) return false;
    {
      const std::lock_guard lock{mutex_};
      request.number = requests_.size() + 1;
      requests_.push_back(request);
      mostAtOnce_ = std::max(mostAtOnce_, ++atOnce_);
    }
    const Reaction reaction = script_(request);
    {
      const std::lock_guard lock{mutex_};
      --atOnce_;
    }
    for (std::size_t i = 0; i < reaction.pieces.size(); ++i) {
      if (i > 0 && !wait(reaction.pause)) return false;
      if (!send(socket, reaction.pieces[i])) return false;
    }
    switch (reaction.then) {
      case Reaction::Then::keepOpen: return true;
      case Reaction::Then::close: return false;
      case Reaction::Then::reset: resetWhenClosed(socket); return false;
      case Reaction::Then::hang: break;
    }
    while (receive(socket, received)) {
    }
    return false;
  }

  static bool read(int socket, std::string& received, ReceivedRequest& request) {
    std::size_t end = 0;
    while ((end = received.find("\r\n\r\n")) == std::string::npos) {
      if (!receive(socket, received)) return false;
    }
    request.head = received.substr(0, end + 4);
    received.erase(0, end + 4);
    constexpr std::string_view kLength = "\r\nContent-Length: ";
    const std::size_t at = request.head.find(kLength);
    const std::size_t length =
        at == std::string::npos ? 0 : std::strtoul(&request.head[at + kLength.size()], nullptr, 10);
    while (received.size() < length) {
      if (!receive(socket, received)) return false;
    }
    request.body = received.substr(0, length);
    received.erase(0, length);
    return true;
  }

  static bool receive(int socket, std::string& received) {
    std::array<char, 65536> buffer{};
    const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    received.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  }

  static bool send(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  static void resetWhenClosed(int socket) {
    const linger atOnce{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
  }

  /// False if the server ends.
  bool wait(std::chrono::milliseconds pause) {
    if (pause.count() == 0) return true;
    std::unique_lock lock{mutex_};
    return !changed_.wait_for(lock, pause, [this] { return ending_; });
  }

  Script script_;
  std::string greeting_;
  LocalSocket listener_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<ReceivedRequest> requests_;
  std::set<int> open_;
  std::size_t connections_ = 0;
  std::size_t atOnce_ = 0;
  std::size_t mostAtOnce_ = 0;
  bool ending_ = false;
  std::thread acceptor_;
};

}  // namespace ivr::support
