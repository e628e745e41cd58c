// Clients that fetch audio and read it slowly, which needs no signature: 1,600 of them, by turns
// for each file of a folder, while one more fetches a small prompt again and again. Prints a row of
// a Markdown table: what the server kept at most (its own pages, the copies of files that it held,
// its descriptors), how much more shared memory and how much less
// available memory the machine had, which counts what its sockets keep, and how long the prompt
// took.
//
// Usage: slow_readers [SECONDS [FILES [BYTES]]]        (default: 10 100 4000000)

#include "clients.hpp"
#include "ivr/ivr.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace ivr;
using namespace std::chrono_literals;
using load::SteadyClock;

constexpr std::size_t kReaders = 1600;
constexpr std::size_t kPromptBytes = 40'000;

/// Removed at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ivr-slow-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"mkdtemp " + pattern};
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  void write(const std::string& name, std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t at = 0; at + 8 <= size; at += 8) {
      const std::uint64_t word = random_();
      std::memcpy(bytes.data() + at, &word, 8);
    }
    std::ofstream{path_ / name, std::ios::binary} << bytes;
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  std::mt19937_64 random_;
};

/// A process that serves the folder.
class ServingProcess {
 public:
  explicit ServingProcess(const std::filesystem::path& folder) {
    int up[2];
    int down[2];
    if (::pipe(up) != 0 || ::pipe(down) != 0) throw std::runtime_error{"pipe"};
    process_ = ::fork();
    if (process_ == 0) {
      ::close(down[1]);
      serve(folder, up[1], down[0]);
      std::_Exit(0);
    }
    ::close(up[1]);
    ::close(down[0]);
    end_ = down[1];
    if (::read(up[0], &port_, sizeof port_) != sizeof port_) throw std::runtime_error{"no server"};
    ::close(up[0]);
  }
  ServingProcess(const ServingProcess&) = delete;
  ServingProcess& operator=(const ServingProcess&) = delete;
  ~ServingProcess() {
    ::close(end_);
    ::waitpid(process_, nullptr, 0);
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  [[nodiscard]] std::uint64_t residentBytes() const {
    std::ifstream file{of("statm")};
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    file >> size >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  }

  /// Of files that are in memory alone, each counted once.
  [[nodiscard]] std::uint64_t copiedBytes() const {
    std::set<ino_t> seen;
    std::uint64_t bytes = 0;
    std::error_code gone;
    for (const auto& entry : std::filesystem::directory_iterator{of("fd"), gone}) {
      const auto link = std::filesystem::read_symlink(entry.path(), gone);
      struct stat status {};
      if (!link.native().starts_with("/memfd:")) continue;
      if (::stat(entry.path().c_str(), &status) != 0 || !seen.insert(status.st_ino).second)
        continue;
      bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
    return bytes;
  }

  [[nodiscard]] std::size_t descriptors() const {
    std::error_code gone;
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator{of("fd"), gone}, {}));
  }

 private:
  static void serve(const std::filesystem::path& folder, int up, int down) {
    Config config;
    config.publicUrl = "http://localhost";
    config.validate = false;
    config.log = logToStderr(LogLevel::warning);
    Ivr ivr{config};
    ivr.serveAudio(folder);
    ServerOptions options;
    options.port = 0;
    const Server server{ivr.handler(), options, ivr.borrower()};
    const std::uint16_t port = server.port();
    char end = 0;
    if (::write(up, &port, sizeof port) == sizeof port) {
      while (::read(down, &end, 1) > 0) {
      }
    }
  }

  [[nodiscard]] std::string of(const char* what) const {
    return "/proc/" + std::to_string(process_) + '/' + what;
  }

  ::pid_t process_ = -1;
  int end_ = -1;
  std::uint16_t port_ = 0;
};

