#include "app/runtime.hpp"

#include "http/url.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/transport.hpp"

#include <utility>

namespace ivr {

namespace {

/// Gives answers in tasks of the application, so that continuations may block. libcurl, if it is
/// used, starts with the first request.
class TaskTransport final : public http::Transport {
 public:
  TaskTransport(std::shared_ptr<http::Transport> transport, std::shared_ptr<Tasks> tasks,
                std::shared_ptr<std::atomic<std::size_t>> underWay)
      : transport_(std::move(transport)),
        tasks_(std::move(tasks)),
        underWay_(std::move(underWay)) {}

  Later<http::IncomingResponse> send(http::OutgoingRequest request) override {
    detail::Holding::prepareForWork();
    std::call_once(once_, [this] {
      if (!transport_) transport_ = http::curlTransport();
    });
    ++*underWay_;
    return Later<http::IncomingResponse>{[&](const Answer<http::IncomingResponse>& answer) {
      tasks_->bring("provider", transport_->send(std::move(request)))
          .receive([answer, count = underWay_](Settled<http::IncomingResponse> outcome) {
            --*count;
            answer.settle(std::move(outcome));
          });
    }};
  }

 private:
  std::once_flag once_;
  std::shared_ptr<http::Transport> transport_;
  const std::shared_ptr<Tasks> tasks_;
  const std::shared_ptr<std::atomic<std::size_t>> underWay_;
};

/// On a developer's own machine there is no provider to sign anything.
Config withoutSignaturesHere(Config config) {
  if (config.mode != Config::Mode::development) return config;
  const auto url = http::Url::parse(config.publicUrl);
  if (config.publicUrl.empty() || (url && http::isLoopback(url->host))) config.validate = false;
  return config;
}

}  // namespace

Runtime::Runtime(Config config)
    : config_(withoutSignaturesHere(std::move(config))),
      executor_(config_.executor ? config_.executor
                                 : std::make_shared<ThreadPool>(config_.threads)),
      tasks_(std::make_shared<Tasks>(executor_)),
      errors_(config_, tasks_),
      timers_(config_.timers ? config_.timers : steadyTimers()) {}

void Runtime::end() noexcept {
  tasks_->close();
  rest_.reset();
  timers_.reset();
  executor_.reset();
}

rest::Client& Runtime::rest() {
  const std::lock_guard lock{mutex_};
  if (!rest_) {
    if (!config_.rest) {
      throw Error{
          ErrorKind::config,
          "there is no account: set Config::rest, or TWILIO_ACCOUNT_SID in the environment"};
    }
    rest_ = std::make_unique<rest::Client>(
        *config_.rest, std::make_shared<TaskTransport>(config_.transport, tasks_, requests_),
        timers_, config_.log);
  }
  return *rest_;
}

}  // namespace ivr
