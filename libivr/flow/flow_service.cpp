#include "flow/flow_service.hpp"

#include "core/log_line.hpp"
#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/holding.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <random>
#include <unistd.h>
#include <utility>

namespace ivr::flow {

using ivr::detail::Holding;
using session::SessionChange;
using session::SessionLeasePointer;
using std::chrono::milliseconds;
using twiml::Twiml;

namespace {

/// How often it looks for what dead processes have left undone. What is still there when it looks
/// again, and is not being done, has nobody.
constexpr milliseconds kUndonePause{3000};

/// The most models that it looks at.
constexpr std::size_t kMostUndone = 1000;

constexpr std::string_view kFlowLane = "flows";
constexpr std::string_view kFlowStoreLane = "flows, storing";

/// A name that no other process has: for messages, with the number by which the machine knows it.
std::string flowProcessName() {
  std::random_device source;
  std::array<unsigned char, 6> bytes{};
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(source());
  return std::to_string(::getpid()) + '.' + hexText(bytes);
}

std::string quotedWord(std::string_view text) { return '"' + oneLine(std::string{text}, 64) + '"'; }

[[noreturn]] void refuseUse(const std::string& why) { throw Error{ErrorKind::usage, why}; }

/// What `function` returns, unless it would wait for what is held here.
template <class F>
auto calledHolding(Tasks& tasks, std::string_view lane, F function) {
  auto later = function();
  if (later.waitsForHere()) std::rethrow_exception(Holding::error());
  return tasks.bring(lane, std::move(later));
}

/// A condition that is false for a stored state that the flow has no more.
const Definition::StateEntry& stateIn(const Definition& flow, const std::string& name,
                                      const std::string& state) {
  if (const auto* const found = flow.stateNamed(state)) return *found;
  refuseUse("a stored " + name + " is in the state " + quotedWord(state) +
            ", which the flow has no more: say what it is now with renamed");
}

}  // namespace

/// A model that is held, until it is stored or dropped.
class FlowService::Work : public std::enable_shared_from_this<Work> {
 public:
  Work(std::shared_ptr<FlowService> service, std::string id, SessionLeasePointer lease)
      : service_(std::move(service)),
        id_(std::move(id)),
        lease_(std::move(lease)),
        record_(ModelRecord::from(lease_->opened().data, service_->store())) {}

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] std::optional<ModelRecord>& record() noexcept { return record_; }
  [[nodiscard]] Holding::Id lease() const noexcept { return lease_->id(); }
  [[nodiscard]] const std::optional<std::string>& answer() const { return lease_->opened().answer; }
  [[nodiscard]] std::string& state() const { return service_->flow_.stateOf(record_->model.get()); }
  [[nodiscard]] detail::ModelRef model() const { return {record_->model.get(), &state()}; }

  /// Puts the model into a state of the flow, if its own has been renamed.
  const Definition::StateEntry& settleState() const {
    const auto& entry = stateIn(service_->definition(), service_->store().options.name, state());
    if (state() != entry.name.text()) state() = entry.name.text();
    return entry;
  }

  [[nodiscard]] std::string_view initialState() const {
    return service_->definition().initial().name.text();
  }

  /// The model as it was taken, without one entry of what is due.
  void reload(const std::string& entry) {
    record_ = ModelRecord::from(lease_->opened().data, service_->store());
    std::erase_if(record_->due, [&](const DueEntry& one) { return one.id == entry; });
  }

  /// Puts what is due after an event on the list.
  void add(const Fired& fired) {
    for (const Due due : fired.due) {
      std::string entry = service_->process_ + '.' + std::to_string(++service_->lastEntry_);
      added_.push_back(entry);
      record_->due.push_back({.id = std::move(entry),
                              .flow = service_->name(),
                              .callback = service_->definition().nameOf(due),
                              .event = std::string{fired.event},
                              .from = std::string{fired.from},
                              .to = std::string{fired.to},
                              .outcome = fired.outcome,
                              .by = service_->process_});
    }
  }
  /// What `add` has added.
  [[nodiscard]] const std::vector<std::string>& added() const noexcept { return added_; }

