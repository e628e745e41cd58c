#pragma once
// Secrets that a program is given: in the environment or in files. Every user of a machine can read
// the command lines of all programs on it.

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace apps {

/// A secret that others may read, and what to do about it: lines for the log.
using SecretWarnings = std::vector<std::string>;

/// Whether an address holds a user or a password: `redis://:password@host`.
inline bool hasPassword(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view rest = text.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string_view::npos;
}

/// A warning for each option that was given a password.
inline SecretWarnings passwordsOf(const CLI::App& options) {
  SecretWarnings warnings;
  for (const CLI::Option* option : options.get_options()) {
    for (const std::string& value : option->results()) {
      if (!hasPassword(value)) continue;
      warnings.push_back("a password is on the command line option=" + option->get_name() +
                         " message=\"every user of this machine can read it, for example with ps: "
                         "give it in the environment or in a file, see --help\"");
    }
  }
  for (const CLI::App* command : options.get_subcommands()) {
    for (std::string& warning : passwordsOf(*command)) warnings.push_back(std::move(warning));
  }
  return warnings;
}

/// Sets a variable of the environment to the one line that a file holds. Does nothing if no file is
/// named; throws, with the name of the option that names it, if there is no such line.
inline void takeFromFile(const char* variable, const char* option, const std::string& file,
                         SecretWarnings& warnings) {
  if (file.empty()) return;
  const auto refuse = [&](const std::string& why) {
    throw std::runtime_error{std::string{option} + ' ' + file + ' ' + why};
  };
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (opened < 0) refuse(std::string{"cannot be read: "} + std::generic_category().message(errno));
  struct ::stat status {};
  ::fstat(opened, &status);
  std::string text;
  std::array<char, 4096> part{};
  constexpr std::size_t kMaxBytes = 65536;
  ::ssize_t size = 0;
  while (text.size() <= kMaxBytes && (size = ::read(opened, part.data(), part.size())) > 0) {
    text.append(part.data(), static_cast<std::size_t>(size));
  }
  const int error = errno;
  ::close(opened);
  if (size < 0) refuse(std::string{"cannot be read: "} + std::generic_category().message(error));
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  if (text.empty()) refuse("is empty");
  if (text.size() > kMaxBytes) refuse("is too long for a secret");
  if (text.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos) {
    refuse("has more than one line");
  }
  ::setenv(variable, text.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): before there are threads
  if (S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    warnings.push_back("others may read a secret option=" + std::string{option} + " file=\"" +
                       file + "\" message=\"to keep it from them: chmod 600 FILE\"");
  }
}

}  // namespace apps
