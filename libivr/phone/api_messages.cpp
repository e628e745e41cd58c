// Messages.

#include "phone/api_operations.hpp"
#include "phone/api_request.hpp"
#include "phone/switchboard.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ivr::phone {

namespace {

/// How many messages of the telephone network a text takes: of 160 characters, if all are those of
/// GSM 03.38, or else of 70 in UTF-16; of fewer if there are several (3GPP TS 23.040).
int segmentsOf(std::string_view body) {
  constexpr std::string_view kOthersInGsm = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
  constexpr std::string_view kTwiceInGsm = "^{}\\[~]|€";
  std::size_t gsm = 0;
  std::size_t utf16 = 0;
  bool isGsm = true;
  for (std::size_t at = 0; at < body.size();) {
    const auto lead = static_cast<unsigned char>(body[at]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const std::string_view character = body.substr(at, bytes);
    at += bytes;
    utf16 += bytes == 4 ? 2 : 1;
    const bool isTwice = kTwiceInGsm.find(character) != std::string_view::npos;
    const bool isPlain =
        bytes == 1 && character != "`" && (lead >= ' ' || lead == '\n' || lead == '\r');
    isGsm = isGsm && (isTwice || isPlain || kOthersInGsm.find(character) != std::string_view::npos);
    gsm += isTwice ? 2 : 1;
  }
  const std::size_t size = isGsm ? gsm : utf16;
  const std::size_t alone = isGsm ? 160 : 70;
  const std::size_t ofSeveral = isGsm ? 153 : 67;
  return static_cast<int>(size <= alone ? 1 : (size + ofSeveral - 1) / ofSeveral);
}

rest::MessageResource messageResource(const ApiRequest& request, const SentMessage& message) {
  rest::MessageResource resource;
  resource.sid = message.sid;
  resource.accountSid = request.board().options().accountSid;
  // What sends is a number, or a service that picks one.
  const bool isService = message.from.size() == 34 && message.from.starts_with("MG");
  (isService ? resource.messagingServiceSid : resource.from) = message.from;
  resource.to = message.to;
  resource.body = message.body;
  resource.status = request.board().now() > message.at ? rest::MessageStatus::delivered
                                                       : rest::MessageStatus::queued;
  resource.direction = rest::MessageDirection::outboundApi;
  resource.numSegments = segmentsOf(message.body);
  resource.numMedia = static_cast<int>(message.mediaUrls.size());
  resource.priceUnit = "USD";
  resource.dateCreated = request.time(message.at);
  resource.dateUpdated = request.time(message.at);
  if (resource.status == rest::MessageStatus::delivered)
    resource.dateSent = request.time(message.at);
  resource.apiVersion = "2010-04-01";
  resource.uri = request.uri("/Messages/" + message.sid + ".json");
  resource.subresourceUris = {{"media", request.uri("/Messages/" + message.sid + "/Media.json")}};
  return resource;
}

}  // namespace

std::string createMessage(const ApiRequest& request) {
  const auto create = request.asked<rest::CreateMessage>(
      {"To", "From", "MessagingServiceSid", "Body", "MediaUrl", "StatusCallback"});
  Switchboard& board = request.board();
  SentMessage message{.sid = board.sids().make(create.mediaUrl.empty() ? "SM" : "MM"),
                      .from = create.from.value_or(create.messagingServiceSid.value_or("")),
                      .to = create.to,
                      .body = create.body.value_or(""),
                      .mediaUrls = create.mediaUrl,
                      .at = board.now()};
  board.report({.what = Happening::message,
                .text = message.body,
                .details = {{"to", message.to}, {"from", message.from}}});
  if (create.statusCallback && !create.statusCallback->empty()) {
    const auto caller = board.makeWebCaller("");
    for (const std::string_view status : {"sent", "delivered"}) {
      board.callBack(caller, Purpose::statusCallback, *create.statusCallback, HttpMethod::post,
                     {{"MessageSid", message.sid},
                      {"SmsSid", message.sid},
                      {"MessageStatus", status},
                      {"SmsStatus", status},
                      {"AccountSid", board.options().accountSid},
                      {"From", message.from},
                      {"To", message.to},
                      {"ApiVersion", "2010-04-01"}});
    }
  }
  std::string body = rest::jsonOf(messageResource(request, message));
  board.add(std::move(message));
  return body;
}

std::string listMessages(const ApiRequest& request) {
  const auto filter = request.asked<rest::ListMessages>({"To", "From", "DateSent"});
  std::vector<const SentMessage*> all;
  for (const auto& [sid, one, over] : request.board().messages.newestFirst()) {
    if (filter.to && *filter.to != one.to) continue;
    if (filter.from && *filter.from != one.from) continue;
    if (request.matches(filter.dateSent, "DateSent", one.at)) all.push_back(&one);
  }
  return request.page(
      all, filter, [](const SentMessage* one) { return one->sid; },
      [&](const SentMessage* one) { return messageResource(request, *one); });
}

std::string fetchMessage(const ApiRequest& request) {
  const auto* const found = request.board().messages.find(request.parameter(0));
  if (found == nullptr) request.refuseAsNotFound();
  return rest::jsonOf(messageResource(request, *found));
}

}  // namespace ivr::phone
