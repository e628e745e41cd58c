// An application answers every request with something that HTTP can send.

#include "fuzz.hpp"
#include "ivr/ivr.hpp"
#include "support/test_executor.hpp"

#include <algorithm>

using namespace ivr;
using fuzz::require;

namespace {

struct Goodbye final : EndState {
  Later<Twiml> twimlFor(Call& call) override {
    return Twiml{Say{std::string{call.from()}}, Redirect{call.urlFor(call.to())}, Hangup{}};
  }
};

struct Menu final : NormalState {
  std::string uri() const override { return "/menu"; }
  std::string processTransitionUri() const override { return "/choice"; }
  Later<Twiml> twimlFor(Call& call) override {
    call.session().set("from", call.from());
    return Twiml{Gather{.action = processTransitionUri(), .hints = std::string{call.speech()}}};
  }
  Later<Next> transitionOut(Call& call) override {
    if (call.digits() == "1") return to<Goodbye>();
    if (call.digits() == "2") return to<Menu>();
    if (call.digits() == "3") return Next{};
    throw std::runtime_error{std::string{call.digits()}};
  }
};

Ivr& application() {
  static Ivr ivr{[] {
    Config config;
    config.publicUrl = "https://ivr.example.com/voice";
    config.validate = false;
    config.executor = std::make_shared<support::TestExecutor>();
    config.log = [](LogLevel, std::string_view line) {
      require(std::ranges::none_of(line, [](unsigned char c) { return c < ' ' || c == 0x7F; }));
    };
    return config;
  }()};
  [[maybe_unused]] static const bool built = [] {
    ivr.add<Menu>();
    ivr.add<Goodbye>();
    ivr.mount();
    return true;
  }();
  return ivr;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Pieces pieces{data, size};
  Request request{.method = pieces.next(), .target = pieces.next()};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  for (std::string name = pieces.next(); !name.empty(); name = pieces.next()) {
    std::string value = pieces.next();
    request.headers.set(name, std::move(value));
  }
  request.body = pieces.rest();

  Later<Response> later = application().handle(std::move(request));
  require(later.isSettled());
  const Response response = std::move(later).get();
  require(response.status >= 200 && response.status < 600);
  for (const auto& [name, value] : response.headers) {
    require(!name.empty() && value.find_first_of("\r\n") == std::string::npos);
  }
  return 0;
}
