#include "test/line_core.hpp"

#include "http/url.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/handler_transport.hpp"
#include "ivr/session/session_store.hpp"
#include "test/counted_store.hpp"

#include <algorithm>
#include <exception>
#include <gtest/gtest.h>
#include <utility>

namespace ivr::test {

namespace {

using namespace std::chrono_literals;
using phone::Activity;
using phone::EventLoop;
using phone::Happening;

constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kPublicUrl = "https://ivr.example.com";

/// So many documents at one moment are taken for endless. The provider ends the call soon after.
constexpr std::size_t kEndless = 100;

/// How much of a story is printed.
constexpr std::size_t kMaxStory = 200;
constexpr std::size_t kMaxTrouble = 10;

bool never() { return false; }

phone::EventLoopOptions loopOptionsOf(const LineOptions& options) {
  return {.start = options.start, .workLimit = options.workLimit};
}

phone::FaultPlan faultsOf(const LineOptions& options) {
  phone::FaultPlan faults = options.faults;
  if (faults.seed == 0) faults.seed = options.seed;
  return faults;
}

SteadyClock steadyClockOf(EventLoop& loop) {
  return [clock = loop.clock()] {
    return std::chrono::steady_clock::time_point{clock().time_since_epoch()};
  };
}

}  // namespace

LineCore::LineCore(Line::Application application, LineOptions options)
    : options_(std::move(options)),
      application_(std::move(application)),
      loop_(std::make_shared<EventLoop>(loopOptionsOf(options_))),
      turns_(std::make_shared<Turns>(loop_)) {
  start();
}

LineCore::~LineCore() { end(); }

void LineCore::end() noexcept {
  isOver_ = true;
  ivr_.reset();  // while there is a provider: what is under way may still ask it
  turns_->stop();
  provider_.reset();
}

void LineCore::restart() {
  (void)provider();
  ivr_.reset();
  start();
}

Config LineCore::makeConfig() {
  Config config;
  config.publicUrl = kPublicUrl;
  config.authTokens = {std::string{kToken}};
  config.rest = rest::ClientOptions{.accountSid = phone::ProviderOptions{}.accountSid,
                                    .secret = std::string{kToken}};
  config.log = log_.log();
  config.clock = loop_->clock();
  config.timers = loop_->timers();
  config.executor = turns_;
  if (options_.config) options_.config(config);

  const std::string token = config.authTokens.empty() ? "" : config.authTokens.front();
  if (config.rest && config.rest->secret == kToken) config.rest->secret = token;
  if (!provider_) {
    publicUrl_ = config.publicUrl;
    if (auto url = http::Url::parse(publicUrl_)) {
      prefix_ = std::exchange(url->path, {});
      url->query.reset();
      url->fragment.reset();
      origin_ = url->text();
    }
    if (prefix_.ends_with('/')) prefix_.pop_back();
    phone::ProviderOptions options;
    if (config.rest) options.accountSid = config.rest->accountSid;
    options.authToken = token;
    options.transport = http::handlerTransport(
        [this](Request request) { return toApplication(std::move(request)); });
    options.origins = {origin_};
    options.waitsForAnswers = false;  // the application lives in the same time
    options.wordsPerMinute = options_.wordsPerMinute;
    options.seed = options_.seed;
    options.faults = faultsOf(options_);
    options.restart = [this] { mustRestart_ = true; };
    options.onEntry = [this](const phone::Entry& entry) { noteEntry(entry); };
    provider_ = std::make_unique<phone::Provider>(loop_, std::move(options));
    outside_ =
        std::make_shared<Outside>(config.rest.value_or(rest::ClientOptions{}), provider_->api(),
                                  options_.transport ? options_.transport : config.transport);
  }
  config.transport = outside_;
  config.sessions =
      countedStore(loop_, config.sessions ? config.sessions
                                          : session::memorySessionStore(steadyClockOf(*loop_)));
  return config;
}

void LineCore::start() {
  ivr_ = std::make_unique<Ivr>(makeConfig());
  application_(*ivr_);
  ivr_->mount();
  // The loop knows its own tasks. These are those of another executor, if the settings have one.
  loop_->setOtherWork([this]() -> std::optional<std::string> {
    if (!ivr_ || ivr_->activity().tasks == 0) return std::nullopt;
    return "a task of the application";
  });
}

// --- Requests of the provider ---

Later<Response> LineCore::toApplication(Request request) {
  if (!mustRestart_) return handle(std::move(request));
  // In an event of its own, because an application cannot end in one of its own tasks.
  return Later<Response>{[&](const Answer<Response>& answer) {
    loop_->post([this, answer, request = std::move(request)]() mutable {
      if (std::exchange(mustRestart_, false)) restart();
      handle(std::move(request)).forwardTo(answer);
    });
  }};
}

Later<Response> LineCore::handle(Request request) {
  if (!ivr_) throw Error{ErrorKind::unavailable, "the application has ended"};
  if (!prefix_.empty() && request.target.starts_with(prefix_)) {
    request.target.erase(0, prefix_.size());
    if (!request.target.starts_with('/')) request.target.insert(0, 1, '/');
  }
  return ivr_->handle(std::move(request));
}

// --- What happens ---

void LineCore::noteEntry(const phone::Entry& entry) {
  if (entry.what == Happening::called && entry.detail("direction") != "inbound") {
    newest_[std::string{entry.detail("to")}] = entry.callSid;
  }
  if (entry.what != Happening::twiml) return;
  Documents& documents = documents_[entry.callSid];
  if (documents.at != entry.at) documents = {.at = entry.at, .count = 0};
  if (++documents.count == kEndless) endless_ = entry.callSid;
}

std::optional<LineCore::Stand> LineCore::standOf(const Handset& handset) const {
  const auto view = provider_->find(sidOf(handset));
  if (!view) return std::nullopt;
  return Stand{.sid = view->sid, .activity = view->activity, .turn = view->turn};
}

bool LineCore::isNext(const Stand& stand, const Stand& before, const Act& act) {
  const bool isAnotherTurn = stand.turn != before.turn || stand.sid != before.sid;
  switch (stand.activity) {
    case Activity::ended: return true;
    case Activity::ringing:
    case Activity::fetching:
    case Activity::listening:
    case Activity::acting: return false;
    case Activity::asked:
    case Activity::recording: return !act.untilTheEnd && isAnotherTurn;
    case Activity::dialling:
    case Activity::talking:
    case Activity::queued:
    case Activity::inConference:
      return !act.untilTheEnd &&
             (!act.untilSomethingHappens || isAnotherTurn || stand.activity != before.activity);
  }
  return false;
}

// --- Acts ---

std::optional<EventLoop::Stop> LineCore::run(const Handset* handset, const std::string& act,
                                             const std::function<bool()>& isDone,
                                             std::chrono::milliseconds limit, const Where& where) {
  try {
    const auto stop = loop_->run([&] { return !endless_.empty() || isDone(); }, limit);
    if (endless_.empty()) return stop;
    fail(handset,
         act + ": the call " + std::exchange(endless_, {}) + " gets document after document, " +
             std::to_string(kEndless) + " so far, and no time passes",
         where);
  } catch (const std::exception& error) {
    fail(handset, act + ": " + error.what(), where);
  }
  return std::nullopt;
}

bool LineCore::runUntil(const Handset& handset, const std::string& act,
                        const std::function<bool()>& isDone, const Where& where) {
  const auto stop = run(&handset, act, isDone, options_.actLimit, where);
  if (!stop) return false;
  if (*stop == EventLoop::Stop::done) return true;
  const auto stand = standOf(handset);
  fail(&handset,
       act +
           (*stop == EventLoop::Stop::idle
                ? ": nothing will happen any more"
                : ": nothing comes of it within " + phone::describe(options_.actLimit)) +
           (stand ? ", the call is " + std::string{textOf(stand->activity)}
                  : ", and nobody has called it"),
       where);
  return false;
}

void LineCore::settle(const Handset& handset, const Stand& before, const Act& act,
                      const Where& where) {
  const auto isThere = [&] {
    const auto stand = standOf(handset);
    return stand && isNext(*stand, before, act);
  };
  if (!run(&handset, act.name, never, 0ms, where)) return;
  for (;;) {
    if (!runUntil(handset, act.name, isThere, where)) return;
    // What else is due at this moment may move it on.
    if (!run(&handset, act.name, never, 0ms, where) || isThere()) return;
  }
}

std::shared_ptr<Handset> LineCore::call(std::string_view path, const CallOptions& options,
                                        const Where& where) {
  const std::string number = options.to.empty() ? options_.number : options.to;
  const auto optional = [&](const std::string& of) { return of.empty() ? of : addressOf(of); };
  provider().setNumber(number, {.voiceUrl = addressOf(path),
                                .fallbackUrl = optional(options_.fallbackPath),
                                .statusCallback = optional(options_.statusCallbackPath)});
  auto handset = std::make_shared<Handset>();
  handset->number = options.from;
  handset->actBegan = provider_->timeline().size();
  handset->sid =
      provider_->call({.from = options.from, .to = number, .otherFields = options.fields});
  const std::string name = "call(\"" + std::string{path} + "\")";
  if (options.listens) {
    pass(handset.get(), name, *options.listens, where);
  } else {
    settle(*handset, {.sid = handset->sid}, {.name = name}, where);
  }
  return handset;
}

void LineCore::perform(Handset& handset, const Act& act, const Where& where) {
  if (isOver_) return fail(nullptr, act.name + ": the line has ended", where);
  const auto before = standOf(handset);
  if (!before) return fail(&handset, act.name + ": nobody has called it", where);
  if (before->activity == Activity::ended) {
    return fail(&handset, act.name + ": the call is over", where);
  }
  handset.actBegan = provider_->timeline().size();
  if (!act.run(before->sid)) {
    return fail(
        &handset,
        act.name + " makes no sense while the call is " + std::string{textOf(before->activity)},
        where);
  }
  settle(handset, *before, act, where);
}

bool LineCore::awaitRinging(Handset& handset, const std::string& act, const Where& where) {
  if (isOver_) {
    fail(nullptr, act + ": the line has ended", where);
    return false;
  }
  const auto rings = [&] {
    const auto stand = standOf(handset);
    return stand && stand->activity == Activity::ringing;
  };
  return rings() || runUntil(handset, act, rings, where);
}

void LineCore::wait(Handset* handset, std::chrono::milliseconds duration, const Where& where) {
  const std::string act = "wait(" + phone::describe(duration) + ")";
  if (isOver_) return fail(nullptr, act + ": the line has ended", where);
  if (handset != nullptr) handset->actBegan = provider_->timeline().size();
  pass(handset, act, duration, where);
}

void LineCore::pass(const Handset* handset, const std::string& act,
                    std::chrono::milliseconds duration, const Where& where) {
  bool isOver = false;
  // Time does not pass if nothing is to happen, so something is.
  const EventLoop::Id end = loop_->after(duration, [&] { isOver = true; });
  (void)run(handset, act, never, duration, where);
  if (!isOver) loop_->cancel(end);
}

void LineCore::awaitThat(const std::function<bool()>& isDone) {
  (void)provider();
  switch (loop_->run(isDone, options_.actLimit)) {
    case EventLoop::Stop::done: return;
    case EventLoop::Stop::idle:
      throw Error{ErrorKind::timeout, "what the test waits for does not come: nothing will happen"};
    case EventLoop::Stop::limit:
      throw Error{ErrorKind::timeout, "what the test waits for did not come within " +
                                          phone::describe(options_.actLimit)};
  }
}

void LineCore::fail(const Handset* handset, const std::string& why, const Where& where) const {
  ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line()))
      << why << '\n'
      << (handset != nullptr ? story(*handset) : std::string{});
}