  void log(const Fired& fired, std::string_view callSid) const {
    const auto& around = service_->around();
    LogLine line{around.personalData, "flow"};
    line.add("name", service_->name()).add("id", id_).add("event", fired.event);
    line.add("from", fired.from).add("to", fired.to).add("outcome", textOf(fired.outcome));
    line.add("call", callSid);
    around.log(fired.isSuccess() ? LogLevel::info : LogLevel::warning, line.text());
  }

  /// In one commit: the model, what is due, and `answer` for the step. If the store cannot be
  /// reached, tries for a while.
  Later<Done> save(std::optional<std::string> answer = {}, milliseconds answerLifetime = {}) {
    const StoreOptions& options = service_->store().options;
    const auto* const entry = service_->definition().stateNamed(state());
    const bool isEnd = entry != nullptr && entry->isEnd;
    data_ = record_->text(service_->store());
    answer_ = std::move(answer);
    answerLifetime_ = answerLifetime;
    dataLifetime_ = isEnd ? options.retention : options.lifetime;
    return Later<Done>{[&](const Answer<Done>& done) {
      lease_->save(change(), [self = shared_from_this(), done](Settled<bool> saved) {
        if (auto* error = std::get_if<1>(&saved)) return done.fail(std::move(*error));
        if (std::get_if<0>(&saved) != nullptr && std::get<0>(saved)) return done(Done{});
        const auto& tasks = self->service_->around().tasks;
        if (!tasks->tryRun({kFlowStoreLane, Executor::Pace::blocking},
                           [self, done] { self->saveAgain(done); })) {
          done.fail(tasks->refusal());
        }
      });
    }};
  }

 private:
  [[nodiscard]] SessionChange change() const {
    SessionChange change{.data = data_,
                         .dataLifetime = dataLifetime_,
                         .hasWork = !record_->due.empty(),
                         .answerLifetime = answerLifetime_};
    if (answer_) change.answer = *answer_;
    return change;
  }

  void saveAgain(const Answer<Done>& done) {
    try {
      const auto end = std::chrono::steady_clock::now() + service_->around().patience;
      while (std::chrono::steady_clock::now() < end && lease_->waitForStore()) {
        if (lease_->saveAgain(change())) return done(Done{});
      }
      done.fail(lease_->lastError());
    } catch (...) {
      done.fail(std::current_exception());
    }
  }

  const std::shared_ptr<FlowService> service_;
  const std::string id_;
  const SessionLeasePointer lease_;
  std::optional<ModelRecord> record_;
  std::vector<std::string> added_;

  std::string data_;
  std::optional<std::string> answer_;
  milliseconds dataLifetime_{0};
  milliseconds answerLifetime_{0};
};

/// A webhook on its way to its document.
class FlowService::Step : public std::enable_shared_from_this<Step> {
 public:
  Step(std::shared_ptr<FlowService> service, StepContext& step, std::string_view path,
       bool isStatus)
      : service_(std::move(service)),
        flow_(service_->definition()),
        around_(service_->around()),
        step_(step),
        path_(path),
        isStatus_(isStatus),
        name_(step.name),
        sid_(step.call.sid()) {}

  /// 1. Finds the id of the model.
  Later<Twiml> run() {
    step_.call.setSession([&step = step_] { return Session{step.kept()}; });
    step_.call.setState({.name = service_->name()});
    if (const auto id = step_.call.query().find("call_id")) {
      isNamed_ = true;
      return open(std::string{*id});
    }
    if (!isModelId(sid_)) return onUnknown(sid_);
    // A call that came second is known by that.
    return around_.tasks
        ->bring(service_->name(), around_.models->store().read(service_->legKeyOf(sid_)))
        .then([self = shared_from_this()](const std::string& id) {
          return self->open(id.empty() ? self->sid_ : id);
        });
  }

 private:
  /// 2. Takes the model.
  Later<Twiml> open(std::string id) {
    if (!isModelId(id)) return onUnknown(id);
    return around_.models->with(
        service_->claimOf(service_->keyOf(id), name_.empty() ? "event" : name_),
        [self = shared_from_this(), id](SessionLeasePointer lease) {
          self->work_ = std::make_shared<Work>(self->service_, id, std::move(lease));
          return self->answer();
        });
  }

