#include "flow/flow_step.hpp"

#include "core/log_line.hpp"
#include "flow/flow_calls.hpp"
#include "flow/held_model.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace ivr::flow {

using ivr::detail::Holding;
using session::SessionLeasePointer;
using twiml::Twiml;

namespace {

/// One of these for each webhook. Lives until the document is stored.
class FlowStep : public std::enable_shared_from_this<FlowStep> {
 public:
  FlowStep(std::shared_ptr<FlowService> service, StepContext& step, std::string_view path,
           bool isStatus)
      : service_(std::move(service)),
        flow_(service_->definition()),
        around_(service_->around()),
        step_(step),
        path_(path),
        isStatus_(isStatus),
        name_(step.name),
        sid_(step.call.sid()) {
    step_.isHeard = !isStatus_;
  }

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
          self->work_ = std::make_shared<HeldModel>(self->service_, id, std::move(lease));
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
    refuseUse("the event " + shownWord(event.text()) + " of " + service_->name() +
              " cannot be sent by " + (actor.empty() ? "nobody in particular" : shownWord(actor)) +
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
    refuseUse("there is no " + service_->name() + " with the id " + shownWord(id) +
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
    return render([fired](const FlowStep& self) { self.work_->log(fired, self.sid_); });
  }

  Later<Twiml> render() {
    makeTurn();
    return render([](const FlowStep&) {});
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
  std::shared_ptr<HeldModel> work_;
  Turn turn_;
};

}  // namespace

Later<Twiml> answerOf(std::shared_ptr<FlowService> service, StepContext& step,
                      std::string_view path, bool isStatus) {
  return std::make_shared<FlowStep>(std::move(service), step, path, isStatus)->run();
}

}  // namespace ivr::flow
