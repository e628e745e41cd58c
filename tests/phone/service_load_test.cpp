// The service behind a real server: pages that come and go, and clients that do not do their part.

#include "ivr/phone/service.hpp"
#include "ivr/server/server.hpp"
#include "phone/scripted_application.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/raw_client.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t kFileBytes = 20 << 20;  // no socket takes so much at once

std::string requestOf(const std::string& method, const std::string& target,
                      const std::string& headers = {}, const std::string& body = {}) {
  std::string request = method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers;
  if (method == "POST") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return request + "\r\n" + body;
}
std::string get(const std::string& target, const std::string& headers = {}) {
  return requestOf("GET", target, headers);
}
std::string command(const std::string& name, const std::string& body) {
  return requestOf("POST", "/phone/" + name, "Content-Type: application/json\r\nX-Ivr-Phone: 1\r\n",
                   body);
}

class PhoneServer : public testing::Test {
 protected:
  PhoneServer() {
    application->say("/voice", "<Play>/music.mp3</Play>");
    application->answer("/music.mp3", [](const SeenRequest&) {
      return ScriptedApplication::typed("audio/mpeg", std::string(kFileBytes, 'm'));
    });
    options.provider.transport = application;
    options.provider.origins = {std::string{kApplicationUrl}};
    options.numbers = {{.number = std::string{kOurNumber},
                        .name = "The line",
                        .settings = {.voiceUrl = std::string{kApplicationUrl} + "/voice"}}};
    options.page = {{.path = "/", .type = "text/html; charset=utf-8", .content = "<p>page</p>"}};
  }

  std::uint16_t port() {
    if (!server_) {
      service_.emplace(options);
      server_.emplace(service_->handler(), ServerOptions{.port = 0,
                                                         .threads = 1,
                                                         .refusal = Service::refusalOf,
                                                         .stallDeadline = 200ms,
                                                         .drainDeadline = 0ms,
                                                         .drainIdleDeadline = 0ms});
    }
    return server_->port();
  }
  std::string answerTo(const std::string& request) {
    RawClient client{port()};
    client.send(request);
    return client.readResponse();
  }
  void expectService() { EXPECT_THAT(answerTo(get("/")), EndsWith("<p>page</p>")); }

  /// What a page that has seen everything asks for.
  std::string moreEvents() {
    const std::string reset = answerTo(get("/phone/events"));
    const std::size_t at = reset.find("id: ");
    return get("/phone/events",
               "Last-Event-ID: " + reset.substr(at + 4, reset.find('\n', at) - at - 4) + "\r\n");
  }
  void makeCall() {
    EXPECT_THAT(answerTo(command("call", R"({"from": "+14155550101", "to": "+15550100"})")),
                StartsWith("HTTP/1.1 201"));
  }

  std::shared_ptr<ScriptedApplication> application = std::make_shared<ScriptedApplication>();
  ServiceOptions options;

 private:
  std::optional<Service> service_;
  std::optional<Server> server_;
};

TEST_F(PhoneServer, OfAThousandPagesThatWaitOnlySomeAreHeldAndAllAreAnswered) {
  constexpr int kPages = 1000;
  if (!allowDescriptors(2 * kPages + 200)) {
    GTEST_SKIP() << "NOT TESTED: the system does not allow 2200 descriptors";
  }
  const std::string request = moreEvents();
  std::vector<std::unique_ptr<RawClient>> pages;
  for (int i = 0; i < kPages; ++i) {
    pages.push_back(std::make_unique<RawClient>(port()));
    pages.back()->send(request);
  }
  const auto answered = [&] {
    return std::ranges::count_if(pages, [](const auto& page) { return page->hasAnswer(); });
  };
  const auto held = static_cast<std::ptrdiff_t>(options.bounds.listeners);
  EXPECT_TRUE(eventually([&] { return answered() + held == kPages; })) << answered();
  expectService();
  EXPECT_THAT(answerTo(command("fault", R"({"fault": "slow"})")), StartsWith("HTTP/1.1 200"));
  const auto told = std::ranges::count_if(pages, [](const auto& page) {
    return page->readResponse().find("event: faults") != std::string::npos;
  });
  EXPECT_EQ(told, held);
}

