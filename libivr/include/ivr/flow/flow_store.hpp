#pragma once
// Where the models of a flow live between the events.
//
//   struct Ticket {
//     std::string state;
//     std::string from;
//   };
//   NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Ticket, state, from)
//
//   FlowStore<Ticket> tickets{"sqlite:tickets.db"};
//   const FlowHandle<Ticket> support = ivr.add(supportFlow(), tickets);
//
// A record holds the model, the calls that take part, and the callbacks after an event that have
// not run yet: all of it is saved in one commit, so that what a caller hears, the state and what is
// still to be done always agree.

#include "ivr/core/error.hpp"
#include "ivr/core/type_name.hpp"
#include "ivr/session/session_store.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ivr::flow {

/// How models are kept.
struct StoreOptions {
  /// Of the models, in the store and in logs: 1 to 40 of `A-Z a-z 0-9 _ -`. By default that of the
  /// class, without its namespaces. Stores of different models in one place need different names.
  std::string name = {};

  /// Of the class. When what is stored would be misread by the new one, raise it, and say how an
  /// older model is carried over; it is then stored with this version when it next changes.
  int version = 1;
  /// Changes the JSON of a model of version `from`, which is below `version`. What it throws is the
  /// outcome of the step.
  std::function<void(int from, nlohmann::json& model)> carryOver = {};

  /// How long a model is kept after its last event ...
  std::chrono::milliseconds lifetime = std::chrono::hours{24};
  /// ... and after one that led to a state that `ends`: reports and late status callbacks still
  /// find it.
  std::chrono::milliseconds retention = std::chrono::hours{1};
};

namespace detail {

/// A class of models with its type taken off.
struct ModelClass {
  std::string_view name = {};
  std::shared_ptr<void> (*make)() = nullptr;
  void (*read)(void* model, const nlohmann::json& json) = nullptr;
  void (*write)(const void* model, nlohmann::json& json) = nullptr;
};

/// `nlohmann::json`, needed only where a store holds an `M`; see `session::Session`.
template <class M>
struct JsonOf {
  using Type = nlohmann::json;
};

template <class M>
concept KnowsJson = requires {
  sizeof(typename JsonOf<M>::Type);
};
template <class M>
concept IsJson = KnowsJson<M> && requires(M& model, typename JsonOf<M>::Type& json) {
  json = model;
  json.get_to(model);
};

template <class M>
ModelClass modelClass() {
  using Json = typename JsonOf<M>::Type;
  return {.name = ivr::detail::TypeTag<M>::name(),
          .make = []() -> std::shared_ptr<void> { return std::make_shared<M>(); },
          .read =
              [](void* model, const nlohmann::json& json) {
                static_cast<const Json&>(json).get_to(*static_cast<M*>(model));
              },
          .write =
              [](const void* model, nlohmann::json& json) {
                static_cast<Json&>(json) = *static_cast<const M*>(model);
              }};
}

/// A store of models with their type taken off. A value.
struct ModelStore {
  std::shared_ptr<session::SessionStore> sessions = {};
  StoreOptions options = {};
  ModelClass model = {};
};

/// Throws `Error{config}` for options that no store can have.
[[nodiscard]] ModelStore modelStore(std::shared_ptr<session::SessionStore> sessions,
                                    StoreOptions options, ModelClass model);

}  // namespace detail

/// The models of a flow, or of several flows over one model. A cheap value: copies mean the same
/// store. Threads: any.
template <class M>
class FlowStore {
 public:
  using Model = M;

  /// In the memory of this process, gone with it.
  FlowStore() : FlowStore(session::memorySessionStore()) {}

  /// In a place that `openSessionStore` understands: `sqlite:FILE`, `redis://...`, `memory`. Throws
  /// `Error{config}` for anything else, and for options that mean nothing.
  explicit FlowStore(std::string_view place, StoreOptions options = {})
      : FlowStore(session::openSessionStore(place), std::move(options)) {}

  /// In a store that may hold other things, the sessions of the application too.
  explicit FlowStore(std::shared_ptr<session::SessionStore> sessions, StoreOptions options = {}) {
    if constexpr (!detail::KnowsJson<M> || !detail::IsJson<M>) {
      static_assert(detail::KnowsJson<M> && detail::IsJson<M>,
                    "the model of a flow needs `#include <nlohmann/json.hpp>` above it, and below "
                    "it, in its namespace, "
                    "`NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Model, member, ...)`");
    } else if constexpr (!std::is_default_constructible_v<M>) {
      static_assert(std::is_default_constructible_v<M>,
                    "the model of a flow needs a constructor without parameters");
    } else {
      store_ = detail::modelStore(std::move(sessions), std::move(options), detail::modelClass<M>());
    }
  }

  // For the library.

  [[nodiscard]] const detail::ModelStore& store() const noexcept { return store_; }

 private:
  detail::ModelStore store_;
};

}  // namespace ivr::flow

namespace ivr {
using flow::FlowStore;
}  // namespace ivr
