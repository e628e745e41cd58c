#include "core/gate.hpp"

#include "support/eventually.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using support::eventually;

TEST(Gate, IsEnteredWhileItIsOpen) {
  Gate gate;
  const Gate::Entry first = gate.enter();
  const Gate::Entry second = gate.enter();
  EXPECT_TRUE(first);
  EXPECT_TRUE(second);
  EXPECT_FALSE(gate.isClosed());
}

TEST(Gate, IsNotEnteredOnceItIsClosed) {
  Gate gate;
  gate.close();
  EXPECT_TRUE(gate.isClosed());
  EXPECT_FALSE(gate.enter());
  gate.close();  // already closed, so this returns at once
}

TEST(Gate, ClosesWhenTheLastHasLeft) {
  const auto gate = std::make_shared<Gate>();
  std::optional<Gate::Entry> inside{gate->enter()};
  std::atomic<bool> isClosed = false;
  std::thread closer{[&] {
    gate->close();
    isClosed = true;
  }};
  EXPECT_TRUE(eventually([&] { return gate->isClosed(); }));
  EXPECT_FALSE(gate->enter()) << "nobody enters while it waits";
  EXPECT_FALSE(isClosed);
  inside.reset();
  closer.join();
  EXPECT_TRUE(isClosed);
}

TEST(Gate, AnEntryThatWasMovedLeavesOnce) {
  Gate gate;
  {
    Gate::Entry first = gate.enter();
    const Gate::Entry second = std::move(first);
    EXPECT_FALSE(first);
    EXPECT_TRUE(second);
  }
  gate.close();
}

TEST(Gate, WhoIsInsideNeverSeesTheOtherSideGone) {
  for (int round = 0; round < 200; ++round) {
    const auto gate = std::make_shared<Gate>();
    std::atomic<bool> isThere = true;
    std::atomic<int> seenGone = 0;
    std::vector<std::thread> visitors;
    for (int i = 0; i < 3; ++i) {
      visitors.emplace_back([&] {
        while (const Gate::Entry entry = gate->enter()) {
          if (!isThere) ++seenGone;
        }
      });
    }
    gate->close();
    isThere = false;
    for (std::thread& visitor : visitors) visitor.join();
    EXPECT_EQ(seenGone, 0);
  }
}

}  // namespace
