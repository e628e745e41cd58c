#include "ivr/phone/service.hpp"

#include "ivr/core/error.hpp"
#include "ivr/http/form.hpp"
#include "ivr/phone/address.hpp"
#include "ivr/phone/event_loop.hpp"
#include "phone/call_watch.hpp"
#include "phone/event_feed.hpp"
#include "phone/heard_audio.hpp"
#include "phone/page_access.hpp"
#include "phone/page_answers.hpp"
#include "phone/page_commands.hpp"
#include "phone/page_crawl.hpp"
#include "phone/page_flows.hpp"
#include "phone/page_json.hpp"
#include "phone/page_menus.hpp"
#include "phone/page_timeline.hpp"
#include "phone/served_numbers.hpp"
#include "rest/refusals.hpp"
#include "rest/resource_writer.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string_view>
#include <thread>
#include <utility>

namespace ivr::phone {

namespace {

using Json = nlohmann::ordered_json;
using Files = std::map<std::string, const PageFile*, std::less<>>;

constexpr std::string_view kPagePrefix = "/phone/";
constexpr std::string_view kApiPrefix = "/2010-04-01/";
constexpr std::size_t kMaxQueryFields = 10;

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

Response noToken() {
  return plainText(401,
                   "This page needs its token: open the address that was printed when the service "
                   "started.\n");
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

Files byPath(const std::vector<PageFile>& page) {
  Files files;
  for (const PageFile& file : page) files.emplace(file.path, &file);
  return files;
}

/// Settings that can be; throws `Error{config}`.
ServiceOptions checked(ServiceOptions options) {
  if (options.hosts.empty() && options.pageToken.empty()) {
    throw Error{ErrorKind::config, "a service that is reached by any name needs a page token"};
  }
  if (!options.provider.transport) {
    options.provider.transport =
        http::curlTransport({.inFlight = 512, .maxWaiting = 10'000, .longAnswers = 32});
  }
  return options;
}

/// A crawl is made by a provider of its own, at the same applications.
CrawlOptions crawlOf(const ServiceOptions& options) {
  CrawlOptions crawling{.bounds = options.bounds.crawl};
  crawling.provider.accountSid = options.provider.accountSid;
  crawling.provider.authToken = options.provider.authToken;
  crawling.provider.origins = options.provider.origins;
  crawling.provider.transport = options.provider.transport;
  crawling.provider.seed = options.provider.seed ^ 0x637261776cU;  // other SIDs than ours
  return crawling;
}

/// Tells the events of this service from those of one that was here before.
std::string newRun() {
  std::random_device random;
  return std::to_string(random()) + std::to_string(random());
}

}  // namespace

/// Lets in who may ask, and brings requests to the thread on which everything else is: the loop's.
/// What is not constant belongs to that thread.
class Service::Core : public std::enable_shared_from_this<Core> {
 public:
  explicit Core(ServiceOptions options)
      : options_(checked(std::move(options))),
        access_(options_.hosts, options_.pageToken),
        files_(byPath(options_.page)),
        numbers_(options_.numbers),
        audio_(std::make_shared<HeardAudio>(options_.bounds.audioBytes)),
        loop_(std::make_shared<EventLoop>(EventLoopOptions{.time = TimeKind::real})),
        feed_(*loop_,
              {.maxEvents = options_.bounds.events,
               .maxBytes = options_.bounds.eventBytes,
               .maxListeners = options_.bounds.listeners,
               .hold = options_.bounds.hold,
               .run = newRun()},
              [this] { return lineOf(all()); }),
        stays_(loop_->work("the service")),
        provider_(std::in_place, loop_, providerOptions()),
        api_(provider_->api()),
        menus_(numbers_),
        flows_(loop_, feed_, numbers_, options_.provider.transport),
        watch_(*loop_, feed_, *provider_, menus_, options_.bounds.endedCalls),
        crawl_(*loop_, feed_, crawlOf(options_),
               [this](const std::string& number, MenuGraph menu) {
                 feed_.add("menu", lineOf(menuJson(number, menu)));
                 menus_.set(number, std::move(menu));
                 watch_.seeMenus();
               }),
        commands_({.account = options_.provider,
                   .numbers = numbers_,
                   .provider = *provider_,
                   .api = api_,
                   .watch = watch_,
                   .feed = feed_,
                   .crawl = crawl_,
                   .maxLiveCalls = options_.bounds.liveCalls}) {
    for (const ServedNumber& served : numbers_.all()) {
      provider_->setNumber(served.number, served.settings);
    }
    for (const PlayedTelephone& played : options_.telephones) {
      provider_->setTelephone(played.number, played.telephone);
    }
    provider_->setOtherTelephones({.reaction = Telephone::Reaction::rings});
  }

  void start() {
    thread_ =
        std::thread{[this] { (void)loop_->run([this] { return isStopped_; }, Moment::max()); }};
  }

  /// Afterwards nothing runs any more, and it can be destroyed on any thread.
  void stop() {
    crawl_.stop();
    loop_->post([this] {
      feed_.stopHolding();
      isStopped_ = true;
    });
    if (thread_.joinable()) thread_.join();
    crawl_.join();
    provider_.reset();
  }

  void stopHolding() {
    loop_->post([self = weak_from_this()] {
      if (const auto core = self.lock()) core->feed_.stopHolding();
    });
  }

  // ---- Requests, on any thread.

  Later<Response> answer(Request request) {
    if (!access_.isOurHost(request)) {
      return withGuards(plainText(421, "This service is not reached by that name.\n"));
    }
    const std::string path{request.path()};
    const bool isRead = request.method == "GET" || request.method == "HEAD";
    if (isRead && path == "/" && access_.needsToken()) {
      if (auto response = enter(request)) return withGuards(*std::move(response));
    }
    const bool isFile = files_.contains(path);
    if (!(isFile && isRead) && PageAccess::isFromOtherSite(request)) {
      return withGuards(refusal(403, "another site may not do this"));
    }
    // The API has credentials of its own; if it has none, those of the page are needed.
    const bool isForApi = path.starts_with(kApiPrefix);
    const bool hasOwnCredentials = isForApi && !options_.provider.authToken.empty();
    if (!hasOwnCredentials && !access_.knowsToken(request)) return withGuards(noToken());
    if (isForApi) return api_(std::move(request));
    if (isFile && isRead) return withGuards(fileAt(path));
    if (isFile) return withGuards(http::methodNotAllowed("GET, HEAD"));
    if (!path.starts_with(kPagePrefix)) {
      return withGuards(plainText(404, "There is no such page.\n"));
    }
    return ask(path.substr(kPagePrefix.size()), std::move(request)).then(withGuards);
  }

 private:
  /// The address with the token becomes one without, which can be shown to others.
  [[nodiscard]] std::optional<Response> enter(const Request& request) const {
    const auto query = Form::parse(request.query(), kMaxQueryFields);
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
    if (request.method == "POST") return command(what, std::move(request));
    const bool isGet = request.method == "GET";
    if (what == "events" && isGet) {
      std::string lastId{request.headers.find("Last-Event-ID").value_or("")};
      return onLoop([this, lastId = std::move(lastId)](const Answer<Response>& answer) {
        feed_.listen(lastId, answer);
      });
    }
    const auto query = Form::parse(request.query(), kMaxQueryFields);
    if (what == "timeline" && isGet) {
      std::string sid{query ? query->get("call") : ""};
      return onLoop([this, sid = std::move(sid)](const Answer<Response>& answer) {
        answer(timelineFile(sid));
      });
    }
    if (what == "audio" && (isGet || request.method == "HEAD")) {
      return audioFile(query ? query->get("url") : "");
    }
    if (PageCommands::has(what)) return http::methodNotAllowed("POST");
    return plainText(404, "There is no such thing.\n");
  }

  Later<Response> command(const std::string& name, Request request) {
    if (!PageCommands::has(name)) return refusal(404, "there is no such command");
    if (auto refused = PageCommands::refusalOf(request)) return *std::move(refused);
    return onLoop([this, name, body = std::move(request.body)](const Answer<Response>& answer) {
      commands_.run(name, body).forwardTo(answer);
    });
  }

  [[nodiscard]] Response timelineFile(std::string_view callSid) const {
    return {.status = 200,
            .headers = {{"Content-Type", "application/x-ndjson; charset=utf-8"},
                        {"Content-Disposition", "attachment; filename=\"timeline.jsonl\""},
                        {"Cache-Control", "no-store"}},
            .body = savedEntries(feed_, callSid)};
  }

  [[nodiscard]] Response audioFile(std::string_view url) const {
    const auto file = audio_->find(url);
    if (!file) return plainText(404, "Nobody has heard that, or too long ago.\n");
    return {.status = 200,
            .headers = {{"Content-Type", file->type}, {"Cache-Control", "no-store"}},
            .body = *file->bytes};
  }

  /// Runs `work` on the loop's thread; a refusal if that ends first.
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

  // ---- What happens, and what there is; on the loop's thread.

  [[nodiscard]] ProviderOptions providerOptions() {
    ProviderOptions provider = options_.provider;
    provider.transport = keepingAudio(provider.transport, audio_);
    provider.waitsForAnswers = false;
    provider.onEntry = [this](const Entry& entry) { see(entry); };
    return provider;
  }

  void see(const Entry& entry) {
    if (options_.provider.onEntry) options_.provider.onEntry(entry);
    feed_.add("entry", lineOf(entryJson(entry)), entry.callSid);
    watch_.see(entry);
    flows_.see(entry);
    if (entry.what == Happening::webhook && !entry.detail("fault").empty()) commands_.tellFaults();
  }

  [[nodiscard]] Json all() const {
    Json numbers = Json::array();
    for (const ServedNumber& served : numbers_.all()) {
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
    return {{"now", loop_->now().count()},
            {"account", options_.provider.accountSid},
            {"numbers", std::move(numbers)},
            {"telephones", std::move(telephones)},
            {"calls", watch_.json()},
            {"entries", newestEntries(feed_)},
            {"faults", faultsJson(provider_->faultsToCome())},
            {"crawl", crawl_.json()},
            {"menus", menus_.json()},
            {"flows", flows_.json()}};
  }

  const ServiceOptions options_;
  const PageAccess access_;
  const Files files_;
  const ServedNumbers numbers_;
  const std::shared_ptr<HeardAudio> audio_;

  const std::shared_ptr<EventLoop> loop_;
  EventFeed feed_;
  EventLoop::Work stays_;  ///< The loop waits for requests when there is nothing to do.
  std::optional<Provider> provider_;
  const http::Handler api_;
  PageMenus menus_;
  PageFlows flows_;
  CallWatch watch_;
  PageCrawl crawl_;
  PageCommands commands_;
  bool isStopped_ = false;
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

Response Service::refusalOf(int status) {
  rest::RestRefusal refusal = rest::refusalOf(
      20001, "The request cannot be read: " + std::string{http::reasonPhrase(status)});
  refusal.status = status;
  return withGuards({.status = status,
                     .headers = {{"Content-Type", "application/json"}},
                     .body = rest::jsonOf(refusal)});
}

void Service::stopHolding() { core_->stopHolding(); }

}  // namespace ivr::phone
