#include "session/redis_lookup.hpp"

#include "core/thread.hpp"

#include <cstring>
#include <netdb.h>
#include <sys/eventfd.h>
#include <system_error>
#include <utility>

namespace ivr::session {

namespace {

struct EndList {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

/// Returns what getaddrinfo() does.
int find(const std::string& host, int port, int flags, std::vector<SocketAddress>& addresses) {
  addrinfo hints{};
  hints.ai_flags = flags | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) return error;
  const std::unique_ptr<addrinfo, EndList> list{found};
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    SocketAddress& address = addresses.emplace_back();
    address.size = one->ai_addrlen;
    std::memcpy(&address.bytes, one->ai_addr, one->ai_addrlen);
  }
  return 0;
}

}  // namespace

std::optional<SocketAddress> numericAddress(const std::string& host, int port) {
  std::vector<SocketAddress> addresses;
  if (find(host, port, AI_NUMERICHOST, addresses) != 0) return std::nullopt;
  return addresses.front();
}

RedisLookup::RedisLookup(const std::string& host, int port, std::shared_ptr<const Descriptor> bell)
    : shared_(std::make_shared<Shared>()) {
  const auto look = [shared = shared_, host, port, bell = std::move(bell)] {
    std::vector<SocketAddress> addresses;
    const int error = find(host, port, 0, addresses);
    {
      const std::lock_guard lock{shared->mutex};
      shared->isDone = true;
      shared->addresses = std::move(addresses);
      if (error != 0) shared->error = ::gai_strerror(error);
    }
    ::eventfd_write(bell->get(), 1);
  };
  try {
    startThread(look).detach();
  } catch (const std::system_error& error) {
    throw ConnectionLost{error.what()};
  }
}

std::optional<std::vector<SocketAddress>> RedisLookup::result() const {
  const std::lock_guard lock{shared_->mutex};
  if (!shared_->isDone) return std::nullopt;
  if (!shared_->error.empty()) throw ConnectionLost{shared_->error};
  return shared_->addresses;
}

}  // namespace ivr::session
