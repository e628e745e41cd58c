#pragma once
// The bytes of audio files for answers: copies in memory, and files on disk.

#include "audio/room.hpp"
#include "audio/version.hpp"
#include "core/descriptor.hpp"
#include "ivr/http/response.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ivr::audio {

/// A copy of `size` bytes that nothing can change any more; `room` is what it takes.
[[nodiscard]] std::shared_ptr<const http::StaticFile> sealedCopy(Descriptor copy,
                                                                 std::uint64_t size,
                                                                 Room::Share room);

/// The file itself, read piece by piece as it is sent. A piece that has changed is not read any
/// more, so no answer mixes two versions.
class FileOnDisk final : public http::StaticFile {
 public:
  /// Without room for a descriptor, `path` is opened for each piece. `version` has its prints.
  FileOnDisk(std::string path, Descriptor file, std::optional<Room::Share> room,
             const Version& version);

  [[nodiscard]] std::string readSome(std::uint64_t offset, std::uint64_t length) const override;

 private:
  const std::string path_;
  const std::optional<Room::Share> room_;
  const Descriptor file_;  ///< Open if there is room.
  const std::shared_ptr<const PiecePrints> prints_;
};

/// Opens a file for reading; does not wait for what is no file.
[[nodiscard]] Descriptor openFile(const std::string& path);

}  // namespace ivr::audio
