#pragma once
// The HTTP/1.1 server. Pistache runs the worker threads and the event loop, Boost.Beast parses the
// messages.
//
// TLS ends at a proxy in front (nginx, HAProxy, a load balancer): see docs/server.md.

#include "ivr/app/ivr.hpp"
#include "ivr/core/executor.hpp"
#include "ivr/http/handler.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ivr {

/// A value. The defaults suit a phone menu behind a proxy on the same machine.
struct ServerOptions {
  std::string address =
      "127.0.0.1";            ///< Numeric, IPv4 or IPv6; `0.0.0.0` or `::` for every interface.
  std::uint16_t port = 8080;  ///< 0 takes a free one; see `Server::port`.
  unsigned threads = 0;       ///< Worker threads; 0 is one per core.

  /// Lets several processes listen on the port (`SO_REUSEPORT`), so that a new one can take over
  /// while the old one drains, and nobody is refused in between.
  bool sharesPort = false;

  /// The request line and the fields; and again, with the line of a chunk or with the trailers
  /// instead of the body. More is refused with 431, and so are more than 100 fields.
  std::size_t maxHeaderBytes = 16 << 10;
  std::size_t maxBodyBytes = 1 << 20;  ///< More is refused with 413 before it is read.

  /// Makes the answer to a request that cannot be read, by its status: 400, 408, 413, 431, 501 or
  /// 505. Without it, or if it throws, the answer is the name of the status as plain text. The
  /// connection ends with the answer. Runs on network threads; the status stays what it is.
  std::function<Response(int status)> refusal = {};

  /// At most; fewer if the process may not have so many descriptors, see `Server::capacity`. When
  /// so many are open, a further client takes the place of the one that has kept the server waiting
  /// for the longest time.
  std::size_t maxConnections = 10000;
  /// The same for one address, or for one /64 network of IPv6. 0 is no limit: behind a proxy all
  /// connections come from one address.
  std::size_t maxConnectionsPerAddress = 0;

  /// From the first byte of a request to its last header.
  std::chrono::milliseconds headerDeadline{10'000};
  /// From there to the last byte of the body.
  std::chrono::milliseconds bodyDeadline{30'000};
  /// Between two requests, and before the first.
  std::chrono::milliseconds idleDeadline{75'000};
  /// For a client that reads no byte of its answer.
  std::chrono::milliseconds stallDeadline{30'000};
  /// How long `serve` waits at the start for a session store that cannot be reached.
  std::chrono::seconds storeDeadline{30};
  /// For what is under way when the server stops. The default is enough for the total limit of an
  /// answer, and for the caller on hold to fetch it.
  std::chrono::milliseconds drainDeadline{75'000};
  /// Within that, for a client that has nothing in flight: its next request may be on the way, and
  /// is the last that is answered.
  std::chrono::milliseconds drainIdleDeadline{1'000};
};

/// How many connections a server takes at once. A value.
struct ServerCapacity {
  std::size_t connections = 0;  ///< `maxConnections`, or what is left of the descriptors.
  std::size_t descriptors = 0;  ///< How many the process may have.
  std::size_t reserve = 0;      ///< Of these, for files, the session store and the provider.
};

/// A listening server. A resource: serves from its construction to `stop` or its destruction.
class Server {
 public:
  /// Binds, and starts to serve. Throws `Error{config}` when the address cannot be bound, naming
  /// it. `handler` runs on network threads, so it must not block; what it refers to must outlive
  /// the server. These threads lend themselves to `borrower`, if one is given, which must outlive
  /// the server too. From then on the process ignores SIGPIPE, and may have as many descriptors as
  /// the system allows it at all (the hard limit of RLIMIT_NOFILE becomes the soft one).
  explicit Server(http::Handler handler, ServerOptions options = {}, Executor* borrower = nullptr);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Stops at once if `stop` was not called.
  ~Server();

  /// The bound port.
  [[nodiscard]] std::uint16_t port() const noexcept;

  [[nodiscard]] ServerCapacity capacity() const noexcept;

  /// Accepts no more connections, finishes what is in flight (for at most the drain deadline), then
  /// stops. Blocks until then, and for as long as a state blocks a lent thread.
  void stop();

  /// Like `stop`, with a deadline of zero. May be called from another thread to cut a `stop` short.
  void stopNow();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Mounts `ivr` and serves it until SIGTERM or SIGINT, then drains. `started` is called once the
/// address is bound.
///
/// Without `sharesPort`, everything is served on until no caller is on hold, no step is late and no
/// detached work is under way; then the port is closed, and what is in flight is finished. With
/// `sharesPort`, the port is left to the successor at once, and steps and detached work that are
/// under way are finished; callers on hold get their answers there, from the store. What is not
/// done by the drain deadline is given up and named in the log (`Ivr::giveUp`).
///
/// A second signal gives up at once. If states do not end within a second of that, the process
/// does, with status 143.
///
/// Returns the status for `main` to return: 0, or 1 if the application could not start, which the
/// log explains.
///
/// Call it from the main thread. The library's own threads take no signals; threads that the
/// program has started before must have SIGTERM and SIGINT blocked.
int serve(Ivr& ivr, ServerOptions options = {},
          const std::function<void(const Server&)>& started = {});

}  // namespace ivr
