#include "server/acceptor.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <iterator>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ivr::server {

namespace {

using Pistache::Polling::NotifyOn;
using Pistache::Polling::Tag;

constexpr int kBacklog = 4096;

/// How long a worker may take to close a connection for another.
constexpr std::chrono::milliseconds kPatience{100};

/// How long to wait when the process has no descriptor left for another connection.
constexpr std::chrono::milliseconds kPause{100};

Tag eventTag(int descriptor) { return Tag{static_cast<std::uint64_t>(descriptor)}; }

std::string numericAddress(const sockaddr_storage& peer) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes =
      peer.ss_family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr)
          : &reinterpret_cast<const sockaddr_in&>(peer).sin_addr;
  const char* address = ::inet_ntop(peer.ss_family, bytes, text.data(), text.size());
  return address == nullptr ? std::string{} : std::string{address};
}

/// What counts as one address: for IPv6, the network of a single customer (RFC 6177).
std::string networkOf(const sockaddr_storage& peer) {
  if (peer.ss_family != AF_INET6) return numericAddress(peer);
  sockaddr_storage network = peer;
  auto& bytes = reinterpret_cast<sockaddr_in6&>(network).sin6_addr.s6_addr;
  if (!IN6_IS_ADDR_V4MAPPED(&reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr)) {
    std::fill(std::begin(bytes) + 8, std::end(bytes), std::uint8_t{0});
  }
  return numericAddress(network);
}

std::uint16_t boundPort(int socket) {
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &length);
  return ntohs(own.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(own).sin6_port
                                         : reinterpret_cast<sockaddr_in&>(own).sin_port);
}

Descriptor listenOn(const ServerOptions& options) {
  const std::string where = options.address + " port " + std::to_string(options.port);
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(options.address.c_str(), std::to_string(options.port).c_str(), &hints,
                    &found) != 0) {
    throw Error{ErrorKind::config, options.address + " is not a numeric address to listen on"};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses{found, &::freeaddrinfo};
  Descriptor socket{::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (options.sharesPort) ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (!socket.isOpen() || ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(socket.get(), kBacklog) != 0) {
    throw Error{ErrorKind::config,
                "cannot listen on " + where + ": " + std::generic_category().message(errno)};
  }
  return socket;
}

}  // namespace

Acceptor::Acceptor(std::shared_ptr<ServerShared> shared,
                   std::vector<std::shared_ptr<Worker>> workers)
    : shared_(std::move(shared)),
      workers_(std::move(workers)),
      listener_(listenOn(shared_->options)),
      pauseTimer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      port_(boundPort(listener_.get())) {}

std::shared_ptr<Pistache::Aio::Handler> Acceptor::clone() const {
  throw Error{ErrorKind::usage,
              "there is one acceptor"};  // its loop has one thread and makes no clones
}

void Acceptor::registerPoller(Pistache::Polling::Epoll& poller) {
  poller.addFd(listener_.get(), Pistache::Flags<NotifyOn>{NotifyOn::Read},
               eventTag(listener_.get()));
  poller.addFd(pauseTimer_.get(), Pistache::Flags<NotifyOn>{NotifyOn::Read},
               eventTag(pauseTimer_.get()));
}

void Acceptor::onReady(const Pistache::Aio::FdSet& events) {
  for (const auto& event : events) {
    if (event.getTag() == eventTag(pauseTimer_.get())) resume();
  }
  acceptAll();
}

void Acceptor::acceptAll() {
  while (true) {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    Descriptor socket{::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&peer), &length,
                                SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!socket.isOpen()) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) pause();
      return;
    }
    auto slot = shared_->limit->take(
        networkOf(peer), [this] { return makeRoom(); }, kPatience);
    if (!slot) continue;
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    workers_[nextWorker_++ % workers_.size()]->adopt(
        {std::move(socket), numericAddress(peer), std::move(*slot)});
  }
}

/// Asks for the place of the connection that has waited for its client for the longest time.
void Acceptor::makeRoom() const {
  const auto longest = std::ranges::min_element(workers_, {}, &Worker::waitsSince);
  const SteadyTime since = (*longest)->waitsSince();
  if (since != SteadyTime::max()) (*longest)->makeRoom(since);
}

void Acceptor::giveWay() const {
  if (!shared_->options.sharesPort) return;
  // Tells the kernel to choose the second-oldest of the sockets that share a port. If there is
  // none, it chooses as it would without this.
  sock_filter second{BPF_RET | BPF_K, 0, 0, 1};
  const sock_fprog program{1, &second};
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program);
}

/// A listener that is ready and cannot be served would wake its thread endlessly.
void Acceptor::pause() {
  reactor()->removeFd(key(), listener_.get());
  itimerspec once{};
  once.it_value.tv_nsec = std::chrono::nanoseconds{kPause}.count();
  ::timerfd_settime(pauseTimer_.get(), 0, &once, nullptr);
}

void Acceptor::resume() {
  std::uint64_t expirations = 0;
  if (::read(pauseTimer_.get(), &expirations, sizeof expirations) > 0) {
    reactor()->registerFd(key(), listener_.get(), NotifyOn::Read, eventTag(listener_.get()));
  }
}

}  // namespace ivr::server
