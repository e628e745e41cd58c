#include "phone/page_menus.hpp"

#include "ivr/phone/address.hpp"
#include "phone/page_json.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace ivr::phone {

void PageMenus::set(const std::string& number, MenuGraph menu) {
  menus_.insert_or_assign(number, std::move(menu));
}

std::string PageMenus::placeOf(const CallView& call, const HeardDocument& heard) const {
  const auto menu = menus_.find(call.to);
  const ServedNumber* const served = numbers_.find(call.to);
  if (menu == menus_.end() || served == nullptr || heard.address.empty()) return {};
  const std::string origin = originIn(served->settings.voiceUrl).value_or("");
  std::string_view address = heard.address;
  if (address.starts_with(origin)) address.remove_prefix(origin.size());
  const MenuNode* best = nullptr;
  int bestScore = 0;
  for (const MenuNode& node : menu->second.nodes) {
    if (node.address != address) continue;
    const bool isEnd = node.kind == MenuNode::Kind::ended;
    if (isEnd && call.isOver() && node.detail != textOf(call.status)) continue;
    // The document counts most: a time of day in it may have changed since. Then, whether it is a
    // place to be at, or one to end at.
    const int score = 1 + (node.document == heard.text ? 4 : 0) + (isEnd == call.isOver() ? 2 : 0) +
                      (node.kind == MenuNode::Kind::question ? 1 : 0);
    if (score > bestScore) {
      best = &node;
      bestScore = score;
    }
  }
  return best != nullptr ? best->id : "";
}

nlohmann::ordered_json PageMenus::json() const {
  auto all = nlohmann::ordered_json::array();
  for (const auto& [number, menu] : menus_) all.push_back(menuJson(number, menu));
  return all;
}

}  // namespace ivr::phone
