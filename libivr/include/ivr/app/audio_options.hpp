#pragma once
// How an application serves its audio.

#include "ivr/app/access.hpp"
#include "ivr/call/url_for.hpp"
#include "ivr/core/later.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"
#include "ivr/twiml/twiml.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ivr {

/// The hold-music endpoint: answers GET, HEAD and POST with TwiML, for `waitUrl` and the like.
struct HoldMusic {
  /// The file, relative to the audio mount path: `hold.mp3`, `./hold.mp3` and `/hold.mp3` are the
  /// same.
  std::string file = {};

  /// Its path below the mount path. Its link carries the fingerprint of the file, so both expire
  /// together.
  std::string endpoint = "/hold-music";

  /// Replaces the default document, which plays the file a thousand times.
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

  /// Who may fetch audio and hold music. The prompts of a phone line are not secret.
  Access access = Access::everyone;

  /// The memory for copies of files, in bytes, those still being read included. What finds no room,
  /// and what is larger than a sixteenth of it, is sent from the disk.
  std::uint64_t memoryLimit = 256ULL << 20;

  /// Makes the fingerprinted link from the plain one, mount path included, in place of the folder's
  /// own fingerprints; `handler` or another server then serves the files.
  std::function<std::string(std::string_view path)> fingerprintUrl = {};

  /// Serves everything below the mount path instead of the built-in file serving. Gets the request
  /// with the mount path removed from its target (the fingerprint stays) and either answers it or
  /// passes it on to the hold music. If the request is not for the hold music either, the
  /// application goes on with the original request. Threads: as for states.
  std::function<Later<AudioAnswer>(Request)> handler = {};
};

}  // namespace ivr
