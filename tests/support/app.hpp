#pragma once
// Shared by tests of whole requests: an application with a quiet log, and requests like the
// provider's.

#include "ivr/ivr.hpp"
#include "ivr/security/signature.hpp"
#include "support/test_executor.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace ivr::support {

inline constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kPublicUrl = "https://ivr.example.com";

/// Settings of an application that validates, has an account, logs nothing, is reached at
/// `kPublicUrl`, and runs its states at once.
inline Config signedConfig() {
  Config config;
  config.publicUrl = kPublicUrl;
  config.authTokens = {std::string{kToken}};
  config.log = logNowhere();
  config.executor = std::make_shared<TestExecutor>();
  config.rest = rest::ClientOptions{.accountSid = "AC1", .secret = "a secret"};
  return config;
}

/// The same without validation: for tests of something else.
inline Config openConfig() {
  Config config = signedConfig();
  config.validate = false;
  return config;
}

/// A form posted as the provider does, unsigned.
inline Request post(std::string target, const Form& form = {}) {
  Request request{.method = "POST", .target = std::move(target)};
  request.headers.add("Host", "ivr.example.com");
  request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
  request.body = form.encoded();
  return request;
}

/// A form posted and signed as the provider does.
inline Request signedPost(std::string target, const Form& form = {}) {
  Request request = post(std::move(target), form);
  request.headers.add(std::string{security::kSignatureHeader},
                      security::sign(kToken, std::string{kPublicUrl} + request.target, form));
  return request;
}

inline Request get(std::string target) {
  Request request{.method = "GET", .target = std::move(target)};
  request.headers.add("Host", "ivr.example.com");
  return request;
}

inline Request signedGet(const std::string& target) {
  Request request = get(target);
  request.headers.add(std::string{security::kSignatureHeader},
                      security::sign(kToken, std::string{kPublicUrl} + target));
  return request;
}

/// The same request with a header set.
inline Request with(Request request, std::string name, std::string value) {
  request.headers.set(std::move(name), std::move(value));
  return request;
}

/// Why the application cannot be mounted; empty if it can.
inline std::string refusalOf(Ivr& ivr) {
  try {
    ivr.mount();
    return {};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::config) throw;
    return error.what();
  }
}

/// The value of a response header; empty if it is missing.
inline std::string header(const Response& response, std::string_view name) {
  return std::string{response.headers.find(name).value_or("")};
}

/// Keeps the lines that an application logs, from any thread.
class CapturedLog {
 public:
  [[nodiscard]] Log log() const {
    return [lines = lines_](LogLevel, std::string_view line) {
      const std::lock_guard lock{lines->mutex};
      (lines->text += line) += '\n';
    };
  }
  /// All lines so far, each with its line end.
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock{lines_->mutex};
    return lines_->text;
  }

 private:
  struct Lines {
    std::mutex mutex = {};
    std::string text = {};
  };
  std::shared_ptr<Lines> lines_ = std::make_shared<Lines>();
};

}  // namespace ivr::support