// --- What there is ---

std::shared_ptr<Handset> LineCore::handset(std::string_view number) {
  auto& handset = handsets_[std::string{number}];
  if (!handset) {
    handset = std::make_shared<Handset>();
    handset->number = number;
  }
  return handset;
}

std::string LineCore::sidOf(const Handset& handset) const {
  if (!handset.sid.empty()) return handset.sid;
  const auto newest = newest_.find(handset.number);
  return newest == newest_.end() ? std::string{} : newest->second;
}

std::string placeOf(const phone::CallView& call) {
  return call.isOver() ? "over" : std::string{textOf(call.activity)};
}

std::string LineCore::story(const Handset& handset) const {
  if (isOver_) return "the telephone " + handset.number + ", whose line has ended";
  const auto view = provider_->find(sidOf(handset));
  if (!view) return "the telephone " + handset.number + ", which nobody has called";
  std::vector<const phone::Entry*> entries;
  for (const phone::Entry& entry : provider_->timeline()) {
    if (entry.callSid == view->sid) entries.push_back(&entry);
  }
  std::string story = "the call " + view->sid + " from " + view->from + " to " + view->to +
                      ", which is " + placeOf(*view) + ':';
  const std::size_t skipped = entries.size() - std::min(entries.size(), kMaxStory);
  if (skipped > 0) story += "\n  (" + std::to_string(skipped) + " entries before)";
  for (std::size_t i = skipped; i < entries.size(); ++i) {
    story += "\n  " + phone::describe(*entries[i]);
  }
  if (const auto trouble = log_.trouble(kMaxTrouble); !trouble.empty()) {
    story += "\nthe application's log ends with these warnings and errors:";
    for (const std::string& line : trouble) story += "\n  " + line;
  }
  return story;
}

std::vector<std::string> LineCore::texts(const Handset& handset, std::size_t from,
                                         bool (*isWanted)(Happening)) const {
  std::vector<std::string> texts;
  const std::string sid = sidOf(handset);
  if (sid.empty()) return texts;
  const phone::Timeline& timeline = provider().timeline();
  for (std::size_t i = from; i < timeline.size(); ++i) {
    const phone::Entry& entry = timeline[i];
    if (entry.callSid == sid && isWanted(entry.what)) texts.push_back(entry.text);
  }
  return texts;
}

Session LineCore::session(const std::string& sid) const {
  return Session{ivr().config().sessions->read(sid).get()};
}

phone::Provider& LineCore::provider() const {
  if (isOver_) throw Error{ErrorKind::usage, "the line of this telephone has ended"};
  return *provider_;
}

Ivr& LineCore::ivr() const {
  if (isOver_ || !ivr_) throw Error{ErrorKind::usage, "the line of this telephone has ended"};
  return *ivr_;
}

std::string LineCore::addressOf(std::string_view path) const {
  if (path.find("://") != std::string_view::npos) return std::string{path};
  return origin_ + prefix_ + std::string{path};
}

}  // namespace ivr::test
