// Serves the flow of `ticket_flow.hpp`, for tests with processes.
//
//   flow_server STORE SESSIONS [DEATH]
//
// STORE has the models and SESSIONS the sessions, each as `openSessionStore` takes it. With DEATH,
// it kills itself: `at-callback` when the first callback after a change begins, `at-answer` when
// the model is stored and its webhook is not answered yet.

#include "support/ticket_flow.hpp"
// above: the model is stored as JSON

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace ivr;
using namespace ivr::support;

[[noreturn]] void die() {
  ::raise(SIGKILL);
  std::abort();
}

/// The sessions of the calls, whose process dies as soon as it would save what a flow has answered.
class DyingStore final : public session::SessionStore {
 public:
  explicit DyingStore(std::shared_ptr<session::SessionStore> store) : store_(std::move(store)) {}

  Later<std::optional<session::OpenSession>> tryOpen(std::string_view session,
                                                     std::string_view step,
                                                     std::chrono::milliseconds lease) override {
    return store_->tryOpen(session, step, lease);
  }
  Later<bool> renew(std::string_view session, std::uint64_t lease,
                    std::chrono::milliseconds duration) override {
    return store_->renew(session, lease, duration);
  }
  Later<bool> close(const session::SessionChange& change) override {
    const bool isVoicemail =
        change.answer && change.answer->find("After the tone") != std::string_view::npos;
    if (isVoicemail) die();
    return store_->close(change);
  }
  Later<std::string> read(std::string_view session) override { return store_->read(session); }
  Later<std::vector<std::string>> withWork(std::size_t limit) override {
    return store_->withWork(limit);
  }
  Later<std::uint64_t> nextFence() override { return store_->nextFence(); }
  session::StoreScope scope() const noexcept override { return store_->scope(); }

 private:
  const std::shared_ptr<session::SessionStore> store_;
};

http::Response modelOf(const FlowHandle<Ticket>& tickets, const http::Request& request) {
  const auto query = http::Form::parse(request.query(), 10);
  const auto model = tickets.find(std::string{query ? query->get("id") : ""}).get();
  return http::plainText(200, model ? nlohmann::json(*model).dump() : "none");
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) return EXIT_FAILURE;
  const std::string_view death = argc > 3 ? argv[3] : "";
  const auto hooks = std::make_shared<ticket::Hooks>();
  if (death == "at-callback") {
    hooks->afterVoicemail = [](Ticket&, const Transition&, const Turn&) -> Later<Done> { die(); };
  }
  Config config;
  config.mode = Config::Mode::development;
  config.sessions = session::openSessionStore(argv[2]);
  if (death == "at-answer") config.sessions = std::make_shared<DyingStore>(config.sessions);
  Ivr ivr{std::move(config)};
  const auto tickets = ivr.add(ticket::flowOf(hooks), FlowStore<Ticket>{std::string_view{argv[1]}});
  ivr.route("GET", "/model", Access::everyone,
            [&](const http::Request& request) { return modelOf(tickets, request); });
  return serve(ivr, {.port = 0}, [](const Server& server) {
    std::cout << "http://127.0.0.1:" << server.port() << std::endl;
  });
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}
