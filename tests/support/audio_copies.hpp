#pragma once
// The copies of audio files that this process holds in memory, whoever reads them.

#include <cstdint>
#include <filesystem>
#include <set>
#include <sys/stat.h>

namespace ivr::support {

struct AudioCopies {
  std::size_t count = 0;
  std::uint64_t bytes = 0;
};

inline AudioCopies audioCopies() {
  std::set<ino_t> seen;
  AudioCopies copies;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    std::error_code gone;
    struct stat status {};
    const auto target = std::filesystem::read_symlink(entry.path(), gone);
    if (!target.native().starts_with("/memfd:ivr-audio")) continue;
    if (::stat(entry.path().c_str(), &status) != 0 || !seen.insert(status.st_ino).second) continue;
    ++copies.count;
    copies.bytes += static_cast<std::uint64_t>(status.st_size);
  }
  return copies;
}

}  // namespace ivr::support
