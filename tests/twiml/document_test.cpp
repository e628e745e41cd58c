#include "ivr/twiml/document.hpp"

#include "ivr/twiml/reader.hpp"

#include <gmock/gmock.h>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::twiml;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kMenu = R"(<!-- the menu -->
<Response>
  <Gather action="/choice?a=1&amp;b=2" numDigits='1'>
    <Say>For l<break/>unch <emphasis>press</emphasis> one.</Say>
    <!-- and music -->
    <Play> https://example.com/a.mp3 </Play>
    <!-- nothing behind it -->
  </Gather>
  <Redirect><![CDATA[/menu]]></Redirect>
</Response>
)";

std::vector<std::string> namesOf(const TwimlDocument& document) {
  std::vector<std::string> names;
  for (const auto& element : document.elements()) names.emplace_back(element.name);
  return names;
}

TEST(TwimlDocument, HasItsElementsInTheOrderInWhichTheyBegin) {
  const TwimlDocument document{kMenu};
  EXPECT_FALSE(document.refusal());
  EXPECT_THAT(namesOf(document),
              ElementsAre("Response", "Gather", "Say", "break", "emphasis", "Play", "Redirect"));
  const auto& response = document.elements()[0];
  EXPECT_EQ(response.parent, nullptr);
  EXPECT_EQ(response.inside, 6);
  std::vector<std::string_view> children;
  for (const auto& child : response.children()) {
    children.push_back(child.name);
    EXPECT_EQ(child.parent, &response);
  }
  EXPECT_THAT(children, ElementsAre("Gather", "Redirect"));
}

TEST(TwimlDocument, GivesAttributesWithTheirEscapesResolvedAndAsWritten) {
  const TwimlDocument document{kMenu};
  const auto& gather = document.elements()[1];
  ASSERT_THAT(gather.attributes, SizeIs(2));
  EXPECT_EQ(gather.value("action"), "/choice?a=1&b=2");
  EXPECT_EQ(gather.find("action")->written, "/choice?a=1&amp;b=2");
  EXPECT_EQ(gather.value("numDigits"), "1");
  EXPECT_EQ(gather.value("timeout"), std::nullopt);
}

TEST(TwimlDocument, KnowsWhereEachPartStands) {
  const TwimlDocument document{kMenu};
  EXPECT_EQ(document.positionOf(document.elements()[0]), (TextPosition{2, 1}));
  EXPECT_EQ(document.positionOf(document.elements()[1]), (TextPosition{3, 3}));
  EXPECT_EQ(document.positionOf(*document.elements()[1].find("numDigits")), (TextPosition{3, 40}));
  EXPECT_EQ(document.positionOf(document.texts()[0]), (TextPosition{4, 10}));
  EXPECT_EQ(document.line(4), "    <Say>For l<break/>unch <emphasis>press</emphasis> one.</Say>");
  EXPECT_EQ(document.line(0), "");
  EXPECT_EQ(document.line(99), "");
}

TEST(TwimlDocument, HasAllTextsAndThoseOfOneElement) {
  const TwimlDocument document{kMenu};
  EXPECT_THAT(document.texts(), SizeIs(6));
  EXPECT_EQ(document.textIn(document.elements()[2]), "For lunch press one.");
  EXPECT_EQ(document.textIn(document.elements()[6]), "/menu");
  EXPECT_EQ(document.textIn(document.elements()[3]), "");
  EXPECT_THAT(document.textsIn(document.elements()[4]), SizeIs(1));
}

TEST(TwimlDocument, HasAllAddressesWithTheirPlaces) {
  const TwimlDocument document{kMenu};
  std::vector<std::string> urls;
  std::vector<TextPosition> positions;
  for (const auto& address : document.addresses()) {
    urls.emplace_back(address.url);
    positions.push_back(address.position);
  }
  EXPECT_THAT(urls, ElementsAre("/choice?a=1&b=2", "https://example.com/a.mp3", "/menu"));
  EXPECT_THAT(positions, ElementsAre(TextPosition{3, 11}, TextPosition{6, 5}, TextPosition{9, 3}));
}

TEST(TwimlDocument, KnowsWhichElementFollowsAComment) {
  const TwimlDocument document{kMenu};
  ASSERT_THAT(document.comments(), SizeIs(3));
  EXPECT_EQ(document.comments()[0].text, " the menu ");
  EXPECT_EQ(document.comments()[0].next, &document.elements()[0]);
  EXPECT_EQ(document.comments()[1].next->name, "Play");
  EXPECT_EQ(document.comments()[2].next, nullptr);
}

TEST(TwimlDocument, KeepsWhatItHandedOutWhenItIsMoved) {
  TwimlDocument document{"<Response><Say>Hi</Say></Response>"};
  const auto& say = document.elements()[1];
  const TwimlDocument other{std::move(document)};
  EXPECT_EQ(&other.elements()[1], &say);
  EXPECT_EQ(other.textIn(say), "Hi");
}

TEST(TwimlDocument, SaysWhyItIsRefusedAndKeepsWhatIsInFront) {
  const TwimlDocument document{
      "<Response>\n<Gather a='1'><Say>One & two</Say></Gather></Response>"};
  ASSERT_TRUE(document.refusal());
  EXPECT_EQ(document.refusal()->position, (TextPosition{2, 24}));
  EXPECT_THAT(namesOf(document), ElementsAre("Response", "Gather", "Say"));
  EXPECT_THAT(document.texts(), IsEmpty());
  EXPECT_TRUE(TwimlDocument{""}.refusal());
  EXPECT_THAT(TwimlDocument{""}.elements(), IsEmpty());
}

TEST(TwimlDocument, HasPlacesForWhatTwimlDoesNotKnow) {
  const TwimlDocument document{"<Response><Foo><Say>Hi</Say></Foo><Say>Hi</Say></Response>"};
  EXPECT_EQ(document.elements()[1].schema, nullptr);
  EXPECT_EQ(document.elements()[2].schema, nullptr);
  EXPECT_NE(document.elements()[3].schema, nullptr);
}

}  // namespace
