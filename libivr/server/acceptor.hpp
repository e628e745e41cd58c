#pragma once
// Accepts connections and hands them to the workers in turn.

#include "server/worker.hpp"

#include <memory>
#include <pistache/reactor.h>
#include <vector>

namespace ivr {

/// Owns the listening socket. Runs on a thread of its own, on Pistache's event loop.
class Acceptor final : public Pistache::Aio::Handler {
 public:
  /// Binds and listens. Throws `Error{config}` naming the address.
  Acceptor(std::shared_ptr<ServerShared> shared, std::vector<std::shared_ptr<Worker>> workers);
  ~Acceptor() override;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  // Pistache::Aio::Handler
  void registerPoller(Pistache::Polling::Epoll& poller) override;
  void onReady(const Pistache::Aio::FdSet& events) override;
  std::shared_ptr<Pistache::Aio::Handler> clone() const override;

 private:
  void acceptAll();
  void pause();
  void resume();

  std::shared_ptr<ServerShared> shared_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::size_t nextWorker_ = 0;
  int listener_ = -1;
  int pauseTimer_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace ivr
