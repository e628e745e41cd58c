#pragma once
// The HTTP/1.1 server. Pistache runs the worker threads and the event loop, Boost.Beast parses the
// messages.
//
// TLS ends at a proxy in front (nginx, HAProxy, a load balancer): see docs/server.md.

#include "ivr/app/ivr.hpp"

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

  std::size_t maxHeaderBytes = 16 << 10;  ///< More is refused with 431.
  std::size_t maxBodyBytes = 1 << 20;     ///< More is refused with 413 before it is read.
  std::size_t maxConnections = 10000;     ///< Further ones are closed at once.

  std::chrono::milliseconds headerDeadline{
      10'000};  ///< From the first byte of a request to its last header.
  std::chrono::milliseconds bodyDeadline{30'000};  ///< From there to the last byte of the body.
  std::chrono::milliseconds idleDeadline{75'000};  ///< Between two requests, and before the first.
  std::chrono::milliseconds stallDeadline{
      30'000};  ///< A client that takes no byte of its answer for so long.
  std::chrono::milliseconds drainDeadline{
      10'000};  ///< For what is in flight when the server stops.
};

/// A listening server. A resource: serves from its construction to `stop` or its destruction.
class Server {
 public:
  /// Binds, and starts to serve. Throws `Error{config}` when the address cannot be bound, naming
  /// it. `handler` must outlive the server. The process ignores SIGPIPE from then on.
  Server(Handler handler, ServerOptions options = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Stops at once if `stop` was not called.
  ~Server();

  /// The port that is bound.
  [[nodiscard]] std::uint16_t port() const noexcept;

  /// Accepts no more connections, finishes what is in flight (for at most the drain deadline), then
  /// stops. Blocks until then.
  void stop();

  /// As `stop`, with a deadline of nothing. May be called from another thread to cut a `stop`
  /// short.
  void stopNow();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Mounts `ivr` and serves it until SIGTERM or SIGINT, then drains; a second signal stops at once.
/// Throws what `Ivr::mount` and `Server` throw. `started` is called once the address is bound. Call
/// it from the main thread, before other threads are started.
void serve(Ivr& ivr, ServerOptions options = {},
           const std::function<void(const Server&)>& started = {});

}  // namespace ivr
