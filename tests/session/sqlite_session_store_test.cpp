#include "ivr/core/error.hpp"
#include "ivr/session/session_store.hpp"
#include "session/child.hpp"
#include "session/session_steps.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <memory>
#include <optional>
#include <sqlite3.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::session;
using namespace std::chrono_literals;
using support::kLong;
using testing::HasSubstr;

const std::string kSession = "CA00000000000000000000000000000001";

/// The superuser can write to every folder: become another user meanwhile.
class OrdinaryUser {
 public:
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

  static void save(SessionStore& store, std::string_view data) {
    const auto held = store.tryOpen(kSession, "step", kLong);
    ASSERT_TRUE(held);
    ASSERT_TRUE(store.close(
        {.session = kSession, .lease = held->lease, .data = data, .dataLifetime = kLong}));
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

  support::TempFolder folder;
  const std::string file = (folder.path() / "sessions.db").string();
};

// ---- what lasts ----

TEST_F(SqliteSessionStore, WhatWasSavedIsThereAfterARestart) {
  save(*sqliteSessionStore(file), "data");
  EXPECT_EQ(sqliteSessionStore(file)->read(kSession), "data");
}

TEST_F(SqliteSessionStore, SessionThatWasHeldAtTheEndIsFreeWhenTheLeaseHasRunOut) {
  const auto held = sqliteSessionStore(file)->tryOpen(kSession, "step", 1min);
  ASSERT_TRUE(held);
  EXPECT_FALSE(sqliteSessionStore(file)->tryOpen(kSession, "step", 1min));
  const Clock later = [] { return std::chrono::system_clock::now() + 2min; };
  EXPECT_TRUE(sqliteSessionStore(file, later)->tryOpen(kSession, "step", 1min));
}

/// Starts the writer and kills it after a while; returns the last number that it reported as saved.
std::optional<std::uint64_t> lastSavedBeforeKill(const std::string& store,
                                                 std::chrono::microseconds after) {
  support::Child writer{{IVR_SESSION_WRITER, "versions", store, kSession}};
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

TEST_F(SqliteSessionStore, KillInTheMiddleOfAStepLeavesTheOldSessionOrTheNew) {
  const Clock inAnHour = [] { return std::chrono::system_clock::now() + kLong; };
  int heldByTheDead = 0;
  for (int kill = 0; kill < 200; ++kill) {
    const auto saved =
        lastSavedBeforeKill("sqlite:" + file, std::chrono::microseconds{(kill * 137) % 5000});
    ASSERT_TRUE(saved) << "the writer does not write";

    const auto restarted = sqliteSessionStore(file);
    const auto found = support::wholeVersion(restarted->read(kSession));
    ASSERT_TRUE(found) << "half a session";
    ASSERT_GE(*found, *saved);
    ASSERT_LE(*found, *saved + 1);

    if (const auto held = restarted->tryOpen(kSession, "step", kLong)) {
      ASSERT_TRUE(restarted->close({.session = kSession, .lease = held->lease}));
      continue;
    }
    ++heldByTheDead;
    const auto later = sqliteSessionStore(file, inAnHour);
    const auto held = later->tryOpen(kSession, "step", kLong);
    ASSERT_TRUE(held);
    ASSERT_EQ(support::wholeVersion(held->data), found);
    ASSERT_TRUE(later->close({.session = kSession, .lease = held->lease}));
  }
  EXPECT_GT(heldByTheDead, 0) << "no kill was in the middle";
}

// ---- files ----

TEST_F(SqliteSessionStore, FilesAreForTheirOwnerOnly) {
  const auto store = sqliteSessionStore(file);
  save(*store, "data");
  EXPECT_EQ(modeOf(file), 0600);
  EXPECT_EQ(modeOf(file + "-wal"), 0600);
  EXPECT_EQ(modeOf(file + "-shm"), 0600);
}

TEST_F(SqliteSessionStore, FileThatIsThereKeepsItsMode) {
  folder.write("sessions.db", "");
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  save(*sqliteSessionStore(file), "data");
  EXPECT_EQ(modeOf(file), 0640);
  EXPECT_EQ(sqliteSessionStore(file)->read(kSession), "data");
}

TEST_F(SqliteSessionStore, RelativeNamesAndThoseWithAMeaningForSqliteAreNamesOfFiles) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const std::string name : {"sessions.db", ":memory:", "file:x?mode=memory", "a b'c\"d"}) {
    save(*sqliteSessionStore(name), "data");
    EXPECT_TRUE(std::filesystem::exists(folder.path() / name)) << name;
    EXPECT_EQ(sqliteSessionStore(name)->read(kSession), "data") << name;
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
  save(*sqliteSessionStore(file), "data");
  setSchema(200);
  EXPECT_THAT(refusalOf(file), AllOf(HasSubstr(file), HasSubstr("200")));
  setSchema(1);
  EXPECT_EQ(sqliteSessionStore(file)->read(kSession), "data");
}

TEST_F(SqliteSessionStore, DatabaseInAReadOnlyFolderIsRefusedByName) {
  save(*sqliteSessionStore(file), "data");
  ASSERT_EQ(::chmod(file.c_str(), 0666), 0);  // the folder must be the obstacle
  ASSERT_EQ(::chmod(folder.path().c_str(), 0555), 0);
  {
    const OrdinaryUser user;
    EXPECT_THAT(refusalOf(file), HasSubstr(file));
    EXPECT_THAT(refusalOf(file + "2"), HasSubstr(file + "2"));
  }
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  EXPECT_EQ(sqliteSessionStore(file)->read(kSession), "data");
}

TEST_F(SqliteSessionStore, FileThatCannotBeWrittenIsRefusedByName) {
  save(*sqliteSessionStore(file), "data");
  ASSERT_EQ(::chmod(file.c_str(), 0444), 0);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
  const OrdinaryUser user;
  EXPECT_THAT(refusalOf(file), HasSubstr(file));
}

// ---- several stores ----

TEST_F(SqliteSessionStore, StoresOnOneFileExcludeEachOther) {
  const auto one = sqliteSessionStore(file);
  const auto two = sqliteSessionStore(file);
  const auto held = one->tryOpen(kSession, "step", kLong);
  ASSERT_TRUE(held);
  EXPECT_FALSE(two->tryOpen(kSession, "step", kLong));
  EXPECT_TRUE(two->renew(kSession, held->lease, kLong));
  EXPECT_TRUE(two->close(
      {.session = kSession, .lease = held->lease, .data = "data", .dataLifetime = kLong}));
  EXPECT_EQ(one->read(kSession), "data");
}

TEST_F(SqliteSessionStore, EndOfOneStoreLeavesTheOtherAlone) {
  const auto one = sqliteSessionStore(file);
  save(*sqliteSessionStore(file), "data");
  EXPECT_EQ(one->read(kSession), "data");
  save(*one, "more");
  EXPECT_EQ(sqliteSessionStore(file)->read(kSession), "more");
}

TEST_F(SqliteSessionStore, ManyProcessesMayMakeTheFileAtTheSameTime) {
  for (int round = 0; round < 10; ++round) {
    const std::string made = file + std::to_string(round);
    std::vector<std::unique_ptr<support::Child>> children;
    for (int i = 0; i < 8; ++i) {
      children.push_back(std::make_unique<support::Child>(std::vector<std::string>{
          IVR_SESSION_WRITER, "increment", "sqlite:" + made, kSession, "1", "10"}));
    }
    for (const auto& child : children) EXPECT_EQ(child->wait(), 0);
    EXPECT_EQ(sqliteSessionStore(made)->read(kSession), "80");
  }
}

TEST_F(SqliteSessionStore, FileThatSomebodyElseKeepsLockedIsATimeoutAndNothingIsSaved) {
  const auto store = sqliteSessionStore(file);
  save(*store, "before");
  const auto held = store->tryOpen(kSession, "step", kLong);
  ASSERT_TRUE(held);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const SessionChange change{
      .session = kSession, .lease = held->lease, .data = "after", .dataLifetime = kLong};
  try {
    (void)store->close(change);
    ADD_FAILURE() << "closed";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_THAT(error.what(), HasSubstr(file));
  }
  sqlite3_close(other);
  EXPECT_EQ(store->read(kSession), "before");
  EXPECT_TRUE(store->close(change));
  EXPECT_EQ(store->read(kSession), "after");
}

TEST_F(SqliteSessionStore, DiskThatIsFullIsAnErrorAndNothingIsSaved) {
  const auto store = sqliteSessionStore(file);
  save(*store, "before");
  const auto held = store->tryOpen(kSession, "step", kLong);
  ASSERT_TRUE(held);
  const std::string large(1 << 20, 'x');
  const SessionChange change{.session = kSession,
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
  EXPECT_EQ(store->read(kSession), "before");
  EXPECT_TRUE(store->close(change));
  EXPECT_TRUE(store->read(kSession) == large);
}

}  // namespace