  /// 3. Finds out what has happened.
  Later<Twiml> answer() {
    auto& record = work_->record();
    if (!name_.empty() && work_->answer()) {
      // The step was done, and the process died, or lost its session, before it could say so.
      return Twiml::raw(*work_->answer());
    }
    if (isStatus_) return record ? onStatus() : onUnknown(work_->id());
    const std::string_view event = step_.call.query().get("event");
    if (begins(event)) {
      const bool isOver = record && event.empty() && work_->settleState().isEnd;
      if (!record || isOver) return begin();
    }
    if (!record) return onUnknown(work_->id());
    work_->settleState();
    if (event.empty()) return render();
    const auto* const entry = flow_.eventNamed(event);
    if (entry == nullptr) {
      warn("unknown event", event);
      return render();
    }
    checkSender(entry->name);
    return fire(entry->name);
  }

  /// Whether a webhook with that event may begin a model.
  [[nodiscard]] bool begins(std::string_view event) const {
    const auto* const first = flow_.beginsWith();
    if (first == nullptr || isNamed_) return false;
    if (!event.empty() && first->name.text() != event) return false;
    const auto* const actor = senderOf(first->name);
    return actor != nullptr && actor->path == path_;
  }

  /// The party at whose address an event arrives; null if it arrives at none.
  [[nodiscard]] const Definition::ActorEntry* senderOf(Event event) const {
    const Sender sender = event.sender();
    if (sender.kind() == Sender::Kind::actor) return flow_.actorNamed(sender.actor());
    if (sender.kind() != Sender::Kind::redirect || flow_.actors().empty()) return nullptr;
    return &flow_.actors().front();
  }

  /// A party can send its own events alone.
  void checkSender(Event event) const {
    const std::string_view actor = step_.call.query().get("actor");
    const auto* const sender = senderOf(event);
    const bool isRedirect = event.sender().kind() == Sender::Kind::redirect;
    const bool isFirst = flow_.beginsWith() != nullptr && flow_.beginsWith()->name == event;
    if (sender != nullptr && sender->path == path_ &&
        (isRedirect || actor == sender->name.text() || (isFirst && actor.empty()))) {
      return;
    }
    warn("wrong sender", event.text());
    refuseUse("the event " + quotedWord(event.text()) + " of " + service_->name() +
              " cannot be sent by " + (actor.empty() ? "nobody in particular" : quotedWord(actor)) +
              " to " + path_);
  }

  Later<Twiml> onStatus() {
    std::string_view actor = step_.call.query().get("actor");
    if (actor.empty()) {  // set up at the number, and not by a link
      const auto found = std::ranges::find(flow_.actors(), path_, &Definition::ActorEntry::path);
      if (found != flow_.actors().end()) actor = found->name.text();
    }
    const auto* const event = flow_.eventOfStatus(actor, step_.call.fields().get("CallStatus"));
    if (event == nullptr) return Twiml{};  // means nothing here
    work_->settleState();
    return fire(event->name);
  }

  Later<Twiml> onUnknown(const std::string& id) {
    warn("unknown call", step_.call.query().get("event"));
    if (isStatus_) return Twiml{};  // nobody hears it
    refuseUse("there is no " + service_->name() + " with the id " + quotedWord(id) +
              ": it is over, or was never begun");
  }

  void warn(std::string_view what, std::string_view event) const {
    LogLine line{around_.personalData, "flow"};
    line.add("name", service_->name());
    if (work_) line.add("id", work_->id());
    line.add("event", oneLine(std::string{event}, 64));
    line.add("outcome", what).add("call", oneLine(sid_, 64));
    around_.log(LogLevel::warning, line.text());
  }

  /// Calls code of the flow.
  template <class F>
  auto calling(F function) {
    const Holding step{step_.holds, &step_.beforeWork};
    const Holding model{work_->lease(), nullptr, Holding::Kind::model};
    return calledHolding(*around_.tasks, service_->name(), std::move(function));
  }

