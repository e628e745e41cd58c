#pragma once
// The resources of this process.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace ivr::support {

/// Sanitizers keep freed memory and more, so measuring memory proves nothing then.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

/// The memory in use, in bytes, of a process by its number, or of this one.
inline std::ptrdiff_t residentBytes(const std::string& process = "self") {
  std::ifstream file{"/proc/" + process + "/statm"};
  std::ptrdiff_t size = 0;
  std::ptrdiff_t resident = 0;
  file >> size >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

inline std::ptrdiff_t openDescriptors(const std::string& process = "self") {
  const auto open =
      std::distance(std::filesystem::directory_iterator{"/proc/" + process + "/fd"}, {});
  return process == "self" ? open - 1 : open;  // without the one for the folder
}

/// Allows this many descriptors; false if the system refuses.
inline bool allowDescriptors(rlim_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= count) return true;
  limit.rlim_cur = count;
  limit.rlim_max = std::max(limit.rlim_max, count);  // for the superuser
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

}  // namespace ivr::support
