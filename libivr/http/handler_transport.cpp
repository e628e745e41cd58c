#include "ivr/http/handler_transport.hpp"

#include "core/base64.hpp"
#include "http/url.hpp"
#include "ivr/core/error.hpp"

#include <exception>
#include <string_view>
#include <utility>

namespace ivr::http {

namespace {

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
    incoming.headers.set("Authorization", "Basic " + base64(user + ':' + password));
  }
  return incoming;
}

std::shared_ptr<Transport> handlerTransport(Handler handler) {
  return std::make_shared<HandlerTransport>(std::move(handler));
}

}  // namespace ivr::http
