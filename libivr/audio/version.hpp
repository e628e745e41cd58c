#pragma once
// One version of an audio file: what tells it from others, and how it is read.

#include "core/descriptor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace ivr::audio {

/// Which file it is, by whatever name.
struct Identity {
  dev_t device = 0;
  ino_t inode = 0;

  friend bool operator==(const Identity&, const Identity&) = default;
};

struct IdentityHash {
  [[nodiscard]] std::size_t operator()(const Identity& file) const noexcept {
    return std::hash<ino_t>{}(file.inode) ^ (std::hash<dev_t>{}(file.device) << 1);
  }
};

/// What tells one version of a file from another without reading it. The change time cannot be set
/// back by programs, unlike the modification time.
struct Stamp {
  Identity file;
  off_t size = 0;
  std::chrono::nanoseconds modified{0};
  std::chrono::nanoseconds changed{0};

  explicit Stamp(const struct stat& status);
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

/// A short fingerprint of each piece of a file, to know later that a piece is still the same.
class PiecePrints {
 public:
  static constexpr std::size_t kPieceBytes = 64 << 10;

  /// The bytes that follow those before; only the last call may end within a piece.
  void add(std::span<const char> bytes);

  [[nodiscard]] bool matches(std::uint64_t piece, std::span<const char> bytes) const;

 private:
  std::vector<std::uint64_t> prints_;
};

/// One version of a file as last read. A value, but for its prints, which are shared.
struct Version {
  Stamp stamp;
  bool settled = false;  ///< No later change can have the same stamp.
  std::string fingerprint = {};
  std::uint64_t size = 0;
  std::shared_ptr<const PiecePrints> prints = {};  ///< Null until they were needed.
};

/// What to make of a file besides its fingerprint.
struct ReadInto {
  int copy = -1;                  ///< A file for its bytes.
  PiecePrints* prints = nullptr;  ///< Null: none.
};

/// Reads the open file once, to the size that it had when `status` was made. Throws
/// `Error{unavailable}` if it cannot be read or copied.
[[nodiscard]] Version readVersion(int descriptor, const struct stat& status, ReadInto into = {});

}  // namespace ivr::audio
