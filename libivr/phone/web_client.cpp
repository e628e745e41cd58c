#include "phone/web_client.hpp"

#include "core/base64.hpp"
#include "core/text.hpp"
#include "http/url.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"
#include "ivr/security/signature.hpp"
#include "phone/alarm.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

namespace ivr::phone {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kWholeRequest{15'000};
constexpr int kMaxRedirects = 10;
constexpr std::size_t kMaxCookies = 50;
constexpr std::size_t kMaxLogins = 50;
constexpr std::size_t kMaxCookieBytes = 4096;
constexpr std::size_t kMaxFaultsToCome = 100;
constexpr std::size_t kCallbacksAtOnce = 256;  // to one server; fewer than a transport sends
constexpr std::size_t kMaxCallbacksWaiting = 10'000;
constexpr std::string_view kTokenHeader = "I-Twilio-Idempotency-Token";

/// Scheme, host and port, if that is not the scheme's own.
std::string originOf(const http::Url& url) {
  std::string origin = lowerCase(url.scheme) + "://" + lowerCase(url.host);
  const bool isStandard = url.port.empty() || (origin.starts_with("https:") && url.port == "443") ||
                          (origin.starts_with("http:") && url.port == "80");
  return isStandard ? origin : origin + ':' + url.port;
}

/// Settings in the fragment of an address: `#rc=2&rt=5000&rp=5xx,rt`.
struct Overrides {
  milliseconds read{15'000};
  milliseconds total = kWholeRequest;
  int retries = 1;
  std::vector<std::string> policies = {"ct"};
  std::string problem = {};  ///< The provider's code, if a value is not allowed.
};

Overrides overridesIn(std::string_view fragment) {
  Overrides overrides;
  const auto time = [&](std::string_view value, int longest, milliseconds& into) {
    const auto number = numberFrom<int>(value);
    if (number && *number >= 100 && *number <= longest) {
      into = milliseconds{*number};
    } else {
      overrides.problem = "11241";
    }
  };
  for (const std::string_view item : itemsOf(fragment, '&')) {
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = item.substr(0, equals);
    const std::string_view value = item.substr(equals + 1);
    milliseconds connect{5000};  // loopback connects at once, or not at all
    if (name == "ct") time(value, 10'000, connect);
    if (name == "rt") time(value, 15'000, overrides.read);
    if (name == "tt") time(value, 15'000, overrides.total);
    if (name == "rc") {
      const auto count = numberFrom<int>(value);
      if (count && *count >= 0 && *count <= 5) {
        overrides.retries = *count;
      } else {
        overrides.problem = "11242";
      }
    }
    if (name == "rp") {
      overrides.policies.clear();
      for (const std::string_view policy : itemsOf(value, ',')) {
        constexpr std::array<std::string_view, 5> kPolicies{"4xx", "5xx", "ct", "rt", "all"};
        if (std::ranges::find(kPolicies, policy) == kPolicies.end()) {
          overrides.problem = "11243";
        } else {
          overrides.policies.emplace_back(policy);
        }
      }
    }
  }
  return overrides;
}

/// Whether a `Set-Cookie` ends a cookie (RFC 6265 section 5.2.2).
bool isDeleted(std::string_view cookie) {
  constexpr std::string_view kMaxAge = "max-age=";
  for (const std::string_view item : itemsOf(cookie, ';')) {
    if (!lowerCase(item.substr(0, kMaxAge.size())).starts_with(kMaxAge)) continue;
    const auto age = numberFrom<std::int64_t>(trimmed(item.substr(kMaxAge.size())));
    return age && *age <= 0;
  }
  return false;
}

bool isCallback(Purpose purpose) {
  return purpose != Purpose::document && purpose != Purpose::fallback && purpose != Purpose::audio;
}

/// Some faults are for callbacks alone, and one is not for them.
bool canMeet(Fault fault, Purpose purpose) {
  if (fault == Fault::duplicated || fault == Fault::reordered) return isCallback(purpose);
  return fault != Fault::hangUp || !isCallback(purpose);
}

}  // namespace

std::string_view textOf(Purpose purpose) noexcept {
  switch (purpose) {
    case Purpose::document: return "document";
    case Purpose::fallback: return "fallback";
    case Purpose::audio: return "audio";
    case Purpose::statusCallback: return "statusCallback";
    case Purpose::conferenceCallback: return "conferenceCallback";
    case Purpose::recordingCallback: return "recordingCallback";
    case Purpose::transcription: return "transcription";
    case Purpose::partialResult: return "partialResult";
    case Purpose::machineDetection: return "machineDetection";
  }
  return "";
}

struct WebClient::Exchange {
  Exchange(EventLoop& loop, WebRequest what, Receiver to)
      : request(std::move(what)), receive(std::move(to)), alarm(loop), began(loop.now()) {}

  [[nodiscard]] bool meets(Fault fault) const {
    return std::ranges::find(faults, fault) != faults.end();
  }

  WebRequest request;
  Receiver receive;
  Alarm alarm;
  Moment began;
  milliseconds late{0};
  http::Url url = {};  ///< Of the next attempt.
  HttpMethod method = HttpMethod::post;
  bool hasFields = true;  ///< A redirected GET has none.
  Overrides overrides = {};
  std::string token = {};
  std::vector<Fault> faults = {};
  std::string met = {};  ///< The names of the faults that it met.
  int attempts = 0;
  int retries = 0;
  int redirects = 0;
  unsigned attemptId = 0;  ///< So that an answer that is too late is no answer.
  bool isHeldBack = false;
  std::string lane = {};  ///< The origin, if it is a callback that is under way.
  bool isRepeat = false;  ///< The second of a duplicated request.
  int status = 0;
  std::string state = {};
  std::string session = {};
  EventLoop::Work work = {};
};

WebClient::WebClient(std::shared_ptr<EventLoop> loop, const ProviderOptions& options, Sids& sids,
                     std::function<void(Entry)> report)
    : shared_(std::move(loop)),
      loop_(*shared_),
      options_(options),
      sids_(sids),
      report_(std::move(report)),
      transport_(options.transport
                     ? options.transport
                     : http::curlTransport({.inFlight = 512, .maxWaiting = 100'000})) {}

WebClient::~WebClient() = default;

bool WebClient::mayRequest(std::string_view origin) const {
  return std::ranges::any_of(options_.origins, [&](const std::string& allowed) {
    const auto url = http::Url::parse(allowed);
    return url && originOf(*url) == origin;
  });
}

void WebClient::plan(Exchange& exchange) {
  const FaultPlan& plan = options_.faults;
  WebCaller& caller = *exchange.request.caller;
  const std::size_t place = (*caller.requests)++;
  for (const PlannedFault& planned : plan.planned) {
    if (planned.call == caller.index && planned.request == place) {
      exchange.faults.push_back(planned.fault);
    }
  }
  const std::array<unsigned, 9> odds{
      plan.perMille.slow,          plan.perMille.timeout,     plan.perMille.dropped,
      plan.perMille.answerDropped, plan.perMille.serverError, plan.perMille.duplicated,
      plan.perMille.reordered,     plan.perMille.hangUp,      plan.perMille.restart};
  for (std::size_t fault = 0; fault < odds.size(); ++fault) {
    if (odds[fault] == 0) continue;
    const std::uint64_t drawn =
        Sids::mixed(Sids::mixed(Sids::mixed(plan.seed ^ caller.index * 0x10001) + place) + fault);
    if (drawn % 1000 < odds[fault]) exchange.faults.push_back(static_cast<Fault>(fault));
  }
  const Purpose purpose = exchange.request.purpose;
  std::erase_if(exchange.faults, [&](Fault fault) { return !canMeet(fault, purpose); });
  const auto added =
      std::ranges::find_if(faultsToCome_, [&](Fault fault) { return canMeet(fault, purpose); });
  if (added == faultsToCome_.end()) return;
  if (!exchange.meets(*added)) exchange.faults.push_back(*added);
  faultsToCome_.erase(added);
}

bool WebClient::addFault(Fault fault) {
  if (faultsToCome_.size() >= kMaxFaultsToCome) return false;
  faultsToCome_.push_back(fault);
  return true;
}

void WebClient::send(WebRequest request, Receiver receive) {
  const auto exchange = std::make_shared<Exchange>(loop_, std::move(request), std::move(receive));
  exchanges_.emplace(exchange.get(), exchange);
  exchange->token = sids_.makeToken();
  exchange->late = loop_.time() == TimeKind::real ? loop_.now() - loop_.due() : milliseconds{0};
  exchange->method = exchange->request.method;
  auto url = http::Url::parse(exchange->request.url);
  if (!url || (lowerCase(url->scheme) != "http" && lowerCase(url->scheme) != "https")) {
    return settle(exchange, WebFailure{"11100", "the address is not one of http or https"});
  }
  if (!mayRequest(originOf(*url))) {
    return settle(
        exchange,
        WebFailure{"11210", "the address is not at a known server, so it is not requested"});
  }
  if (url->fragment) exchange->overrides = overridesIn(*url->fragment);
  url->fragment.reset();
  exchange->url = std::move(*url);
  if (exchange->request.purpose != Purpose::audio) plan(*exchange);
  if (!isCallback(exchange->request.purpose) || enterLane(exchange)) begin(exchange);
}

/// Whether a callback is sent now; otherwise it waits, or is given up.
bool WebClient::enterLane(const Shared& exchange) {
  const std::string origin = originOf(exchange->url);
  Lane& lane = lanes_[origin];
  if (lane.underWay < kCallbacksAtOnce) {
    ++lane.underWay;
    exchange->lane = origin;
    return true;
  }
  if (lane.waiting.size() < kMaxCallbacksWaiting) {
    lane.waiting.push_back(exchange);
  } else {
    settle(exchange, WebFailure{"11200", "too many callbacks wait for this server"});
  }
  return false;
}

void WebClient::leaveLane(Exchange& exchange) {
  const auto found = lanes_.find(exchange.lane);
  if (found == lanes_.end()) return;
  Lane& lane = found->second;
  if (lane.waiting.empty()) {
    if (--lane.underWay == 0) lanes_.erase(found);
    return;
  }
  const Shared next = std::move(lane.waiting.front());
  lane.waiting.pop_front();
  next->lane = std::move(exchange.lane);
  next->began = loop_.now();  // its time to answer begins now
  begin(next);
}

void WebClient::begin(const Shared& exchange) {
  if (!exchange->overrides.problem.empty()) {
    report_({.callSid = exchange->request.caller->callSid,
             .what = Happening::warning,
             .text = "a setting behind # in the address is not allowed",
             .code = exchange->overrides.problem});
  }
  const auto meet = [&](Fault fault) {
    if (!exchange->meets(fault)) return false;
    exchange->met += (exchange->met.empty() ? "" : " ") + std::string{textOf(fault)};
    return true;
  };
  if (meet(Fault::restart) && options_.restart) options_.restart();
  if (meet(Fault::duplicated)) {
    WebRequest again = exchange->request;
    const auto twin = std::make_shared<Exchange>(loop_, std::move(again), Receiver{});
    twin->token = exchange->token;
    twin->method = exchange->method;
    twin->url = exchange->url;
    twin->isRepeat = true;
    twin->met = "duplicated";
    exchanges_.emplace(twin.get(), twin);
    attempt(twin);
  }
  WebCaller& caller = *exchange->request.caller;
  if (meet(Fault::reordered)) {
    // It waits for the next callback of the call, or for a while if there is none.
    constexpr milliseconds kAWhile{2000};
    exchange->isHeldBack = true;
    const auto letGo = [this, weak = std::weak_ptr{exchange}] {
      const auto held = weak.lock();
      if (!held || !std::exchange(held->isHeldBack, false)) return;
      held->alarm.set(milliseconds{0}, [this, weak] {
        if (const auto still = weak.lock()) attempt(still);
      });
    };
    exchange->alarm.set(kAWhile, letGo);
    caller.heldBack = letGo;
    exchange->work = {};
    return;
  }
  // Before an answer can come.
  if (meet(Fault::hangUp) && caller.hangUp) loop_.post(caller.hangUp);
  attempt(exchange);
  if (isCallback(exchange->request.purpose) && caller.heldBack) {
    std::exchange(caller.heldBack, {})();
  }
}

void WebClient::attempt(const Shared& exchange) {
  Exchange& state = *exchange;
  ++state.attempts;
  const unsigned id = ++state.attemptId;
  const WebCaller& caller = *state.request.caller;
  if (options_.waitsForAnswers)
    state.work = loop_.work("the request of " + withoutCredentials(state.request.url));

  http::Url url = state.url;
  url.userinfo.reset();
  if (url.path.empty()) url.path = "/";
  const bool isGet = state.method == HttpMethod::get;
  if (isGet && state.hasFields && !state.request.fields.empty()) {
    const std::string fields = state.request.fields.encoded();
    url.query = url.query && !url.query->empty() ? *url.query + '&' + fields : fields;
  }
  http::OutgoingRequest request;
  request.method = textOf(state.method);
  request.url = url.text();
  Form signedFields;
  if (!isGet && state.hasFields) {
    request.body = state.request.fields.encoded();
    request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
    signedFields = state.request.fields;
  }
  request.headers.add("User-Agent", "TwilioProxy/1.1");
  request.headers.add("Accept", "*/*");
  request.headers.add(kTokenHeader, state.token);
  if (!options_.authToken.empty()) {
    http::Url signedUrl = url;
    if (lowerCase(url.scheme) == "https") signedUrl.port.clear();
    request.headers.add(security::kSignatureHeader,
                        security::sign(options_.authToken, signedUrl.text(), signedFields));
  }
  if (const auto login = caller.logins.find(originOf(url)); login != caller.logins.end()) {
    request.headers.add("Authorization", "Basic " + base64(http::percentDecode(login->second)));
  }
  std::string cookies;
  for (const auto& [name, value] : caller.cookies) {
    cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
  }
  if (!cookies.empty()) request.headers.add("Cookie", cookies);

  const milliseconds left = state.overrides.total - (loop_.now() - state.began);
  const milliseconds limit = std::clamp(left, milliseconds{0}, state.overrides.read);
  request.timeout = std::max(limit, milliseconds{1});
  const bool isFirst = state.attempts == 1 && !state.isRepeat;
  state.alarm.set(limit, [this, weak = std::weak_ptr{exchange}] {
    const auto alive = weak.lock();
    if (!alive) return;
    ++alive->attemptId;
    failed(alive, "rt", "11200", "no answer came in time");
  });
  const auto meet = [&](Fault fault) {
    if (!isFirst || !state.meets(fault)) return false;
    state.met += (state.met.empty() ? "" : " ") + std::string{textOf(fault)};
    return true;
  };
  if (meet(Fault::dropped)) {
    state.alarm.set(milliseconds{0}, [this, weak = std::weak_ptr{exchange}] {
      const auto alive = weak.lock();
      if (alive) failed(alive, "ct", "11205", "the connection failed");
    });
    return;
  }
  if (meet(Fault::serverError)) {
    state.alarm.set(milliseconds{0}, [this, weak = std::weak_ptr{exchange}] {
      if (const auto alive = weak.lock()) replied(alive, {.status = 503});
    });
    return;
  }
  const bool isLost = meet(Fault::timeout);
  const bool isDropped = meet(Fault::answerDropped);
  const milliseconds latency = meet(Fault::slow) ? options_.faults.latency : milliseconds{0};
  if (isLost) state.work = {};
  transport_->send(std::move(request))
      .receive([this, loop = std::weak_ptr{shared_}, weak = std::weak_ptr{exchange}, id, isLost,
                isDropped, latency](Settled<http::IncomingResponse> outcome) {
        const auto running = loop.lock();
        if (isLost || !running) return;
        running->post([this, weak, id, isDropped, latency, outcome = std::move(outcome)]() mutable {
          const auto alive = weak.lock();
          if (!alive || alive->attemptId != id) return;
          if (isDropped) {
            return failed(alive, "", "11200", "the connection ended before the answer");
          }
          if (latency == milliseconds{0}) return answered(alive, std::move(outcome));
          alive->work = {};
          loop_.after(latency, [this, weak, id, outcome = std::move(outcome)]() mutable {
            const auto still = weak.lock();
            if (still && still->attemptId == id) answered(still, std::move(outcome));
          });
        });
      });
}

void WebClient::answered(const Shared& exchange, Settled<http::IncomingResponse> outcome) {
  if (auto* response = std::get_if<0>(&outcome)) return replied(exchange, std::move(*response));
  try {
    std::rethrow_exception(std::get<1>(outcome));
  } catch (const http::TransportError& error) {
    if (error.kind() == ErrorKind::timeout) {
      return failed(exchange, "rt", "11200", "no answer came in time");
    }
    if (!error.mayHaveArrived()) return failed(exchange, "ct", "11205", error.what());
    return failed(exchange, "", "11206", error.what());
  } catch (const std::exception& error) {
    return failed(exchange, "", "11200", error.what());
  }
}

void WebClient::replied(const Shared& exchange, http::IncomingResponse response) {
  Exchange& state = *exchange;
  state.status = response.status;
  WebCaller& caller = *state.request.caller;
  for (const auto& [name, value] : response.headers) {
    if (!http::equalIgnoringCase(name, "Set-Cookie") || value.size() > kMaxCookieBytes) continue;
    const std::string_view pair = trimmed(value.substr(0, value.find(';')));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    const std::string cookie{pair.substr(0, equals)};
    const auto known = caller.cookies.find(cookie);
    if (isDeleted(value)) {
      if (known != caller.cookies.end()) caller.cookies.erase(known);
    } else if (known != caller.cookies.end() || caller.cookies.size() < kMaxCookies) {
      caller.cookies.insert_or_assign(cookie, std::string{pair.substr(equals + 1)});
    }
  }
  if (response.status / 100 == 3) {
    const auto location = response.headers.find("Location");
    const auto target = location ? resolved(state.url.text(), *location) : std::nullopt;
    auto url = target ? http::Url::parse(*target) : std::nullopt;
    if (!url) return settle(exchange, WebFailure{"11216", "a redirect leads nowhere"});
    if (++state.redirects > kMaxRedirects) {
      return settle(exchange, WebFailure{"11215", "more than 10 redirects"});
    }
    if (!mayRequest(originOf(*url))) {
      return settle(exchange, WebFailure{"11210",
                                         "a redirect leads to an address that is not at a "
                                         "known server"});
    }
    if (response.status <= 303) {  // as browsers do
      state.method = HttpMethod::get;
      state.hasFields = false;
    }
    url->fragment.reset();
    state.url = std::move(*url);
    return attempt(exchange);
  }
  if (response.status == 401 && state.url.userinfo) {
    const auto challenge = response.headers.find("WWW-Authenticate");
    const std::string scheme = lowerCase(challenge.value_or("").substr(0, 6));
    if (scheme == "basic" || scheme == "basic ") {
      // As a browser: who was asked once says so at once from then on, and is not asked twice.
      const std::string origin = originOf(state.url);
      const auto known = caller.logins.find(origin);
      const bool isNew = known == caller.logins.end() ? caller.logins.size() < kMaxLogins
                                                      : known->second != *state.url.userinfo;
      if (isNew) {
        caller.logins.insert_or_assign(origin, *state.url.userinfo);
        return attempt(exchange);
      }
    } else if (scheme == "digest") {
      report_({.callSid = caller.callSid,
               .what = Happening::notPlayed,
               .text = "Digest authentication: the request is not repeated"});
    }
  }
  const std::string_view policy = response.status / 100 == 4   ? "4xx"
                                  : response.status / 100 == 5 ? "5xx"
                                                               : "";
  if (!policy.empty() && state.retries < state.overrides.retries &&
      std::ranges::any_of(state.overrides.policies,
                          [&](const std::string& one) { return one == policy || one == "all"; })) {
    ++state.retries;
    return attempt(exchange);
  }
  state.state = response.headers.find("X-Ivr-State").value_or("");
  state.session = response.headers.find("X-Ivr-Session").value_or("");
  state.url.userinfo.reset();
  settle(exchange, WebReply{.status = response.status,
                            .headers = std::move(response.headers),
                            .body = std::move(response.body),
                            .url = state.url.text()});
}

void WebClient::failed(const Shared& exchange, std::string_view policy, std::string code,
                       std::string why) {
  Exchange& state = *exchange;
  const bool isInTime = loop_.now() - state.began < state.overrides.total;
  if (!policy.empty() && isInTime && state.retries < state.overrides.retries &&
      std::ranges::any_of(state.overrides.policies,
                          [&](const std::string& one) { return one == policy || one == "all"; })) {
    ++state.retries;
    return attempt(exchange);
  }
  settle(exchange, WebFailure{std::move(code), std::move(why)});
}

void WebClient::settle(const Shared& exchange, WebOutcome outcome) {
  ++exchange->attemptId;
  exchange->alarm.set(milliseconds{0}, [this, weak = std::weak_ptr{exchange},
                                        outcome = std::move(outcome)]() mutable {
    const auto kept = weak.lock();
    if (!kept) return;
    exchanges_.erase(kept.get());
    kept->work = {};
    leaveLane(*kept);
    const auto* const failure = std::get_if<WebFailure>(&outcome);
    const auto number = [](auto value) { return value == 0 ? "" : std::to_string(value); };
    report_({.callSid = kept->request.caller->callSid,
             .what = Happening::webhook,
             .text = withoutCredentials(kept->request.url),
             .code = failure != nullptr ? failure->code : "",
             .details = {{"for", std::string{textOf(kept->request.purpose)}},
                         {"method", std::string{textOf(kept->request.method)}},
                         {"status", number(kept->status)},
                         {"took", std::to_string((loop_.now() - kept->began).count())},
                         {"late", number(kept->late.count())},
                         {"attempts", kept->attempts > 1 ? std::to_string(kept->attempts) : ""},
                         {"token", kept->token},
                         {"fault", kept->met},
                         {"state", kept->state},
                         {"session", kept->session},
                         {"why", failure != nullptr ? failure->why : ""}}});
    if (kept->receive) kept->receive(std::move(outcome));
  });
}

std::string withoutCredentials(std::string_view address) {
  auto url = http::Url::parse(address);
  if (!url || !url->userinfo) return std::string{address};
  url->userinfo.reset();
  return url->text();
}

std::optional<std::string> resolved(std::string_view base, std::string_view reference) {
  if (const auto absolute = http::Url::parse(reference)) return std::string{reference};
  auto url = http::Url::parse(base);
  if (!url) return std::nullopt;
  if (reference.find("://") < reference.find_first_of("/?#")) return std::nullopt;
  if (reference.starts_with("//")) {
    return resolved({}, url->scheme + ':' + std::string{reference});
  }
  const std::size_t hash = reference.find('#');
  url->fragment.reset();
  if (hash != std::string_view::npos) {
    url->fragment = reference.substr(hash + 1);
    reference = reference.substr(0, hash);
  }
  const std::size_t mark = reference.find('?');
  const std::string_view path = reference.substr(0, mark);
  if (mark != std::string_view::npos) {
    url->query = reference.substr(mark + 1);
  } else if (!path.empty()) {
    url->query.reset();
  }
  if (!path.empty()) {
    std::string whole{path};
    if (path.front() != '/') {
      const std::size_t slash = url->path.rfind('/');
      whole = (slash == std::string::npos ? "/" : url->path.substr(0, slash + 1)) + whole;
    }
    // Dot segments (RFC 3986 section 5.2.4).
    std::vector<std::string_view> kept;
    const std::string_view view = whole;
    bool endsInFolder = false;
    for (std::size_t at = 1; at <= view.size();) {
      const std::size_t end = std::min(view.find('/', at), view.size());
      const std::string_view segment = view.substr(at, end - at);
      endsInFolder = segment == "." || segment == "..";
      if (segment == "..") {
        if (!kept.empty()) kept.pop_back();
      } else if (segment != ".") {
        kept.push_back(segment);
      }
      at = end + 1;
    }
    url->path.clear();
    for (const std::string_view segment : kept) (url->path += '/') += segment;
    if (endsInFolder || url->path.empty()) url->path += '/';
  }
  std::string text = url->text();
  return http::Url::parse(text) ? std::optional{std::move(text)} : std::nullopt;
}

}  // namespace ivr::phone
