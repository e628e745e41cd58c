#include "ivr/core/once_function.hpp"

#include <array>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>

namespace {

using ivr::detail::OnceFunction;

/// Counts how many of the objects that hold it are alive.
using Witness = std::shared_ptr<int>;

/// One that is held where it is, and one that is too large for that.
struct Small {
  void operator()(int by) { *sum += by; }
  Witness sum;
};
struct Large {
  void operator()(int by) { *sum += by; }
  Witness sum;
  std::array<char, 200> filling = {};
};

template <class F>
class OnceFunctionOf : public testing::Test {
 protected:
  Witness sum = std::make_shared<int>(0);
  OnceFunction<int> function{F{sum}};
};
using Functions = testing::Types<Small, Large>;
TYPED_TEST_SUITE(OnceFunctionOf, Functions);

TYPED_TEST(OnceFunctionOf, CallsWhatItHolds) {
  this->function(3);
  EXPECT_EQ(*this->sum, 3);
}

TYPED_TEST(OnceFunctionOf, HoldsOneObject) { EXPECT_EQ(this->sum.use_count(), 2); }

TYPED_TEST(OnceFunctionOf, DestroysWhatItHoldsUncalled) {
  this->function = {};
  EXPECT_EQ(this->sum.use_count(), 1);
}

TYPED_TEST(OnceFunctionOf, MovesWhatItHolds) {
  OnceFunction<int> moved{std::move(this->function)};
  EXPECT_FALSE(this->function);  // NOLINT(bugprone-use-after-move): that is the claim
  EXPECT_EQ(this->sum.use_count(), 2);
  moved(4);
  EXPECT_EQ(*this->sum, 4);
}

TYPED_TEST(OnceFunctionOf, GivesWayToAnother) {
  const Witness other = std::make_shared<int>(0);
  this->function = OnceFunction<int>{TypeParam{other}};
  EXPECT_EQ(this->sum.use_count(), 1);
  this->function(5);
  EXPECT_EQ(*other, 5);
}

TEST(OnceFunction, WithoutAFunctionIsFalse) { EXPECT_FALSE(OnceFunction<>{}); }

TEST(OnceFunction, HoldsWhatCannotBeCopied) {
  std::string text;
  OnceFunction<std::unique_ptr<std::string>> function{
      [&text, own = std::make_unique<std::string>("a")](std::unique_ptr<std::string> given) {
        text = *own + *given;
      }};
  function(std::make_unique<std::string>("b"));
  EXPECT_EQ(text, "ab");
}

}  // namespace
