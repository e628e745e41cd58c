#include "core/child_process.hpp"

#include "core/descriptor.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace ivr {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// The two ends of a stream between this process and a child.
struct Ends {
  Descriptor ours{-1};
  Descriptor childs{-1};
};

/// A socket, because a pipe that nobody reads would end this process with a signal.
std::optional<Ends> makeEnds() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return std::nullopt;
  return Ends{.ours = Descriptor{ends[0]}, .childs = Descriptor{ends[1]}};
}

/// A child process, which ends with this.
class ChildProcess {
 public:
  ChildProcess(std::vector<std::string> arguments, int input, int output) {
    std::vector<char*> pointers;
    pointers.reserve(arguments.size() + 1);
    for (std::string& one : arguments) pointers.push_back(one.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};
    if (::posix_spawn_file_actions_init(&files) != 0) return;
    if (::posix_spawnattr_init(&attributes) == 0) {
      (void)::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
      (void)::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
      (void)::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
      // This process may ignore and block what ends a program.
      sigset_t none{};
      sigset_t all{};
      (void)::sigemptyset(&none);
      (void)::sigfillset(&all);
      (void)::posix_spawnattr_setsigmask(&attributes, &none);
      (void)::posix_spawnattr_setsigdefault(&attributes, &all);
      (void)::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
      if (::posix_spawnp(&pid_, pointers[0], &files, &attributes, pointers.data(), environ) != 0) {
        pid_ = -1;
      }
      (void)::posix_spawnattr_destroy(&attributes);
    }
    (void)::posix_spawn_file_actions_destroy(&files);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() {
    if (pid_ <= 0) return;
    (void)::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  }

  [[nodiscard]] bool isRunning() const noexcept { return pid_ > 0; }

 private:
  pid_t pid_ = -1;
};

/// Sends the input, and receives the output until its end. Two streams: one that is closed before
/// everything was read from it would lose what is on its way back.
std::optional<std::string> converse(Descriptor toChild, const Descriptor& fromChild,
                                    std::string_view input, steady_clock::time_point end,
                                    std::size_t maxBytes) {
  std::string output;
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
    if (left <= 0) return std::nullopt;
    if (input.empty()) toChild = Descriptor{-1};
    std::array<pollfd, 2> ready{pollfd{.fd = fromChild.get(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = toChild.get(), .events = POLLOUT, .revents = 0}};
    const int wait = static_cast<int>(std::min<milliseconds::rep>(left, 1000));
    if (::poll(ready.data(), ready.size(), wait) < 0 && errno != EINTR) return std::nullopt;
    if (ready[1].revents != 0) {
      const ssize_t sent =
          ::send(toChild.get(), input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) input.remove_prefix(static_cast<std::size_t>(sent));
      if (sent < 0 && errno != EAGAIN && errno != EINTR) input = {};  // it reads no more
    }
    if (ready[0].revents != 0) {
      const ssize_t size = ::recv(fromChild.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (size == 0) return output;
      if (size < 0 && errno != EAGAIN && errno != EINTR) return std::nullopt;
      if (size > 0) output.append(buffer.data(), static_cast<std::size_t>(size));
      if (output.size() > maxBytes) return std::nullopt;
    }
  }
}

}  // namespace

bool isProgram(const std::string& program) {
  const auto isThere = [](const std::string& path) { return ::access(path.c_str(), X_OK) == 0; };
  if (program.empty()) return false;
  if (program.find('/') != std::string::npos) return isThere(program);
  const std::string folders = environment("PATH");
  for (const std::string_view folder : itemsOf(folders, ':')) {
    if (!folder.empty() && isThere(std::string{folder} + '/' + program)) return true;
  }
  return false;
}

std::optional<std::string> outputOf(std::vector<std::string> command, const std::string& input,
                                    milliseconds limit, std::size_t maxBytes) {
  const auto end = steady_clock::now() + limit;
  if (limit <= milliseconds{0}) return std::nullopt;
  auto toChild = makeEnds();
  auto fromChild = makeEnds();
  if (!toChild || !fromChild) return std::nullopt;
  const ChildProcess child{std::move(command), toChild->childs.get(), fromChild->childs.get()};
  if (!child.isRunning()) return std::nullopt;
  toChild->childs = Descriptor{-1};
  fromChild->childs = Descriptor{-1};
  // When its output has ended, so has it, or it is up to something else and is ended.
  return converse(std::move(toChild->ours), fromChild->ours, input, end, maxBytes);
}

}  // namespace ivr
