#pragma once
// Accepts connections and hands them to the workers in turn.

#include "server/worker.hpp"

#include <memory>
#include <pistache/reactor.h>
#include <vector>

namespace ivr::server {

/// Owns the listening socket. Runs on a thread of its own, on Pistache's event loop.
class Acceptor final : public Pistache::Aio::Handler {
 public:
  /// Binds and listens. Throws `Error{config}` naming the address.
  Acceptor(std::shared_ptr<ServerShared> shared, std::vector<std::shared_ptr<Worker>> workers);

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// Accepts what has connected so far.
  void acceptAll();

  /// With `sharesPort`: sends new clients to the process that came after this one, if there is one.
  /// From any thread.
  void giveWay() const;

  // Pistache::Aio::Handler
  void registerPoller(Pistache::Polling::Epoll& poller) override;
  void onReady(const Pistache::Aio::FdSet& events) override;
  std::shared_ptr<Pistache::Aio::Handler> clone() const override;

 private:
  void makeRoom() const;
  void pause();
  void resume();

  std::shared_ptr<ServerShared> shared_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::size_t nextWorker_ = 0;
  Descriptor listener_;
  Descriptor pauseTimer_;
  std::uint16_t port_ = 0;
};

}  // namespace ivr::server
