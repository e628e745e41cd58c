#include "audio/audio_folder.hpp"

#include "audio/media_type.hpp"
#include "audio/room.hpp"
#include "audio/sent_files.hpp"
#include "audio/version.hpp"
#include "core/descriptor.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ivr::audio {

namespace {

using std::chrono::system_clock;

/// Descriptors that copies and files on disk may take from the connections.
constexpr std::size_t kMaxDescriptors = 128;

/// Files read at a time: each takes two descriptors.
constexpr std::size_t kMaxReads = 8;

/// A file larger than this share of the memory is never copied: one request for it would be much
/// work, and would cost many smaller files their copies.
constexpr std::uint64_t kShareOfMemory = 16;

enum class Want { fingerprint, bytes };

/// What is known of a file, and what sends it. No version: there is no such file.
struct Found {
  std::shared_ptr<const Version> version = {};
  std::shared_ptr<const http::StaticFile> bytes = {};
};

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
    Turn(Turns& turns, const Identity& file) : turns_(turns), file_(file) {
      std::unique_lock lock{turns_.mutex_};
      turns_.ended_.wait(lock, [this] {
        return turns_.files_.size() < kMaxReads && !turns_.files_.contains(file_);
      });
      turns_.files_.insert(file_);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      {
        const std::lock_guard lock{turns_.mutex_};
        turns_.files_.erase(file_);
      }
      turns_.ended_.notify_all();
    }

   private:
    Turns& turns_;
    const Identity file_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::unordered_set<Identity, IdentityHash> files_;  ///< Those that are being read.
};

AudioFile fileOf(const Found& found, std::string_view name) {
  const Version& version = *found.version;
  return {.fingerprint = version.fingerprint,
          .size = version.size,
          .bytes = found.bytes,
          .modified = system_clock::time_point{std::chrono::duration_cast<system_clock::duration>(
              version.stamp.modified)},
          .mediaType = mediaTypeFor(name)};
}

}  // namespace

class AudioFolder::Index {
 public:
  Index(std::filesystem::path root, std::uint64_t memoryLimit)
      : root_(std::move(root)),
        maxCopyBytes_(memoryLimit / kShareOfMemory),
        room_(std::make_shared<Room>(memoryLimit, kMaxDescriptors)) {
    readAll();
    maxEntries_ = maxEntriesAfter(entries_.size());
  }

  [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }

  /// The current version of a file; nothing if the file must be read or opened to know.
  std::optional<Found> known(std::string_view name, Want want) const {
    const auto status = statusOf(name);
    if (!status) return Found{};
    const Stamp stamp{*status};
    const std::shared_lock lock{mutex_};
    const auto at = entries_.find(stamp.file);
    if (at == entries_.end()) return std::nullopt;
    const Entry& entry = at->second;
    if (!entry.version->settled || entry.version->stamp != stamp) return std::nullopt;
    Found found{.version = entry.version, .bytes = entry.copy ? entry.copy : entry.onDisk.lock()};
    if (want == Want::bytes && !found.bytes) return std::nullopt;
    entry.lastUse.store(++uses_, std::memory_order_relaxed);
    return found;
  }

  /// The current version of a file, read again if need be.
  Found find(std::string_view name, Want want) {
    if (auto found = known(name, want)) return *std::move(found);
    const auto status = statusOf(name);
    if (!status) return {};
    const Turns::Turn turn{turns_, Stamp{*status}.file};
    if (auto found = known(name, want)) return *std::move(found);  // another thread has read it
    Found fresh = read(name, want);
    if (fresh.version) remember(std::string{name}, fresh);
    return fresh;
  }

 private:
  /// What is kept of a file.
  struct Entry {
    std::string name = {};  ///< One of those that lead to it.
    std::shared_ptr<const Version> version = {};
    std::shared_ptr<const http::StaticFile> copy = {};
    std::weak_ptr<const http::StaticFile> onDisk =
        {};  ///< While somebody reads it, without a copy.
    mutable std::atomic<std::uint64_t> lastUse{0};
  };

