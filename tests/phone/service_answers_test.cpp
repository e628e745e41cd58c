// Answers of an application that are late, heard at the service: nobody has an account for that.

#include "ivr/app/ivr.hpp"
#include "ivr/http/handler_transport.hpp"
#include "ivr/phone/service.hpp"
#include "support/app.hpp"
#include "support/states.hpp"

#include <future>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;
using phone::Service;
using phone::ServiceOptions;
using Json = nlohmann::json;

constexpr const char* kNumber = "+15550100";

/// A line whose one state answers when the test says so, and a telephone that has called it.
class LateAnswers : public testing::Test {
 protected:
  explicit LateAnswers(Deadlines deadlines = {.answer = 1ms, .heldAnswer = 1ms, .total = 1h}) {
    Config config = openConfig();
    config.publicUrl = "http://app.example";
    config.deadlines = deadlines;
    config.onError = [](const CallError&) { return Twiml{Say{"Something went wrong."}}; };
    config.pleaseHold = [](const Waiting&) { return Twiml{Say{"One moment."}}; };
    ivr_.emplace(std::move(config));
    ivr_->add<ScriptedEnd>(Does{.name = "SLOW", .uri = "/voice", .twimlFor = [this](Call&) {
                                  return Later<Twiml>{[this](const Answer<Twiml>& answer) {
                                    asked_.set_value(answer);
                                  }};
                                }});
    ServiceOptions options;
    options.provider.transport = http::handlerTransport(ivr_->handler());
    options.provider.origins = {"http://app.example"};
    options.provider.wordsPerMinute = 1'000'000;
    options.numbers = {{.number = kNumber, .settings = {.voiceUrl = "http://app.example/voice"}}};
    service_.emplace(std::move(options));
    const Response made = ask({.method = "POST",
                               .target = "/phone/call",
                               .headers = {{"Host", "localhost"},
                                           {"Content-Type", "application/json"},
                                           {"X-Ivr-Phone", "1"}},
                               .body = Json{{"from", "+14155550101"}, {"to", kNumber}}.dump()});
    EXPECT_EQ(made.status, 201);
  }

  Response ask(Request request) { return service_->handler()(std::move(request)).get(); }

  /// Waits until the telephone hears it.
  void hears(const std::string& text) {
    const std::string entry = Json{{"text", text}}.dump();
    const std::string wanted = R"("what":"says",)" + entry.substr(1, entry.size() - 2);
    for (std::string id;;) {
      Request request{.target = "/phone/events", .headers = {{"Host", "localhost"}}};
      if (!id.empty()) request.headers.add("Last-Event-ID", id);
      const std::string events = ask(std::move(request)).body.text();
      if (events.find(wanted) != std::string::npos) return;
      if (const auto at = events.rfind("\nid: "); at != std::string::npos) {
        id = events.substr(at + 5, events.find('\n', at + 5) - at - 5);
      }
    }
  }

  Answer<Twiml> asked() { return asked_.get_future().get(); }

 private:
  std::promise<Answer<Twiml>> asked_;
  std::optional<Ivr> ivr_;
  std::optional<Service> service_;
};

TEST_F(LateAnswers, AreHeardAfterWordsForTheCallerWhoHolds) {
  const Answer<Twiml> answer = asked();
  hears("One moment.");
  answer(Twiml{Say{"Here it is."}, Hangup{}});
  hears("Here it is.");
}

class AnswersThatNeverCome : public LateAnswers {
 protected:
  AnswersThatNeverCome() : LateAnswers({.answer = 1ms, .heldAnswer = 1ms, .total = 100ms}) {}
};

TEST_F(AnswersThatNeverCome, AreGivenUpAtTheDeadline) {
  const Answer<Twiml> answer = asked();
  hears("One moment.");
  hears("Something went wrong.");
}

}  // namespace
