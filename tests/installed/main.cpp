#include <ivr/ivr.hpp>

#include <iostream>

using namespace ivr;

struct Goodbye final : EndState {
  std::string uri() const override { return "/incoming-call"; }
  Later<Twiml> twimlFor(Call&) override { return Twiml{Say{"Goodbye."}, Hangup{}}; }
};

int main() {
  Config config;
  config.validate = false;
  config.log = logNowhere();
  Ivr ivr{config};
  ivr.add<Goodbye>();

  const Response response = ivr.handle({.method = "POST", .target = "/incoming-call"}).get();
  std::cout << response.status << ' ' << response.body.text() << '\n';
  return response.body.text().find("<Hangup") == std::string::npos;
}
