#include "ivr/server/server.hpp"

#include "core/log_line.hpp"
#include "core/thread.hpp"
#include "http/url.hpp"
#include "ivr/core/error.hpp"
#include "server/acceptor.hpp"
#include "server/worker.hpp"

#include <algorithm>
#include <csignal>
#include <pthread.h>
#include <thread>
#include <unistd.h>

namespace ivr {

using server::Acceptor;
using server::claimDescriptors;
using server::ConnectionLimit;
using server::ServerShared;
using server::Worker;
using namespace std::chrono_literals;

class Server::Impl {
 public:
  Impl(http::Handler handler, ServerOptions options, Executor* borrower)
      : shared_(std::make_shared<ServerShared>()) {
    std::signal(SIGPIPE, SIG_IGN);  // sendfile has no flag against it
    shared_->handler = std::move(handler);
    shared_->options = std::move(options);
    shared_->borrower = borrower;
    capacity_ = claimDescriptors(shared_->options.maxConnections);
    shared_->limit = std::make_shared<ConnectionLimit>(capacity_.connections,
                                                       shared_->options.maxConnectionsPerAddress);
    const unsigned threads = shared_->options.threads != 0
                                 ? shared_->options.threads
                                 : std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < threads; ++i) {
      loops_.push_back(newLoop());
      workers_.push_back(std::make_shared<Worker>(shared_));
      loops_.back()->addHandler(workers_.back());
    }
    acceptor_ = std::make_shared<Acceptor>(shared_, workers_);
    port_ = acceptor_->port();
    acceptLoop_->addHandler(acceptor_);
    for (const auto& worker : workers_) worker->start();
    acceptThread_.emplace([this] { acceptLoop_->runOnce(); });
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { stop(0ms); }

  std::uint16_t port() const noexcept { return port_; }
  ServerCapacity capacity() const noexcept { return capacity_; }
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
    acceptThread_.reset();
    acceptor_->acceptAll();  // clients that have connected so far would be cut off
    acceptLoop_.reset();
    acceptor_.reset();
    // 2. what is in flight
    shared_->isDraining = true;
    for (const auto& worker : workers_) worker->drain();
    shared_->limit->waitUntilNone();
    // 3. the rest
    for (const auto& worker : workers_) worker->stop();
    workers_.clear();
    loops_.clear();
  }

 private:
  using Loop = std::shared_ptr<Pistache::Aio::Reactor>;

  static Loop newLoop() {
    Loop loop = Pistache::Aio::Reactor::create();
    loop->init();
    return loop;
  }

  /// How long a client may take to finish connecting to the process that gives way.
  static constexpr std::chrono::milliseconds kHandshake{200};

  std::shared_ptr<ServerShared> shared_;
  ServerCapacity capacity_;
  std::vector<Loop> loops_;
  Loop acceptLoop_ = newLoop();
  std::vector<std::shared_ptr<Worker>> workers_;
  std::shared_ptr<Acceptor> acceptor_;
  std::optional<OwnedThread> acceptThread_;
  std::uint16_t port_ = 0;

  std::mutex stopMutex_;
  bool isStopped_ = false;
};

Server::Server(http::Handler handler, ServerOptions options, Executor* borrower)
    : impl_(std::make_unique<Impl>(std::move(handler), std::move(options), borrower)) {}
Server::~Server() = default;
std::uint16_t Server::port() const noexcept { return impl_->port(); }
ServerCapacity Server::capacity() const noexcept { return impl_->capacity(); }
void Server::stop() { impl_->stop(impl_->drainDeadline()); }
void Server::stopNow() { impl_->stop(0ms); }

