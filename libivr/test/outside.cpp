#include "test/outside.hpp"

#include "core/text.hpp"
#include "http/url.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/handler_transport.hpp"

#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace ivr::test {

namespace {

constexpr std::size_t kMaxApiFields = 1000;

/// Which call a request moves, and where: `POST .../Calls/CA1.json` with an address.
std::optional<Redirected> moveIn(const http::OutgoingRequest& request) {
  if (request.method != "POST") return std::nullopt;
  constexpr std::string_view kFolder = "/Calls/";
  constexpr std::string_view kEnd = ".json";
  const std::size_t folder = request.url.rfind(kFolder);
  if (folder == std::string::npos || !request.url.ends_with(kEnd)) return std::nullopt;
  const std::size_t begin = folder + kFolder.size();
  std::string sid = request.url.substr(begin, request.url.size() - kEnd.size() - begin);
  const auto fields = Form::parse(request.body, kMaxApiFields);
  if (!fields || fields->get("Url").empty() || sid.find('/') != std::string::npos) {
    return std::nullopt;
  }
  return Redirected{.sid = std::move(sid), .address = std::string{fields->get("Url")}};
}

std::string hostOf(const std::string& address) {
  const auto url = http::Url::parse(address);
  return url ? lowerCase(url->host) : std::string{};
}

}  // namespace

struct Outside::Moves {
  mutable std::mutex mutex = {};
  std::vector<Redirected> list = {};
};

Outside::Outside(const rest::ClientOptions& account, http::Handler api,
                 std::shared_ptr<http::Transport> others)
    : apiHost_(hostOf(account.baseUrl)),
      api_(http::handlerTransport(std::move(api))),
      others_(std::move(others)),
      moves_(std::make_shared<Moves>()) {}

Outside::~Outside() = default;

bool Outside::isApi(const std::string& host) const {
  if (!apiHost_.empty()) return host == apiHost_;
  return host == "api.twilio.com" || (host.starts_with("api.") && host.ends_with(".twilio.com"));
}

Later<http::IncomingResponse> Outside::send(http::OutgoingRequest request) {
  const std::string host = hostOf(request.url);
  if (!isApi(host)) {
    if (others_) return others_->send(std::move(request));
    return Later<http::IncomingResponse>::failed(std::make_exception_ptr(
        http::TransportError{ErrorKind::unavailable,
                             "a line under test reaches no other host, so nothing is sent to " +
                                 oneLine(host) + "; LineOptions::transport would carry it",
                             false}));
  }
  auto move = moveIn(request);
  auto answer = api_->send(std::move(request));
  if (!move) return answer;
  return std::move(answer).then(
      [moves = moves_, move = std::move(*move)](http::IncomingResponse response) {
        if (response.status / 100 == 2) {
          const std::lock_guard lock{moves->mutex};
          moves->list.push_back(move);
        }
        return response;
      });
}

std::vector<Redirected> Outside::redirected() const {
  const std::lock_guard lock{moves_->mutex};
  return moves_->list;
}

}  // namespace ivr::test
