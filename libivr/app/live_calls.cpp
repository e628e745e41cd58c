#include "app/live_calls.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <utility>

namespace ivr {

namespace {

using namespace std::chrono_literals;

constexpr int kNotFound = 20404;
constexpr int kNotInProgress = 21220;

/// A call is refused a new document until it has heard its first, and for moments in between. So
/// it is asked again, for ten seconds in all.
constexpr std::chrono::milliseconds kFirstRetry{250};
constexpr std::chrono::milliseconds kMaxRetry{2000};
constexpr std::chrono::milliseconds kMaxWait{10'000};

}  // namespace

/// One attempt after the other to change a call.
class LiveCalls::Change : public std::enable_shared_from_this<Change> {
 public:
  Change(Alive alive, rest::Client& rest, Timers& timers, std::string callSid,
         rest::UpdateCall update)
      : alive_(std::move(alive)),
        rest_(rest),
        timers_(timers),
        callSid_(std::move(callSid)),
        update_(std::move(update)) {}

  Later<CallUpdate> attempt() {
    const Stay stay = stayOrThrow(alive_);
    return rest_.updateCall(callSid_, update_)
        .then([](const rest::CallResource&) -> Later<CallUpdate> { return CallUpdate{}; })
        .recover([self = shared_from_this()](const std::exception_ptr& error) {
          return self->onError(error);
        });
  }

 private:
  Later<CallUpdate> onError(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const rest::RestError& refused) {
      if (refused.status() == 404 || refused.code() == kNotFound) {
        return CallUpdate{CallUpdate::Result::unknownCall, refused.code(), refused.message()};
      }
      if (refused.code() == kNotInProgress) return onNotInProgress(refused);
      // Of what was said no to; what the provider could not do is an error.
      const bool isRefusal = refused.status() >= 400 && refused.status() < 500;
      if (!isRefusal || refused.status() == 401 || refused.status() == 429) throw;
      return CallUpdate{CallUpdate::Result::refused, refused.code(), refused.message()};
    }
  }

  Later<CallUpdate> onNotInProgress(const rest::RestError& refused) {
    CallUpdate change{CallUpdate::Result::refused, refused.code(), refused.message()};
    const Stay stay = stayOrThrow(alive_);
    return rest_.fetchCall(callSid_).then([self = shared_from_this(), change = std::move(change)](
                                              const rest::CallResource& call) -> Later<CallUpdate> {
      if (rest::isOver(call.status)) {
        CallUpdate over = change;
        over.result = CallUpdate::Result::alreadyEnded;
        return over;
      }
      if (self->waited_ >= kMaxWait) return change;
      const Stay stayed = stayOrThrow(self->alive_);
      return self->later();
    });
  }

  Later<CallUpdate> later() {
    const auto pause = std::min(retry_, kMaxRetry);
    waited_ += pause;
    retry_ *= 2;
    return Later<CallUpdate>{[&](const Answer<CallUpdate>& answer) {
      timers_.after(pause, [self = shared_from_this(), answer] {
        const Stay stay = self->alive_.lock();
        if (stay) self->attempt().forwardTo(answer);
      });
    }};
  }

  const Alive alive_;
  rest::Client& rest_;
  Timers& timers_;
  const std::string callSid_;
  const rest::UpdateCall update_;
  std::chrono::milliseconds retry_ = kFirstRetry;
  std::chrono::milliseconds waited_{0};
};

LiveCalls::LiveCalls(Alive alive, const Config& config, const StateTable& states, Turns& turns,
                     const std::shared_ptr<Timers>& timers, const UrlFor& urlFor)
    : alive_(std::move(alive)),
      config_(config),
      states_(states),
      turns_(turns),
      timers_(timers),
      urlFor_(urlFor) {}

LiveCalls::~LiveCalls() = default;

void LiveCalls::end() noexcept {
  background_.reset();
  rest_.reset();
}

rest::Client& LiveCalls::rest() {
  const std::lock_guard lock{mutex_};
  if (!rest_) {
    if (!config_.rest) {
      throw Error{ErrorKind::config,
                  "to change live calls the configuration needs an account: set Config::rest, or "
                  "TWILIO_ACCOUNT_SID in the environment"};
    }
    rest_ = std::make_unique<rest::Client>(
        *config_.rest, config_.transport ? config_.transport : http::curlTransport(),
        timers_.lock(), config_.log);
  }
  return *rest_;
}

bool LiveCalls::tryRunInBackground(Executor::Task task) {
  const Stay stay = stayOrThrow(alive_);
  const std::lock_guard lock{mutex_};
  if (!background_) background_ = std::make_unique<Executor>(config_.background);
  return background_->tryRun(std::move(task));
}

std::shared_ptr<Timers> LiveCalls::timers() {
  const Stay stay = stayOrThrow(alive_);
  return timers_.lock();
}

Later<CallUpdate> LiveCalls::redirect(std::string callSid, Next next) try {
  const Stay stay = stayOrThrow(alive_);
  const detail::StateEntry& target = states_.find(next, "a redirect of a live call");
  const std::string uri = target.state->uri();
  if (uri.empty()) {
    throw Error{ErrorKind::usage,
                "a live call cannot be redirected to " + target.name + ", which has no uri"};
  }
  return change(std::move(callSid),
                {.url = urlFor_(uri, {.absolute = true}), .method = HttpMethod::post});
} catch (...) {
  return Later<CallUpdate>::failed(std::current_exception());
}

Later<CallUpdate> LiveCalls::play(std::string callSid, Twiml twiml) try {
  return change(std::move(callSid), {.twiml = twiml.xml()});
} catch (...) {
  return Later<CallUpdate>::failed(std::current_exception());
}

Later<CallUpdate> LiveCalls::hangUp(std::string callSid) try {
  return change(std::move(callSid), {.status = rest::CallEnd::completed});
} catch (...) {
  return Later<CallUpdate>::failed(std::current_exception());
}

Later<CallUpdate> LiveCalls::change(std::string callSid, rest::UpdateCall update) {
  const Stay stay = stayOrThrow(alive_);
  return std::make_shared<Change>(alive_, rest(), *timers_.lock(), std::move(callSid),
                                  std::move(update))
      ->attempt();
}

Later<Done> LiveCalls::changeSession(std::string callSid,
                                     std::function<void(Session&)> change) try {
  const Stay stay = stayOrThrow(alive_);
  return turns_.take(std::move(callSid), "change")
      .then([this, alive = alive_, change = std::move(change)](const TurnPointer& turn) {
        const Stay stayed = stayOrThrow(alive);
        Session session{turn->opened().data};
        change(session);
        return turn->end(session.text(), config_.sessionLifetime, {}, {});
      });
} catch (...) {
  return Later<Done>::failed(std::current_exception());
}

}  // namespace ivr
