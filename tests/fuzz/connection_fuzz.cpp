// Any bytes on a connection, cut anywhere: the output is a series of whole HTTP responses, the same
// however the bytes are cut.

#include "fuzz.hpp"
#include "server/connection.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

using namespace ivr;
using namespace ivr::server;
using fuzz::require;

namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// Answers with the length of the request: at once, or later if the target says so.
class Host final : public ConnectionHost {
 public:
  Host() {
    options_.maxHeaderBytes = 512;
    options_.maxBodyBytes = 256;
  }

  std::optional<Response> dispatch(Request request, int, std::uint64_t) override {
    const std::size_t size = request.method.size() + request.target.size() + request.body.size();
    later_ = plainText(200, std::to_string(size) + std::string(size, '.'));
    if (request.target.starts_with("/later")) return std::nullopt;
    return later_;
  }
  void callAgain(int, std::uint64_t) override { isCalledAgain_ = true; }
  const ServerOptions& options() const override { return options_; }
  const std::string& dateHeader() const override { return date_; }
  SteadyTime now() const override { return {}; }
  bool isDraining() const override { return false; }
  std::string& readBuffer() override { return buffer_; }
  std::string& writeBuffer() override { return writeBuffer_; }

  Response later() { return later_; }
  bool awaitsCall() const { return isCalledAgain_; }
  bool isCalledAgain() { return std::exchange(isCalledAgain_, false); }

 private:
  ServerOptions options_;
  std::string date_ = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n";
  std::string buffer_ = std::string(4096, '\0');
  std::string writeBuffer_;
  Response later_;
  bool isCalledAgain_ = false;
};

/// Sends the bytes in pieces of at most `step`, and returns what comes back.
std::string answersTo(std::string_view bytes, std::size_t step) {
  std::array<int, 2> sockets{};
  require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets.data()) ==
          0);
  Descriptor client{sockets[0]};
  Host host;
  Connection connection{Descriptor{sockets[1]}, "127.0.0.1", 1, host};
  std::string answers;
  std::array<char, 4096> buffer{};
  const auto turn = [&] {
    connection.onReady();
    while (!connection.isClosed()) {
      if (host.isCalledAgain()) connection.onTurn();
      const std::size_t before = answers.size();
      for (ssize_t got; (got = ::recv(client.get(), buffer.data(), buffer.size(), 0)) > 0;) {
        answers.append(buffer.data(), static_cast<std::size_t>(got));
      }
      connection.onResponse(host.later());  // if the connection waits for one
      connection.onReady();
      if (answers.size() == before && !host.awaitsCall()) break;
    }
  };
  while (!bytes.empty() && !connection.isClosed()) {
    const std::size_t size = std::min(step, bytes.size());
    require(::send(client.get(), bytes.data(), size, MSG_NOSIGNAL) == static_cast<ssize_t>(size));
    bytes.remove_prefix(size);
    turn();
  }
  turn();
  for (ssize_t got; (got = ::recv(client.get(), buffer.data(), buffer.size(), 0)) > 0;) {
    answers.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return answers;
}

/// The responses without `100 Continue`, which depends on how the bytes are cut.
std::string withoutContinue(std::string_view answers) {
  std::string rest;
  while (!answers.empty()) {
    require(answers.starts_with("HTTP/1.1 "));
    if (answers.starts_with(kContinue)) {
      answers.remove_prefix(kContinue.size());
      continue;
    }
    const std::size_t head = answers.find("\r\n\r\n");
    require(head != std::string_view::npos);
    const std::string_view kLength = "Content-Length: ";
    const std::size_t length = answers.substr(0, head).find(kLength);
    require(length != std::string_view::npos);
    std::size_t size =
        head + 4 + std::strtoul(answers.data() + length + kLength.size(), nullptr, 10);
    const bool isHead = answers.size() < size || answers.substr(head + 4, 9) == "HTTP/1.1 ";
    if (isHead) size = head + 4;  // the answer to a HEAD request
    // Of two reasons to refuse, the one seen first depends on the cuts as well.
    rest += answers.starts_with("HTTP/1.1 200 ") ? answers.substr(0, size) : "refused";
    answers.remove_prefix(size);
  }
  return rest;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = 1 + data[0] % 64;
  // The parser may see what is wrong with a header before it ends, or when it ends: let it end.
  const std::string bytes =
      std::string{reinterpret_cast<const char*>(data + 1), size - 1} + "\r\n\r\n";
  const std::string whole = answersTo(bytes, 4096);
  for (const std::size_t each : {step, std::size_t{1}}) {
    require(withoutContinue(answersTo(bytes, each)) == withoutContinue(whole));
  }
  return 0;
}