/// A line of the kernel about the memory of the machine.
std::uint64_t machineBytes(const std::string& line) {
  std::ifstream file{"/proc/meminfo"};
  std::string name;
  std::uint64_t kibibytes = 0;
  for (std::string unit; file >> name >> kibibytes; std::getline(file, unit)) {
    if (name == line + ':') return kibibytes << 10;
  }
  return 0;
}

int slowReader(std::uint16_t port, const std::string& request) {
  const int reader = load::connectTo("127.0.0.1", port);
  const int small = 4 << 10;
  ::setsockopt(reader, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  if (::send(reader, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
    throw std::runtime_error{"cannot send"};
  }
  return reader;
}

double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

void run(std::chrono::seconds duration, std::size_t files, std::size_t fileBytes) {
  rlimit descriptors{};
  ::getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &descriptors);

  Folder folder;
  for (std::size_t file = 0; file < files; ++file) {
    folder.write(std::to_string(file) + ".mp3", fileBytes);
  }
  folder.write("prompt.mp3", kPromptBytes);
  const ServingProcess server{folder.path()};
  const std::uint64_t sharedBefore = machineBytes("Shmem");
  const std::uint64_t availableBefore = machineBytes("MemAvailable");

  std::uint64_t resident = 0;
  std::uint64_t copied = 0;
  std::uint64_t shared = 0;
  std::uint64_t taken = 0;
  std::size_t open = 0;
  const auto look = [&] {
    resident = std::max(resident, server.residentBytes());
    copied = std::max(copied, server.copiedBytes());
    const std::uint64_t sharedNow = machineBytes("Shmem");
    shared = std::max(shared, sharedNow - std::min(sharedNow, sharedBefore));
    const std::uint64_t availableNow = machineBytes("MemAvailable");
    taken = std::max(taken, availableBefore - std::min(availableNow, availableBefore));
    open = std::max(open, server.descriptors());
  };

  load::Clients caller{"127.0.0.1", server.port(), 1};
  std::vector<double> times;
  const auto fetch = [&] {
    caller[0].send(load::get("/prompt.mp3"));
    bool isAnswered = false;
    while (!isAnswered) caller.receive(100ms, [&](std::size_t) { isAnswered = true; });
    times.push_back(caller[0].milliseconds());
  };

  std::vector<int> readers;
  for (std::size_t reader = 0; reader < kReaders; ++reader) {
    const std::string name = '/' + std::to_string(reader % files) + ".mp3";
    readers.push_back(slowReader(server.port(), load::get(name)));
    if (reader % 16 == 0) fetch();
    if (reader % 100 == 0) look();
  }
  std::size_t answered = 0;
  std::vector<bool> hasBytes(kReaders);
  char bytes[1024];
  for (const auto end = SteadyClock::now() + duration; SteadyClock::now() < end;) {
    for (std::size_t reader = 0; reader < kReaders; ++reader) {  // a kilobyte of each
      const ssize_t got = ::recv(readers[reader], bytes, sizeof bytes, MSG_DONTWAIT);
      if (got > 0 && !hasBytes[reader]) {
        hasBytes[reader] = true;
        ++answered;
      }
      if (reader % 100 == 0) fetch();
    }
    look();
  }
  for (const int reader : readers) ::close(reader);

  std::printf(
      "| %zu, %.0f MB | %zu | %.0f MiB | %.0f MiB | %.0f MiB | %.0f MiB | %zu | %.2f ms | %.2f ms "
      "|\n",
      kReaders, static_cast<double>(files * fileBytes) / 1e6, answered, mebibytes(resident),
      mebibytes(copied), mebibytes(shared), mebibytes(taken), open, load::percentile(times, 0.5),
      load::percentile(times, 0.99));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto argument = [&](int number, std::size_t otherwise) -> std::size_t {
      return argc > number ? std::strtoull(argv[number], nullptr, 10) : otherwise;
    };
    run(std::chrono::seconds{argument(1, 10)}, argument(2, 100), argument(3, 4'000'000));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "slow_readers: %s\n", error.what());
    return 1;
  }
  return 0;
}
