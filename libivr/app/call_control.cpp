#include "app/call_control.hpp"

#include "core/log_line.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace ivr {

namespace {

using namespace std::chrono_literals;
using session::SessionLeasePointer;

constexpr std::string_view kLane = "live calls";

constexpr int kNotFound = 20404;
constexpr int kNotInProgress = 21220;

/// The provider refuses a call a new document until it has heard its first, and for moments in
/// between. So we ask again, for ten seconds in all.
constexpr std::chrono::milliseconds kFirstRetry{250};
constexpr std::chrono::milliseconds kMaxRetry{2000};
constexpr std::chrono::milliseconds kMaxWait{10'000};

}  // namespace

/// Repeated attempts to change a call, each in a task.
class CallControl::Update : public std::enable_shared_from_this<Update> {
 public:
  Update(Runtime& runtime, std::string callSid, rest::UpdateCall change)
      : runtime_(runtime),
        tasks_(runtime.tasks()),
        callSid_(std::move(callSid)),
        change_(std::move(change)) {}

  Later<CallUpdate> attempt() {
    return runtime_.rest()
        .updateCall(callSid_, change_)
        .then([](const rest::CallResource&) { return CallUpdate{}; })
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
      // A refusal is a result; what the provider could not do is an error.
      const bool isRefusal = refused.status() >= 400 && refused.status() < 500;
      if (!isRefusal || refused.status() == 401 || refused.status() == 429) throw;
      return CallUpdate{CallUpdate::Result::refused, refused.code(), refused.message()};
    }
  }

  Later<CallUpdate> onNotInProgress(const rest::RestError& refused) {
    CallUpdate refusal{CallUpdate::Result::refused, refused.code(), refused.message()};
    return runtime_.rest().fetchCall(callSid_).then(
        [self = shared_from_this(),
         refusal = std::move(refusal)](const rest::CallResource& call) -> Later<CallUpdate> {
          if (rest::isOver(call.status)) {
            CallUpdate over = refusal;
            over.result = CallUpdate::Result::alreadyEnded;
            return over;
          }
          if (self->waited_ >= kMaxWait) return refusal;
          return self->attemptLater();
        });
  }

  Later<CallUpdate> attemptLater() {
    const auto pause = std::min(retry_, kMaxRetry);
    waited_ += pause;
    retry_ *= 2;
    return Later<CallUpdate>{[&](const Answer<CallUpdate>& answer) {
      runtime_.timers()->after(pause, [self = shared_from_this(), tasks = tasks_, answer] {
        const auto attempt = [self, answer] { self->attempt().forwardTo(answer); };
        if (!tasks->tryRun(kLane, attempt)) answer.fail(tasks->refusal());
      });
    }};
  }

  Runtime& runtime_;
  const std::shared_ptr<Tasks> tasks_;
  const std::string callSid_;
  const rest::UpdateCall change_;
  std::chrono::milliseconds retry_ = kFirstRetry;
  std::chrono::milliseconds waited_{0};
};

class CallControl::Detached final : public DetachedWork {
 public:
  Detached(std::shared_ptr<CallControl> calls, DetachedFailure failure)
      : calls_(std::move(calls)), failure_(std::move(failure)), entry_(calls_->detached_) {}

  /// From now on, the application knows of it.
  static std::shared_ptr<Detached> begin(std::shared_ptr<CallControl> calls,
                                         DetachedFailure failure) {
    auto work = std::make_shared<Detached>(std::move(calls), std::move(failure));
    work->entry_.enter(work);
    return work;
  }

  void end(std::exception_ptr error) override {
    if (hasEnded_.exchange(true) || !error) return;
    failure_.error = std::move(error);
    calls_->reportDetached(std::move(failure_));
  }

  [[nodiscard]] bool hasEnded() const noexcept { return hasEnded_; }

 private:
  const std::shared_ptr<CallControl> calls_;
  DetachedFailure failure_;
  std::atomic<bool> hasEnded_{false};
  Roster<Detached>::Entry entry_;
};

CallControl::CallControl(Runtime& runtime, const StateTable& states, const UrlFor& urlFor,
                         std::shared_ptr<session::SessionLocks> sessions)
    : runtime_(runtime),
      states_(states),
      urlFor_(urlFor),
      tasks_(runtime.tasks()),
      sessions_(std::move(sessions)),
      locks_(std::make_shared<session::StoreLocks>(sessions_)) {}

Later<CallUpdate> CallControl::redirect(std::string callSid, Next next) {
  detail::Holding::prepareForWork();
  return tasks_->run(kLane, [self = shared_from_this(), callSid = std::move(callSid),
                             next = std::move(next)]() mutable {
    const auto& target = self->states_.find(next, "a redirect of a live call");
    const std::string uri = target.state->uri();
    if (uri.empty()) {
      throw Error{ErrorKind::usage,
                  "a live call cannot be redirected to " + target.name + ", which has no uri"};
    }
    return self->update(std::move(callSid), {.url = self->urlFor_(uri, {.absolute = true}),
                                             .method = HttpMethod::post});
  });
}

