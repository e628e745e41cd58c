#include "ivr/core/error.hpp"
#include "ivr/session/session_store.hpp"
#include "session/child.hpp"
#include "session/fake_clocks.hpp"
#include "session/session_steps.hpp"
#include "session/waiting_store.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <sqlite3.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::session;
using namespace std::chrono_literals;
using support::kLong;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;

const std::string kCall = "CA00000000000000000000000000000001";

/// The superuser can write to every folder: become another user meanwhile.
class OrdinaryUser {
 public:
  /// Who owns a file that this user may use.
  static ::uid_t id() { return ::geteuid() == 0 ? kNobody : ::geteuid(); }

  OrdinaryUser() {
    if (user_ == 0 && ::seteuid(kNobody) != 0) throw std::runtime_error{"seteuid"};
  }
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;
  ~OrdinaryUser() {
    if (::seteuid(user_) != 0) ADD_FAILURE() << "still somebody else";
  }

 private:
  static constexpr ::uid_t kNobody = 65534;
  const ::uid_t user_ = ::geteuid();
};

/// No file can grow meanwhile, as if the disk were full.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);  // `write` fails instead of ending the process
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error{"setrlimit"};
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

class SqliteSessionStore : public testing::Test {
 protected:
  static std::shared_ptr<support::WaitingStore> open(const std::string& file,
                                                     DiskClocks clocks = {}) {
    return std::make_shared<support::WaitingStore>(sqliteSessionStore(file, std::move(clocks)));
  }

