#include "app/step_answers.hpp"

#include "app/step_log.hpp"
#include "ivr/core/error.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <random>
#include <utility>
#include <vector>

namespace ivr {

namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

constexpr std::string_view kIdempotencyHeader = "I-Twilio-Idempotency-Token";
constexpr std::string_view kSignature = "X-Twilio-Signature";
constexpr std::size_t kMaxToken = 100;

/// How long an answer can be fetched after its total limit: the caller may just have begun to hear
/// the document that asks to hold.
constexpr std::chrono::milliseconds kGrace = 60s;

bool isName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxToken + 20 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

/// What no other process begins its names with.
std::string uniqueBeginning() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device source;
  std::string text = "r.";
  for (int i = 0; i < 4; ++i) {
    std::uint32_t bits = source();
    for (int digit = 0; digit < 8; ++digit, bits >>= 4) text += kDigits[bits & 15];
  }
  return text + '.';
}

/// The provider's token, with some of the signature, so that a token is no key to the answer to
/// another request.
std::string repeatableName(std::string_view token, std::string_view signature) {
  std::string name = "t." + std::string{token} + '.';
  for (const char c : signature.substr(0, 12)) name += c == '+' || c == '/' || c == '=' ? '_' : c;
  return name;
}

template <class Number>
std::optional<Number> numberOf(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// An answer as stores keep it: status, type and body.
std::string saved(const Response& response) {
  return std::to_string(response.status) + '\n' +
         std::string{response.headers.find("Content-Type").value_or("")} + '\n' +
         response.body.text();
}

Response restored(std::string_view text) {
  const std::size_t status = text.find('\n');
  const std::size_t type = status == std::string_view::npos ? status : text.find('\n', status + 1);
  if (type == std::string_view::npos) {
    throw Error{ErrorKind::unavailable, "an answer that was saved is damaged"};
  }
  Response response{.status = numberOf<int>(text.substr(0, status)).value_or(500),
                    .body = std::string{text.substr(type + 1)}};
  response.headers.add("Content-Type", std::string{text.substr(status + 1, type - status - 1)});
  return response;
}

std::chrono::milliseconds millisecondsOf(system_clock::duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
}

}  // namespace

StepAsk stepAskOf(const Request& request, const Form& form, std::size_t state,
                  system_clock::time_point now) {
  StepAsk ask{.callSid = std::string{form.get("CallSid")},
              .parentCallSid = std::string{form.get("ParentCallSid")},
              .state = state,
              .since = now};
  const std::string_view token = request.headers.find(kIdempotencyHeader).value_or("");
  if (token.size() <= kMaxToken && isName(token)) {
    ask.step = repeatableName(token, request.headers.find(kSignature).value_or(""));
  }
  return ask;
}

std::optional<StepAsk> continuationOf(const Request& request, const Form& form) {
  const auto query = Form::parse(request.query(), 10);
  if (!query) return std::nullopt;
  const auto state = numberOf<std::size_t>(query->get("state"));
  const auto round = numberOf<int>(query->get("round"));
  const auto since = numberOf<std::int64_t>(query->get("since"));
  constexpr int kMaxRounds = 10'000;
  constexpr std::int64_t kLatest = std::int64_t{1} << 50;
  if (!isName(query->get("step")) || !state || !round || !since) return std::nullopt;
  if (*round < 1 || *round > kMaxRounds || *since < 0 || *since > kLatest) return std::nullopt;
  return StepAsk{.callSid = std::string{form.get("CallSid")},
                 .step = std::string{query->get("step")},
                 .state = *state,
                 .round = *round,
                 .since = system_clock::time_point{std::chrono::milliseconds{*since}}};
}

/// A step on its way to its answer.
class StepAnswers::Running : public std::enable_shared_from_this<Running> {
 public:
  Running(StepAnswers& home, StepAsk ask, Work work, Failure failure)
      : alive_(home.alive_),
        home_(home),
        ask_(std::move(ask)),
        work_(std::move(work)),
        failure_(std::move(failure)),
        mayBeAskedAgain_(!ask_.step.empty() && !ask_.isContinuation()) {
    if (ask_.step.empty()) ask_.step = home.names_ + std::to_string(++home.lastName_);
  }

