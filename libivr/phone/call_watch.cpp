#include "phone/call_watch.hpp"

#include "core/text.hpp"
#include "ivr/http/percent.hpp"
#include "phone/generated.hpp"
#include "phone/page_json.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

namespace ivr::phone {

namespace {

using Json = nlohmann::ordered_json;

/// So many calls are looked at for changes that no entry tells.
constexpr std::size_t kLookedAt = 64;

/// Of those that a step went through, separated by commas, the one that was heard.
std::string lastStateIn(std::string_view states) {
  const std::size_t comma = states.rfind(',');
  if (comma != std::string_view::npos) states.remove_prefix(comma + 1);
  return http::percentDecode(trimmed(states));
}

}  // namespace

CallWatch::CallWatch(EventLoop& loop, EventFeed& feed, const Provider& provider,
                     const PageMenus& menus, std::size_t maxEnded)
    : loop_(loop), feed_(feed), provider_(provider), menus_(menus), maxEnded_(maxEnded) {}

CallWatch::~CallWatch() { loop_.cancel(telling_); }

void CallWatch::see(const Entry& entry) {
  if (!entry.callSid.empty()) {
    Watched& watched = calls_[entry.callSid];
    if (entry.what == Happening::joined) watched.conferenceSid = entry.detail("ConferenceSid");
    if (entry.what == Happening::leftConference) watched.conferenceSid.clear();
    if (entry.what == Happening::twiml) {
      watched.heard = {.address = withoutGenerated(entry.detail("url")),
                       .text = withoutGenerated(entry.text)};
    }
    if (const std::string_view states = entry.detail("state"); !states.empty()) {
      watched.state = lastStateIn(states);
    }
    changed_.insert(entry.callSid);
  }
  tellSoon();
}

void CallWatch::seeMenus() {
  for (const auto& [sid, watched] : calls_) changed_.insert(sid);
  tellSoon();
}

/// The provider is asked when it has done what it is doing.
void CallWatch::tellSoon() {
  if (telling_ != 0) return;
  telling_ = loop_.after(std::chrono::milliseconds{0}, [this] {
    telling_ = 0;
    tell();
  });
}

void CallWatch::tell() {
  std::set<std::string, std::less<>> changed = std::exchange(changed_, {});
  // What one does changes what others hear, and not every change has an entry.
  if (provider_.liveCalls() <= kLookedAt) {
    for (const auto& [sid, watched] : calls_) {
      if (!watched.isOver) changed.insert(sid);
    }
  }
  for (const std::string& sid : changed) {
    const auto watched = calls_.find(sid);
    if (watched != calls_.end() && !tellOf(sid, watched->second)) calls_.erase(watched);
  }
  for (; over_.size() > maxEnded_; over_.pop_front()) calls_.erase(over_.front());
}

bool CallWatch::tellOf(const std::string& sid, Watched& watched) {
  const auto view = provider_.find(sid);
  if (!view) return false;
  Json json = callJson(*view);
  if (!watched.conferenceSid.empty()) json["conferenceSid"] = watched.conferenceSid;
  if (std::string place = menus_.placeOf(*view, watched.heard); !place.empty()) {
    json["place"] = std::move(place);
  }
  if (!watched.state.empty()) json["state"] = watched.state;
  std::string line = lineOf(json);
  if (line != watched.told) {
    feed_.add("call", line, sid);
    watched.told = std::move(line);
  }
  if (view->isOver() && !std::exchange(watched.isOver, true)) over_.push_back(sid);
  return true;
}

std::string CallWatch::conferenceOf(std::string_view callSid) const {
  const auto watched = calls_.find(callSid);
  return watched == calls_.end() ? std::string{} : watched->second.conferenceSid;
}

Json CallWatch::json() const {
  Json all = Json::array();
  for (const auto& [sid, watched] : calls_) {
    if (!watched.told.empty()) all.push_back(Json::parse(watched.told));
  }
  return all;
}

}  // namespace ivr::phone
