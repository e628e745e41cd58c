#include "ivr/core/error.hpp"
#include "ivr/core/holding.hpp"
#include "ivr/flow/definition.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace ivr::flow {

namespace {

using detail::Late;
using ivr::detail::Holding;

/// Before anything depends on the answer: what waits for the end of this step must not go on with
/// the model after it.
void refuseToWaitInVain(const Later<bool>& late) {
  if (late.waitsForHere()) std::rethrow_exception(Holding::error());
}

/// Runs a machine to its end: at once as long as what it calls answers at once, and from the
/// threads of the answers after that.
///
/// `proceed` calls things until the end, which is true, or until an answer is late; `take` is given
/// that answer, and `fail` what a call threw: true if the machine goes on all the same.
template <class Machine>
class Driving {
 public:
  using Result = typename Machine::Result;

  static Later<Result> run(Machine machine) {
    Late late;
    std::exception_ptr error;
    if (advance(machine, late, error)) {
      if (error) return Later<Result>::failed(std::move(error));
      return machine.result();
    }
    const auto waits = late->waitsFor();
    return Later<Result>{[&](Answer<Result> answer) {
             await(std::make_shared<Machine>(std::move(machine)), std::move(*late),
                   std::move(answer));
           }}
        .waitingFor(waits);
  }

 private:
  /// True at the end; otherwise `late` is what it waits for.
  static bool advance(Machine& machine, Late& late, std::exception_ptr& error) {
    for (;;) {
      try {
        if (machine.proceed(late)) return true;
        refuseToWaitInVain(*late);
        if (!late->isSettled()) return false;
        const bool verdict = std::move(*late).get();
        late.reset();
        machine.take(verdict);
      } catch (...) {
        late.reset();
        if (machine.fail(std::current_exception())) continue;
        error = std::current_exception();
        return true;
      }
    }
  }

  static void await(std::shared_ptr<Machine> machine, Later<bool> late, Answer<Result> answer) {
    std::move(late).receive(
        [machine = std::move(machine), answer = std::move(answer)](Settled<bool> verdict) mutable {
          resume(std::move(machine), std::move(verdict), std::move(answer));
        });
  }

  static void resume(std::shared_ptr<Machine> machine, Settled<bool> verdict,
                     Answer<Result> answer) {
    if (const bool* const said = std::get_if<bool>(&verdict)) {
      machine->take(*said);
    } else if (auto& error = std::get<std::exception_ptr>(verdict); !machine->fail(error)) {
      return answer.fail(std::move(error));
    }
    Late late;
    std::exception_ptr error;
    if (!advance(*machine, late, error)) {
      return await(std::move(machine), std::move(*late), std::move(answer));
    }
    if (error) return answer.fail(std::move(error));
    answer.settle(std::move(*machine).settled());
  }
};

}  // namespace

/// An event on its way.
class Definition::Firing {
 public:
  using Result = Fired;
  enum class Upto { state, callbacks };

  Firing(const Definition& flow, detail::ModelRef model, Event event, const Turn& turn, Upto upto)
      : flow_(&flow),
        model_(model),
        turn_(&turn),
        from_(flow.knownState(*model.state)),
        to_(from_),
        lines_(flow.linesOf(from_, flow.knownEvent(event))),
        upto_(upto) {
    fired_.event = event.text();
    fired_.from = flow.states_[from_].name.text();
    fired_.to = fired_.from;
  }

  bool proceed(Late& late) {
    for (;;) {
      bool verdict = true;
      switch (phase_) {
        case Phase::guards: {
          const Line* const line = currentLine();
          if (line == nullptr || (isDecided(*line) && line->to == kNone)) {
            end(Outcome::refused);
            continue;
          }
          if (isDecided(*line)) {
            enter(line->to);
            continue;
          }
          const Guard& guard = flow_->guards_[line->guards[guard_]];
          verdict = guard.run.call(guard.run.object.get(), model_.model, *turn_, late);
          break;
        }
        case Phase::before: {
          const auto& all = flow_->states_[to_].before;
          if (callback_ == all.size()) {
            model_.state->assign(fired_.to);
            end(fired_.outcome);
            continue;
          }
          const Callback& callback = flow_->callbacks_[all[callback_]];
          if (!callback.onlyOnChange || to_ != from_) {
            verdict =
                callback.run.call(callback.run.object.get(), model_.model, fired_, *turn_, late);
          }
          break;
        }
        case Phase::after: {
          if (upto_ == Upto::state || callback_ == fired_.due.size()) {
            if (error_) std::rethrow_exception(error_);
            return true;
          }
          const Callback& callback = flow_->callbacks_[fired_.due[callback_].callback];
          verdict =
              callback.run.call(callback.run.object.get(), model_.model, fired_, *turn_, late);
          break;
        }
      }
      if (late) return false;
      take(verdict);
    }
  }

  void take(bool verdict) {
    switch (phase_) {
      case Phase::guards: {
        const Guard& guard = flow_->guards_[currentLine()->guards[guard_]];
        if (verdict != guard.isUnless) {
          ++guard_;
        } else {
          ++line_;
          guard_ = 0;
        }
        return;
      }
      case Phase::before:
        if (verdict) {
          ++callback_;
        } else {
          restore();
          end(Outcome::halted);
        }
        return;
      case Phase::after: ++callback_; return;
    }
  }

  bool fail(std::exception_ptr error) {
    if (phase_ != Phase::after) {
      restore();
      return false;
    }
    if (callback_ == fired_.due.size()) return false;  // all have run
    if (!error_) error_ = std::move(error);
    ++callback_;
    return true;
  }

  [[nodiscard]] Fired result() const { return fired_; }
  [[nodiscard]] Settled<Fired> settled() const { return fired_; }

