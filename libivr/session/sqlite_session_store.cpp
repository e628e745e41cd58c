// Three tables: who holds a session, what is in it, and what its steps answered; a fourth counts
// fencing numbers. Leases are separate because they come and go with every step: taking a session
// writes one small page, however much the session holds and however many there are.
//
// Leases end by the boot clock, so that nobody who sets the clock ends or prolongs one; the file
// says which start of the machine they are of. Everything else is kept by the time of day, which
// goes on when the machine is off.

#include "ivr/core/error.hpp"
#include "ivr/session/session_store.hpp"
#include "session/arguments.hpp"
#include "session/private_file.hpp"

#include <chrono>
#include <mutex>
#include <sqlite3.h>
#include <thread>
#include <utility>

namespace ivr::session {
namespace {

constexpr int kSchema = 2;
constexpr int kApplication =
    0x69767273;  // "ivrs": so that nobody else's database is taken for ours

// `sweep` says when to look at a session again. It is not after `until` when it is written, and
// stays when `until` moves on, so a step leaves the index alone.
constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS leases(
  session BLOB NOT NULL PRIMARY KEY, lease INTEGER NOT NULL, ends INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS start(row INTEGER PRIMARY KEY, boot TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sessions(
  session BLOB NOT NULL UNIQUE, until INTEGER NOT NULL, sweep INTEGER NOT NULL,
  data BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_sweep ON sessions(sweep);
CREATE TABLE IF NOT EXISTS answers(
  session BLOB NOT NULL, step BLOB NOT NULL, until INTEGER NOT NULL, answer BLOB NOT NULL,
  PRIMARY KEY(session, step)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_until ON answers(until);
CREATE TABLE IF NOT EXISTS fence(row INTEGER PRIMARY KEY, number INTEGER);
)";

constexpr int kClosesToSweep = 32;    // How often,
constexpr int kMaxSwept = 64;         // and how many at once: more than can have come since.
constexpr int kSweepsToLeases = 128;  // Leases of the dead are few, but found only by a full scan.

constexpr std::chrono::seconds kPatience{5};  // with others that use the file

/// Waits for other connections; SQLite's own handler waits for whole milliseconds, many times what
/// a step takes.
int waitForOthers(void*, int tries) {
  constexpr int kShortTries = 100;
  constexpr int kTries = kShortTries + static_cast<int>(kPatience / std::chrono::milliseconds{2});
  if (tries >= kTries) return 0;
  std::this_thread::sleep_for(std::chrono::microseconds{tries < kShortTries ? 100 : 2000});
  return 1;
}

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// A connection and what its errors say.
class Database {
 public:
  explicit Database(std::string file) : file_(std::move(file)) {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(
        file_.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
        nullptr);
    database_.reset(opened);
    if (result != SQLITE_OK) fail(result);
    sqlite3_busy_handler(opened, waitForOthers, nullptr);
  }

  [[nodiscard]] Statement prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                                          &statement, nullptr);
    if (result != SQLITE_OK) fail(result);
    return Statement{statement};
  }

  void execute(const char* sql) const {
    const int result = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) fail(result);
  }

  /// SQLite silently opens a file that it may only read.
  [[nodiscard]] bool isReadOnly() const noexcept {
    return sqlite3_db_readonly(database_.get(), "main") != 0;
  }

  /// How many rows the last statement changed.
  [[nodiscard]] int changes() const noexcept { return sqlite3_changes(database_.get()); }

  [[nodiscard]] bool isInTransaction() const noexcept {
    return sqlite3_get_autocommit(database_.get()) == 0;
  }

  [[noreturn]] void fail(int result) const {
    const char* text = database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(result);
    const int code = result & 0xff;
    const bool isWaiting = code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_PROTOCOL;
    throw Error{isWaiting ? ErrorKind::timeout : ErrorKind::unavailable,
                "the session store " + file_ + " fails: " + text};
  }

 private:
  std::string file_;
  std::unique_ptr<sqlite3, CloseDatabase> database_ = {};
};

/// One run of a statement, ready for the next when it is over.
class Query {
 public:
  Query(const Database& database, const Statement& statement)
      : database_(database), statement_(statement.get()) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { sqlite3_reset(statement_); }

  /// The bytes must live until the run is over.
  Query& bind(int place, std::string_view bytes) {
    const char* start = bytes.data() == nullptr ? "" : bytes.data();  // null would be NULL
    return check(sqlite3_bind_blob64(statement_, place, start, bytes.size(), SQLITE_STATIC));
  }
  Query& bind(int place, std::int64_t number) {
    return check(sqlite3_bind_int64(statement_, place, number));
  }

