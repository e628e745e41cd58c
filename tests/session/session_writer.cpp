// Writes to a session from its own process.
//
//   session_writer increment STORE SESSION THREADS TIMES
//   session_writer versions STORE SESSION     without end; prints each number once it is saved
//   session_writer hold STORE SESSION         takes it, prints 1, stops in the middle of its step;
//                                             when it goes on, prints whether it could still save

#include "ivr/session/session_store.hpp"
#include "session/session_steps.hpp"

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::session;

void incrementAll(SessionStore& store, const std::string& session, int threads, int times) {
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&] { support::increment(store, session, times); });
  }
  for (std::thread& thread : running) thread.join();
}

void print(std::uint64_t number) {
  if (::write(STDOUT_FILENO, &number, sizeof number) != sizeof number) std::_Exit(1);
}

[[noreturn]] void writeVersions(SessionStore& store, const std::string& session) {
  while (true) {
    const OpenSession open = support::openInTurn(store, session);
    const std::uint64_t number = support::numberIn(open.data) + 1;
    const std::string data = support::versionOf(number);
    if (!store
             .close({.session = session,
                     .lease = open.lease,
                     .data = data,
                     .dataLifetime = 10 * support::kLong})
             .get()) {
      throw std::runtime_error{"a lease was lost"};
    }
    print(number);
  }
}

void holdAndStop(SessionStore& store, const std::string& session) {
  const OpenSession open = support::openInTurn(store, session);
  print(1);
  ::raise(SIGSTOP);
  print(store
            .close({.session = session,
                    .lease = open.lease,
                    .data = "of the one that was stopped",
                    .dataLifetime = support::kLong})
            .get());
}

int run(const std::vector<std::string>& arguments) {
  const auto store = openSessionStore(arguments.at(2));
  const std::string& session = arguments.at(3);
  if (arguments.at(1) == "versions") writeVersions(*store, session);
  if (arguments.at(1) == "hold") {
    holdAndStop(*store, session);
    return 0;
  }
  incrementAll(*store, session, std::stoi(arguments.at(4)), std::stoi(arguments.at(5)));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run({arguments, arguments + count});
  } catch (const std::exception& error) {
    std::cerr << "session_writer: " << error.what() << '\n';
    return 1;
  }
}
