#pragma once
// Links to the audio files and the states of an application.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr {

/// How a link is made.
struct UrlOptions {
  using Query = std::vector<std::pair<std::string, std::string>>;

  /// Names and values for a query, unencoded; a name may be repeated. A link with a query has no
  /// fingerprint.
  std::optional<Query> query = {};
  /// Whether the link changes when the file does. By default it does for files under the audio
  /// mount path.
  std::optional<bool> fingerprint = {};
  /// With scheme and host: some places, such as hold music, need it.
  bool absolute = false;
  /// Replace those of the public URL; used only when `absolute`.
  std::optional<std::string> host = {};
  std::optional<std::string> scheme = {};
};

/// What links are made of; fixed when the application starts.
struct UrlBase {
  std::string scheme = {};  ///< Of the public URL; empty when the application has none.
  std::string host = {};    ///< With port if it has one.
  std::string prefix = {};  ///< The path of the public URL without a trailing slash.

  /// The root-relative link with fingerprint for a root-relative path; empty when the application
  /// serves no audio.
  std::function<std::string(std::string_view path)> fingerprintUrl = {};
  /// Whether `fingerprintUrl` applies to a path unless the options say otherwise.
  std::function<bool(std::string_view path)> fingerprintsByDefault = {};
};

/// Makes links: `urlFor("/static/lunch.mp3")` is `/static/lunch.mp3?v=0123...`.
///
/// The path is that of the state or the file as the application knows it, from the leading slash,
/// in plain text: percent-encoding is done here. The link begins with the path of the public URL,
/// if that has one. Throws `Error{usage}` for a fingerprint together with a query, for a
/// fingerprint where no audio is served, for a missing file (naming the folder), and for an
/// absolute link without a public URL.
///
/// A cheap value. Threads: any.
class UrlFor {
 public:
  explicit UrlFor(std::shared_ptr<const UrlBase> base) : base_(std::move(base)) {}

  [[nodiscard]] std::string operator()(std::string_view path, const UrlOptions& options = {}) const;

 private:
  std::shared_ptr<const UrlBase> base_;
};

}  // namespace ivr
