#include "ivr/http/handler_transport.hpp"

#include "http/url.hpp"
#include "ivr/core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

namespace ivr::http {

namespace {

/// RFC 4648 section 4.
std::string base64Of(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= group.size() ? kAlphabet[(bits >> (18U - 6U * i)) & 63U] : '=';
    }
  }
  return text;
}

class HandlerTransport final : public Transport {
 public:
  explicit HandlerTransport(Handler handler) : handler_(std::move(handler)) {}

  Later<IncomingResponse> send(OutgoingRequest request) override {
    Request incoming;
    try {
      incoming = received(std::move(request));
    } catch (...) {
      return Later<IncomingResponse>::failed(std::current_exception());
    }
    const bool isHead = incoming.method == "HEAD";
    return answerTo(std::move(incoming))
        .then([isHead](const Response& response) {
          return IncomingResponse{.status = response.status,
                                  .headers = response.headers,
                                  .body = isHead ? std::string{} : response.body.text()};
        })
        .recover([](const std::exception_ptr& error) -> IncomingResponse {
          throw TransportError{ErrorKind::unavailable, "no answer: " + textOf(error), true};
        });
  }

 private:
  Later<Response> answerTo(Request request) {
    try {
      return handler_(std::move(request));
    } catch (...) {
      return Later<Response>::failed(std::current_exception());
    }
  }

  Handler handler_;
};

}  // namespace

Request received(OutgoingRequest request) {
  const auto url = Url::parse(request.url);
  if (!url ||
      !(equalIgnoringCase(url->scheme, "http") || equalIgnoringCase(url->scheme, "https"))) {
    throw Error{ErrorKind::usage, "the address of a request is no URL of HTTP"};
  }
  Request incoming{.method = std::move(request.method),
                   .target = url->path.empty() ? "/" : url->path,
                   .headers = std::move(request.headers),
                   .body = std::move(request.body)};
  if (url->query) incoming.target += '?' + *url->query;
  if (!incoming.headers.find("Host")) {
    incoming.headers.add("Host", url->port.empty() ? url->host : url->host + ':' + url->port);
  }
  if (request.credentials) {
    const auto& [user, password] = *request.credentials;
    incoming.headers.set("Authorization", "Basic " + base64Of(user + ':' + password));
  }
  return incoming;
}

std::shared_ptr<Transport> handlerTransport(Handler handler) {
  return std::make_shared<HandlerTransport>(std::move(handler));
}

}  // namespace ivr::http