Later<CallUpdate> CallControl::redirectTo(std::string callSid, std::string url) {
  detail::Holding::prepareForWork();
  return tasks_->run(kLane, [self = shared_from_this(), callSid = std::move(callSid),
                             url = std::move(url)]() mutable {
    return self->update(std::move(callSid), {.url = std::move(url), .method = HttpMethod::post});
  });
}

Later<CallUpdate> CallControl::play(std::string callSid, twiml::Twiml document) {
  detail::Holding::prepareForWork();
  return tasks_->run(kLane, [self = shared_from_this(), callSid = std::move(callSid),
                             document = std::move(document)]() mutable {
    return self->update(std::move(callSid), {.twiml = document.xml()});
  });
}

Later<CallUpdate> CallControl::hangUp(std::string callSid) {
  detail::Holding::prepareForWork();
  return tasks_->run(kLane, [self = shared_from_this(), callSid = std::move(callSid)]() mutable {
    return self->update(std::move(callSid), {.status = rest::CallEnd::completed});
  });
}

Later<CallUpdate> CallControl::update(std::string callSid, rest::UpdateCall change) {
  return std::make_shared<Update>(runtime_, std::move(callSid), std::move(change))->attempt();
}

Later<Done> CallControl::changeSession(std::string callSid, std::function<void(Session&)> change) {
  detail::Holding::prepareForWork();
  const Gate::Entry entry = tasks_->enter();
  if (!entry) return Later<Done>::failed(applicationEnded());
  if (detail::Holding::model() != 0) {
    // A step of that call may wait for the model, so nobody who has it may wait for that call.
    return tasks_->runUnheld(kLane, [self = shared_from_this(), callSid = std::move(callSid),
                                     change = std::move(change)]() mutable {
      return self->changeSession(std::move(callSid), std::move(change));
    });
  }
  const Config& config = runtime_.config();
  session::SessionClaim claim{.name = std::move(callSid),
                              .step = "change",
                              .lane = "change of a session",
                              .patience = config.deadlines.answer};
  return sessions_->with(std::move(claim),
                         [change = std::move(change),
                          lifetime = config.sessionLifetime](const SessionLeasePointer& lease) {
                           Session session{lease->opened().data};
                           change(session);
                           const std::string text = session.text();
                           return lease->commit({.data = text, .dataLifetime = lifetime});
                         });
}

bool CallControl::tryRun(Executor::Lane lane, Executor::Task task) {
  detail::Holding::prepareForWork();
  const Gate::Entry entry = tasks_->enter();
  if (!entry) std::rethrow_exception(applicationEnded());
  return tasks_->tryRun(lane, std::move(task));
}

Timers::Id CallControl::after(std::chrono::milliseconds delay, std::function<void()> task) {
  const Gate::Entry entry = tasks_->enter();
  if (!entry) std::rethrow_exception(applicationEnded());
  return runtime_.timers()->after(
      delay, [tasks = tasks_, task = std::move(task)] { (void)tasks->tryRun("timeouts", task); });
}

void CallControl::cancel(Timers::Id timer) {
  if (const Gate::Entry entry = tasks_->enter()) runtime_.timers()->cancel(timer);
}

void CallControl::reportDetached(DetachedFailure failure) {
  (void)tasks_->tryRun(kLane, [self = shared_from_this(), failure = std::move(failure)] {
    LogLine line{self->runtime_.config().personalData, "background"};
    line.add("state", failure.state).add("call", oneLine(failure.callSid, 64));
    line.add("outcome", "failed");
    self->runtime_.errors().add(
        std::move(line),
        {.error = failure.error, .state = failure.state, .callSid = failure.callSid},
        failure.callerValues);
    if (failure.fallback.isNowhere()) return;
    self->redirect(failure.callSid, failure.fallback)
        .receive(
            [move = self->beginDetached({.state = failure.state, .callSid = failure.callSid})](
                const Settled<CallUpdate>& outcome) { move->end(detail::failureOf(outcome)); });
  });
}

std::shared_ptr<DetachedWork> CallControl::beginDetached(DetachedFailure failure) {
  detail::Holding::prepareForWork();
  return Detached::begin(shared_from_this(), std::move(failure));
}

std::size_t CallControl::detached() const {
  const auto living = detached_->living();
  return static_cast<std::size_t>(
      std::ranges::count_if(living, [](const auto& work) { return !work->hasEnded(); }));
}

void CallControl::giveUpDetached(const std::exception_ptr& error) {
  for (const auto& work : detached_->living()) work->end(error);
}

}  // namespace ivr
