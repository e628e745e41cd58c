#pragma once
// What a folder may keep for the files that are sent.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace ivr::audio {

/// Counts the bytes of copies, and descriptors, held by the folder and by answers that outlive it.
/// A resource, shared by its shares. Threads: any.
class Room : public std::enable_shared_from_this<Room> {
 public:
  /// A part of the room: one descriptor, and bytes. Gives it back on destruction.
  class Share {
   public:
    Share(Share&& other) noexcept = default;  // the moved-from one holds no room
    Share& operator=(Share&&) = delete;
    ~Share();

   private:
    friend class Room;
    Share(std::shared_ptr<Room> room, std::uint64_t bytes) noexcept
        : room_(std::move(room)), bytes_(bytes) {}

    std::shared_ptr<Room> room_;
    std::uint64_t bytes_;
  };

  Room(std::uint64_t maxBytes, std::size_t maxDescriptors) noexcept
      : maxBytes_(maxBytes), maxDescriptors_(maxDescriptors) {}

  /// Nothing if that is too much.
  [[nodiscard]] std::optional<Share> tryTake(std::uint64_t bytes);

  /// Whether `tryTake` would succeed after so much was given back.
  [[nodiscard]] bool fits(std::uint64_t bytes, std::uint64_t freedBytes,
                          std::size_t freedDescriptors) const;

 private:
  [[nodiscard]] bool fitsLocked(std::uint64_t bytes, std::uint64_t freedBytes,
                                std::size_t freedDescriptors) const noexcept;

  const std::uint64_t maxBytes_;
  const std::size_t maxDescriptors_;
  mutable std::mutex mutex_;
  std::uint64_t bytes_ = 0;
  std::size_t descriptors_ = 0;
};

}  // namespace ivr::audio
