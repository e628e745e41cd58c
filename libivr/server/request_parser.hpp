#pragma once
// Turns bytes into requests with Boost.Beast's parser: strict about lengths, encodings, field names
// and versions.

#include "ivr/http/request.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace ivr::server {

/// Reads one request. Make a new one for each.
///
/// The request line and the fields together may take `maxHeaderBytes`. So may, with them, the line
/// of each chunk, and the last one with the trailers: Beast bounds none of these. Trailers are
/// dropped.
class RequestParser final : private boost::beast::http::basic_parser<true> {
 public:
  enum class Progress {
    needsMore,  ///< All that could be used has been used.
    complete,   ///< `take` the request; further bytes belong to the next one.
    refused,    ///< Not a request that is served; see `status`. Nothing after it can be trusted.
  };

  RequestParser(std::size_t maxHeaderBytes, std::size_t maxBodyBytes);

  /// Uses the front of `bytes` and returns in `used` how much. The rest must be passed again, with
  /// more after it.
  Progress feed(std::string_view bytes, std::size_t& used);

  [[nodiscard]] bool hasHeader() const { return is_header_done(); }

  /// Whether the client waits for `100 Continue` before it sends the body. Only once the header is
  /// there.
  [[nodiscard]] bool expectsContinue() const noexcept { return expectsContinue_; }

  /// At least this many bytes of this request are still to come.
  [[nodiscard]] std::uint64_t bytesToCome() const;

  /// How many bytes may be received and kept for this request, beyond those that were used.
  [[nodiscard]] std::size_t room() const;

  /// Whether the connection may serve another request after this one.
  [[nodiscard]] bool keepsAlive() const { return keep_alive(); }

  /// The status with which a refused request is answered.
  [[nodiscard]] int status() const noexcept { return status_; }

  /// The request, when it is complete; without `peerAddress`.
  [[nodiscard]] Request take() { return std::move(request_); }

 private:
  using ErrorCode = boost::beast::error_code;
  using Text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, Text name, Text target, int version,
                       ErrorCode& error) override;
  void on_response_impl(int code, Text reason, int version, ErrorCode& error) override;
  void on_field_impl(boost::beast::http::field field, Text name, Text value,
                     ErrorCode& error) override;
  void on_header_impl(ErrorCode& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode& error) override;
  std::size_t on_body_impl(Text body, ErrorCode& error) override;
  void on_chunk_header_impl(std::uint64_t size, Text extensions, ErrorCode& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remaining, Text body, ErrorCode& error) override;
  void on_finish_impl(ErrorCode& error) override;

  [[nodiscard]] Progress refusal(const ErrorCode& error, std::string_view bytes);
  void keepBody(Text piece);

  const std::size_t maxHeaderBytes_;
  const std::size_t maxBodyBytes_;
  std::size_t headerBytes_ = 0;
  Request request_;
  int status_ = 400;
  bool expectsContinue_ = false;
  bool isHttp11_ = true;
  int hosts_ = 0;
  std::uint64_t announcedBody_ = 0;  ///< 0 if it comes in chunks.
  std::uint64_t chunkToCome_ = 0;    ///< Of the chunk whose line was read last.
};

}  // namespace ivr::server
