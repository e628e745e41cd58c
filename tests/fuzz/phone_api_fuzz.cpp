// Whatever strangers send to the phone's API is answered: with JSON, or with the sound of a
// recording; a refusal has the provider's code and words, and repeats the status.
//
// The input is cut at its NUL bytes into requests: a method, a target, credentials (right ones if
// they are empty) and a body each. `~` in a target stands for the path of the account.

#include "core/utf8.hpp"
#include "fuzz.hpp"
#include "ivr/core/later.hpp"
#include "ivr/http/transport.hpp"
#include "ivr/phone/provider.hpp"

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>

using namespace ivr;
using fuzz::require;

namespace {

constexpr int kMostRequests = 50;

/// An application that always says the same.
class Application final : public http::Transport {
 public:
  Later<http::IncomingResponse> send(http::OutgoingRequest) override {
    return http::IncomingResponse{
        .status = 200,
        .headers = {{"Content-Type", "text/xml"}},
        .body = "<Response><Say>Hello</Say><Dial><Conference>room</Conference></Dial></Response>"};
  }
};

std::string targetFrom(const std::string& text) {
  std::string target;
  for (const char c : text) {
    if (c == '~') {
      target += "/2010-04-01/Accounts/AC00000000000000000000000000000001";
    } else {
      target += c;
    }
  }
  return target;
}

void check(const Response& response) {
  require(response.status >= 200 && response.status < 600);
  const auto type = response.headers.find("Content-Type");
  const std::string body = response.body.text();
  if (type && type->starts_with("audio/")) return require(body.starts_with("RIFF"));
  require(type == "application/json");
  require(isUtf8(body));
  if (response.status == 204) return require(body.empty());
  const auto json = nlohmann::json::parse(body, nullptr, false);
  require(json.is_object());
  if (response.status < 300) return;
  require(json.at("code").is_number_integer() && json.at("code").get<int>() >= 10000);
  require(json.at("status") == response.status);
  require(!json.at("message").get<std::string>().empty());
  require(json.at("more_info")
              .get<std::string>()
              .ends_with(std::to_string(json.at("code").get<int>())));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Pieces pieces{data, size};
  const auto loop = std::make_shared<phone::EventLoop>();
  phone::ProviderOptions options{.authToken = "token",
                                 .transport = std::make_shared<Application>(),
                                 .origins = {"http://app.example"},
                                 .waitsForAnswers = false,
                                 .speechProgram = ""};
  options.keptCalls = 3;
  options.keptRecordings = 3;
  options.keptMessages = 3;
  options.conferenceListDelay = std::chrono::milliseconds{size % 2 * 1500};
  phone::Provider provider{loop, std::move(options)};
  provider.setOtherTelephones({.reaction = phone::Telephone::Reaction::answers});
  const auto api = provider.api();
  for (int i = 0; i < kMostRequests && !pieces.rest().empty(); ++i) {
    Request request{.method = pieces.next(), .target = targetFrom(pieces.next())};
    const std::string credentials = pieces.next();
    request.headers.add("Authorization",
                        credentials.empty()
                            ? "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg=="
                            : credentials);
    request.body = pieces.next();
    std::optional<Settled<Response>> outcome;
    api(std::move(request)).receive([&](Settled<Response> settled) {
      outcome = std::move(settled);
    });
    // Everything is answered at once; then a little time passes.
    (void)loop->run([&] { return outcome.has_value(); }, std::chrono::milliseconds{0});
    require(outcome.has_value() && outcome->index() == 0);
    check(std::get<0>(*outcome));
    bool isOver = false;
    loop->after(std::chrono::milliseconds{700}, [&] { isOver = true; });
    (void)loop->run([&] { return isOver; }, std::chrono::milliseconds{700});
  }
  return 0;
}
