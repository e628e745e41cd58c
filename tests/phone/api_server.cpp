// A provider in real time on a free port, for tests/oracle/phone_api.mjs: it plays the telephones
// that the official library calls. Ends with its standard input.
//
//   api_server ORIGIN      the origin of the application: http://127.0.0.1:40000

#include "ivr/phone/provider.hpp"
#include "ivr/server/server.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

int main(int argc, char** argv) {
  using namespace ivr::phone;
  using namespace std::chrono_literals;
  if (argc != 2) return 2;
  try {
    const std::string origin = argv[1];
    const auto loop = std::make_shared<EventLoop>(EventLoopOptions{.time = TimeKind::real});
    const auto open = loop->work("the service");  // it is not over when nothing happens
    ProviderOptions options{.accountSid = "AC0123456789abcdef0123456789abcdef",
                            .authToken = "5ecret5ecret5ecret5ecret5ecret55",
                            .apiKeys = {{"SK0123456789abcdef0123456789abcdef", "keys5ecret"}},
                            .origins = {origin},
                            .wordsPerMinute = 1000,
                            .speechProgram = std::getenv("IVR_TEST_SPEECH") != nullptr
                                                 ? std::getenv("IVR_TEST_SPEECH")
                                                 : "espeak-ng"};
    Provider provider{loop, std::move(options)};
    provider.setOtherTelephones({.reaction = Telephone::Reaction::answers});
    provider.setTelephone("+15005550001", {.reaction = Telephone::Reaction::rings});
    provider.setTelephone("+15005550002", {.reaction = Telephone::Reaction::busy});
    ivr::Server server{provider.api(), {.port = 0, .threads = 1}};
    std::cout << server.port() << std::endl;
    std::atomic<bool> isOver = false;
    std::thread input{[&] {
      std::string line;
      while (std::getline(std::cin, line)) continue;
      isOver = true;
      loop->post([] {});
    }};
    (void)loop->run([&] { return isOver.load(); }, 10min);
    input.join();
    server.stop();
    for (const Entry& entry : provider.timeline()) {
      std::cerr << entry.callSid.substr(0, 8) << ' ' << entry << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
