#include "ivr/phone/service.hpp"

#include "core/base64.hpp"
#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/log.hpp"
#include "ivr/http/form.hpp"
#include "ivr/phone/address.hpp"
#include "ivr/phone/event_loop.hpp"
#include "phone/event_feed.hpp"
#include "phone/generated.hpp"
#include "phone/heard_audio.hpp"
#include "phone/page_access.hpp"
#include "phone/page_json.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

namespace ivr::phone {

namespace {

using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr std::size_t kMaxCommandBytes = 16 << 10;
constexpr std::size_t kMaxKeysAtOnce = 100;
constexpr std::size_t kMaxWords = 2000;  ///< In bytes.
constexpr std::size_t kSnapshotEntries = 300;
constexpr std::size_t kSnapshotBytes = std::size_t{1} << 20;
/// So many calls are looked at for changes that no entry tells.
constexpr std::size_t kWatchedCalls = 64;
constexpr std::chrono::milliseconds kProgressPace{250};

/// Nothing comes from elsewhere, and nothing is written into the page.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src "
    "'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

Response withGuards(Response response) {
  response.headers.set("Content-Security-Policy", kPolicy);
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

Response jsonAnswer(int status, const Json& json) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = lineOf(json)};
}

Response refusal(int status, std::string_view why) { return jsonAnswer(status, {{"error", why}}); }

Response done() { return jsonAnswer(200, Json::object()); }

/// `+14155550100`, `1000`, `client:ann`.
bool isCallerId(std::string_view text) {
  constexpr std::string_view kClient = "client:";
  const bool isClient = text.starts_with(kClient);
  if (isClient) text.remove_prefix(kClient.size());
  const std::size_t most = isClient ? 100 : 16;
  const std::string_view plain = !isClient && text.starts_with('+') ? text.substr(1) : text;
  if (plain.empty() || text.size() > most) return false;
  return std::ranges::all_of(plain, [&](char c) {
    if (c >= '0' && c <= '9') return true;
    const char low = lowerCase(c);
    return isClient && ((low >= 'a' && low <= 'z') || c == '_' || c == '-' || c == '.');
  });
}

std::optional<Fault> faultNamed(std::string_view name) {
  for (const Fault fault :
       {Fault::slow, Fault::timeout, Fault::dropped, Fault::answerDropped, Fault::serverError,
        Fault::duplicated, Fault::reordered, Fault::hangUp}) {
    if (name == textOf(fault)) return fault;
  }
  return std::nullopt;
}

std::string_view textOf(Telephone::Reaction reaction) {
  switch (reaction) {
    case Telephone::Reaction::rings: return "rings";
    case Telephone::Reaction::answers: return "answers";
    case Telephone::Reaction::machine: return "machine";
    case Telephone::Reaction::busy: return "busy";
    case Telephone::Reaction::refuses: return "refuses";
    case Telephone::Reaction::fails: return "fails";
  }
  return "";
}

/// The values of a command. What is missing, or of another type, is empty.
class Command {
 public:
  /// Nothing if it is no object.
  static std::optional<Command> parse(std::string_view body) {
    Json json = Json::parse(body, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    return Command{std::move(json)};
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
  explicit Command(Json json) : json_(std::move(json)) {}
  Json json_;
};

std::string newRun() {
  std::random_device random;
  return std::to_string(random()) + std::to_string(random());
}

}  // namespace

/// Its loop runs on its own thread. What is not constant or atomic belongs to that thread.
class Service::Core : public std::enable_shared_from_this<Core> {
 public:
  explicit Core(ServiceOptions options)
      : options_(std::move(options)),
        access_(options_.hosts, options_.pageToken),
        audio_(std::make_shared<HeardAudio>(options_.bounds.audioBytes)),
        loop_(std::make_shared<EventLoop>(EventLoopOptions{.time = TimeKind::real})),
        feed_(*loop_,
              {.maxEvents = options_.bounds.events,
               .maxBytes = options_.bounds.eventBytes,
               .maxListeners = options_.bounds.listeners,
               .hold = options_.bounds.hold,
               .run = newRun()},
              [this] { return lineOf(snapshot()); }),
        stays_(loop_->work("the service")) {
    if (options_.hosts.empty() && options_.pageToken.empty()) {
      throw Error{ErrorKind::config, "a service that is reached by any name needs a page token"};
    }
    inner_ = options_.provider.transport
                 ? options_.provider.transport
                 : http::curlTransport({.inFlight = 512, .maxWaiting = 10'000, .longAnswers = 32});
    ProviderOptions provider = options_.provider;
    provider.transport = keepingAudio(inner_, audio_);
    provider.waitsForAnswers = false;
    provider.onEntry = [this](const Entry& entry) { see(entry); };
    provider_.emplace(loop_, std::move(provider));
    for (const ServedNumber& served : options_.numbers) {
      if (!isCallerId(served.number)) {
        throw Error{ErrorKind::config, "not a number: " + oneLine(served.number)};
      }
      if (!served_.emplace(served.number, &served).second) {
        throw Error{ErrorKind::config, "a number is answered twice: " + served.number};
      }
      provider_->setNumber(served.number, served.settings);
    }
    for (const PlayedTelephone& played : options_.telephones) {
      provider_->setTelephone(played.number, played.telephone);
    }
    provider_->setOtherTelephones({.reaction = Telephone::Reaction::rings});
    api_ = provider_->api();
  }

  void start() {
    thread_ =
        std::thread{[this] { (void)loop_->run([this] { return isStopped_; }, Moment::max()); }};
  }

  void stop() {
    isCrawlStopped_ = true;
    loop_->post([this] {
      feed_.stopHolding();
      isStopped_ = true;
    });
    if (thread_.joinable()) thread_.join();
    if (crawler_.joinable()) crawler_.join();
    provider_.reset();
  }

  void stopHolding() {
    loop_->post([self = weak_from_this()] {
      if (const auto core = self.lock()) core->feed_.stopHolding();
    });
  }

  Later<Response> answer(Request request) {
    if (!access_.isOurHost(request)) {
      return withGuards(plainText(421, "This service is not reached by that name.\n"));
    }
    const std::string path{request.path()};
    const bool isGet = request.method == "GET" || request.method == "HEAD";
    if (isGet && path == "/" && access_.needsToken()) {
      if (auto response = enter(request)) return withGuards(*std::move(response));
    }
    const bool isFile = isGet && files().contains(path);
    if (!isFile && PageAccess::isFromOtherSite(request)) {
      return withGuards(refusal(403, "another site may not do this"));
    }
    if (path.starts_with("/2010-04-01/")) {
      // It has credentials of its own; if it has none, those of the page are needed.
      if (options_.provider.authToken.empty() && !access_.knowsToken(request)) {
        return withGuards(noToken());
      }
      return api_(std::move(request));
    }
    if (!access_.knowsToken(request)) return withGuards(noToken());
    if (isFile) return withGuards(fileAt(path));
    if (files().contains(path)) return withGuards(http::methodNotAllowed("GET, HEAD"));
    if (!path.starts_with("/phone/")) return withGuards(plainText(404, "There is no such page.\n"));
    return ask(path.substr(std::string_view{"/phone/"}.size()), std::move(request))
        .then([](Response response) { return withGuards(std::move(response)); });
  }

 private:
  // ---- Requests, on any thread.

  [[nodiscard]] const std::map<std::string, const PageFile*, std::less<>>& files() const {
    return files_;
  }

  static Response noToken() {
    return plainText(401,
                     "This page needs its token: open the address that was printed when the "
                     "service started.\n");
  }

  /// The address with the token becomes one without, which can be shown to others.
  [[nodiscard]] std::optional<Response> enter(const Request& request) const {
    constexpr std::size_t kMaxFields = 10;
    const auto query = Form::parse(request.query(), kMaxFields);
    if (!query || !query->find("token")) return std::nullopt;
    if (!access_.isToken(query->get("token"))) return noToken();
    return Response{
        .status = 303,
        .headers = {
            {"Location", "/"}, {"Set-Cookie", access_.cookie()}, {"Cache-Control", "no-store"}}};
  }

  [[nodiscard]] Response fileAt(const std::string& path) const {
    const PageFile& file = *files_.at(path);
    return {.status = 200,
            .headers = {{"Content-Type", file.type}, {"Cache-Control", "no-cache"}},
            .body = file.content};
  }

  Later<Response> ask(const std::string& what, Request request) {
    if (request.method == "POST") return command(what, request);
    const bool isGet = request.method == "GET";
    if (what == "events" && isGet) {
      std::string lastId{request.headers.find("Last-Event-ID").value_or("")};
      return onLoop([this, lastId = std::move(lastId)](const Answer<Response>& answer) {
        feed_.listen(lastId, answer);
      });
    }
    constexpr std::size_t kMaxFields = 10;
    const auto query = Form::parse(request.query(), kMaxFields);
    if (what == "timeline" && isGet) {
      std::string sid{query ? query->get("call") : ""};
      return onLoop([this, sid = std::move(sid)](const Answer<Response>& answer) {
        answer(timelineOf(sid));
      });
    }
    if (what == "audio" && (isGet || request.method == "HEAD")) {
      const auto file = query ? audio_->find(query->get("url")) : std::nullopt;
      if (!file) return plainText(404, "Nobody has heard that, or too long ago.\n");
      return Response{.status = 200,
                      .headers = {{"Content-Type", file->type}, {"Cache-Control", "no-store"}},
                      .body = *file->bytes};
    }
    if (commandNamed(what) != nullptr) return http::methodNotAllowed("POST");
    return plainText(404, "There is no such thing.\n");
  }

  Later<Response> command(const std::string& what, const Request& request) {
    const Run known = commandNamed(what);
    if (known == nullptr) return refusal(404, "there is no such command");
    if (request.headers.find("X-Ivr-Phone") != "1") {
      return refusal(403, "the header X-Ivr-Phone is missing");
    }
    if (request.mediaType() != "application/json") return refusal(415, "the body is to be JSON");
    if (request.body.size() > kMaxCommandBytes) return refusal(413, "the body is too long");
    auto values = Command::parse(request.body);
    if (!values) return refusal(400, "the body is no object of JSON");
    return onLoop([this, known, values = *std::move(values)](const Answer<Response>& answer) {
      (this->*known)(values).forwardTo(answer);
    });
  }

  /// Runs `work` on the loop's thread; without an answer if that ends first.
  template <class Work>
  Later<Response> onLoop(Work work) {
    return Later<Response>{[&](Answer<Response> answer) {
      loop_->post([self = weak_from_this(), answer = std::move(answer), work = std::move(work)] {
        const auto core = self.lock();
        if (!core || core->isStopped_) return answer(refusal(503, "the service ends"));
        work(answer);
      });
    }};
  }

  // ---- Commands, on the loop's thread.

  using Run = Later<Response> (Core::*)(const Command&);

  /// Null if there is no such command.
  static Run commandNamed(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, Run>, 11> kCommands{
        {{"call", &Core::call},
         {"answer", &Core::pickUp},
         {"refuse", &Core::refuse},
         {"hangUp", &Core::hangUp},
         {"press", &Core::press},
         {"say", &Core::say},
         {"participant", &Core::participant},
         {"fault", &Core::fault},
         {"clearFaults", &Core::clearFaults},
         {"crawl", &Core::beginCrawl},
         {"stopCrawl", &Core::stopCrawl}}};
    const auto* const known =
        std::ranges::find(kCommands, name, &std::pair<std::string_view, Run>::first);
    return known == kCommands.end() ? nullptr : known->second;
  }

  Later<Response> call(const Command& command) {
    const std::string from = command.text("from");
    const std::string to = command.text("to");
    if (!isCallerId(from)) return refusal(400, "the caller's number is no number");
    if (!served_.contains(to)) return refusal(404, "no application answers that number");
    if (provider_->liveCalls() >= options_.bounds.liveCalls) {
      return refusal(429, "there are too many calls");
    }
    return jsonAnswer(201, {{"call", provider_->call({.from = from, .to = to})}});
  }

  static Later<Response> outcome(bool isDone, std::string_view why) {
    return isDone ? done() : refusal(409, why);
  }

  Later<Response> pickUp(const Command& command) {
    return outcome(provider_->answer(command.text("call")), "it does not ring");
  }

  Later<Response> refuse(const Command& command) {
    return outcome(provider_->refuse(command.text("call")), "it does not ring");
  }

  Later<Response> hangUp(const Command& command) {
    return outcome(provider_->hangUp(command.text("call")), "the call is over");
  }

  Later<Response> press(const Command& command) {
    const std::string keys = command.text("keys");
    constexpr std::string_view kKeys = "0123456789ABCD*#wW";
    if (keys.empty() || keys.size() > kMaxKeysAtOnce ||
        keys.find_first_not_of(kKeys) != std::string::npos) {
      return refusal(400, "these are no keys");
    }
    return outcome(provider_->press(command.text("call"), keys), "nobody is on the line");
  }

  Later<Response> say(const Command& command) {
    std::string words = command.text("words");
    if (trimmed(words).empty() || words.size() > kMaxWords) {
      return refusal(400, "these are no words, or too many");
    }
    return outcome(provider_->say(command.text("call"), {.words = std::move(words)}),
                   "nobody is on the line");
  }

  /// As an application does it: over the API, with everything that follows from it.
  Later<Response> participant(const Command& command) {
    const auto tracked = tracked_.find(command.text("call"));
    if (tracked == tracked_.end() || tracked->second.conferenceSid.empty()) {
      return refusal(409, "the call is in no conference");
    }
    Form form;
    if (const auto muted = command.flag("muted")) form.add("Muted", *muted ? "true" : "false");
    if (const auto hold = command.flag("hold")) form.add("Hold", *hold ? "true" : "false");
    if (form.empty()) return refusal(400, "neither muted nor hold is given");
    const std::string& account = options_.provider.accountSid;
    Request request{.method = "POST",
                    .target = "/2010-04-01/Accounts/" + account + "/Conferences/" +
                              tracked->second.conferenceSid + "/Participants/" + tracked->first +
                              ".json",
                    .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                    .body = form.encoded()};
    request.headers.add("Authorization",
                        "Basic " + base64(account + ':' + options_.provider.authToken));
    return api_(std::move(request)).then([](const Response& response) {
      return response.status / 100 == 2 ? done() : refusal(409, "the conference did not do it");
    });
  }

  Later<Response> fault(const Command& command) {
    const auto fault = faultNamed(command.text("fault"));
    if (!fault) return refusal(400, "there is no such fault");
    if (!provider_->addFault(*fault)) return refusal(429, "too many faults are to come");
    tellFaults();
    return done();
  }

  Later<Response> clearFaults(const Command& command) {
    (void)command;
    provider_->clearFaults();
    tellFaults();
    return done();
  }

  Later<Response> beginCrawl(const Command& command) {
    const auto served = served_.find(command.text("number"));
    if (served == served_.end()) return refusal(404, "no application answers that number");
    if (command.flag("isConfirmed") != true) {
      return refusal(400, "a crawl orders what it orders: that is to be confirmed");
    }
    if (!isOnThisMachine(served->second->settings.voiceUrl)) {
      return refusal(403, "only an application on this machine is crawled from here");
    }
    if (isCrawling_) return refusal(409, "a crawl is under way");
    if (crawler_.joinable()) crawler_.join();
    isCrawling_ = true;
    isCrawlStopped_ = false;
    crawl_ = {{"number", served->first}, {"state", "running"}, {"questions", 0}, {"calls", 0}};
    feed_.add("crawl", lineOf(crawl_));
    // The core outlives its threads: `stop` joins them.
    crawler_ = std::thread{[this, number = served->first, settings = served->second->settings] {
      crawlOnThread(number, settings);
    }};
    return done();
  }

  Later<Response> stopCrawl(const Command& command) {
    (void)command;
    isCrawlStopped_ = true;
    return done();
  }

  // ---- The crawl, on a thread of its own, in simulated time.

  void crawlOnThread(const std::string& number, const NumberSettings& settings) {
    CrawlOptions crawling{.number = settings, .bounds = options_.bounds.crawl};
    crawling.call.to = number;
    crawling.provider.accountSid = options_.provider.accountSid;
    crawling.provider.authToken = options_.provider.authToken;
    // The first is that of the application: a menu shows its addresses without it.
    crawling.provider.origins = {originIn(settings.voiceUrl).value_or("")};
    crawling.provider.origins.insert(crawling.provider.origins.end(),
                                     options_.provider.origins.begin(),
                                     options_.provider.origins.end());
    crawling.provider.transport = inner_;
    crawling.provider.seed = options_.provider.seed ^ 0x637261776cU;  // other SIDs than ours
    crawling.isStopped = [this] { return isCrawlStopped_.load(); };
    auto lastTold = std::chrono::steady_clock::now();
    crawling.onProgress = [this, &lastTold](const CrawlProgress& progress) {
      const auto now = std::chrono::steady_clock::now();
      if (now - lastTold < kProgressPace) return;
      lastTold = now;
      loop_->post([this, progress] {
        crawl_["questions"] = progress.questions;
        crawl_["calls"] = progress.calls;
        feed_.add("crawl", lineOf(crawl_));
      });
    };
    constexpr std::chrono::milliseconds kWorkLimit{30'000};
    try {
      const auto loop = std::make_shared<EventLoop>(
          EventLoopOptions{.time = TimeKind::simulated, .workLimit = kWorkLimit});
      MenuGraph graph = crawl(loop, std::move(crawling));
      loop_->post([this, number, graph = std::move(graph)]() mutable {
        endCrawl(graph.answers == 0 ? "the application cannot be reached" : "");
        Json told = menuJson(graph);
        told["number"] = number;
        feed_.add("menu", lineOf(told));
        menus_.insert_or_assign(number, Menu{std::move(graph), std::move(told)});
        for (auto& [sid, tracked] : tracked_) changed_.insert(sid);
        tellChanges();
      });
    } catch (const std::exception& error) {
      loop_->post([this, why = oneLine(error.what())] { endCrawl(why); });
    }
  }

  void endCrawl(const std::string& why) {
    isCrawling_ = false;
    crawl_["state"] = why.empty() ? "done" : "failed";
    if (!why.empty()) crawl_["why"] = why;
    feed_.add("crawl", lineOf(crawl_));
  }

  // ---- What happens, on the loop's thread.

  /// What is known of a call, besides what the provider tells.
  struct Tracked {
    std::string told = {};  ///< The last that pages were told.
    std::string conferenceSid = {};
    std::string address = {};  ///< Of the document that it hears, without what is generated.
    std::string document = {};
    bool isOver = false;
  };

  struct Menu {
    MenuGraph graph = {};
    Json told = {};
  };

  void see(const Entry& entry) {
    if (options_.provider.onEntry) options_.provider.onEntry(entry);
    feed_.add("entry", lineOf(entryJson(entry)), entry.callSid);
    if (!entry.callSid.empty()) {
      Tracked& tracked = tracked_[entry.callSid];
      if (entry.what == Happening::joined) tracked.conferenceSid = entry.detail("ConferenceSid");
      if (entry.what == Happening::leftConference) tracked.conferenceSid.clear();
      if (entry.what == Happening::twiml) {
        tracked.address = withoutGenerated(entry.detail("url"));
        tracked.document = withoutGenerated(entry.text);
      }
      changed_.insert(entry.callSid);
    }
    if (entry.what == Happening::webhook && !entry.detail("fault").empty()) tellFaults();
    if (isTelling_) return;
    isTelling_ = true;
    loop_->post([this] {
      isTelling_ = false;
      tellChanges();
    });
  }

  /// Tells pages of calls that have changed; also of those about which there was no entry, if there
  /// are few: what one does changes what others hear.
  void tellChanges() {
    std::set<std::string, std::less<>> changed = std::exchange(changed_, {});
    if (provider_->liveCalls() <= kWatchedCalls) {
      for (const auto& [sid, tracked] : tracked_) {
        if (!tracked.isOver) changed.insert(sid);
      }
    }
    for (const std::string& sid : changed) {
      const auto view = provider_->find(sid);
      const auto tracked = tracked_.find(sid);
      if (tracked == tracked_.end()) continue;
      if (!view) {
        tracked_.erase(tracked);  // it is no longer known
        continue;
      }
      Json json = callJson(*view);
      if (!tracked->second.conferenceSid.empty()) {
        json["conferenceSid"] = tracked->second.conferenceSid;
      }
      if (std::string place = placeOf(*view, tracked->second); !place.empty()) {
        json["place"] = std::move(place);
      }
      std::string line = lineOf(json);
      if (line == tracked->second.told) continue;
      feed_.add("call", line, sid);
      tracked->second.told = std::move(line);
      if (view->isOver() && !std::exchange(tracked->second.isOver, true)) {
        over_.push_back(sid);
        if (over_.size() > options_.bounds.endedCalls) {
          tracked_.erase(over_.front());
          over_.pop_front();
        }
      }
    }
  }

  /// The node of the menu at which a call is; empty if there is no drawing of it.
  [[nodiscard]] std::string placeOf(const CallView& view, const Tracked& tracked) const {
    const auto menu = menus_.find(view.to);
    if (menu == menus_.end() || tracked.address.empty()) return {};
    const std::string origin =
        originIn(served_.find(view.to)->second->settings.voiceUrl).value_or("");
    std::string_view address = tracked.address;
    if (address.starts_with(origin)) address.remove_prefix(origin.size());
    const MenuNode* best = nullptr;
    int bestScore = 0;
    for (const MenuNode& node : menu->second.graph.nodes) {
      if (node.address != address) continue;
      const bool isEnd = node.kind == MenuNode::Kind::ended;
      if (isEnd && view.isOver() && node.detail != textOf(view.status)) continue;
      // The document counts most: a time of day in it may have changed since. Then, whether it is
      // a place to be at, or one to end at.
      const int score = 1 + (node.document == tracked.document ? 4 : 0) +
                        (isEnd == view.isOver() ? 2 : 0) +
                        (node.kind == MenuNode::Kind::question ? 1 : 0);
      if (score > bestScore) {
        best = &node;
        bestScore = score;
      }
    }
    return best != nullptr ? best->id : "";
  }

  void tellFaults() { feed_.add("faults", lineOf({{"toCome", faultsToCome()}})); }

  [[nodiscard]] Json faultsToCome() const {
    Json names = Json::array();
    for (const Fault fault : provider_->faultsToCome()) names.push_back(phone::textOf(fault));
    return names;
  }

  // ---- What there is.

  [[nodiscard]] Json snapshot() const {
    Json numbers = Json::array();
    for (const ServedNumber& served : options_.numbers) {
      numbers.push_back({{"number", served.number},
                         {"name", served.name},
                         {"url", served.settings.voiceUrl},
                         {"canCrawl", isOnThisMachine(served.settings.voiceUrl)}});
    }
    Json telephones = Json::array();
    for (const PlayedTelephone& played : options_.telephones) {
      telephones.push_back({{"number", played.number},
                            {"reaction", textOf(played.telephone.reaction)},
                            {"after", played.telephone.after.count()}});
    }
    Json calls = Json::array();
    for (const auto& [sid, tracked] : tracked_) {
      if (!tracked.told.empty()) calls.push_back(Json::parse(tracked.told));
    }
    Json menus = Json::array();
    for (const auto& [number, menu] : menus_) menus.push_back(menu.told);
    return {{"now", loop_->now().count()},   {"account", options_.provider.accountSid},
            {"numbers", std::move(numbers)}, {"telephones", std::move(telephones)},
            {"calls", std::move(calls)},     {"entries", newestEntries()},
            {"faults", faultsToCome()},      {"crawl", crawl_},
            {"menus", std::move(menus)}};
  }

  [[nodiscard]] Json newestEntries() const {
    const auto& events = feed_.events();
    auto first = events.end();
    std::size_t count = 0;
    std::size_t bytes = 0;
    while (first != events.begin() && count < kSnapshotEntries && bytes < kSnapshotBytes) {
      --first;
      if (first->type != "entry") continue;
      ++count;
      bytes += first->data.size();
    }
    Json entries = Json::array();
    for (; first != events.end(); ++first) {
      if (first->type == "entry") entries.push_back(Json::parse(first->data));
    }
    return entries;
  }

  [[nodiscard]] Response timelineOf(std::string_view sid) const {
    // A call has been made by another one before anything else is told of it.
    std::set<std::string, std::less<>> wanted;
    if (!sid.empty()) wanted.insert(std::string{sid});
    std::string lines;
    for (const EventFeed::Event& event : feed_.events()) {
      if (event.type != "entry") continue;
      if (!sid.empty() && !wanted.contains(event.callSid)) {
        const Json entry = Json::parse(event.data);
        const auto details = entry.find("details");
        if (entry["what"] != "called" || details == entry.end()) continue;
        if (!wanted.contains(details->value("parent", std::string{}))) continue;
        wanted.insert(event.callSid);
      }
      lines.append(event.data).append("\n");
    }
    return {.status = 200,
            .headers = {{"Content-Type", "application/x-ndjson; charset=utf-8"},
                        {"Content-Disposition", "attachment; filename=\"timeline.jsonl\""},
                        {"Cache-Control", "no-store"}},
            .body = std::move(lines)};
  }

  const ServiceOptions options_;
  const PageAccess access_;
  const std::map<std::string, const PageFile*, std::less<>> files_ = [this] {
    std::map<std::string, const PageFile*, std::less<>> files;
    for (const PageFile& file : options_.page) files.emplace(file.path, &file);
    return files;
  }();
  const std::shared_ptr<HeardAudio> audio_;
  std::map<std::string, const ServedNumber*, std::less<>> served_;
  std::shared_ptr<http::Transport> inner_;
  http::Handler api_;

  const std::shared_ptr<EventLoop> loop_;
  EventFeed feed_;
  EventLoop::Work stays_;  ///< The loop waits for requests when there is nothing to do.
  std::optional<Provider> provider_;
  std::map<std::string, Tracked, std::less<>> tracked_;
  std::deque<std::string> over_;  ///< Calls that have ended, in order.
  std::set<std::string, std::less<>> changed_;
  bool isTelling_ = false;
  std::map<std::string, Menu, std::less<>> menus_;
  Json crawl_ = {{"state", "none"}};
  bool isCrawling_ = false;
  bool isStopped_ = false;
  std::atomic<bool> isCrawlStopped_{false};
  std::thread crawler_;
  std::thread thread_;
};

Service::Service(ServiceOptions options) : core_(std::make_shared<Core>(std::move(options))) {
  core_->start();
}

Service::~Service() { core_->stop(); }

http::Handler Service::handler() const {
  return [weak = std::weak_ptr{core_}](Request request) -> Later<Response> {
    const auto core = weak.lock();
    if (!core) return plainText(503, "The service has ended.\n");
    return core->answer(std::move(request));
  };
}

void Service::stopHolding() { core_->stopHolding(); }

}  // namespace ivr::phone
