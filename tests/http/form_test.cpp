#include "ivr/http/form.hpp"

#include <gmock/gmock.h>
#include <ostream>
#include <string>

// Numbers in comments: the behaviours of the reference framework that each case covers.

namespace {

using namespace ivr;
using namespace ivr::http;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Values;

constexpr std::size_t kMany = 1000;

struct Vector {
  std::string text;
  Form form;
  friend void PrintTo(const Vector& vector, std::ostream* out) {
    *out << testing::PrintToString(vector.text);
  }
};

class FormParse : public testing::TestWithParam<Vector> {};

// 19, 20, 24
TEST_P(FormParse, ReadsAsTheProviderMeantIt) {
  EXPECT_EQ(Form::parse(GetParam().text, kMany), GetParam().form);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, FormParse,
    Values(Vector{"", {}},                                               //
           Vector{"Test=true", {{"Test", "true"}}},                      //
           Vector{"a=1&b=2", {{"a", "1"}, {"b", "2"}}},                  //
           Vector{"b=2&a=1&b=1", {{"b", "2"}, {"a", "1"}, {"b", "1"}}},  // order and repeats
           Vector{"a=one+two%20three", {{"a", "one two three"}}},        //
           Vector{"a+b=c", {{"a b", "c"}}},                              //
           Vector{"a=%2B%26%3D%25", {{"a", "+&=%"}}},                    //
           Vector{"%C3%BC=%c3%9f", {{"\xC3\xBC", "\xC3\x9F"}}},          //
           Vector{"a=", {{"a", ""}}},                                    //
           Vector{"a", {{"a", ""}}},                                     //
           Vector{"=", {{"", ""}}},                                      //
           Vector{"=a", {{"", "a"}}},                                    //
           Vector{"a=b=c", {{"a", "b=c"}}},                              //
           Vector{"a=1&&b=2&", {{"a", "1"}, {"b", "2"}}},                //
           Vector{"&&&", {}},                                            //
           Vector{"a=%zz&b=%&c=%4&d=%4g", {{"a", "%zz"}, {"b", "%"}, {"c", "%4"}, {"d", "%4g"}}},
           Vector{"y[z]=1&y%5Bz%5D=2", {{"y[z]", "1"}, {"y[z]", "2"}}},
           Vector{"__proto__=1&constructor=2", {{"__proto__", "1"}, {"constructor", "2"}}},
           Vector{"a=1?b=2", {{"a", "1?b=2"}}}, Vector{"a=%00", {{"a", std::string(1, '\0')}}}));

// 23
TEST(Form, AsManyFieldsAsAllowedAreRead) { EXPECT_EQ(Form::parse("a=1&b=2&c=3", 3)->size(), 3U); }

// 23
TEST(Form, OneFieldTooManyIsRefused) { EXPECT_EQ(Form::parse("a=1&b=2&c=3", 2), std::nullopt); }

TEST(Form, EmptyPartsDoNotCountAsFields) {
  EXPECT_EQ(Form::parse(std::string(100'000, '&') + "a=1", 1), (Form{{"a", "1"}}));
}

TEST(Form, GetIsTheFirstValue) { EXPECT_EQ((Form{{"a", "1"}, {"a", "2"}}.get("a")), "1"); }

TEST(Form, GetIsEmptyWithoutTheName) { EXPECT_EQ((Form{{"a", "1"}}.get("A")), ""); }

TEST(Form, FindTellsAnEmptyValueFromNone) {
  const Form form{{"a", ""}};
  EXPECT_EQ(form.find("a"), "");
  EXPECT_EQ(form.find("b"), std::nullopt);
}

// 19
TEST(Form, AllAreTheValuesOfARepeatedNameInOrder) {
  const Form form{{"a", "2"}, {"b", "x"}, {"a", "1"}};
  EXPECT_THAT(form.all("a"), ElementsAre("2", "1"));
  EXPECT_THAT(form.all("c"), IsEmpty());
}

TEST(Form, AddedFieldComesLast) {
  Form form{{"a", "1"}};
  form.add("b", "2");
  EXPECT_EQ(form, (Form{{"a", "1"}, {"b", "2"}}));
}

TEST(Form, WithoutFieldsIsEmpty) {
  EXPECT_TRUE(Form{}.empty());
  EXPECT_EQ(Form{}.encoded(), "");
}

TEST(Form, ReadsTheSameAtEveryLengthOfNamesAndValues) {
  for (std::size_t name = 0; name < 20; ++name) {
    for (std::size_t value = 0; value < 20; ++value) {
      const std::string n(name, 'n');
      const std::string v(value, 'v');
      EXPECT_EQ(Form::parse("a%41=" + v + "&" + n + "=b=%3D+" + v + "&+" + n, kMany),
                (Form{{"aA", v}, {n, "b== " + v}, {" " + n, ""}}));
    }
  }
}

TEST(Form, IsUtf8IfEachNameAndEachValueIs) {
  EXPECT_TRUE(Form{}.isUtf8());
  EXPECT_TRUE((Form{{"a", "\xC3\xBC"}, {"\xE2\x82\xAC", "b"}}.isUtf8()));
  EXPECT_FALSE((Form{{"a", "\xFF"}}.isUtf8()));
  EXPECT_FALSE((Form{{"a\xC3", "\xBC"}}.isUtf8()));  // a character in two parts
  EXPECT_FALSE((Form{{"a", "\xC3"}, {"\xBC", "b"}}.isUtf8()));
}

TEST(Form, EncodedJoinsEncodedFields) {
  EXPECT_EQ((Form{{"a b", "1&2"}, {"c", "\xC3\xBC+"}}.encoded()), "a%20b=1%262&c=%C3%BC%2B");
}

TEST(Form, EncodedReadsBackAsTheSameForm) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  const Form form{{bytes, bytes}, {"", ""}, {"", bytes}, {bytes, ""}};
  EXPECT_EQ(Form::parse(form.encoded(), kMany), form);
}

}  // namespace
