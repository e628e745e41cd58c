#pragma once
// Finds the addresses of a host.

#include "core/descriptor.hpp"
#include "session/redis_socket.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ivr::session {

/// A look-up under way, on a thread of its own: it may take far longer than anybody waits, and
/// cannot be ended. Threads: any.
class RedisLookup {
 public:
  /// Makes the descriptor `bell` readable when it is done.
  RedisLookup(const std::string& host, int port, std::shared_ptr<const Descriptor> bell);

  /// The addresses, at least one, if it is done. Throws `ConnectionLost`.
  [[nodiscard]] std::optional<std::vector<SocketAddress>> result() const;

 private:
  struct Shared {
    std::mutex mutex = {};
    bool isDone = false;
    std::vector<SocketAddress> addresses = {};
    std::string error = {};
  };
  const std::shared_ptr<Shared> shared_;
};

/// The address that a host is, if it is written as one.
[[nodiscard]] std::optional<SocketAddress> numericAddress(const std::string& host, int port);

}  // namespace ivr::session
