#include "server/mailbox.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using server::Accepted;
using server::ConnectionLimit;
using server::Mail;
using server::Mailbox;
using server::Reply;
using testing::ElementsAre;
using testing::IsEmpty;

Mail reply(std::uint64_t serial) { return Reply{.socket = -1, .serial = serial, .response = {}}; }

std::vector<Mail> takenFrom(Mailbox& mailbox) {
  std::vector<Mail> mail;
  mailbox.take(mail);
  return mail;
}

/// The serials of replies.
std::vector<std::uint64_t> serialsOf(const std::vector<Mail>& mail) {
  std::vector<std::uint64_t> serials;
  for (const Mail& one : mail) serials.push_back(std::get<Reply>(one).serial);
  return serials;
}

/// The only place of a limit; none if it is taken.
std::optional<ConnectionLimit::Slot> placeIn(ConnectionLimit& limit) {
  return limit.take(
      "::1", [] {}, std::chrono::milliseconds{0});
}

/// How often the worker was woken since this was last asked.
eventfd_t wakings(const Mailbox& mailbox) {
  eventfd_t count = 0;
  return ::eventfd_read(mailbox.descriptor(), &count) == 0 ? count : 0;
}

TEST(Mailbox, GivesEveryPieceOfMailOnceInTheOrderInWhichItCame) {
  Mailbox mailbox;
  for (const std::uint64_t serial : {1U, 2U, 3U}) mailbox.post(reply(serial));
  EXPECT_THAT(serialsOf(takenFrom(mailbox)), ElementsAre(1, 2, 3));
  EXPECT_THAT(takenFrom(mailbox), IsEmpty());
}

TEST(Mailbox, WakesAWorkerWhoSleepsOnceForAllMail) {
  Mailbox mailbox;
  (void)takenFrom(mailbox);
  EXPECT_TRUE(mailbox.sleep());
  EXPECT_EQ(wakings(mailbox), 0U);
  mailbox.post(reply(1));
  mailbox.post(reply(2));
  EXPECT_EQ(wakings(mailbox), 1U);
}

TEST(Mailbox, WakesAWorkerWhoHasNotBegun) {
  Mailbox mailbox;
  mailbox.post(reply(1));
  EXPECT_EQ(wakings(mailbox), 1U);
}

TEST(Mailbox, DoesNotWakeAWorkerWhoIsAwake) {
  Mailbox mailbox;
  (void)takenFrom(mailbox);
  mailbox.post(reply(1));
  EXPECT_EQ(wakings(mailbox), 0U);
}

TEST(Mailbox, KeepsAWorkerAwakeWhoHasMail) {
  Mailbox mailbox;
  (void)takenFrom(mailbox);
  mailbox.post(reply(1));
  EXPECT_FALSE(mailbox.sleep());
  EXPECT_THAT(serialsOf(takenFrom(mailbox)), ElementsAre(1));
  EXPECT_TRUE(mailbox.sleep());
}

TEST(Mailbox, CanWakeWithoutMail) {
  Mailbox mailbox;
  mailbox.wake();
  EXPECT_EQ(wakings(mailbox), 1U);
  EXPECT_THAT(takenFrom(mailbox), IsEmpty());
}

TEST(Mailbox, LetsGoOfItsMailWhenItIsClosed) {
  const auto limit = std::make_shared<ConnectionLimit>(1, 0);
  Mailbox mailbox;
  mailbox.post(
      Accepted{.socket = Descriptor{-1}, .peerAddress = "::1", .slot = placeIn(*limit).value()});
  EXPECT_FALSE(placeIn(*limit));
  mailbox.close();
  EXPECT_TRUE(placeIn(*limit));
  EXPECT_THAT(takenFrom(mailbox), IsEmpty());
}

TEST(Mailbox, LetsGoOfMailThatComesAfterItIsClosedAndWakesNobody) {
  const auto limit = std::make_shared<ConnectionLimit>(1, 0);
  Mailbox mailbox;
  mailbox.close();
  mailbox.post(
      Accepted{.socket = Descriptor{-1}, .peerAddress = "::1", .slot = placeIn(*limit).value()});
  EXPECT_TRUE(placeIn(*limit));
  EXPECT_EQ(wakings(mailbox), 0U);
  EXPECT_THAT(takenFrom(mailbox), IsEmpty());
}

TEST(Mailbox, LosesNothingWhileItsWorkerFallsAsleepAndWakes) {
  constexpr std::size_t kWriters = 3;
  constexpr std::uint64_t kEach = 5000;
  Mailbox mailbox;
  std::vector<std::jthread> writers;
  for (std::size_t i = 0; i < kWriters; ++i) {
    writers.emplace_back([&] {
      for (std::uint64_t serial = 0; serial < kEach; ++serial) mailbox.post(reply(serial));
    });
  }
  std::size_t taken = 0;
  while (taken < kWriters * kEach) {
    taken += takenFrom(mailbox).size();
    if (!mailbox.sleep() || taken == kWriters * kEach) continue;
    pollfd woken{.fd = mailbox.descriptor(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&woken, 1, 10'000), 1) << "nobody woke it for the rest";
    (void)wakings(mailbox);
  }
  EXPECT_THAT(takenFrom(mailbox), IsEmpty());
}

}  // namespace
