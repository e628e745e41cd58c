#pragma once
// Tells threads that wait from threads that spin, however busy the machine is.

#include "core/descriptor.hpp"
#include "support/eventually.hpp"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

namespace ivr::support {

/// The threads that this process has now, except the one that asks. Needs no more descriptors
/// later.
class OtherThreads {
 public:
  OtherThreads() {
    for (const auto& thread : std::filesystem::directory_iterator{"/proc/self/task"}) {
      if (thread.path().filename() == std::to_string(::gettid())) continue;
      stats_.emplace_back(::open((thread.path() / "stat").c_str(), O_RDONLY | O_CLOEXEC));
    }
  }

  /// Whether there comes a time at which they sleep whenever one looks. A thread that spins wants
  /// to run whenever one looks.
  [[nodiscard]] bool comeToRest() const {
    return eventually([this] {
      for (int look = 0; look < 50; ++look) {
        if (!sleep()) return false;
        std::this_thread::yield();
      }
      return true;
    });
  }

 private:
  [[nodiscard]] bool sleep() const {
    for (const Descriptor& stat : stats_) {
      std::array<char, 512> text{};
      const ssize_t size = ::pread(stat.get(), text.data(), text.size(), 0);
      if (size <= 0) continue;  // it has ended
      const std::string_view fields{text.data(), static_cast<std::size_t>(size)};
      if (fields.at(fields.rfind(") ") + 2) != 'S') return false;  // in parentheses is its name
    }
    return true;
  }

  std::vector<Descriptor> stats_;
};

}  // namespace ivr::support
