#pragma once
// The execution of documents, one after the other, as one party hears them.

#include "ivr/http/form.hpp"
#include "ivr/http/method.hpp"
#include "ivr/phone/call_view.hpp"
#include "ivr/twiml/twiml.hpp"
#include "phone/alarm.hpp"
#include "phone/sound_player.hpp"
#include "phone/web_client.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::phone {

class Gathering;
class Leg;
class VoiceRecording;

/// What a document is for: which verbs it may have, and what follows its end.
enum class DocumentUse {
  call,
  screening,  ///< A callee hears it before both are connected.
  queueWait,
  queueWhisper,    ///< A queued caller hears it before both are connected.
  conferenceWait,  ///< Waiting, on hold, or an announcement.
};

/// Belongs to its leg, which outlives it.
class DocumentRun : public std::enable_shared_from_this<DocumentRun> {
 public:
  enum class End {
    finished,  ///< There is no more verb.
    hangUp,
    leave,
    failed,
  };

  /// `ended` is called once, unless it is stopped before.
  DocumentRun(Leg& leg, DocumentUse use, std::function<void(End)> ended);
  DocumentRun(const DocumentRun&) = delete;
  DocumentRun& operator=(const DocumentRun&) = delete;
  ~DocumentRun();

  /// Goes on with the document at an absolute address.
  void request(std::string url, HttpMethod method, Form otherFields = {});
  /// Goes on with a text that has no address.
  void execute(std::string text);
  /// Nothing happens any more.
  void stop();

  [[nodiscard]] Activity activity() const;
  [[nodiscard]] std::optional<Question> question() const;

  /// False if nothing listens.
  bool press(char key);
  bool hear(const Speech& speech);

  /// The party is gone: what was recorded is kept.
  void hangUp();

  // For the verb that is under way.

  [[nodiscard]] Leg& leg() const noexcept { return leg_; }
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  /// The verb is over: goes on with the answer of `action`, if there is one, or the next verb.
  void proceed(const std::optional<std::string>& action, HttpMethod method, const Form& fields);
  void proceed();
  /// The absolute form of an address in the document; nothing, and the document fails, if there is
  /// none.
  [[nodiscard]] std::optional<std::string> addressOf(std::string_view reference);
  /// The same, but the document goes on.
  [[nodiscard]] std::optional<std::string> callbackOf(std::string_view reference);
  void fail(std::string code, std::string why);

 private:
  void take(WebReply reply);
  void takeText(std::string_view type, std::string body);
  void begin(std::string text);
  void beginInstead(std::string text, std::vector<twiml::Verb> verbs);
  void beginWith(twiml::Twiml document);
  void next();
  void finish(End end);
  [[nodiscard]] bool allows(std::string_view verb) const;
  void apologise();
  void dropVerb();

  void perform(const twiml::Say& verb);
  void perform(const twiml::Play& verb);
  void perform(const twiml::Pause& verb);
  void perform(const twiml::Gather& verb);
  void perform(const twiml::Record& verb);
  void perform(const twiml::Redirect& verb);
  void perform(const twiml::Hangup& verb);
  void perform(const twiml::Reject& verb);
  void perform(const twiml::Dial& verb);
  void perform(const twiml::Enqueue& verb);
  void perform(const twiml::Leave& verb);
  void perform(const twiml::Sms& verb);
  void perform(const twiml::Connect& verb);
  void perform(const twiml::Start& verb);
  void perform(const twiml::Stop& verb);
  void perform(const twiml::Refer& verb);
  void perform(const twiml::Pay& verb);
  void perform(const twiml::Echo& verb);
  void perform(const twiml::Prompt& verb);
  void perform(const twiml::Queue& verb);
  void perform(const twiml::XmlElement& verb);

  void notPlayed(std::string_view what);
  void play(Sound sound);

  Leg& leg_;
  const DocumentUse use_;
  std::function<void(End)> ended_;

  std::string url_ = {};  ///< Of the document; empty if it has none.
  HttpMethod method_ = HttpMethod::post;
  std::string text_ = {};
  twiml::Twiml document_ = {};
  std::size_t position_ = 0;
  unsigned requestId_ = 0;
  bool isFetching_ = false;
  bool isFallback_ = false;
  bool isApologising_ = false;
  bool hasStopped_ = false;
  std::size_t silentDocuments_ = 0;  ///< In a row, in which no time passed.
  Moment documentBegan_{};

  Alarm alarm_;
  SoundPlayer player_;
  std::unique_ptr<Gathering> gathering_;
  std::unique_ptr<VoiceRecording> recording_;
};

[[nodiscard]] inline HttpMethod methodOr(const std::optional<twiml::Choice<HttpMethod>>& method,
                                         HttpMethod otherwise) {
  return method ? method->word().value_or(otherwise) : otherwise;
}

}  // namespace ivr::phone
