#pragma once
// The one exception family of the library.
//
// Ordinary absence or refusal is a value (`std::optional`, `bool`, an enum); an exception means
// that the caller of a function cannot go on as if nothing had happened.

#include <exception>
#include <source_location>
#include <string>

namespace ivr {

/// What the catcher can do about it.
enum class ErrorKind {
  config,       ///< Refuse to start: the operator must change a setting.
  usage,        ///< A bug in the application: the developer must change the code.
  remote,       ///< Another system said no.
  unavailable,  ///< A retry may help.
  timeout,      ///< The answer did not come in time.
};

/// The error thrown by everything in `ivr`.
///
/// A value: copying is cheap enough for an exception. `what()` is a full sentence for a log; it may
/// name states and settings, never a secret, and it is never sent to the network.
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message,
        std::source_location where = std::source_location::current());

  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }

  /// Where in the library (or the application) it was thrown.
  [[nodiscard]] const std::source_location& where() const noexcept { return where_; }

 private:
  ErrorKind kind_;
  std::string message_;
  std::source_location where_;
};

/// The text of any exception: `what()` of those that have one, "unknown exception" for the others.
/// Empty for null.
[[nodiscard]] std::string textOf(const std::exception_ptr& error);

}  // namespace ivr
