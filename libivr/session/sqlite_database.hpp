#pragma once
// SQLite, with its errors as ours.

#include "session/private_file.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <sqlite3.h>
#include <string>
#include <string_view>

namespace ivr::session {

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// A connection. Waits up to five seconds for others that use the file. Errors are thrown as
/// `Error{timeout}` if somebody else had the file for too long, otherwise as `Error{unavailable}`,
/// and name the file. Threads: one at a time.
class Database {
 public:
  explicit Database(std::string file);

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] Statement prepare(const char* sql) const;
  void execute(const std::string& sql) const;

  /// The result of a pragma.
  [[nodiscard]] std::optional<std::string> pragma(const char* pragma) const;

  /// SQLite silently opens a file that it may only read.
  [[nodiscard]] bool isReadOnly() const noexcept;

  /// False if somebody has taken the file away, or put another one in its place.
  [[nodiscard]] bool isInPlace() const noexcept;

  [[nodiscard]] bool isInTransaction() const noexcept;
  [[noreturn]] void fail(int result) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
  };

  friend class Transaction;

  std::string file_;
  std::unique_ptr<sqlite3, Close> database_ = {};
  FileId id_ = {};
  Statement begin_ = {};
  Statement commit_ = {};
  Statement rollback_ = {};
};

/// One run of a statement, ready for the next when it is over.
class Query {
 public:
  Query(const Database& database, const Statement& statement)
      : database_(database), statement_(statement.get()) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { sqlite3_reset(statement_); }

  /// The bytes must live until the run is over; none are NULL.
  Query& bind(int place, std::optional<std::string_view> bytes);
  Query& bind(int place, std::int64_t number);

  /// False when there are no more rows.
  [[nodiscard]] bool next();

  void run() {
    while (next()) {
    }
  }

  [[nodiscard]] std::int64_t number(int column) const;

  /// Nothing for NULL. Valid until `next` or the end.
  [[nodiscard]] std::optional<std::string_view> bytes(int column) const;

 private:
  Query& check(int result);

  const Database& database_;
  sqlite3_stmt* statement_;
};

/// All that happens on a connection while it lives, or nothing. It has the file for itself from the
/// beginning.
class Transaction {
 public:
  explicit Transaction(const Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Takes everything back that was not committed.
  ~Transaction();

  void commit();

 private:
  const Database& database_;
};

}  // namespace ivr::session
