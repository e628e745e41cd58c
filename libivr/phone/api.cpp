#include "phone/api.hpp"

#include "core/base64.hpp"
#include "core/text.hpp"
#include "phone/api_operations.hpp"
#include "phone/api_request.hpp"
#include "phone/recording_sound.hpp"
#include "phone/recording_studio.hpp"
#include "phone/sids.hpp"
#include "phone/switchboard.hpp"
#include "rest/refusals.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace ivr::phone {

namespace {

using rest::OperationName;

constexpr std::size_t kMaxApiFields = 1000;

Response apiAnswer(int status, std::string body) {
  return {
      .status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

Response apiAnswer(const rest::RestRefusal& refusal) {
  return apiAnswer(refusal.status, rest::jsonOf(refusal));
}

// ---- Who may ask

/// Takes a time that does not depend on where they differ.
bool isSameSecret(std::string_view given, std::string_view ours) noexcept {
  unsigned different = given.size() == ours.size() ? 0 : 1;
  for (std::size_t at = 0; at < ours.size(); ++at) {
    const char one = at < given.size() ? given[at] : '\0';
    different |= static_cast<unsigned>(one) ^ static_cast<unsigned>(ours[at]);
  }
  return different == 0;
}

/// Whether a request has the token of the account, or the secret of one of its keys.
bool hasCredentials(const Request& request, const ProviderOptions& options) {
  if (options.authToken.empty()) return true;
  constexpr std::string_view kBasic = "basic ";
  const std::string_view header = request.headers.find("Authorization").value_or("");
  if (lowerCase(header.substr(0, kBasic.size())) != kBasic) return false;
  const auto credentials = base64Decoded(trimmed(header.substr(kBasic.size())));
  if (!credentials) return false;
  const std::string_view all = *credentials;
  const std::size_t colon = all.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view user = all.substr(0, colon);
  const std::string_view secret = all.substr(colon + 1);
  if (user == options.accountSid) return isSameSecret(secret, options.authToken);
  const auto key = options.apiKeys.find(user);
  return key != options.apiKeys.end() && isSameSecret(secret, key->second);
}

// ---- What is asked

std::string accountPath(const Switchboard& board) {
  return std::string{rest::kAccountsPath} + board.options().accountSid;
}

/// The account, which clients fetch to find out whether their credentials are right.
std::string accountOf(const Switchboard& board) {
  const auto uri = [&](std::string_view path) { return accountPath(board) + std::string{path}; };
  const std::string created = board.date(Moment{0});
  const std::string& sid = board.options().accountSid;
  nlohmann::json account{{"sid", sid},
                         {"friendly_name", "The phone"},
                         {"status", "active"},
                         {"type", "Full"},
                         {"owner_account_sid", sid},
                         {"date_created", created},
                         {"date_updated", created},
                         {"uri", uri(".json")}};
  nlohmann::json& parts = account["subresource_uris"];
  for (const auto& [name, path] :
       {std::pair{"calls", "/Calls.json"}, std::pair{"conferences", "/Conferences.json"},
        std::pair{"queues", "/Queues.json"}, std::pair{"recordings", "/Recordings.json"},
        std::pair{"messages", "/Messages.json"}}) {
    parts[name] = uri(path);
  }
  return account.dump(-1, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace);
}

std::string resultOf(const ApiRequest& request) {
  switch (request.operation()) {
    case OperationName::createCall: return createCall(request);
    case OperationName::listCalls: return listCalls(request);
    case OperationName::fetchCall: return fetchCall(request);
    case OperationName::updateCall: return updateCall(request);
    case OperationName::deleteCall: return deleteCall(request);
    case OperationName::listConferences: return listConferences(request);
    case OperationName::fetchConference: return fetchConference(request);
    case OperationName::updateConference: return updateConference(request);
    case OperationName::createParticipant: return createParticipant(request);
    case OperationName::listParticipants: return listParticipants(request);
    case OperationName::fetchParticipant: return fetchParticipant(request);
    case OperationName::updateParticipant: return updateParticipant(request);
    case OperationName::removeParticipant: return removeParticipant(request);
    case OperationName::createQueue: return createQueue(request);
    case OperationName::listQueues: return listQueues(request);
    case OperationName::fetchQueue: return fetchQueue(request);
    case OperationName::updateQueue: return updateQueue(request);
    case OperationName::deleteQueue: return deleteQueue(request);
    case OperationName::listMembers: return listMembers(request);
    case OperationName::fetchMember: return fetchMember(request);
    case OperationName::dequeueMember: return dequeueMember(request);
    case OperationName::listRecordings: return listRecordings(request);
    case OperationName::fetchRecording: return fetchRecording(request);
    case OperationName::deleteRecording: return deleteRecording(request);
    case OperationName::startRecording: return startRecording(request);
    case OperationName::listCallRecordings: return listCallRecordings(request);
    case OperationName::updateRecording: return updateRecording(request);
    case OperationName::createMessage: return createMessage(request);
    case OperationName::listMessages: return listMessages(request);
    case OperationName::fetchMessage: return fetchMessage(request);
  }
  request.refuseAsNotFound();
}

Response replyTo(Switchboard& board, const Request& request) {
  if (!hasCredentials(request, board.options())) refuse(20003);
  const bool isGet = request.method == "GET";
  if (isGet && request.path() == accountPath(board) + ".json") {
    return apiAnswer(200, accountOf(board));
  }
  auto found = rest::findOperation(request.method, request.path());
  if (const auto* const refusal = std::get_if<rest::RestRefusal>(&found)) {
    throw ApiRefusal{*refusal};
  }
  auto operation = std::get<rest::FoundOperation>(std::move(found));
  if (operation.accountSid != board.options().accountSid) refuse(20404, request.path());
  auto form = Form::parse(isGet ? request.query() : std::string_view{request.body}, kMaxApiFields);
  if (!form || !form->isUtf8()) refuse(20001, "The request has fields that cannot be read");
  const int status = rest::operationOf(operation.name).status;
  return apiAnswer(status, resultOf({board, request, std::move(operation), *std::move(form)}));
}

// ---- Sound

/// The recording whose sound is asked for.
struct Download {
  std::string sid = {};
  SoundFormat format = SoundFormat::wave;
};

/// Nothing if something else is asked for.
std::optional<Download> downloadIn(const Switchboard& board, const Request& request) {
  const bool isRead = request.method == "GET" || request.method == "HEAD";
  std::string_view path = request.path();
  if (!isRead || path.ends_with(".json")) return std::nullopt;
  const std::string folder = accountPath(board) + "/Recordings/";
  if (!path.starts_with(folder)) return std::nullopt;
  // Whoever knows the SID may hear it, as with the provider, unless he says who he is and is wrong.
  if (request.headers.find("Authorization") && !hasCredentials(request, board.options())) {
    refuse(20003);
  }
  path.remove_prefix(folder.size());
  Download wanted;
  if (path.ends_with(".mp3")) wanted.format = SoundFormat::mp3;
  if (path.ends_with(".mp3") || path.ends_with(".wav")) path.remove_suffix(4);
  const auto* const found = board.recordings.find(path);
  if (found == nullptr || found->status != rest::RecordingStatus::completed) {
    refuse(20404, request.path());
  }
  wanted.sid = path;
  return wanted;
}

/// Whether the plan of faults lets this request fail.
bool fails(Switchboard& board) {
  const FaultPlan& plan = board.options().faults;
  const std::uint64_t place = board.apiRequests++;
  return plan.restPerMille > 0 &&
         Sids::mixed(Sids::mixed(plan.seed ^ 0xa91) + place) % 1000 < plan.restPerMille;
}

Response soundAnswer(const MadeRecording& made, SoundFormat format) {
  if (!made.file) return apiAnswer(rest::refusalOf(20404));
  const bool isMp3 = format == SoundFormat::mp3;
  Response response{.headers = {{"Content-Type", isMp3 ? "audio/mpeg" : "audio/x-wav"},
                                {"X-Ivr-Sound", textOf(made.said)}},
                    .body = *made.file};
  if (made.isCut) response.headers.add("X-Ivr-Sound-Cut", "600");
  return response;
}

void answerOn(Switchboard& board, const Request& request, const Answer<Response>& answer) {
  try {
    const auto wanted = downloadIn(board, request);
    if (!wanted) return answer(replyTo(board, request));
    if (const auto* made = board.studio().find(wanted->sid, wanted->format)) {
      return answer(soundAnswer(*made, wanted->format));
    }
    if (board.studio().isBusy()) refuse(20503);
    const ProviderOptions& options = board.options();
    board.studio().make(
        wanted->sid, wanted->format,
        planOf(*board.recordings.find(wanted->sid), board.timeline, board.playedFiles,
               options.wordsPerMinute, options.keepsTimeline ? options.speechProgram : ""),
        [answer, format = wanted->format](const MadeRecording& made) {
          answer(soundAnswer(made, format));
        });
  } catch (const ApiRefusal& refused) {
    answer(apiAnswer(refused.refusal));
  }
}

}  // namespace

http::Handler apiOf(const std::shared_ptr<Switchboard>& board) {
  return [weak = std::weak_ptr{board},
          loop = std::weak_ptr{board->sharedLoop()}](Request request) -> Later<Response> {
    return Later<Response>{[&](const Answer<Response>& answer) {
      const auto running = loop.lock();
      const auto unavailable = [] { return apiAnswer(rest::refusalOf(20503)); };
      if (!running) return answer(unavailable());
      running->post([weak, answer, unavailable, request = std::move(request)] {
        const auto alive = weak.lock();
        if (!alive || !alive->isOpen() || fails(*alive)) return answer(unavailable());
        answerOn(*alive, request, answer);
      });
    }};
  };
}

}  // namespace ivr::phone