  [[nodiscard]] std::string pathOf(std::string_view name) const {
    return root_.native() + '/' + std::string{name};
  }

  /// Nothing if there is no such file.
  [[nodiscard]] std::optional<struct stat> statusOf(std::string_view name) const {
    struct stat status {};
    if (!isPlainName(name) || ::stat(pathOf(name).c_str(), &status) != 0 ||
        !S_ISREG(status.st_mode)) {
      return std::nullopt;
    }
    return status;
  }

  /// Opens and reads a file; nothing if it is gone, or not a regular file inside the folder.
  [[nodiscard]] Found read(std::string_view name, Want want) {
    std::string path = pathOf(name);
    Descriptor file = openFile(path);
    if (!file.isOpen() && (errno == EMFILE || errno == ENFILE)) {
      throw Error{ErrorKind::unavailable, "no descriptor to read an audio file"};
    }
    struct stat status {};
    if (!file.isOpen() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
        !isInside(file.get())) {
      return {};
    }
    if (want == Want::fingerprint) return withCopyOfTheSame(readVersion(file.get(), status));
    if (auto copied = tryCopy(file.get(), status)) return *std::move(copied);
    return onDisk(std::move(path), std::move(file), status);
  }

  /// A copy of the file, made in the pass that fingerprints it; nothing if there is no room.
  [[nodiscard]] std::optional<Found> tryCopy(int file, const struct stat& status) {
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > maxCopyBytes_) return std::nullopt;
    auto room = roomFor(size);
    if (!room) return std::nullopt;
    Descriptor copy{::memfd_create("ivr-audio", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!copy.isOpen()) return std::nullopt;
    Found found = withCopyOfTheSame(readVersion(file, status, {.copy = copy.get()}));
    if (!found.bytes)
      found.bytes = sealedCopy(std::move(copy), found.version->size, *std::move(room));
    return found;
  }

