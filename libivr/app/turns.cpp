#include "app/turns.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ivr {

namespace {

/// How long a step may be silent before others take it for dead. Below the deadline of an answer,
/// so that a call whose process died goes on in time.
constexpr std::chrono::milliseconds kLease{5000};
constexpr std::chrono::milliseconds kRenewal{1500};

/// How often a session that another process holds is asked for.
constexpr std::chrono::milliseconds kFirstRetry{5};
constexpr std::chrono::milliseconds kMaxRetry{100};

/// Turns that wait for one call. A call has one caller, so more are a mistake.
constexpr std::size_t kMaxWaiting = 64;

constexpr ExecutorLimits kStoreThreads{.threads = 4, .maxWaiting = 10'000};

}  // namespace

/// What the turns of one application share.
class TurnLine : public std::enable_shared_from_this<TurnLine> {
 public:
  TurnLine(std::shared_ptr<session::SessionStore> sessions, const std::shared_ptr<Timers>& time,
           Log logger, Executor* executor)
      : store(std::move(sessions)), log(std::move(logger)), timers_(time), threads_(executor) {}

  /// What `work` returns, done where the store may block.
  template <class F>
  auto onStore(F work) {
    using T = std::invoke_result_t<F&>;
    {
      const std::shared_lock lock{threadsMutex_};
      if (threads_ != nullptr) return threads_->run(std::move(work));
    }
    try {
      return Later<T>{work()};
    } catch (...) {
      return Later<T>::failed(std::current_exception());
    }
  }

  Later<TurnPointer> take(std::string session, std::string step) {
    {
      const std::lock_guard lock{mutex_};
      if (isOver_) return Later<TurnPointer>::failed(over());
      const auto [place, isFree] = waiting_.try_emplace(session);
      if (!isFree) {
        std::vector<Waiter>& line = place->second;
        if (line.size() >= kMaxWaiting) {
          return Later<TurnPointer>::failed(std::make_exception_ptr(
              Error{ErrorKind::unavailable, "too many steps of one call wait for one another"}));
        }
        return Later<TurnPointer>{[&](Answer<TurnPointer> answer) {
          line.push_back({std::move(step), std::move(answer)});
        }};
      }
    }
    return open(std::move(session), std::move(step));
  }

  /// Runs `task` when `delay` has passed; never if the application has ended by then.
  void after(std::chrono::milliseconds delay, Timers::Task task) const {
    if (const auto timers = timers_.lock()) timers->after(delay, std::move(task));
  }

  /// Ends the turn of a session and lets the next one in.
  void leave(const std::string& session) {
    std::optional<Waiter> next;
    {
      const std::lock_guard lock{mutex_};
      if (isOver_) return;
      const auto place = waiting_.find(session);
      if (place->second.empty()) {
        waiting_.erase(place);
        return;
      }
      next = std::move(place->second.front());
      place->second.erase(place->second.begin());
    }
    open(session, std::move(next->step)).forwardTo(std::move(next->answer));
  }

  /// Lets nobody in any more; those who wait are told.
  void close() {
    {
      const std::unique_lock lock{threadsMutex_};
      threads_ = nullptr;
    }
    std::unordered_map<std::string, std::vector<Waiter>> waiting;
    {
      const std::lock_guard lock{mutex_};
      isOver_ = true;
      waiting.swap(waiting_);
    }
    for (auto& [session, waiters] : waiting) {
      for (Waiter& waiter : waiters) waiter.answer.fail(over());
    }
  }

  const std::shared_ptr<session::SessionStore> store;
  const Log log;

 private:
  struct Waiter {
    std::string step;
    Answer<TurnPointer> answer;
  };

  static std::exception_ptr over() {
    return std::make_exception_ptr(Error{ErrorKind::unavailable, "the application has ended"});
  }

  /// Whose turn it is here asks the store, until no other process has the session.
  Later<TurnPointer> open(const std::string& session, std::string step) {
    return ask(session, std::move(step), kFirstRetry)
        .recover([self = shared_from_this(),
                  session](const std::exception_ptr& error) -> Later<TurnPointer> {
          self->leave(session);
          std::rethrow_exception(error);
        });
  }

