#include "phone/page_crawl.hpp"

#include "ivr/core/log.hpp"
#include "ivr/phone/address.hpp"
#include "phone/page_json.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

namespace ivr::phone {

namespace {

/// How often pages are told how far it is.
constexpr std::chrono::milliseconds kProgressPace{250};

/// A document may take so long; then the crawl is given up.
constexpr std::chrono::milliseconds kSlowestAnswer{30'000};

}  // namespace

PageCrawl::PageCrawl(EventLoop& loop, EventFeed& feed, CrawlOptions settings, Receiver receiver)
    : loop_(loop), feed_(feed), settings_(std::move(settings)), receiver_(std::move(receiver)) {}

PageCrawl::~PageCrawl() {
  stop();
  join();
}

void PageCrawl::join() {
  if (thread_.joinable()) thread_.join();
}

bool PageCrawl::begin(const ServedNumber& served) {
  if (stage_ == Stage::running) return false;
  join();  // it has told its end, and does nothing any more
  stage_ = Stage::running;
  number_ = served.number;
  why_.clear();
  progress_ = {};
  isStopped_ = false;
  feed_.add("crawl", lineOf(json()));
  thread_ = std::thread{[this, served] { run(served); }};
  return true;
}

/// On its own thread.
void PageCrawl::run(const ServedNumber& served) try {
  CrawlOptions crawling = settings_;
  crawling.number = served.settings;
  crawling.call.to = served.number;
  // The first is that of the application: a menu shows its addresses without it.
  auto& origins = crawling.provider.origins;
  origins.insert(origins.begin(), originIn(served.settings.voiceUrl).value_or(""));
  crawling.isStopped = [this] { return isStopped_.load(); };
  auto lastTold = std::chrono::steady_clock::now();
  crawling.onProgress = [this, &lastTold](const CrawlProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now - lastTold < kProgressPace) return;
    lastTold = now;
    loop_.post([this, progress] { tell(progress); });
  };
  const auto loop = std::make_shared<EventLoop>(
      EventLoopOptions{.time = TimeKind::simulated, .workLimit = kSlowestAnswer});
  MenuGraph menu = crawl(loop, std::move(crawling));
  loop_.post([this, number = served.number, menu = std::move(menu)]() mutable {
    end(menu.answers == 0 ? "the application cannot be reached" : "");
    receiver_(number, std::move(menu));
  });
} catch (const std::exception& error) {
  loop_.post([this, why = oneLine(error.what())] { end(why); });
}

void PageCrawl::tell(const CrawlProgress& progress) {
  progress_ = progress;
  feed_.add("crawl", lineOf(json()));
}

void PageCrawl::end(std::string why) {
  stage_ = why.empty() ? Stage::done : Stage::failed;
  why_ = std::move(why);
  feed_.add("crawl", lineOf(json()));
}

nlohmann::ordered_json PageCrawl::json() const {
  if (stage_ == Stage::none) return {{"state", "none"}};
  nlohmann::ordered_json json{{"number", number_},
                              {"state", stage_ == Stage::running ? "running"
                                        : stage_ == Stage::done  ? "done"
                                                                 : "failed"},
                              {"questions", progress_.questions},
                              {"calls", progress_.calls}};
  if (!why_.empty()) json["why"] = why_;
  return json;
}

}  // namespace ivr::phone
