#include "ivr/http/response.hpp"

#include "ivr/core/error.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace ivr::http {

namespace {

/// Of a file, for one answer at a time.
constexpr std::uint64_t kMaxBytesAtOnce = 64 << 10;

}  // namespace

StaticFile::~StaticFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string StaticFile::readSome(std::uint64_t offset, std::uint64_t length) const {
  std::string bytes(std::min(length, kMaxBytesAtOnce), '\0');
  ssize_t got = 0;
  do {
    got = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  } while (got < 0 && errno == EINTR);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

std::string StaticFile::read(std::uint64_t offset, std::uint64_t length) const {
  std::string bytes;
  bytes.reserve(length);
  while (bytes.size() < length) {
    const std::string more = readSome(offset + bytes.size(), length - bytes.size());
    if (more.empty()) throw Error{ErrorKind::unavailable, "a served file could not be read"};
    bytes += more;
  }
  return bytes;
}

std::uint64_t Body::size() const noexcept {
  std::uint64_t size = front_.size();
  for (const Part& part : rest_) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      size += text->size();
    } else if (const auto* slice = std::get_if<FileSlice>(&part)) {
      size += slice->length;
    }
  }
  return size;
}

std::string Body::text() const {
  std::string all;
  all.reserve(size());
  all += front_;
  for (const Part& part : rest_) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      all += *text;
    } else {
      const auto& slice = std::get<FileSlice>(part);
      all += slice.file->read(slice.offset, slice.length);
    }
  }
  return all;
}

Response plainText(int status, std::string text) {
  Response response{.status = status, .headers = {}, .body = std::move(text)};
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  return response;
}

Response methodNotAllowed(std::string allowed) {
  Response response = plainText(405, "Method Not Allowed");
  response.headers.add("Allow", std::move(allowed));
  return response;
}

std::string_view reasonPhrase(int status) noexcept {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 203: return "Non-Authoritative Information";
    case 204: return "No Content";
    case 205: return "Reset Content";
    case 206: return "Partial Content";
    case 300: return "Multiple Choices";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 305: return "Use Proxy";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 407: return "Proxy Authentication Required";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

}  // namespace ivr::http
