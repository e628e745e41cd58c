#include "session/sqlite_database.hpp"

#include "ivr/core/error.hpp"

#include <chrono>
#include <thread>
#include <utility>

namespace ivr::session {
namespace {

constexpr std::chrono::seconds kBusyPatience{5};  // with others that use the file

/// Waits for other connections; SQLite's own handler waits for whole milliseconds, many times what
/// a transaction takes.
int waitForOthers(void*, int tries) {
  constexpr int kShortTries = 100;
  constexpr int kTries =
      kShortTries + static_cast<int>(kBusyPatience / std::chrono::milliseconds{2});
  if (tries >= kTries) return 0;
  std::this_thread::sleep_for(std::chrono::microseconds{tries < kShortTries ? 100 : 2000});
  return 1;
}

}  // namespace

Database::Database(std::string file) : file_(std::move(file)) {
  sqlite3* opened = nullptr;
  const int result =
      sqlite3_open_v2(file_.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, nullptr);
  database_.reset(opened);
  if (result != SQLITE_OK) fail(result);
  sqlite3_busy_handler(opened, waitForOthers, nullptr);
  id_ = fileId(file_);
  begin_ = prepare("BEGIN IMMEDIATE");
  commit_ = prepare("COMMIT");
  rollback_ = prepare("ROLLBACK");
}

Statement Database::prepare(const char* sql) const {
  sqlite3_stmt* statement = nullptr;
  const int result =
      sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) fail(result);
  return Statement{statement};
}

void Database::execute(const std::string& sql) const {
  const int result = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) fail(result);
}

std::optional<std::string> Database::pragma(const char* pragma) const {
  const Statement statement = prepare(pragma);
  Query query{*this, statement};
  if (!query.next()) return std::nullopt;
  const auto bytes = query.bytes(0);
  return bytes ? std::optional{std::string{*bytes}} : std::nullopt;
}

bool Database::isReadOnly() const noexcept {
  return sqlite3_db_readonly(database_.get(), "main") != 0;
}

bool Database::isInPlace() const noexcept { return id_ && fileId(file_) == id_; }

bool Database::isInTransaction() const noexcept {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

void Database::fail(int result) const {
  const char* text = database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(result);
  const int code = result & 0xff;
  const bool isWaiting = code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_PROTOCOL;
  throw Error{isWaiting ? ErrorKind::timeout : ErrorKind::unavailable,
              "the session store " + file_ + " fails: " + text};
}

Query& Query::bind(int place, std::optional<std::string_view> bytes) {
  if (!bytes) return check(sqlite3_bind_null(statement_, place));
  const char* start = bytes->data() == nullptr ? "" : bytes->data();  // null would be NULL
  return check(sqlite3_bind_blob64(statement_, place, start, bytes->size(), SQLITE_STATIC));
}

Query& Query::bind(int place, std::int64_t number) {
  return check(sqlite3_bind_int64(statement_, place, number));
}

bool Query::next() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) database_.fail(result);
  return false;
}

std::int64_t Query::number(int column) const { return sqlite3_column_int64(statement_, column); }

std::optional<std::string_view> Query::bytes(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  const auto* start = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return start == nullptr ? std::string_view{} : std::string_view{start, size};
}

Query& Query::check(int result) {
  if (result != SQLITE_OK) database_.fail(result);
  return *this;
}

Transaction::Transaction(const Database& database) : database_(database) {
  Query{database_, database_.begin_}.run();
}

Transaction::~Transaction() {
  if (!database_.isInTransaction()) return;
  sqlite3_step(database_.rollback_.get());  // the error has been reported already
  sqlite3_reset(database_.rollback_.get());
}

void Transaction::commit() { Query{database_, database_.commit_}.run(); }

}  // namespace ivr::session
