#include "ivr/audio/audio_folder.hpp"

#include "core/descriptor.hpp"
#include "core/text.hpp"
#include "ivr/audio/fingerprint.hpp"
#include "ivr/audio/media_type.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <shared_mutex>
#include <sys/mman.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ivr::audio {

namespace {

using std::chrono::nanoseconds;
using std::chrono::system_clock;

/// Fits the second-level cache, so that a piece is hashed before it leaves the cache.
constexpr std::size_t kPieceBytes = 256 << 10;

/// File systems stamp changes with a clock that ticks every few milliseconds: a file changed less
/// than this ago may be changed again under the same stamp.
constexpr nanoseconds kStampTick = std::chrono::milliseconds{20};

nanoseconds sinceEpoch(const timespec& time) {
  return std::chrono::seconds{time.tv_sec} + nanoseconds{time.tv_nsec};
}

/// What tells one version of a file from another without reading it. The change time cannot be set
/// back by programs, unlike the modification time.
struct Stamp {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  nanoseconds modified{0};
  nanoseconds changed{0};

  explicit Stamp(const struct stat& status)
      : device(status.st_dev),
        inode(status.st_ino),
        size(status.st_size),
        modified(sinceEpoch(status.st_mtim)),
        changed(sinceEpoch(status.st_ctim)) {}
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

/// One version of a file as last read.
struct Version {
  Version(const Stamp& seen, bool isSettled) : stamp(seen), settled(isSettled) {}