  Later<Twiml> begin() {
    ModelRecord made{.model = service_->store().model.make()};
    if (work_->record()) made.due = std::move(work_->record()->due);
    work_->record() = std::move(made);
    return calling([&] { return flow_.begin(work_->model(), step_.call); })
        .then([self = shared_from_this()](Done) {
          return self->fire(self->flow_.beginsWith()->name);
        });
  }

  /// 4. Lets the event change the model, in memory.
  Later<Twiml> fire(Event event) {
    makeTurn();
    return calling([&] { return flow_.fire(work_->model(), event, turn_); })
        .then([self = shared_from_this()](const Fired& fired) { return self->onFired(fired); });
  }

  Later<Twiml> onFired(const Fired& fired) {
    work_->add(fired);
    if (step_.passed != nullptr && fired.outcome == Outcome::changed) {
      step_.passed->emplace_back(fired.from);
    }
    return render([fired](const Step& self) { self.work_->log(fired, self.sid_); });
  }

  Later<Twiml> render() {
    makeTurn();
    return render([](const Step&) {});
  }

  /// 5. Makes the document, and says how it is stored.
  template <class Log>
  Later<Twiml> render(Log log) {
    step_.heard = work_->state();
    auto made = isStatus_ ? Later<Twiml>{Twiml{}} : calling([&] {
      return flow_.render({work_->model().model, work_->model().state}, turn_);
    });
    return std::move(made).then([self = shared_from_this(), log](Twiml document) {
      self->keepSession();
      self->step_.store = [self, log](const std::string& xml) {
        return self->store(xml).then([self, log](Done) {
          log(*self);
          self->service_->runDue(self->work_->id(), self->work_->added(), &self->step_.call);
        });
      };
      return document;
    });
  }

  void makeTurn() { turn_ = service_->turnOf(work_->id(), &step_.call); }

  void keepSession() {
    const Session* const session = step_.call.usedSession();
    if (session == nullptr) return;
    std::string text = session->text();
    if (!text.empty() || !step_.kept().empty()) step_.keep = std::move(text);
  }

  /// 6. Stores the model with what is due and the document.
  Later<Done> store(const std::string& xml) {
    auto& legs = work_->record()->legs;
    const bool isNew = isModelId(sid_) && std::ranges::find(legs, sid_) == legs.end() &&
                       legs.size() < ModelRecord::kMaxLegs;
    if (isNew) legs.push_back(sid_);
    auto answer = name_.empty() ? std::nullopt : std::optional{xml};
    if (!isNew || sid_ == work_->id()) return work_->save(std::move(answer), step_.nameLifetime);
    // First, so that no model has a call that does not lead to it.
    return around_.models
        ->with(service_->claimOf(service_->legKeyOf(sid_), "leg"),
               [id = work_->id(),
                lifetime = service_->store().options.lifetime](const SessionLeasePointer& lease) {
                 return lease->commit({.data = id, .dataLifetime = lifetime});
               })
        .then([self = shared_from_this(), answer = std::move(answer)](Done) mutable {
          return self->work_->save(std::move(answer), self->step_.nameLifetime);
        });
  }

  const std::shared_ptr<FlowService> service_;
  const Definition& flow_;
  const FlowSurroundings& around_;
  StepContext& step_;
  const std::string path_;
  const bool isStatus_;
  const std::string name_;  ///< Of the step; empty if nobody will ask again.
  const std::string sid_;
  bool isNamed_ = false;  ///< The address says which model it is.
  std::shared_ptr<Work> work_;
  Turn turn_;
};

/// Runs what is due, one after another, each with a commit that takes it off the list.
class FlowService::DueRun : public std::enable_shared_from_this<DueRun> {
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
  ~DueRun() {
    const std::lock_guard lock{service_->mutex_};
    for (const std::string& entry : entries_) service_->underWay_.erase(entry);
  }

