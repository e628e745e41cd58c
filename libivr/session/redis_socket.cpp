#include "session/redis_socket.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <climits>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <system_error>

namespace ivr::session {

namespace {

[[noreturn]] void failBySystem(int error) {
  throw ConnectionLost{std::generic_category().message(error)};
}

/// What OpenSSL says last of the calls of this thread.
std::string tlsReason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? "unknown" : reason;
}

[[noreturn]] void refuseFile(const char* member, const std::string& file) {
  throw Error{ErrorKind::config, std::string{"the session store in Redis has a "} + member + ", " +
                                     file + ", that cannot be used: " + tlsReason()};
}

bool isIpAddress(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

int atMostInt(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

}  // namespace

// ---- TLS ----

void RedisTls::EndConnection::operator()(ssl_st* connection) const noexcept {
  SSL_free(connection);
}

void RedisTls::EndContext::operator()(ssl_ctx_st* context) const noexcept { SSL_CTX_free(context); }

RedisTls::RedisTls(const RedisAddress& address)
    : host_(address.host), context_(SSL_CTX_new(TLS_client_method())) {
  ERR_clear_error();
  SSL_CTX* context = context_.get();
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
    throw Error{ErrorKind::unavailable, "no TLS for the session store in Redis: " + tlsReason()};
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);  // as without TLS: replies have sizes
  SSL_CTX_set_read_ahead(context, 1);  // one call for a head and what follows it
  // A key with a passphrase is refused; by default it would be asked for on the terminal.
  SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return 0; });

  if (address.caFile.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else if (SSL_CTX_load_verify_file(context, address.caFile.c_str()) != 1) {
    refuseFile("caFile", address.caFile);
  }
  if (address.certificateFile.empty()) return;
  if (SSL_CTX_use_certificate_chain_file(context, address.certificateFile.c_str()) != 1) {
    refuseFile("certificateFile", address.certificateFile);
  }
  if (SSL_CTX_use_PrivateKey_file(context, address.keyFile.c_str(), SSL_FILETYPE_PEM) != 1) {
    refuseFile("keyFile", address.keyFile);
  }
}

RedisTls::Connection RedisTls::connectionOver(int socket) const {
  ERR_clear_error();
  Connection connection{SSL_new(context_.get())};
  SSL* tls = connection.get();
  const bool isReady =
      tls != nullptr && SSL_set_fd(tls, socket) == 1 &&
      (isIpAddress(host_)
           ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host_.c_str()) == 1
           : SSL_set1_host(tls, host_.c_str()) == 1 &&
                 SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                          const_cast<char*>(host_.c_str())) == 1);
  if (!isReady) throw ConnectionLost{"no TLS: " + tlsReason()};
  SSL_set_connect_state(tls);
  return connection;
}

// ---- the socket ----

RedisSocket::RedisSocket(const SocketAddress& address, const RedisTls* tls)
    : socket_(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (!socket_.isOpen()) failBySystem(errno);
  const int yes = 1;
  ::setsockopt(descriptor(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ::setsockopt(descriptor(), SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  if (tls != nullptr) tls_ = tls->connectionOver(descriptor());
  if (::connect(descriptor(), reinterpret_cast<const sockaddr*>(&address.bytes), address.size) !=
          0 &&
      errno != EINPROGRESS && errno != EINTR) {
    failBySystem(errno);
  }
}

bool RedisSocket::connect() {
  if (!isConnected_) {
    pollfd done{.fd = descriptor(), .events = POLLOUT, .revents = 0};
    if (::poll(&done, 1, 0) <= 0) return false;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(descriptor(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) failBySystem(error);
    isConnected_ = true;
  }
  if (!tls_) return true;

  ERR_clear_error();
  const int result = SSL_do_handshake(tls_.get());
  if (const long verdict = SSL_get_verify_result(tls_.get()); result != 1 && verdict != X509_V_OK) {
    throw ConnectionLost{
        std::string{"its certificate is not accepted: "} + X509_verify_cert_error_string(verdict),
        ErrorKind::config};
  }
  return afterTls(result, receiverWaits_) > 0;
}

std::size_t RedisSocket::receive(std::span<char> room) {
  if (tls_) {
    ERR_clear_error();
    const int size = SSL_read(tls_.get(), room.data(), atMostInt(room.size()));
    return afterTls(size, receiverWaits_);
  }
  const ssize_t size = ::recv(descriptor(), room.data(), room.size(), 0);
  if (size > 0) return static_cast<std::size_t>(size);
  if (size == 0) throw ConnectionLost{"the server has closed the connection"};
  if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) failBySystem(errno);
  return 0;
}

std::size_t RedisSocket::send(std::string_view bytes) {
  if (tls_) {
    ERR_clear_error();
    const int size = SSL_write(tls_.get(), bytes.data(), atMostInt(bytes.size()));
    return afterTls(size, senderWaits_);
  }
  const ssize_t size = ::send(descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  senderWaits_ = size < 0;
  if (size >= 0) return static_cast<std::size_t>(size);
  if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) failBySystem(errno);
  return 0;
}

short RedisSocket::events() const noexcept {
  if (!isConnected_) return POLLOUT;
  return senderWaits_ || receiverWaits_ ? POLLIN | POLLOUT : POLLIN;
}

/// What a call of OpenSSL has done; 0 if it may do something later. Says whether that waits until
/// the socket takes bytes.
std::size_t RedisSocket::afterTls(int result, bool& waitsToSend) {
  const int systemError = errno;
  waitsToSend = false;
  if (result > 0) return static_cast<std::size_t>(result);
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ: return 0;
    case SSL_ERROR_WANT_WRITE: waitsToSend = true; return 0;
    case SSL_ERROR_ZERO_RETURN: throw ConnectionLost{"the server has closed the connection"};
    case SSL_ERROR_SYSCALL:
      if (systemError != 0) failBySystem(systemError);
      throw ConnectionLost{"the server has closed the connection"};
    default: throw ConnectionLost{"TLS fails: " + tlsReason()};
  }
}

}  // namespace ivr::session
