#pragma once
// A connection to a Redis server, plain or with TLS, that never blocks.

#include "core/descriptor.hpp"
#include "ivr/core/error.hpp"
#include "ivr/session/session_store.hpp"

#include <cstddef>
#include <memory>
#include <netdb.h>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>

// Of OpenSSL.
struct ssl_ctx_st;
struct ssl_st;

namespace ivr::session {

/// A connection failed, so it is unknown what became of what was sent on it.
struct ConnectionLost {
  std::string why;
  ErrorKind kind = ErrorKind::unavailable;
};

/// Where a server listens.
struct SocketAddress {
  sockaddr_storage bytes = {};
  socklen_t size = 0;
};

/// How this process uses TLS with one server: whom it trusts, and who it is itself.
///
/// Threads: one that makes connections; it must block SIGPIPE.
class RedisTls {
 public:
  /// Throws `Error{config}` if the files that the address names cannot be used.
  explicit RedisTls(const RedisAddress& address);

  struct EndConnection {
    void operator()(ssl_st* connection) const noexcept;
  };
  using Connection = std::unique_ptr<ssl_st, EndConnection>;

  /// A connection over this socket, which outlives it, to the host of the address.
  [[nodiscard]] Connection connectionOver(int socket) const;

 private:
  struct EndContext {
    void operator()(ssl_ctx_st* context) const noexcept;
  };
  const std::string host_;
  const std::unique_ptr<ssl_ctx_st, EndContext> context_;
};

/// A resource of one thread. All members throw `ConnectionLost`, after which it is of no use.
class RedisSocket {
 public:
  /// Begins to connect; with TLS if there is one, which outlives the socket.
  RedisSocket(const SocketAddress& address, const RedisTls* tls);

  /// Goes on to connect, as far as it can now. True when the connection is there.
  [[nodiscard]] bool connect();

  /// How many bytes have come; 0 if there are none now.
  [[nodiscard]] std::size_t receive(std::span<char> room);

  /// Whether there may be more without waiting, after so many bytes have come into so much room.
  [[nodiscard]] bool mayHaveMore(std::size_t received, std::size_t room) const noexcept {
    return tls_ ? received > 0 : received == room;
  }

  /// How many of the bytes have gone; 0 if none can now. What was not sent comes first next time.
  [[nodiscard]] std::size_t send(std::string_view bytes);

  [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }

  /// For poll(), to learn when to try again what could not be done.
  [[nodiscard]] short events() const noexcept;

 private:
  [[nodiscard]] std::size_t afterTls(int result, bool& waitsToSend);

  const Descriptor socket_;
  RedisTls::Connection tls_;    // over `socket_`
  bool isConnected_ = false;    // without TLS
  bool senderWaits_ = false;    // until the socket takes bytes
  bool receiverWaits_ = false;  // for the same: TLS has something to say
};

}  // namespace ivr::session
