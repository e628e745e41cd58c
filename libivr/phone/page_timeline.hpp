#pragma once
// The entries among what pages were told: for a page that comes, and as a file.

#include "phone/event_feed.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace ivr::phone {

/// What a page that comes is shown: not more than it can take at once.
[[nodiscard]] nlohmann::ordered_json newestEntries(const EventFeed& feed);

/// The lines of `ivr/phone/saved_timeline.hpp`: of a call and of those that it made, or of all if
/// `callSid` is empty.
[[nodiscard]] std::string savedEntries(const EventFeed& feed, std::string_view callSid);

}  // namespace ivr::phone
