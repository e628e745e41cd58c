#include "app/step_runner.hpp"

#include "app/continuation.hpp"
#include "app/session_changes.hpp"
#include "app/state_list.hpp"
#include "app/step_documents.hpp"
#include "call/caller_values.hpp"
#include "core/log_line.hpp"
#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"

#include <array>
#include <mutex>
#include <random>
#include <utility>

namespace ivr {

namespace {

using namespace std::chrono_literals;
using http::Response;
using session::SessionChange;
using session::SessionLease;
using session::SessionLeasePointer;
using std::chrono::milliseconds;
using std::chrono::system_clock;

/// How long an answer can be fetched after its total limit: the caller may just have begun to hear
/// the document that asks to hold.
constexpr milliseconds kGrace = 60s;

/// An answer that takes longer is a late one.
constexpr milliseconds kUsual = 1s;

/// If the words for a caller who waits take longer, the library's own are used.
constexpr milliseconds kWords = 1s;

constexpr std::string_view kHoldLane = "hold";

/// A prefix for names of steps that no other process uses.
std::string uniqueBeginning() {
  std::random_device source;
  std::array<unsigned char, 16> bytes{};
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(source());
  return "r." + hexText(bytes) + '.';
}

milliseconds millisecondsOf(system_clock::duration duration) {
  return std::chrono::duration_cast<milliseconds>(duration);
}

/// The deadlines of our number in this call.
const Deadlines& deadlinesOf(const Config& config, const http::Form& fields) {
  if (config.numbers.empty()) return config.deadlines;
  const bool isOutbound = fields.get("Direction").starts_with("outbound");
  const auto number = config.numbers.find(fields.get(isOutbound ? "From" : "To"));
  return number == config.numbers.end() ? config.deadlines : number->second.deadlines;
}

}  // namespace

/// A step on its way to its answer. Owned by what will answer it: the line that it waits in, its
/// task, or the target's `Later`.
class StepRunner::Running : public std::enable_shared_from_this<Running> {
 public:
  Running(StepRunner& runner, StepRequest request)
      : around_(runner.around_),
        tasks_(around_.tasks),
        onHold_(runner.onHold_),
        holdsNobody_(runner.holdsNobody_),
        deadlines_(deadlinesOf(around_.config, request.fields)),
        request_(std::move(request)),
        targetName_(request_.target == nullptr ? std::string{} : request_.target->name()),
        call_(std::move(request_.fields), around_.urlFor, contextOf()),
        entry_(runner.running_),
        isNamed_(!request_.step.empty()),
        mayBeAskedAgain_(!request_.step.empty() && !request_.isContinuation()) {
    if (request_.step.empty()) {
      request_.step = runner.names_ + std::to_string(++runner.lastName_);
    }
    if (request_.isContinuation()) onHold_->remove(request_.step);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  /// 1. Sets the deadline, and takes its turn.
  Later<Response> begin() {
    entry_.enter(weak_from_this());
    Later<Response> response{[&](Answer<Response> answer) { answer_.emplace(std::move(answer)); }};
    deadline_ = after(request_.isContinuation() ? deadlines_.heldAnswer
                                                : std::min(deadlines_.answer, deadlines_.total),
                      &Running::onDeadline);
    Later<std::string> key = this->key();
    detail::Holding::Id waitsFor = 0;
    std::move(key).receive(
        [self = shared_from_this(),
         known = key.isSettled() ? &waitsFor : nullptr](Settled<std::string> found) {
          const detail::Holding::Id before = self->onKey(std::move(found));
          if (known != nullptr) *known = before;
        });
    return std::move(response).waitingFor(waitsFor);
  }

  [[nodiscard]] bool isOver() {
    const std::lock_guard lock{mutex_};
    return phase_ == Phase::over;
  }

  /// Whether a caller has waited for longer than an answer usually takes.
  [[nodiscard]] bool isLate() const {
    return request_.isContinuation() || std::chrono::steady_clock::now() - asked_ > kUsual;
  }

  /// Answers with `error`, and saves that answer for a caller on hold. Whatever the target does
  /// from now on is dropped.
  void giveUp(const std::exception_ptr& error) {
    SessionLeasePointer lease;
    {
      const std::lock_guard lock{mutex_};
      if (phase_ == Phase::saving) givenUp_ = error;  // unless this attempt succeeds
      if (phase_ == Phase::saving || phase_ == Phase::over) return;
      phase_ = Phase::over;
      lease = std::move(lease_);
    }
    if (lease) lease->abandon();
    Response response = failure(error);
    if (lease && lease->isOpen()) {
      try {
        const std::string answer = savedAnswer(response);
        (void)lease->commit({.answer = answer, .answerLifetime = answerLifetime()}).get();
      } catch (const std::exception&) {  // then a caller who comes back finds nothing
      }
    }
    (void)answerNow(std::move(response));
  }

  /// Answers with an error, and touches nothing any more.
  void drop() noexcept {
    std::optional<Answer<Response>> answer;
    const std::lock_guard lock{mutex_};
    phase_ = Phase::over;
    answer = std::exchange(answer_, std::nullopt);
  }

 private:
  enum class Phase { waiting, working, saving, over };

  [[nodiscard]] CallContext contextOf() {
    return {.calls = around_.calls,
            .parentSession =
                [this] {
                  const std::string_view parent = call_.parentSid();
                  return parent.empty() ? Session{} : Session{currentLease()->read(parent)};
                },
            .query = std::move(request_.query)};
  }

  /// Returns what must end first.
  detail::Holding::Id onKey(Settled<std::string> key) {
    if (const auto* error = std::get_if<1>(&key)) {
      onNoLease(*error);
      return 0;
    }
    return around_.sessions->take(claimOf(std::get<0>(std::move(key))),
                                  [self = shared_from_this()](Settled<SessionLeasePointer> taken) {
                                    self->onLease(std::move(taken));
                                  });
  }

  Later<std::string> key() {
    if (request_.target == nullptr) return std::string{call_.sid()};
    try {
      return request_.target->key(call_);
    } catch (...) {
      return Later<std::string>::failed(std::current_exception());
    }
  }

  session::SessionClaim claimOf(std::string key) {
    // A step without a key has a session of its own.
    session::SessionClaim claim{.name = key.empty() ? "step." + request_.step : std::move(key),
                                .step = request_.step,
                                .lane = targetName_,
                                .startsWithoutStore = !request_.isContinuation()};
    if (claim.startsWithoutStore) return claim;
    claim.isWanted = [weak = weak_from_this()] {
      const auto self = weak.lock();
      return self && !self->isOver();
    };
    return claim;
  }

  Timers::Id after(milliseconds delay, void (Running::*member)()) {
    return around_.timers->after(delay, [weak = weak_from_this(), tasks = tasks_, member] {
      const auto self = weak.lock();
      if (!self) return;
      if (tasks->tryRun(kHoldLane, [self, member] { (self.get()->*member)(); })) return;
      // Too much work waits for a thread: the caller must hear something all the same.
      if (const Gate::Entry entry = tasks->enter()) self->answerPlainly(member);
    });
  }

  /// 2. In a task: checks whether the step has been done before, and runs the target.
  void onLease(Settled<SessionLeasePointer> outcome) {
    if (const auto* error = std::get_if<1>(&outcome)) return onNoLease(*error);
    const SessionLeasePointer lease = std::get<0>(std::move(outcome));
    {
      const std::lock_guard lock{mutex_};
      if (phase_ == Phase::over) return;  // given up while it waited; the turn goes to the next
      phase_ = Phase::working;
      lease_ = lease;
    }
    if (lease->isOpen() && lease->opened().answer) return repeat(*lease->opened().answer);
    if (request_.isContinuation()) return onLostAnswer();
    context_.kept = [this]() -> const std::string& { return kept(); };
    if (isNamed_) context_.name = request_.step;
    context_.nameLifetime = answerLifetime();
    if (around_.config.mode == Config::Mode::development) context_.passed = &passed_;
    context_.holds = lease->id();
    context_.beforeWork = [this] { beginWork(); };
    begun_ = std::chrono::steady_clock::now();
    Later<Twiml> document = [&]() -> Later<Twiml> {
      const detail::Holding holding{context_.holds, &context_.beforeWork};
      try {
        Later<Twiml> made = request_.target->run(context_);
        if (!made.isSettled()) beginWork();  // somewhere
        return made;
      } catch (...) {
        return Later<Twiml>::failed(std::current_exception());
      }
    }();
    if (document.isSettled()) return take(std::move(document));
    take(tasks_->bring(targetName_, std::move(document)));
  }

  /// Whether the provider waits for the answer now; otherwise, its caller comes back for it.
  [[nodiscard]] bool isAwaited() {
    const std::lock_guard lock{mutex_};
    return answer_.has_value();
  }

  [[nodiscard]] SessionLeasePointer currentLease() {
    const std::lock_guard lock{mutex_};
    if (!lease_) throw Error{ErrorKind::unavailable, "the step is over"};
    return lease_;
  }

  /// What the session store has kept. Waits for it, unless the lease is open.
  const std::string& kept() {
    if (kept_) return *kept_;
    const SessionLeasePointer lease = currentLease();
    if (lease->opened().answer) {
      throw Error{ErrorKind::unavailable, "this step has been done before"};  // see `onDocument`
    }
    return kept_.emplace(lease->opened().data);
  }

  /// What was begun is not to be begun again: from here on, the step needs the store.
  void beginWork() {
    hasWorked_ = true;
    (void)kept();
  }

  void take(Later<Twiml> document) {
    std::move(document).receive([self = shared_from_this()](const Settled<Twiml>& made) {
      if (const Gate::Entry entry = self->tasks_->enter()) self->onDocument(made);
    });
  }

  void onNoLease(const std::exception_ptr& error) {
    const auto self = shared_from_this();
    if (tasks_->tryRun(kHoldLane, [self, error] { self->finish(self->failure(error)); })) return;
    const Gate::Entry entry = tasks_->enter();
    if (!entry) return;
    logFailure(error);
    finish(plainErrorResponse(around_.config));
  }

  /// The step has been done before.
  void repeat(const std::string& saved) {
    try {
      Response response = restoredAnswer(saved);
      log("repeated");
      finish(std::move(response));
    } catch (...) {
      finish(failure(std::current_exception()));
    }
  }

  /// A caller who held for an answer that nobody has.
  void onLostAnswer() {
    {
      const std::lock_guard lock{mutex_};
      if (!answer_) {  // the caller was asked to hold once more, and will come back
        phase_ = Phase::over;
        lease_.reset();
        return;
      }
    }
    finish(failure(std::make_exception_ptr(Error{
        ErrorKind::unavailable,
        "the answer that the caller held for is not known here: the process that worked on it "
        "has ended, or shares no session store with this one"})));
  }

  /// 3. In a task: makes the answer, saves it together with what the target keeps, and gives it.
  void onDocument(const Settled<Twiml>& made) {
    SessionLeasePointer lease;
    {
      const std::lock_guard lock{mutex_};
      if (phase_ != Phase::working) return;  // given up: nobody waits, and nothing is saved
      lease = lease_;
    }
    if (lease->isOpen() && lease->opened().answer) return repeat(*lease->opened().answer);
    outcome_.response = responseOf(made, outcome_.error);
    save(lease);
  }

  /// Whether a step must be saved: one that has only looked at its request may be done twice.
  [[nodiscard]] bool mustBeSaved() {
    return !outcome_.error && (context_.keep || hasWorked_ || !isAwaited());
  }

  /// Saves what the step leaves behind, and waits for the store if it must.
  void save(const SessionLeasePointer& lease) {
    std::string answer;
    std::optional<SessionChange> change;
    try {
      change = beginToSave(*lease, answer);
    } catch (...) {
      return conclude(std::current_exception());
    }
    if (!change) return;
    if (!context_.store || outcome_.error) return saveOwn(lease, *change);
    Later<Done> stored = [&]() -> Later<Done> {
      try {
        return std::exchange(context_.store, {})(std::string{outcome_.response.body.text()});
      } catch (...) {
        return Later<Done>::failed(std::current_exception());
      }
    }();
    // The text moves with what shows it.
    std::move(stored).receive([self = shared_from_this(), lease,
                               answer = std::make_shared<std::string>(std::move(answer)),
                               change = *change](const Settled<Done>& done) mutable {
      const Gate::Entry entry = self->tasks_->enter();
      if (!entry) return;
      if (const auto* error = std::get_if<1>(&done)) return self->onNotSaved(lease, *error);
      if (change.answer) change.answer = *answer;
      self->saveOwn(lease, change);
    });
  }

  /// Saves what the session keeps.
  void saveOwn(const SessionLeasePointer& lease, const SessionChange& change) {
    lease->save(change, [self = shared_from_this(), lease](const Settled<bool>& saved) {
      const Gate::Entry entry = self->tasks_->enter();
      if (!entry) return;
      const bool* const isSaved = std::get_if<0>(&saved);
      if (isSaved == nullptr || !*isSaved) return self->onNotSaved(lease, saved);
      self->isSaved_ = lease->isOpen();
      self->conclude(nullptr);
    });
  }

  /// On a thread of the store: what follows may block.
  void onNotSaved(const SessionLeasePointer& lease, const Settled<bool>& saved) {
    const bool runs = tasks_->tryRun(
        targetName_, [self = shared_from_this(), lease, saved] { self->goOnSaving(lease, saved); });
    if (runs) return;
    logFailure(tasks_->refusal());
    finish(plainErrorResponse(around_.config));
  }

  /// In a task: the store could not be reached, or has refused.
  void goOnSaving(const SessionLeasePointer& lease, const Settled<bool>& saved) {
    try {
      if (const auto* error = std::get_if<1>(&saved)) std::rethrow_exception(*error);
      for (std::string answer; !isSaved_ && waitToSaveAgain(*lease);) {
        const auto change = beginToSave(*lease, answer);
        if (!change) return;
        isSaved_ = lease->saveAgain(*change);
      }
    } catch (...) {
      return conclude(std::current_exception());
    }
    conclude(nullptr);
  }

  /// What is saved, `answer` with it; nothing if the step was given up meanwhile.
  std::optional<SessionChange> beginToSave(SessionLease& lease, std::string& answer) {
    bool isAnswerSaved = false;
    for (;;) {
      const bool isNeeded = mustBeSaved();
      if (isNeeded) (void)lease.opened();
      const std::lock_guard lock{mutex_};
      if (phase_ != Phase::working) return std::nullopt;
      if (!isNeeded && !outcome_.error && !answer_) continue;  // just asked to hold
      phase_ = Phase::saving;
      isAnswerSaved = mayBeAskedAgain_;
      break;
    }
    SessionChange change;
    if (!outcome_.error) {
      change.data = keptFrom(lease);
      change.dataLifetime = around_.config.sessionLifetime;
    }
    if (isAnswerSaved) {
      answer = savedAnswer(outcome_.response);
      change.answer = answer;
      change.answerLifetime = answerLifetime();
    }
    return change;
  }

  /// Blocks for a moment. False if the step need not be saved after all.
  bool waitToSaveAgain(SessionLease& lease) {
    const bool isNeeded = mustBeSaved();
    std::exception_ptr givenUp;
    bool isDue = false;
    {
      const std::lock_guard lock{mutex_};
      if (!isNeeded && answer_) {
        phase_ = Phase::over;
        return false;
      }
      phase_ = Phase::working;
      mayBeAskedAgain_ = true;  // from now on, the caller may be asked to hold at any time
      givenUp = givenUp_;
      isDue = std::exchange(isDue_, false);
    }
    if (givenUp) std::rethrow_exception(givenUp);
    if (isDue) onDeadline();
    if (!lease.waitForStore() && !isOver()) std::rethrow_exception(lease.lastError());
    return true;
  }

  /// Logs what came of the step, and answers.
  void conclude(std::exception_ptr error) {
    if (error && !outcome_.error) {
      outcome_.error = std::move(error);
      outcome_.response = responseTo(outcome_.error);
    }
    if (outcome_.error) {
      logFailure(outcome_.error);
    } else {
      log(isSaved_ ? "rendered" : "rendered without the store");
    }
    finish(std::move(outcome_.response));
  }

  /// What the session is from now on: what was kept lives on unless it changes.
  std::optional<std::string_view> keptFrom(SessionLease& lease) const {
    if (context_.keep) return context_.keep;
    if (!lease.isOpen() || lease.opened().data.empty()) return std::nullopt;
    return lease.opened().data;
  }

  Response responseOf(const Settled<Twiml>& made, std::exception_ptr& error) {
    try {
      if (const auto* failed = std::get_if<1>(&made)) std::rethrow_exception(*failed);
      std::string xml = std::get<0>(made).xml();
      if (context_.isHeard) {
        around_.lint.report(context_.heard.empty() ? targetName_ : context_.heard, xml);
      }
      Response response = xmlResponse(std::move(xml));
      if (context_.passed != nullptr) addWhatHappened(response);
      return response;
    } catch (...) {
      error = std::current_exception();
      return responseTo(error);
    }
  }

  /// Tells who develops the application where the call has been, and what it remembers since.
  void addWhatHappened(Response& response) const {
    std::string names;
    for (const std::string& name : passed_) {
      names += http::percentEncode(name, http::PercentKeep::nothing) + ", ";
    }
    names += http::percentEncode(context_.heard.empty() ? targetName_ : context_.heard,
                                 http::PercentKeep::nothing);
    response.headers.add(kStateHeader, names);
    if (!context_.keep || !kept_) return;
    if (const std::string changed = changedMembers(*kept_, *context_.keep); !changed.empty()) {
      response.headers.add(kSessionHeader, changed);
    }
  }

  Response responseTo(const std::exception_ptr& error) {
    return errorResponse(around_.config, around_.errors, around_.lint, callError(error));
  }

  [[nodiscard]] CallError callError(const std::exception_ptr& error) const {
    return {.error = error,
            .state = targetName_,
            .nextState = context_.heard,
            .callSid = std::string{call_.sid()}};
  }

  /// What the caller gets if the step did not reach its target, or did not return from it in time.
  Response failure(const std::exception_ptr& error) {
    logFailure(error);
    return responseTo(error);
  }

  void log(std::string_view outcome) const {
    around_.config.log(LogLevel::info, line(outcome).text());
  }

  void logFailure(const std::exception_ptr& error) const {
    around_.errors.add(line("failed"), callError(error), callerValues(call_.fields()));
  }

  /// `step state=Welcome call=CA1 from=+*********00 digits=*** next=Hours outcome=rendered us=85`
  [[nodiscard]] LogLine line(std::string_view outcome) const {
    const auto took = std::chrono::steady_clock::now() - begun_;
    LogLine line{around_.config.personalData, "step"};
    line.add("state", targetName_).add("call", call_.sid());
    line.add("from", call_.from(), Shown::lastDigits);
    line.add("digits", call_.fields().get("Digits"), Shown::nothing);
    line.add("speech", call_.fields().get("SpeechResult"), Shown::nothing);
    if (context_.heard != targetName_) line.add("next", context_.heard);
    line.add("outcome", outcome);
    line.add("us", std::chrono::duration_cast<std::chrono::microseconds>(took).count());
    return line;
  }

  /// 4. Answers.
  void finish(Response response) {
    std::optional<Answer<Response>> answer;
    SessionLeasePointer lease;  // if it has not ended, it ends after the answer
    {
      const std::lock_guard lock{mutex_};
      phase_ = Phase::over;
      lease = std::move(lease_);
      answer = std::exchange(answer_, std::nullopt);
    }
    around_.timers->cancel(deadline_);
    if (total_ != 0) around_.timers->cancel(total_);
    if (answer) (*answer)(std::move(response));
  }

  // ---- When it takes too long.

  /// The caller has waited long enough, and is asked to hold; the step goes on.
  void onDeadline() {
    if (!mayAskToHold()) return;
    if (holdsNobody_) return giveUp(applicationEnded());  // nobody would be there for the caller
    const milliseconds waited =
        std::max(milliseconds::zero(), millisecondsOf(around_.config.clock() - request_.since));
    if (!request_.isContinuation()) {
      const milliseconds left = deadlines_.total - std::min(deadlines_.answer, deadlines_.total);
      if (left <= milliseconds::zero()) return onTotal();
      total_ = after(left, &Running::onTotal);
    } else if (request_.round * deadlines_.heldAnswer > deadlines_.total + kGrace) {
      // Counted in rounds: the time of day may jump.
      (void)answerNow(failure(tooLate()));
      return;
    }
    const Waiting waiting{.callSid = std::string{call_.sid()},
                          .state = targetName_,
                          .round = request_.round + 1,
                          .waited = waited,
                          .urlFor = around_.urlFor};
    LogLine line{around_.config.personalData, "hold"};
    line.add("call", oneLine(waiting.callSid, 64)).add("round", waiting.round);
    line.add("ms", waited.count()).add("state", targetName_);
    around_.config.log(LogLevel::warning, line.text());
    const Timers::Id words = after(kWords, &Running::onWordsTooSlow);  // `pleaseHold` may block
    Response response = holdResponse(around_.config, around_.errors, around_.lint, request_.target,
                                     waiting, link());
    around_.timers->cancel(words);
    hold(std::move(response));
  }

  void onWordsTooSlow() { hold(plainHoldResponse(link())); }

  void hold(Response response) {
    onHold_->add(request_.step, {.callSid = oneLine(call_.sid(), 64), .state = targetName_});
    if (!answerNow(std::move(response))) onHold_->remove(request_.step);
  }

  bool mayAskToHold() {
    const std::lock_guard lock{mutex_};
    if (phase_ == Phase::over || !answer_) return false;
    if (phase_ == Phase::saving && !mayBeAskedAgain_) {  // the caller would come back for nothing
      isDue_ = true;
      return false;
    }
    mayBeAskedAgain_ = !request_.isContinuation();
    return true;
  }

  /// False if there is an answer already.
  bool answerNow(Response response) {
    std::optional<Answer<Response>> answer;
    {
      const std::lock_guard lock{mutex_};
      answer = std::exchange(answer_, std::nullopt);
    }
    if (answer) (*answer)(std::move(response));
    return answer.has_value();
  }

  void onTotal() { giveUp(tooLate()); }

  /// On the thread of the timers, when no task can run.
  void answerPlainly(void (Running::*member)()) {
    if (member == &Running::onTotal || holdsNobody_ || !mayAskToHold()) return;
    hold(plainHoldResponse(link()));
  }

  [[nodiscard]] std::string link() const {
    return linkTo({.path = request_.path,
                   .step = request_.step,
                   .round = request_.round + 1,
                   .since = request_.since},
                  around_.urlFor);
  }

  [[nodiscard]] std::exception_ptr tooLate() const {
    const auto total = std::chrono::duration_cast<std::chrono::seconds>(deadlines_.total);
    return std::make_exception_ptr(Error{
        ErrorKind::timeout, "no answer within " + std::to_string(total.count()) + " s: given up"});
  }

  [[nodiscard]] milliseconds answerLifetime() const { return deadlines_.total + kGrace; }

  const StepSurroundings& around_;
  const std::shared_ptr<Tasks> tasks_;
  const std::shared_ptr<CallersOnHold> onHold_;
  const std::atomic<bool>& holdsNobody_;
  const Deadlines& deadlines_;
  StepRequest request_;
  const std::string targetName_;
  Call call_;
  StepContext context_{.call = call_};
  std::vector<std::string> passed_;  ///< The states that have decided; in development mode alone.
  const std::chrono::steady_clock::time_point asked_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point begun_ = asked_;

  Roster<Running>::Entry entry_;  ///< Outlives the answer, which ends with the step.

  std::mutex mutex_;
  Phase phase_ = Phase::waiting;
  const bool isNamed_;    ///< By the provider, which may ask again.
  bool mayBeAskedAgain_;  ///< Then its answer is saved.
  std::atomic<bool> hasWorked_{false};
  struct {
    Response response;
    std::exception_ptr error;
  } outcome_;  ///< Of the target.
  bool isSaved_ = false;
  bool isDue_ = false;               ///< The deadline has passed while the step was being saved.
  std::exception_ptr givenUp_;       ///< The same for giving it up.
  std::optional<std::string> kept_;  ///< Outlives the lease, which may be given up meanwhile.
  SessionLeasePointer lease_;
  std::optional<Answer<Response>> answer_;  ///< While the provider waits for it.
  Timers::Id deadline_ = 0;
  std::atomic<Timers::Id> total_{0};
};

StepRunner::StepRunner(StepSurroundings around)
    : around_(std::move(around)),
      names_(uniqueBeginning()),
      onHold_(std::make_shared<CallersOnHold>(kGrace)) {}

StepRunner::~StepRunner() {
  for (const auto& step : running_->living()) step->drop();
  running_->awaitDying();
}

Later<Response> StepRunner::answer(StepRequest request) {
  return std::make_shared<Running>(*this, std::move(request))->begin();
}

void StepRunner::addTo(Activity& activity) const {
  for (const auto& step : running_->living()) {
    if (step->isOver()) continue;
    ++activity.steps;
    if (step->isLate()) ++activity.lateSteps;
  }
  activity.callersOnHold += onHold_->all().size();
}

void StepRunner::giveUp(bool callersCanComeBack) {
  holdNobody();
  const auto error = std::make_exception_ptr(
      Error{ErrorKind::unavailable, "given up, because the application stops"});
  for (const auto& step : running_->living()) {
    if (!around_.tasks->tryRun(kHoldLane, [step, error] { step->giveUp(error); })) {
      step->giveUp(error);
    }
  }
  if (callersCanComeBack) return;
  for (const auto& [callSid, state] : onHold_->all()) {
    LogLine line{around_.config.personalData, "hold"};
    line.add("call", callSid).add("state", state).add("outcome", "lost");
    line.add("message", "the application stops before the caller has come back");
    around_.config.log(LogLevel::error, line.text());
  }
}

}  // namespace ivr
