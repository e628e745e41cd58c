// Resources as the API writes them: what the phone answers, and the client reads.

#include "rest/resource_writer.hpp"

#include "ivr/core/error.hpp"
#include "ivr/http/headers.hpp"
#include "rest/refusals.hpp"
#include "rest/resource_reader.hpp"
#include "rest/resource_samples.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::rest;
using namespace std::chrono_literals;
using support::sample;
using Json = nlohmann::json;

template <class Sample>
class WrittenResource : public testing::Test {};

TYPED_TEST_SUITE(WrittenResource, support::Samples);

TYPED_TEST(WrittenResource, IsWhatTheApiWrites) {
  const Json written = Json::parse(jsonOf(TypeParam::expected()));
  const Json theirs = sample(TypeParam::kName, TypeParam::words());
  for (const auto& [name, value] : theirs.items()) EXPECT_EQ(written.at(name), value) << name;
  for (const auto& [name, value] : written.items()) {
    EXPECT_TRUE(value.is_null() || theirs.contains(name)) << name;
  }
}

TYPED_TEST(WrittenResource, IsReadAgain) {
  using Resource = typename TypeParam::Resource;
  EXPECT_TRUE(resourceFrom<Resource>(jsonOf(TypeParam::expected())) == TypeParam::expected());
}

TYPED_TEST(WrittenResource, HasNullForWhatIsNotSet) {
  const Json written = Json::parse(jsonOf(typename TypeParam::Resource{}));
  for (const auto& [name, value] : written.items()) {
    EXPECT_TRUE(value.is_null() || value == 0) << name << ' ' << value;
  }
}

TYPED_TEST(WrittenResource, IsReadAgainFromAPage) {
  using Resource = typename TypeParam::Resource;
  const Page<Resource> page{.items = {TypeParam::expected(), TypeParam::expected()},
                            .page = 1,
                            .pageSize = 2,
                            .start = 2,
                            .end = 3,
                            .uri = "/this",
                            .firstPageUri = "/first",
                            .nextPageUri = "/next",
                            .previousPageUri = "/previous"};
  EXPECT_TRUE(pageFrom<Resource>(jsonOf(page)) == page);
}

TEST(WrittenCall, OfTheDocumentationIsTheSameAgain) {
  const std::string theirs = support::restVector("call.json");
  EXPECT_EQ(Json::parse(jsonOf(resourceFrom<CallResource>(theirs))), Json::parse(theirs));
}

TEST(WrittenCall, IsJsonWhateverItsTextsAre) {
  const std::string written = jsonOf(CallResource{.sid = "CA1", .to = "\xff\"\n", .from = "\0"});
  EXPECT_EQ(Json::parse(written).at("to"), "\xef\xbf\xbd\"\n");
}

TEST(WrittenCall, HasNoDateThatCannotBeWritten) {
  const std::string written =
      jsonOf(CallResource{.sid = "CA1", .startTime = std::chrono::sys_seconds::max()});
  EXPECT_EQ(Json::parse(written).at("start_time"), nullptr);
}

TEST(WrittenRecording, IsRefusedIfItsJsonIsNone) {
  EXPECT_THROW(static_cast<void>(jsonOf(RecordingResource{.encryptionDetails = "{"})), Error);
}

TEST(WrittenPage, WithoutANextOneSaysNull) {
  const Json written = Json::parse(jsonOf(Page<MemberResource>{.pageSize = 50, .uri = "/this"}));
  EXPECT_EQ(written, Json::parse(R"({"queue_members": [], "page": 0, "page_size": 50, "start": 0,
      "end": 0, "uri": "/this", "first_page_uri": null, "next_page_uri": null,
      "previous_page_uri": null})"));
}

TEST(WrittenRefusal, IsWhatTheApiWrites) {
  EXPECT_EQ(Json::parse(jsonOf(refusalOf(21201))),
            Json::parse(R"({"code": 21201, "message": "No 'To' number is specified",
                "more_info": "https://www.twilio.com/docs/errors/21201", "status": 400})"));
}

TEST(WrittenRefusal, IsReadAgain) {
  const RestRefusal refusal = refusalOf(20404, "/2010-04-01/Accounts/AC1/Calls/CA1.json");
  const RestRefusal again = refusalFrom(refusal.status, {}, jsonOf(refusal));
  EXPECT_EQ(again.status, 404);
  EXPECT_EQ(again.code, 20404);
  EXPECT_EQ(again.message,
            "The requested resource /2010-04-01/Accounts/AC1/Calls/CA1.json was not found");
  EXPECT_EQ(again.moreInfo, "https://www.twilio.com/docs/errors/20404");
}

TEST(Refusal, OfAnUnknownCodeIsAMistakeOfOurs) {
  EXPECT_THROW(static_cast<void>(refusalOf(12345)), Error);
}

}  // namespace
