#pragma once
// An application of a few addresses, called by a provider in simulated time.

#include "ivr/http/form.hpp"
#include "ivr/http/transport.hpp"
#include "ivr/phone/provider.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::support {

inline constexpr std::string_view kApplicationUrl = "http://app.example";
inline constexpr std::string_view kOurNumber = "+15550100";
inline constexpr const char* kAnn = "+14155550111";  ///< Somebody else's.

/// A request that the application got.
struct SeenRequest {
  std::string method;
  std::string url;
  std::string path;
  Form fields;
  http::Headers headers;
};

/// Answers what it is told to, at once or later.
class ScriptedApplication final : public http::Transport {
 public:
  using Answer = std::function<http::IncomingResponse(const SeenRequest&)>;
  using Answering = ivr::Answer<http::IncomingResponse>;
  using LaterAnswer = std::function<Later<http::IncomingResponse>(const SeenRequest&)>;

  Later<http::IncomingResponse> send(http::OutgoingRequest request) override {
    std::string target = request.url.substr(request.url.find('/', request.url.find("://") + 3));
    const std::size_t mark = target.find('?');
    const std::string query = mark == std::string::npos ? "" : target.substr(mark + 1);
    SeenRequest seen{.method = request.method,
                     .url = request.url,
                     .path = target.substr(0, mark),
                     .fields = *Form::parse(request.method == "GET" ? query : request.body, 1000),
                     .headers = request.headers};
    seen_.push_back(seen);
    const auto found = answers_.find(seen.path);
    if (found == answers_.end()) return http::IncomingResponse{.status = 404};
    return found->second(seen);
  }

  void answerLater(const std::string& path, LaterAnswer with) {
    answers_.insert_or_assign(path, std::move(with));
  }
  void answer(const std::string& path, Answer with) {
    answerLater(path, [with = std::move(with)](const SeenRequest& seen) {
      return Later<http::IncomingResponse>{with(seen)};
    });
  }
  /// The same after a while of simulated time.
  void answerAfter(const std::shared_ptr<phone::EventLoop>& loop, std::chrono::milliseconds time,
                   const std::string& path, Answer with) {
    answerLater(
        path, [weak = std::weak_ptr{loop}, time, with = std::move(with)](const SeenRequest& seen) {
          return Later<http::IncomingResponse>{[&](Answering answer) {
            weak.lock()->after(time, [answer, reply = with(seen)]() mutable { answer(reply); });
          }};
        });
  }
  /// Keeps those who ask waiting.
  void neverAnswer(const std::string& path) {
    answerLater(path, [this](const SeenRequest&) {
      return Later<http::IncomingResponse>{
          [&](Answering answer) { unanswered_.push_back(answer); }};
    });
  }
  /// The verbs of a document.
  void say(const std::string& path, const std::string& verbs) {
    answer(path, [verbs](const SeenRequest&) { return document(verbs); });
  }
  void status(const std::string& path, int status) {
    answer(path, [status](const SeenRequest&) { return http::IncomingResponse{.status = status}; });
  }

  [[nodiscard]] static http::IncomingResponse document(const std::string& verbs) {
    return typed("text/xml", "<Response>" + verbs + "</Response>");
  }
  [[nodiscard]] static http::IncomingResponse typed(std::string_view type, std::string body) {
    return {.status = 200, .headers = {{"Content-Type", type}}, .body = std::move(body)};
  }

  [[nodiscard]] const std::vector<SeenRequest>& seen() const { return seen_; }
  /// Those for one path.
  [[nodiscard]] std::vector<SeenRequest> seen(std::string_view path) const {
    std::vector<SeenRequest> of;
    for (const SeenRequest& one : seen_) {
      if (one.path == path) of.push_back(one);
    }
    return of;
  }
  [[nodiscard]] std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const SeenRequest& one : seen_) all.push_back(one.path);
    return all;
  }

 private:
  std::map<std::string, LaterAnswer, std::less<>> answers_;
  std::vector<SeenRequest> seen_;
  std::vector<Answering> unanswered_;
};

