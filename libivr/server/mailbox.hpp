#pragma once
// Messages from other threads to a worker.

#include "core/descriptor.hpp"
#include "ivr/http/response.hpp"
#include "server/connection_limit.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

namespace ivr::server {

/// A connection on its way to a worker.
struct Accepted {
  Descriptor socket;
  std::string peerAddress;
  ConnectionLimit::Slot slot;
};

/// The answer to a request of a connection.
struct Reply {
  int socket;
  std::uint64_t serial;
  http::Response response;
};

/// Another client needs the place of one that has been waited for since then.
struct MakeRoom {
  SteadyTime since;
};

/// The server stops.
struct Drain {};

using Mail = std::variant<Accepted, Reply, MakeRoom, Drain>;

/// Shared with its writers, and so outlives the worker: an answer that comes after the server is
/// gone finds it closed. Threads: any; `take`, `sleep` and `close` are the worker's.
class Mailbox {
 public:
  Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Hands over `mail`, unless the mailbox is closed.
  void post(Mail mail);

  /// Fills `mail`, which is empty, with what was posted since the last time. From now on the worker
  /// is awake: it takes mail without being woken.
  void take(std::vector<Mail>& mail);

  /// Says that the worker is about to wait for the descriptor: from now on, mail makes it readable.
  /// False, and nothing changes, if there is mail.
  [[nodiscard]] bool sleep();

  /// Makes the descriptor readable.
  void wake();

  void close();
  [[nodiscard]] int descriptor() const noexcept { return descriptor_.get(); }

 private:
  Descriptor descriptor_;
  std::mutex mutex_;
  std::vector<Mail> mail_;
  bool isAsleep_ = true;
  bool isClosed_ = false;
};

}  // namespace ivr::server
