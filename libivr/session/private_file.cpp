#include "session/private_file.hpp"

#include "core/descriptor.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace ivr::session {
namespace {

using std::filesystem::path;
using Status = struct ::stat;

constexpr ::mode_t kOthersMay = S_IRWXG | S_IRWXO;
constexpr ::mode_t kOthersMayWrite = S_IWGRP | S_IWOTH;
constexpr int kMaxLinks = 40;  // as the system's own

[[noreturn]] void refuse(const path& file, const std::string& why) {
  throw Error{ErrorKind::config, "the session store " + file.native() + ' ' + why};
}

/// As an argument for a shell.
std::string quoted(const path& file) {
  constexpr std::string_view kPlain = "+,-./:=@_";
  const auto isPlain = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kPlain.find(c) != std::string_view::npos;
  };
  const std::string& name = file.native();
  if (std::ranges::all_of(name, isPlain)) return name;
  std::string text{'\''};
  for (const char c : name) text += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return text + '\'';
}

/// Nothing if there is no such file. Of a link, that of the link itself.
std::optional<Status> statusOf(const path& file) {
  Status status{};
  if (::lstat(file.c_str(), &status) == 0) return status;
  if (errno == ENOENT) return std::nullopt;
  refuse(file, std::string{"cannot be used: "} + std::generic_category().message(errno));
}

/// Whether somebody else can put files into a folder. The superuser is nobody else.
bool othersMayWrite(const path& folder) {
  Status status{};
  if (::stat(folder.c_str(), &status) != 0) return true;
  return (status.st_mode & kOthersMayWrite) != 0 ||
         (status.st_uid != 0 && status.st_uid != ::geteuid());
}

/// The end of a chain of links, none of which others can have put there.
path followed(path file) {
  for (int links = 0; links < kMaxLinks; ++links) {
    const auto status = statusOf(file);
    if (!status || !S_ISLNK(status->st_mode)) return file;
    const path folder = file.parent_path();
    if (othersMayWrite(folder)) {
      refuse(file,
             "is a link in a folder that others may write, so it may be theirs; to remove the "
             "link: rm " +
                 quoted(file));
    }
    std::error_code failed;
    file = folder / std::filesystem::read_symlink(file, failed);
  }
  refuse(file, "is behind too many links");
}

/// Adds a file to `exposed` if others may read it.
void check(const path& file, const Status& status, std::vector<path>& exposed) {
  if (!S_ISREG(status.st_mode)) refuse(file, "is not a file");
  if (status.st_uid != ::geteuid()) {
    refuse(file, "belongs to another user; to make it that of this process: chown " +
                     std::to_string(::geteuid()) + ' ' + quoted(file));
  }
  if ((status.st_mode & kOthersMay) != 0) exposed.push_back(file);
}

void checkAll(const path& file, const Status& status) {
  std::vector<path> exposed;
  check(file, status, exposed);
  for (const char* suffix : {"-wal", "-shm", "-journal", kLeasesSuffix}) {
    const path beside = followed(file.native() + suffix);
    if (const auto found = statusOf(beside)) check(beside, *found, exposed);
  }
  if (exposed.empty()) return;
  std::string command = "chmod 600";
  for (const path& each : exposed) command += ' ' + quoted(each);
  refuse(exposed.front(), "may be read by others; to keep it from them: " + command);
}

void createIfMissing(const path& file) {
  const Descriptor made{
      ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (made.isOpen() || errno == EEXIST) return;
  refuse(file, std::string{"cannot be made: "} + std::generic_category().message(errno));
}

}  // namespace

std::string privateFile(const std::string& name) {
  std::error_code failed;
  const path absolute = std::filesystem::absolute(name, failed);
  if (failed) refuse(name, "cannot be used: " + failed.message());
  path file = followed(absolute);
  const path folder = std::filesystem::canonical(file.parent_path(), failed);
  if (failed) refuse(file, "cannot be made: " + failed.message());
  file = folder / file.filename();
  createIfMissing(file);
  const auto status = statusOf(file);
  if (!status) refuse(file, "was removed as it was opened");
  checkAll(file, *status);
  return file.native();
}

FileId fileId(const std::string& name) noexcept {
  Status status{};
  if (::stat(name.c_str(), &status) != 0) return std::nullopt;
  return std::pair<std::uint64_t, std::uint64_t>{status.st_dev, status.st_ino};
}

}  // namespace ivr::session
