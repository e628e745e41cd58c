#include "session/shared_leases.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ivr::session {

namespace {

constexpr std::uint64_t kMagic = 0x3173'6d69'616c'6376;  // "vleases1"
constexpr std::size_t kMembers = 16;
constexpr std::size_t kLeases = 16'384;  ///< Of one store: sessions that are held at one moment.
constexpr std::size_t kWindow = 16;      ///< A lease is within so many places of its hash.

// Bytes that are locked; there is nothing at these places of the file, and there need not be.
constexpr ::off_t kMemberLocks = ::off_t{1} << 40;
constexpr ::off_t kFileLock = kMemberLocks - 1;

constexpr std::int64_t kFree = 0;
constexpr std::int64_t kRevoked = -1;

std::uint64_t hashOf(std::string_view session) {
  const std::uint64_t hash = XXH3_64bits(session.data(), session.size());
  return hash == 0 ? 1 : hash;
}

struct ::flock lockOf(short type, ::off_t at) {
  struct ::flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = at;
  lock.l_len = 1;
  return lock;
}

/// Locks of the file as it was opened here, not of the process: two stores in one process are two.
bool tryLock(int descriptor, ::off_t at) {
  struct ::flock lock = lockOf(F_WRLCK, at);
  return ::fcntl(descriptor, F_OFD_SETLK, &lock) == 0;
}

class FileLock {
 public:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {
    struct ::flock lock = lockOf(F_WRLCK, kFileLock);
    while (::fcntl(descriptor_, F_OFD_SETLKW, &lock) != 0 && errno == EINTR) {
    }
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock() {
    struct ::flock lock = lockOf(F_UNLCK, kFileLock);
    ::fcntl(descriptor_, F_OFD_SETLK, &lock);
  }

 private:
  const int descriptor_;
};

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw Error{ErrorKind::config, "the file " + file + " of the session store " + why};
}

std::uint64_t randomNumber() {
  std::uint64_t number = 0;
  while (number == 0) {
    if (::getrandom(&number, sizeof number, 0) != sizeof number) number = 0;  // interrupted
  }
  return number;
}

void raise(std::atomic<std::uint64_t>& number, std::uint64_t to) {
  std::uint64_t before = number.load();
  while (before < to && !number.compare_exchange_weak(before, to)) {
  }
}

}  // namespace

struct SharedLeases::Lease {
  std::atomic<std::uint64_t> session;  ///< A hash of its name; 0 if there is none.
  std::atomic<std::int64_t> end;
};

struct alignas(4096) SharedLeases::Header {
  std::uint64_t magic;
  std::uint64_t id;
  std::atomic<std::uint64_t> members;  ///< A bit for each part that is in use, or was at a crash.
  std::atomic<std::uint64_t> written;
  std::atomic<std::uint64_t> removed;
};

struct SharedLeases::Part {
  std::array<Lease, kLeases> leases;

  [[nodiscard]] std::array<Lease*, kWindow> window(std::uint64_t hash) {
    std::array<Lease*, kWindow> places{};
    for (std::size_t i = 0; i < kWindow; ++i) places[i] = &leases[(hash + i) % kLeases];
    return places;
  }
};

struct SharedLeases::Layout {
  Header header;
  std::array<Part, kMembers> parts;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

SharedLeases::SharedLeases(const std::string& file)
    : file_(file),
      descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)) {
  const auto fail = [&](int error) {
    refuse(file_, "cannot be used: " + std::generic_category().message(error));
  };
  if (!descriptor_.isOpen()) fail(errno);
  fileId_ = fileId(file_);
  const int descriptor = descriptor_.get();
  const FileLock lock{descriptor};
  // All of it has a place on the disk: a full one would end the process later.
  if (const int error = ::posix_fallocate(descriptor, 0, sizeof(Layout)); error != 0) fail(error);
  void* const mapped =
      ::mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (mapped == MAP_FAILED) fail(errno);
  layout_ = static_cast<Layout*>(mapped);
  Header& header = layout_->header;
  if (header.magic == 0) {
    header.id = randomNumber();
    header.magic = kMagic;
  }
  if (header.magic != kMagic) {
    ::munmap(layout_, sizeof(Layout));
    refuse(file_, "is of another version; stop the processes that use it, and remove it");
  }
  while (member_ < kMembers && !tryToBe(member_)) ++member_;
  if (member_ == kMembers) {
    ::munmap(layout_, sizeof(Layout));
    refuse(file_, "is used by " + std::to_string(kMembers) + " stores already");
  }
  for (Lease& lease : layout_->parts[member_].leases) {  // of a store that has died
    lease.session.store(0, std::memory_order_relaxed);
    lease.end.store(kFree, std::memory_order_relaxed);
  }
  for (std::size_t other = 0; other < kMembers; ++other) {
    if (other != member_ && !isAlive(other)) header.members.fetch_and(~(std::uint64_t{1} << other));
  }
  header.members.fetch_or(std::uint64_t{1} << member_);
}

