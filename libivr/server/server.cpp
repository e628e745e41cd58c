#include "ivr/server/server.hpp"

#include "ivr/core/error.hpp"
#include "server/acceptor.hpp"
#include "server/worker.hpp"

#include <algorithm>
#include <csignal>
#include <pthread.h>
#include <thread>

namespace ivr {

using server::Acceptor;
using server::ConnectionLimit;
using server::ServerShared;
using server::Worker;

class Server::Impl {
 public:
  Impl(Handler handler, ServerOptions options) : shared_(std::make_shared<ServerShared>()) {
    std::signal(SIGPIPE, SIG_IGN);  // sendfile has no flag against it
    shared_->handler = std::move(handler);
    shared_->options = std::move(options);
    shared_->limit = std::make_shared<ConnectionLimit>(shared_->options.maxConnections,
                                                       shared_->options.maxConnectionsPerAddress);
    if (shared_->options.threads == 0) {
      shared_->options.threads = std::max(1U, std::thread::hardware_concurrency());
    }
    workersLoop_->init(Pistache::Aio::AsyncContext{shared_->options.threads, "ivr worker"});
    const auto key = workersLoop_->addHandler(std::make_shared<Worker>(shared_));
    for (const auto& clone : workersLoop_->handlers(key)) {
      workers_.push_back(std::static_pointer_cast<Worker>(clone));
    }
    acceptor_ = std::make_shared<Acceptor>(shared_, workers_);
    port_ = acceptor_->port();
    acceptLoop_->init();
    acceptLoop_->addHandler(acceptor_);
    workersLoop_->run();
    acceptThread_ = std::thread{[this] { acceptLoop_->run(); }};
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { stop(std::chrono::milliseconds{0}); }

  std::uint16_t port() const noexcept { return port_; }
  std::chrono::milliseconds drainDeadline() const { return shared_->options.drainDeadline; }

  void stop(std::chrono::milliseconds deadline) {
    shared_->limit->giveUpBy(std::chrono::steady_clock::now() + deadline);
    const std::lock_guard once{stopMutex_};
    if (isStopped_) return;
    isStopped_ = true;
    // 1. no more connections
    acceptor_->giveWay();
    if (shared_->options.sharesPort) shared_->limit->pause(kHandshake);
    acceptLoop_->shutdown();
    acceptThread_.join();
    acceptor_->acceptAll();  // who has connected so far would be cut off
    acceptLoop_.reset();
    acceptor_.reset();
    // 2. what is in flight
    shared_->isDraining = true;
    for (const auto& worker : workers_) worker->drain();
    shared_->limit->waitUntilNone();
    // 3. the rest
    workersLoop_->shutdown();
    workers_.clear();
    workersLoop_.reset();
  }

 private:
  /// How long a client may take to finish connecting to the process that gives way.
  static constexpr std::chrono::milliseconds kHandshake{200};

  std::shared_ptr<ServerShared> shared_;
  std::shared_ptr<Pistache::Aio::Reactor> workersLoop_ = Pistache::Aio::Reactor::create();
  std::shared_ptr<Pistache::Aio::Reactor> acceptLoop_ = Pistache::Aio::Reactor::create();
  std::vector<std::shared_ptr<Worker>> workers_;
  std::shared_ptr<Acceptor> acceptor_;
  std::thread acceptThread_;
  std::uint16_t port_ = 0;

  std::mutex stopMutex_;
  bool isStopped_ = false;
};

Server::Server(Handler handler, ServerOptions options)
    : impl_(std::make_unique<Impl>(std::move(handler), std::move(options))) {}
Server::~Server() = default;
std::uint16_t Server::port() const noexcept { return impl_->port(); }
void Server::stop() { impl_->stop(impl_->drainDeadline()); }
void Server::stopNow() { impl_->stop(std::chrono::milliseconds{0}); }

void serve(Ivr& ivr, ServerOptions options, const std::function<void(const Server&)>& started) {
  ivr.mount();
  // Blocked here and so in every thread that starts from here: this one waits for them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &signals, &before);

  const Log& log = ivr.config().log;
  {
    Server server{[&ivr](Request request) { return ivr.handle(std::move(request)); }, options};
    log(LogLevel::info,
        "listening on " + options.address + " port " + std::to_string(server.port()));
    if (started) started(server);
    int received = 0;
    ::sigwait(&signals, &received);
    log(LogLevel::info, "stopping: finishing what is in flight; a second signal stops at once");
    std::atomic<bool> isDone{false};
    const ::pthread_t waiting = ::pthread_self();
    std::jthread drain{[&] {
      server.stop();
      isDone = true;
      ::pthread_kill(waiting, SIGTERM);  // wakes the wait below
    }};
    ::sigwait(&signals, &received);
    if (!isDone) server.stopNow();
  }
  log(LogLevel::info, "stopped");
  const timespec now{};
  while (::sigtimedwait(&signals, nullptr, &now) > 0) {  // what came while stopping is dealt with
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace ivr
