#pragma once
// Audio as a part of the application: links, files and hold music below one mount path.

#include "app/twiml_lint.hpp"
#include "audio/audio_folder.hpp"
#include "ivr/app/audio_options.hpp"
#include "ivr/call/url_for.hpp"
#include "ivr/core/clock.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ivr {

/// Serves what `AudioOptions` describe. Threads: any, once constructed.
class AudioMount {
 public:
  /// Reads the folder. Adds what makes it unusable to `problems`, a sentence each. `lint` must
  /// outlive this.
  AudioMount(AudioOptions options, bool hasPublicUrl, Clock clock, TwimlLint& lint,
             std::vector<std::string>& problems);

  [[nodiscard]] const AudioOptions& options() const noexcept { return options_; }

  /// Whether a root-relative path in plain text lies below the mount path.
  [[nodiscard]] bool covers(std::string_view path) const noexcept;

  /// The same for the path of a request, which is percent-encoded.
  [[nodiscard]] bool coversEncoded(std::string_view path) const noexcept;

  /// The root-relative path of the hold-music endpoint in plain text, if there is one.
  [[nodiscard]] const std::optional<std::string>& endpoint() const noexcept { return endpoint_; }

  /// The link with fingerprint for a root-relative path in plain text. Throws `Error{usage}` if
  /// there is no such file.
  [[nodiscard]] std::string fingerprintUrl(std::string_view path) const;

  /// Whether files come from the folder, and not from `AudioOptions::handler` or another server.
  [[nodiscard]] bool servesFolder() const noexcept { return folder_ && !options_.handler; }

  /// The answer to a request below the mount path; nothing if the request is not for it. It may
  /// block: files are read, and the hold music may be code of the application's author.
  [[nodiscard]] std::optional<Response> answer(const Request& request, const UrlFor& urlFor) const;

  /// The same if it is known without that. Reads no file, and never answers for the hold music.
  [[nodiscard]] std::variant<std::optional<Response>, audio::MayBlock> answerNow(
      const Request& request) const;

  /// With `AudioOptions::handler` instead: the request for the handler, and the answer made from
  /// what it returns to a request for `target`.
  [[nodiscard]] Request below(const Request& request) const;
  [[nodiscard]] std::optional<Response> answerOf(AudioAnswer given, std::string_view target,
                                                 const UrlFor& urlFor) const;

 private:
  void checkHoldMusic(bool hasPublicUrl, std::vector<std::string>& problems);
  [[nodiscard]] bool fingerprintsItself() const noexcept { return !options_.fingerprintUrl; }
  [[nodiscard]] bool isForHoldMusic(const Request& request) const;
  [[nodiscard]] std::optional<std::string> fileName(const Request& request) const;
  [[nodiscard]] Response respond(const audio::AudioFile& file, const Request& request) const;
  [[nodiscard]] Response holdMusic(const Request& request, std::string_view originalTarget,
                                   const UrlFor& urlFor) const;

  AudioOptions options_;
  Clock clock_;
  TwimlLint& lint_;
  std::unique_ptr<audio::AudioFolder> folder_;
  std::optional<std::string> endpoint_;
  std::string encodedMount_;  ///< As it appears in links and requests.
};

}  // namespace ivr
