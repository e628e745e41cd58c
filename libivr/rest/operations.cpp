#include "rest/operations.hpp"

#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"
#include "rest/refusals.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace ivr::rest {

namespace {

constexpr std::string_view kJson = ".json";
constexpr int kNotFound = 20404;
constexpr int kMethodNotAllowed = 20004;

bool isParameter(std::string_view part) { return part.starts_with('{'); }

/// The text before the next slash, which it takes away with it.
std::string_view takePart(std::string_view& path) {
  const std::size_t size = std::min(path.find('/'), path.size());
  const std::string_view part = path.substr(0, size);
  path.remove_prefix(std::min(size + 1, path.size()));
  return part;
}

/// The parameters in a path, decoded, if it fits the pattern. Both without `.json`.
std::optional<std::vector<std::string>> parametersIn(std::string_view path,
                                                     std::string_view pattern) {
  std::vector<std::string> parameters;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view part = takePart(path);
    const std::string_view expected = takePart(pattern);
    if (isParameter(expected)) {
      parameters.push_back(http::percentDecode(part));
      if (!canStandInAPath(parameters.back())) return std::nullopt;
    } else if (part != expected) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

}  // namespace

bool canStandInAPath(std::string_view part) noexcept {
  return !part.empty() && part != "." && part != "..";
}

std::string pathOf(OperationName name, std::span<const std::string_view> parameters) {
  std::string_view pattern = operationOf(name).path;
  std::string path;
  auto next = parameters.begin();
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    path += pattern.substr(0, open);
    pattern.remove_prefix(open);
    if (pattern.empty()) break;
    pattern.remove_prefix(std::min(pattern.find('}') + 1, pattern.size()));
    if (next == parameters.end() || !canStandInAPath(*next)) {
      throw Error{ErrorKind::usage, "a SID or name is empty or made of dots"};
    }
    path += http::percentEncode(*next++, http::PercentKeep::nothing);
  }
  return path;
}

std::variant<FoundOperation, RestRefusal> findOperation(std::string_view method,
                                                        std::string_view path) {
  const RestRefusal notFound = refusalOf(kNotFound, path);
  if (!path.starts_with(kAccountsPath) || !path.ends_with(kJson)) return notFound;
  std::string_view rest = path.substr(kAccountsPath.size());
  rest.remove_suffix(std::min(kJson.size(), rest.size()));
  std::string account = http::percentDecode(takePart(rest));
  if (!canStandInAPath(account)) return notFound;

  bool isThere = false;
  for (const Operation& operation : kOperations) {
    std::string_view pattern = operation.path.substr(1);
    pattern.remove_suffix(kJson.size());
    auto parameters = parametersIn(rest, pattern);
    if (!parameters) continue;
    isThere = true;
    if (operation.method != method) continue;
    return FoundOperation{.name = operation.name,
                          .accountSid = std::move(account),
                          .parameters = *std::move(parameters)};
  }
  return isThere ? refusalOf(kMethodNotAllowed) : notFound;
}

}  // namespace ivr::rest
