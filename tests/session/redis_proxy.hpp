#pragma once
// Stands between a store and a Redis server, and does to their connections what networks do.

#include "core/descriptor.hpp"
#include "support/fault_server.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

namespace ivr::support {

/// Serves one connection at a time.
class RedisProxy {
 public:
  explicit RedisProxy(int serverPort) : serverPort_(serverPort) {
    ::listen(listener_.get(), SOMAXCONN);
    thread_ = std::thread{[this] { serve(); }};
  }
  RedisProxy(const RedisProxy&) = delete;
  RedisProxy& operator=(const RedisProxy&) = delete;
  ~RedisProxy() {
    isEnding_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }

  [[nodiscard]] int port() const noexcept { return listener_.port(); }

  /// The next bytes of the store reach the server, and then the connection is cut.
  void cutNext() { cuts_ = true; }

  /// The next bytes of the store do not reach the server, but get this answer.
  void answerNext(std::string answer) {
    const std::lock_guard lock{mutex_};
    answer_ = std::move(answer);
    answers_ = true;
  }

  /// What the server says arrives byte by byte.
  void drip() { drips_ = true; }

  [[nodiscard]] int connections() const { return connections_; }

 private:
  void serve() {
    for (int socket; (socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      ++connections_;
      const Descriptor store{socket};
      const Descriptor server{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(serverPort_));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (::connect(server.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        relay(store.get(), server.get());
      }
    }
  }

  void relay(int store, int server) {
    while (!isEnding_) {
      std::array<pollfd, 2> ready{pollfd{store, POLLIN, 0}, pollfd{server, POLLIN, 0}};
      ::poll(ready.data(), ready.size(), 20);
      if (ready[0].revents != 0 && !pass(store, server, true)) return;
      if (ready[1].revents != 0 && !pass(server, store, false)) return;
    }
  }

  bool pass(int from, int to, bool isFromStore) {
    std::array<char, 65536> buffer{};
    const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    const std::string_view bytes{buffer.data(), static_cast<std::size_t>(got)};
    if (isFromStore && answers_.exchange(false)) {
      const std::lock_guard lock{mutex_};
      return send(from, answer_);
    }
    if (!isFromStore && drips_) {
      for (const char one : bytes) {
        if (!send(to, {&one, 1})) return false;
      }
      return true;
    }
    if (!send(to, bytes)) return false;
    if (!isFromStore || !cuts_.exchange(false)) return true;
    (void)::recv(to, buffer.data(), 1, 0);  // it has been done
    return false;
  }

  static bool send(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  const int serverPort_;
  const LocalSocket listener_;
  std::atomic<bool> isEnding_ = false;
  std::atomic<bool> cuts_ = false;
  std::atomic<bool> answers_ = false;
  std::atomic<bool> drips_ = false;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::string answer_;
  std::thread thread_;
};

}  // namespace ivr::support
