#include "server/worker.hpp"

#include "http/date.hpp"
#include "ivr/core/error.hpp"

#include <sys/eventfd.h>
#include <sys/socket.h>
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

/// An answer whatever the handler does: it promises not to fail, and other handlers than `Ivr` may
/// be served.
Response responseOf(Settled<Response> outcome) {
  if (auto* response = std::get_if<0>(&outcome)) return std::move(*response);
  return plainText(500, "Internal Server Error");
}

Tag tagOf(int descriptor) { return Tag{static_cast<std::uint64_t>(descriptor)}; }

}  // namespace

Mailbox::Mailbox() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!descriptor_.isOpen()) throw Error{ErrorKind::unavailable, "no descriptor for a worker"};
}

void Mailbox::post(std::function<void()> task) {
  const std::lock_guard lock{mutex_};
  if (isClosed_) return;
  tasks_.push_back(std::move(task));
  if (tasks_.size() == 1) ::eventfd_write(descriptor(), 1);
}

std::vector<std::function<void()>> Mailbox::take() {
  const std::lock_guard lock{mutex_};
  eventfd_t count = 0;
  ::eventfd_read(descriptor(), &count);
  return std::exchange(tasks_, {});
}

void Mailbox::close() {
  std::vector<std::function<void()>> dropped;  // destroyed outside the lock
  const std::lock_guard lock{mutex_};
  isClosed_ = true;
  dropped.swap(tasks_);
}

Worker::Worker(std::shared_ptr<ServerShared> shared)
    : shared_(std::move(shared)), mailbox_(std::make_shared<Mailbox>()) {
  readBuffer_.resize(kReadBufferBytes);
  readClock();
}

Worker::~Worker() { mailbox_->close(); }

std::shared_ptr<Pistache::Aio::Handler> Worker::clone() const {
  return std::make_shared<Worker>(shared_);
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

void Worker::adopt(Accepted accepted) {
  // Closed with the task if the worker stops before it takes the socket over.
  const auto shared = std::make_shared<Accepted>(std::move(accepted));
  mailbox_->post([this, shared] { add(std::move(*shared)); });
}

void Worker::drain() {
  mailbox_->post([this] {
    for (auto one = connections_.begin(); one != connections_.end();) {
      one->second.connection->onDrain();
      one = one->second.connection->isClosed() ? bury(one) : std::next(one);
    }
  });
}

void Worker::onReady(const Pistache::Aio::FdSet& events) {
  readClock();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const int descriptor = static_cast<int>(events[i].getTag().value());
    if (descriptor == mailbox_->descriptor()) {
      for (const auto& task : mailbox_->take()) task();
    } else if (descriptor == timer_.get()) {
      tick();
    } else {
      // An event may be meant for an earlier connection with this descriptor: reading and writing
      // tell the truth.
      with(descriptor, 0, [](Connection& connection) { connection.onReady(); });
    }
  }
}

void Worker::add(Accepted accepted) {
  const int socket = accepted.socket.get();
  ConnectionHost& host = *this;
  auto connection = std::make_unique<Connection>(
      std::move(accepted.socket), std::move(accepted.peerAddress), ++lastSerial_, host);
  connections_.erase(socket);
  connections_.emplace(socket, Served{std::move(accepted.slot), std::move(connection)});
  // Edges in both directions from the start: no change of interest is ever needed.
  reactor()->registerFd(key(), socket, NotifyOn::Read | NotifyOn::Write | NotifyOn::Shutdown,
                        tagOf(socket), Pistache::Polling::Mode::Edge);
  if (shared_->isDraining) {
    with(socket, 0, [](Connection& added) { added.onDrain(); });
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
    one = one->second.connection->isClosed() ? bury(one) : std::next(one);
  }
}

template <class Action>
void Worker::with(int socket, std::uint64_t serial, Action action) {
  const auto found = connections_.find(socket);
  if (found == connections_.end()) return;
  if (serial != 0 && found->second.connection->serial() != serial) return;
  action(*found->second.connection);
  if (found->second.connection->isClosed()) bury(found);
}

Worker::Connections::iterator Worker::bury(Connections::iterator connection) {
  return connections_.erase(connection);  // closes the socket, which leaves epoll by that
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
    std::move(later).receive([this, mailbox = mailbox_, socket, serial](Settled<Response> outcome) {
      // `this` is only touched by the task, which the mailbox drops when the worker is gone.
      auto response = std::make_shared<Response>(responseOf(std::move(outcome)));
      mailbox->post([this, socket, serial, response] {
        with(socket, serial,
             [&](Connection& connection) { connection.onResponse(std::move(*response)); });
      });
    });
    return std::nullopt;
  } catch (...) {
    return plainText(500, "Internal Server Error");
  }
}

void Worker::callAgain(int socket, std::uint64_t serial) {
  mailbox_->post([this, socket, serial] {
    with(socket, serial, [](Connection& connection) { connection.onTurn(); });
  });
}

}  // namespace ivr::server
