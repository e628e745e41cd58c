#include "server/worker.hpp"

#include "http/date.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <utility>

namespace ivr::server {

namespace {

using Pistache::Polling::NotifyOn;
using Pistache::Polling::Tag;

/// How exact deadlines are.
constexpr std::chrono::milliseconds kTick{250};
constexpr std::size_t kReadBufferBytes = 64 << 10;

/// Threads of one worker. All but one are in states that used to be quick and now block; the last
/// one no longer lends itself.
constexpr std::size_t kMaxThreads = 4;

/// Rounds of steps and their answers before looking for new events.
constexpr int kMaxRounds = 4;

/// An answer, whatever the handler does: `Ivr` promises not to fail, but other handlers may be
/// served.
Response responseOf(Settled<Response> outcome) {
  if (auto* response = std::get_if<0>(&outcome)) return std::move(*response);
  return plainText(500, "Internal Server Error");
}

Tag tagOf(int descriptor) { return Tag{static_cast<std::uint64_t>(descriptor)}; }

}  // namespace

Worker::Worker(std::shared_ptr<ServerShared> shared)
    : shared_(std::move(shared)), mailbox_(std::make_shared<Mailbox>()) {
  readBuffer_.resize(kReadBufferBytes);
  readClock();
}

std::shared_ptr<Pistache::Aio::Handler> Worker::clone() const {
  throw Error{ErrorKind::usage, "each worker has a loop of its own"};  // which makes no clones
}

void Worker::registerPoller(Pistache::Polling::Epoll& poller) {
  poller.addFd(mailbox_->descriptor(), Pistache::Flags<NotifyOn>{NotifyOn::Read},
               tagOf(mailbox_->descriptor()));
  timer_ = Descriptor{::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)};
  if (!timer_.isOpen()) throw Error{ErrorKind::unavailable, "no descriptor for a worker"};
  const auto nanoseconds = std::chrono::nanoseconds{kTick}.count();
  itimerspec period{};
  period.it_value.tv_nsec = nanoseconds;
  period.it_interval.tv_nsec = nanoseconds;
  ::timerfd_settime(timer_.get(), 0, &period, nullptr);
  poller.addFd(timer_.get(), Pistache::Flags<NotifyOn>{NotifyOn::Read}, tagOf(timer_.get()));
}

// ---- The threads

Worker::Server*& Worker::here() {
  thread_local Server* server = nullptr;
  return server;
}

void Worker::start() {
  const std::lock_guard lock{mutex_};
  addServer();
}

/// With the lock held: adds a thread that takes over the loop.
void Worker::addServer() {
  Server& server = servers_.emplace_back();
  leader_ = &server;
  server.thread.emplace([this, &server] { run(server); });
}

void Worker::run(Server& self) {
  here() = &self;
  if (shared_->borrower != nullptr) {
    self.loan = shared_->borrower->lend([weak = weak_from_this(), stuck = &self] {
      if (const auto worker = weak.lock()) worker->replace(stuck);
    });
  }
  {
    Lock lock{mutex_};
    serveUntilReplaced(self, lock);
  }
  reactor()->runOnce();  // the loop: ends when the reactor is shut down
  self.loan.reset();
}

void Worker::stop() {
  {
    const std::lock_guard lock{mutex_};
    if (std::exchange(isStopping_, true)) return;
    changed_.notify_all();
  }
  mailbox_->close();
  if (servers_.empty()) return;  // was not started
  reactor()->shutdown();
  mailbox_->wake();  // wakes every thread that waits for events, not just one
  for (Server& server : servers_) server.thread->join();
  servers_.clear();
  connections_.clear();
}

void Worker::onReady(const Pistache::Aio::FdSet& events) {
  Lock lock{mutex_};
  for (const auto& event : events) ready_.push_back(static_cast<int>(event.getTag().value()));
  serveUntilReplaced(*here(), lock);
}

