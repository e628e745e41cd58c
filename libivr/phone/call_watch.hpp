#pragma once
// What is known of calls, and told to pages when it changes.

#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/provider.hpp"
#include "phone/event_feed.hpp"
#include "phone/page_menus.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>

namespace ivr::phone {

/// A resource, on the thread of the loop.
class CallWatch {
 public:
  /// What is given outlives it. Of calls that are over, the last `maxEnded` are known.
  CallWatch(EventLoop& loop, EventFeed& feed, const Provider& provider, const PageMenus& menus,
            std::size_t maxEnded);
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;
  ~CallWatch();

  /// To be given every entry of the provider, in order; it may be in the middle of something.
  void see(const Entry& entry);

  /// All calls may be at another place: there is a new menu.
  void seeMenus();

  /// The conference in which a call is, or empty.
  [[nodiscard]] std::string conferenceOf(std::string_view callSid) const;

  /// All that pages were told, call by call.
  [[nodiscard]] nlohmann::ordered_json json() const;

 private:
  struct Watched {
    std::string told = {};  ///< The last that pages were told.
    std::string conferenceSid = {};
    HeardDocument heard = {};
    std::string state = {};  ///< That the application last named, as it stands in the header.
    bool isOver = false;
  };

  void tellSoon();
  void tell();
  /// False if the call is no longer known.
  [[nodiscard]] bool tellOf(const std::string& sid, Watched& watched);

  EventLoop& loop_;
  EventFeed& feed_;
  const Provider& provider_;
  const PageMenus& menus_;
  const std::size_t maxEnded_;
  std::map<std::string, Watched, std::less<>> calls_;
  std::deque<std::string> over_;  ///< Calls that have ended, in order.
  std::set<std::string, std::less<>> changed_;
  EventLoop::Id telling_ = 0;
};

}  // namespace ivr::phone