  /// What is wrong with a file; empty if nothing is wrong.
  static std::string refusalOf(const std::string& file) {
    try {
      (void)sqliteSessionStore(file);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::config);
      return error.what();
    }
    return {};
  }

  static void save(support::WaitingStore& store, std::string_view session, std::string_view data) {
    const auto held = store.tryOpen(session, "step", kLong);
    ASSERT_TRUE(held);
    ASSERT_TRUE(store.close(
        {.session = session, .lease = held->lease, .data = data, .dataLifetime = kLong}));
  }
  static void save(support::WaitingStore& store, std::string_view data) {
    save(store, kCall, data);
  }

  /// The clocks of this machine after a while.
  static DiskClocks afterwards(std::chrono::milliseconds time) {
    DiskClocks clocks;
    clocks.lifetimes = [time] { return std::chrono::system_clock::now() + time; };
    clocks.leases = [time, before = clocks.leases] { return before() + time; };
    return clocks;
  }

  /// A file of an older version, with a session that is held, as the process that uses it has it.
  sqlite3* makeSchema(int schema) const {
    EXPECT_EQ(::close(::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
    sqlite3* made = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &made), SQLITE_OK);
    const std::string session = "CAST('" + kCall + "' AS BLOB)";
    const std::string inAnHour = "(unixepoch()+3600)*1000";
    const std::string leases =
        schema == 1 ? "CREATE TABLE leases(session BLOB NOT NULL PRIMARY KEY, lease INTEGER NOT"
                      " NULL, until INTEGER NOT NULL) WITHOUT ROWID;"
                    : "CREATE TABLE leases(session BLOB NOT NULL PRIMARY KEY, lease INTEGER NOT"
                      " NULL, ends INTEGER NOT NULL) WITHOUT ROWID;"
                      "CREATE TABLE start(row INTEGER PRIMARY KEY, boot TEXT NOT NULL);";
    const std::string sql =
        "PRAGMA journal_mode=WAL;" + leases +
        "CREATE TABLE sessions(session BLOB NOT NULL UNIQUE, until INTEGER NOT NULL,"
        " sweep INTEGER NOT NULL, data BLOB NOT NULL);"
        "CREATE INDEX sessions_sweep ON sessions(sweep);"
        "CREATE TABLE answers(session BLOB NOT NULL, step BLOB NOT NULL, until INTEGER NOT NULL,"
        " answer BLOB NOT NULL, PRIMARY KEY(session, step)) WITHOUT ROWID;"
        "CREATE INDEX answers_until ON answers(until);"
        "CREATE TABLE fence(row INTEGER PRIMARY KEY, number INTEGER);"
        "INSERT INTO fence VALUES(1, 41);"
        "INSERT INTO leases VALUES(" +
        session + ", 7, " + inAnHour +
        ");"
        "INSERT INTO sessions VALUES(" +
        session + ", " + inAnHour + ", " + inAnHour +
        ", CAST('old data' AS BLOB));"
        "INSERT INTO answers VALUES(" +
        session + ", CAST('old step' AS BLOB), " + inAnHour +
        ", CAST('old answer' AS BLOB));"
        "PRAGMA application_id=1769370227; PRAGMA user_version=" +
        std::to_string(schema);
    EXPECT_EQ(sqlite3_exec(made, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(made);
    return made;
  }

  /// Overwrites the schema number in the header of the database (bytes 60 to 63).
  void setSchema(unsigned char number) const {
    const int opened = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
    EXPECT_EQ(::pwrite(opened, &number, 1, 63), 1);
    ::close(opened);
  }

  [[nodiscard]] static ::mode_t modeOf(const std::string& name) {
    struct stat status {};
    EXPECT_EQ(::stat(name.c_str(), &status), 0) << name;
    return status.st_mode & 0777;
  }

  /// Does what a refusal advises.
  static void runCommandOf(const std::string& refusal) {
    const std::string command = refusal.substr(refusal.rfind(": ") + 2);
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }

  /// Does not wait for it.
  [[nodiscard]] static bool hasEnded(const support::Child& child) {
    siginfo_t ended{};
    ::waitid(P_PID, static_cast<::id_t>(child.id()), &ended, WEXITED | WNOHANG | WNOWAIT);
    return ended.si_pid != 0;
  }

  support::TempFolder folder;
  const std::string file = (folder.path() / "sessions.db").string();
};

// ---- what lasts ----

TEST_F(SqliteSessionStore, WhatWasSavedIsThereAfterARestart) {
  save(*open(file), "data");
  EXPECT_EQ(open(file)->read(kCall), "data");
}

TEST_F(SqliteSessionStore, SessionThatWasHeldAtTheEndIsFreeAtOnce) {
  ASSERT_TRUE(open(file)->tryOpen(kCall, "step", 1min));
  EXPECT_TRUE(open(file)->tryOpen(kCall, "step", 1min));
}

TEST_F(SqliteSessionStore, LeaseFromBeforeTheMachineStartedIsOver) {
  support::FakeClocks clocks;
  {
    const auto store = open(file, clocks.disk());
    save(*store, "data");
    ASSERT_TRUE(store->tryOpen(kCall, "step", 1min));
  }
  clocks.restart(10s);
  const auto store = open(file, clocks.disk());
  const auto held = store->tryOpen(kCall, "step", 1min);
  ASSERT_TRUE(held);
  EXPECT_EQ(held->data, "data");
  EXPECT_FALSE(open(file, clocks.disk())->tryOpen(kCall, "step", 1min));
  EXPECT_TRUE(store->close({.session = kCall, .lease = held->lease}));
}

TEST_F(SqliteSessionStore, SessionsGrowOldWhileTheMachineIsOff) {
  support::FakeClocks clocks;
  save(*open(file, clocks.disk()), "data");  // for an hour
  clocks.restart(59min);
  EXPECT_EQ(open(file, clocks.disk())->read(kCall), "data");
  clocks.restart(2min);
  EXPECT_EQ(open(file, clocks.disk())->read(kCall), "");
}

class OlderSchema : public SqliteSessionStore, public testing::WithParamInterface<int> {};

INSTANTIATE_TEST_SUITE_P(, OlderSchema, testing::Values(1, 2));

TEST_P(OlderSchema, KeepsItsSessionsAndItsLeasesAreOver) {
  sqlite3_close(makeSchema(GetParam()));
  const auto store = open(file);
  EXPECT_EQ(store->read(kCall), "old data");
  const auto held = store->tryOpen(kCall, "old step", 1min);
  ASSERT_TRUE(held) << "a lease of a process that is gone";
  EXPECT_EQ(held->answer, "old answer");
  EXPECT_TRUE(store->close({.session = kCall, .lease = held->lease}));
  EXPECT_EQ(store->nextFence(), 42U);
  EXPECT_EQ(open(file)->read(kCall), "old data");
}

TEST_F(SqliteSessionStore, KeepsTheSessionsOfTheSchemaThatKnewNoWork) {
  save(*open(file), "old data");
  sqlite3* made = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &made), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(made, "ALTER TABLE changes DROP COLUMN work; PRAGMA user_version=3",
                         nullptr, nullptr, nullptr),
            SQLITE_OK)
      << sqlite3_errmsg(made);
  sqlite3_close(made);
  const auto store = open(file);
  EXPECT_EQ(store->read(kCall), "old data");
  EXPECT_THAT(store->withWork(), testing::IsEmpty());
  const auto held = store->tryOpen(kCall, "step", 1min);
  ASSERT_TRUE(held);
  EXPECT_TRUE(store->close({.session = kCall, .lease = held->lease, .hasWork = true}));
  EXPECT_THAT(open(file)->withWork(), testing::ElementsAre(kCall));
}

