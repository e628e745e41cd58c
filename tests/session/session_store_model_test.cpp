// Two SQLite stores on one file, each of which ends and begins again at times, do together what one
// memory store does.

#include "ivr/session/session_store.hpp"
#include "session/fake_clocks.hpp"
#include "session/waiting_store.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace ivr::session;
using namespace std::chrono_literals;
using ivr::support::WaitingStore;

/// A session that one of the stores holds.
struct Held {
  std::size_t by;
  std::string session;
  std::string step;
  std::uint64_t lease;
  std::uint64_t leaseOfModel;
};

class Comparison {
 public:
  explicit Comparison(unsigned seed) : random_(seed) {
    for (auto& store : stores_) store = begun();
  }

  void run(int operations) {
    for (int i = 0; i < operations && !testing::Test::HasFailure(); ++i) {
      switch (number(11)) {
        case 0: clocks_.pass(std::chrono::milliseconds{number(3000)}); break;
        case 1: restart(number(2)); break;
        case 2: read(); break;
        case 3: renew(); break;
        case 4:
        case 5:
        case 6: open(); break;
        default: close(); break;
      }
    }
    for (int session = 0; session < kSessions; ++session) {
      for (auto& store : stores_) expectSame(*store, nameOf(session));
    }
    for (auto& store : stores_) {
      EXPECT_THAT(store->withWork(), testing::UnorderedElementsAreArray(model_.withWork()));
    }
  }

 private:
  static constexpr int kSessions = 5;
  static std::string nameOf(int session) { return "CA" + std::to_string(session); }

  int number(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  std::string someSession() { return nameOf(number(kSessions)); }
  std::string someStep() { return "step " + std::to_string(number(7)); }
  std::chrono::milliseconds someLifetime() {
    return number(4) == 0 ? 0ms : std::chrono::milliseconds{number(20'000)};
  }
  std::string someText() {
    const bool isLarge = number(3) == 0;  // so that the log is cleaned
    return std::string(static_cast<std::size_t>(number(isLarge ? 200'000 : 20)), 'x') +
           std::to_string(random_());
  }

  std::shared_ptr<WaitingStore> begun() {
    return std::make_shared<WaitingStore>(sqliteSessionStore(file_, clocks_.disk()));
  }

  static bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  }

  void expectSame(WaitingStore& store, const std::string& session) {
    EXPECT_TRUE(store.read(session) == model_.read(session)) << session;
    const bool hasWork = contains(model_.withWork(), session);
    EXPECT_EQ(contains(store.withWork(), session), hasWork) << session;
  }

  void read() { expectSame(*stores_[static_cast<std::size_t>(number(2))], someSession()); }

  void open() {
    const auto by = static_cast<std::size_t>(number(2));
    const std::string session = someSession();
    const std::string step = someStep();
    const std::chrono::milliseconds lease{1 + number(4000)};
    const auto opened = stores_[by]->tryOpen(session, step, lease);
    const auto expected = model_.tryOpen(session, step, lease);
    ASSERT_EQ(opened.has_value(), expected.has_value()) << session;
    if (!opened) return;
    EXPECT_TRUE(opened->data == expected->data) << session;
    EXPECT_TRUE(opened->answer == expected->answer) << session << ' ' << step;
    held_.push_back({by, session, step, opened->lease, expected->lease});
  }

  std::optional<Held> takeHeld() {
    if (held_.empty()) return std::nullopt;
    const auto which = held_.begin() + number(static_cast<int>(held_.size()));
    Held held = *which;
    held_.erase(which);
    return held;
  }

  void renew() {
    const auto held = takeHeld();
    if (!held) return;
    const std::chrono::milliseconds lease{1 + number(4000)};
    const bool isHeld = stores_[held->by]->renew(held->session, held->lease, lease);
    EXPECT_EQ(isHeld, model_.renew(held->session, held->leaseOfModel, lease)) << held->session;
    held_.push_back(*held);
  }

  void close() {
    const auto held = takeHeld();
    if (!held) return;
    const std::string data = number(4) == 0 ? "" : someText();
    const std::string answer = someText();
    SessionChange change{.session = held->session, .lease = held->lease, .step = held->step};
    if (number(3) != 0) change.data = data;
    if (number(3) != 0) change.answer = answer;
    if (number(3) != 0) change.hasWork = number(2) == 0;
    change.dataLifetime = someLifetime();
    change.answerLifetime = someLifetime();
    const bool isSaved = stores_[held->by]->close(change);
    change.lease = held->leaseOfModel;
    EXPECT_EQ(isSaved, model_.close(change)) << held->session;
  }

  /// What a store holds is free when it ends.
  void restart(int which) {
    const auto by = static_cast<std::size_t>(which);
    stores_[by].reset();
    stores_[by] = begun();
    std::erase_if(held_, [&](const Held& held) {
      if (held.by != by) return false;
      (void)model_.close({.session = held.session, .lease = held.leaseOfModel});
      return true;
    });
  }

  std::mt19937 random_;
  ivr::support::FakeClocks clocks_;
  ivr::support::TempFolder folder_;
  const std::string file_ = (folder_.path() / "sessions.db").string();
  WaitingStore model_{memorySessionStore(clocks_.steady())};
  std::array<std::shared_ptr<WaitingStore>, 2> stores_;
  std::vector<Held> held_;
};

class SqliteStores : public testing::TestWithParam<unsigned> {};

INSTANTIATE_TEST_SUITE_P(Seed, SqliteStores, testing::Range(0U, 12U));

TEST_P(SqliteStores, DoTogetherWhatOneMemoryStoreDoes) { Comparison{GetParam()}.run(500); }

}  // namespace
