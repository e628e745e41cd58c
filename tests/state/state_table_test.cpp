#include "state/state_table.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <string_view>

namespace {

using namespace ivr;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::Not;

struct Added final : EndState {
  Later<Twiml> twimlFor(Call&) override { return Twiml{Hangup{}}; }
};
struct NeverAdded;

const Next kMadeBeforeMain = to<NeverAdded>();

TEST(NextOfAGlobal, LeadsWhereAnyOtherLeads) {
  EXPECT_FALSE(kMadeBeforeMain.isNowhere());
  EXPECT_EQ(kMadeBeforeMain.type(), to<NeverAdded>().type());
}

TEST(StateTable, KnowsTheTargetsOfTheProgramThatWereNotAdded) {
  EXPECT_EQ(to<Added>().name(), "{anonymous}::Added");
  EXPECT_EQ(to<NeverAdded>().name(), "{anonymous}::NeverAdded");
  StateTable states;
  EXPECT_TRUE(states.add(detail::StateEntry{std::make_shared<Added>()}));
  EXPECT_THAT(states.missing(), Contains(EndsWith("NeverAdded")));
  EXPECT_THAT(states.missing(), Not(Contains("{anonymous}::Added")));
}

}  // namespace