TEST_F(PhoneServer, AThousandPagesThatAreGoneLeaveNothingBehind) {
  const std::string request = moreEvents();
  const auto descriptors = openDescriptors();
  for (int i = 0; i < 1000; ++i) {
    const RawClient page{port()};
    page.send(request);
    if (i % 2 == 0) page.resetWhenClosed();
  }
  // Of those that still wait nobody knows, until there is something to tell them.
  const auto held = static_cast<std::ptrdiff_t>(options.bounds.listeners);
  EXPECT_TRUE(eventually([&] { return openDescriptors() <= descriptors + held; }));
  {
    RawClient next{port()};
    next.send(request);
    EXPECT_THAT(answerTo(command("fault", R"({"fault": "slow"})")), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(next.readResponse(), HasSubstr("event: faults"));
  }
  EXPECT_TRUE(eventually([&] { return openDescriptors() <= descriptors; }));
}

TEST_F(PhoneServer, ABrowserThatStopsReadingHoldsUpNobodyAndIsLeft) {
  // Documents that are as long as they may be, so that there is much to tell.
  std::string verbs;
  for (int i = 0; i < 15; ++i) verbs += "<Say>" + std::string(4000, 'a') + "</Say>";
  application->say("/voice", verbs);
  for (int i = 0; i < 20; ++i) makeCall();
  EXPECT_TRUE(eventually([&] { return answerTo(get("/phone/events")).size() > 1'000'000; }));
  const auto descriptors = openDescriptors();
  const RawClient stalled{port()};
  for (int i = 0; i < 50; ++i) stalled.send(get("/phone/events"));
  EXPECT_TRUE(eventually([&] { return stalled.hasAnswer(); }));
  for (int i = 0; i < 20; ++i) expectService();
  EXPECT_TRUE(eventually([&] { return openDescriptors() <= descriptors + 1; }));  // its own
  expectService();
}

TEST_F(PhoneServer, WhoReadsAudioSlowlyGetsItAllAndWhoDoesNotReadIsLeft) {
  const std::string audio = get("/phone/audio?url=http%3A%2F%2Fapp.example%2Fmusic.mp3");
  makeCall();
  EXPECT_TRUE(eventually([&] { return answerTo(audio).starts_with("HTTP/1.1 200"); }));
  const auto descriptors = openDescriptors();
  const RawClient stalled{port()};
  stalled.send(audio);
  {
    RawClient slow{port()};
    slow.send(audio);
    std::string heard;
    for (std::size_t mib = 1; mib <= 20; ++mib) {  // and much else between two parts
      while (heard.size() < mib << 20) heard += slow.readUntil("m");
      expectService();
    }
  }
  EXPECT_TRUE(eventually([&] { return openDescriptors() <= descriptors + 1; }));  // its own
  expectService();
}

TEST_F(PhoneServer, ABodyOfAMebibyteIsRefused) {
  options.provider.authToken = "secret";
  const std::string large(1 << 20, 'a');
  const std::string form = "To=" + large.substr(3);
  EXPECT_THAT(answerTo(command("say", large)),
              AllOf(StartsWith("HTTP/1.1 413"), HasSubstr("the body is too long")));
  EXPECT_THAT(answerTo(command("dance", large)), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(answerTo(command("say", large + large)), StartsWith("HTTP/1.1 413"));
  const std::string calls = "/2010-04-01/Accounts/AC00000000000000000000000000000001/Calls.json";
  const std::string type = "Content-Type: application/x-www-form-urlencoded\r\n";
  EXPECT_THAT(answerTo(requestOf("POST", calls, type, form)),
              AllOf(StartsWith("HTTP/1.1 401"), HasSubstr("20003")));
  // AC...1:secret
  const std::string login =
      "Authorization: Basic "
      "QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTpzZWNyZXQ=\r\n";
  EXPECT_THAT(answerTo(requestOf("POST", calls, type + login, form)),
              AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("\"code\"")));
  EXPECT_THAT(answerTo(requestOf("POST", calls, type + login, form + 'a')),
              AllOf(StartsWith("HTTP/1.1 413"), HasSubstr("\"code\":20001,"),
                    HasSubstr("\"status\":413}"), HasSubstr("Content Too Large")));
  expectService();
}

}  // namespace