  /// False when there are no more rows.
  [[nodiscard]] bool next() {
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) database_.fail(result);
    return false;
  }

  void run() {
    while (next()) {
    }
  }

  [[nodiscard]] std::int64_t number(int column) const {
    return sqlite3_column_int64(statement_, column);
  }

  [[nodiscard]] std::optional<std::string> bytes(int column) const {
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
    const auto* start = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return start == nullptr ? std::string{} : std::string{start, size};
  }

 private:
  Query& check(int result) {
    if (result != SQLITE_OK) database_.fail(result);
    return *this;
  }

  const Database& database_;
  sqlite3_stmt* statement_;
};

/// The result of a pragma.
std::optional<std::string> answerTo(const Database& database, const char* pragma) {
  const Statement statement = database.prepare(pragma);
  Query query{database, statement};
  return query.next() ? query.bytes(0) : std::nullopt;
}

enum class Contents { nothing, older, current };

/// Throws if the database is none of ours, or of a later version.
Contents contentsOf(const Database& database, const std::string& file) {
  // In one query, as another process may be creating it right now.
  const Statement statement = database.prepare(
      "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)"
      " FROM pragma_application_id, pragma_user_version");
  Query query{database, statement};
  if (!query.next()) database.fail(SQLITE_CORRUPT);
  const auto application = query.number(0);
  const auto schema = query.number(1);
  if (application == 0 && schema == 0 && query.number(2) == 0) return Contents::nothing;
  if (application != kApplication) {
    throw Error{ErrorKind::config,
                "the session store " + file + " is the database of another program"};
  }
  if (schema > kSchema) {
    throw Error{ErrorKind::config, "the session store " + file + " has schema " +
                                       std::to_string(schema) + " of a newer version; " +
                                       std::to_string(kSchema) + " is known"};
  }
  return schema == kSchema ? Contents::current : Contents::older;
}

/// Throws, so that it is tried again, while anybody else has the file open. An older version that
/// went on beside this one would not see its leases.
void beAlone(const Database& database, const std::string& file) {
  try {
    if (answerTo(database, "PRAGMA journal_mode=DELETE") == "delete") return;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::timeout) throw;
  }
  throw Error{ErrorKind::timeout, "the session store " + file +
                                      " is that of an older version, a process of which still "
                                      "uses it; stop that first, or take another file"};
}

void makeTables(const Database& database, const std::string& file) {
  if (contentsOf(database, file) == Contents::older) beAlone(database, file);
  database.execute("BEGIN EXCLUSIVE");                   // the end of the connection rolls back
  const Contents contents = contentsOf(database, file);  // another process may have been faster
  if (contents == Contents::older) database.execute("DROP TABLE leases");  // their holders are gone
  if (contents != Contents::current) {
    const std::string make = kTables + ("PRAGMA application_id=" + std::to_string(kApplication)) +
                             ";PRAGMA user_version=" + std::to_string(kSchema);
    database.execute(make.c_str());
  }
  database.execute("COMMIT");
}

/// Drops the leases from before the last start of the machine: their holders ended with it.
void noteStart(const Database& database, const std::string& boot) {
  const Statement known = database.prepare("SELECT 1 FROM start WHERE boot=?1");
  const auto isKnown = [&] { return Query{database, known}.bind(1, boot).next(); };
  if (isKnown()) return;
  database.execute("BEGIN IMMEDIATE");
  if (!isKnown()) {
    database.execute("DELETE FROM leases");
    const Statement note = database.prepare("REPLACE INTO start(row, boot) VALUES(1, ?1)");
    Query{database, note}.bind(1, boot).run();
  }
  database.execute("COMMIT");
}

void prepareFile(const Database& database, const std::string& file, const std::string& boot) {
  if (database.isReadOnly()) {
    throw Error{ErrorKind::config, "the session store " + file + " cannot be written"};
  }
  const Contents contents = contentsOf(database, file);
  database.execute("PRAGMA temp_store=MEMORY");  // no personal data in further files
  database.execute("PRAGMA secure_delete=FAST");
  if (contents == Contents::older) makeTables(database, file);
  // A journal that lets others read while one writes.
  if (answerTo(database, "PRAGMA journal_mode=WAL") != "wal") {
    throw Error{ErrorKind::config, "the session store " + file + " cannot have a WAL"};
  }
  database.execute("PRAGMA synchronous=NORMAL");
  database.execute("PRAGMA cache_size=-16384");  // KiB: the pages of some thousand calls at a time
  if (contents == Contents::nothing) makeTables(database, file);
  noteStart(database, boot);
}

