// Requests as the phone reads them: those of our client come back whole, and those that the
// provider refuses are refused with its codes.

#include "rest/request_reader.hpp"

#include "rest/client.hpp"
#include "rest/request_writer.hpp"

#include <algorithm>
#include <functional>
#include <gmock/gmock.h>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::rest;
using namespace std::chrono_literals;
using support::full;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::ValuesIn;

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// The fields by name; those of one name in order.
Pairs sorted(const Form& form) {
  Pairs pairs(form.begin(), form.end());
  std::ranges::stable_sort(pairs, {}, &Pairs::value_type::first);
  return pairs;
}

template <class Request>
Request readFrom(const Form& form) {
  auto result = requestFrom<Request>(form);
  if (const auto* refusal = std::get_if<RestRefusal>(&result)) {
    throw std::logic_error{"refused: " + refusal->message};
  }
  return std::get<Request>(std::move(result));
}

// ---- Round trips

template <class Request>
class ReadRequest : public testing::Test {};

using Requests =
    testing::Types<CreateCall, ListCalls, UpdateCall, ListConferences, UpdateConference,
                   CreateParticipant, ListParticipants, UpdateParticipant, CreateQueue, ListQueues,
                   UpdateQueue, ListMembers, DequeueMember, ListRecordings, ListCallRecordings,
                   StartRecording, UpdateRecording, CreateMessage>;
TYPED_TEST_SUITE(ReadRequest, Requests);

// Every field is set: request_writer_test.cpp proves it.
TYPED_TEST(ReadRequest, IsTheOneThatWasWritten) {
  const Form sent = fieldsOf(full<TypeParam>());
  const auto request = readFrom<TypeParam>(sent);
  EXPECT_TRUE(request.otherFields.empty());
  EXPECT_EQ(sorted(fieldsOf(request)), sorted(sent));
}

TYPED_TEST(ReadRequest, KeepsTheFieldsThatItDoesNotKnow) {
  auto sent = full<TypeParam>();
  sent.otherFields = {{"Quantum", "a"}, {"StartTime=", "b"}, {"Quantum", "c"}};
  const auto request = readFrom<TypeParam>(fieldsOf(sent));
  EXPECT_EQ(request.otherFields, sent.otherFields);
  EXPECT_EQ(sorted(fieldsOf(request)), sorted(fieldsOf(sent)));
}

// ---- Leniency

TEST(ReadCall, HasTheFieldsOfAForm) {
  const auto call = readFrom<CreateCall>({{"To", "+14155550100"},
                                          {"From", "client:ann"},
                                          {"Url", "HTTPS://example.com/"},
                                          {"Method", "GET"},
                                          {"Record", "True"},
                                          {"AsyncAmd", "FALSE"},
                                          {"Timeout", "30"},
                                          {"StatusCallbackEvent", "ringing"},
                                          {"StatusCallbackEvent", "answered"}});
  EXPECT_EQ(call.to, "+14155550100");
  EXPECT_EQ(call.from, "client:ann");
  EXPECT_EQ(call.url, "HTTPS://example.com/");
  EXPECT_EQ(call.method, HttpMethod::get);
  EXPECT_EQ(call.record, true);
  EXPECT_EQ(call.asyncAmd, false);
  EXPECT_EQ(call.timeout, 30s);
  EXPECT_THAT(call.statusCallbackEvent, ElementsAre("ringing", "answered"));
  EXPECT_EQ(call.twiml, std::nullopt);
}

TEST(ReadCall, TakesTheFirstOfFieldsThatComeTwice) {
  const auto call = readFrom<UpdateCall>({{"TimeLimit", "1"}, {"TimeLimit", "x"}});
  EXPECT_EQ(call.timeLimit, 1s);
}

TEST(ReadCall, TakesEmptyTextsAsTheyAreAndOtherEmptyValuesForNone) {
  const auto call = readFrom<UpdateCall>(
      {{"FallbackUrl", ""}, {"TimeLimit", ""}, {"Status", ""}, {"Method", ""}});
  EXPECT_EQ(call.fallbackUrl, "");
  EXPECT_EQ(call.timeLimit, std::nullopt);
  EXPECT_EQ(call.status, std::nullopt);
  EXPECT_EQ(call.method, std::nullopt);
}

TEST(ReadFilter, TakesTimesForDays) {
  const auto filter =
      readFrom<ListCalls>({{"StartTime>", "2026-01-02T23:00:00Z"}, {"StartTime<", "2026-03-04"}});
  EXPECT_EQ(filter.startTime.after, support::kFirstDay);
  EXPECT_EQ(filter.startTime.before, support::kSecondDay);
  EXPECT_EQ(filter.startTime.on, std::nullopt);
  EXPECT_THAT(filter.otherFields, IsEmpty());
}

