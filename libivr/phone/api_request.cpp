#include "phone/api_request.hpp"

#include "ivr/core/log.hpp"
#include "phone/conference.hpp"
#include "phone/leg.hpp"
#include "rest/dates.hpp"
#include "rest/refusals.hpp"

#include <set>

namespace ivr::phone {

namespace {

constexpr std::size_t kMaxReportedFields = 20;
constexpr int kDefaultPageSize = 50;
constexpr std::string_view kBehind = "PA";
constexpr std::string_view kBefore = "PB";

/// `StartTime` of `StartTime<`.
std::string_view withoutSide(std::string_view name) {
  if (name.ends_with('<') || name.ends_with('>')) name.remove_suffix(1);
  return name;
}

bool isOfPaging(std::string_view name) {
  return name == "PageSize" || name == "Page" || name == "PageToken";
}

}  // namespace

void refuse(int code, std::string_view about) { throw ApiRefusal{rest::refusalOf(code, about)}; }

std::string ApiRequest::uri(std::string_view path) const {
  return std::string{rest::kAccountsPath} + board_.options().accountSid + std::string{path};
}

std::chrono::sys_seconds ApiRequest::time(Moment moment) const {
  return std::chrono::floor<std::chrono::seconds>(board_.timeOfDay(moment));
}

Moment ApiRequest::listed() const { return board_.now() - board_.options().conferenceListDelay; }

void ApiRequest::refuseAsNotFound() const { refuse(20404, request_.path()); }

std::shared_ptr<Leg> ApiRequest::call() const {
  auto found = board_.find(parameter(0));
  if (!found || found->isDeleted) refuseAsNotFound();
  return found;
}

std::shared_ptr<Conference> ApiRequest::conference() const {
  auto found = board_.findConference(parameter(0));
  if (!found) refuseAsNotFound();
  return found;
}

void ApiRequest::reportIgnored(const Form& unknown, std::initializer_list<std::string_view> played,
                               bool isList) const {
  std::set<std::string_view> reported;
  for (const auto& [name, value] : form_) {
    const bool isUnknown = unknown.find(name).has_value();
    const bool isPlayed =
        std::ranges::find(played, isList ? withoutSide(name) : name) != played.end();
    if (isPlayed || (isList && isOfPaging(name))) continue;
    if (!isUnknown && value.empty()) continue;  // it asks for nothing
    if (!reported.insert(name).second) continue;
    // Never with its value: it may be a password.
    board_.report({.what = Happening::notPlayed,
                   .text = oneLine(name) + (isUnknown ? " is ignored in " : " is not played in ") +
                           oneLine(request_.method) + ' ' + oneLine(request_.path())});
    if (reported.size() == kMaxReportedFields) return;
  }
}

std::string ApiRequest::tokenBehind(std::string_view sid) {
  return std::string{kBehind}.append(sid);
}
std::string ApiRequest::tokenBefore(std::string_view sid) {
  return std::string{kBefore}.append(sid);
}
std::string_view ApiRequest::sidInToken(std::string_view token) {
  return token.substr(std::min(token.size(), kBehind.size()));
}

ApiRequest::Window ApiRequest::windowOf(std::optional<int> number, std::optional<int> size,
                                        std::string_view token, std::optional<std::size_t> place,
                                        std::size_t count) {
  const bool isBehind = token.starts_with(kBehind);
  if (!token.empty() && !isBehind && !token.starts_with(kBefore)) refuse(21481);
  Window window{.number = static_cast<std::size_t>(number.value_or(0)),
                .size = static_cast<std::size_t>(size.value_or(kDefaultPageSize))};
  if (!place) {
    window.begin = std::min(window.number * window.size, count);
  } else {
    window.begin = isBehind ? *place + 1 : *place - std::min(*place, window.size);
  }
  window.end = std::min(window.begin + window.size, count);
  return window;
}

std::string ApiRequest::addressOfPage(const Window& window, std::size_t number,
                                      std::string_view token) const {
  Form query;
  for (const auto& [name, value] : form_) {
    if (!isOfPaging(name)) query.add(name, value);
  }
  query.add("PageSize", std::to_string(window.size));
  query.add("Page", std::to_string(number));
  if (!token.empty()) query.add("PageToken", token);
  return std::string{request_.path()} + '?' + query.encoded();
}

bool ApiRequest::matches(const rest::DateFilter& filter, std::string_view name,
                         std::optional<Moment> moment) const {
  if (!filter.on && !filter.before && !filter.after) return true;
  if (!moment) return false;
  const auto when = time(*moment);
  // Official libraries send times, too, which `filter` has as days: these are read again.
  const auto exactly = [&](char side, std::chrono::sys_days day) {
    const auto text = form_.find(std::string{name} + side);
    return (text ? rest::timeFromIso(*text) : std::nullopt).value_or(day);
  };
  if (filter.on && std::chrono::floor<std::chrono::days>(when) != *filter.on) return false;
  if (filter.before && when >= exactly('<', *filter.before)) return false;
  return !filter.after || when >= exactly('>', *filter.after);
}

}  // namespace ivr::phone
