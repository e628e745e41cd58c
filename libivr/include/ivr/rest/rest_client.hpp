#pragma once
// The provider's REST API: makes calls, changes live calls, and looks things up.
//
//   client.updateCall(sid, {.status = CallEnd::completed}).then([](CallResource call) { ... });
//
// Protocol: https://www.twilio.com/docs/usage/api, version 2010-04-01.

#include "ivr/core/later.hpp"
#include "ivr/core/log.hpp"
#include "ivr/core/timers.hpp"
#include "ivr/http/transport.hpp"
#include "ivr/rest/calls.hpp"
#include "ivr/rest/conferences.hpp"
#include "ivr/rest/messages.hpp"
#include "ivr/rest/page.hpp"
#include "ivr/rest/participants.hpp"
#include "ivr/rest/queues.hpp"
#include "ivr/rest/recordings.hpp"
#include "ivr/rest/rest_error.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace ivr::rest {

/// The server, the credentials and the retries of a client. A value.
struct ClientOptions {
  std::string accountSid = {};
  std::string user = {};    ///< The SID of an API key, or of the account; empty for `accountSid`.
  std::string secret = {};  ///< The API key's secret, or the account's auth token.

  /// Empty for `https://api.twilio.com`, or for the host of `region` (such as `ie1`) and `edge`
  /// (such as `dublin`), which are ignored otherwise. Credentials are sent to it, so it is `https`,
  /// or `http` at this machine: `127.0.0.1`, `[::1]` or `localhost`.
  std::string baseUrl = {};
  std::string region = {};
  std::string edge = {};

  std::chrono::milliseconds timeout{10'000};  ///< For one attempt.

  /// How often a request is retried, if that is harmless, and how long to wait first: a random time
  /// up to `firstBackoff`, then up to twice as much, up to `maxBackoff`.
  int maxRetries = 3;
  std::chrono::milliseconds firstBackoff{250};
  std::chrono::milliseconds maxBackoff{3000};

  /// If the provider asks for a longer wait, nothing is retried.
  std::chrono::seconds maxRetryAfter{30};

  /// Reads `TWILIO_ACCOUNT_SID`, `TWILIO_API_KEY` with `TWILIO_API_SECRET` or else
  /// `TWILIO_AUTH_TOKEN` (the first, if commas separate several), `TWILIO_REGION`, `TWILIO_EDGE`
  /// and `IVR_API_BASE` from the environment. The `Client` reports what is missing.
  [[nodiscard]] static ClientOptions fromEnvironment();
};

/// The empty result of a delete.
struct Deleted {};

/// A client of one account.
///
/// A resource. Threads: any, concurrently; answers arrive on the thread of the transport or of the
/// timers, or at once.
///
/// Every member fails with `Error{usage}`, and sends nothing, if its arguments are invalid; with
/// `RestError` if the provider refuses or its answer is unreadable; with `TransportError` if there
/// is no answer.
///
/// Retries any request after status 429, because it was not processed, and any that certainly did
/// not arrive; otherwise only look-ups, which are harmless. Other requests that change something
/// are sent once, so after a `TransportError` that `mayHaveArrived` it is unknown whether the
/// change was made.
class Client {
 public:
  /// Throws `Error{config}` for invalid settings. Logs one line per attempt, without bodies,
  /// numbers and secrets.
  Client(ClientOptions config, std::shared_ptr<http::Transport> transport,
         std::shared_ptr<Timers> timers, Log log = logNowhere());
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Requests that wait for a retry fail with their last error, at the latest when the retry is
  /// due.
  ~Client();

  [[nodiscard]] Later<CallResource> createCall(const CreateCall& call);
  [[nodiscard]] Later<CallResource> fetchCall(std::string_view callSid);
  [[nodiscard]] Later<Page<CallResource>> listCalls(const ListCalls& filter = {});
  [[nodiscard]] Later<CallResource> updateCall(std::string_view callSid, const UpdateCall& update);
  /// Deletes the record of a call that is over.
  [[nodiscard]] Later<Deleted> deleteCall(std::string_view callSid);

