#include "phone/page_commands.hpp"

#include "core/base64.hpp"
#include "core/text.hpp"
#include "ivr/http/form.hpp"
#include "ivr/phone/address.hpp"
#include "phone/page_answers.hpp"
#include "phone/page_json.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace ivr::phone {

namespace {

using Json = nlohmann::ordered_json;
using http::Form;
using http::Request;
using http::Response;

constexpr std::size_t kMaxCommandBytes = 16 << 10;
constexpr std::size_t kMaxKeysAtOnce = 100;
constexpr std::size_t kMaxSpokenBytes = 2000;

std::optional<Fault> faultNamed(std::string_view name) {
  for (const Fault fault :
       {Fault::slow, Fault::timeout, Fault::dropped, Fault::answerDropped, Fault::serverError,
        Fault::duplicated, Fault::reordered, Fault::hangUp}) {
    if (name == textOf(fault)) return fault;
  }
  return std::nullopt;
}

Later<Response> outcome(bool isDone, std::string_view why) {
  return isDone ? done() : refusal(409, why);
}

}  // namespace

/// What a command is given. What is missing, or of another type, is empty.
class PageCommands::Values {
 public:
  /// Nothing if it is no object.
  static std::optional<Values> parse(std::string_view body) {
    Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) return std::nullopt;
    return Values{std::move(json)};
  }

  [[nodiscard]] std::string text(const char* name) const {
    const auto value = json_.find(name);
    return value != json_.end() && value->is_string() ? value->get<std::string>() : "";
  }
  [[nodiscard]] std::optional<bool> flag(const char* name) const {
    const auto value = json_.find(name);
    if (value == json_.end() || !value->is_boolean()) return std::nullopt;
    return value->get<bool>();
  }

 private:
  explicit Values(Json json) : json_(std::move(json)) {}
  Json json_;
};

PageCommands::Command PageCommands::find(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Command>, 11> kCommands{
      {{"call", &PageCommands::call},
       {"answer", &PageCommands::answer},
       {"refuse", &PageCommands::refuse},
       {"hangUp", &PageCommands::hangUp},
       {"press", &PageCommands::press},
       {"say", &PageCommands::say},
       {"participant", &PageCommands::participant},
       {"fault", &PageCommands::fault},
       {"clearFaults", &PageCommands::clearFaults},
       {"crawl", &PageCommands::crawl},
       {"stopCrawl", &PageCommands::stopCrawl}}};
  const auto* const known =
      std::ranges::find(kCommands, name, &std::pair<std::string_view, Command>::first);
  return known == kCommands.end() ? nullptr : known->second;
}

std::optional<Response> PageCommands::refusalOf(const Request& request) {
  // A page of another site can send neither of these without asking first.
  if (request.headers.find("X-Ivr-Phone") != "1") {
    return refusal(403, "the header X-Ivr-Phone is missing");
  }
  if (request.mediaType() != "application/json") return refusal(415, "the body is to be JSON");
  if (request.body.size() > kMaxCommandBytes) return refusal(413, "the body is too long");
  return std::nullopt;
}

Later<Response> PageCommands::run(std::string_view name, std::string_view body) {
  const Command command = find(name);
  if (command == nullptr) return refusal(404, "there is no such command");
  const auto values = Values::parse(body);
  if (!values) return refusal(400, "the body is no object of JSON");
  return (this->*command)(*values);
}

Later<Response> PageCommands::call(const Values& values) {
  const std::string from = values.text("from");
  const std::string to = values.text("to");
  if (!isCallerId(from)) return refusal(400, "the caller's number is no number");
  if (around_.numbers.find(to) == nullptr) {
    return refusal(404, "no application answers that number");
  }
  if (around_.provider.liveCalls() >= around_.maxLiveCalls) {
    return refusal(429, "there are too many calls");
  }
  return jsonAnswer(201, {{"call", around_.provider.call({.from = from, .to = to})}});
}

Later<Response> PageCommands::answer(const Values& values) {
  return outcome(around_.provider.answer(values.text("call")), "it does not ring");
}

Later<Response> PageCommands::refuse(const Values& values) {
  return outcome(around_.provider.refuse(values.text("call")), "it does not ring");
}

Later<Response> PageCommands::hangUp(const Values& values) {
  return outcome(around_.provider.hangUp(values.text("call")), "the call is over");
}

Later<Response> PageCommands::press(const Values& values) {
  const std::string keys = values.text("keys");
  constexpr std::string_view kKeys = "0123456789ABCD*#wW";
  if (keys.empty() || keys.size() > kMaxKeysAtOnce ||
      keys.find_first_not_of(kKeys) != std::string::npos) {
    return refusal(400, "these are no keys");
  }
  return outcome(around_.provider.press(values.text("call"), keys), "nobody is on the line");
}

Later<Response> PageCommands::say(const Values& values) {
  std::string words = values.text("words");
  if (trimmed(words).empty() || words.size() > kMaxSpokenBytes) {
    return refusal(400, "these are no words, or too many");
  }
  return outcome(around_.provider.say(values.text("call"), {.words = std::move(words)}),
                 "nobody is on the line");
}

/// As an application does it: over the API, with everything that follows from it.
Later<Response> PageCommands::participant(const Values& values) {
  const std::string callSid = values.text("call");
  const std::string conferenceSid = around_.watch.conferenceOf(callSid);
  if (conferenceSid.empty()) return refusal(409, "the call is in no conference");
  Form form;
  if (const auto muted = values.flag("muted")) form.add("Muted", *muted ? "true" : "false");
  if (const auto hold = values.flag("hold")) form.add("Hold", *hold ? "true" : "false");
  if (form.empty()) return refusal(400, "neither muted nor hold is given");
  const std::string& account = around_.account.accountSid;
  Request request{.method = "POST",
                  .target = "/2010-04-01/Accounts/" + account + "/Conferences/" + conferenceSid +
                            "/Participants/" + callSid + ".json",
                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                  .body = form.encoded()};
  request.headers.add("Authorization",
                      "Basic " + base64(account + ':' + around_.account.authToken));
  return around_.api(std::move(request)).then([](const Response& response) {
    return response.status / 100 == 2 ? done() : refusal(409, "the conference did not do it");
  });
}

Later<Response> PageCommands::fault(const Values& values) {
  const auto fault = faultNamed(values.text("fault"));
  if (!fault) return refusal(400, "there is no such fault");
  if (!around_.provider.addFault(*fault)) return refusal(429, "too many faults are to come");
  tellFaults();
  return done();
}

Later<Response> PageCommands::clearFaults(const Values& values) {
  (void)values;
  around_.provider.clearFaults();
  tellFaults();
  return done();
}

void PageCommands::tellFaults() {
  around_.feed.add("faults", lineOf({{"toCome", faultsJson(around_.provider.faultsToCome())}}));
}

Later<Response> PageCommands::crawl(const Values& values) {
  const ServedNumber* const served = around_.numbers.find(values.text("number"));
  if (served == nullptr) return refusal(404, "no application answers that number");
  if (values.flag("isConfirmed") != true) {
    return refusal(400, "a crawl orders what it orders: that is to be confirmed");
  }
  if (!isOnThisMachine(served->settings.voiceUrl)) {
    return refusal(403, "only an application on this machine is crawled from here");
  }
  return outcome(around_.crawl.begin(*served), "a crawl is under way");
}

Later<Response> PageCommands::stopCrawl(const Values& values) {
  (void)values;
  around_.crawl.stop();
  return done();
}

}  // namespace ivr::phone
