#include "ivr/http/response.hpp"

#include "ivr/core/error.hpp"

#include <unistd.h>

namespace ivr {

StaticFile::~StaticFile() { ::close(descriptor_); }

std::string StaticFile::read(std::uint64_t offset, std::uint64_t length) const {
  std::string bytes(length, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::pread(descriptor_, bytes.data() + done, bytes.size() - done,
                                static_cast<off_t>(offset + done));
    if (got <= 0) throw Error{ErrorKind::unavailable, "a served file could not be read"};
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

Body::Body(std::string text) {
  if (!text.empty()) parts_.emplace_back(std::move(text));
}

Body::Body(FileSlice slice) { parts_.emplace_back(std::move(slice)); }

std::uint64_t Body::size() const noexcept {
  std::uint64_t size = 0;
  for (const Part& part : parts_) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      size += text->size();
    } else {
      size += std::get<FileSlice>(part).length;
    }
  }
  return size;
}

std::string Body::text() const {
  std::string all;
  all.reserve(size());
  for (const Part& part : parts_) {
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

std::string_view reasonPhrase(int status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

}  // namespace ivr