  void begin() {
    {
      const std::lock_guard lock{service_->mutex_};
      service_->underWay_.insert(entries_.begin(), entries_.end());
    }
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
    work_ = std::make_shared<Work>(service_, id_, std::move(lease));
    if (!work_->record()) return false;
    auto& due = work_->record()->due;
    const auto first = std::ranges::find_if(due, [&](const DueEntry& entry) {
      return std::ranges::find(entries_, entry.id) != entries_.end();
    });
    if (first == due.end()) return false;
    entry_ = *first;
    due.erase(first);
    if (entry_.by != service_->process_) log("runs again", LogLevel::warning);
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
  std::shared_ptr<Work> work_;
  DueEntry entry_;
  Transition transition_;
  Turn turn_;
};

FlowService::FlowService(detail::AddedFlow flow)
    : flow_(std::move(flow)),
      process_(flowProcessName()),
      prefix_("flow." + flow_.store.options.name + '.') {}

FlowService::~FlowService() = default;

void FlowService::mount(FlowSurroundings around) {
  around_.emplace(std::move(around));
  isMounted_.store(true, std::memory_order_release);
}

const FlowSurroundings& FlowService::around() const {
  if (!isMounted_.load(std::memory_order_acquire)) {
    refuseUse("the flow " + name() + " is used before its application was mounted");
  }
  return *around_;
}

template <class F>
auto FlowService::elsewhere(F work) {
  Holding::prepareForWork();
  return around().tasks->runUnheld(kFlowLane, std::move(work));
}

template <class F>
auto FlowService::held(std::string id, F work) {
  return elsewhere(
      [self = shared_from_this(), id = std::move(id), work = std::move(work)]() mutable {
        if (!isModelId(id)) refuseUse(quotedWord(id) + " can be the id of no model");
        return self->around().models->with(
            self->claimOf(self->keyOf(id), "event"),
            [self, id, work = std::move(work)](SessionLeasePointer lease) mutable {
              const auto held = std::make_shared<Work>(self, id, std::move(lease));
              return work(*held).then([held](auto value) { return value; });
            });
      });
}

std::string FlowService::keyOf(std::string_view id) const { return prefix_ + std::string{id}; }

std::string FlowService::legKeyOf(std::string_view callSid) const {
  return prefix_ + "leg." + std::string{callSid};  // no id has a point
}

session::SessionClaim FlowService::claimOf(std::string key, std::string step) const {
  return {.name = std::move(key),
          .step = std::move(step),
          .lane = name(),
          .patience = around().patience,
          .isWanted = {}};
}

Turn FlowService::turnOf(std::string id, Call* call) const {
  return Turn{{.id = std::move(id),
               .call = call,
               .urlFor = around().urlFor,
               .definition = &definition(),
               .calls = around().calls}};
}

Later<Twiml> FlowService::step(StepContext& step, std::string_view path, bool isStatus) {
  return std::make_shared<Step>(shared_from_this(), step, path, isStatus)->run();
}

void FlowService::runDue(const std::string& id, std::vector<std::string> entries,
                         const Call* call) {
  if (entries.empty()) return;
  try {
    std::make_shared<DueRun>(shared_from_this(), id, std::move(entries), call)->begin();
  } catch (const std::exception&) {
    lookLater();  // no memory: it is in the store
  }
}

// ---- The handle.

Later<std::shared_ptr<void>> FlowService::find(std::string id) {
  return elsewhere([self = shared_from_this(), id = std::move(id)] {
    if (!isModelId(id)) refuseUse(quotedWord(id) + " can be the id of no model");
    return self->around()
        .models->store()
        .read(self->keyOf(id))
        .then([self](const std::string& text) {
          const auto record = ModelRecord::from(text, self->store());
          return record ? record->model : nullptr;
        });
  });
}

Later<bool> FlowService::begin(std::string id, std::shared_ptr<void> model) {
  return held(std::move(id), [model = std::move(model)](Work& work) -> Later<bool> {
    if (work.record()) return false;
    work.record() = ModelRecord{.model = model};
    work.state() = work.initialState();
    return work.save().then([](Done) { return true; });
  });
}

Later<std::optional<Outcome>> FlowService::send(std::string id, Event event) {
  using Sent = std::optional<Outcome>;
  const auto* const entry = definition().eventNamed(event.text());
  if (event.sender().kind() != Sender::Kind::application || entry == nullptr ||
      !(entry->name == event)) {
    return Later<Sent>::failed(std::make_exception_ptr(
        Error{ErrorKind::usage, "the event " + quotedWord(event.text()) +
                                    " is not one that the application sends to " + name()}));
  }
  return held(std::move(id), [self = shared_from_this(), event](Work& held) -> Later<Sent> {
    if (!held.record()) return Sent{};
    held.settleState();
    const auto work = held.shared_from_this();
    const auto turn = std::make_shared<const Turn>(self->turnOf(work->id(), nullptr));
    const Holding model{work->lease(), nullptr, Holding::Kind::model};
    return calledHolding(*self->around().tasks, self->name(),
                         [&] { return self->definition().fire(work->model(), event, *turn); })
        .then([self, work, turn](const Fired& fired) {
          work->add(fired);
          return work->save().then([self, work, fired](Done) {
            work->log(fired, {});
            self->runDue(work->id(), work->added(), nullptr);
            return Sent{fired.outcome};
          });
        });
  });
}

Later<bool> FlowService::change(std::string id, std::function<void(void*)> change) {
  return held(std::move(id), [change = std::move(change)](Work& work) -> Later<bool> {
    if (!work.record()) return false;
    const std::string state = work.state();
    {
      const Holding model{work.lease(), nullptr, Holding::Kind::model};
      change(work.record()->model.get());
    }
    if (work.state() != state) refuseUse("a change cannot set the state of a model: send an event");
    return work.save().then([](Done) { return true; });
  });
}

Later<CallUpdate> FlowService::redirectAnd(std::string callSid, std::string id, Event event) {
  try {
    if (!isModelId(id)) refuseUse(quotedWord(id) + " can be the id of no model");
    return turnOf(std::move(id), nullptr).redirectAnd(std::move(callSid), event);
  } catch (...) {
    return Later<CallUpdate>::failed(std::current_exception());
  }
}

// ---- What dead processes have left undone.

void FlowService::watch() {
  // What has its models in memory can leave nothing behind but what it could not finish itself.
  if (store().sessions->scope() != session::StoreScope::process) lookSoon();
}

void FlowService::lookSoon() {
  const bool runs =
      around().tasks->tryRun({kFlowStoreLane, Executor::Pace::blocking}, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->look();
      });
  if (!runs) lookLater();
}