/// The application, the provider and its time.
struct PhoneWorld {
  explicit PhoneWorld(phone::ProviderOptions settings = {},
                      std::shared_ptr<ScriptedApplication> called = {}) {
    if (called) application = std::move(called);
    settings.transport = application;
    if (settings.origins.empty()) settings.origins = {std::string{kApplicationUrl}};
    if (settings.authToken.empty()) settings.authToken = "token";
    settings.waitsForAnswers = false;
    provider = std::make_unique<phone::Provider>(loop, std::move(settings));
    number.voiceUrl = std::string{kApplicationUrl} + "/voice";
    provider->setNumber(std::string{kOurNumber}, number);
  }

  /// The first documents, and what comes behind them.
  void say(const std::string& verbs) { application->say("/voice", verbs); }
  /// What our number is set to, changed.
  void setNumber(const phone::NumberSettings& to) {
    number = to;
    provider->setNumber(std::string{kOurNumber}, to);
  }

  /// Calls, and lets `time` pass.
  std::string call(std::chrono::milliseconds time = std::chrono::hours{1},
                   const std::string& from = "+14155550100") {
    std::string sid = provider->call({.from = from, .to = std::string{kOurNumber}});
    wait(time);
    return sid;
  }
  /// The last call to an address.
  [[nodiscard]] phone::CallView callTo(std::string_view address) const {
    phone::CallView last;
    for (phone::CallView& one : provider->calls()) {
      if (one.to == address) last = std::move(one);
    }
    return last;
  }
  /// Time passes, whether anything happens or not.
  void wait(std::chrono::milliseconds time) {
    loop->after(time, [] {});
    (void)loop->run([] { return false; }, time);
  }

  [[nodiscard]] phone::CallView view(const std::string& sid) const { return *provider->find(sid); }

  /// The texts of a kind of entry, of one call or, without a SID, of all.
  [[nodiscard]] std::vector<std::string> texts(phone::Happening what,
                                               std::string_view sid = {}) const {
    std::vector<std::string> texts;
    for (const phone::Entry& entry : provider->timeline()) {
      if (entry.what == what && (sid.empty() || entry.callSid == sid)) texts.push_back(entry.text);
    }
    return texts;
  }
  /// The first entry of a kind; one without a text if there is none.
  [[nodiscard]] phone::Entry first(phone::Happening what) const {
    for (const phone::Entry& entry : provider->timeline()) {
      if (entry.what == what) return entry;
    }
    return {};
  }
  /// All entries of a kind.
  [[nodiscard]] std::vector<phone::Entry> entries(phone::Happening what,
                                                  std::string_view sid = {}) const {
    std::vector<phone::Entry> of;
    for (const phone::Entry& entry : provider->timeline()) {
      if (entry.what == what && (sid.empty() || entry.callSid == sid)) of.push_back(entry);
    }
    return of;
  }
  /// The codes of errors and warnings, in order.
  [[nodiscard]] std::vector<std::string> codes() const {
    std::vector<std::string> codes;
    for (const phone::Entry& entry : provider->timeline()) {
      const bool isOne =
          entry.what == phone::Happening::error || entry.what == phone::Happening::warning;
      if (isOne) codes.push_back(entry.code);
    }
    return codes;
  }
  /// The whole story, for the message of a failure.
  [[nodiscard]] std::string story() const {
    std::string text;
    for (const phone::Entry& entry : provider->timeline()) {
      text += entry.callSid.substr(0, 6) + ' ' + describe(entry) + '\n';
    }
    return text;
  }

  std::shared_ptr<ScriptedApplication> application = std::make_shared<ScriptedApplication>();
  std::shared_ptr<phone::EventLoop> loop = std::make_shared<phone::EventLoop>();
  phone::NumberSettings number = {};
  std::unique_ptr<phone::Provider> provider;
};

inline std::string at(std::string_view path) {
  return std::string{kApplicationUrl} + std::string{path};
}

}  // namespace ivr::support
