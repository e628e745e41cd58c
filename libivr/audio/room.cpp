#include "audio/room.hpp"

namespace ivr::audio {

Room::Share::~Share() {
  if (!room_) return;
  const std::lock_guard lock{room_->mutex_};
  room_->bytes_ -= bytes_;
  --room_->descriptors_;
}

std::optional<Room::Share> Room::tryTake(std::uint64_t bytes) {
  const std::lock_guard lock{mutex_};
  if (!fitsLocked(bytes, 0, 0)) return std::nullopt;
  bytes_ += bytes;
  ++descriptors_;
  return Share{shared_from_this(), bytes};
}

bool Room::fits(std::uint64_t bytes, std::uint64_t freedBytes, std::size_t freedDescriptors) const {
  const std::lock_guard lock{mutex_};
  return fitsLocked(bytes, freedBytes, freedDescriptors);
}

bool Room::fitsLocked(std::uint64_t bytes, std::uint64_t freedBytes,
                      std::size_t freedDescriptors) const noexcept {
  return bytes <= maxBytes_ && bytes_ - freedBytes <= maxBytes_ - bytes &&
         descriptors_ - freedDescriptors < maxDescriptors_;
}

}  // namespace ivr::audio
