#pragma once
// What pages are told, as JSON: entries of the timeline, calls, menus.

#include "ivr/phone/call_view.hpp"
#include "ivr/phone/faults.hpp"
#include "ivr/phone/menu_graph.hpp"
#include "ivr/phone/timeline.hpp"
#include "phone/saved_json.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

namespace ivr::phone {

/// As it is saved (`savedJson`), and with what the lint finds in a document: `findings`.
[[nodiscard]] nlohmann::ordered_json entryJson(const Entry& entry);
[[nodiscard]] nlohmann::ordered_json callJson(const CallView& call);
/// Without documents.
[[nodiscard]] nlohmann::ordered_json menuJson(std::string_view number, const MenuGraph& graph);
[[nodiscard]] nlohmann::ordered_json faultsJson(const std::vector<Fault>& toCome);

}  // namespace ivr::phone
