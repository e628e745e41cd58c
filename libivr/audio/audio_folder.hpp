#pragma once
// A folder of audio files: their fingerprints, and their bytes as they were when the fingerprint
// was made.

#include "ivr/http/response.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ivr::audio {

/// One version of a file: no other bytes are read from it than those with this fingerprint,
/// whatever happens to the file on disk. A value.
struct AudioFile {
  std::string fingerprint = {};
  std::uint64_t size = 0;
  std::shared_ptr<const http::StaticFile> bytes = {};  ///< Null: `findKnown` had none at hand.
  std::chrono::system_clock::time_point modified = {};
  std::string_view mediaType = {};
};

/// In place of an outcome: it takes work that may block, such as reading a file.
struct MayBlock {};

/// Knows every file under a folder by its current fingerprint.
///
/// The constructor reads all of them; after that, each query checks the file on disk (one `stat`),
/// and a file that was replaced or changed is read again. What is served is a copy in memory, made
/// in the same pass as the fingerprint, or, where there is no room for one, the file itself, each
/// piece of which is checked as it is read: bytes and fingerprint always belong together. Threads
/// that want a file that is being read wait for that read.
///
/// There is one copy of a file at a time. Copies take at most `memoryLimit` bytes, those included
/// that somebody reads after they were replaced, or after the folder has ended. A file larger than
/// a sixteenth of that is never copied. Copies and open files take at most 128 descriptors.
///
/// Only regular files inside the folder exist: dot files, `..`, folders, devices and symbolic links
/// that lead out of it do not. A resource. Threads: all members may be called from any thread at
/// once.
class AudioFolder {
 public:
  static constexpr std::uint64_t kDefaultMemoryLimit = 256ULL << 20;

  /// Throws `Error{config}`, naming the path, unless `root` is a folder in which every file can be
  /// read.
  explicit AudioFolder(std::filesystem::path root, std::uint64_t memoryLimit = kDefaultMemoryLimit);
  AudioFolder(const AudioFolder&) = delete;
  AudioFolder& operator=(const AudioFolder&) = delete;
  ~AudioFolder();

  /// The current version of a file; nothing if there is none. `name` is the path below the root,
  /// decoded, parts separated by `/`, no leading slash. Blocks while the file is read, if it must
  /// be; throws `Error{unavailable}` if it cannot be.
  [[nodiscard]] std::optional<AudioFile> find(std::string_view name) const;

  /// The same without reading the file: `MayBlock` if its current version is not known.
  [[nodiscard]] std::variant<std::optional<AudioFile>, MayBlock> findKnown(
      std::string_view name) const;

  /// The current fingerprint of a file; nothing if there is none. Blocks as `find` does.
  [[nodiscard]] std::optional<std::string> fingerprint(std::string_view name) const;

  [[nodiscard]] const std::filesystem::path& root() const noexcept;

 private:
  class Index;
  std::unique_ptr<Index> index_;
};

}  // namespace ivr::audio