  /// The file as it lies on the disk, with what is needed to notice a change.
  [[nodiscard]] Found onDisk(std::string path, Descriptor file, const struct stat& status) {
    auto version = remembered(Stamp{status});
    if (!version || !version->prints) {
      const auto prints = std::make_shared<PiecePrints>();
      Version fresh = readVersion(file.get(), status, {.prints = prints.get()});
      fresh.prints = prints;
      version = std::make_shared<const Version>(std::move(fresh));
    }
    auto bytes =
        std::make_shared<const FileOnDisk>(std::move(path), std::move(file), roomFor(0), *version);
    return {.version = std::move(version), .bytes = std::move(bytes)};
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

  /// The version of that stamp, if it is known for sure.
  [[nodiscard]] std::shared_ptr<const Version> remembered(const Stamp& stamp) const {
    const std::shared_lock lock{mutex_};
    const auto at = entries_.find(stamp.file);
    if (at == entries_.end()) return nullptr;
    const auto& version = at->second.version;
    return version->settled && version->stamp == stamp ? version : nullptr;
  }

  /// A file that was touched, and has the bytes that it had, keeps its copy.
  [[nodiscard]] Found withCopyOfTheSame(Version fresh) const {
    const std::shared_lock lock{mutex_};
    const auto at = entries_.find(fresh.stamp.file);
    const bool isSame =
        at != entries_.end() && at->second.version->fingerprint == fresh.fingerprint;
    auto copy = isSame ? at->second.copy : nullptr;
    return {.version = std::make_shared<const Version>(std::move(fresh)), .bytes = std::move(copy)};
  }

  void remember(std::string name, const Found& found) {
    {
      const std::unique_lock lock{mutex_};
      Entry& entry = entries_[found.version->stamp.file];
      entry.name = std::move(name);
      entry.version = found.version;
      entry.lastUse.store(++uses_, std::memory_order_relaxed);
      const bool isCopy = found.bytes && found.bytes->descriptor() >= 0;
      if (entry.copy) std::erase(copied_, &entry);
      entry.copy = isCopy ? found.bytes : nullptr;  // who sends the old one keeps it
      entry.onDisk = found.bytes;
      if (entry.copy) copied_.push_back(&entry);
      if (entries_.size() <= maxEntries_) return;
    }
    forgetTheReplaced();
  }

  /// Drops what is known of files that are gone or were replaced. It is called when so many files
  /// were added as there were before, so that each costs a look or two.
  void forgetTheReplaced() {
    std::vector<std::pair<Identity, std::string>> all;
    {
      const std::shared_lock lock{mutex_};
      for (const auto& [file, entry] : entries_) all.emplace_back(file, entry.name);
    }
    std::erase_if(all, [this](const auto& one) {
      const auto status = statusOf(one.second);
      return status && Stamp{*status}.file == one.first;
    });
    const std::unique_lock lock{mutex_};
    for (const auto& [file, name] : all) {
      const auto at = entries_.find(file);
      if (at == entries_.end() || at->second.name != name) continue;
      if (at->second.copy) std::erase(copied_, &at->second);
      entries_.erase(at);
    }
    maxEntries_ = maxEntriesAfter(entries_.size());
  }

  static std::size_t maxEntriesAfter(std::size_t count) { return 2 * count + 64; }

  /// Room for a copy of so many bytes, or, for none, to keep a file open. Copies that nobody reads
  /// make way for it, if that is enough.
  [[nodiscard]] std::optional<Room::Share> roomFor(std::uint64_t bytes) {
    if (auto room = room_->tryTake(bytes)) return room;
    dropLeastUsed(bytes);
    return room_->tryTake(bytes);
  }

  void dropLeastUsed(std::uint64_t bytes) {
    std::vector<std::shared_ptr<const http::StaticFile>> dropped;  // freed without the lock
    const std::unique_lock lock{mutex_};
    std::vector<std::pair<std::uint64_t, Entry*>> idle;
    for (Entry* const entry : copied_) {
      if (entry->copy.use_count() == 1) idle.emplace_back(entry->lastUse, entry);
    }
    std::ranges::sort(idle);
    std::uint64_t freed = 0;
    std::size_t count = 0;
    while (count < idle.size() && !room_->fits(bytes, freed, count)) {
      freed += idle[count++].second->copy->size();
    }
    if (!room_->fits(bytes, freed, count)) return;
    for (const auto& [lastUse, entry] : std::span{idle}.first(count)) {
      std::erase(copied_, entry);
      dropped.push_back(std::exchange(entry->copy, nullptr));
    }
  }

  /// Reads a file that was found when the folder was listed.
  void readFirst(const std::string& name) {
    const std::string path = pathOf(name);
    const Descriptor file = openFile(path);
    if (!file.isOpen() && errno == ENOENT) return;  // deleted meanwhile
    struct stat status {};
    if (!file.isOpen() || ::fstat(file.get(), &status) != 0) {
      throw Error{ErrorKind::config, "the audio file " + path + " cannot be read: " +
                                         std::generic_category().message(errno)};
    }
    if (!isInside(file.get())) return;
    remember(name, {.version = std::make_shared<const Version>(readVersion(file.get(), status))});
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

  const std::filesystem::path root_;
  const std::uint64_t maxCopyBytes_;
  const std::shared_ptr<Room> room_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<Identity, Entry, IdentityHash> entries_;
  std::size_t maxEntries_ = SIZE_MAX;  ///< How many there may be before some are looked through.
  std::vector<Entry*> copied_;         ///< Those with a copy.
  mutable std::atomic<std::uint64_t> uses_{0};
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
  const Found found = index_->find(name, Want::bytes);
  if (!found.version) return std::nullopt;
  return fileOf(found, name);
}

std::variant<std::optional<AudioFile>, MayBlock> AudioFolder::findKnown(
    std::string_view name) const {
  const auto found = index_->known(name, Want::fingerprint);
  if (!found) return MayBlock{};
  if (!found->version) return std::nullopt;
  return fileOf(*found, name);
}

std::optional<std::string> AudioFolder::fingerprint(std::string_view name) const {
  const Found found = index_->find(name, Want::fingerprint);
  if (!found.version) return std::nullopt;
  return found.version->fingerprint;
}

}  // namespace ivr::audio
