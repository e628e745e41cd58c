#pragma once
// The flows of applications in development mode, which tell them: nothing is called to draw them.

#include "ivr/http/transport.hpp"
#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/timeline.hpp"
#include "phone/event_feed.hpp"
#include "phone/served_numbers.hpp"

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace ivr::phone {

/// A resource, on the thread of the loop.
class PageFlows {
 public:
  /// `feed` and `numbers` outlive it.
  PageFlows(std::shared_ptr<EventLoop> loop, EventFeed& feed, const ServedNumbers& numbers,
            std::shared_ptr<http::Transport> transport);
  PageFlows(const PageFlows&) = delete;
  PageFlows& operator=(const PageFlows&) = delete;
  ~PageFlows();

  /// To be given every entry of the provider. The first that names a state of an application on
  /// this machine has that application asked for its flows.
  void see(const Entry& entry);

  /// The flows of each number that has some, as pages are told.
  [[nodiscard]] nlohmann::ordered_json json() const;

 private:
  void ask(const std::string& origin);
  void take(const std::string& origin, const http::IncomingResponse& response);
  [[nodiscard]] nlohmann::ordered_json flowsOf(const ServedNumber& served) const;

  const std::shared_ptr<EventLoop> loop_;
  EventFeed& feed_;
  const ServedNumbers& numbers_;
  const std::shared_ptr<http::Transport> transport_;
  std::map<std::string, std::string, std::less<>> byOrigin_;  ///< JSON; empty if there are none.
  const std::shared_ptr<PageFlows*> self_ = std::make_shared<PageFlows*>(this);
};

}  // namespace ivr::phone
