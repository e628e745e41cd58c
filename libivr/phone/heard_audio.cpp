#include "phone/heard_audio.hpp"

#include "core/text.hpp"
#include "http/content_type.hpp"
#include "http/url.hpp"

#include <utility>

namespace ivr::phone {

namespace {

/// As requests are sent: without credentials and fragment.
std::string requestedUrl(std::string_view text) {
  auto url = http::Url::parse(text);
  if (!url) return std::string{text};
  url->userinfo.reset();
  url->fragment.reset();
  if (url->path.empty()) url->path = "/";
  return url->text();
}

class AudioKeepingTransport final : public http::Transport {
 public:
  AudioKeepingTransport(std::shared_ptr<http::Transport> inner, std::shared_ptr<HeardAudio> audio)
      : inner_(std::move(inner)), audio_(std::move(audio)) {}

  Later<http::IncomingResponse> send(http::OutgoingRequest request) override {
    if (request.method != "GET") return inner_->send(std::move(request));
    std::string url = request.url;
    return inner_->send(std::move(request))
        .then([audio = audio_, url = std::move(url)](http::IncomingResponse response) {
          const std::string type = lowerCase(http::contentTypeOf(response.headers).mediaType);
          if (response.status / 100 == 2 && type.starts_with("audio/")) {
            audio->keep(url, type, response.body);
          }
          return response;
        });
  }

 private:
  std::shared_ptr<http::Transport> inner_;
  std::shared_ptr<HeardAudio> audio_;
};

}  // namespace

void HeardAudio::keep(const std::string& url, std::string type, std::string bytes) {
  if (bytes.size() > maxBytes_) return;
  const std::lock_guard lock{mutex_};
  const auto forget = [this](std::list<Kept>::iterator kept) {
    bytes_ -= kept->file.bytes->size() + kept->url.size();
    byUrl_.erase(kept->url);
    files_.erase(kept);
  };
  if (const auto known = byUrl_.find(url); known != byUrl_.end()) forget(known->second);
  const std::size_t size = bytes.size() + url.size();
  while (!files_.empty() && bytes_ + size > maxBytes_) forget(files_.begin());
  files_.push_back({url, {std::move(type), std::make_shared<const std::string>(std::move(bytes))}});
  byUrl_.insert_or_assign(url, std::prev(files_.end()));
  bytes_ += size;
}

std::optional<HeardAudio::File> HeardAudio::find(std::string_view url) const {
  const std::string wanted = requestedUrl(url);
  const std::lock_guard lock{mutex_};
  const auto kept = byUrl_.find(wanted);
  if (kept == byUrl_.end()) return std::nullopt;
  return kept->second->file;
}

std::shared_ptr<http::Transport> keepingAudio(std::shared_ptr<http::Transport> inner,
                                              std::shared_ptr<HeardAudio> audio) {
  return std::make_shared<AudioKeepingTransport>(std::move(inner), std::move(audio));
}

}  // namespace ivr::phone
