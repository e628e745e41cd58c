#pragma once
// The application: states, audio and settings, put together as one handler of requests.

#include "ivr/app/access.hpp"
#include "ivr/app/audio_options.hpp"
#include "ivr/app/config.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/later.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"
#include "ivr/state/state.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ivr {

/// Answers a request, now or later. Called from any worker thread.
using Handler = std::function<Later<Response>(Request)>;

/// A phone menu.
///
/// A resource: owns its states; neither copied nor moved. It must not end while `handle` is being
/// called, nor on a thread that is just giving it an answer; what states answer after its end is
/// dropped. Two of them in one process share nothing.
/// First build it (`add`, `serveAudio`, `route`) on one thread, then `mount` it; after that only
/// `handle` is called, from any thread at once.
class Ivr {
 public:
  explicit Ivr(Config config);
  Ivr(const Ivr&) = delete;
  Ivr& operator=(const Ivr&) = delete;
  ~Ivr();

  /// Adds a state of class `S` made from `arguments`, and returns it.
  template <StateClass S, class... Arguments>
  S& add(Arguments&&... arguments) {
    auto state = std::make_shared<S>(std::forward<Arguments>(arguments)...);
    add(state);
    return *state;
  }

  /// Adds a state that was made elsewhere.
  template <StateClass S>
  void add(const std::shared_ptr<S>& state) {
    if (!state) throw Error{ErrorKind::usage, "a null state was added"};
    addEntry(detail::StateEntry{state});
  }

  /// Serves the files of `folder` at the root of the address space; `AudioOptions` says how else.
  void serveAudio(std::filesystem::path folder) { serveAudio({.folder = std::move(folder)}); }
  void serveAudio(AudioOptions options);

  /// Adds an address of the application's own: a health check (`Access::everyone`), a status
  /// callback
  /// (`Access::signedOnly`). `path` is plain text, matched exactly; HEAD is answered as GET is.
  void route(std::string method, std::string path, Access access, Handler handler);

  /// Who answers what nothing here matches, instead of 404: an outer application, say.
  void fallback(Handler handler);

  /// Checks everything that can be checked and fixes the routes. Throws `Error{config}` listing
  /// every problem found. Called by `handle` and the server if the application did not.
  void mount();

  /// Answers one request: no socket needed. Settles with a response whatever the request and the
  /// states do, except that a failing `mount` throws.
  Later<Response> handle(Request request);

  /// The live calls, for work outside a step. Mounts the application if that has not been done.
  [[nodiscard]] Calls calls();

  [[nodiscard]] const Config& config() const noexcept;

 private:
  void addEntry(detail::StateEntry entry);

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ivr
