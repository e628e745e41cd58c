#pragma once
// A folder on disk that is removed after the test.

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace ivr::support {

/// File names are relative to the folder; folders in them are created. Throws on failure.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ivr-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"mkdtemp " + pattern};
    path_ = pattern;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  /// Creates the file, or empties an existing one and rewrites it in place.
  void write(std::string_view name, std::string_view bytes) const {
    std::filesystem::create_directories(at(name).parent_path());
    std::ofstream file{at(name), std::ios::binary | std::ios::trunc};
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error{"write " + at(name).string()};
  }

  /// Overwrites the start of an existing file: the same file, and the same size unless `bytes` are
  /// more.
  void overwrite(std::string_view name, std::string_view bytes) const {
    std::fstream file{at(name), std::ios::binary | std::ios::in | std::ios::out};
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error{"overwrite " + at(name).string()};
  }

  /// Puts another file in its place, as a careful deployment does.
  void replace(std::string_view name, std::string_view bytes) const {
    const std::string fresh = ".fresh-" + std::filesystem::path{name}.filename().string();
    write(fresh, bytes);
    std::filesystem::rename(at(fresh), at(name));
  }

  void symlink(const std::filesystem::path& target, std::string_view name) const {
    std::filesystem::create_directories(at(name).parent_path());
    std::filesystem::create_symlink(target, at(name));
  }

  void fifo(std::string_view name) const {
    if (::mkfifo(at(name).c_str(), 0600) != 0) throw std::runtime_error{"mkfifo"};
  }

  void remove(std::string_view name) const { std::filesystem::remove_all(at(name)); }

  void setModified(std::string_view name, std::chrono::system_clock::time_point moment) const {
    std::filesystem::last_write_time(at(name), std::chrono::file_clock::from_sys(moment));
  }

 private:
  [[nodiscard]] std::filesystem::path at(std::string_view name) const { return path_ / name; }

  std::filesystem::path path_;
};

/// Text for version `number` of a file: different for each, all of one size.
inline std::string version(int number) {
  std::string text = std::to_string(number);
  text.insert(0, 8 - text.size(), '0');
  std::string bytes;
  for (int line = 0; line < 500; ++line) bytes += text;
  return bytes;
}

/// Gives a file `times` new versions, in turn as another file, as the same file, and as the same
/// file emptied first. The last one is `version(times)`.
inline void changeOften(const TempFolder& folder, std::string_view name, int times) {
  for (int number = 1; number <= times; ++number) {
    switch (number % 3) {
      case 0: folder.replace(name, version(number)); break;
      case 1: folder.overwrite(name, version(number)); break;
      default: folder.write(name, version(number)); break;
    }
  }
}

}  // namespace ivr::support