  Later<Response> run() {
    // A step without a call is alone with its session.
    home_.turns_.take(ask_.callSid.empty() ? "step." + ask_.step : ask_.callSid, ask_.step)
        .receive([self = shared_from_this()](Settled<TurnPointer> turn) {
          if (const Stay stay = self->alive_.lock()) self->onTurn(std::move(turn));
        });
    const std::lock_guard lock{mutex_};
    if (response_) return *std::move(response_);
    if (turn_) Turn::keep(turn_);
    isLate_ = true;
    const Deadlines& deadlines = home_.config_.deadlines;
    deadline_ = after(ask_.isContinuation() ? deadlines.heldAnswer : deadlines.answer,
                      &Running::onDeadline);
    if (!ask_.isContinuation()) total_ = after(deadlines.total, &Running::giveUp);
    return Later<Response>{[this](Answer<Response> answer) { answer_ = std::move(answer); }};
  }

 private:
  enum class Phase { waiting, working, saving, over };

  Timers::Id after(std::chrono::milliseconds delay, void (Running::*task)()) {
    // Not owned by it: who owns a step is who will answer it.
    return home_.timers_.after(delay, [weak = weak_from_this(), alive = alive_, task] {
      const Stay stay = alive.lock();
      const auto self = weak.lock();
      if (stay && self) (self.get()->*task)();
    });
  }

  void onTurn(Settled<TurnPointer> outcome) {
    if (const auto* error = std::get_if<1>(&outcome)) return finish(failure_(*error));
    TurnPointer turn = std::get<0>(std::move(outcome));
    bool isNobodyHere = false;
    {
      const std::lock_guard lock{mutex_};
      if (phase_ == Phase::over) return;  // given up while it waited; the turn goes to the next
      phase_ = Phase::working;
      turn_ = turn;
      if (isLate_) Turn::keep(turn);
      isNobodyHere = isLate_ && !answer_;
    }
    if (turn->opened().answer) return repeat(*turn->opened().answer);
    if (ask_.isContinuation() && isNobodyHere) return finish({});  // it will come again
    StepSessions sessions;
    try {
      session_ = std::make_shared<Session>(turn->opened().data);
      sessions.own = session_;
      if (!ask_.parentCallSid.empty()) {
        sessions.parent = std::make_shared<Session>(home_.turns_.read(ask_.parentCallSid));
      }
    } catch (...) {
      return finish(failure_(std::current_exception()));
    }
    const Work work = std::move(work_);  // what it holds lives no longer than it is needed
    work(std::move(sessions)).receive([self = shared_from_this()](Settled<StepResult> result) {
      const Stay stay = self->alive_.lock();
      if (!stay) return;
      if (const auto* error = std::get_if<1>(&result)) {
        return self->onResult({.response = self->failure_(*error), .failed = true});
      }
      self->onResult(std::get<0>(std::move(result)));
    });
  }

  /// The step has been done before.
  void repeat(const std::string& answer) {
    home_.config_.log(LogLevel::info, "repeat call=" + oneLine(ask_.callSid, 64));
    try {
      finish(restored(answer));
    } catch (...) {
      finish(failure_(std::current_exception()));
    }
  }

  void onResult(StepResult result) {
    TurnPointer turn;
    std::optional<std::string> data;
    std::optional<std::string> answer;
    {
      const std::lock_guard lock{mutex_};
      if (phase_ != Phase::working) return;  // given up: nobody waits, and nothing is saved
      phase_ = Phase::saving;
      turn = std::move(turn_);
      if (mayBeAskedAgain_) answer = saved(result.response);
    }
    if (!result.failed) {
      data = session_->text();
      // What was empty and still is needs no saving; what is there is saved to live on.
      if (data->empty() && turn->opened().data.empty()) data.reset();
    }
    turn->end(std::move(data), home_.config_.sessionLifetime, std::move(answer), answerLifetime())
        .receive([self = shared_from_this(),
                  response = std::move(result.response)](const Settled<Done>& done) mutable {
          const Stay stay = self->alive_.lock();
          if (!stay) return;
          if (const auto* error = std::get_if<1>(&done)) response = self->failure_(*error);
          self->finish(std::move(response));
        });
  }

  void finish(Response response) {
    std::optional<Answer<Response>> answer;
    TurnPointer turn;  // its end, if it has not ended, comes after the answer
    {
      const std::lock_guard lock{mutex_};
      phase_ = Phase::over;
      turn = std::move(turn_);
      answer = std::exchange(answer_, std::nullopt);
      if (!isLate_) {
        response_ = std::move(response);
        return;
      }
    }
    home_.timers_.cancel(deadline_);
    if (total_ != 0) home_.timers_.cancel(total_);
    if (answer) (*answer)(std::move(response));
  }