TEST(ReadFilter, OfNothingIsTheDefault) {
  const auto filter = readFrom<ListQueues>({});
  EXPECT_EQ(filter.pageSize, std::nullopt);
  EXPECT_TRUE(fieldsOf(filter).empty());
}

// ---- Refusals

struct RefusedRequest {
  std::string name;
  Form form;
  std::variant<RestRefusal, bool> (*read)(const Form&);
  int code;
  std::string message;
};

void PrintTo(const RefusedRequest& request, std::ostream* out) { *out << request.name; }

template <class Request>
std::variant<RestRefusal, bool> refusalIn(const Form& form) {
  auto result = requestFrom<Request>(form);
  if (auto* refusal = std::get_if<RestRefusal>(&result)) return std::move(*refusal);
  return false;
}

template <class Request>
RefusedRequest refused(std::string name, Form form, int code, std::string message) {
  return {std::move(name), std::move(form), refusalIn<Request>, code, std::move(message)};
}

/// A call that would be made, and one more field.
Form callWith(std::string_view name, std::string_view value) {
  return {{"To", "+14155550100"},
          {"From", "+14155550111"},
          {name, value},
          {"Url", "https://example.com/"}};
}

Form messageWith(std::string_view name, std::string_view value) {
  return {{"To", "+14155550100"}, {"From", "+14155550111"}, {name, value}, {"Body", "Hello"}};
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

const std::vector<RefusedRequest> kRefused{
    refused<CreateCall>("CallOfNothing", {}, 21201, "No 'To' number is specified"),
    refused<CreateCall>("CallToNobody", {{"To", ""}, {"From", "+1"}, {"Url", "https://a.example/"}},
                        21201, "No 'To' number is specified"),
    refused<CreateCall>("CallWithNothingToHear", {{"To", "+1"}}, 21205,
                        "Url parameter is required."),
    refused<CreateCall>("CallFromNobody", {{"To", "+1"}, {"Twiml", "<Response/>"}}, 21213,
                        "From phone number is required."),
    refused<CreateCall>("CallWithANamelessUrl",
                        {{"To", "+1"}, {"From", "+1"}, {"", "https://example.com/"}}, 21205,
                        "Url parameter is required."),
    refused<CreateCall>("CallWithARelativeUrl", {{"To", "+1"}, {"From", "+1"}, {"Url", "/voice"}},
                        21205, "Url is not an absolute web address"),
    refused<CreateCall>("CallWithLongTwiml",
                        {{"To", "+1"}, {"From", "+1"}, {"Twiml", repeated("ü", 4001)}}, 32018,
                        "Twiml size exceeded maximum allowed value of 4000 characters"),
    refused<CreateCall>("CallWithWrongDigits", callWith("SendDigits", "12x"), 21206,
                        "Invalid SendDigits"),
    refused<CreateCall>("CallWithManyDigits", callWith("SendDigits", std::string(33, '1')), 21206,
                        "Invalid SendDigits"),
    refused<CreateCall>("CallWithANegativeTimeout", callWith("Timeout", "-1"), 21208,
                        "Invalid Timeout"),
    refused<CreateCall>("CallWithAFractionOfATimeout", callWith("Timeout", "1.5"), 21208,
                        "Invalid Timeout"),
    refused<CreateCall>("CallWithAnEndlessTimeout", callWith("Timeout", repeated("9", 18)), 21208,
                        "Invalid Timeout"),
    refused<CreateCall>("CallWithAnImpossibleTimeout", callWith("Timeout", repeated("9", 99)),
                        21208, "Invalid Timeout"),
    refused<CreateCall>("CallWithAnotherMethod", callWith("Method", "PUT"), 21209,
                        "Invalid Method"),
    refused<CreateCall>("CallWithASmallMethod", callWith("StatusCallbackMethod", "post"), 20001,
                        "StatusCallbackMethod is no word of the API"),
    refused<CreateCall>("CallWithAWordForAFlag", callWith("Record", "yes"), 20001,
                        "Record is neither true nor false"),
    refused<CreateCall>("CallWithAWordForANumber", callWith("TimeLimit", "long"), 20001,
                        "TimeLimit is no whole number"),
    refused<CreateCall>("CallWithALongTimeLimit", callWith("TimeLimit", "2147483648"), 20001,
                        "TimeLimit is too large"),
    refused<CreateCall>("CallThatIsNotUtf8", callWith("CallReason", "\xff"), 20001,
                        "a field is not UTF-8"),
    refused<CreateCall>("CallWithANameThatIsNotUtf8", callWith("Call\xff", "1"), 20001,
                        "a field is not UTF-8"),
    refused<ListCalls>("UnknownStatus", {{"Status", "unknown"}}, 20001,
                       "Status is no word of the API"),
    refused<ListCalls>("NewStatus", {{"Status", "teleported"}}, 20001,
                       "Status is no word of the API"),
    refused<ListCalls>("PageTooLarge", {{"PageSize", "1001"}}, 20007, "Page size too large"),
    refused<ListCalls>("PageOfNothing", {{"PageSize", "0"}}, 20001, "PageSize is not 1 to 1000"),
    refused<ListCalls>("PageOfWords", {{"PageSize", "all"}}, 20001, "PageSize is no whole number"),
    refused<ListCalls>("NegativePage", {{"Page", "-1"}}, 20001, "Page is negative"),
    refused<ListCalls>("DayThatIsNone", {{"EndTime<", "2026-02-30"}}, 20001,
                       "EndTime is no date like 2026-03-04"),
    refused<UpdateCall>("UrlAndTwiml", {{"Url", "https://example.com/"}, {"Twiml", "<Response/>"}},
                        20001, "a call gets either Url or Twiml, not both"),
    refused<UpdateCall>("UpdateToARelativeUrl", {{"Url", "voice"}}, 21205,
                        "Url is not an absolute web address"),
    refused<UpdateCall>("UpdateToLongTwiml", {{"Twiml", std::string(4001, 'x')}}, 32018,
                        "Twiml size exceeded maximum allowed value of 4000 characters"),
    refused<UpdateCall>("UpdateToAStatusThatCallsHave", {{"Status", "ringing"}}, 20001,
                        "Status is no word of the API"),
    refused<UpdateConference>(
        "ConferenceBegunAgain", {{"Status", "in-progress"}}, 20001,
        "a conference can only be ended: its Status can become nothing but completed"),
    refused<CreateParticipant>("ParticipantToNobody", {{"From", "+1"}}, 21201,
                               "No 'To' number is specified"),
    refused<CreateParticipant>("ParticipantFromNobody", {{"To", "+1"}}, 21213,
                               "From phone number is required."),
    refused<UpdateParticipant>("ParticipantHalfOnHold", {{"Hold", "1"}}, 20001,
                               "Hold is neither true nor false"),
    refused<CreateQueue>("QueueWithoutName", {{"MaxSize", "5"}}, 20001, "FriendlyName is empty"),
    refused<CreateQueue>("QueueWithALongName", {{"FriendlyName", repeated("ü", 65)}}, 20001,
                         "FriendlyName has not 1 to 64 characters"),
    refused<UpdateQueue>("QueueRenamedToNothing", {{"FriendlyName", ""}}, 20001,
                         "FriendlyName has not 1 to 64 characters"),
    refused<DequeueMember>("DequeuedToNowhere", {}, 21205, "Url parameter is required."),
    refused<DequeueMember>("DequeuedToARelativeUrl", {{"Url", "/next"}}, 21205,
                           "Url is not an absolute web address"),
    refused<UpdateRecording>("RecordingWithoutStatus", {{"PauseBehavior", "skip"}}, 20001,
                             "Status is empty"),
    refused<UpdateRecording>("RecordingDeletedByItsStatus", {{"Status", "deleted"}}, 20001,
                             "a recording is deleted with deleteRecording, not by its Status"),
    refused<CreateMessage>("MessageToNobody", {{"From", "+1"}, {"Body", "Hello"}}, 21604,
                           "A 'To' phone number is required."),
    refused<CreateMessage>("MessageFromNobody", {{"To", "+1"}, {"Body", "Hello"}}, 21603,
                           "A 'From' phone number is required."),
    refused<CreateMessage>("MessageOfNothing", {{"To", "+1"}, {"From", "+1"}, {"MediaUrl", ""}},
                           21602, "Message body is required."),
    refused<CreateMessage>("MessageTooLong",
                           {{"To", "+1"}, {"From", "+1"}, {"Body", repeated("ü", 1601)}}, 21617,
                           "The concatenated message body exceeds the 1600 character limit"),
    refused<CreateMessage>("MessageSentOnADay", messageWith("SendAt", "2026-03-04"), 20001,
                           "SendAt is no time like 2026-03-04T05:01:07Z"),
    refused<CreateMessage>("MessageWithANewWord", messageWith("RiskCheck", "maybe"), 20001,
                           "RiskCheck is no word of the API"),
};

class RefusedByThePhone : public testing::TestWithParam<RefusedRequest> {};

TEST_P(RefusedByThePhone, HasTheProvidersCodeAndWords) {
  const auto result = GetParam().read(GetParam().form);
  ASSERT_TRUE(std::holds_alternative<RestRefusal>(result));
  const auto& refusal = std::get<RestRefusal>(result);
  EXPECT_EQ(refusal.status, 400);
  EXPECT_EQ(refusal.code, GetParam().code);
  EXPECT_EQ(refusal.message, GetParam().message);
  EXPECT_EQ(refusal.moreInfo,
            "https://www.twilio.com/docs/errors/" + std::to_string(GetParam().code));
}

INSTANTIATE_TEST_SUITE_P(All, RefusedByThePhone, ValuesIn(kRefused),
                         [](const auto& test) { return test.param.name; });

}  // namespace
