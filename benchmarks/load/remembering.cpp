// A phone line that remembers much: in every step of a call it changes a kilobyte of its session.
// For `run`.
//
// Usage: remembering PORT PUBLIC_URL STORE      STORE as for openSessionStore
//
// The token of the account is TWILIO_AUTH_TOKEN.

#include <ivr/ivr.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

namespace {

using namespace ivr;

constexpr std::size_t kBytes = 1000;

struct Remembered {
  std::string text = {};
  unsigned steps = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Remembered, text, steps)

struct Remembering final : EndState {
  std::string uri() const override { return "/incoming-call"; }
  Later<Twiml> twimlFor(Call& call) override {
    Remembered& remembered = call.session<Remembered>();
    ++remembered.steps;
    remembered.text.assign(kBytes, static_cast<char>('a' + remembered.steps % 26));
    return Twiml{Say{"This is step " + std::to_string(remembered.steps) + "."}, Hangup{}};
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  Config config = Config::fromEnvironment();
  config.publicUrl = argv[2];
  config.sessions = session::openSessionStore(argv[3]);
  Ivr ivr{config};
  ivr.add<Remembering>();
  ServerOptions options;
  options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  options.threads = 1;
  return serve(ivr, options);
}
