// Which store a setting names.

#include "ivr/session/session_store.hpp"

#include "ivr/core/error.hpp"
#include "support/temp_folder.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <optional>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::session;
using testing::HasSubstr;
using testing::Not;
using testing::Values;

/// What is wrong with a setting; empty if nothing is wrong.
std::string refusalOf(const std::string& name) {
  try {
    (void)openSessionStore(name);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    return error.what();
  }
  return {};
}

TEST(OpenSessionStore, MemoryIsTheMemoryOfThisProcess) {
  EXPECT_EQ(openSessionStore("memory")->scope(), StoreScope::process);
}

TEST(OpenSessionStore, SqliteIsTheDatabaseInThatFile) {
  const support::TempFolder folder;
  const std::string file = (folder.path() / "sessions.db").string();
  EXPECT_EQ(openSessionStore("sqlite:" + file)->scope(), StoreScope::machine);
  EXPECT_TRUE(std::filesystem::exists(file));
}

class SettingOfRedis : public testing::TestWithParam<const char*> {};

TEST_P(SettingOfRedis, IsTaken) {
  EXPECT_EQ(openSessionStore(GetParam())->scope(), StoreScope::everyMachine);
}

INSTANTIATE_TEST_SUITE_P(, SettingOfRedis,
                         Values("redis://localhost", "redis://localhost/", "redis://localhost:6380",
                                "redis://127.0.0.1:6379/15", "redis://[::1]:6379/0",
                                "redis://:secret@localhost", "redis://ivr:secret@localhost/2",
                                "redis://ivr:p%40ss%3Aw%2Frd@localhost",
                                "rediss://:secret@localhost", "rediss://localhost:6380/1"));

class WrongSetting : public testing::TestWithParam<const char*> {};

TEST_P(WrongSetting, IsRefusedWithoutShowingThePassword) {
  const std::string refusal = refusalOf(GetParam());
  EXPECT_THAT(refusal, HasSubstr("session store"));
  EXPECT_THAT(refusal, Not(HasSubstr("secret")));
}

TEST(OpenSessionStore, NamesASettingThatItDoesNotKnow) {
  EXPECT_THAT(refusalOf("/x.db"), HasSubstr("unknown session store \"/x.db\"; a session store is "
                                            "memory, sqlite:FILE or redis://"));
}

INSTANTIATE_TEST_SUITE_P(
    , WrongSetting,
    Values("", "Memory", "memory ", "redis", "redis:", "redis://", "redis:///1", "redis://:secret@",
           "redis://secret@localhost", "redis://ivr:@localhost", "redis://:secret@localhost:",
           "redis://:secret@localhost:0", "redis://:secret@localhost:65536",
           "redis://:secret@localhost:123456", "redis://:secret@localhost:port",
           "redis://:secret@localhost/one", "redis://:secret@localhost/-1",
           "redis://:secret@localhost/1/", "redis://:secret@localhost/99999999999",
           "redis://:secret@localhost/0?timeout=1", "redis://:secret@localhost/0#1",
           "redis://:sec ret-secret@localhost", "redis://:secret#secret@localhost",
           "http://:secret@localhost", "sqlite", "sqlite:", "file:sessions.db"));

}  // namespace