TEST_P(OlderSchema, IsRefusedWhileAnOlderProcessUsesIt) {
  sqlite3* const older = makeSchema(GetParam());
  EXPECT_THAT(refusalOf(file),
              AllOf(HasSubstr(file), HasSubstr("older version"), HasSubstr("stop that first")));
  EXPECT_EQ(sqlite3_exec(older, "UPDATE leases SET lease=lease+1", nullptr, nullptr, nullptr),
            SQLITE_OK)
      << "the older process is disturbed";
  sqlite3_close(older);
  EXPECT_EQ(open(file)->read(kCall), "old data");
}

/// Starts the writer and kills it after a while; returns the last number that it reported as saved.
std::optional<std::uint64_t> lastSavedBeforeKill(const std::string& store,
                                                 std::chrono::microseconds after) {
  support::Child writer{{IVR_SESSION_WRITER, "versions", store, kCall}};
  std::optional<std::uint64_t> last;
  std::uint64_t number = 0;
  const auto readOne = [&] {
    return ::read(writer.output(), &number, sizeof number) == sizeof number;
  };
  if (!readOne()) return std::nullopt;
  last = number;
  std::this_thread::sleep_for(after);  // the test varies the moment of the kill
  writer.kill();
  while (readOne()) last = number;
  return last;
}

TEST_F(SqliteSessionStore, KillInTheMiddleOfAStepLeavesTheOldSessionOrTheNewAndNobodyWaits) {
  const auto other = open(file);  // as a process that shares the file from the beginning
  for (int kill = 0; kill < 200; ++kill) {
    const auto saved =
        lastSavedBeforeKill("sqlite:" + file, std::chrono::microseconds{(kill * 137) % 5000});
    ASSERT_TRUE(saved) << "the writer does not write";

    const auto restarted = open(file);
    for (const auto& store : {restarted, other}) {
      const auto found = support::wholeVersion(store->read(kCall));
      ASSERT_TRUE(found) << "half a session";
      ASSERT_GE(*found, *saved);
      ASSERT_LE(*found, *saved + 1);
      const auto held = store->tryOpen(kCall, "step", kLong);
      ASSERT_TRUE(held) << "who died is waited for";
      ASSERT_EQ(support::wholeVersion(held->data), found);
      ASSERT_TRUE(store->close({.session = kCall, .lease = held->lease}));
    }
  }
}

TEST_F(SqliteSessionStore, ProcessThatIsStoppedInItsStepIsPassedOverAfterTheLeaseAndSavesNothing) {
  support::Child child{{IVR_SESSION_WRITER, "hold", "sqlite:" + file, kCall}};
  std::uint64_t number = 0;
  const auto readOne = [&] {
    return ::read(child.output(), &number, sizeof number) == sizeof number;
  };
  ASSERT_TRUE(readOne());
  siginfo_t stopped{};
  ASSERT_EQ(::waitid(P_PID, static_cast<::id_t>(child.id()), &stopped, WSTOPPED | WNOWAIT), 0);

  EXPECT_FALSE(open(file)->tryOpen(kCall, "step", kLong)) << "it may still go on";
  const auto later = open(file, afterwards(2 * kLong));
  save(*later, "of the next one");
  ::kill(child.id(), SIGCONT);
  ASSERT_TRUE(readOne());
  EXPECT_EQ(number, 0U) << "it has saved";
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(later->read(kCall), "of the next one");
  EXPECT_EQ(open(file)->read(kCall), "of the next one");
}

// ---- what is saved together ----

