#include "goodbye.hpp"
#include <ivr/ivr.hpp>

#include <iostream>

using namespace ivr;

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
