#include "watcher.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <pthread.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>

namespace phone {

namespace {

sigset_t endingSignals() {
  sigset_t signals{};
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&signals, signal);
  return signals;
}

}  // namespace

void keepSignals() {
  const sigset_t signals = endingSignals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

Watcher::Watcher(std::function<void()> onSignal, std::function<void(std::string_view)> onInput)
    : onSignal_(std::move(onSignal)), onInput_(std::move(onInput)) {
  const sigset_t signals = endingSignals();
  signals_ = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  end_ = ::eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || end_ < 0) throw std::runtime_error{"no descriptor is left"};
  thread_ = std::thread{[this] { watch(); }};
}

Watcher::~Watcher() {
  const std::uint64_t one = 1;
  (void)!::write(end_, &one, sizeof one);
  thread_.join();
  ::close(signals_);
  ::close(end_);
}

void Watcher::watch() {
  std::array<pollfd, 3> watched{
      {{.fd = end_, .events = POLLIN, .revents = 0},
       {.fd = signals_, .events = POLLIN, .revents = 0},
       {.fd = onInput_ ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0}}};
  for (;;) {
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
    if (watched[0].revents != 0) return;
    if (watched[1].revents != 0) {
      signalfd_siginfo info{};
      while (::read(signals_, &info, sizeof info) == sizeof info) onSignal_();
    }
    if (watched[2].revents != 0) {
      std::array<char, 4096> bytes{};
      const ::ssize_t size = ::read(STDIN_FILENO, bytes.data(), bytes.size());
      if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (size <= 0) watched[2].fd = -1;
      onInput_({bytes.data(), size <= 0 ? 0 : static_cast<std::size_t>(size)});
    }
  }
}

RawTerminal::RawTerminal() : isTerminal_(::isatty(STDIN_FILENO) == 1) {
  if (!isTerminal_ || ::tcgetattr(STDIN_FILENO, &before_) != 0) {
    isTerminal_ = false;
    return;
  }
  termios raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // signals come as before
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

RawTerminal::~RawTerminal() {
  if (isTerminal_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

}  // namespace phone
