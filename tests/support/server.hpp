#pragma once
// Servers to send requests to.

#include "ivr/server/server.hpp"

#include <cstdint>
#include <future>
#include <gtest/gtest.h>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace ivr::support {

/// On a free port.
inline ServerOptions quickOptions() {
  ServerOptions options;
  options.port = 0;
  options.threads = 2;
  return options;
}

/// One worker thread, so that whatever stops it stops everybody.
inline ServerOptions oneThread() {
  ServerOptions options = quickOptions();
  options.threads = 1;
  return options;
}

/// Answers with the request: method, target and body.
inline Later<Response> echo(const Request& request) {
  return plainText(200, request.method + ' ' + request.target + ' ' + request.body);
}

constexpr std::string_view kPost =
    "POST /voice?step=2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
constexpr std::string_view kPostAnswer = "POST /voice?step=2 hello";

/// A file of `size` bytes that is on no disk.
inline http::FileSlice fileOf(std::uint64_t size) {
  const int descriptor = ::memfd_create("ivr-test", MFD_CLOEXEC);
  EXPECT_EQ(::ftruncate(descriptor, static_cast<off_t>(size)), 0);
  return {
      .file = std::make_shared<http::StaticFile>(descriptor, size), .offset = 0, .length = size};
}

constexpr std::uint64_t kLargeBytes = 20 << 20;
constexpr std::string_view kGetLarge = "GET /large HTTP/1.1\r\nHost: h\r\n\r\n";

/// `/large` is a file that no socket takes at once; other requests are echoed.
inline http::Handler largeOrEcho() {
  return [file = fileOf(kLargeBytes)](const Request& request) -> Later<Response> {
    if (request.target == "/large") return Response{.body = file};
    return echo(request);
  };
}

/// A handler whose answer to `/slow` comes from the test, at any time; other requests are echoed.
class SlowHandler {
 public:
  http::Handler handler() {
    return [this](const Request& request) -> Later<Response> {
      if (request.target != "/slow") return echo(request);
      return Later<Response>{[this](const Answer<Response>& answer) { asked_.set_value(answer); }};
    };
  }

  /// Waits for a request; returns the answer to settle.
  Answer<Response> asked() { return asked_.get_future().get(); }

 private:
  std::promise<Answer<Response>> asked_;
};

constexpr std::string_view kGetSlow = "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n";

}  // namespace ivr::support
