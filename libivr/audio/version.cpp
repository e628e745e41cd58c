#include "audio/version.hpp"

#include "audio/fingerprint.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <xxhash.h>

namespace ivr::audio {

namespace {

using std::chrono::nanoseconds;

/// Fits the second-level cache, so that the bytes are hashed before they leave the cache.
constexpr std::size_t kReadBytes = 256 << 10;
static_assert(kReadBytes % PiecePrints::kPieceBytes == 0);

/// File systems stamp changes with a clock that ticks every few milliseconds: a file changed less
/// than this ago may be changed again under the same stamp.
constexpr nanoseconds kStampTick = std::chrono::milliseconds{20};

nanoseconds sinceEpoch(const timespec& time) {
  return std::chrono::seconds{time.tv_sec} + nanoseconds{time.tv_nsec};
}

/// A stamp of the future, from before a clock was set back, settles nothing less: the next change
/// gets a stamp of its own time.
bool isSettled(const Stamp& stamp, nanoseconds readAt) {
  return stamp.changed + kStampTick < readAt || stamp.changed > readAt + kStampTick;
}

/// Fills `buffer` as far as the file goes; how far that is.
std::size_t readFully(int descriptor, std::span<char> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t got = ::read(descriptor, buffer.data() + filled, buffer.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw Error{ErrorKind::unavailable, std::string{"an audio file could not be read: "} +
                                              std::generic_category().message(errno)};
    }
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

void writeAll(int descriptor, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw Error{ErrorKind::unavailable, "no memory for a copy of an audio file"};
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

}  // namespace

Stamp::Stamp(const struct stat& status)
    : file{status.st_dev, status.st_ino},
      size(status.st_size),
      modified(sinceEpoch(status.st_mtim)),
      changed(sinceEpoch(status.st_ctim)) {}

void PiecePrints::add(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), kPieceBytes));
    prints_.push_back(XXH3_64bits(piece.data(), piece.size()));
    bytes = bytes.subspan(piece.size());
  }
}

bool PiecePrints::matches(std::uint64_t piece, std::span<const char> bytes) const {
  return piece < prints_.size() && prints_[piece] == XXH3_64bits(bytes.data(), bytes.size());
}

Version readVersion(int descriptor, const struct stat& status, ReadInto into) {
  Version version{.stamp = Stamp{status}};
  version.settled = isSettled(version.stamp, std::chrono::system_clock::now().time_since_epoch());
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  const auto buffer = std::make_unique_for_overwrite<char[]>(kReadBytes);
  Fingerprinter fingerprinter;
  // A file that grows without end is read to the size that it had: its stamp is an old one then.
  const auto most = static_cast<std::uint64_t>(version.stamp.size);
  while (version.size < most) {
    const std::size_t wanted = std::min<std::uint64_t>(kReadBytes, most - version.size);
    const std::span<const char> bytes{buffer.get(), readFully(descriptor, {buffer.get(), wanted})};
    fingerprinter.add(bytes);
    if (into.copy >= 0) writeAll(into.copy, bytes);
    if (into.prints != nullptr) into.prints->add(bytes);
    version.size += bytes.size();
    if (bytes.size() < wanted) break;  // it was cut short meanwhile
  }
  version.fingerprint = fingerprinter.finish();
  return version;
}

}  // namespace ivr::audio
