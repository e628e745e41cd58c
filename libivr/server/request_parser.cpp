#include "server/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>

namespace ivr::server {

namespace beast = boost::beast::http;

namespace {

/// Whether a request line ends in a version that is not served.
bool namesOtherVersion(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find_first_of("\r\n"));
  const std::string_view version = line.substr(line.rfind(' ') + 1);  // npos + 1 is 0
  const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
  return version.size() == 8 && version.starts_with("HTTP/") && isDigit(version[5]) &&
         version[6] == '.' && isDigit(version[7]) && version != "HTTP/1.0" && version != "HTTP/1.1";
}

}  // namespace

RequestParser::RequestParser(std::size_t maxHeaderBytes, std::size_t maxBodyBytes) {
  eager(true);
  header_limit(static_cast<std::uint32_t>(maxHeaderBytes));
  body_limit(maxBodyBytes);
}

RequestParser::Progress RequestParser::feed(std::string_view bytes, std::size_t& used) {
  ErrorCode error;
  used = put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
  if (error == beast::error::need_more) return Progress::needsMore;
  if (error) {
    if (error == beast::error::header_limit) status_ = 431;
    if (error == beast::error::body_limit) status_ = 413;
    if (error == beast::error::bad_version && namesOtherVersion(bytes)) status_ = 505;
    return Progress::refused;
  }
  return is_done() ? Progress::complete : Progress::needsMore;
}

std::uint64_t RequestParser::bytesToCome() const {
  return std::max<std::uint64_t>(announcedBody_ - std::min(announcedBody_, request_.body.size()),
                                 1);
}

void RequestParser::on_request_impl(beast::verb, Text name, Text target, int version, ErrorCode&) {
  isHttp11_ = version >= 11;
  request_.method.assign(name.data(), name.size());
  request_.target.assign(target.data(), target.size());
  request_.headers.reserve(12);
}

void RequestParser::on_response_impl(int, Text, int, ErrorCode&) {}

void RequestParser::on_field_impl(beast::field field, Text name, Text value, ErrorCode& error) {
  // RFC 9112, section 6.1: Beast would ignore a coding that it does not know, and the body would be
  // taken for another request.
  if (field == beast::field::transfer_encoding) {
    if (!isHttp11_) {
      error = beast::error::bad_transfer_encoding;
    } else if (!http::equalIgnoringCase({value.data(), value.size()}, "chunked")) {
      error = beast::error::bad_transfer_encoding;
      status_ = 501;
    }
  }
  if (field == beast::field::host) ++hosts_;
  if (field == beast::field::expect) {
    expectsContinue_ = http::equalIgnoringCase({value.data(), value.size()}, "100-continue");
  }
  request_.headers.add(std::string{name.data(), name.size()},
                       std::string{value.data(), value.size()});
}

// RFC 9112, section 3.2
void RequestParser::on_header_impl(ErrorCode& error) {
  if (hosts_ > 1 || (hosts_ == 0 && isHttp11_)) error = beast::error::bad_field;
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) {
  // Not all at once: the length is what the client claims, and it may never send that much.
  constexpr std::uint64_t kFirstPiece = 4 << 10;
  if (!length) return;
  announcedBody_ = *length;
  request_.body.reserve(std::min(announcedBody_, kFirstPiece));
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

}  // namespace ivr::server
