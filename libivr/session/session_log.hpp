#pragma once
// What the SQLite store has on disk: the changes of its sessions, in the order in which they were
// saved.
//
// A step adds a row at the end, whatever else there is, and so writes few pages, one after another.
// What a later row has replaced is removed from the beginning, with all the rows around it; what
// still counts there is added once more at the end.

#include "session/sqlite_database.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::session {

/// What a step has left behind. A value; what it shows must outlive it.
struct LoggedChange {
  std::uint64_t row = 0;  ///< Later changes have larger ones.
  std::string_view session = {};
  std::optional<std::string_view> data = {};  ///< Empty if the data was forgotten.
  std::int64_t dataEnd = 0;                   ///< By the time of day, in milliseconds.
  bool hasWork = false;                       ///< The mark of the data.
  std::string_view step = {};
  std::optional<std::string_view> answer = {};
  std::int64_t answerEnd = 0;
  std::uint64_t answerSaved = 0;  ///< The row in which the answer was first.

  /// What it takes on disk, nearly.
  [[nodiscard]] std::size_t bytes() const {
    return 64 + session.size() + data.value_or("").size() + step.size() +
           answer.value_or("").size();
  }
};

/// A connection to the database. Throws as `Database` does. Threads: one at a time.
class SessionLog {
 public:
  /// Opens the database, and makes it, or carries over what an older version has left there. Throws
  /// `Error{config}` if it cannot be used.
  explicit SessionLog(const std::string& file);

  /// Notes which file of leases goes with the database from now on.
  void setLeases(std::uint64_t file);

  [[nodiscard]] Transaction begin() const { return Transaction{database_}; }

  /// Calls `use` with each change after `row`, in order, of which at most `limit`.
  void read(std::uint64_t row, std::size_t limit,
            const std::function<void(const LoggedChange&)>& use) const;

  void append(const LoggedChange& change) const;

  /// Removes all changes up to and including `row`.
  void removeUpTo(std::uint64_t row) const;

  [[nodiscard]] std::uint64_t nextFence() const;

  /// Throws `Error{unavailable}` if somebody has taken the database away, or another file of leases
  /// goes with it by now.
  void checkFiles() const;

  [[nodiscard]] const std::string& file() const noexcept { return database_.file(); }

 private:
  Database database_;
  std::uint64_t leases_ = 0;
  Statement read_;
  Statement append_;
  Statement remove_;
  Statement fence_;
  Statement readLeases_;
};

}  // namespace ivr::session
