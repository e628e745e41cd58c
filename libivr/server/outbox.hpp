#pragma once
// What waits to be sent on one connection.

#include "ivr/http/response.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace ivr::server {

/// Bytes and file slices in order, sent as the socket takes them. Never blocks.
class Outbox {
 public:
  enum class Sent {
    all,      ///< Nothing waits.
    blocked,  ///< The socket takes no more for now.
    enough,   ///< There is more, and the socket would take it, but others should have their turn.
    broken,   ///< The client is gone.
  };

  /// Sends what the socket takes of `text` now, if nothing waits; the rest waits.
  void sendNow(int socket, std::string_view text);

  void add(std::string text);
  void add(http::FileSlice slice);
  [[nodiscard]] bool empty() const noexcept { return pieces_.empty(); }

  /// Sends to `socket`; `progress` tells whether it took anything.
  Sent sendTo(int socket, bool& progress);

 private:
  Sent send(int socket, bool& progress);

  std::deque<http::Body::Part> pieces_;
  std::size_t textSent_ = 0;  ///< Of the first piece, if that is a text.
  bool hasSlices_ = false;    ///< There are slices, and not all is sent.
};

}  // namespace ivr::server
