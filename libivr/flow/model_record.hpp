#pragma once
// What a store holds of a model: the model itself, the calls that take part, and what is still to
// be done after its events.

#include "ivr/flow/flow_store.hpp"
#include "ivr/flow/transition.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::flow {

/// A callback after an event that has not run yet. A value.
struct DueEntry {
  std::string id = {};        ///< Never the same twice.
  std::string flow = {};      ///< Whose callback it is: several flows may share a model.
  std::string callback = {};  ///< See `Definition::nameOf`.
  std::string event = {};
  std::string from = {};
  std::string to = {};
  Outcome outcome = Outcome::changed;
  std::string by = {};  ///< The process that has fired the event.

  /// Shows this.
  [[nodiscard]] Transition transition() const {
    return {.event = event, .from = from, .to = to, .outcome = outcome};
  }
};

/// A value, but for the model, which copies share.
struct ModelRecord {
  std::shared_ptr<void> model = {};
  std::vector<std::string> legs = {};  ///< The SIDs of the calls, those that came first first.
  std::vector<DueEntry> due = {};      ///< In order.

  /// The most calls of a model, and the most callbacks that wait for their turn.
  static constexpr std::size_t kMaxLegs = 64;
  static constexpr std::size_t kMaxDue = 1000;

  /// What was stored; nothing for an empty text. Carries an older model over. Throws
  /// `Error{usage}` for what `text` has not made, and for a model of a later version.
  [[nodiscard]] static std::optional<ModelRecord> from(std::string_view text,
                                                       const detail::ModelStore& store);

  /// The entries of a stored text alone; none if it is damaged.
  [[nodiscard]] static std::vector<DueEntry> dueIn(std::string_view text);

  /// Throws `Error{unavailable}` if too much is due.
  [[nodiscard]] std::string text(const detail::ModelStore& store) const;
};

/// Whether a text can be the id of a model: 1 to 64 of `A-Z a-z 0-9 _ -`.
[[nodiscard]] bool isModelId(std::string_view text) noexcept;

}  // namespace ivr::flow
