// Sends signed calls as the provider does, as fast as they are answered: each call with its own SID
// and, if wanted, each request with its own idempotency token. Or fetches a file again and again.
// Prints one line:
//
//   RESULT requests, requests/s, 99th percentile in ms, answers that were not 200
//
// Usage: calls URL (--requests N | --seconds S) [--connections N] [--calls N] [--tokens] [--get]
//
// The token of the account is TWILIO_AUTH_TOKEN, the form is in FORM.

#include "clients.hpp"
#include "http/url.hpp"
#include "ivr/http/form.hpp"
#include "ivr/security/signature.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using load::SteadyClock;

struct Options {
  std::string url = {};
  std::size_t connections = 64;
  std::size_t calls = 10'000;
  std::optional<std::size_t> requests = {};
  std::optional<std::chrono::seconds> seconds = {};
  bool tokens = false;
  bool get = false;
};

/// A UUID with a place for a number at its end. It begins with the time, so that no other run has
/// the same: a server gives a token that it knows the answer that it has kept.
std::string firstToken() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  char text[37];
  std::snprintf(text, sizeof text, "%08x-0000-4000-8000-000000000000",
                static_cast<unsigned>(std::chrono::duration_cast<milliseconds>(now).count()));
  return text;
}

/// The requests of all calls, with a place for a token in each.
class Requests {
 public:
  explicit Requests(const Options& options) {
    const auto url = ivr::http::Url::parse(options.url);
    if (url && options.get) {
      requests_.push_back(load::get(url->path));
      tokenAt_.push_back(0);
      return;
    }
    const char* const token = std::getenv("TWILIO_AUTH_TOKEN");
    const char* const text = std::getenv("FORM");
    if (!url || token == nullptr || text == nullptr) {
      throw std::runtime_error{"needs a URL, TWILIO_AUTH_TOKEN and FORM"};
    }
    const auto form = ivr::http::Form::parse(text, 1000);
    const ivr::security::SignatureVerifier verifier{{token}};
    const std::string first = firstToken();
    for (std::size_t call = 0; call < options.calls; ++call) {
      char sid[35];
      std::snprintf(sid, sizeof sid, "CA%032zx", call + 1);
      ivr::http::Form own;
      for (const auto& [name, value] : *form) own.add(name, name == "CallSid" ? sid : value);
      const std::string body = own.encoded();
      std::string request = "POST " + url->path + " HTTP/1.1\r\nHost: " + url->host + ':' +
                            url->port +
                            "\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
                            "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
                            "X-Twilio-Signature: " +
                            verifier.signature(options.url, own) +
                            "\r\nContent-Length: " + std::to_string(body.size());
      if (options.tokens) request.append("\r\nI-Twilio-Idempotency-Token: ").append(first);
      tokenAt_.push_back(options.tokens ? request.size() : 0);
      requests_.push_back(request + "\r\n\r\n" + body);
    }
  }

  /// The next one, with its own token.
  std::string_view next() {
    std::string& request = requests_[count_ % requests_.size()];
    if (const std::size_t end = tokenAt_[count_ % requests_.size()]; end != 0) {
      char digits[13];
      std::snprintf(digits, sizeof digits, "%012zx", count_);
      std::memcpy(request.data() + end - 12, digits, 12);
    }
    ++count_;
    return request;
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::vector<std::string> requests_;
  std::vector<std::size_t> tokenAt_;  ///< Where its token ends; 0 if there is none.
  std::size_t count_ = 0;
};

void run(const Options& options) {
  Requests requests{options};
  const auto url = ivr::http::Url::parse(options.url);
  load::Clients clients{url->host, static_cast<std::uint16_t>(std::atoi(url->port.c_str())),
                        options.connections};
  const auto begin = SteadyClock::now();
  const auto isOver = [&] {
    if (options.requests) return requests.count() >= *options.requests;
    return SteadyClock::now() - begin >= options.seconds.value();
  };
  std::size_t underWay = 0;
  for (std::size_t i = 0; i < clients.size() && !isOver(); ++i, ++underWay) {
    clients[i].send(requests.next());
  }
  std::vector<double> latencies;
  std::size_t wrong = 0;
  while (underWay > 0) {
    const bool isSome = clients.receive(std::chrono::seconds{10}, [&](std::size_t index) {
      load::Client& client = clients[index];
      latencies.push_back(client.milliseconds());
      if (!client.isGood()) ++wrong;
      if (isOver()) {
        --underWay;
      } else {
        client.send(requests.next());
      }
    });
    if (!isSome) throw std::runtime_error{"no answer within 10 s"};
  }
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
  std::printf("RESULT %zu %.0f %.2f %zu\n", latencies.size(),
              static_cast<double>(latencies.size()) / seconds, load::percentile(latencies, 0.99),
              wrong);
}

std::size_t numberOf(const char* text) { return static_cast<std::size_t>(std::atoll(text)); }

Options optionsOf(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const auto value = [&] {
      if (i + 1 == argc) throw std::runtime_error{std::string{name} + " needs a number"};
      return numberOf(argv[++i]);
    };
    if (name == "--requests") {
      options.requests = value();
    } else if (name == "--seconds") {
      options.seconds = std::chrono::seconds{value()};
    } else if (name == "--connections") {
      options.connections = value();
    } else if (name == "--calls") {
      options.calls = value();
    } else if (name == "--tokens") {
      options.tokens = true;
    } else if (name == "--get") {
      options.get = true;
    } else {
      options.url = name;
    }
  }
  if (options.requests.has_value() == options.seconds.has_value()) {
    throw std::runtime_error{"needs either --requests or --seconds"};
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(optionsOf(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "calls: %s\n", error.what());
    return 1;
  }
  return 0;
}