SharedLeases::~SharedLeases() {
  const FileLock lock{descriptor_.get()};
  layout_->header.members.fetch_and(~(std::uint64_t{1} << member_));
  ::munmap(layout_, sizeof(Layout));
}

std::uint64_t SharedLeases::id() const noexcept { return layout_->header.id; }

bool SharedLeases::isInPlace() const noexcept { return fileId_ && fileId(file_) == fileId_; }

bool SharedLeases::hasOthers() const noexcept {
  return (layout_->header.members.load() & ~(std::uint64_t{1} << member_)) != 0;
}

bool SharedLeases::tryToBe(std::size_t member) noexcept {
  return tryLock(descriptor_.get(), kMemberLocks + static_cast<::off_t>(member));
}

bool SharedLeases::isAlive(std::size_t member) const noexcept {
  struct ::flock lock = lockOf(F_WRLCK, kMemberLocks + static_cast<::off_t>(member));
  return ::fcntl(descriptor_.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

std::optional<SharedLeases::Place> SharedLeases::add(std::string_view session,
                                                     std::int64_t end) noexcept {
  const std::uint64_t hash = hashOf(session);
  Part& part = layout_->parts[member_];
  for (Lease* const lease : part.window(hash)) {
    std::int64_t free = kFree;
    if (!lease->end.compare_exchange_strong(free, end)) continue;
    lease->session.store(hash);
    return static_cast<Place>(lease - part.leases.data());
  }
  return std::nullopt;
}

bool SharedLeases::extend(Place place, std::int64_t end) noexcept {
  std::atomic<std::int64_t>& until = layout_->parts[member_].leases[place].end;
  std::int64_t before = until.load();
  while (before != kRevoked && !until.compare_exchange_weak(before, end)) {
  }
  return before != kRevoked;
}

bool SharedLeases::isRevoked(Place place) const noexcept {
  return layout_->parts[member_].leases[place].end.load() == kRevoked;
}

void SharedLeases::remove(Place place) noexcept {
  Lease& lease = layout_->parts[member_].leases[place];
  lease.session.store(0);
  lease.end.store(kFree);
}

/// Calls `action` with the number and the part of every other store.
template <class Action>
void SharedLeases::forOthers(Action action) const {
  const std::uint64_t members = layout_->header.members.load();
  for (std::size_t other = 0; other < kMembers; ++other) {
    if (other != member_ && (members >> other & 1) != 0) action(other, layout_->parts[other]);
  }
}

SharedLeases::Other SharedLeases::other(std::string_view session, std::int64_t now) const noexcept {
  const std::uint64_t hash = hashOf(session);
  Other found = Other::none;
  forOthers([&](std::size_t member, Part& part) {
    for (const Lease* const lease : part.window(hash)) {
      if (found == Other::holds) return;
      if (lease->session.load() != hash) continue;
      const std::int64_t end = lease->end.load();
      if (end == kRevoked || end == kFree || !isAlive(member)) continue;
      found = now < end ? Other::holds : Other::isOver;
    }
  });
  return found;
}

void SharedLeases::revoke(std::string_view session, std::int64_t now) noexcept {
  const std::uint64_t hash = hashOf(session);
  forOthers([&](std::size_t, Part& part) {
    for (Lease* const lease : part.window(hash)) {
      if (lease->session.load() != hash) continue;
      std::int64_t end = lease->end.load();
      if (end > kFree && end <= now) lease->end.compare_exchange_strong(end, kRevoked);
    }
  });
}

std::uint64_t SharedLeases::written() const noexcept { return layout_->header.written.load(); }
void SharedLeases::announce(std::uint64_t row) noexcept { raise(layout_->header.written, row); }
std::uint64_t SharedLeases::removed() const noexcept { return layout_->header.removed.load(); }
void SharedLeases::announceRemoval(std::uint64_t row) noexcept {
  raise(layout_->header.removed, row);
}

}  // namespace ivr::session
