#pragma once
// A Redis server for one test: on a free port, in its own folder, without persistence.

#include "session/child.hpp"
#include "support/command.hpp"
#include "support/eventually.hpp"
#include "support/fault_server.hpp"
#include "support/temp_folder.hpp"

#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/types.h>
#include <vector>

namespace ivr::support {

inline bool redisIsInstalled() { return isInstalled("redis-server") && isInstalled("redis-cli"); }

class RedisServer {
 public:
  /// `options` as on the server's command line.
  explicit RedisServer(std::vector<std::string> options = {}) : options_(std::move(options)) {
    for (int tries = 0; tries < 5; ++tries) {
      port_ = LocalSocket{}.port();  // free now; another process may be faster
      if (tryStart()) return;
    }
    throw std::runtime_error{"redis-server does not start"};
  }

  [[nodiscard]] int port() const noexcept { return port_; }
  [[nodiscard]] std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }

  /// The answer of `redis-cli` to a command.
  [[nodiscard]] std::string ask(const std::string& command) const {
    return outputOf("redis-cli -p " + std::to_string(port_) + ' ' + command + " 2>&1");
  }

  void stop() { process_.reset(); }

  /// It does not run while one of these lives, but its connections stay.
  class Pause {
   public:
    explicit Pause(const RedisServer& server) : process_(server.process_->id()) {
      ::kill(process_, SIGSTOP);
    }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;
    ~Pause() { ::kill(process_, SIGCONT); }

   private:
    const ::pid_t process_;
  };

  /// Starts it again, empty, on the same port.
  void start() {
    if (!tryStart()) throw std::runtime_error{"redis-server does not start again"};
  }

 private:
  bool tryStart() {
    std::vector<std::string> arguments{"redis-server",
                                       "--port",
                                       std::to_string(port_),
                                       "--bind",
                                       "127.0.0.1",
                                       "--save",
                                       "",
                                       "--appendonly",
                                       "no",
                                       "--dir",
                                       folder_.path().string(),
                                       "--logfile",
                                       "redis.log",
                                       "--daemonize",
                                       "no"};
    arguments.insert(arguments.end(), options_.begin(), options_.end());
    process_ = std::make_unique<Child>(arguments);
    const std::string isMine = "process_id:" + std::to_string(process_->id()) + '\r';
    const std::string command =
        "redis-cli -p " + std::to_string(port_) + " info server 2>/dev/null || true";
    return eventually([&] {
      const std::string said = outputOf(command);
      return said.find(isMine) != std::string::npos || said.find("NOAUTH") != std::string::npos;
    });
  }

  const TempFolder folder_;
  const std::vector<std::string> options_;
  int port_ = 0;
  std::unique_ptr<Child> process_;
};

}  // namespace ivr::support