/// Returns when the thread that has the loop has nothing to do; the others wait here until they
/// have it.
void Worker::serveUntilReplaced(Server& self, Lock& lock) {
  while (!isStopping_) {
    if (leader_ == &self) serve(self, lock);
    if (leader_ == &self) return;
    changed_.wait(lock, [&] { return leader_ == &self || isStopping_; });
  }
}

/// Handles one event after another, each with the steps that it brings and their answers, so that
/// one request is handled while its data is in the caches.
void Worker::serve(Server& self, Lock& lock) {
  readClock();
  for (const auto& [socket, serial] : std::exchange(turns_, {})) {
    with(socket, serial, [](Connection& connection) { connection.onTurn(); });
  }
  for (int rounds = 0; rounds < kMaxRounds; rounds += ready_.empty() ? 1 : 0) {
    if (!ready_.empty()) {
      const int descriptor = ready_.front();
      ready_.pop_front();
      lend(self, [&] { handle(descriptor); });
    }
    if (!runSteps(self, lock)) return;
    mailbox_->take(mail_);
    const bool hasMail = !mail_.empty();
    lend(self, [&] {
      for (Mail& one : mail_) open(std::move(one));
    });
    mail_.clear();
    if (!hasMail && ready_.empty() && mailbox_->sleep()) {
      if (turns_.empty()) return;
      break;
    }
  }
  mailbox_->wake();  // there is more to do, after what has arrived meanwhile
}

/// Does `work`, which may bring steps; they are kept for this thread if it may lend itself.
template <class Work>
void Worker::lend(Server& self, Work work) {
  const bool isLent = mayLend(self);
  if (isLent) self.loan->open();
  work();
  if (isLent) self.loan->close();
}

/// Runs the kept steps. False if that took so long that another thread has the loop.
bool Worker::runSteps(Server& self, Lock& lock) {
  if (self.loan == nullptr) return true;
  lock.unlock();
  self.loan->run();
  lock.lock();
  self.isStuck = false;
  return leader_ == &self;
}

/// A thread that waits for the loop; null if there is none.
Worker::Server* Worker::otherThan(const Server& self) {
  const auto found = std::ranges::find_if(
      servers_, [&](const Server& one) { return &one != &self && !one.isStuck; });
  return found == servers_.end() ? nullptr : &*found;
}

/// Whether another thread could take over the loop.
bool Worker::mayLend(const Server& self) {
  return self.loan != nullptr && (servers_.size() < kMaxThreads || otherThan(self) != nullptr);
}

/// On a thread of the executor: a step blocks the thread that has the loop.
void Worker::replace(Server* stuck) {
  const std::lock_guard lock{mutex_};
  if (isStopping_ || leader_ != stuck) return;
  stuck->isStuck = true;
  if (Server* const other = otherThan(*stuck)) {
    leader_ = other;
    changed_.notify_all();
  } else {
    addServer();
  }
}

// ---- The loop

void Worker::open(Mail mail) {
  if (auto* reply = std::get_if<Reply>(&mail)) {
    with(reply->socket, reply->serial,
         [&](Connection& connection) { connection.onResponse(std::move(reply->response)); });
  } else if (auto* accepted = std::get_if<Accepted>(&mail)) {
    add(std::move(*accepted));
  } else if (const auto* room = std::get_if<MakeRoom>(&mail)) {
    closeLongestWaiting(room->since);
  } else {
    drainAll();
  }
}

void Worker::handle(int descriptor) {
  if (descriptor == mailbox_->descriptor()) {
    eventfd_t count = 0;
    if (!isStopping_) ::eventfd_read(descriptor, &count);
  } else if (descriptor == timer_.get()) {
    tick();
  } else {
    // An event may be meant for an earlier connection with this descriptor: reading and writing
    // show the truth.
    with(descriptor, 0, [](Connection& connection) { connection.onReady(); });
  }
}

