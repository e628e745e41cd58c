#pragma once
// A program that a test starts, reads from, and ends.

#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ivr::support {

/// A resource: its program is killed when it is destroyed, or when the thread that started it ends.
class Child {
 public:
  /// The first argument is the program: a path, or a name to look up.
  explicit Child(std::vector<std::string> arguments) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"pipe"};
    output_ = ends[0];
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    process_ = ::fork();
    if (process_ == 0) {  // only what is allowed between fork and exec
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(ends[1], STDOUT_FILENO);
      ::execvp(pointers.front(), pointers.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    if (process_ < 0) throw std::runtime_error{"fork"};
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill();
    ::close(output_);
  }

  [[nodiscard]] ::pid_t id() const noexcept { return process_; }

  /// Where to read its standard output.
  [[nodiscard]] int output() const noexcept { return output_; }

  /// Ends it without a chance to clean up. Does nothing if it has already ended.
  void kill() {
    if (isOver_) return;
    ::kill(process_, SIGKILL);
    wait();
  }

  /// Waits for its end; 0 on success.
  int wait() {
    if (!std::exchange(isOver_, true)) ::waitpid(process_, &status_, 0);
    return status_;
  }

 private:
  ::pid_t process_ = -1;
  int output_ = -1;
  bool isOver_ = false;
  int status_ = 0;
};

}  // namespace ivr::support