  /// The caller has waited long enough; the step goes on.
  void onDeadline() {
    std::optional<Answer<Response>> answer;
    {
      const std::lock_guard lock{mutex_};
      if (phase_ == Phase::saving || phase_ == Phase::over) return;
      answer = std::exchange(answer_, std::nullopt);
      mayBeAskedAgain_ = !ask_.isContinuation();
    }
    if (!answer) return;
    const auto waited = millisecondsOf(home_.config_.clock() - ask_.since);
    if (waited > home_.config_.deadlines.total + kGrace) {
      (*answer)(failure_(tooLate()));
    } else {
      (*answer)(home_.holdResponse(ask_));
    }
  }

  void giveUp() {
    std::optional<Answer<Response>> answer;
    TurnPointer turn;
    {
      const std::lock_guard lock{mutex_};
      if (phase_ == Phase::saving || phase_ == Phase::over) return;
      phase_ = Phase::over;
      answer = std::exchange(answer_, std::nullopt);
      turn = std::move(turn_);
    }
    Response response = failure_(tooLate());
    if (turn) {
      turn->end({}, {}, saved(response), answerLifetime()).receive([](const Settled<Done>&) {});
    }
    if (answer) (*answer)(std::move(response));
  }

  [[nodiscard]] std::exception_ptr tooLate() const {
    const auto total =
        std::chrono::duration_cast<std::chrono::seconds>(home_.config_.deadlines.total);
    return std::make_exception_ptr(Error{
        ErrorKind::timeout, "no answer within " + std::to_string(total.count()) + " s: given up"});
  }

  [[nodiscard]] std::chrono::milliseconds answerLifetime() const {
    return home_.config_.deadlines.total + kGrace;
  }

  const Alive alive_;
  StepAnswers& home_;
  StepAsk ask_;
  Work work_;
  const Failure failure_;
  std::shared_ptr<Session> session_;

  std::mutex mutex_;
  Phase phase_ = Phase::waiting;
  bool mayBeAskedAgain_;  ///< So its answer is saved.
  TurnPointer turn_;
  bool isLate_ = false;               ///< `answer_` is given, or has been.
  std::optional<Response> response_;  ///< Of a step that was not late.
  std::optional<Answer<Response>> answer_;
  Timers::Id deadline_ = 0;
  Timers::Id total_ = 0;
};

StepAnswers::StepAnswers(Alive alive, const Config& config, TwimlLint& lint, Turns& turns,
                         Timers& timers, const UrlFor& urlFor, Hold hold)
    : alive_(std::move(alive)),
      config_(config),
      lint_(lint),
      turns_(turns),
      timers_(timers),
      urlFor_(urlFor),
      hold_(std::move(hold)),
      names_(uniqueBeginning()) {}

Later<Response> StepAnswers::answer(StepAsk ask, Work work, Failure failure) {
  return std::make_shared<Running>(*this, std::move(ask), std::move(work), std::move(failure))
      ->run();
}

Response StepAnswers::holdResponse(const StepAsk& ask) {
  const std::string round = std::to_string(ask.round + 1);
  const Waiting waiting{.callSid = ask.callSid,
                        .round = ask.round + 1,
                        .waited = millisecondsOf(config_.clock() - ask.since),
                        .urlFor = urlFor_};
  config_.log(LogLevel::warning, "hold call=" + oneLine(ask.callSid, 64) + " round=" + round +
                                     " ms=" + std::to_string(waiting.waited.count()));
  const UrlOptions::Query query{
      {"step", ask.step},
      {"state", std::to_string(ask.state)},
      {"round", round},
      {"since", std::to_string(millisecondsOf(ask.since.time_since_epoch()).count())}};
  const Redirect back{urlFor_(kContinuationUri, {.query = query}), HttpMethod::post};
  const auto xmlOf = [&](const Twiml& twiml) {
    std::vector<twiml::Verb> verbs = twiml.verbs();
    verbs.emplace_back(back);
    return Twiml{std::move(verbs), twiml.otherAttributes()}.xml();
  };
  std::string xml;
  try {
    xml = xmlOf(hold_(waiting, ask.state));
    lint_.look("pleaseHold", xml);
  } catch (...) {
    config_.log(LogLevel::error,
                "pleaseHold failed: " + safeText(config_, textOf(std::current_exception())));
    xml = xmlOf(Twiml{});
  }
  Response response{.body = std::move(xml)};
  response.headers.add("Content-Type", "text/xml; charset=utf-8");
  return response;
}

}  // namespace ivr