void Worker::add(Accepted accepted) {
  const int socket = accepted.socket.get();
  ConnectionHost& host = *this;
  auto connection = std::make_unique<Connection>(
      std::move(accepted.socket), std::move(accepted.peerAddress), ++lastSerial_, host);
  const auto place = waiting_.insert(waiting_.end(), {socket, connection->waitsSince()});
  connections_.emplace(socket, Served{std::move(accepted.slot), std::move(connection), place});
  publishLongestWaiting();
  // Edge-triggered in both directions from the start, so the interest never has to change.
  reactor()->registerFd(key(), socket, NotifyOn::Read | NotifyOn::Write | NotifyOn::Shutdown,
                        tagOf(socket), Pistache::Polling::Mode::Edge);
  if (shared_->isDraining) {
    with(socket, 0, [](Connection& added) { added.onDrain(); });
  }
}

void Worker::drainAll() {
  for (auto one = connections_.begin(); one != connections_.end();) {
    one->second.connection->onDrain();
    one = settle(one);
  }
}

void Worker::readClock() {
  now_ = std::chrono::steady_clock::now();
  const auto date = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (date == dateOf_) return;
  dateOf_ = date;
  dateHeader_ = "Date: " + http::httpDate(date) + "\r\n";
}

void Worker::tick() {
  std::uint64_t expirations = 0;
  [[maybe_unused]] const ssize_t got = ::read(timer_.get(), &expirations, sizeof expirations);
  for (auto one = connections_.begin(); one != connections_.end();) {
    one->second.connection->onTick();
    one = settle(one);
  }
}

template <class Action>
void Worker::with(int socket, std::uint64_t serial, Action action) {
  const auto found = connections_.find(socket);
  if (found == connections_.end()) return;
  if (serial != 0 && found->second.connection->serial() != serial) return;
  action(*found->second.connection);
  settle(found);
}

/// Buries a connection that has closed, and gives another its place in the order.
Worker::Connections::iterator Worker::settle(Connections::iterator connection) {
  Served& one = connection->second;
  std::list<Place>& from = one.place->since ? waiting_ : working_;
  if (one.connection->isClosed()) {
    from.erase(one.place);
    publishLongestWaiting();  // first: the waiting acceptor looks for the next one then
    return connections_.erase(connection);  // closes the socket, which removes it from epoll
  }
  const std::optional<SteadyTime> since = one.connection->waitsSince();
  if (since != one.place->since) {
    std::list<Place>& to = since ? waiting_ : working_;
    to.splice(to.end(), from, one.place);
    one.place->since = since;
    publishLongestWaiting();
  }
  return std::next(connection);
}

void Worker::publishLongestWaiting() {
  const SteadyTime since = waiting_.empty() ? SteadyTime::max() : *waiting_.front().since;
  waitsSince_.store(since.time_since_epoch(), std::memory_order_relaxed);
}

/// One after another until one is closed: those that turn out to have something to do go on.
void Worker::closeLongestWaiting(SteadyTime since) {
  const std::size_t open = connections_.size();
  while (connections_.size() == open && !waiting_.empty() && *waiting_.front().since <= since &&
         shared_->limit->isWaitedFor()) {
    with(waiting_.front().socket, 0, [](Connection& connection) { connection.giveWay(); });
  }
}

std::optional<Response> Worker::dispatch(Request request, int socket, std::uint64_t serial) {
  try {
    Later<Response> later = shared_->handler(std::move(request));
    if (later.isSettled()) {
      std::optional<Response> response;
      std::move(later).receive(
          [&](Settled<Response> outcome) { response = responseOf(std::move(outcome)); });
      return response;
    }
    std::move(later).receive([mailbox = mailbox_, socket, serial](Settled<Response> outcome) {
      mailbox->post(Reply{socket, serial, responseOf(std::move(outcome))});
    });
    return std::nullopt;
  } catch (...) {
    return plainText(500, "Internal Server Error");
  }
}

void Worker::callAgain(int socket, std::uint64_t serial) { turns_.emplace_back(socket, serial); }

}  // namespace ivr::server