TEST_F(SqliteSessionStore, ChangeThatFailsFailsAlone) {
  const auto store = open(file);
  const std::string tooLarge(1 << 20, 'x');
  std::vector<Later<bool>> saved;
  {
    const FileSizeLimit limit{1 << 20};
    for (int i = 0; i < 20; ++i) {
      const std::string session = "CA" + std::to_string(i);
      const auto held = store->tryOpen(session, "step", kLong);
      ASSERT_TRUE(held);
      saved.push_back(store->store().close({.session = session,
                                            .lease = held->lease,
                                            .data = i == 10 ? tooLarge : "small",
                                            .dataLifetime = kLong}));
    }
    for (std::size_t i = 0; i < saved.size(); ++i) {
      if (i == 10) {
        EXPECT_THROW((void)std::move(saved[i]).get(), Error);
      } else {
        EXPECT_TRUE(std::move(saved[i]).get()) << i;
      }
    }
  }
  const auto other = open(file);
  EXPECT_EQ(other->read("CA9"), "small");
  EXPECT_EQ(other->read("CA10"), "");
  EXPECT_EQ(other->read("CA11"), "small");
}

TEST_F(SqliteSessionStore, EndOfTheStoreWaitsForWhatIsToBeSaved) {
  auto store = open(file);
  std::vector<Later<bool>> saved;
  for (int i = 0; i < 100; ++i) {
    const std::string session = "CA" + std::to_string(i);
    const auto held = store->tryOpen(session, "step", kLong);
    saved.push_back(store->store().close(
        {.session = session, .lease = held->lease, .data = "data", .dataLifetime = kLong}));
  }
  store.reset();
  for (auto& one : saved) EXPECT_TRUE(std::move(one).get());
  EXPECT_EQ(open(file)->read("CA99"), "data");
}

TEST_F(SqliteSessionStore, FileIsAsLargeAsItsSessionsHoweverManyStepsTheyTake) {
  const std::string kilobyte(1024, 'x');
  const auto store = open(file);
  const auto other = open(file);  // finds everything, though most of the log is gone by then
  for (int i = 0; i < 10; ++i) save(*other, "CA" + std::to_string(i), "rests");
  for (int step = 0; step < 6'000; ++step) {
    const std::string session = "CA" + std::to_string(10 + step % 10);
    const std::string name = "step " + std::to_string(step);
    const auto held = store->tryOpen(session, name, kLong);
    ASSERT_TRUE(held);
    ASSERT_TRUE(store->close({.session = session,
                              .lease = held->lease,
                              .data = kilobyte,
                              .dataLifetime = kLong,
                              .step = name,
                              .answer = kilobyte,
                              .answerLifetime = kLong}));
  }
  EXPECT_LT(std::filesystem::file_size(file), 8U << 20);
  for (const auto& found : {other, open(file)}) {
    EXPECT_EQ(found->read("CA0"), "rests");
    EXPECT_EQ(found->read("CA10"), kilobyte);
    const auto held = found->tryOpen("CA19", "step 5999", kLong);
    ASSERT_TRUE(held);
    EXPECT_EQ(held->answer, kilobyte);
    EXPECT_TRUE(found->close({.session = "CA19", .lease = held->lease}));
  }
}

// ---- files ----

TEST_F(SqliteSessionStore, FilesAreForTheirOwnerOnly) {
  const auto store = open(file);
  save(*store, "data");
  EXPECT_EQ(modeOf(file), 0600);
  EXPECT_EQ(modeOf(file + "-wal"), 0600);
  EXPECT_EQ(modeOf(file + "-shm"), 0600);
  EXPECT_EQ(modeOf(file + "-leases"), 0600);
}

TEST_F(SqliteSessionStore, FilesAreForTheirOwnerOnlyFromTheFirstMomentWhateverTheMask) {
  const ::mode_t before = ::umask(0);
  support::Child writer{{IVR_SESSION_WRITER, "increment", "sqlite:" + file, kCall, "1", "300"}};
  ::umask(before);
  std::set<::mode_t> seen;
  while (!hasEnded(writer)) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal", "-leases"}) {
      struct stat status {};
      if (::stat((file + suffix).c_str(), &status) == 0) seen.insert(status.st_mode & 0777);
    }
  }
  EXPECT_EQ(writer.wait(), 0);
  EXPECT_EQ(seen, std::set<::mode_t>{0600});
}

