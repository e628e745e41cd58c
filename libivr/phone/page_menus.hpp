#pragma once
// The menus that were explored, and where in them callers are.

#include "ivr/phone/call_view.hpp"
#include "ivr/phone/menu_graph.hpp"
#include "phone/served_numbers.hpp"

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace ivr::phone {

/// What a caller hears, without what is generated. A value.
struct HeardDocument {
  std::string address = {};
  std::string text = {};
};

/// By the numbers that were called. On one thread.
class PageMenus {
 public:
  explicit PageMenus(const ServedNumbers& numbers) : numbers_(numbers) {}

  void set(const std::string& number, MenuGraph menu);

  /// The node at which a call is; empty if its number has no menu, or the menu no such place.
  [[nodiscard]] std::string placeOf(const CallView& call, const HeardDocument& heard) const;

  /// All of them, as pages are told.
  [[nodiscard]] nlohmann::ordered_json json() const;

 private:
  const ServedNumbers& numbers_;
  std::map<std::string, MenuGraph, std::less<>> menus_;
};

}  // namespace ivr::phone
