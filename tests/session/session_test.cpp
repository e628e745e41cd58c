// Sessions as applications see them.

#include "ivr/session/session.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace shop {

struct Item {
  std::string name;
  int count = 1;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Item, name, count)

struct Basket {
  std::vector<Item> items;
  bool isPaid = false;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Basket, items, isPaid)

/// The basket of an older version of the application.
struct Strict {
  int count = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Strict, count)

}  // namespace shop

namespace {

using ivr::Error;
using ivr::ErrorKind;
using ivr::Session;
using shop::Basket;
using shop::Item;
using ::testing::HasSubstr;

/// A session as a store returns it.
Session saved(const Session& session) { return Session{session.text()}; }

TEST(Session, IsEmptyAtFirst) {
  Session session;
  EXPECT_EQ(session.text(), "");
  EXPECT_EQ(session.find("name"), std::nullopt);
  EXPECT_EQ(saved(session).text(), "");
}

TEST(Session, KeepsTexts) {
  Session session;
  session.set("name", "Ada");
  session.set("empty", "");
  session.set("", "without a name");
  const Session later = saved(session);
  EXPECT_EQ(later.find("name"), "Ada");
  EXPECT_EQ(later.find("empty"), "");
  EXPECT_EQ(later.find(""), "without a name");
  EXPECT_EQ(later.find("other"), std::nullopt);
}

TEST(Session, KeepsTextsOfEveryKind) {
  for (const std::string& text :
       {std::string{"\"quotes\" and \\"}, std::string("a\0b", 3), std::string{"\n\t\x7f"},
        std::string{"grüße, 世界, 🍕"}, std::string{"{\"json\":1}"}, std::string(100'000, 'x')}) {
    Session session;
    session.set(text, text);
    EXPECT_EQ(saved(session).find(text), text);
  }
}

TEST(Session, RefusesWhatIsNotUtf8) {
  Session session;
  EXPECT_THROW(session.set("name", "\xff"), Error);
  EXPECT_THROW(session.set("\xc0\x80", "value"), Error);
  EXPECT_EQ(session.text(), "");
}

TEST(Session, ForgetsWhatIsErased) {
  Session session;
  session.set("name", "Ada");
  session.as<Basket>().isPaid = true;
  session = saved(session);
  session.erase("name");
  session.erase("shop::Basket");
  session.erase("never there");
  EXPECT_EQ(session.text(), "");
}

TEST(Session, ForgetsAStructThatIsHeldToo) {
  Session session;
  session.as<Basket>().isPaid = true;
  session.erase("shop::Basket");
  EXPECT_EQ(session.text(), "");
  EXPECT_FALSE(session.as<Basket>().isPaid);
}

TEST(Session, ForgetsEverythingWhenItIsCleared) {
  Session session;
  session.set("name", "Ada");
  session.as<Basket>().isPaid = true;
  session.clear();
  EXPECT_EQ(session.text(), "");
  session.set("name", "Bob");
  EXPECT_EQ(saved(session).find("name"), "Bob");
}

TEST(Session, KeepsStructs) {
  Session session;
  session.as<Basket>().items = {{"pizza", 2}, {"cola", 1}};
  session.as<Item>().name = "last looked at";
  Session later = saved(session);
  EXPECT_EQ(later.as<Basket>().items.at(0).count, 2);
  EXPECT_EQ(later.as<Basket>().items.at(1).name, "cola");
  EXPECT_EQ(later.as<Item>().name, "last looked at");
}

TEST(Session, HasOneStructOfAClass) {
  Session session;
  Basket& first = session.as<Basket>();
  EXPECT_EQ(&first, &session.as<Basket>());
}

TEST(Session, AStructSurvivesAnApplicationWithNewMembers) {
  Session session{R"({"shop::Basket":{"items":[{"name":"pizza"}],"unknown":1}})"};
  EXPECT_EQ(session.as<Basket>().items.at(0).count, 1);
}

TEST(Session, KeepsWhatItDoesNotKnow) {
  Session session{R"({"from a newer version":{"deep":[1,2,3]},"name":"Ada"})"};
  session.set("name", "Bob");
  EXPECT_THAT(session.text(), HasSubstr(R"("deep":[1,2,3])"));
}

TEST(Session, AStructThatDoesNotFitIsAnErrorThatNamesIt) {
  Session session{R"({"shop::Strict":{"other":1}})"};
  try {
    (void)session.as<shop::Strict>();
    FAIL() << "it fits";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("shop::Strict"));
  }
}

TEST(Session, ATextIsNoStructAndAStructNoText) {
  Session session{R"({"shop::Basket":"a text","name":{"is":"a struct"}})"};
  EXPECT_THROW((void)session.as<Basket>(), Error);
  EXPECT_EQ(session.find("name"), std::nullopt);
}

TEST(Session, TextsThatAreNoSessionsAreErrorsWhenTheyAreNeeded) {
  const std::string deep(200'000, '[');
  for (const std::string& text : {std::string{"garbage"}, std::string{"[]"}, std::string{"1"},
                                  std::string{"null"}, std::string{"{"}, std::string{R"({"a":1}x)"},
                                  std::string("\0", 1), std::string{"\xff"}, deep}) {
    Session session{text};
    EXPECT_EQ(session.text(), text) << "what is not looked at stays";
    EXPECT_THROW((void)session.find("a"), Error);
    EXPECT_THROW(session.set("a", "b"), Error);
  }
}

TEST(Session, AStructWithTextThatIsNotUtf8IsSavedAllTheSame) {
  Session session;
  session.as<Item>().name = "a\xff";
  EXPECT_EQ(saved(session).as<Item>().name, "a\xEF\xBF\xBD");
}

}  // namespace
