#pragma once
// A client that sends what it is told, byte for byte, well-formed or not.

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace ivr::support {

/// One connection to 127.0.0.1. Every wait ends after ten seconds, so a broken server is a failure
/// and not a hang.
class RawClient {
 public:
  /// Not connected yet, but with a descriptor.
  RawClient() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  explicit RawClient(std::uint16_t port) : RawClient() { connect(port); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { ::close(socket_); }

  void connect(std::uint16_t port) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error{"cannot connect"};
    }
  }

  /// When this is destroyed, the connection is reset instead of closed in order.
  void resetWhenClosed() const {
    const linger atOnce{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
  }

  /// False if the server has closed the connection; what it answered tells the rest.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Says that nothing more will be sent.
  void finish() const { ::shutdown(socket_, SHUT_WR); }

  /// Reads until `text` was received `times` times; returns all that came since the last call.
  std::string readUntil(std::string_view text, std::size_t times = 1) {
    while (count(received_, text) < times && receive()) {
    }
    return std::exchange(received_, {});
  }

  /// One whole response by its Content-Length.
  std::string readResponse(bool hasBody = true) {
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return std::exchange(received_, {});
    }
    std::size_t size = end + 4;
    const std::size_t length = received_.find("Content-Length: ");
    if (hasBody && length < end) size += std::strtoul(received_.c_str() + length + 16, nullptr, 10);
    while (received_.size() < size && receive()) {
    }
    std::string response = received_.substr(0, size);
    received_.erase(0, size);
    return response;
  }

  /// Reads to the end; returns what came. `isClosed` tells whether the server ended the connection.
  std::string readToEnd() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }
  [[nodiscard]] bool isClosed() const { return isClosed_; }

  /// Whether something can be read now, be it the end.
  [[nodiscard]] bool hasAnswer() const {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    return !received_.empty() || ::poll(&ready, 1, 0) > 0;
  }

 private:
  static std::size_t count(std::string_view all, std::string_view text) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = all.find(text, at)) != std::string_view::npos;
         at += text.size()) {
      ++found;
    }
    return found;
  }

  bool receive() {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 10'000) <= 0) return false;
    std::array<char, 65536> buffer{};
    const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      isClosed_ = true;
      return false;
    }
    received_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  }

  int socket_;
  std::string received_;
  bool isClosed_ = false;
};

}  // namespace ivr::support
