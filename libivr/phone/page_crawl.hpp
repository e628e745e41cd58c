#pragma once
// The crawl of a menu that somebody asks for at the page: one at a time, on a thread of its own, in
// simulated time.

#include "ivr/phone/crawler.hpp"
#include "ivr/phone/event_loop.hpp"
#include "phone/event_feed.hpp"
#include "phone/served_numbers.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <thread>

namespace ivr::phone {

/// A resource, on the thread of the loop unless it says otherwise.
class PageCrawl {
 public:
  /// Given on the thread of the loop.
  using Receiver = std::function<void(const std::string& number, MenuGraph menu)>;

  /// `settings` is for all numbers; the number, and its server as the first of the origins, are
  /// added.
  PageCrawl(EventLoop& loop, EventFeed& feed, CrawlOptions settings, Receiver receiver);
  PageCrawl(const PageCrawl&) = delete;
  PageCrawl& operator=(const PageCrawl&) = delete;
  ~PageCrawl();

  /// False while another one is under way.
  bool begin(const ServedNumber& served);

  /// Ends it early. Threads: any.
  void stop() noexcept { isStopped_ = true; }

  /// Waits for its end. The loop must not run any more, and then tells nobody of it.
  void join();

  /// How far it is, as pages are told.
  [[nodiscard]] nlohmann::ordered_json json() const;

 private:
  enum class Stage { none, running, done, failed };

  void run(const ServedNumber& served);
  void tell(const CrawlProgress& progress);
  void end(std::string why);

  EventLoop& loop_;
  EventFeed& feed_;
  const CrawlOptions settings_;
  const Receiver receiver_;

  Stage stage_ = Stage::none;
  std::string number_;
  std::string why_;  ///< It has failed.
  CrawlProgress progress_;

  std::atomic<bool> isStopped_{false};
  std::thread thread_;
};

}  // namespace ivr::phone
