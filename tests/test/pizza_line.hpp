#pragma once
// A phone line for the tests of the kit: it asks, listens, records, dials, queues and moves calls.

#include "ivr/ivr.hpp"
#include "support/states.hpp"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace pizza {

using namespace ivr;
using namespace std::chrono_literals;

struct Order {
  std::string pizza;
  int count = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Order, pizza, count)

/// What is heard at an address.
inline void at(Ivr& ivr, const std::string& uri, std::function<Later<Twiml>(Call&)> twimlFor) {
  ivr.add<support::ScriptedEnd>(
      support::Does{.name = uri, .uri = uri, .twimlFor = std::move(twimlFor)});
}
inline void at(Ivr& ivr, const std::string& uri, const Twiml& document) {
  at(ivr, uri, [document](Call&) { return document; });
}

/// 1 orders a pizza, 2 leaves a message, 3 plays a song, 4 enters five digits; silence asks again.
inline void addTo(Ivr& ivr) {
  ivr.serveAudio({.folder = IVR_ASSETS_DIR "/audio", .mountPath = "/static"});
  at(ivr, "/incoming-call", [](Call& call) {
    return Twiml{Gather{.action = call.urlFor("/choice"),
                        .numDigits = 1,
                        .prompt = {Say{"Welcome to   Pizza Nova! To order, press one."}}},
                 Redirect{call.urlFor("/incoming-call"), HttpMethod::post}};
  });
  at(ivr, "/choice", [](Call& call) {
    if (call.digits() == "1") {
      return Twiml{Gather{.action = "/pizza",
                          .hints = "Salami, Margherita, hrrm",
                          .input = {twiml::GatherInput::speech},
                          .prompt = {Say{"Which pizza?"}}},
                   Say{"I heard nothing."}, Hangup{}};
    }
    if (call.digits() == "2") return Twiml{Say{"After the tone."}, Record{.action = "/thanks"}};
    if (call.digits() == "3") return Twiml{Play{call.urlFor("/static/hours.mp3")}, Hangup{}};
    if (call.digits() == "4") {
      return Twiml{Gather{.action = "/number", .numDigits = 5, .prompt = {Say{"Five digits."}}}};
    }
    return Twiml{Redirect{"/incoming-call", HttpMethod::post}};
  });
  at(ivr, "/pizza", [](Call& call) {
    call.session<Order>().pizza = call.speech();
    call.session().set("confidence", call.fields().get("Confidence"));
    return Twiml{Gather{.action = "/count", .numDigits = 1, .prompt = {Say{"How many?"}}}};
  });
  at(ivr, "/count", [](Call& call) {
    Order& order = call.session<Order>();
    order.count = call.digits() == "2" ? 2 : 1;
    return Twiml{Say{order.count == 2 ? "Two pizzas, thank you." : "One pizza, thank you."},
                 Hangup{}};
  });
  at(ivr, "/number",
     [](Call& call) { return Twiml{Say{"Your number is " + std::string{call.digits()}}}; });
  at(ivr, "/thanks", Twiml{Say{"Thank you."}, Hangup{}});
}

}  // namespace pizza
