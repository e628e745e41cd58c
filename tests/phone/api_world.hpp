#pragma once
// The API of a provider that calls a scripted application, asked by our own client and with
// requests made by hand.

#include "ivr/http/handler_transport.hpp"
#include "ivr/rest/rest_client.hpp"
#include "phone/scripted_application.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace ivr::support {

inline constexpr const char* kAgent = "+14155550111";
inline constexpr const char* kAccount = "AC00000000000000000000000000000001";

/// An answer of the API.
struct ApiReply {
  int status = 0;
  http::Headers headers;
  std::string body;

  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
  /// The provider's code of a refusal, which has everything that a refusal has; 0 for a success.
  [[nodiscard]] int code() const {
    if (status < 300) return 0;
    const nlohmann::json refusal = json();
    if (!refusal.is_object() || refusal.value("status", 0) != status) return -1;
    if (!refusal.contains("more_info") || refusal.value("message", "").empty()) return -1;
    return refusal.value("code", -1);
  }
};

class ApiTest : public testing::Test {
 protected:
  explicit ApiTest(phone::ProviderOptions options = {}) : world(std::move(options)) {}

  template <class T>
  T get(Later<T> later) {
    std::optional<Settled<T>> outcome;
    std::move(later).receive([&](Settled<T> settled) { outcome = std::move(settled); });
    (void)world.loop->run([&] { return outcome.has_value(); }, std::chrono::minutes{1});
    if (!outcome) throw std::logic_error{"the API has not answered"};
    if (const auto* error = std::get_if<1>(&*outcome)) std::rethrow_exception(*error);
    return std::get<0>(std::move(*outcome));
  }

  template <class T>
  int codeOf(Later<T> later) {
    try {
      (void)get(std::move(later));
    } catch (const rest::RestError& error) {
      return error.code();
    }
    return 0;
  }

  /// Asks with a request as it is, with the right credentials if it has none.
  ApiReply reply(Request request) {
    if (!request.headers.find("Authorization")) {
      request.headers.add("Authorization",
                          "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg==");
    }
    const Response response = get(api()(std::move(request)));
    return {response.status, response.headers, response.body.text()};
  }
  /// Asks for a path behind the account's: `/Calls.json`.
  ApiReply ask(std::string method, const std::string& path, const Form& form = {}) {
    Request request{.method = std::move(method),
                    .target = "/2010-04-01/Accounts/" + std::string{kAccount} + path};
    if (request.method == "GET" && !form.empty()) {
      request.target += '?' + form.encoded();
    } else {
      request.body = form.encoded();
    }
    return reply(std::move(request));
  }

  /// The API, whose answers are shown to the test.
  http::Handler api() {
    return [this, inner = world.provider->api()](Request request) {
      return inner(request).then([this, request](Response response) {
        sees(request, response);
        return response;
      });
    };
  }
  virtual void sees(const Request&, const Response&) {}

  /// The agent's leg.
  [[nodiscard]] phone::CallView agent() const {
    for (const phone::CallView& call : world.provider->calls()) {
      if (call.to == kAgent) return call;
    }
    throw std::logic_error{"nobody has called the agent"};
  }

  PhoneWorld world;
  rest::Client client{{.accountSid = kAccount, .secret = "token"},
                      http::handlerTransport(api()),
                      world.loop->timers()};
};

}  // namespace ivr::support