void FlowService::lookLater() {
  const auto timers = around().timers.lock();
  if (!timers) return;
  {
    const std::lock_guard lock{mutex_};
    if (std::exchange(looksLater_, true)) return;
  }
  timers->after(kUndonePause, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    {
      const std::lock_guard lock{self->mutex_};
      self->looksLater_ = false;
    }
    self->lookSoon();
  });
}

void FlowService::look() {
  std::map<std::string, std::vector<std::string>> undone;  // entries, by the id of their model
  bool looksOn = store().sessions->scope() != session::StoreScope::process;
  try {
    auto& models = around().models->store();
    std::set<std::string> seen;
    for (const std::string& key : models.withWork(kMostUndone).get()) {
      if (!key.starts_with(prefix_)) continue;
      for (DueEntry& entry : ModelRecord::dueIn(models.read(key).get())) {
        if (entry.flow != name()) continue;
        const std::lock_guard lock{mutex_};
        if (underWay_.contains(entry.id)) continue;
        if (seenUndone_.contains(entry.id)) undone[key.substr(prefix_.size())].push_back(entry.id);
        seen.insert(std::move(entry.id));
      }
    }
    const std::lock_guard lock{mutex_};
    seenUndone_ = std::move(seen);
    looksOn = looksOn || !seenUndone_.empty();
  } catch (const std::exception&) {
    looksOn = true;  // the store is in trouble, which steps report
  }
  for (auto& [id, entries] : undone) runDue(id, std::move(entries), nullptr);
  if (looksOn) lookLater();
}

}  // namespace ivr::flow
