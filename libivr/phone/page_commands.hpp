#pragma once
// What people do at the page: they call, press keys, let things go wrong.

#include "ivr/core/later.hpp"
#include "ivr/http/handler.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"
#include "ivr/phone/provider.hpp"
#include "phone/call_watch.hpp"
#include "phone/event_feed.hpp"
#include "phone/page_crawl.hpp"
#include "phone/served_numbers.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ivr::phone {

/// What commands work on; all of it outlives them.
struct PageSurroundings {
  const ProviderOptions& account;  ///< For requests to `api`.
  const ServedNumbers& numbers;
  Provider& provider;
  const http::Handler& api;
  CallWatch& watch;
  EventFeed& feed;
  PageCrawl& crawl;
  std::size_t maxLiveCalls = 0;  ///< Nobody calls when there are so many.
};

/// A resource, on the thread of the loop unless it says otherwise.
class PageCommands {
 public:
  explicit PageCommands(const PageSurroundings& around) : around_(around) {}

  /// Threads: any.
  [[nodiscard]] static bool has(std::string_view name) { return find(name) != nullptr; }

  /// Why a request cannot be that of a page of ours; nothing if it can. Threads: any.
  [[nodiscard]] static std::optional<http::Response> refusalOf(const http::Request& request);

  /// `body` is an object of JSON with what the command needs.
  [[nodiscard]] Later<http::Response> run(std::string_view name, std::string_view body);

  /// Tells pages what is to go wrong.
  void tellFaults();

 private:
  class Values;
  using Command = Later<http::Response> (PageCommands::*)(const Values&);

  /// Null if there is no such command.
  [[nodiscard]] static Command find(std::string_view name);

  Later<http::Response> call(const Values& values);
  Later<http::Response> answer(const Values& values);
  Later<http::Response> refuse(const Values& values);
  Later<http::Response> hangUp(const Values& values);
  Later<http::Response> press(const Values& values);
  Later<http::Response> say(const Values& values);
  Later<http::Response> participant(const Values& values);
  Later<http::Response> fault(const Values& values);
  Later<http::Response> clearFaults(const Values& values);
  Later<http::Response> crawl(const Values& values);
  Later<http::Response> stopCrawl(const Values& values);

  const PageSurroundings around_;
};

}  // namespace ivr::phone