TEST_F(SqliteSessionStore, FileThatOthersMayReadIsRefusedWithTheCommandThatMendsIt) {
  save(*open(file), "data");
  for (const ::mode_t mode : {0640U, 0604U, 0620U, 0602U}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    const std::string refusal = refusalOf(file);
    EXPECT_THAT(refusal, EndsWith(": chmod 600 " + file)) << mode;
    EXPECT_EQ(modeOf(file), mode) << "it was touched";
    runCommandOf(refusal);
    EXPECT_EQ(open(file)->read(kCall), "data");
  }
}

TEST_F(SqliteSessionStore, FilesOfSqliteThatOthersMayReadAreRefusedWithOneCommandForAll) {
  const std::string odd = (folder.path() / "it's a file.db").string();
  const auto store = open(odd);  // open, so that the files stay
  save(*store, "data");
  for (const char* suffix : {"", "-wal", "-shm", "-leases"}) {
    ASSERT_EQ(::chmod((odd + suffix).c_str(), 0644), 0);
    EXPECT_THAT(refusalOf(odd), HasSubstr("chmod 600 ")) << suffix;
  }
  runCommandOf(refusalOf(odd));
  EXPECT_EQ(refusalOf(odd), "");
  for (const char* suffix : {"", "-wal", "-shm", "-leases"}) EXPECT_EQ(modeOf(odd + suffix), 0600);
}

TEST_F(SqliteSessionStore, FileOfAnotherUserIsRefusedWithTheCommandThatMendsIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only the superuser can make one";
  save(*open(file), "data");
  ASSERT_EQ(::chown(file.c_str(), 65534, 65534), 0);
  const std::string refusal = refusalOf(file);
  EXPECT_THAT(refusal, EndsWith(": chown 0 " + file));
  runCommandOf(refusal);
  EXPECT_EQ(open(file)->read(kCall), "data");
}

TEST_F(SqliteSessionStore, LinkInAFolderThatOthersMayWriteIsRefusedWithTheCommandThatMendsIt) {
  const std::string real = (folder.path() / "kept" / "real.db").string();
  folder.write("kept/.keep", "");
  save(*open(real), "data");
  for (const ::mode_t mode : {0777U, 01777U, 0775U}) {
    folder.symlink(real, "open/sessions.db");
    ASSERT_EQ(::chmod((folder.path() / "open").c_str(), mode), 0);
    const std::string link = (folder.path() / "open" / "sessions.db").string();
    const std::string refusal = refusalOf(link);
    EXPECT_THAT(refusal, AllOf(HasSubstr("is a link"), EndsWith(": rm " + link))) << mode;
    runCommandOf(refusal);
    EXPECT_EQ(open(link)->read(kCall), "") << "a file of its own";
    folder.remove("open");
  }
  EXPECT_EQ(open(real)->read(kCall), "data");
}

TEST_F(SqliteSessionStore, LinkThatLeadsNowhereInAFolderThatOthersMayWriteMakesNothing) {
  const std::string elsewhere = (folder.path() / "elsewhere").string();
  folder.symlink(elsewhere, "open/sessions.db");
  ASSERT_EQ(::chmod((folder.path() / "open").c_str(), 0777), 0);
  EXPECT_THAT(refusalOf((folder.path() / "open" / "sessions.db").string()), HasSubstr("is a link"));
  EXPECT_FALSE(std::filesystem::exists(elsewhere));
}

TEST_F(SqliteSessionStore, LinksInPlaceOfTheFilesOfSqliteAreRefusedInAFolderThatOthersMayWrite) {
  folder.write("victim", "theirs");
  ASSERT_EQ(::chmod((folder.path() / "victim").c_str(), 0600), 0);
  ASSERT_EQ(::chmod(folder.path().c_str(), 01777), 0);
  for (const char* suffix : {"-wal", "-shm", "-journal", "-leases"}) {
    folder.symlink(folder.path() / "victim", "sessions.db" + std::string{suffix});
    EXPECT_THAT(refusalOf(file), AllOf(HasSubstr("is a link"), EndsWith(": rm " + file + suffix)));
    folder.remove("sessions.db" + std::string{suffix});
  }
  EXPECT_EQ(std::filesystem::file_size(folder.path() / "victim"), 6U);
  save(*open(file), "data");
}