  [[nodiscard]] Later<Page<ConferenceResource>> listConferences(const ListConferences& filter = {});
  [[nodiscard]] Later<ConferenceResource> fetchConference(std::string_view conferenceSid);
  [[nodiscard]] Later<ConferenceResource> updateConference(std::string_view conferenceSid,
                                                           const UpdateConference& update);

  /// `conference` is a SID, or a friendly name, which creates the conference if there is none.
  [[nodiscard]] Later<ParticipantResource> createParticipant(std::string_view conference,
                                                             const CreateParticipant& participant);
  [[nodiscard]] Later<Page<ParticipantResource>> listParticipants(
      std::string_view conferenceSid, const ListParticipants& filter = {});
  /// `participant` is the SID of its call, or its label.
  [[nodiscard]] Later<ParticipantResource> fetchParticipant(std::string_view conferenceSid,
                                                            std::string_view participant);
  [[nodiscard]] Later<ParticipantResource> updateParticipant(std::string_view conferenceSid,
                                                             std::string_view participant,
                                                             const UpdateParticipant& update);
  /// Removes the participant.
  [[nodiscard]] Later<Deleted> removeParticipant(std::string_view conferenceSid,
                                                 std::string_view participant);

  [[nodiscard]] Later<QueueResource> createQueue(const CreateQueue& queue);
  [[nodiscard]] Later<Page<QueueResource>> listQueues(const ListQueues& filter = {});
  [[nodiscard]] Later<QueueResource> fetchQueue(std::string_view queueSid);
  [[nodiscard]] Later<QueueResource> updateQueue(std::string_view queueSid,
                                                 const UpdateQueue& update);
  /// Only an empty queue can be deleted.
  [[nodiscard]] Later<Deleted> deleteQueue(std::string_view queueSid);

  [[nodiscard]] Later<Page<MemberResource>> listMembers(std::string_view queueSid,
                                                        const ListMembers& filter = {});
  /// `member` is the SID of a call, or `kFrontMember`.
  [[nodiscard]] Later<MemberResource> fetchMember(std::string_view queueSid,
                                                  std::string_view member);
  [[nodiscard]] Later<MemberResource> dequeueMember(std::string_view queueSid,
                                                    std::string_view member,
                                                    const DequeueMember& leave);

  [[nodiscard]] Later<Page<RecordingResource>> listRecordings(const ListRecordings& filter = {});
  [[nodiscard]] Later<RecordingResource> fetchRecording(std::string_view recordingSid);
  [[nodiscard]] Later<Deleted> deleteRecording(std::string_view recordingSid);
  [[nodiscard]] Later<RecordingResource> startRecording(std::string_view callSid,
                                                        const StartRecording& recording = {});
  [[nodiscard]] Later<Page<RecordingResource>> listCallRecordings(
      std::string_view callSid, const ListCallRecordings& filter = {});
  /// `recording` is a SID, or `kCurrentRecording`.
  [[nodiscard]] Later<RecordingResource> updateRecording(std::string_view callSid,
                                                         std::string_view recording,
                                                         const UpdateRecording& update);

  [[nodiscard]] Later<MessageResource> createMessage(const CreateMessage& message);
  [[nodiscard]] Later<Page<MessageResource>> listMessages(const ListMessages& filter = {});
  [[nodiscard]] Later<MessageResource> fetchMessage(std::string_view messageSid);

  /// The page after `page`; `Error{usage}` if there is none (`hasNext`), `RestError` if it would be
  /// at another host.
  [[nodiscard]] Later<Page<CallResource>> nextPage(const Page<CallResource>& page);
  [[nodiscard]] Later<Page<ConferenceResource>> nextPage(const Page<ConferenceResource>& page);
  [[nodiscard]] Later<Page<ParticipantResource>> nextPage(const Page<ParticipantResource>& page);
  [[nodiscard]] Later<Page<QueueResource>> nextPage(const Page<QueueResource>& page);
  [[nodiscard]] Later<Page<MemberResource>> nextPage(const Page<MemberResource>& page);
  [[nodiscard]] Later<Page<RecordingResource>> nextPage(const Page<RecordingResource>& page);
  [[nodiscard]] Later<Page<MessageResource>> nextPage(const Page<MessageResource>& page);

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace ivr::rest
