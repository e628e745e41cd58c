#include "flow/held_model.hpp"

#include "core/log_line.hpp"
#include "flow/flow_calls.hpp"

#include <utility>

namespace ivr::flow {

using session::SessionChange;
using session::SessionLeasePointer;
using std::chrono::milliseconds;

HeldModel::HeldModel(std::shared_ptr<FlowService> service, std::string id,
                     SessionLeasePointer lease)
    : service_(std::move(service)),
      id_(std::move(id)),
      lease_(std::move(lease)),
      record_(ModelRecord::from(lease_->opened().data, service_->store())) {}

const Definition::StateEntry& HeldModel::settleState() const {
  const auto* const entry = service_->definition().stateNamed(state());
  if (entry == nullptr) {
    refuseUse("a stored " + service_->store().options.name + " is in the state " +
              shownWord(state()) + ", which the flow has no more: say what it is now with renamed");
  }
  if (state() != entry->name.text()) state() = entry->name.text();
  return *entry;
}

void HeldModel::reload(const std::string& entry) {
  record_ = ModelRecord::from(lease_->opened().data, service_->store());
  std::erase_if(record_->due, [&](const DueEntry& one) { return one.id == entry; });
}

void HeldModel::add(const Fired& fired) {
  for (const Due due : fired.due) {
    std::string entry = service_->nextEntry();
    added_.push_back(entry);
    record_->due.push_back({.id = std::move(entry),
                            .flow = service_->name(),
                            .callback = service_->definition().nameOf(due),
                            .event = std::string{fired.event},
                            .from = std::string{fired.from},
                            .to = std::string{fired.to},
                            .outcome = fired.outcome,
                            .by = service_->process()});
  }
}

void HeldModel::log(const Fired& fired, std::string_view callSid) const {
  const auto& around = service_->around();
  LogLine line{around.personalData, "flow"};
  line.add("name", service_->name()).add("id", id_).add("event", fired.event);
  line.add("from", fired.from).add("to", fired.to).add("outcome", textOf(fired.outcome));
  line.add("call", callSid);
  around.log(fired.isSuccess() ? LogLevel::info : LogLevel::warning, line.text());
}

Later<Done> HeldModel::save(std::optional<std::string> answer, milliseconds answerLifetime) {
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

SessionChange HeldModel::change() const {
  SessionChange change{.data = data_,
                       .dataLifetime = dataLifetime_,
                       .hasWork = !record_->due.empty(),
                       .answerLifetime = answerLifetime_};
  if (answer_) change.answer = *answer_;
  return change;
}

void HeldModel::saveAgain(const Answer<Done>& done) {
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

}  // namespace ivr::flow
