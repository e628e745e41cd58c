#pragma once
// The weather line: a caller enters a postal code, waits with music while the weather is looked up,
// and is then moved to the report; or to an apology when the look-up fails or takes too long.

#include "weather_source.hpp"
#include <ivr/ivr.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace weather {

using namespace ivr;
using namespace std::chrono_literals;

struct WeatherReport;
struct UnknownError;
class LookUpWeather;

/// Asks for the postal code.
struct Welcome final : NormalState {
  std::string name() const override { return "WELCOME"; }
  std::string uri() const override { return "/incoming-call"; }
  std::string processTransitionUri() const override { return "/postal-code"; }
  Later<Twiml> twimlFor(Call& call) override {
    const std::string next = call.urlFor(processTransitionUri());
    return Twiml{Gather{.action = next,
                        .numDigits = 5,
                        .prompt = {Say{"For the weather, enter the five digits of your postal "
                                       "code."}}},
                 Redirect{next, HttpMethod::post}};  // for a caller who presses nothing
  }
  Later<Next> transitionOut(Call& call) override {
    if (call.digits().size() != 5) return to<Welcome>();
    call.session().set("postal code", call.digits());
    return to<LookUpWeather>();
  }
};

/// Plays music while the weather is looked up.
class LookUpWeather final : public AsynchronousState {
 public:
  /// Gives up the look-up after `patience`.
  LookUpWeather(std::shared_ptr<const WeatherSource> source, std::chrono::milliseconds patience)
      : source_(std::move(source)), patience_(patience) {}

  std::string name() const override { return "LOOKUP_WEATHER"; }
  std::string uri() const override { return "/look-up-weather"; }

  void backgroundTrigger(Call& call) override {
    const Calls calls = call.calls();
    const std::string sid{call.sid()};
    const std::string postalCode = call.session().find("postal code").value_or("");
    auto lookUp =
        call.inBackground([source = source_, postalCode] { return source->at(postalCode); });
    call.detach(call.withTimeout(patience_, std::move(lookUp))
                    .then([calls, sid](Weather found) {
                      return calls.changeSession<Weather>(
                          sid, [found = std::move(found)](Weather& kept) { kept = found; });
                    })
                    .then([calls, sid](Done) { return calls.redirect(sid, to<WeatherReport>()); }));
  }

  Next backgroundFailed() const override { return to<UnknownError>(); }

  Later<Twiml> twimlFor(Call& call) override {
    return Twiml{Say{"We're looking up the weather. Please hold on."},
                 Play{.url = call.urlFor("/static/hold-music.mp3"), .loop = 20},
                 // Only if nothing has moved the call by then: no caller hears the music end.
                 Redirect{call.urlFor("/unknown-error"), HttpMethod::post}};
  }

 private:
  std::shared_ptr<const WeatherSource> source_;
  std::chrono::milliseconds patience_;
};

/// Says what was found. Routable, because live calls are moved here.
struct WeatherReport final : EndState {
  std::string name() const override { return "WEATHER_REPORT"; }
  std::string uri() const override { return "/weather-report"; }
  Later<Twiml> twimlFor(Call& call) override {
    const auto& weather = call.session<Weather>();
    return Twiml{Say{"In " + weather.place + " it is " + weather.sky + ", with " +
                     std::to_string(weather.celsius) + " degrees."},
                 Hangup{}};
  }
};

struct UnknownError final : EndState {
  std::string name() const override { return "UNKNOWN_ERROR"; }
  std::string uri() const override { return "/unknown-error"; }
  Later<Twiml> twimlFor(Call& call) override {
    return Twiml{Say{"An unknown error has occurred. Please leave us a message after the beep."},
                 Record{.action = call.urlFor("/goodbye")}};
  }
};

struct Goodbye final : EndState {
  std::string name() const override { return "GOODBYE"; }
  std::string uri() const override { return "/goodbye"; }
  Later<Twiml> twimlFor(Call& call) override {
    return Twiml{Play{call.urlFor("/static/goodbye.mp3")}, Hangup{}};
  }
};

/// Adds the whole line to an application. `assets` is the folder of the prompts.
inline void addTo(Ivr& ivr, const std::filesystem::path& assets,
                  std::shared_ptr<const WeatherSource> source,
                  std::chrono::milliseconds patience = 20s) {
  ivr.serveAudio({.folder = assets, .mountPath = "/static"});
  ivr.add<Welcome>();
  ivr.add<LookUpWeather>(std::move(source), patience);
  ivr.add<WeatherReport>();
  ivr.add<UnknownError>();
  ivr.add<Goodbye>();
  ivr.route("GET", "/healthz", Access::everyone,
            [](const Request&) { return plainText(200, "ok\n"); });
}

}  // namespace weather
