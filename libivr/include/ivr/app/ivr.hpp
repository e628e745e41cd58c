#pragma once
// The application: states, audio and settings, put together as one handler of requests.

#include "ivr/app/access.hpp"
#include "ivr/app/activity.hpp"
#include "ivr/app/audio_options.hpp"
#include "ivr/app/config.hpp"
#include "ivr/call/calls.hpp"
#include "ivr/call/step_target.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/later.hpp"
#include "ivr/flow/flow.hpp"
#include "ivr/flow/flow_handle.hpp"
#include "ivr/flow/flow_store.hpp"
#include "ivr/http/handler.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"
#include "ivr/rest/rest_client.hpp"
#include "ivr/session/locks.hpp"
#include "ivr/state/state.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ivr {

/// A phone menu.
///
/// A resource: owns its states; neither copied nor moved. Two of them in one process share nothing.
/// First build it (`add`, `serveAudio`, `route`) on one thread, then `mount` it; after that, call
/// only the members that do not build, from any thread at once.
///
/// Do not destroy it during one of these calls, nor on one of its own threads. The destructor waits
/// for the members of states and the handlers that are running, and drops work that has not begun.
class Ivr {
 public:
  explicit Ivr(Config config);
  Ivr(const Ivr&) = delete;
  Ivr& operator=(const Ivr&) = delete;
  ~Ivr();

  /// Adds a state of class `S` made from `arguments`, and returns it.
  template <class S, class... Arguments>
  S& add(Arguments&&... arguments) {
    const auto state = detail::makeState<S>(std::forward<Arguments>(arguments)...);
    add(state);
    return *state;
  }

  /// Adds a state that was made elsewhere.
  template <class S>
  void add(const std::shared_ptr<S>& state) {
    if constexpr (detail::isStateClass<S>()) {
      if (!state) throw Error{ErrorKind::usage, "a null state was added"};
      addEntry(detail::StateEntry{state});
    }
  }

  /// Adds a target of steps that is not a state, at a path (plain text, matched exactly).
  void add(std::string path, std::shared_ptr<StepTarget> target);

  /// Serves a flow: its parties' addresses, and `/status` below each, for the status callbacks of
  /// their calls. The models are in `store`. What is due after an event is done in a task, once it
  /// is stored; what a dead process has left undone is done by one that lives.
  ///
  /// `name` is that of the flow in logs and in the store; by default that of the models. Several
  /// flows over one model, which share a store, have different names. Mistakes of the flow (see
  /// `Flow::check`) are reported when the application is mounted.
  template <class M>
  flow::FlowHandle<M> add(Flow<M> flow, const flow::FlowStore<M>& store, std::string name = {}) {
    auto shared = std::make_shared<const Flow<M>>(std::move(flow));
    return flow::FlowHandle<M>{addFlow({.name = std::move(name),
                                        .definition = {shared, &shared->definition()},
                                        .stateOf = [shared](void* model) -> std::string& {
                                          return shared->stateOf(*static_cast<M*>(model));
                                        },
                                        .store = store.store()})};
  }

  /// Serves the files of `folder` at the root of the address space; use `AudioOptions` for anything
  /// else.
  void serveAudio(std::filesystem::path folder) { serveAudio({.folder = std::move(folder)}); }
  void serveAudio(AudioOptions options);

  /// Adds an address of the application's own: a health check (`Access::everyone`), a status
  /// callback (`Access::signedOnly`). `path` is plain text, matched exactly; HEAD is answered as
  /// GET is. `handler` runs where states do, and has the deadline of an answer.
  void route(std::string method, std::string path, Access access, http::Handler handler);

  /// Answers requests that match nothing here, instead of 404: with an outer application, say.
  void fallback(http::Handler handler);

  /// Checks everything that can be checked and fixes the routes. Throws `Error{config}` listing
  /// every problem found. `handle` and the server call it if the application did not.
  void mount();

  /// Answers one request: no socket needed. Settles with a response whatever the request and the
  /// states do, except that a failing `mount` throws. Does not wait for states. The response may
  /// come on a thread of the session store: what is chained must be short, and must not block.
  Later<Response> handle(Request request);

  /// Does what `handle` does, more directly: for servers. Valid while the application lives.
  [[nodiscard]] http::Handler handler();

  /// The live calls, for work outside a step. Mounts the application if it is not mounted yet.
  [[nodiscard]] Calls calls();

  /// Locks by name, kept beside the sessions. Mounts the application if it is not mounted yet.
  [[nodiscard]] session::Locks locks();

  /// The client of the provider's API for the account in `Config::rest`; continuations of its
  /// answers run where states do. Valid while the application lives. Throws `Error{config}` if the
  /// account is missing or invalid.
  [[nodiscard]] rest::Client& rest();

  /// What is under way at this moment.
  [[nodiscard]] Activity activity() const;

  /// Asks no caller to hold from now on, because nobody would be there for those who come back: a
  /// step whose answer is late fails. For programs that end.
  void holdNobody();

  /// Gives up what is under way, because the program cannot wait for it: each step fails, which is
  /// saved for its caller if that caller is on hold, and so does detached work. Each is named in
  /// the log, and so are callers on hold, unless they can come back to another process, which
  /// shares the session store. Returns at once; `activity` shows what is left.
  void giveUp(bool callersCanComeBack);

  [[nodiscard]] const Config& config() const noexcept;

  /// The executor to which a server may lend its threads, so that quick steps need no other; null
  /// if every step waits for a network (sessions in Redis).
  [[nodiscard]] Executor* borrower() const noexcept;

 private:
  void addEntry(detail::StateEntry entry);
  std::shared_ptr<flow::detail::FlowBackend> addFlow(flow::detail::AddedFlow flow);

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ivr
