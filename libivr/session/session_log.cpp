#include "session/session_log.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace ivr::session {
namespace {

constexpr int kSchema = 4;
constexpr int kApplication =
    0x69767273;  // "ivrs": so that nobody else's database is taken for ours

constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS changes(
  row INTEGER PRIMARY KEY, session BLOB NOT NULL, data BLOB, data_until INTEGER NOT NULL,
  step BLOB NOT NULL, answer BLOB, answer_until INTEGER NOT NULL, answer_saved INTEGER NOT NULL,
  work INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS leases_file(row INTEGER PRIMARY KEY, number INTEGER);
CREATE TABLE IF NOT EXISTS fence(row INTEGER PRIMARY KEY, number INTEGER);
)";

/// From the tables of schemas 1 and 2, which had a row for each session and each answer.
constexpr const char* kCarryOver = R"(
INSERT INTO changes(session, data, data_until, step, answer_until, answer_saved)
  SELECT session, data, until, x'', 0, 0 FROM sessions;
INSERT INTO changes(session, data_until, step, answer, answer_until, answer_saved)
  SELECT session, 0, step, answer, until, until FROM answers ORDER BY until;
DROP TABLE leases;
DROP TABLE sessions;
DROP TABLE answers;
DROP TABLE IF EXISTS start;
)";

/// From schema 3, which knew nothing of work.
constexpr const char* kAddWork = R"(
ALTER TABLE changes ADD COLUMN work INTEGER NOT NULL DEFAULT 0;
)";

/// How long others may take to prepare the file.
constexpr std::chrono::seconds kPatience{5};

/// The schema of the database; 0 if it is empty. Throws if it is another program's, or of a later
/// version.
std::int64_t schemaOf(const Database& database) {
  // In one query, as another process may be creating it right now.
  const Statement statement = database.prepare(
      "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)"
      " FROM pragma_application_id, pragma_user_version");
  Query query{database, statement};
  if (!query.next()) database.fail(SQLITE_CORRUPT);
  const auto application = query.number(0);
  const auto schema = query.number(1);
  if (application == 0 && schema == 0 && query.number(2) == 0) return 0;
  if (application != kApplication) {
    throw Error{ErrorKind::config,
                "the session store " + database.file() + " is the database of another program"};
  }
  if (schema > kSchema) {
    throw Error{ErrorKind::config, "the session store " + database.file() + " has schema " +
                                       std::to_string(schema) + " of a newer version; " +
                                       std::to_string(kSchema) + " is known"};
  }
  return std::max(schema, std::int64_t{1});
}

bool isOlder(std::int64_t schema) { return schema != 0 && schema != kSchema; }

/// Throws, so that it is tried again, while anybody else has the file open. An older version that
/// went on beside this one would not see what it saves.
void beAlone(const Database& database) {
  try {
    if (database.pragma("PRAGMA journal_mode=DELETE") == "delete") return;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::timeout) throw;
  }
  throw Error{ErrorKind::timeout, "the session store " + database.file() +
                                      " is that of an older version, a process of which still "
                                      "uses it; stop that first, or take another file"};
}

void makeTables(const Database& database) {
  if (isOlder(schemaOf(database))) beAlone(database);
  database.execute("BEGIN EXCLUSIVE");     // the end of the connection rolls back
  const auto schema = schemaOf(database);  // another process may have been faster
  if (schema != kSchema) {
    database.execute(kTables);
    if (schema == 1 || schema == 2) database.execute(kCarryOver);
    if (schema == 3) database.execute(kAddWork);
    database.execute("PRAGMA application_id=" + std::to_string(kApplication) +
                     ";PRAGMA user_version=" + std::to_string(kSchema));
  }
  database.execute("COMMIT");
}

