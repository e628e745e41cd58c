#include "server/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>

namespace ivr::server {

namespace beast = boost::beast::http;

namespace {

/// A field costs memory beyond its bytes. The provider sends about ten, a proxy as many.
constexpr std::size_t kMaxFields = 100;

/// `0\r\n\r\n`: at least so many bytes are to come where a chunk line begins. With fewer, an
/// assertion in Beast may fail.
constexpr std::size_t kLeastChunkEnd = 5;

/// Whether a request line ends in a version that is not served.
bool namesOtherVersion(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find_first_of("\r\n"));
  const std::string_view version = line.substr(line.rfind(' ') + 1);  // npos + 1 is 0
  const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
  return version.size() == 8 && version.starts_with("HTTP/") && isDigit(version[5]) &&
         version[6] == '.' && isDigit(version[7]) && version != "HTTP/1.0" && version != "HTTP/1.1";
}

}  // namespace

RequestParser::RequestParser(std::size_t maxHeaderBytes, std::size_t maxBodyBytes)
    : maxHeaderBytes_(std::min<std::size_t>(maxHeaderBytes, UINT32_MAX)),
      maxBodyBytes_(std::min<std::size_t>(maxBodyBytes, SIZE_MAX / 2)) {
  header_limit(static_cast<std::uint32_t>(maxHeaderBytes_));  // of the request line, of the fields
  body_limit(maxBodyBytes_);
}

/// One step at a time, to know what each takes: the header, the line of a chunk, a piece of body.
RequestParser::Progress RequestParser::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  while (!is_done()) {
    const std::string_view rest = bytes.substr(used);
    const bool isHeader = !is_header_done();
    const bool isLine = !isHeader && chunked() && chunkToCome_ == 0;
    if (isLine && rest.size() < kLeastChunkEnd) break;
    ErrorCode error;
    const std::size_t step = put(boost::asio::const_buffer{rest.data(), rest.size()}, error);
    const bool isWaiting = error == beast::error::need_more;
    if (error && !isWaiting) return refusal(error, bytes);
    used += step;
    if (isHeader) headerBytes_ += step;
    // Without its end, what waits for more is as long as it is, and longer.
    const std::size_t line = isWaiting ? bytes.size() - used + 1 : isLine ? step : 0;
    if (headerBytes_ + line > maxHeaderBytes_) return refusal(beast::error::header_limit, bytes);
    if (isWaiting || used == bytes.size()) break;
  }
  return is_done() ? Progress::complete : Progress::needsMore;
}

RequestParser::Progress RequestParser::refusal(const ErrorCode& error, std::string_view bytes) {
  if (error == beast::error::header_limit) status_ = 431;
  if (error == beast::error::body_limit) status_ = 413;
  if (error == beast::error::bad_version && namesOtherVersion(bytes)) status_ = 505;
  return Progress::refused;
}

std::size_t RequestParser::room() const {
  return maxHeaderBytes_ + maxBodyBytes_ - headerBytes_ - request_.body.size();
}

std::uint64_t RequestParser::bytesToCome() const {
  return std::max<std::uint64_t>(announcedBody_ - std::min(announcedBody_, request_.body.size()),
                                 1);
}

void RequestParser::on_request_impl(beast::verb, Text name, Text target, int version,
                                    ErrorCode& error) {
  // RFC 9112, section 3.2: no target has a fragment. What is signed would end before it.
  if (target.find('#') != Text::npos) error = beast::error::bad_target;
  isHttp11_ = version >= 11;
  request_.method.assign(name.data(), name.size());
  request_.target.assign(target.data(), target.size());
  constexpr std::size_t kUsualFields = 12;
  constexpr std::size_t kUsualBytes = 600;
  request_.headers.reserve(kUsualFields, std::min(kUsualBytes, maxHeaderBytes_));
}

void RequestParser::on_response_impl(int, Text, int, ErrorCode&) {}

void RequestParser::on_field_impl(beast::field field, Text name, Text value, ErrorCode& error) {
  if (is_header_done()) return;  // a trailer: nobody waits for it, so it must not speak for others
  if (request_.headers.size() == kMaxFields) error = beast::error::header_limit;
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
  request_.headers.add({name.data(), name.size()}, {value.data(), value.size()});
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

/// Grows by doubling, but never beyond what may come.
void RequestParser::keepBody(Text piece) {
  std::string& body = request_.body;
  const std::size_t needed = body.size() + piece.size();
  if (needed > body.capacity()) {
    const std::size_t most = announcedBody_ > 0 ? announcedBody_ : maxBodyBytes_;
    std::string larger;  // `reserve` of a string that has a buffer doubles it too, without a bound
    larger.reserve(std::min(std::max(needed, 2 * body.capacity()), most));
    body = std::move(larger.append(body));
  }
  body.append(piece.data(), piece.size());
}

std::size_t RequestParser::on_body_impl(Text body, ErrorCode&) {
  keepBody(body);
  return body.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, Text, ErrorCode&) {
  chunkToCome_ = size;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, ErrorCode&) {
  keepBody(body);
  chunkToCome_ -= body.size();
  return body.size();
}

void RequestParser::on_finish_impl(ErrorCode&) {}

}  // namespace ivr::server