 private:
  enum class Phase { guards, before, after };

  [[nodiscard]] const Line* currentLine() const noexcept {
    if (lines_ == nullptr || line_ == lines_->size()) return nullptr;
    return &flow_->lines_[(*lines_)[line_]];
  }
  [[nodiscard]] bool isDecided(const Line& line) const noexcept {
    return guard_ == line.guards.size();
  }

  void enter(Index to) noexcept {
    to_ = to;
    fired_.to = flow_->states_[to].name.text();
    fired_.outcome = to == from_ ? Outcome::same : Outcome::changed;
    phase_ = Phase::before;
  }

  void end(Outcome outcome) {
    constexpr std::size_t kHaltedOnChange = 4;
    fired_.outcome = outcome;
    const bool isHalt = outcome == Outcome::halted && to_ != from_;
    fired_.due =
        flow_->states_[to_].due.at(isHalt ? kHaltedOnChange : static_cast<std::size_t>(outcome));
    callback_ = 0;
    phase_ = Phase::after;
  }

  /// A callback may have written to what only the flow writes.
  void restore() {
    if (phase_ == Phase::before) model_.state->assign(fired_.from);
  }

  const Definition* flow_;
  detail::ModelRef model_;
  const Turn* turn_;
  Index from_;
  Index to_;
  const std::vector<Index>* lines_;
  Upto upto_;
  Phase phase_ = Phase::guards;
  std::size_t line_ = 0;
  std::size_t guard_ = 0;
  std::size_t callback_ = 0;  ///< Of those before, then of those due.
  Fired fired_;
  std::exception_ptr error_;
};

namespace {

/// Whether a line fits.
class Asking {
 public:
  using Result = bool;

  Asking(const Definition& flow, const std::vector<Definition::Index>* lines, const void* model,
         const Turn& turn)
      : flow_(&flow), lines_(lines), model_(model), turn_(&turn) {}

  bool proceed(Late& late) {
    for (;;) {
      if (lines_ == nullptr || line_ == lines_->size()) return true;
      if (guard_ == line().guards.size()) {
        result_ = line().to != Definition::kNone;
        return true;
      }
      const auto& run = guard().run;
      const bool verdict = run.call(run.object.get(), model_, *turn_, late);
      if (late) return false;
      take(verdict);
    }
  }

  void take(bool verdict) {
    if (verdict != guard().isUnless) {
      ++guard_;
    } else {
      ++line_;
      guard_ = 0;
    }
  }
  static bool fail(const std::exception_ptr&) { return false; }
  [[nodiscard]] bool result() const { return result_; }
  [[nodiscard]] Settled<bool> settled() const { return result_; }

 private:
  [[nodiscard]] const Definition::Line& line() const { return flow_->lines()[(*lines_)[line_]]; }
  [[nodiscard]] const Definition::Guard& guard() const {
    return flow_->guards()[line().guards[guard_]];
  }

  const Definition* flow_;
  const std::vector<Definition::Index>* lines_;
  const void* model_;
  const Turn* turn_;
  std::size_t line_ = 0;
  std::size_t guard_ = 0;
  bool result_ = false;
};

/// `make`, with what it throws as the outcome.
template <class T, class F>
Later<T> settling(F make) {
  try {
    return make();
  } catch (...) {
    return Later<T>::failed(std::current_exception());
  }
}

/// `call` is given a `Late`.
template <class F>
Later<Done> doneAfter(F call) {
  return settling<Done>([&]() -> Later<Done> {
    Late late;
    call(late);
    if (!late) return Done{};
    refuseToWaitInVain(*late);
    return std::move(*late).then([](bool) {});
  });
}

}  // namespace

Later<Fired> Definition::fire(detail::ModelRef model, Event event, const Turn& turn) const {
  return settling<Fired>([&] {
    return Driving<Firing>::run(Firing{*this, model, event, turn, Firing::Upto::state});
  });
}

Later<Fired> Definition::run(detail::ModelRef model, Event event, const Turn& turn) const {
  return settling<Fired>([&] {
    return Driving<Firing>::run(Firing{*this, model, event, turn, Firing::Upto::callbacks});
  });
}

Later<Done> Definition::runDue(void* model, Due due, const Transition& transition,
                               const Turn& turn) const {
  return doneAfter([&](Late& late) {
    const auto& run = callbacks_.at(due.callback).run;
    run.call(run.object.get(), model, transition, turn, late);
  });
}

Later<bool> Definition::can(detail::ConstModelRef model, Event event, const Turn& turn) const {
  return settling<bool>([&] {
    const auto* const lines = linesOf(knownState(*model.state), knownEvent(event));
    return Driving<Asking>::run(Asking{*this, lines, model.model, turn});
  });
}

std::vector<Event> Definition::eventsOf(const std::string& state) const {
  std::vector<Event> events;
  const Index index = knownState(state);
  for (const Index line : states_[index].lines) {
    const Index event = lines_[line].event;
    if (linesOf(index, event)->front() == line) events.push_back(events_[event].name);
  }
  return events;
}

Later<twiml::Twiml> Definition::render(detail::ConstModelRef model, const Turn& turn) const {
  return settling<twiml::Twiml>([&]() -> Later<twiml::Twiml> {
    const auto& render = states_[knownState(*model.state)].render;
    if (render.call == nullptr) return twiml::Twiml{};
    return render.call(render.object.get(), model.model, turn);
  });
}

Later<Done> Definition::begin(detail::ModelRef model, Call& call) const {
  model.state->assign(initial().name.text());
  return doneAfter([&](Late& late) {
    if (begin_.call != nullptr) begin_.call(begin_.object.get(), model.model, call, late);
  });
}

}  // namespace ivr::flow
