#include "ivr/http/field_list.hpp"

#include <gmock/gmock.h>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr::http;
using testing::ElementsAre;
using testing::IsEmpty;
using Field = FieldList::Field;

std::vector<Field> fieldsOf(const FieldList& list) { return {list.begin(), list.end()}; }

TEST(FieldList, KeepsTheOrderAndWhatIsRepeated) {
  const FieldList list{{"b", "2"}, {"a", "1"}, {"b", "2"}};
  EXPECT_THAT(fieldsOf(list), ElementsAre(Field{"b", "2"}, Field{"a", "1"}, Field{"b", "2"}));
  EXPECT_EQ(list.size(), 3U);
}

TEST(FieldList, TellsWhereANameEnds) {
  EXPECT_NE((FieldList{{"ab", "c"}}), (FieldList{{"a", "bc"}}));
  EXPECT_NE((FieldList{{"a", "b"}, {"", ""}}), (FieldList{{"a", "b"}}));
}

TEST(FieldList, KeepsEmptyNamesAndValues) {
  EXPECT_THAT(fieldsOf(FieldList{{"", ""}, {"", "a"}, {"a", ""}}),
              ElementsAre(Field{"", ""}, Field{"", "a"}, Field{"a", ""}));
}

TEST(FieldList, WithoutFieldsIsEmpty) {
  EXPECT_TRUE(FieldList{}.empty());
  EXPECT_THAT(fieldsOf({}), IsEmpty());
}

TEST(FieldList, TakesFieldsOfItsOwn) {
  FieldList list{{"name", std::string(50, 'v')}};
  for (int i = 0; i < 100; ++i) {  // through every kind of growth
    const auto [name, value] = *list.begin();
    list.add(value, name);
  }
  EXPECT_EQ(list.size(), 101U);
  for (auto field = std::next(list.begin()); field != list.end(); ++field) {
    EXPECT_EQ(*field, (Field{std::string(50, 'v'), "name"}));
  }
}

TEST(FieldList, CopiesAndMovedOnesAreWhole) {
  FieldList list{{"a", "short"}};
  const FieldList copy{list};
  const FieldList moved{std::move(list)};
  EXPECT_THAT(fieldsOf(copy), ElementsAre(Field{"a", "short"}));
  EXPECT_EQ(moved, copy);
}

}  // namespace