  Later<TurnPointer> ask(std::string session, std::string step, std::chrono::milliseconds retry) {
    auto opening = onStore([self = shared_from_this(), session, step] {
      return self->store->tryOpen(session, step, kLease);
    });
    return std::move(opening).then(
        [self = shared_from_this(), session = std::move(session), step = std::move(step),
         retry](std::optional<session::OpenSession> opened) mutable -> Later<TurnPointer> {
          if (opened) {
            return std::make_shared<Turn>(self, std::move(session), std::move(step),
                                          *std::move(opened));
          }
          return Later<TurnPointer>{[&](const Answer<TurnPointer>& answer) {
            self->after(retry, [weak = std::weak_ptr{self}, session, step, retry, answer] {
              if (const auto line = weak.lock()) {
                line->ask(session, step, std::min(retry * 2, kMaxRetry)).forwardTo(answer);
              }
            });
          }};
        });
  }

  const std::weak_ptr<Timers> timers_;  ///< What waits there owns steps, which own this.

  std::shared_mutex threadsMutex_;
  Executor* threads_;  ///< Null if the store does not block, and at the end.

  std::mutex mutex_;
  bool isOver_ = false;
  /// By session: there is a place as long as somebody has the turn or is about to get it.
  std::unordered_map<std::string, std::vector<Waiter>> waiting_;
};

Turn::Turn(std::shared_ptr<TurnLine> line, std::string session, std::string step,
           session::OpenSession opened)
    : line_(std::move(line)),
      session_(std::move(session)),
      step_(std::move(step)),
      opened_(std::move(opened)) {}

Turn::~Turn() {
  if (ended_) return;
  try {
    end({}, {}, {}, {}).receive([](const Settled<Done>&) {});
  } catch (...) {
    line_->log(LogLevel::warning,
               "a session could not be given back: " + textOf(std::current_exception()));
  }
}

void Turn::keep(const TurnPointer& turn) {
  const std::weak_ptr<TurnLine> line = turn->line_;
  turn->line_->after(kRenewal, [line, weak = std::weak_ptr{turn}] {
    const auto shared = line.lock();
    const auto kept = weak.lock();
    if (!shared || !kept || kept->ended_) return;
    shared
        ->onStore([shared, session = kept->session_, lease = kept->opened_.lease] {
          return shared->store->renew(session, lease, kLease);
        })
        .receive([kept](const Settled<bool>& renewed) {
          // One that cannot be renewed now may be later; one that is lost will not be saved.
          if (const bool* isHeld = std::get_if<0>(&renewed); isHeld == nullptr || *isHeld)
            keep(kept);
        });
  });
}

Later<Done> Turn::end(std::optional<std::string> data, std::chrono::milliseconds dataLifetime,
                      std::optional<std::string> answer, std::chrono::milliseconds answerLifetime) {
  ended_ = true;
  auto closing = line_->onStore([line = line_, session = session_, step = step_,
                                 lease = opened_.lease, data = std::move(data), dataLifetime,
                                 answer = std::move(answer), answerLifetime] {
    return line->store->close({.session = session,
                               .lease = lease,
                               .data = data,
                               .dataLifetime = dataLifetime,
                               .step = step,
                               .answer = answer,
                               .answerLifetime = answerLifetime});
  });
  return Later<Done>{[&](const Answer<Done>& answered) {
    std::move(closing).receive([line = line_, session = session_,
                                answered](const Settled<bool>& saved) {
      if (const auto* error = std::get_if<1>(&saved)) {
        answered.fail(*error);
      } else if (std::get<0>(saved)) {
        answered(Done{});
      } else {
        answered.fail(Error{ErrorKind::unavailable,
                            "a step took so long that another one has begun; it was not saved"});
      }
      line->leave(session);
    });
  }};
}

Turns::Turns(std::shared_ptr<session::SessionStore> store, const std::shared_ptr<Timers>& timers,
             Log log)
    : threads_(store->blocks() ? std::make_unique<Executor>(kStoreThreads) : nullptr),
      line_(std::make_shared<TurnLine>(std::move(store), timers, std::move(log), threads_.get())) {}

Turns::~Turns() {
  line_->close();
  threads_.reset();
}

Later<TurnPointer> Turns::take(std::string session, std::string step) {
  return line_->take(std::move(session), std::move(step));
}

std::string Turns::read(const std::string& session) const { return line_->store->read(session); }

}  // namespace ivr
