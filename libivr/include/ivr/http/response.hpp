#pragma once
// A response, whose body may be text, parts of files, or both.

#include "ivr/http/headers.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ivr::http {

/// The bytes behind a response that may take a long time to send: they are the same as long as they
/// can be read.
///
/// A resource, shared by the responses that send it; closes the descriptor. Threads: any, reading
/// only.
class StaticFile {
 public:
  /// Takes over `descriptor`, whose file holds `size` bytes and never changes. With -1, the
  /// bytes come from `readSome` alone.
  StaticFile(int descriptor, std::uint64_t size) noexcept : descriptor_(descriptor), size_(size) {}
  StaticFile(const StaticFile&) = delete;
  StaticFile& operator=(const StaticFile&) = delete;
  virtual ~StaticFile();

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// At least one byte and at most `length` of those from `offset`: as many as are good to send at
  /// once. None if there are none, or they can no longer be read.
  [[nodiscard]] virtual std::string readSome(std::uint64_t offset, std::uint64_t length) const;

  /// `length` bytes from `offset`; throws `Error{unavailable}` when they cannot be read.
  [[nodiscard]] std::string read(std::uint64_t offset, std::uint64_t length) const;

 private:
  int descriptor_;
  std::uint64_t size_;
};

/// A part of a file.
struct FileSlice {
  std::shared_ptr<const StaticFile> file = {};
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// What a response sends: a text, and after it, if it is more than that, further texts and file
/// slices. A value; copying shares the files.
class Body {
 public:
  using Part = std::variant<std::string, FileSlice>;

  Body() = default;
  Body(std::string text)  // NOLINT(google-explicit-constructor): a text is the usual body
      : front_(std::move(text)) {}
  Body(const char* text) : Body(std::string{text}) {}  // NOLINT(google-explicit-constructor)
  Body(FileSlice slice) { append(std::move(slice)); }  // NOLINT(google-explicit-constructor)

  void append(Part part) { rest_.push_back(std::move(part)); }

  /// In bytes.
  [[nodiscard]] std::uint64_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// The text at the front, which may be empty, and what follows it.
  [[nodiscard]] const std::string& front() const noexcept { return front_; }
  [[nodiscard]] const std::vector<Part>& rest() const noexcept { return rest_; }

  /// All of it as one string: for tests and small bodies.
  [[nodiscard]] std::string text() const;

 private:
  std::string front_;
  std::vector<Part> rest_;
};

/// One HTTP response. The server sets `Content-Length`, `Date` and `Connection`; for an answer to
/// HEAD the body is what GET would send, and the server sends only its length.
struct Response {
  int status = 200;
  Headers headers = {};
  Body body = {};
};

/// A short plain-text answer, where there is no TwiML: refusals and health checks.
[[nodiscard]] Response plainText(int status, std::string text);

/// 405, with the methods that an address does answer: `GET, HEAD`.
[[nodiscard]] Response methodNotAllowed(std::string allowed);

/// The standard reason phrase (RFC 9110 section 15, RFC 6585), or "Unknown".
[[nodiscard]] std::string_view reasonPhrase(int status) noexcept;

}  // namespace ivr::http

namespace ivr {
using http::plainText;
using http::Response;
}  // namespace ivr
