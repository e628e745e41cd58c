#pragma once
// One request to the provider's API, and what all answers have in common.

#include "core/text.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/request.hpp"
#include "ivr/phone/timeline.hpp"
#include "ivr/rest/page.hpp"
#include "ivr/rest/rest_error.hpp"
#include "ivr/rest/shared.hpp"
#include "phone/switchboard.hpp"
#include "rest/operations.hpp"
#include "rest/request_reader.hpp"
#include "rest/resource_writer.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ivr::phone {

/// Thrown by what answers a request, and caught where requests are taken: the API refuses.
struct ApiRefusal {
  rest::RestRefusal refusal;
};

/// Throws the refusal with one of the provider's codes.
[[noreturn]] void refuse(int code, std::string_view about = {});

/// A request whose operation is known and whose fields are read. It lives while it is answered, on
/// the loop's thread.
class ApiRequest {
 public:
  ApiRequest(Switchboard& board, const Request& request, rest::FoundOperation operation, Form form)
      : board_(board),
        request_(request),
        operation_(std::move(operation)),
        form_(std::move(form)) {}

  [[nodiscard]] Switchboard& board() const noexcept { return board_; }
  [[nodiscard]] rest::OperationName operation() const noexcept { return operation_.name; }
  /// What stands in the braces of the operation's path.
  [[nodiscard]] const std::string& parameter(std::size_t index) const {
    return operation_.parameters.at(index);
  }

  /// The address of a path behind the account's, without an origin.
  [[nodiscard]] std::string uri(std::string_view path) const;
  [[nodiscard]] std::chrono::sys_seconds time(Moment moment) const;

  /// The moment that lists of conferences and participants show: they may be late.
  [[nodiscard]] Moment listed() const;

  /// 20404: what the path names is not there.
  [[noreturn]] void refuseAsNotFound() const;

  // What the first parameter names; refused if there is none.
  [[nodiscard]] std::shared_ptr<Leg> call() const;
  [[nodiscard]] std::shared_ptr<Conference> conference() const;

  /// What the fields ask for. Those that are not among `played` are ignored, and named in the
  /// timeline; paging needs no names.
  template <class Asked>
  [[nodiscard]] Asked asked(std::initializer_list<std::string_view> played) const {
    auto read = rest::requestFrom<Asked>(form_);
    if (auto* const refusal = std::get_if<rest::RestRefusal>(&read)) {
      throw ApiRefusal{std::move(*refusal)};
    }
    auto request = std::get<Asked>(std::move(read));
    reportIgnored(
        request.otherFields, played, /*isList=*/requires { request.pageSize; });
    return request;
  }

  /// The page of a list that is asked for. `sidOf` gives the SID of a thing, and `resourceOf` its
  /// resource. A page that follows another begins behind its last thing, whatever has come or gone
  /// meanwhile.
  template <class Thing, class List, class SidOf, class ResourceOf>
  [[nodiscard]] std::string page(const std::vector<Thing>& all, const List& filter,
                                 const SidOf& sidOf, const ResourceOf& resourceOf) const {
    const std::string_view token = filter.pageToken ? *filter.pageToken : std::string_view{};
    std::optional<std::size_t> place;
    if (!token.empty()) {
      const auto found = std::ranges::find_if(
          all, [&](const Thing& one) { return sidOf(one) == sidInToken(token); });
      if (found != all.end()) place = static_cast<std::size_t>(found - all.begin());
    }
    const Window window = windowOf(filter.page, filter.pageSize, token, place, all.size());
    rest::Page<decltype(resourceOf(all.front()))> result;
    result.page = static_cast<int>(window.number);
    result.pageSize = static_cast<int>(window.size);
    result.start = static_cast<int>(window.begin);
    result.end = static_cast<int>(window.end == window.begin ? window.begin : window.end - 1);
    result.uri = addressOfPage(window, window.number, token);
    result.firstPageUri = addressOfPage(window, 0, "");
    if (window.end < all.size()) {
      result.nextPageUri =
          addressOfPage(window, window.number + 1, tokenBehind(sidOf(all[window.end - 1])));
    }
    if (window.number > 0) {
      const bool hasToken = window.number > 1 && window.begin < all.size();
      result.previousPageUri = addressOfPage(window, window.number - 1,
                                             hasToken ? tokenBefore(sidOf(all[window.begin])) : "");
    }
    for (std::size_t i = window.begin; i < window.end; ++i) {
      result.items.push_back(resourceOf(all[i]));
    }
    return rest::jsonOf(result);
  }

  /// Whether a time is what a list is filtered by, with the fields `name`, `name<` and `name>`.
  [[nodiscard]] bool matches(const rest::DateFilter& filter, std::string_view name,
                             std::optional<Moment> moment) const;

 private:
  struct Window {
    std::size_t number = 0;
    std::size_t size = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  // A token says behind or before which thing a page is.
  [[nodiscard]] static std::string tokenBehind(std::string_view sid);
  [[nodiscard]] static std::string tokenBefore(std::string_view sid);
  [[nodiscard]] static std::string_view sidInToken(std::string_view token);

  void reportIgnored(const Form& unknown, std::initializer_list<std::string_view> played,
                     bool isList) const;
  /// `place` is that of the thing in the token, if it is still there.
  [[nodiscard]] static Window windowOf(std::optional<int> number, std::optional<int> size,
                                       std::string_view token, std::optional<std::size_t> place,
                                       std::size_t count);
  [[nodiscard]] std::string addressOfPage(const Window& window, std::size_t number,
                                          std::string_view token) const;

  Switchboard& board_;
  const Request& request_;
  rest::FoundOperation operation_;
  Form form_;
};

}  // namespace ivr::phone
