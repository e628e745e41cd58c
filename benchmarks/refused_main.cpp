// For the script of the same name: a server answers the same request again and again. Its signature
// is right or made with another token. The client is in the same process, and does little.
//
// Usage: refused REQUEST (accepted|refused) TIMES
//
// REQUEST is one of those below; without arguments their names are printed, a line each.

#include "ivr/ivr.hpp"
#include "ivr/security/signature.hpp"
#include "ivr/server/server.hpp"
#include "load/clients.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace ivr;

constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kOtherToken = "fedcba9876543210fedcba9876543210";
constexpr std::string_view kPublicUrl = "https://ivr.example.com";
constexpr std::string_view kPath = "/incoming-call";

struct Welcome final : NormalState {
  std::string uri() const override { return std::string{kPath}; }
  std::string processTransitionUri() const override { return "/incoming-call/choice"; }
  Later<Twiml> twimlFor(Call&) override {
    return Twiml{Gather{.action = processTransitionUri(),
                        .numDigits = 1,
                        .prompt = {Say{"For lunch specials press one. For our hours press two."}}},
                 Redirect{processTransitionUri()}};
  }
  Later<Next> transitionOut(Call&) override { return to<Welcome>(); }
};

/// What the provider says about a call, and a value that makes it as long as wanted.
Form callWith(std::size_t padding) {
  Form form{{"AccountSid", "AC00000000000000000000000000000001"},
            {"ApiVersion", "2010-04-01"},
            {"CallSid", "CA00000000000000000000000000000001"},
            {"CallStatus", "ringing"},
            {"Called", "+14155550199"},
            {"CalledCity", "SAN FRANCISCO"},
            {"CalledCountry", "US"},
            {"CalledState", "CA"},
            {"CalledZip", "94105"},
            {"Caller", "+14155550100"},
            {"CallerCity", "OAKLAND"},
            {"CallerCountry", "US"},
            {"CallerState", "CA"},
            {"CallerZip", "94601"},
            {"Direction", "inbound"},
            {"From", "+14155550100"},
            {"FromCity", "OAKLAND"},
            {"FromCountry", "US"},
            {"FromState", "CA"},
            {"FromZip", "94601"},
            {"To", "+14155550199"},
            {"ToCity", "SAN FRANCISCO"},
            {"ToCountry", "US"},
            {"ToState", "CA"}};
  form.add("CallToken", std::string(padding, 't'));
  return form;
}

/// A query of so many bytes, in fields of so many bytes, each with a name of its own. Its libraries
/// write it in three ways.
std::string query(std::size_t bytes, std::size_t field) {
  std::string text = "?";
  for (int i = 0; text.size() + field <= bytes; ++i) {
    std::string one = "'+" + std::to_string(i) + '=';
    one.resize(std::max(one.size(), field - 1), 'v');
    text += one + '&';
  }
  text.pop_back();
  return text;
}

struct Content {
  std::string query;
  Form form;
};

std::map<std::string, Content> contents() {
  return {
      {"1: a usual call", {"", callWith(300)}},
      {"2: a usual call, its query written in two ways", {"?step=2&name=J+O", callWith(300)}},
      {"3: a usual call, its query written in three ways",
       {"?step=2&name=O'Brien+J", callWith(300)}},
      {"4: 256 bytes of query, 10 names, hardly a form", {query(256, 25), {{"CallSid", "CA1"}}}},
      {"5: 1 KiB of query, 60 names", {query(1 << 10, 17), callWith(300)}},
      {"6: 8 KiB of query, 900 names", {query(8 << 10, 9), callWith(300)}},
      {"7: 4 KiB of form", {"?step=2&name=O'Brien+J", callWith(3600)}},
      {"8: 64 KiB of form", {"?step=2&name=O'Brien+J", callWith(64'000)}}};
}

int run(const Content& content, bool isAccepted, int times) {
  Config config;
  config.publicUrl = kPublicUrl;
  config.authTokens = {std::string{kToken}};
  config.log = [](LogLevel, std::string_view) {};  // lines are made, and go nowhere
  Ivr ivr{std::move(config)};
  ivr.add<Welcome>();
  ServerOptions options;
  options.port = 0;
  options.threads = 1;
  Server server{ivr.handler(), options, ivr.borrower()};

  const std::string target = std::string{kPath} + content.query;
  const std::string body = content.form.encoded();
  const std::string request =
      "POST " + target +
      " HTTP/1.1\r\nHost: ivr.example.com\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
      "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nX-Twilio-Signature: " +
      security::sign(isAccepted ? kToken : kOtherToken, std::string{kPublicUrl} + target,
                     content.form) +
      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  load::Client client{load::connectTo("127.0.0.1", server.port())};
  for (int i = 0; i < times; ++i) {
    client.send(request);
    while (!client.receive()) {
    }
    if (!client.answer().starts_with(isAccepted ? "HTTP/1.1 200" : "HTTP/1.1 403")) {
      throw std::logic_error{"not the answer that was expected: " + client.answer()};
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 4) {
      return run(contents().at(argv[1]), std::string_view{argv[2]} == "accepted",
                 std::atoi(argv[3]));
    }
    for (const auto& [name, unused] : contents()) std::printf("%s\n", name.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "refused: %s\n", error.what());
    return 1;
  }
  return 0;
}
