#include "app/audio_mount.hpp"

#include "app/step_documents.hpp"
#include "audio/audio_response.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"

#include <utility>

namespace ivr {

namespace {

/// `/static/`, `/static` and `static` are the same mount path; so are `/` and the empty path.
std::string normalMountPath(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  if (!path.empty() && !path.starts_with('/')) path.insert(0, "/");
  return path;
}

/// `./x.mp3`, `/x.mp3` and `x.mp3` are the same file.
std::string normalFileName(std::string_view rest) {
  while (rest.starts_with('/') || rest.starts_with("./"))
    rest.remove_prefix(rest[0] == '/' ? 1 : 2);
  return std::string{rest};
}

bool isBelow(std::string_view mount, std::string_view path) {
  return path.starts_with(mount) && (path.size() == mount.size() || path[mount.size()] == '/');
}

/// Whether decoding would add parts to a path.
bool hidesSlash(std::string_view path) {
  return path.find("%2F") != std::string_view::npos || path.find("%2f") != std::string_view::npos;
}

}  // namespace

AudioMount::AudioMount(AudioOptions options, bool hasPublicUrl, Clock clock, TwimlLint& lint,
                       std::vector<std::string>& problems)
    : options_(std::move(options)), clock_(std::move(clock)), lint_(lint) {
  options_.mountPath = normalMountPath(std::move(options_.mountPath));
  encodedMount_ = http::encodedPath(options_.mountPath);
  if (options_.folder.empty() && !options_.fingerprintUrl) {
    problems.emplace_back("To serve audio, you must set either folder or fingerprintUrl.");
  } else if (fingerprintsItself()) {
    try {
      folder_ = std::make_unique<audio::AudioFolder>(options_.folder, options_.memoryLimit);
    } catch (const Error& error) {
      problems.emplace_back(error.what());
    }
  }
  if (options_.holdMusic) checkHoldMusic(hasPublicUrl, problems);
}

void AudioMount::checkHoldMusic(bool hasPublicUrl, std::vector<std::string>& problems) {
  HoldMusic& music = *options_.holdMusic;
  music.file = normalFileName(music.file);
  if (!music.endpoint.starts_with('/')) music.endpoint.insert(0, "/");
  endpoint_ = options_.mountPath + music.endpoint;
  if (music.file.empty()) {
    problems.emplace_back("You must provide a relative uri to your hold music file.");
  } else if (folder_ && !folder_->fingerprint(music.file)) {
    problems.push_back("Your hold music file could not be found. (" + music.file + " in " +
                       folder_->root().native() + ")");
  }
  if (!music.twimlFor && !hasPublicUrl) {
    problems.emplace_back(
        "hold music needs a public URL: the provider accepts no relative link there");
  }
}

bool AudioMount::covers(std::string_view path) const noexcept {
  return isBelow(options_.mountPath, path);
}

bool AudioMount::coversEncoded(std::string_view path) const noexcept {
  return isBelow(encodedMount_, path);
}

std::string AudioMount::fingerprintUrl(std::string_view path) const {
  if (!fingerprintsItself()) return options_.fingerprintUrl(path);
  if (!covers(path)) {
    throw Error{ErrorKind::usage,
                std::string{path} +
                    " cannot have a fingerprint: it is not under the audio mount path " +
                    (options_.mountPath.empty() ? "/" : options_.mountPath)};
  }
  std::string_view name = path.substr(options_.mountPath.size());
  if (name.starts_with('/')) name.remove_prefix(1);
  if (endpoint_ && *endpoint_ == path) name = options_.holdMusic->file;
  const auto fingerprint = folder_->fingerprint(name);
  if (!fingerprint) {
    throw Error{ErrorKind::usage, "there is no file " + std::string{name} +
                                      " in the audio folder " + folder_->root().native()};
  }
  return http::encodedPath(path) + "?v=" + *fingerprint;
}

Request AudioMount::below(const Request& request) const {
  Request below = request;
  below.target = request.target.substr(encodedMount_.size());
  if (!below.target.starts_with('/')) below.target.insert(0, "/");
  return below;
}

std::optional<Response> AudioMount::answerOf(AudioAnswer given, std::string_view target,
                                             const UrlFor& urlFor) const {
  if (auto* response = std::get_if<Response>(&given)) return std::move(*response);
  const auto& passed = std::get<Request>(given);
  if (!endpoint_ || passed.path() != http::encodedPath(options_.holdMusic->endpoint)) {
    return std::nullopt;
  }
  return holdMusic(passed, target, urlFor);
}

std::optional<Response> AudioMount::answer(const Request& request, const UrlFor& urlFor) const {
  if (isForHoldMusic(request)) return holdMusic(request, request.target, urlFor);
  const auto name = fileName(request);
  const auto file = name ? folder_->find(*name) : std::nullopt;
  if (!file) return std::nullopt;
  return respond(*file, request);
}

std::variant<std::optional<Response>, audio::MayBlock> AudioMount::answerNow(
    const Request& request) const {
  if (isForHoldMusic(request)) return audio::MayBlock{};
  const auto name = fileName(request);
  if (!name) return std::nullopt;
  const auto known = folder_->findKnown(*name);
  if (std::holds_alternative<audio::MayBlock>(known)) return audio::MayBlock{};
  const auto& file = std::get<std::optional<audio::AudioFile>>(known);
  if (!file) return std::nullopt;
  Response response = respond(*file, request);
  const bool sendsBytes = request.method == "GET" && !response.body.empty();
  if (sendsBytes && !file->bytes) return audio::MayBlock{};
  return response;
}

bool AudioMount::isForHoldMusic(const Request& request) const {
  return endpoint_ && request.path() == http::encodedPath(*endpoint_);
}

/// The name in the folder, which may not exist; nothing for a request that cannot be for a file.
std::optional<std::string> AudioMount::fileName(const Request& request) const {
  const std::string_view below = request.path().substr(encodedMount_.size());
  if (!folder_ || !below.starts_with('/') || hidesSlash(below)) return std::nullopt;
  return http::percentDecode(below.substr(1));
}

Response AudioMount::respond(const audio::AudioFile& file, const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD")
    return http::methodNotAllowed("GET, HEAD");
  const bool current = request.query() == "v=" + file.fingerprint;
  return audio::audioResponse(
      file, request, current ? audio::Freshness::forever : audio::Freshness::revalidated, clock_());
}

Response AudioMount::holdMusic(const Request& request, std::string_view originalTarget,
                               const UrlFor& urlFor) const {
  if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
    return http::methodNotAllowed("GET, HEAD, POST");
  }
  const HoldMusic& music = *options_.holdMusic;
  // Checked before the document is made, so that one kept for a year never links to an older file.
  const audio::Freshness freshness = originalTarget == fingerprintUrl(*endpoint_)
                                         ? audio::Freshness::forever
                                         : audio::Freshness::revalidated;
  const std::string file = options_.mountPath + '/' + music.file;
  const Twiml twiml =
      music.twimlFor
          ? music.twimlFor(urlFor)
          : Twiml{Play{.url = urlFor(file, {.fingerprint = true, .absolute = true}), .loop = 1000}};
  std::string xml = twiml.xml();
  lint_.report("hold music", xml, twiml::TwimlUse::queueWait);
  Response response = xmlResponse(std::move(xml));
  response.headers.add("Cache-Control", audio::cacheControl(freshness, request));
  return response;
}

}  // namespace ivr
