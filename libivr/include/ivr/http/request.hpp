#pragma once
// A request as it came in, before anything is decoded.

#include "ivr/http/headers.hpp"

#include <string>
#include <string_view>

namespace ivr::http {

/// One HTTP request. A plain value; its maker (the server, a test, another framework) fills in what
/// it knows.
struct Request {
  std::string method = "GET";  ///< Upper case, as on the wire.
  std::string target = "/";    ///< Path and query exactly as on the wire: `/voice?step=2`.
  Headers headers = {};
  std::string body = {};  ///< All of it, de-chunked.
  std::string peerAddress =
      {};  ///< The numeric address at the other end of the connection, without port; may be empty.

  /// The part of the target before `?`, still encoded.
  [[nodiscard]] std::string_view path() const noexcept;

  /// The part of the target after `?`, still encoded; empty if there is none.
  [[nodiscard]] std::string_view query() const noexcept;

  /// The media type of the body in lower case, without parameters; empty if the header is missing.
  [[nodiscard]] std::string mediaType() const;

  /// The charset in `Content-Type`, in lower case and without quotes; empty if there is none.
  [[nodiscard]] std::string charset() const;
};

}  // namespace ivr::http

namespace ivr {
using http::Request;
}  // namespace ivr