namespace {

/// Keeps SIGTERM and SIGINT for this thread, which waits for them; restores the mask at the end.
/// Threads of the library take none, and those that are started meanwhile inherit the mask.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals() {
    const timespec now{};
    while (::sigtimedwait(&signals_, nullptr, &now) > 0) {  // came while stopping: done already
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  void wait() const {
    int received = 0;
    ::sigwait(&signals_, &received);
  }

  /// Whether a signal came within `time`.
  [[nodiscard]] bool waitFor(std::chrono::seconds time) const {
    const timespec limit{.tv_sec = time.count(), .tv_nsec = 0};
    return ::sigtimedwait(&signals_, nullptr, &limit) > 0;
  }

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

/// A state that blocks cannot be ended, and nobody waits for it.
[[noreturn]] void leaveAtOnce(const Ivr& ivr) {
  const Activity left = ivr.activity();
  LogLine line{PersonalData::masked, "stopped with states that do not end"};
  line.add("steps", left.steps).add("tasks", left.tasks);
  ivr.config().log(LogLevel::error, line.text());
  ::_exit(128 + SIGTERM);
}

/// Whether the session store answers within `patience`. False if a signal came first.
bool awaitStore(const Config& config, std::chrono::seconds patience, const StopSignals& signals) {
  if (!config.sessions) return true;
  for (std::chrono::seconds left = patience;; left -= 1s) {
    try {
      (void)config.sessions->read("start").get();
      return true;
    } catch (const Error& error) {
      if (left <= 0s) {
        throw Error{ErrorKind::config, "the session store has not answered for " +
                                           std::to_string(patience.count()) +
                                           " s: " + error.what()};
      }
    }
    LogLine line{PersonalData::masked, "waiting for the session store"};
    line.add("seconds-left", left.count());
    config.log(LogLevel::warning, line.text());
    if (signals.waitFor(1s)) return false;
  }
}

void checkAddress(const Config& config, const ServerOptions& options) {
  const bool isOpen = !config.validate && config.mode == Config::Mode::development;
  if (!isOpen || http::isLoopback(options.address)) return;
  throw Error{ErrorKind::config,
              "in development mode unsigned requests are believed, so the server listens only on "
              "this machine (127.0.0.1 or ::1), not on " +
                  options.address};
}

void logCapacity(const Log& log, const ServerCapacity& capacity, std::size_t maxConnections) {
  LogLine line{PersonalData::masked, "connections"};
  line.add("at-most", capacity.connections).add("descriptors", capacity.descriptors);
  line.add("reserve", capacity.reserve);
  log(LogLevel::info, line.text());
  if (capacity.connections >= maxConnections) return;
  LogLine fewer{PersonalData::masked, "fewer connections than set"};
  fewer.add("setting", "maxConnections").add("value", maxConnections);
  fewer.add("allowed", capacity.connections);
  fewer.add("reason", "the process may have only " + std::to_string(capacity.descriptors) +
                          " descriptors (ulimit -Hn)");
  log(LogLevel::warning, fewer.text());
}

/// The end of an application that is served. Threads: `run` one, `cutShort` any.
class Drain {
 public:
  Drain(Ivr& ivr, Server& server, const ServerOptions& options)
      : ivr_(ivr), server_(server), hasSuccessor_(options.sharesPort) {
    end_ = std::chrono::steady_clock::now() + options.drainDeadline;
  }

  /// Returns when all is done or given up.
  void run() {
    if (!hasSuccessor_) {
      (void)await([this] {
        const Activity left = ivr_.activity();
        return left.lateSteps + left.callersOnHold + left.detached == 0;
      });
      ivr_.holdNobody();
    }
    std::jthread closing{[this] {
      server_.stop();
      isClosed_ = true;
    }};
    const auto isDone = [this] { return isClosed_ && !isWorking(ivr_.activity()); };
    if (await(isDone)) return;
    ivr_.giveUp(hasSuccessor_ && outlivesUs(ivr_.config().sessions));
    isCutShort_ = false;
    end_ = std::chrono::steady_clock::now() + kLastGrace;
    if (await(isDone)) return;
    std::jthread now{[this] { server_.stopNow(); }};
    end_ = std::chrono::steady_clock::now() + kLastGrace;
    if (!await([this] { return isClosed_ && ivr_.activity().tasks == 0; })) leaveAtOnce(ivr_);
  }

  void cutShort() { isCutShort_ = true; }

  [[nodiscard]] static bool isWorking(const Activity& left) {
    return left.steps + left.detached + left.tasks + left.requests > 0;
  }

  [[nodiscard]] static bool outlivesUs(const std::shared_ptr<session::SessionStore>& sessions) {
    return sessions && sessions->scope() != session::StoreScope::process;
  }

 private:
  /// False if it is not done in time.
  template <class IsDone>
  bool await(IsDone isDone) const {
    while (!isDone()) {
      if (isCutShort_ || std::chrono::steady_clock::now() >= end_) return false;
      std::this_thread::sleep_for(5ms);
    }
    return true;
  }

  /// For what was given up: answers are written, and calls are moved.
  static constexpr std::chrono::milliseconds kLastGrace = 1s;

  Ivr& ivr_;
  Server& server_;
  const bool hasSuccessor_;
  std::chrono::steady_clock::time_point end_;
  std::atomic<bool> isClosed_{false};
  std::atomic<bool> isCutShort_{false};
};

void logStopping(const Ivr& ivr) {
  const Activity now = ivr.activity();
  LogLine line{PersonalData::masked,
               "stopping: finishing what is under way; a second signal stops at once"};
  line.add("steps", now.steps).add("on-hold", now.callersOnHold).add("detached", now.detached);
  ivr.config().log(LogLevel::info, line.text());
  if (Drain::outlivesUs(ivr.config().sessions)) return;
  LogLine lost{PersonalData::masked, "sessions end with this process"};
  lost.add("because", "they are in memory; a store keeps them: IVR_SESSIONS=sqlite:FILE");
  ivr.config().log(LogLevel::warning, lost.text());
}

/// Until the first signal, and then until the end of the drain, which a second one cuts short.
void serveUntilStopped(Ivr& ivr, const ServerOptions& options, const StopSignals& signals,
                       const std::function<void(const Server&)>& started) {
  const Log& log = ivr.config().log;
  Server server{ivr.handler(), options, ivr.borrower()};
  LogLine line{PersonalData::masked, "listening"};
  line.add("address", options.address).add("port", server.port());
  log(LogLevel::info, line.text());
  logCapacity(log, server.capacity(), options.maxConnections);
  if (started) started(server);
  signals.wait();
  logStopping(ivr);

  std::atomic<bool> isOver{false};
  const ::pthread_t waiting = ::pthread_self();
  Drain drain{ivr, server, options};
  std::jthread draining{[&] {
    drain.run();
    isOver = true;
    // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): it is blocked, and ends the wait below
    ::pthread_kill(waiting, SIGTERM);
  }};
  signals.wait();
  if (!isOver) {
    log(LogLevel::info, "stopping at once");
    drain.cutShort();
  }
  draining.join();
  log(LogLevel::info, "stopped");
}

/// A line for each problem.
void logProblems(const Log& log, std::string_view message) {
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = message.find('\n');
    log(LogLevel::error, oneLine(message.substr(0, end), 1000));
    if (end != std::string_view::npos) message.remove_prefix(end + 1);
  }
}

}  // namespace

int serve(Ivr& ivr, ServerOptions options, const std::function<void(const Server&)>& started) {
  const StopSignals signals;
  try {
    ivr.mount();
    checkAddress(ivr.config(), options);
    if (awaitStore(ivr.config(), options.storeDeadline, signals)) {
      serveUntilStopped(ivr, options, signals, started);
    }
    return 0;
  } catch (const std::exception& error) {
    logProblems(ivr.config().log, error.what());
    return 1;
  }
}

}  // namespace ivr
