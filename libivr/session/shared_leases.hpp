#pragma once
// Which sessions the processes of a machine hold, in memory that they share.

#include "core/descriptor.hpp"
#include "session/private_file.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::session {

/// The leases of one store, and those of the others on the same database, in a mapped file beside
/// it.
///
/// Each store has a part of the file, which it alone writes: it notes its lease there first, and
/// then looks for leases of others, so that of two stores that do so at the same time at least one
/// finds the other. A lease is worth nothing once its end has passed or its process has ended: each
/// store locks a byte of the file, and the kernel knows whether it still does.
///
/// The file also says up to which row the database has been written, so that a store knows without
/// asking the database whether what it has in memory is all there is.
///
/// A resource. Threads: `add` and `remove` one at a time for one session; everything else any.
class SharedLeases {
 public:
  /// `file` is made if it is missing. Throws `Error{config}` if it cannot be used, or 16 stores use
  /// it already.
  explicit SharedLeases(const std::string& file);
  SharedLeases(const SharedLeases&) = delete;
  SharedLeases& operator=(const SharedLeases&) = delete;
  ~SharedLeases();

  /// Identifies the file: another one in its place has another number.
  [[nodiscard]] std::uint64_t id() const noexcept;

  /// False if somebody has taken the file away, or put another one in its place.
  [[nodiscard]] bool isInPlace() const noexcept;

  /// Whether other stores use the file, or did when they died.
  [[nodiscard]] bool hasOthers() const noexcept;

  using Place = std::uint32_t;

  /// Notes a lease until `end`, in milliseconds since the start of the machine. Nothing if this
  /// store holds too many.
  [[nodiscard]] std::optional<Place> add(std::string_view session, std::int64_t end) noexcept;

  /// Prolongs a lease. False if it was revoked.
  [[nodiscard]] bool extend(Place place, std::int64_t end) noexcept;

  [[nodiscard]] bool isRevoked(Place place) const noexcept;
  void remove(Place place) noexcept;

  /// What another store has to do with a session.
  enum class Other {
    none,
    holds,
    isOver,  ///< It took the session, but its lease has ended.
  };
  [[nodiscard]] Other other(std::string_view session, std::int64_t now) const noexcept;

  /// Revokes the leases of others that have ended. While nobody else can write to the database.
  void revoke(std::string_view session, std::int64_t now) noexcept;

  /// The last row of the database that somebody writes, or has written.
  [[nodiscard]] std::uint64_t written() const noexcept;
  void announce(std::uint64_t row) noexcept;

  /// The last row that somebody has removed, or tried to.
  [[nodiscard]] std::uint64_t removed() const noexcept;
  void announceRemoval(std::uint64_t row) noexcept;

 private:
  struct Lease;
  struct Header;
  struct Part;
  struct Layout;

  [[nodiscard]] bool isAlive(std::size_t member) const noexcept;
  [[nodiscard]] bool tryToBe(std::size_t member) noexcept;
  template <class Action>
  void forOthers(Action action) const;

  const std::string file_;
  Descriptor descriptor_;
  FileId fileId_;
  Layout* layout_ = nullptr;
  std::size_t member_ = 0;
};

}  // namespace ivr::session
