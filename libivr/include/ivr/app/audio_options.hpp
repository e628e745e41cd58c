#pragma once
// How an application serves its audio.

#include "ivr/app/access.hpp"
#include "ivr/call/url_for.hpp"
#include "ivr/core/later.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"
#include "ivr/twiml/twiml.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ivr {

/// The hold-music endpoint: answers GET, HEAD and POST with TwiML, for `waitUrl` and its like.
struct HoldMusic {
  /// The file, relative to the audio mount path: `hold.mp3`, `./hold.mp3` and `/hold.mp3` are the
  /// same.
  std::string file;

  /// Its path below the mount path. Its link carries the fingerprint of the file, so both expire
  /// together.
  std::string endpoint = "/hold-music";

  /// Instead of the file played a thousand times.
  std::function<Twiml(const UrlFor&)> twimlFor = {};
};

/// An answer, or the request (perhaps with another target) for the hold music.
using AudioAnswer = std::variant<Response, Request>;

struct AudioOptions {
  /// The folder that is served and fingerprinted.
  std::filesystem::path folder = {};

  /// The prefix of the files in links: `/static` serves `lunch.mp3` as `/static/lunch.mp3`. Empty
  /// is the root.
  std::string mountPath = {};

  std::optional<HoldMusic> holdMusic = {};

  /// Who may fetch audio and hold music. The prompts of a phone line are no secret.
  Access access = Access::everyone;

  /// Makes the fingerprinted link from the plain one, mount path included, instead of the folder's
  /// own fingerprints; files are then served by `handler` or by somebody else.
  std::function<std::string(std::string_view path)> fingerprintUrl = {};

  /// Serves everything below the mount path instead of the built-in file serving. Gets the request
  /// with the mount path taken off its target (the fingerprint left on) and either answers it or
  /// passes it on to the hold music. If that is not meant either, the application goes on with the
  /// request as it came. Threads: as states.
  std::function<Later<AudioAnswer>(Request)> handler = {};
};

}  // namespace ivr