TEST_F(SqliteSessionStore, LinkInAFolderOfItsOwnerIsFollowed) {
  const std::string real = (folder.path() / "real.db").string();
  folder.symlink("real.db", "sessions.db");
  save(*open(file), "data");
  EXPECT_EQ(modeOf(real), 0600);
  EXPECT_EQ(open(real)->read(kCall), "data");
  ASSERT_EQ(::chmod(real.c_str(), 0644), 0);
  EXPECT_THAT(refusalOf(file), EndsWith(": chmod 600 " + real));
}

TEST_F(SqliteSessionStore, LinksInACircleAreRefused) {
  folder.symlink("other", "sessions.db");
  folder.symlink("sessions.db", "other");
  EXPECT_THAT(refusalOf(file), HasSubstr("too many links"));
}

TEST_F(SqliteSessionStore, RelativeNamesAndThoseWithAMeaningForSqliteAreNamesOfFiles) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const std::string name : {"sessions.db", ":memory:", "file:x?mode=memory", "a b'c\"d"}) {
    save(*open(name), "data");
    EXPECT_TRUE(std::filesystem::exists(folder.path() / name)) << name;
    EXPECT_EQ(open(name)->read(kCall), "data") << name;
  }
  std::filesystem::current_path(before);
}

TEST_F(SqliteSessionStore, FolderThatIsNotThereIsRefusedByItsFullName) {
  const std::string missing = (folder.path() / "missing" / "sessions.db").string();
  EXPECT_THAT(refusalOf(missing), HasSubstr(missing));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "missing"));
}

TEST_F(SqliteSessionStore, RefusalNamesTheWholePathOfARelativeFile) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  EXPECT_THAT(refusalOf("missing/sessions.db"), HasSubstr(folder.path().string()));
  std::filesystem::current_path(before);
}

TEST_F(SqliteSessionStore, NoNameIsRefused) {
  EXPECT_NE(refusalOf(""), "");
  EXPECT_NE(refusalOf(std::string{"a\0b", 3}), "");
}

TEST_F(SqliteSessionStore, FolderInPlaceOfAFileIsRefused) {
  EXPECT_THAT(refusalOf(folder.path().string()), HasSubstr(folder.path().string()));
}

TEST_F(SqliteSessionStore, FileThatIsNoDatabaseIsRefusedAndLeftAsItIs) {
  const std::string text(5000, 'x');
  folder.write("sessions.db", text);
  EXPECT_THAT(refusalOf(file), HasSubstr(file));
  std::ifstream bytes{file, std::ios::binary};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{bytes}, {}}), text);
}

TEST_F(SqliteSessionStore, DatabaseOfAnotherProgramIsRefusedAndLeftAsItIs) {
  {
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE sessions(x)", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(other);
  }
  const auto size = std::filesystem::file_size(file);
  EXPECT_THAT(refusalOf(file), HasSubstr(file));
  EXPECT_EQ(std::filesystem::file_size(file), size);
  EXPECT_FALSE(std::filesystem::exists(file + "-wal"));
}

TEST_F(SqliteSessionStore, SchemaOfANewerVersionIsRefused) {
  save(*open(file), "data");
  setSchema(200);
  EXPECT_THAT(refusalOf(file), AllOf(HasSubstr(file), HasSubstr("200")));
  setSchema(4);
  EXPECT_EQ(open(file)->read(kCall), "data");
}

TEST_F(SqliteSessionStore, DatabaseInAReadOnlyFolderIsRefusedByName) {
  save(*open(file), "data");
  ASSERT_EQ(::chown(file.c_str(), OrdinaryUser::id(), ::gid_t(-1)),
            0);  // the folder is the obstacle
  ASSERT_EQ(::chmod(folder.path().c_str(), 0555), 0);
  {
    const OrdinaryUser user;
    EXPECT_THAT(refusalOf(file), HasSubstr(file));
    EXPECT_THAT(refusalOf(file + "2"), HasSubstr(file + "2"));
  }
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  ASSERT_EQ(::chown(file.c_str(), ::geteuid(), ::gid_t(-1)), 0);
  EXPECT_EQ(open(file)->read(kCall), "data");
}

TEST_F(SqliteSessionStore, FileThatCannotBeWrittenIsRefusedByName) {
  save(*open(file), "data");
  ASSERT_EQ(::chown(file.c_str(), OrdinaryUser::id(), ::gid_t(-1)), 0);
  ASSERT_EQ(::chmod(file.c_str(), 0400), 0);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
  const OrdinaryUser user;
  EXPECT_THAT(refusalOf(file), HasSubstr(file));
}

