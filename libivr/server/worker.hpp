#pragma once
// One worker thread's share of the connections, on Pistache's event loop.

#include "server/connection.hpp"
#include "server/connection_limit.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <pistache/reactor.h>
#include <string>
#include <unordered_map>
#include <vector>

namespace ivr::server {

/// What the workers of one server share.
struct ServerShared {
  Handler handler;
  ServerOptions options;
  std::shared_ptr<ConnectionLimit> limit;
  std::atomic<bool> isDraining{false};
};

/// A connection on its way to a worker.
struct Accepted {
  Descriptor socket;
  std::string peerAddress;
  ConnectionLimit::Slot slot;
};

/// Work for a worker thread from other threads. Outlives the worker: an answer may come after the
/// server is gone.
class Mailbox {
 public:
  Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Runs `task` on the worker thread, unless the mailbox was closed.
  void post(std::function<void()> task);

  /// What was posted since the last time.
  std::vector<std::function<void()>> take();

  void close();
  [[nodiscard]] int descriptor() const noexcept { return descriptor_.get(); }

 private:
  Descriptor descriptor_;
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;
  bool isClosed_ = false;
};

/// Serves its connections. Made as a prototype that Pistache clones, once for each thread.
class Worker final : public Pistache::Aio::Handler, private ConnectionHost {
 public:
  explicit Worker(std::shared_ptr<ServerShared> shared);
  ~Worker() override;

  /// From any thread.
  void adopt(Accepted accepted);

  /// Has every connection closed as soon as it is done. From any thread.
  void drain();

  // Pistache::Aio::Handler
  void registerPoller(Pistache::Polling::Epoll& poller) override;
  void onReady(const Pistache::Aio::FdSet& events) override;
  std::shared_ptr<Pistache::Aio::Handler> clone() const override;

 private:
  // ConnectionHost
  std::optional<Response> dispatch(Request request, int socket, std::uint64_t serial) override;
  void callAgain(int socket, std::uint64_t serial) override;
  const ServerOptions& options() const override { return shared_->options; }
  const std::string& dateHeader() const override { return dateHeader_; }
  SteadyTime now() const override { return now_; }
  bool isDraining() const override { return shared_->isDraining; }
  std::string& readBuffer() override { return readBuffer_; }

  struct Served {
    ConnectionLimit::Slot slot;
    std::unique_ptr<Connection> connection;
  };
  using Connections = std::unordered_map<int, Served>;

  void add(Accepted accepted);
  void readClock();
  void tick();

  /// Calls `action` for a connection if it is still the one with that serial (0: any), and buries
  /// it if it closed.
  template <class Action>
  void with(int socket, std::uint64_t serial, Action action);
  Connections::iterator bury(Connections::iterator connection);

  std::shared_ptr<ServerShared> shared_;
  std::shared_ptr<Mailbox> mailbox_;
  Descriptor timer_{-1};
  Connections connections_;
  std::uint64_t lastSerial_ = 0;
  SteadyTime now_;
  std::chrono::system_clock::time_point dateOf_;
  std::string dateHeader_;
  std::string readBuffer_;
};

}  // namespace ivr::server
