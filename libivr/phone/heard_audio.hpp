#pragma once
// The audio that the provider has fetched, so that a page can play it: the page itself asks nobody
// but its own service.

#include "ivr/http/transport.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ivr::phone {

/// Files by their addresses; the oldest give way. A resource. Threads: any.
class HeardAudio {
 public:
  struct File {
    std::string type = {};
    std::shared_ptr<const std::string> bytes = {};
  };

  explicit HeardAudio(std::size_t maxBytes) : maxBytes_(maxBytes) {}

  void keep(const std::string& url, std::string type, std::string bytes);
  /// `url` may have a fragment and credentials, which are ignored.
  [[nodiscard]] std::optional<File> find(std::string_view url) const;

 private:
  struct Kept {
    std::string url = {};
    File file = {};
  };

  std::size_t maxBytes_;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<Kept> files_;  ///< The newest last.
  std::unordered_map<std::string, std::list<Kept>::iterator> byUrl_;
};

/// Sends by `inner`, and keeps the audio among the answers.
[[nodiscard]] std::shared_ptr<http::Transport> keepingAudio(std::shared_ptr<http::Transport> inner,
                                                            std::shared_ptr<HeardAudio> audio);

}  // namespace ivr::phone
