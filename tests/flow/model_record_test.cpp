// What a store holds of a model, as text.

#include "flow/model_record.hpp"

#include "ivr/core/error.hpp"
#include "support/ticket_flow.hpp"

#include <gmock/gmock.h>
#include <memory>
#include <optional>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::flow;
using support::Ticket;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

flow::detail::ModelStore storeOf(StoreOptions options = {}) {
  return flow::detail::modelStore(session::memorySessionStore(), std::move(options),
                                  flow::detail::modelClass<Ticket>());
}

Ticket ticketOf(const ModelRecord& record) {
  return *static_cast<const Ticket*>(record.model.get());
}

TEST(ModelRecord, IsReadAsItWasWritten) {
  const ModelRecord made{
      .model = std::make_shared<Ticket>(Ticket{.state = "waiting", .from = "+1", .calls = 3}),
      .legs = {"CA1", "CA2"},
      .due = {{.id = "1",
               .flow = "Ticket",
               .callback = "waiting/success/1",
               .event = "called",
               .from = "incoming",
               .to = "waiting",
               .outcome = Outcome::halted,
               .by = "process"}}};
  const std::string text = made.text(storeOf());
  const auto read = ModelRecord::from(text, storeOf());
  ASSERT_TRUE(read);
  EXPECT_EQ(ticketOf(*read), ticketOf(made));
  EXPECT_THAT(read->legs, ElementsAre("CA1", "CA2"));
  ASSERT_EQ(read->due.size(), 1U);
  EXPECT_EQ(read->due[0].transition(), made.due[0].transition());
  EXPECT_EQ(read->due[0].callback, "waiting/success/1");
  EXPECT_EQ(read->due[0].by, "process");
  EXPECT_EQ(ModelRecord::dueIn(text).at(0).id, "1");
}

TEST(ModelRecord, OfAnEmptyTextIsNone) {
  EXPECT_EQ(ModelRecord::from("", storeOf()).has_value(), false);
}

TEST(ModelRecord, IsNotMadeOfWhatIsNone) {
  for (const std::string text :
       {"{", "[]", "7", "{}", R"({"version":1})", R"({"version":1,"model":{"state":7}})",
        R"({"version":1,"model":[1]})"}) {
    EXPECT_THROW((void)ModelRecord::from(text, storeOf()), Error) << text;
  }
  EXPECT_THAT(ModelRecord::dueIn("{"), IsEmpty());
  EXPECT_THAT(ModelRecord::dueIn(R"({"due":[7,{"id":8}]})").size(), 1U);
}

TEST(ModelRecord, OfAnOlderVersionIsCarriedOver) {
  const std::string old = R"({"version":1,"model":{"status":"waiting"}})";
  const auto read = ModelRecord::from(
      old, storeOf({.version = 3, .carryOver = [](int from, nlohmann::json& model) {
                      EXPECT_EQ(from, 1);
                      model["state"] = model["status"];
                    }}));
  ASSERT_TRUE(read);
  EXPECT_EQ(ticketOf(*read).state, "waiting");
  EXPECT_THAT([&] { (void)ModelRecord::from(old, storeOf({.version = 3})); },
              ThrowsMessage<Error>(HasSubstr("carryOver")));
}

TEST(ModelRecord, OfALaterVersionIsRefused) {
  EXPECT_THAT([] { (void)ModelRecord::from(R"({"version":2,"model":{}})", storeOf()); },
              ThrowsMessage<Error>(HasSubstr("later program")));
}

TEST(ModelRecord, HoldsWhatIsNotUtf8AsFarAsItCan) {
  const ModelRecord made{.model = std::make_shared<Ticket>(Ticket{.from = "\xff!"})};
  EXPECT_EQ(ticketOf(*ModelRecord::from(made.text(storeOf()), storeOf())).from, "\xef\xbf\xbd!");
}

TEST(ModelRecord, DoesNotGrowWithoutEnd) {
  ModelRecord made{.model = std::make_shared<Ticket>()};
  made.due.resize(ModelRecord::kMaxDue);
  EXPECT_NO_THROW((void)made.text(storeOf()));
  made.due.resize(ModelRecord::kMaxDue + 1);
  EXPECT_THROW((void)made.text(storeOf()), Error);
}

TEST(ModelRecord, IsNamedByItsClassUnlessAnotherNameIsGiven) {
  EXPECT_EQ(storeOf().options.name, "Ticket");
  EXPECT_EQ(storeOf({.name = "tickets"}).options.name, "tickets");
}

TEST(ModelId, IsAShortPlainWord) {
  EXPECT_TRUE(isModelId("CA0123456789abcdef0123456789abcdef"));
  EXPECT_TRUE(isModelId("order_7-b"));
  EXPECT_TRUE(isModelId(std::string(64, 'x')));
  for (const std::string& id : {std::string{}, std::string(65, 'x'), std::string{"a.b"},
                                std::string{"a b"}, std::string{"\xc3\xa4"}}) {
    EXPECT_FALSE(isModelId(id)) << id;
  }
}

}  // namespace
