#include "session/shared_leases.hpp"

#include "ivr/core/error.hpp"
#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using session::SharedLeases;
using Other = SharedLeases::Other;
using testing::HasSubstr;

constexpr std::int64_t kPresent = 1000;
constexpr std::int64_t kFuture = 2000;

struct LeasesOfTwoStores : testing::Test {
  support::TempFolder folder;
  const std::string file = (folder.path() / "leases").string();
  std::unique_ptr<SharedLeases> own = std::make_unique<SharedLeases>(file);
  std::unique_ptr<SharedLeases> others = std::make_unique<SharedLeases>(file);
};

TEST_F(LeasesOfTwoStores, AreSeenByEachOther) {
  EXPECT_TRUE(own->hasOthers());
  EXPECT_EQ(own->other("CA1", kPresent), Other::none);
  const auto lease = others->add("CA1", kFuture);
  ASSERT_TRUE(lease);
  EXPECT_EQ(own->other("CA1", kPresent), Other::holds);
  EXPECT_EQ(own->other("CA2", kPresent), Other::none);
  EXPECT_EQ(others->other("CA1", kPresent), Other::none) << "its own is not that of another";
  others->remove(*lease);
  EXPECT_EQ(own->other("CA1", kPresent), Other::none);
}

TEST_F(LeasesOfTwoStores, AreOverWhenTheirEndHasPassedUnlessTheyWereExtended) {
  const auto lease = others->add("CA1", kPresent + 1);
  EXPECT_EQ(own->other("CA1", kPresent), Other::holds);
  EXPECT_EQ(own->other("CA1", kPresent + 1), Other::isOver);
  EXPECT_TRUE(others->extend(*lease, kFuture));
  EXPECT_EQ(own->other("CA1", kPresent + 1), Other::holds);
}

TEST_F(LeasesOfTwoStores, AreLostForGoodWhenTheyAreRevoked) {
  const auto lease = others->add("CA1", kPresent);
  EXPECT_FALSE(others->isRevoked(*lease));
  own->revoke("CA1", kPresent);
  EXPECT_TRUE(others->isRevoked(*lease));
  EXPECT_FALSE(others->extend(*lease, kFuture));
  EXPECT_EQ(own->other("CA1", kPresent), Other::none);
  others->remove(*lease);
  const auto again = others->add("CA1", kFuture);
  EXPECT_FALSE(others->isRevoked(*again));
}

TEST_F(LeasesOfTwoStores, AreNotRevokedBeforeTheirEnd) {
  const auto lease = others->add("CA1", kFuture);
  own->revoke("CA1", kPresent);
  EXPECT_FALSE(others->isRevoked(*lease));
}

TEST_F(LeasesOfTwoStores, EndWithTheStoreThatTookThem) {
  ASSERT_TRUE(others->add("CA1", kFuture));
  others.reset();
  EXPECT_FALSE(own->hasOthers());
  EXPECT_EQ(own->other("CA1", kPresent), Other::none);
  others = std::make_unique<SharedLeases>(file);
  EXPECT_EQ(own->other("CA1", kPresent), Other::none) << "what the next one finds in its place";
}

TEST_F(LeasesOfTwoStores, ShareWhatIsWrittenAndRemoved) {
  own->announce(7);
  others->announce(5);
  EXPECT_EQ(others->written(), 7U);
  EXPECT_EQ(own->written(), 7U);
  others->announceRemoval(3);
  EXPECT_EQ(own->removed(), 3U);
}

TEST_F(LeasesOfTwoStores, AreManyAtOnce) {
  std::vector<SharedLeases::Place> held;
  for (int i = 0; i < 4000; ++i) {
    const auto lease = own->add("CA" + std::to_string(i), kFuture);
    ASSERT_TRUE(lease) << i;
    held.push_back(*lease);
  }
  for (int i = 0; i < 4000; ++i) {
    EXPECT_EQ(others->other("CA" + std::to_string(i), kPresent), Other::holds);
  }
  for (const SharedLeases::Place lease : held) own->remove(lease);
}

TEST_F(LeasesOfTwoStores, AreRefusedAndNotForgottenWhenThereAreTooMany) {
  int taken = 0;
  while (own->add("CA" + std::to_string(taken), kFuture)) ++taken;
  EXPECT_GT(taken, 4'000);
  for (int i = 0; i < taken; ++i) {
    ASSERT_EQ(others->other("CA" + std::to_string(i), kPresent), Other::holds);
  }
}

TEST(SharedLeases, AreForSixteenStores) {
  const support::TempFolder folder;
  const std::string file = (folder.path() / "leases").string();
  std::vector<std::unique_ptr<SharedLeases>> stores;
  for (int i = 0; i < 16; ++i) stores.push_back(std::make_unique<SharedLeases>(file));
  try {
    const SharedLeases oneMore{file};
    ADD_FAILURE() << "a store without a place";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("16 stores"));
  }
  stores.pop_back();
  EXPECT_NO_THROW((SharedLeases{file}));
}

TEST(SharedLeases, NoticeThatTheirFileWasTakenAway) {
  const support::TempFolder folder;
  const std::string file = (folder.path() / "leases").string();
  const SharedLeases leases{file};
  EXPECT_TRUE(leases.isInPlace());
  folder.remove("leases");
  EXPECT_FALSE(leases.isInPlace());
  const SharedLeases others{file};
  EXPECT_FALSE(leases.isInPlace()) << "another file has its name";
  EXPECT_NE(leases.id(), others.id());
}

TEST(SharedLeases, OfAnotherVersionAreRefused) {
  const support::TempFolder folder;
  folder.write("leases", std::string(100, 'x'));
  EXPECT_THROW((SharedLeases{(folder.path() / "leases").string()}), Error);
}

}  // namespace
