#pragma once
// A share of the connections, on a Pistache event loop.

#include "core/thread.hpp"
#include "ivr/core/executor.hpp"
#include "ivr/http/handler.hpp"
#include "server/connection.hpp"
#include "server/connection_limit.hpp"
#include "server/mailbox.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <pistache/reactor.h>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ivr::server {

/// What the workers of one server share.
struct ServerShared {
  http::Handler handler;
  ServerOptions options;
  Executor* borrower = nullptr;  ///< Workers lend their threads to it; null for none.
  std::shared_ptr<ConnectionLimit> limit;
  std::atomic<bool> isDraining{false};
};

/// Serves its connections.
///
/// It has one thread, which lends itself to the executor: between two rounds of the loop it runs
/// the steps that they have brought. When a step blocks, another thread takes over the loop; when
/// the first one is back, it waits to take over in turn. So whatever states do, the loop goes on,
/// and while they are quick, a request never changes threads.
class Worker final : public Pistache::Aio::Handler,
                     public std::enable_shared_from_this<Worker>,
                     private ConnectionHost {
 public:
  explicit Worker(std::shared_ptr<ServerShared> shared);
  ~Worker() override { stop(); }

  /// Call it after giving the worker to its reactor, which outlives its threads.
  void start();

  /// From any thread.
  void adopt(Accepted accepted) { mailbox_->post(std::move(accepted)); }

  /// Since when the connection has waited for its client that has waited for the longest time; the
  /// end of all time if none waits. From any thread.
  [[nodiscard]] SteadyTime waitsSince() const noexcept { return SteadyTime{waitsSince_.load()}; }

  /// Has that one closed, if it still waits since then and its place is still needed. From any
  /// thread.
  void makeRoom(SteadyTime since) { mailbox_->post(MakeRoom{since}); }

  /// Has every connection closed as soon as it is done. From any thread.
  void drain() { mailbox_->post(Drain{}); }

  /// Closes everything. Waits for its threads, and so for states that block one of them.
  void stop();

  // Pistache::Aio::Handler
  void registerPoller(Pistache::Polling::Epoll& poller) override;
  void onReady(const Pistache::Aio::FdSet& events) override;
  std::shared_ptr<Pistache::Aio::Handler> clone() const override;

 private:
  /// One of the threads.
  struct Server {
    std::unique_ptr<ThreadLoan> loan = {};  ///< Null if there is no borrower.
    bool isStuck = false;                   ///< In a step that blocks.
    std::optional<OwnedThread> thread = {};
  };

  // ConnectionHost
  std::optional<Response> dispatch(Request request, int socket, std::uint64_t serial) override;
  void callAgain(int socket, std::uint64_t serial) override;
  const ServerOptions& options() const override { return shared_->options; }
  const std::string& dateHeader() const override { return dateHeader_; }
  SteadyTime now() const override { return now_; }
  bool isDraining() const override { return shared_->isDraining; }
  std::string& readBuffer() override { return readBuffer_; }
  std::string& writeBuffer() override { return writeBuffer_; }

  /// A connection in the order in which they have waited for their clients.
  struct Place {
    int socket = -1;
    std::optional<SteadyTime> since;
  };
  struct Served {
    ConnectionLimit::Slot slot;
    std::unique_ptr<Connection> connection;
    std::list<Place>::iterator place;
  };
  using Connections = std::unordered_map<int, Served>;
  using Lock = std::unique_lock<std::mutex>;

  static Server*& here();
  void addServer();
  void run(Server& self);
  void serveUntilReplaced(Server& self, Lock& lock);
  void serve(Server& self, Lock& lock);
  template <class Work>
  void lend(Server& self, Work work);
  [[nodiscard]] bool runSteps(Server& self, Lock& lock);
  void replace(Server* stuck);
  [[nodiscard]] Server* otherThan(const Server& self);
  [[nodiscard]] bool mayLend(const Server& self);

  void open(Mail mail);
  void handle(int descriptor);
  void add(Accepted accepted);
  void drainAll();
  void closeLongestWaiting(SteadyTime since);
  void publishLongestWaiting();
  void readClock();
  void tick();

  /// Calls `action` for a connection if it is still the one with that serial (0: any), and settles
  /// what came of it.
  template <class Action>
  void with(int socket, std::uint64_t serial, Action action);
  Connections::iterator settle(Connections::iterator connection);

  const std::shared_ptr<ServerShared> shared_;
  const std::shared_ptr<Mailbox> mailbox_;

  // Guards everything below.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Server> servers_;
  Server* leader_ = nullptr;  ///< The one that has the loop.
  bool isStopping_ = false;

  Descriptor timer_{-1};
  std::vector<Mail> mail_;  ///< While it is opened; otherwise a buffer.
  std::deque<int> ready_;   ///< Descriptors with events not looked at yet.
  std::vector<std::pair<int, std::uint64_t>> turns_;  ///< Connections that wait for their turn.
  Connections connections_;
  std::list<Place> waiting_;  ///< For their clients, those that have waited longest first.
  std::list<Place> working_;  ///< For which the application works, in no order.
  std::atomic<SteadyTime::duration> waitsSince_{SteadyTime::max().time_since_epoch()};
  std::uint64_t lastSerial_ = 0;
  SteadyTime now_;
  std::chrono::system_clock::time_point dateOf_;
  std::string dateHeader_;
  std::string readBuffer_;
  std::string writeBuffer_;
};

}  // namespace ivr::server
