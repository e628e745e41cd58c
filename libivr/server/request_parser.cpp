#include "server/request_parser.hpp"

#include <boost/beast/http/error.hpp>

namespace ivr {

namespace http = boost::beast::http;

RequestParser::RequestParser(std::size_t maxHeaderBytes, std::size_t maxBodyBytes) {
  eager(true);
  header_limit(static_cast<std::uint32_t>(maxHeaderBytes));
  body_limit(maxBodyBytes);
}

RequestParser::Progress RequestParser::feed(std::string_view bytes, std::size_t& used) {
  ErrorCode error;
  used = put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
  if (error == http::error::need_more) return Progress::needsMore;
  if (error) {
    if (error == http::error::header_limit) status_ = 431;
    if (error == http::error::body_limit) status_ = 413;
    if (error == http::error::bad_version) status_ = 505;
    return Progress::refused;
  }
  return is_done() ? Progress::complete : Progress::needsMore;
}

void RequestParser::on_request_impl(http::verb, Text name, Text target, int, ErrorCode&) {
  request_.method.assign(name.data(), name.size());
  request_.target.assign(target.data(), target.size());
  request_.headers.reserve(12);
}

void RequestParser::on_response_impl(int, Text, int, ErrorCode&) {}

void RequestParser::on_field_impl(http::field field, Text name, Text value, ErrorCode&) {
  if (field == http::field::expect) {
    expectsContinue_ = equalIgnoringCase({value.data(), value.size()}, "100-continue");
  }
  request_.headers.add(std::string{name.data(), name.size()},
                       std::string{value.data(), value.size()});
}

void RequestParser::on_header_impl(ErrorCode&) {}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) {
  // Not all at once: the length is what the client says, and it may never send it.
  constexpr std::uint64_t kFirstPiece = 4 << 10;
  if (length) request_.body.reserve(std::min(*length, kFirstPiece));
}

std::size_t RequestParser::on_body_impl(Text body, ErrorCode&) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, Text, ErrorCode&) {}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, ErrorCode&) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

void RequestParser::on_finish_impl(ErrorCode&) {}

}  // namespace ivr
