#include "state/state_target.hpp"

#include "call/caller_values.hpp"
#include "core/log_line.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>
#include <vector>

namespace ivr {

namespace {

using detail::StateEntry;
using twiml::Twiml;

/// More deciding states than this in a row are a mistake.
constexpr std::size_t kMaxHops = 100;

/// A member of a state that takes longer is named in the log.
constexpr std::chrono::milliseconds kBlocked{1000};

/// What is wrong with a path that does not end: "A -> B -> A".
std::string endless(const std::vector<const StateEntry*>& way) {
  constexpr std::size_t kShown = 8;
  const auto again = std::find(std::next(way.rbegin()), way.rend(), way.back());
  const bool isCircle = again != way.rend();
  const auto first = isCircle ? std::prev(again.base()) : way.end() - kShown;
  std::string text = isCircle ? "the states go round in a circle"
                              : "too many states in a row decide, and none is heard";
  for (auto state = first; state != way.end(); ++state) {
    text += (state == first ? ": " : " -> ") + (*state)->name;
  }
  return text;
}

/// The path of one step through the states. Lives until the document has settled.
class Walk : public std::enable_shared_from_this<Walk> {
  /// Calls a member of a state; continuations of its result run in a task.
  template <class Member>
  auto call(const StateEntry& state, std::string_view name, Member member) {
    step_.call.setState({.name = state.name, .state = &state, .fallbackOf = fallbackOf});
    const auto begun = std::chrono::steady_clock::now();
    const auto end = [&] { logIfBlocked(state, name, std::chrono::steady_clock::now() - begun); };
    const detail::Holding holding{step_.holds, &step_.beforeWork};
    try {
      auto later = member();
      end();
      if (later.waitsForHere()) std::rethrow_exception(detail::Holding::error());
      return around_.tasks->bring(state.name, std::move(later));
    } catch (...) {
      end();
      throw;
    }
  }

 public:
  Walk(const StateSurroundings& around, StepContext& step) : around_(around), step_(step) {}

  /// Lets a state decide. It gets the input, and no state after it does.
  Later<const StateEntry*> leave(const StateEntry& state) {
    addHop(state);
    return call(state, "transitionOut", [&] { return state.branching->transitionOut(step_.call); })
        .then([self = shared_from_this(), &state](const Next& next) {
          self->step_.call.consumeInput();
          return &self->around_.states.find(next, state.name);
        });
  }

  /// Follows the deciding states to the first that is heard.
  Later<const StateEntry*> resolve(const StateEntry& state) {
    if (state.renderable != nullptr) return &state;
    return leave(state).then(
        [self = shared_from_this()](const StateEntry* next) { return self->resolve(*next); });
  }

  Later<Twiml> render(const StateEntry& state) {
    step_.heard = state.name;
    try {
      (void)call(state, "backgroundTrigger", [&]() -> Later<Done> {
        state.renderable->backgroundTrigger(step_.call);
        return Done{};
      });
    } catch (...) {
      const Next fallback = state.renderable->backgroundFailed();
      if (fallback.isNowhere()) throw;
      around_.calls->reportDetached({.error = std::current_exception(),
                                     .state = state.name,
                                     .callSid = std::string{step_.call.sid()},
                                     .callerValues = callerValues(step_.call.fields())});
      addHop(state);
      return resolve(around_.states.find(fallback, state.name))
          .then([self = shared_from_this()](const StateEntry* heard) {
            return self->render(*heard);
          });
    }
    return call(state, "twimlFor", [&] { return state.renderable->twimlFor(step_.call); });
  }

 private:
  void addHop(const StateEntry& state) {
    left_.push_back(&state);
    if (step_.passed != nullptr) step_.passed->push_back(state.name);
    if (left_.size() > kMaxHops) throw Error{ErrorKind::usage, endless(left_)};
  }

  static Next fallbackOf(const void* entry) {
    const auto* state = static_cast<const StateEntry*>(entry);
    return state->renderable == nullptr ? Next{} : state->renderable->backgroundFailed();
  }

  void logIfBlocked(const StateEntry& state, std::string_view member,
                    std::chrono::steady_clock::duration took) const {
    if (took < kBlocked) return;
    LogLine line{around_.personalData, "blocked"};
    line.add("state", state.name).add("in", member).add("call", step_.call.sid());
    line.add("ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
    around_.log(LogLevel::warning, line.text());
  }

  const StateSurroundings& around_;
  StepContext& step_;
  std::vector<const StateEntry*> left_;  ///< The states that have decided, in order.
};

}  // namespace

Later<Twiml> StateTarget::run(StepContext& step) {
  step.call.setSession([&step] { return Session{step.kept()}; });
  const auto walk = std::make_shared<Walk>(around_, step);
  auto heard = request_ == StateRequest::render
                   ? walk->resolve(asked_)
                   : walk->leave(asked_).then(
                         [walk](const StateEntry* next) { return walk->resolve(*next); });
  return std::move(heard)
      .then([walk](const StateEntry* state) { return walk->render(*state); })
      .then([walk, &step](Twiml document) {
        if (const Session* const session = step.call.usedSession()) {
          std::string text = session->text();
          // A session that was and is empty needs no saving.
          if (!text.empty() || !step.kept().empty()) step.keep = std::move(text);
        }
        return document;
      });
}

}  // namespace ivr
