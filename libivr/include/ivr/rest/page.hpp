#pragma once
// Lists of the REST API, which are paged.

#include <string>
#include <vector>

namespace ivr::rest {

/// One page of a list; `Client::nextPage` fetches the next one. A value.
template <class T>
struct Page {
  std::vector<T> items = {};
  int page = 0;  ///< The first is 0.
  int pageSize = 0;
  int start = 0;  ///< Index of the first item in the whole list.
  int end = 0;    ///< Index of the last.
  std::string uri = {};
  std::string firstPageUri = {};
  std::string nextPageUri = {};  ///< Empty if this is the last page.
  std::string previousPageUri = {};

  [[nodiscard]] bool hasNext() const noexcept { return !nextPageUri.empty(); }

  bool operator==(const Page&) const = default;
};

}  // namespace ivr::rest
