#include "flow/due_run.hpp"

#include "core/log_line.hpp"
#include "flow/flow_calls.hpp"
#include "flow/held_model.hpp"

#include <algorithm>
#include <utility>

namespace ivr::flow {

using ivr::detail::Holding;
using session::SessionLeasePointer;

namespace {

/// Lives until all of it is done, or left.
class DueRun : public std::enable_shared_from_this<DueRun> {
 public:
  /// `call` is that of the webhook that brought the event, if this process has just answered it.
  DueRun(std::shared_ptr<FlowService> service, std::string id, std::vector<std::string> entries,
         const Call* call)
      : service_(std::move(service)),
        id_(std::move(id)),
        entries_(std::move(entries)),
        around_(service_->around()) {
    if (call == nullptr) return;
    call_ = std::make_unique<Call>(
        call->fields(), around_.urlFor,
        CallContext{.calls = around_.calls, .parentSession = {}, .query = call->query()});
    call_->setState({.name = service_->name()});
    call_->setSession([]() -> Session {
      refuseUse("a callback after an event has no session of the call: its step is over");
    });
  }
  DueRun(const DueRun&) = delete;
  DueRun& operator=(const DueRun&) = delete;
  ~DueRun() { service_->endEntries(entries_); }

  void begin() {
    service_->beginEntries(entries_);
    detached_ = around_.calls->beginDetached(
        {.state = service_->name(), .callSid = call_ ? std::string{call_->sid()} : std::string{}});
    next();
  }

 private:
  void next() {
    around_.models
        ->with(service_->claimOf(service_->keyOf(id_), "due"),
               [self = shared_from_this()](SessionLeasePointer lease) {
                 return self->runOne(std::move(lease));
               })
        .receive([self = shared_from_this()](const Settled<bool>& more) {
          if (const auto* error = std::get_if<1>(&more)) return self->leave(*error);
          if (!std::get<0>(more)) return self->detached_->end(nullptr);
          const auto& tasks = self->around_.tasks;
          if (!tasks->tryRun(kFlowLane, [self] { self->next(); })) self->leave(tasks->refusal());
        });
  }

  /// What is left is in the store, for this process or another one.
  void leave(std::exception_ptr error) {
    detached_->end(std::move(error));
    if (const Gate::Entry entry = around_.tasks->enter()) service_->lookLater();
  }

  /// False if there are no more.
  Later<bool> runOne(SessionLeasePointer lease) {
    work_ = std::make_shared<HeldModel>(service_, id_, std::move(lease));
    if (!work_->record()) return false;
    auto& due = work_->record()->due;
    const auto first = std::ranges::find_if(due, [&](const DueEntry& entry) {
      return std::ranges::find(entries_, entry.id) != entries_.end();
    });
    if (first == due.end()) return false;
    entry_ = *first;
    due.erase(first);
    if (entry_.by != service_->process()) log("runs again", LogLevel::warning);
    const auto callback = service_->definition().dueNamed(entry_.callback);
    if (!callback) {
      log("dropped: the flow has it no more", LogLevel::warning);
      return stored();
    }
    turn_ = service_->turnOf(id_, call_.get());
    const Transition transition = entry_.transition();
    const std::string state = work_->state();
    return called(*callback, transition)
        .then([self = shared_from_this(), state](Done) {
          if (self->work_->state() != state) {
            refuseUse("a callback after an event cannot set the state: send an event");
          }
        })
        .recover([self = shared_from_this()](const std::exception_ptr& error) -> Done {
          self->onFailure(error);
          return {};
        })
        .then([self = shared_from_this()](Done) { return self->stored(); });
  }

  Later<Done> called(Due callback, const Transition& transition) {
    try {
      const Holding model{work_->lease(), nullptr, Holding::Kind::model};
      return calledHolding(*around_.tasks, service_->name(), [&] {
        transition_ = transition;
        return service_->definition().runDue(work_->model().model, callback, transition_, turn_);
      });
    } catch (...) {
      return Later<Done>::failed(std::current_exception());
    }
  }

  /// What it has done to the model is forgotten; it is not done again.
  void onFailure(const std::exception_ptr& error) {
    around_.calls->reportDetached(
        {.error = error,
         .state = service_->name() + ' ' + entry_.callback,
         .callSid = work_->record()->legs.empty() ? id_ : work_->record()->legs.front()});
    work_->reload(entry_.id);
  }

  Later<bool> stored() {
    return work_->save().then([](Done) { return true; });
  }

  void log(std::string_view outcome, LogLevel level) const {
    LogLine line{around_.personalData, "flow callback"};
    line.add("name", service_->name()).add("id", id_).add("callback", entry_.callback);
    line.add("event", entry_.event).add("outcome", outcome).add("begun_by", entry_.by);
    around_.log(level, line.text());
  }

  const std::shared_ptr<FlowService> service_;
  const std::string id_;
  const std::vector<std::string> entries_;
  const FlowSurroundings& around_;
  std::unique_ptr<Call> call_;
  std::shared_ptr<DetachedWork> detached_;
  std::shared_ptr<HeldModel> work_;
  DueEntry entry_;
  Transition transition_;
  Turn turn_;
};

}  // namespace

void beginDueRun(std::shared_ptr<FlowService> service, std::string id,
                 std::vector<std::string> entries, const Call* call) {
  std::make_shared<DueRun>(std::move(service), std::move(id), std::move(entries), call)->begin();
}

}  // namespace ivr::flow