void prepareFile(const Database& database) {
  if (database.isReadOnly()) {
    throw Error{ErrorKind::config, "the session store " + database.file() + " cannot be written"};
  }
  const auto schema = schemaOf(database);
  database.execute("PRAGMA temp_store=MEMORY");  // no personal data in further files
  database.execute("PRAGMA secure_delete=FAST");
  if (isOlder(schema)) makeTables(database);
  // A journal that lets others read while one writes.
  if (database.pragma("PRAGMA journal_mode=WAL") != "wal") {
    throw Error{ErrorKind::config, "the session store " + database.file() + " cannot have a WAL"};
  }
  database.execute("PRAGMA synchronous=NORMAL");
  database.execute("PRAGMA wal_autocheckpoint=4000");  // pages; fewer would wait for the disk often
  database.execute("PRAGMA journal_size_limit=33554432");
  if (schema == 0) makeTables(database);
}

Database openedDatabase(const std::string& file) {
  const auto patience = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    try {
      Database database{file};
      prepareFile(database);
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

std::int64_t number(std::uint64_t row) { return static_cast<std::int64_t>(row); }

}  // namespace

SessionLog::SessionLog(const std::string& file)
    : database_(openedDatabase(file)),
      read_(
          database_.prepare("SELECT row, session, data, data_until, step, answer, answer_until,"
                            " answer_saved, work FROM changes WHERE row>?1 ORDER BY row LIMIT ?2")),
      append_(database_.prepare(
          "INSERT INTO changes(row, session, data, data_until, step, answer, answer_until,"
          " answer_saved, work) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")),
      remove_(database_.prepare("DELETE FROM changes WHERE row<=?1")),
      fence_(database_.prepare("INSERT INTO fence(row, number) VALUES(1, 1)"
                               " ON CONFLICT(row) DO UPDATE SET number=number+1 RETURNING number")),
      readLeases_(database_.prepare("SELECT number FROM leases_file WHERE row=1")) {}

void SessionLog::setLeases(std::uint64_t file) {
  leases_ = file;
  const Statement note = database_.prepare("REPLACE INTO leases_file(row, number) VALUES(1, ?1)");
  Query{database_, note}.bind(1, number(file)).run();
}

void SessionLog::read(std::uint64_t row, std::size_t limit,
                      const std::function<void(const LoggedChange&)>& use) const {
  Query query{database_, read_};
  query.bind(1, number(row)).bind(2, static_cast<std::int64_t>(limit));
  while (query.next()) {
    use({.row = static_cast<std::uint64_t>(query.number(0)),
         .session = query.bytes(1).value_or(std::string_view{}),
         .data = query.bytes(2),
         .dataEnd = query.number(3),
         .hasWork = query.number(8) != 0,
         .step = query.bytes(4).value_or(std::string_view{}),
         .answer = query.bytes(5),
         .answerEnd = query.number(6),
         .answerSaved = static_cast<std::uint64_t>(query.number(7))});
  }
}

void SessionLog::append(const LoggedChange& change) const {
  Query query{database_, append_};
  query.bind(1, number(change.row)).bind(2, change.session);
  query.bind(3, change.data).bind(4, change.dataEnd);
  query.bind(5, change.step).bind(6, change.answer).bind(7, change.answerEnd);
  query.bind(8, number(change.answerSaved)).bind(9, std::int64_t{change.hasWork});
  query.run();
}

void SessionLog::removeUpTo(std::uint64_t row) const {
  Query{database_, remove_}.bind(1, number(row)).run();
}

std::uint64_t SessionLog::nextFence() const {
  Query query{database_, fence_};
  if (!query.next()) database_.fail(SQLITE_CORRUPT);
  const auto fence = static_cast<std::uint64_t>(query.number(0));
  query.run();
  return fence;
}

void SessionLog::checkFiles() const {
  const std::string restart = "; start the program again, so that nothing more is lost";
  if (!database_.isInPlace()) {
    throw Error{ErrorKind::unavailable,
                "the session store " + file() + " was taken away while it was in use" + restart};
  }
  Query query{database_, readLeases_};
  if (query.next() && static_cast<std::uint64_t>(query.number(0)) == leases_) return;
  throw Error{ErrorKind::unavailable, "the session store " + file() +
                                          " has another file of leases beside it by now" + restart};
}

}  // namespace ivr::session
