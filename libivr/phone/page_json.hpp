#pragma once
// What pages are told, as JSON: entries of the timeline, calls, menus.

#include "ivr/phone/call_view.hpp"
#include "ivr/phone/menu_graph.hpp"
#include "ivr/phone/timeline.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ivr::phone {

/// As `phone call --json` prints it, with what the lint finds in a document: `findings`.
[[nodiscard]] nlohmann::ordered_json entryJson(const Entry& entry);
[[nodiscard]] nlohmann::ordered_json callJson(const CallView& call);
/// Without documents.
[[nodiscard]] nlohmann::ordered_json menuJson(const MenuGraph& graph);

/// On one line; what is no UTF-8 is replaced.
[[nodiscard]] std::string lineOf(const nlohmann::ordered_json& json);

}  // namespace ivr::phone
