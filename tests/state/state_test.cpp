#include "ivr/state/state.hpp"

#include <gmock/gmock.h>
#include <string>
#include <type_traits>

// Numbers in comments: the behaviours of the reference framework that each case covers. Here the
// compiler decides what makes a state valid, so most cases are about types.

namespace menus {

struct Hours final : ivr::EndState {
  ivr::Later<ivr::Twiml> twimlFor(ivr::Call&) override { return ivr::Twiml{ivr::Hangup{}}; }
};

template <class Language>
struct Greeting final : ivr::EndState {
  ivr::Later<ivr::Twiml> twimlFor(ivr::Call&) override { return ivr::Twiml{ivr::Hangup{}}; }
};

}  // namespace menus

namespace {

using namespace ivr;
using testing::EndsWith;
using testing::Not;
using testing::StartsWith;

struct OnlyDeclared;
struct AlsoOnlyDeclared;

struct End : EndState {
  Later<Twiml> twimlFor(Call&) override { return Twiml{Hangup{}}; }
};

struct Normal : NormalState {
  std::string name() const override { return "the main menu"; }
  std::string uri() const override { return "/menu"; }
  std::string processTransitionUri() const override { return "/menu/choice"; }
  Later<Twiml> twimlFor(Call&) override { return Twiml{Gather{.action = processTransitionUri()}}; }
  Later<Next> transitionOut(Call&) override { return to<OnlyDeclared>(); }
};

struct Branch : BranchingState {
  Later<Next> transitionOut(Call&) override { return to<OnlyDeclared>(); }
};

struct Asynchronous : AsynchronousState {
  Later<Twiml> twimlFor(Call&) override { return Twiml{Pause{}}; }
  void backgroundTrigger(Call&) override {}
};

// 4, 5, 6, 7
TEST(StateClass, IsEachOfTheFourKinds) {
  EXPECT_TRUE(StateClass<End>);
  EXPECT_TRUE(StateClass<Normal>);
  EXPECT_TRUE(StateClass<Branch>);
  EXPECT_TRUE(StateClass<Asynchronous>);
}

// 2, 3
TEST(StateClass, HasThePartsOfItsKind) {
  EXPECT_TRUE((std::is_base_of_v<Renderable, End> && !std::is_base_of_v<Branching, End>));
  EXPECT_TRUE((std::is_base_of_v<Renderable, Normal> && std::is_base_of_v<Branching, Normal>));
  EXPECT_TRUE((!std::is_base_of_v<Renderable, Branch> && std::is_base_of_v<Branching, Branch>));
  EXPECT_TRUE(
      (std::is_base_of_v<Renderable, Asynchronous> && !std::is_base_of_v<Branching, Asynchronous>));
}

// 8, 9
TEST(StateClass, IsNotAStateOfNoKind) {
  struct Bare : State {};
  struct Routable : State {
    std::string uri() const override { return "/"; }
  };
  EXPECT_FALSE(StateClass<State>);
  EXPECT_FALSE(StateClass<Bare>);
  EXPECT_FALSE(StateClass<Routable>);
}

// 8
TEST(StateClass, IsNotAPartAlone) {
  struct Heard : Renderable {
    Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
  };
  struct HeardState : State, Renderable {
    Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
  };
  EXPECT_FALSE(StateClass<Renderable>);
  EXPECT_FALSE(StateClass<Branching>);
  EXPECT_FALSE(StateClass<Heard>);
  EXPECT_FALSE(StateClass<HeardState>);
}

struct HeardAndDecides : State, Renderable, Branching {
  Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
  Later<Next> transitionOut(Call&) override { return Next{}; }
};

struct EndAndBranching : EndState, BranchingState {
  Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
  Later<Next> transitionOut(Call&) override { return Next{}; }
};

struct EndThatDecides : EndState, Branching {
  Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
  Later<Next> transitionOut(Call&) override { return Next{}; }
};

struct BranchingThatIsHeard : BranchingState, Renderable {
  Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
  Later<Next> transitionOut(Call&) override { return Next{}; }
};

// 8
TEST(StateClass, IsNotHeardAndDecidingWithoutBeingNormal) {
  EXPECT_FALSE(StateClass<HeardAndDecides>);
  EXPECT_FALSE(StateClass<BranchingThatIsHeard>);
}

// B36
TEST(StateClass, IsNotAnEndThatDecides) { EXPECT_FALSE(StateClass<EndThatDecides>); }

TEST(StateClass, IsNotTwoKindsAtOnce) { EXPECT_FALSE(StateClass<EndAndBranching>); }

// 8
TEST(StateClass, IsNothingElse) {
  EXPECT_FALSE(StateClass<int>);
  EXPECT_FALSE(StateClass<void>);
  EXPECT_FALSE(StateClass<Twiml>);
}

// 5, B1
TEST(StateClass, WithoutWhatItsKindNeedsCannotBeMade) {
  struct MuteEnd : EndState {};
  struct MuteNormal : NormalState {
    std::string processTransitionUri() const override { return "/choice"; }
  };
  struct NormalToNowhere : NormalState {
    Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
    Later<Next> transitionOut(Call&) override { return Next{}; }
  };
  struct IdleAsynchronous : AsynchronousState {
    Later<Twiml> twimlFor(Call&) override { return Twiml{}; }
  };
  struct UndecidedBranch : BranchingState {};
  EXPECT_TRUE(std::is_abstract_v<MuteEnd>);
  EXPECT_TRUE(std::is_abstract_v<MuteNormal>);
  EXPECT_TRUE(std::is_abstract_v<NormalToNowhere>);
  EXPECT_TRUE(std::is_abstract_v<IdleAsynchronous>);
  EXPECT_TRUE(std::is_abstract_v<UndecidedBranch>);
}

TEST(StateClass, IsStillOneWhenDerivedFurther) {
  struct LaterHours : End {};
  EXPECT_TRUE(StateClass<LaterHours>);
}

// 1
TEST(State, IsNotRoutableByDefault) { EXPECT_EQ(End{}.uri(), ""); }

// 1, 9
TEST(State, IsRoutableWithAUri) { EXPECT_EQ(Normal{}.uri(), "/menu"); }

// 10
TEST(State, IsCalledByItsClass) { EXPECT_EQ(End{}.name(), "End"); }

// 10
TEST(State, IsCalledByItsClassWithoutNamespaces) { EXPECT_EQ(menus::Hours{}.name(), "Hours"); }

// 10
TEST(State, OfALocalClassIsCalledByThatClass) {
  struct Local : End {};
  EXPECT_EQ(Local{}.name(), "Local");
}

// 10
TEST(State, OfATemplateIsCalledByTheTemplate) {
  EXPECT_THAT(menus::Greeting<int>{}.name(), StartsWith("Greeting<"));
  EXPECT_THAT(menus::Greeting<menus::Hours>{}.name(), StartsWith("Greeting<"));
}

// 10
TEST(State, IsCalledByTheNameThatItGives) { EXPECT_EQ(Normal{}.name(), "the main menu"); }

TEST(State, IsNotCopied) { EXPECT_FALSE(std::is_copy_constructible_v<End>); }

TEST(Next, LeadsNowhereByDefault) {
  const Next next;
  EXPECT_EQ(next.type(), nullptr);
  EXPECT_EQ(next.object(), nullptr);
}

TEST(Next, LeadsToAClassThatIsOnlyDeclared) { EXPECT_NE(to<OnlyDeclared>().type(), nullptr); }

TEST(Next, LeadsToTheSameClassAlways) {
  EXPECT_EQ(to<OnlyDeclared>().type(), to<OnlyDeclared>().type());
}

TEST(Next, TellsClassesApart) {
  EXPECT_NE(to<OnlyDeclared>().type(), to<AlsoOnlyDeclared>().type());
}

TEST(Next, NamesTheClassForMessages) {
  EXPECT_THAT(to<OnlyDeclared>().name(), EndsWith("OnlyDeclared"));
  EXPECT_THAT(to<OnlyDeclared>().name(), Not(EndsWith("AlsoOnlyDeclared")));
  EXPECT_EQ(to<menus::Hours>().name(), "menus::Hours");
}

TEST(Next, LeadsToOneObjectOfSeveral) {
  const End first;
  const End second;
  EXPECT_EQ(to(first).object(), static_cast<const State*>(&first));
  EXPECT_EQ(to(second).object(), static_cast<const State*>(&second));
  EXPECT_EQ(to(first).type(), nullptr);
}

// 29
TEST(Next, IsATransitionThatIsThere) {
  Later<Next> transition = to<OnlyDeclared>();
  EXPECT_EQ(std::move(transition).get().type(), to<OnlyDeclared>().type());
}

}  // namespace