  Stamp stamp;
  bool settled;  ///< No later change can have the same stamp.
  std::string fingerprint;
  std::uint64_t size = 0;
  std::shared_ptr<const http::StaticFile>
      bytes;  ///< Null until requested, and after they were dropped.
  mutable std::atomic<std::uint64_t> lastUse{0};
};

/// Descriptors that copies may take from the connections.
constexpr int kMaxCopies = 128;

/// Files read at a time: each takes two descriptors, and the memory of a copy beyond the limit.
constexpr std::size_t kMaxReads = 8;

enum class Want { fingerprint, bytes };

void writeAll(int descriptor, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) throw Error{ErrorKind::unavailable, "no memory for a copy of an audio file"};
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

/// Reads the open file once: its fingerprint, and a copy of exactly the bytes that were
/// fingerprinted.
std::shared_ptr<Version> readVersion(int descriptor, const struct stat& status, Want want) {
  const nanoseconds readAt = system_clock::now().time_since_epoch();
  const Stamp stamp{status};
  auto version = std::make_shared<Version>(stamp, stamp.changed + kStampTick < readAt);
  Descriptor copy{want == Want::bytes ? ::memfd_create("ivr-audio", MFD_CLOEXEC | MFD_ALLOW_SEALING)
                                      : -1};
  if (want == Want::bytes && !copy.isOpen()) {
    throw Error{ErrorKind::unavailable, "no descriptor for a copy of an audio file"};
  }
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  const auto piece = std::make_unique_for_overwrite<char[]>(kPieceBytes);
  Fingerprinter fingerprinter;
  while (true) {
    const ssize_t got = ::read(descriptor, piece.get(), kPieceBytes);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw Error{ErrorKind::unavailable,
                  std::string{"an audio file could not be read: "} + std::strerror(errno)};
    }
    if (got == 0) break;
    const std::span<const char> bytes{piece.get(), static_cast<std::size_t>(got)};
    fingerprinter.add(bytes);
    if (copy.isOpen()) writeAll(copy.get(), bytes);
    version->size += bytes.size();
  }
  version->fingerprint = fingerprinter.finish();
  if (copy.isOpen()) {
    ::fcntl(copy.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    version->bytes = std::make_shared<http::StaticFile>(copy.release(), version->size);
  }
  return version;
}

/// A name that may exist: parts that are not empty and do not begin with a dot.
bool isPlainName(std::string_view name) {
  if (name.empty() || name.find('\0') != std::string_view::npos) return false;
  while (true) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    if (part.empty() || part.front() == '.') return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

/// Threads that read take turns: one at a time for each file, so that those after it can use what
/// it has read, and a few at a time for all.
class Turns {
 public:
  /// Waits for its turn, and has it while it lives.
  class Turn {
   public:
    Turn(Turns& turns, std::string_view name) : turns_(turns), name_(name) {
      std::unique_lock lock{turns_.mutex_};
      turns_.ended_.wait(lock, [this] {
        return turns_.names_.size() < kMaxReads && !turns_.names_.contains(name_);
      });
      turns_.names_.insert(name_);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      {
        const std::lock_guard lock{turns_.mutex_};
        turns_.names_.erase(name_);
      }
      turns_.ended_.notify_all();
    }

   private:
    Turns& turns_;
    const std::string name_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::unordered_set<std::string> names_;  ///< Of the files that are being read.
};

AudioFile fileOf(const Version& version, std::string_view name) {
  return {.fingerprint = version.fingerprint,
          .size = version.size,
          .bytes = version.bytes,
          .modified = system_clock::time_point{std::chrono::duration_cast<system_clock::duration>(
              version.stamp.modified)},
          .mediaType = mediaTypeFor(name)};
}

}  // namespace

class AudioFolder::Index {
 public:
  Index(std::filesystem::path root, std::uint64_t memoryLimit)
      : root_(std::move(root)), memoryLimit_(static_cast<std::int64_t>(memoryLimit)) {
    readAll();
  }

  [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }

  /// The current version of a file, null if there is no such file; nothing if the file must be read
  /// to know.
  std::optional<std::shared_ptr<const Version>> known(std::string_view name, Want want) {
    if (!isPlainName(name)) return nullptr;
    struct stat status {};
    if (::stat(pathOf(name).c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
      forget(name);
      return nullptr;
    }
    auto version = remembered(name);
    if (!version || !version->settled || version->stamp != Stamp{status}) return std::nullopt;
    if (want == Want::bytes && !version->bytes) return std::nullopt;
    version->lastUse.store(++uses_, std::memory_order_relaxed);
    return version;
  }

  /// The current version of a file, read again if need be; null if there is none.
  std::shared_ptr<const Version> version(std::string_view name, Want want) {
    if (auto version = known(name, want)) return *version;
    const Turns::Turn turn{turns_, name};
    if (auto version = known(name, want)) return *version;  // another thread has read it meanwhile
    auto fresh = read(pathOf(name), want);
    if (fresh) remember(name, fresh);
    return fresh;
  }

 private:
  [[nodiscard]] std::string pathOf(std::string_view name) const {
    return root_.native() + '/' + std::string{name};
  }

  /// Opens and reads a file; null if it is gone, or not a regular file inside the folder.
  [[nodiscard]] std::shared_ptr<Version> read(const std::string& path, Want want) const {
    // O_NONBLOCK: a pipe of that name must not stop the server.
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    struct stat status {};
    if (!file.isOpen() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
        !isInside(file.get())) {
      return nullptr;
    }
    return readVersion(file.get(), status, want);
  }

  /// Whether an open file lies in the folder, links resolved: checks the descriptor, so that nobody
  /// can swap a link between the check and the use.
  [[nodiscard]] bool isInside(int descriptor) const {
    std::error_code failed;
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    const std::filesystem::path file = std::filesystem::read_symlink(link, failed);
    if (failed) return false;
    const std::filesystem::path folder = std::filesystem::canonical(root_, failed);
    return !failed && file.native().starts_with(folder == "/" ? "/" : folder.native() + '/');
  }

  std::shared_ptr<const Version> remembered(std::string_view name) const {
    const std::shared_lock lock{mutex_};
    const auto found = versions_.find(name);
    return found == versions_.end() ? nullptr : found->second;
  }

  void remember(std::string_view name, const std::shared_ptr<const Version>& version) {
    version->lastUse.store(++uses_, std::memory_order_relaxed);
    const std::unique_lock lock{mutex_};
    auto& place = versions_[std::string{name}];
    count(version.get(), 1);
    count(place.get(), -1);
    place = version;
    while (memory_ > memoryLimit_ || copies_ > kMaxCopies) dropLeastUsed();
  }

  void forget(std::string_view name) {
    if (!remembered(name)) return;
    const std::unique_lock lock{mutex_};
    const auto found = versions_.find(name);
    if (found == versions_.end()) return;
    count(found->second.get(), -1);
    versions_.erase(found);
  }

  /// Counts the copy of a version as held (`sign` is 1), or as released (-1).
  void count(const Version* version, int sign) {
    if (version == nullptr || !version->bytes) return;
    memory_ += static_cast<std::int64_t>(version->bytes->size()) * sign;
    copies_ += sign;
  }

  /// Drops the least recently used bytes; answers that still send them keep them.
  void dropLeastUsed() {
    auto oldest = versions_.end();
    for (auto one = versions_.begin(); one != versions_.end(); ++one) {
      if (!one->second->bytes) continue;
      if (oldest == versions_.end() || one->second->lastUse < oldest->second->lastUse) oldest = one;
    }
    if (oldest == versions_.end()) return;
    count(oldest->second.get(), -1);
    auto bare = std::make_shared<Version>(oldest->second->stamp, oldest->second->settled);
    bare->fingerprint = oldest->second->fingerprint;
    bare->size = oldest->second->size;
    oldest->second = std::move(bare);
  }

  /// Reads a file that was found when the folder was listed.
  void readFirst(const std::string& name) {
    const std::string path = pathOf(name);
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (!file.isOpen() && errno == ENOENT) return;  // deleted meanwhile
    struct stat status {};
    if (!file.isOpen() || ::fstat(file.get(), &status) != 0) {
      throw Error{ErrorKind::config,
                  "the audio file " + path + " cannot be read: " + std::strerror(errno)};
    }
    if (isInside(file.get())) remember(name, readVersion(file.get(), status, Want::fingerprint));
  }

  /// Reads the whole folder, on every core. Problems are thrown as one error.
  void readAll() {
    namespace fs = std::filesystem;
    std::vector<std::string> names;
    std::vector<std::string> problems;
    try {
      for (auto entry = fs::recursive_directory_iterator{root_}; entry != fs::end(entry); ++entry) {
        std::error_code broken;  // a circular link is not a file, and no reason not to start
        const bool hidden = entry->path().filename().native().starts_with('.');
        if (hidden && entry->is_directory(broken)) entry.disable_recursion_pending();
        if (hidden || !entry->is_regular_file(broken)) continue;
        names.push_back(entry->path().lexically_relative(root_).native());
      }
    } catch (const fs::filesystem_error& failure) {
      throw Error{ErrorKind::config, "the audio folder " + root_.native() +
                                         " cannot be read: " + failure.code().message()};
    }

    std::atomic<std::size_t> next{0};
    std::mutex problemsMutex;
    const auto work = [&] {
      for (std::size_t i = next++; i < names.size(); i = next++) {
        try {
          readFirst(names[i]);
        } catch (const std::exception& failure) {  // no exception may leave a thread
          const std::lock_guard lock{problemsMutex};
          problems.emplace_back(failure.what());
        }
      }
    };
    {
      std::vector<std::jthread> helpers;
      const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
      for (std::size_t i = 1; i < std::min(cores, names.size()); ++i) helpers.emplace_back(work);
      work();
    }
    if (problems.empty()) return;
    std::ranges::sort(problems);
    std::string all;
    for (const std::string& problem : problems) all += (all.empty() ? "" : "\n") + problem;
    throw Error{ErrorKind::config, all};
  }

  std::filesystem::path root_;
  std::int64_t memoryLimit_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Version>, TextHash, std::equal_to<>>
      versions_;
  std::int64_t memory_ = 0;  ///< Bytes of the copies that are held.
  int copies_ = 0;           ///< Each is a descriptor.
  std::atomic<std::uint64_t> uses_{0};
  Turns turns_;
};

AudioFolder::AudioFolder(std::filesystem::path root, std::uint64_t memoryLimit) {
  root = root.lexically_normal();
  if (!root.has_filename() && root != root.root_path()) root = root.parent_path();
  std::error_code unreachable;
  if (!std::filesystem::is_directory(root, unreachable)) {
    throw Error{ErrorKind::config,
                "the audio folder " + root.native() + " is not a folder" +
                    (unreachable ? ": " + unreachable.message() : std::string{})};
  }
  index_ = std::make_unique<Index>(std::move(root), memoryLimit);
}

AudioFolder::~AudioFolder() = default;

const std::filesystem::path& AudioFolder::root() const noexcept { return index_->root(); }

std::optional<AudioFile> AudioFolder::find(std::string_view name) const {
  const auto version = index_->version(name, Want::bytes);
  if (!version) return std::nullopt;
  return fileOf(*version, name);
}

std::variant<std::optional<AudioFile>, MayBlock> AudioFolder::findKnown(
    std::string_view name) const {
  const auto version = index_->known(name, Want::fingerprint);
  if (!version) return MayBlock{};
  if (!*version) return std::nullopt;
  return fileOf(**version, name);
}

std::optional<std::string> AudioFolder::fingerprint(std::string_view name) const {
  const auto version = index_->version(name, Want::fingerprint);
  if (!version) return std::nullopt;
  return version->fingerprint;
}

}  // namespace ivr::audio
