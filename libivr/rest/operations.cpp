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

/// Takes a path apart at its slashes. A slash at the end has an empty part behind it.
class PathParts {
 public:
  explicit PathParts(std::string_view path) : rest_(path) {}

  [[nodiscard]] bool isAtEnd() const { return !rest_; }
  std::string_view take() {
    const std::string_view all = rest_.value_or("");
    const std::size_t slash = all.find('/');
    rest_.reset();
    if (slash != std::string_view::npos) rest_ = all.substr(slash + 1);
    return all.substr(0, slash);
  }

 private:
  std::optional<std::string_view> rest_;
};

/// The parameters in a path, decoded, if it fits the pattern. Both without `.json`.
std::optional<std::vector<std::string>> parametersIn(PathParts path, PathParts pattern) {
  std::vector<std::string> parameters;
  while (!path.isAtEnd() && !pattern.isAtEnd()) {
    const std::string_view part = path.take();
    const std::string_view expected = pattern.take();
    if (isParameter(expected)) {
      parameters.push_back(http::percentDecode(part));
      if (!canStandInAPath(parameters.back())) return std::nullopt;
    } else if (part != expected) {
      return std::nullopt;
    }
  }
  if (!path.isAtEnd() || !pattern.isAtEnd()) return std::nullopt;
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
  const auto notFound = [&] { return refusalOf(kNotFound, path); };
  if (!path.starts_with(kAccountsPath) || !path.ends_with(kJson)) return notFound();
  std::string_view rest = path.substr(kAccountsPath.size());
  rest.remove_suffix(std::min(kJson.size(), rest.size()));
  PathParts parts{rest};
  std::string account = http::percentDecode(parts.take());
  if (!canStandInAPath(account)) return notFound();

  bool isThere = false;
  for (const Operation& operation : kOperations) {
    std::string_view pattern = operation.path.substr(1);
    pattern.remove_suffix(kJson.size());
    auto parameters = parametersIn(parts, PathParts{pattern});
    if (!parameters) continue;
    isThere = true;
    if (operation.method != method) continue;
    return FoundOperation{.name = operation.name,
                          .accountSid = std::move(account),
                          .parameters = *std::move(parameters)};
  }
  return isThere ? refusalOf(kMethodNotAllowed) : notFound();
}

}  // namespace ivr::rest
