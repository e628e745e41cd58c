// What an application in development mode tells about its sessions.

#include "app/session_changes.hpp"

#include "ivr/http/percent.hpp"
#include "support/app.hpp"
#include "support/states.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace pizzas {

struct Order {
  std::string pizza;
  int count = 1;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Order, pizza, count)

}  // namespace pizzas

namespace {

using namespace ivr;
using namespace ivr::support;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SessionChanges, AreNamedInAlphabeticalOrder) {
  EXPECT_EQ(changedMembers(R"({"a":"1","b":"1","c":"1"})", R"({"a":"2","c":"1","d":"1"})"),
            "a, b, d");
  EXPECT_EQ(changedMembers("", R"({"language":"de"})"), "language");
  EXPECT_EQ(changedMembers(R"({"language":"de"})", ""), "language");
}

TEST(SessionChanges, OfAStructAreNamedByItsMembers) {
  EXPECT_EQ(changedMembers(R"({"Order":{"count":1,"pizza":"Funghi"}})",
                           R"({"Order":{"count":2,"pizza":"Funghi"}})"),
            "Order.count");
}

TEST(SessionChanges, AStructThatIsNewOrGoneIsNamedAsAWhole) {
  EXPECT_EQ(changedMembers("", R"({"Order":{"count":1,"pizza":"Funghi"}})"), "Order");
  EXPECT_EQ(changedMembers(R"({"Order":{"count":1}})", R"({"Order":"none"})"), "Order");
}

TEST(SessionChanges, AreNoneIfOnlyTheTextDiffers) {
  EXPECT_EQ(changedMembers("", ""), "");
  EXPECT_EQ(changedMembers(R"({"a":1,"b":{"c":2}})", R"({ "b": {"c":2}, "a": 1 })"), "");
}

TEST(SessionChanges, OfWhatIsNoSessionAreNotNamed) {
  for (const char* const text : {"[1]", "5", "{", "\xff", "a,b"}) {
    EXPECT_EQ(changedMembers(text, R"({"a":1})"), "") << text;
    EXPECT_EQ(changedMembers(R"({"a":1})", text), "") << text;
  }
}

TEST(SessionChanges, AreAHeaderWhateverTheyAreCalled) {
  EXPECT_EQ(changedMembers("", R"({"a, b\r\nX: ü":1})"), "a%2C%20b%0D%0AX%3A%20%C3%BC");
}

TEST(SessionChanges, AreBoundedInNumberAndLength) {
  nlohmann::json many;
  for (int i = 0; i < 1000; ++i) many[std::to_string(10'000 + i)] = i;
  const std::string names = changedMembers("", many.dump());
  EXPECT_EQ(std::ranges::count(names, ','), 19);
  std::string name;
  for (int i = 0; i < 1000; ++i) name += "\xc3\xbc";
  const std::string cut = changedMembers("", nlohmann::json{{"a" + name, 1}}.dump());
  EXPECT_EQ(http::percentDecode(cut), "a" + name.substr(0, 62));  // no half a character
}

Config inDevelopment() {
  Config config = openConfig();
  config.mode = Config::Mode::development;
  return config;
}

/// A line that remembers an order, and asks for it without changing it.
void addOrders(Ivr& ivr) {
  ivr.add<ScriptedEnd>(Does{.name = "ORDER", .uri = "/order", .twimlFor = [](Call& call) {
                              auto& order = call.session<pizzas::Order>();
                              if (call.digits() == "7") order.pizza = "a secret wish";
                              ++order.count;
                              call.session().set("language", "de");
                              return says("ordered");
                            }});
  ivr.add<ScriptedEnd>(Does{.name = "SHOW", .uri = "/show", .twimlFor = [](Call& call) {
                              return says(call.session<pizzas::Order>().pizza);
                            }});
  ivr.add<ScriptedEnd>(Does{.name = "FAIL", .uri = "/fail", .twimlFor = [](Call& call) -> Twiml {
                              call.session().set("language", "en");
                              throw std::runtime_error{"burnt"};
                            }});
}

Response asked(Ivr& ivr, const char* path, const char* digits = "") {
  return answerOf(ivr, post(path, {{"CallSid", "CA1"}, {"Digits", digits}}));
}

TEST(SessionHeader, NamesWhatAStepHasChangedWithoutItsValues) {
  Ivr ivr{inDevelopment()};
  addOrders(ivr);
  EXPECT_EQ(header(asked(ivr, "/order"), kSessionHeader), "language, pizzas%3A%3AOrder");
  const Response again = asked(ivr, "/order", "7");
  EXPECT_EQ(header(again, kSessionHeader), "pizzas%3A%3AOrder.count, pizzas%3A%3AOrder.pizza");
  for (const auto& [name, value] : again.headers) EXPECT_THAT(value, Not(HasSubstr("secret")));
}

TEST(SessionHeader, IsNotThereIfAStepHasChangedNothingOrHasFailed) {
  Ivr ivr{inDevelopment()};
  addOrders(ivr);
  (void)asked(ivr, "/order");
  EXPECT_EQ(asked(ivr, "/show").headers.find(kSessionHeader), std::nullopt);
  EXPECT_EQ(asked(ivr, "/fail").headers.find(kSessionHeader), std::nullopt);
}

TEST(SessionHeader, IsThereInDevelopmentModeAlone) {
  Ivr ivr{openConfig()};
  addOrders(ivr);
  EXPECT_EQ(asked(ivr, "/order").headers.find(kSessionHeader), std::nullopt);
}

}  // namespace
