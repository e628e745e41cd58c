#include "audio/sent_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace ivr::audio {

namespace {

constexpr int kNone = -1;

struct Copy {
  Room::Share room;  ///< Given back once the file is closed.
  http::StaticFile file;

  Copy(Descriptor descriptor, std::uint64_t size, Room::Share share)
      : room(std::move(share)), file(descriptor.release(), size) {}
};

}  // namespace

std::shared_ptr<const http::StaticFile> sealedCopy(Descriptor copy, std::uint64_t size,
                                                   Room::Share room) {
  ::fcntl(copy.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
  const auto held = std::make_shared<Copy>(std::move(copy), size, std::move(room));
  return {held, &held->file};
}

FileOnDisk::FileOnDisk(std::string path, Descriptor file, std::optional<Room::Share> room,
                       const Version& version)
    : StaticFile(kNone, version.size),
      path_(std::move(path)),
      room_(std::move(room)),
      file_(room_ ? std::move(file) : Descriptor{kNone}),
      prints_(version.prints) {}

std::string FileOnDisk::readSome(std::uint64_t offset, std::uint64_t length) const {
  if (offset >= size() || length == 0) return {};
  const Descriptor opened = file_.isOpen() ? Descriptor{kNone} : openFile(path_);
  const int file = file_.isOpen() ? file_.get() : opened.get();
  const std::uint64_t piece = offset / PiecePrints::kPieceBytes;
  const std::uint64_t start = piece * PiecePrints::kPieceBytes;
  std::string bytes(std::min<std::uint64_t>(PiecePrints::kPieceBytes, size() - start), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::pread(file, bytes.data() + filled, bytes.size() - filled,
                                static_cast<off_t>(start + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return {};
    filled += static_cast<std::size_t>(got);
  }
  if (!prints_->matches(piece, bytes)) return {};
  bytes.erase(0, offset - start);
  if (bytes.size() > length) bytes.resize(length);
  return bytes;
}

Descriptor openFile(const std::string& path) {
  // O_NONBLOCK: a pipe of that name must not stop the server.
  return Descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
}

}  // namespace ivr::audio
