#pragma once
// A server in its own process, so that its memory and descriptors can be measured alone.

#include "ivr/server/server.hpp"
#include "support/process.hpp"

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace ivr::support {

/// Create it while this process has one thread.
class ServerProcess {
 public:
  ServerProcess(http::Handler handler, ServerOptions options) {
    int up[2];
    int down[2];
    if (::pipe(up) != 0 || ::pipe(down) != 0) throw std::runtime_error{"pipe"};
    process_ = ::fork();
    if (process_ == 0) {
      ::close(down[1]);  // so that the end of the other process ends this one
      {
        const Server server{std::move(handler), std::move(options)};
        const std::uint16_t port = server.port();
        char end = 0;
        if (::write(up[1], &port, sizeof port) == sizeof port) {
          while (::read(down[0], &end, 1) > 0) {
          }
        }
      }
      std::_Exit(0);
    }
    ::close(up[1]);
    ::close(down[0]);
    end_ = down[1];
    if (::read(up[0], &port_, sizeof port_) != sizeof port_) throw std::runtime_error{"no server"};
    ::close(up[0]);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess() {
    ::close(end_);
    ::waitpid(process_, nullptr, 0);
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::ptrdiff_t residentBytes() const {
    return support::residentBytes(std::to_string(process_));
  }
  [[nodiscard]] std::ptrdiff_t openDescriptors() const {
    return support::openDescriptors(std::to_string(process_));
  }

 private:
  ::pid_t process_ = -1;
  int end_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace ivr::support