TEST_F(SqliteSessionStore, FileThatWasTakenAwayIsAnErrorThatSaysWhatToDo) {
  for (const char* suffix : {"", "-leases"}) {
    const auto store = open(file);
    save(*store, "before");
    const auto held = store->tryOpen(kCall, "step", kLong);
    ASSERT_TRUE(held);
    ASSERT_TRUE(std::filesystem::remove(file + suffix));
    const auto another = *suffix == '\0' ? nullptr : open(file);  // has other leases
    try {
      (void)store->close(
          {.session = kCall, .lease = held->lease, .data = "after", .dataLifetime = kLong});
      ADD_FAILURE() << "closed";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unavailable);
      EXPECT_THAT(error.what(), AllOf(HasSubstr(file), HasSubstr("start the program again")));
    }
  }
}

// ---- several stores ----

TEST_F(SqliteSessionStore, StoresOnOneFileExcludeEachOther) {
  const auto one = open(file);
  const auto two = open(file);
  const auto held = one->tryOpen(kCall, "step", kLong);
  ASSERT_TRUE(held);
  EXPECT_FALSE(two->tryOpen(kCall, "step", kLong));
  EXPECT_FALSE(two->renew(kCall, held->lease, kLong)) << "the lease of another store";
  EXPECT_FALSE(
      two->close({.session = kCall, .lease = held->lease, .data = "data", .dataLifetime = kLong}));
  EXPECT_TRUE(
      one->close({.session = kCall, .lease = held->lease, .data = "data", .dataLifetime = kLong}));
  EXPECT_EQ(two->read(kCall), "data");
}

TEST_F(SqliteSessionStore, EndOfOneStoreLeavesTheOtherAlone) {
  const auto one = open(file);
  save(*open(file), "data");
  EXPECT_EQ(one->read(kCall), "data");
  save(*one, "more");
  EXPECT_EQ(open(file)->read(kCall), "more");
}

TEST_F(SqliteSessionStore, ManyProcessesMayMakeTheFileAtTheSameTime) {
  for (int round = 0; round < 10; ++round) {
    const std::string made = file + std::to_string(round);
    std::vector<std::unique_ptr<support::Child>> children;
    for (int i = 0; i < 8; ++i) {
      children.push_back(std::make_unique<support::Child>(std::vector<std::string>{
          IVR_SESSION_WRITER, "increment", "sqlite:" + made, kCall, "1", "10"}));
    }
    for (const auto& child : children) EXPECT_EQ(child->wait(), 0);
    EXPECT_EQ(open(made)->read(kCall), "80");
  }
}

TEST_F(SqliteSessionStore, FileThatSomebodyElseKeepsLockedIsATimeoutAndNothingIsSaved) {
  const auto store = open(file);
  save(*store, "before");
  const auto held = store->tryOpen(kCall, "step", kLong);
  ASSERT_TRUE(held);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const SessionChange change{
      .session = kCall, .lease = held->lease, .data = "after", .dataLifetime = kLong};
  try {
    (void)store->close(change);
    ADD_FAILURE() << "closed";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_THAT(error.what(), HasSubstr(file));
  }
  sqlite3_close(other);
  EXPECT_EQ(store->read(kCall), "before");
  EXPECT_TRUE(store->close(change));
  EXPECT_EQ(store->read(kCall), "after");
}

TEST_F(SqliteSessionStore, DiskThatIsFullIsAnErrorAndNothingIsSaved) {
  const auto store = open(file);
  save(*store, "before");
  const auto held = store->tryOpen(kCall, "step", kLong);
  ASSERT_TRUE(held);
  const std::string large(1 << 20, 'x');
  const SessionChange change{.session = kCall,
                             .lease = held->lease,
                             .data = large,
                             .dataLifetime = kLong,
                             .step = "step",
                             .answer = large,
                             .answerLifetime = kLong};
  {
    const FileSizeLimit limit{1 << 20};
    try {
      (void)store->close(change);
      ADD_FAILURE() << "closed";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unavailable);
      EXPECT_THAT(error.what(), HasSubstr(file));
    }
  }
  EXPECT_EQ(store->read(kCall), "before");
  EXPECT_TRUE(store->close(change));
  EXPECT_TRUE(store->read(kCall) == large);
}

}  // namespace