Database openedDatabase(const std::string& name, const std::string& boot) {
  if (name.empty() || name.find('\0') != std::string::npos) {
    throw Error{ErrorKind::config, "the session store has no file name"};
  }
  const std::string file = privateFile(name);  // also of `:memory:`, which is a name as well
  const auto patience = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    try {
      Database database{file};
      prepareFile(database, file, boot);
      return database;
    } catch (const Error& error) {
      // While another process prepares the file, some of this fails without waiting.
      const bool isOver = std::chrono::steady_clock::now() > patience;
      if (error.kind() != ErrorKind::timeout || isOver) {
        throw Error{ErrorKind::config, error.what()};
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

class SqliteSessionStore final : public SessionStore {
 public:
  SqliteSessionStore(const std::string& file, DiskClocks clocks)
      : clocks_(std::move(clocks)), database_(openedDatabase(file, clocks_.leases.boot)) {}

  std::optional<OpenSession> tryOpen(std::string_view session, std::string_view step,
                                     std::chrono::milliseconds lease) override {
    checkSessionName(session);
    checkStepName(step);
    const auto duration = leaseDuration(lease).count();
    OpenSession open{.lease = randomLease()};
    const std::lock_guard lock{mutex_};
    const std::int64_t sinceBoot = this->sinceBoot();
    Query query{database_, open_};
    query.bind(1, session).bind(2, number(open.lease)).bind(3, sinceBoot + duration);
    query.bind(4, sinceBoot).bind(5, step).bind(6, now());
    if (!query.next()) return std::nullopt;
    open.data = query.bytes(0).value_or(std::string{});
    open.answer = query.bytes(1);
    query.run();  // it is saved when the statement has ended
    return open;
  }

  bool renew(std::string_view session, std::uint64_t lease,
             std::chrono::milliseconds duration) override {
    checkSessionName(session);
    const auto longer = leaseDuration(duration).count();
    const std::lock_guard lock{mutex_};
    const std::int64_t sinceBoot = this->sinceBoot();
    Query query{database_, renew_};
    query.bind(1, session).bind(2, number(lease)).bind(3, sinceBoot + longer).bind(4, sinceBoot);
    query.run();
    return database_.changes() == 1;
  }

  bool close(const SessionChange& change) override {
    checkChange(change);
    const std::lock_guard lock{mutex_};
    const std::int64_t now = this->now();
    {
      Transaction transaction{*this};
      Query{database_, release_}
          .bind(1, change.session)
          .bind(2, number(change.lease))
          .bind(3, sinceBoot())
          .run();
      if (database_.changes() == 0) return false;
      if (change.data) saveData(change.session, *change.data, now, change.dataLifetime);
      if (change.answer) saveAnswer(change, now);
      transaction.commit();
    }
    if (++closes_ % kClosesToSweep == 0) sweep(now);
    return true;
  }

  std::string read(std::string_view session) override {
    checkSessionName(session);
    const std::lock_guard lock{mutex_};
    Query query{database_, read_};
    query.bind(1, session).bind(2, now());
    return query.next() ? query.bytes(0).value_or(std::string{}) : std::string{};
  }

  std::uint64_t nextFence() override {
    const std::lock_guard lock{mutex_};
    Query query{database_, fence_};
    if (!query.next()) database_.fail(SQLITE_CORRUPT);
    const auto number = static_cast<std::uint64_t>(query.number(0));
    query.run();  // it is saved when the statement has ended
    return number;
  }

  StoreScope scope() const noexcept override { return StoreScope::machine; }
  bool waitsForNetwork() const noexcept override { return false; }

 private:
  /// All or nothing.
  class Transaction {
   public:
    explicit Transaction(const SqliteSessionStore& store) : store_(store) {
      Query{store_.database_, store_.begin_}.run();
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction() {
      if (!store_.database_.isInTransaction()) return;
      sqlite3_step(store_.rollback_.get());  // the error has been reported already
      sqlite3_reset(store_.rollback_.get());
    }
    void commit() { Query{store_.database_, store_.commit_}.run(); }

   private:
    const SqliteSessionStore& store_;
  };

  static std::int64_t number(std::uint64_t lease) { return static_cast<std::int64_t>(lease); }

  [[nodiscard]] std::int64_t now() const {
    const auto now = clocks_.lifetimes().time_since_epoch();
    return std::chrono::floor<std::chrono::milliseconds>(now).count();
  }
  [[nodiscard]] std::int64_t sinceBoot() const {
    return std::chrono::floor<std::chrono::milliseconds>(clocks_.leases.sinceBoot()).count();
  }

  void saveData(std::string_view session, std::string_view data, std::int64_t now,
                std::chrono::milliseconds lifetime) {
    const std::int64_t until = now + lifetimeOf(lifetime).count();
    if (data.empty() || until <= now) {
      Query{database_, forget_}.bind(1, session).run();
      return;
    }
    Query{database_, update_}.bind(1, session).bind(2, until).bind(3, data).run();
    if (database_.changes() == 1) return;
    Query{database_, insert_}.bind(1, session).bind(2, until).bind(3, data).run();
  }

  void saveAnswer(const SessionChange& change, std::int64_t now) {
    const std::int64_t until = now + lifetimeOf(change.answerLifetime).count();
    Query{database_, answer_}
        .bind(1, change.session)
        .bind(2, change.step)
        .bind(3, until)
        .bind(4, *change.answer)
        .run();
  }

  /// Removes some expired rows. The step is already saved, so failures do not matter: what stays
  /// now goes in a later sweep.
  void sweep(std::int64_t now) noexcept {
    try {
      Transaction transaction{*this};
      for (const Statement* statement : {&sweepSessions_, &delaySessions_, &sweepAnswers_}) {
        Query{database_, *statement}.bind(1, now).bind(2, std::int64_t{kMaxSwept}).run();
      }
      if (++sweeps_ % kSweepsToLeases == 0) {
        Query{database_, sweepLeases_}.bind(1, sinceBoot()).run();
      }
      transaction.commit();
    } catch (const std::exception&) {
    }
  }

  const DiskClocks clocks_;
  std::mutex mutex_;  // one connection: SQLite has one writer at a time anyway
  Database database_;
  unsigned closes_ = 0;
  unsigned sweeps_ = 0;

  Statement begin_ = database_.prepare("BEGIN IMMEDIATE");
  Statement commit_ = database_.prepare("COMMIT");
  Statement rollback_ = database_.prepare("ROLLBACK");
  Statement open_ = database_.prepare(
      "INSERT INTO leases(session, lease, ends) VALUES(?1, ?2, ?3)"
      " ON CONFLICT(session) DO UPDATE SET lease=?2, ends=?3 WHERE ends<=?4"
      " RETURNING (SELECT data FROM sessions WHERE session=?1 AND until>?6),"
      " (SELECT answer FROM answers WHERE session=?1 AND step=?5 AND until>?6)");
  Statement renew_ =
      database_.prepare("UPDATE leases SET ends=?3 WHERE session=?1 AND lease=?2 AND ends>?4");
  Statement release_ =
      database_.prepare("DELETE FROM leases WHERE session=?1 AND lease=?2 AND ends>?3");
  Statement fence_ = database_.prepare(
      "INSERT INTO fence(row, number) VALUES(1, 1)"
      " ON CONFLICT(row) DO UPDATE SET number=number+1 RETURNING number");
  Statement read_ = database_.prepare("SELECT data FROM sessions WHERE session=?1 AND until>?2");
  Statement update_ =
      database_.prepare("UPDATE sessions SET until=?2, data=?3 WHERE session=?1 AND sweep<=?2");
  Statement insert_ = database_.prepare(
      "REPLACE INTO sessions(session, until, sweep, data) VALUES(?1, ?2, ?2, ?3)");
  Statement forget_ = database_.prepare("DELETE FROM sessions WHERE session=?1");
  Statement answer_ = database_.prepare(
      "REPLACE INTO answers(session, step, until, answer) VALUES(?1, ?2, ?3, ?4)");
  Statement sweepSessions_ = database_.prepare(
      "DELETE FROM sessions WHERE until<=?1 AND session IN"
      " (SELECT session FROM sessions WHERE sweep<=?1 ORDER BY sweep LIMIT ?2)");
  Statement delaySessions_ = database_.prepare(
      "UPDATE sessions SET sweep=until WHERE until>?1 AND session IN"
      " (SELECT session FROM sessions WHERE sweep<=?1 ORDER BY sweep LIMIT ?2)");
  Statement sweepAnswers_ = database_.prepare(
      "DELETE FROM answers WHERE (session, step) IN"
      " (SELECT session, step FROM answers WHERE until<=?1 ORDER BY until LIMIT ?2)");
  Statement sweepLeases_ = database_.prepare("DELETE FROM leases WHERE ends<=?1");
};

}  // namespace

std::shared_ptr<SessionStore> sqliteSessionStore(const std::string& file, DiskClocks clocks) {
  return std::make_shared<SqliteSessionStore>(file, std::move(clocks));
}

}  // namespace ivr::session
