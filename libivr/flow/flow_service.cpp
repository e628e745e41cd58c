#include "flow/flow_service.hpp"

#include "core/text.hpp"
#include "flow/due_run.hpp"
#include "flow/flow_calls.hpp"
#include "flow/held_model.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/holding.hpp"

#include <array>
#include <map>
#include <random>
#include <unistd.h>
#include <utility>

namespace ivr::flow {

using ivr::detail::Holding;
using session::SessionLeasePointer;
using std::chrono::milliseconds;

namespace {

/// How often it looks for what dead processes have left undone. What is still there when it looks
/// again, and is not being done, has nobody.
constexpr milliseconds kUndonePause{3000};

/// The most models that it looks at.
constexpr std::size_t kMostUndone = 1000;

/// A name that no other process has: for messages, with the number by which the machine knows it.
std::string flowProcessName() {
  std::random_device source;
  std::array<unsigned char, 6> bytes{};
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(source());
  return std::to_string(::getpid()) + '.' + hexText(bytes);
}

}  // namespace

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
        if (!isModelId(id)) refuseUse(shownWord(id) + " can be the id of no model");
        return self->around().models->with(
            self->claimOf(self->keyOf(id), "event"),
            [self, id, work = std::move(work)](SessionLeasePointer lease) mutable {
              const auto held = std::make_shared<HeldModel>(self, id, std::move(lease));
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

std::string FlowService::nextEntry() { return process_ + '.' + std::to_string(++lastEntry_); }

void FlowService::beginEntries(const std::vector<std::string>& entries) {
  const std::lock_guard lock{mutex_};
  underWay_.insert(entries.begin(), entries.end());
}

void FlowService::endEntries(const std::vector<std::string>& entries) {
  const std::lock_guard lock{mutex_};
  for (const std::string& entry : entries) underWay_.erase(entry);
}

void FlowService::runDue(const std::string& id, std::vector<std::string> entries,
                         const Call* call) {
  if (entries.empty()) return;
  try {
    beginDueRun(shared_from_this(), id, std::move(entries), call);
  } catch (const std::exception&) {
    lookLater();  // no memory: it is in the store
  }
}

// ---- The handle.

Later<std::shared_ptr<void>> FlowService::find(std::string id) {
  return elsewhere([self = shared_from_this(), id = std::move(id)] {
    if (!isModelId(id)) refuseUse(shownWord(id) + " can be the id of no model");
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
  return held(
      std::move(id),
      [self = shared_from_this(), model = std::move(model)](HeldModel& work) -> Later<bool> {
        if (work.record()) return false;
        work.record() = ModelRecord{.model = model};
        work.state() = self->definition().initial().name.text();
        return work.save().then([](Done) { return true; });
      });
}

Later<std::optional<Outcome>> FlowService::send(std::string id, Event event) {
  using Sent = std::optional<Outcome>;
  const auto* const entry = definition().eventNamed(event.text());
  if (event.sender().kind() != Sender::Kind::application || entry == nullptr ||
      !(entry->name == event)) {
    return Later<Sent>::failed(std::make_exception_ptr(
        Error{ErrorKind::usage, "the event " + shownWord(event.text()) +
                                    " is not one that the application sends to " + name()}));
  }
  return held(std::move(id), [self = shared_from_this(), event](HeldModel& held) -> Later<Sent> {
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
  return held(std::move(id), [change = std::move(change)](HeldModel& work) -> Later<bool> {
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
    if (!isModelId(id)) refuseUse(shownWord(id) + " can be the id of no model");
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
