#pragma once
// The lunch line of Foo Corp: a menu of one page, with every kind of state but the asynchronous
// one.

#include <ivr/ivr.hpp>

#include <ctime>

namespace lunch_line {

using namespace ivr;

/// Thanks and ends the call. Routable, so that a recording can end here.
struct End final : EndState {
  std::string name() const override { return "END_STATE"; }
  std::string uri() const override { return "/goodbye"; }
  Later<Twiml> twimlFor(Call& call) override {
    return Twiml{Play{call.urlFor("/static/goodbye.mp3")}, Hangup{}};
  }
};

struct Hours final : EndState {
  std::string name() const override { return "HOURS"; }
  Later<Twiml> twimlFor(Call& call) override {
    return Twiml{Play{call.urlFor("/static/hours.mp3")}, Hangup{}};
  }
};

struct LunchSpecials final : NormalState {
  std::string name() const override { return "LUNCH_SPECIALS"; }
  std::string processTransitionUri() const override { return "/lunch-specials-transition-out"; }
  Later<Twiml> twimlFor(Call& call) override {
    const std::string choice = call.urlFor(processTransitionUri());
    return Twiml{Gather{.action = choice,
                        .numDigits = 1,
                        .prompt = {Play{call.urlFor("/static/lunch-specials.mp3")}}},
                 Redirect{choice, HttpMethod::post}};
  }
  Later<Next> transitionOut(Call& call) override {
    if (call.digits().starts_with('1')) return to<Hours>();
    return to<End>();
  }
};

struct CallReceived final : NormalState {
  std::string name() const override { return "CALL_RECEIVED"; }
  std::string uri() const override { return "/incoming-call"; }
  std::string processTransitionUri() const override { return "/incoming-call-transition-out"; }
  Later<Twiml> twimlFor(Call& call) override {
    const std::string choice = call.urlFor(processTransitionUri());
    return Twiml{Gather{.action = choice,
                        .numDigits = 1,
                        .prompt = {Say{"Welcome to Foo Corp! To hear our lunch specials press "
                                       "one. For our hours, press two."}}},
                 Redirect{choice, HttpMethod::post}};  // for a caller who presses nothing
  }
  Later<Next> transitionOut(Call& call) override {
    if (call.digits().starts_with('1')) return to<LunchSpecials>();
    if (call.digits().starts_with('2')) return to<Hours>();
    return to<CallReceived>();
  }
};

struct Voicemail final : EndState {
  std::string name() const override { return "VOICEMAIL"; }
  Later<Twiml> twimlFor(Call& call) override {
    return Twiml{Say{"The kitchen is closed. Please leave us a message after the beep."},
                 Record{.action = call.urlFor("/goodbye")}};
  }
};

/// Where a call is sent when something outside it has failed.
struct UnknownError final : EndState {
  std::string name() const override { return "UNKNOWN_ERROR"; }
  std::string uri() const override { return "/unknown-error"; }
  Later<Twiml> twimlFor(Call& call) override {
    return Twiml{Say{"An unknown error has occurred. Please leave us a message after the beep."},
                 Record{.action = call.urlFor("/goodbye")}};
  }
};

/// In the morning the menu, later the voicemail.
class CheckIfMorning final : public BranchingState {
 public:
  explicit CheckIfMorning(Clock clock) : clock_(std::move(clock)) {}
  std::string name() const override { return "CHECK_IF_MORNING"; }
  std::string uri() const override { return "/after-hours-check"; }
  Later<Next> transitionOut(Call&) override {
    const std::time_t now = std::chrono::system_clock::to_time_t(clock_());
    std::tm local{};
    ::localtime_r(&now, &local);
    if (local.tm_hour < 12) return to<CallReceived>();
    return to<Voicemail>();
  }

 private:
  Clock clock_;
};

/// Adds the whole menu to an application. `assets` is the folder of the prompts.
inline void addTo(Ivr& ivr, const std::filesystem::path& assets) {
  ivr.serveAudio(
      {.folder = assets, .mountPath = "/static", .holdMusic = HoldMusic{.file = "hold-music.mp3"}});
  ivr.add<CallReceived>();
  ivr.add<LunchSpecials>();
  ivr.add<Hours>();
  ivr.add<End>();
  ivr.add<Voicemail>();
  ivr.add<UnknownError>();
  ivr.add<CheckIfMorning>(ivr.config().clock);
  ivr.route("GET", "/healthz", Access::everyone,
            [](const Request&) { return plainText(200, "ok\n"); });
}

}  // namespace lunch_line
