#pragma once
// Everything that a provider keeps, and what its parts share.

#include "ivr/phone/call_view.hpp"
#include "ivr/phone/event_loop.hpp"
#include "ivr/phone/provider.hpp"
#include "ivr/phone/telephone.hpp"
#include "ivr/phone/timeline.hpp"
#include "ivr/rest/recordings.hpp"
#include "phone/kept.hpp"
#include "phone/leg.hpp"
#include "phone/recording_studio.hpp"
#include "phone/sids.hpp"
#include "phone/web_client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ivr::phone {

class CallQueue;
class Conference;

/// A file that was fetched, for as long as it may be kept.
struct CachedAudio {
  std::chrono::milliseconds length{0};
  std::string type = {};
  Moment freshUntil{};
};

struct VoiceRecordingMade {
  std::string sid = {};
  std::string callSid = {};
  std::string conferenceSid = {};
  std::string source = {};  ///< `RecordVerb`, `DialVerb`, `Conference`, ...
  int channels = 1;
  Moment began{};
  std::chrono::seconds duration{0};
  rest::RecordingStatus status = rest::RecordingStatus::completed;
  std::string track = "both";
  StatusCallback callback = {};  ///< Of one that the API started.
  /// In order; the last one may have no end yet.
  struct Pause {
    Moment begin{};
    std::optional<Moment> end = {};
  };
  std::vector<Pause> pauses = {};
};

class Switchboard : public std::enable_shared_from_this<Switchboard> {
 public:
  Switchboard(std::shared_ptr<EventLoop> loop, ProviderOptions options);
  Switchboard(const Switchboard&) = delete;
  Switchboard& operator=(const Switchboard&) = delete;
  ~Switchboard();

  /// Ends what is under way: nothing calls back any more.
  void close();

  [[nodiscard]] bool isOpen() const noexcept { return web_ != nullptr; }

  [[nodiscard]] EventLoop& loop() noexcept { return *loop_; }
  [[nodiscard]] const std::shared_ptr<EventLoop>& sharedLoop() const noexcept { return loop_; }
  [[nodiscard]] const ProviderOptions& options() const noexcept { return options_; }
  [[nodiscard]] Sids& sids() noexcept { return sids_; }
  [[nodiscard]] WebClient& web() noexcept { return *web_; }
  [[nodiscard]] Moment now() const noexcept { return loop_->now(); }
  [[nodiscard]] std::chrono::system_clock::time_point timeOfDay(Moment moment) const;
  /// As the provider writes dates: `Fri, 20 Aug 2010 01:13:42 +0000`.
  [[nodiscard]] std::string date(Moment moment) const;

  void report(Entry entry);

  // Telephones.
  std::map<std::string, NumberSettings, std::less<>> numbers;
  std::map<std::string, Telephone, std::less<>> telephones;
  Telephone otherTelephones = {};
  [[nodiscard]] const Telephone& telephoneAt(std::string_view address) const;

  // Calls.
  [[nodiscard]] std::shared_ptr<Leg> makeLeg();
  [[nodiscard]] std::shared_ptr<Leg> find(std::string_view callSid) const;
  [[nodiscard]] const Kept<std::shared_ptr<Leg>>& legs() const noexcept { return legs_; }
  /// A call is over: it is forgotten when enough others are.
  void ended(const Leg& leg);
  std::size_t liveLegs = 0;

  // Rooms.
  /// One that is not over, made if there is none.
  [[nodiscard]] std::shared_ptr<Conference> conference(const std::string& name);
  /// Null if all of them are over.
  [[nodiscard]] std::shared_ptr<Conference> liveConference(std::string_view name) const;
  [[nodiscard]] std::shared_ptr<Conference> findConference(std::string_view sid) const;
  [[nodiscard]] const Kept<std::shared_ptr<Conference>>& conferences() const noexcept {
    return conferences_;
  }
  void ended(const Conference& room);
  [[nodiscard]] std::shared_ptr<CallQueue> queue(const std::string& name, bool makes);
  std::vector<std::shared_ptr<CallQueue>> queues;

  // Recordings and messages.
  VoiceRecordingMade& add(VoiceRecordingMade recording);
  Kept<VoiceRecordingMade> recordings;
  /// A call that is to be recorded was answered.
  void beginRecordings(const Leg& leg);
  /// Ends those of a call that are still running.
  void finishRecordings(Leg& leg);
  void finish(VoiceRecordingMade& recording);
  /// What is heard until it goes on is not in it.
  void pause(VoiceRecordingMade& recording);
  void goOn(VoiceRecordingMade& recording);
  /// Tells the callback of one that the API started how it is now, if it wants to know.
  void tell(const VoiceRecordingMade& recording);
  [[nodiscard]] std::string recordingUrl(std::string_view sid) const;
  /// What will be heard of what is said in recordings.
  [[nodiscard]] std::string_view soundOfRecordings();
  PlayedFiles playedFiles;
  [[nodiscard]] RecordingStudio& studio() noexcept { return *studio_; }

  void add(SentMessage message);
  Kept<SentMessage> messages;
  Timeline timeline;

  /// A request whose answer changes nothing.
  void callBack(const std::shared_ptr<WebCaller>& caller, Purpose purpose, const std::string& url,
                HttpMethod method, Form fields);
  [[nodiscard]] std::shared_ptr<WebCaller> makeWebCaller(std::string callSid);

  [[nodiscard]] const CachedAudio* cachedAudio(const std::string& url) const;
  void cacheAudio(const std::string& url, CachedAudio audio);

  bool isActing = false;  ///< A party acts, outside of the events.
  std::size_t calls = 0;  ///< That came in or were made over the API.
  std::uint64_t apiRequests = 0;

 private:
  std::shared_ptr<EventLoop> loop_;
  const ProviderOptions options_;
  Sids sids_;
  std::unique_ptr<WebClient> web_;
  std::unique_ptr<RecordingStudio> studio_;
  std::optional<bool> speaks_;  ///< Whether there is a program that does.
  Kept<std::shared_ptr<Leg>> legs_;
  Kept<std::shared_ptr<Conference>> conferences_;
  std::map<std::string, std::shared_ptr<Conference>, std::less<>> liveConferences_;  ///< By name.
  std::unordered_map<std::string, CachedAudio> audio_;
  bool isFull_ = false;
};

}  // namespace ivr::phone
