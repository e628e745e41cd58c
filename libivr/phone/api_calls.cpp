// Calls.

#include "phone/api_dialling.hpp"
#include "phone/api_operations.hpp"
#include "phone/api_request.hpp"
#include "phone/leg.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::phone {

namespace {

using std::chrono::seconds;

constexpr int kWrongCallState = 21220;

rest::CallResource callResource(const ApiRequest& request, const Leg& leg) {
  rest::CallResource call;
  call.sid = leg.sid;
  call.accountSid = request.board().options().accountSid;
  call.parentCallSid = leg.parentSid;
  call.to = leg.to;
  call.toFormatted = leg.to;
  call.from = leg.from;
  call.fromFormatted = leg.from;
  call.status = leg.status;
  call.direction = leg.direction;
  call.answeredBy = leg.answeredBy;
  call.dateCreated = request.time(leg.began);
  call.dateUpdated = request.time(leg.endedAt.value_or(leg.answeredAt.value_or(leg.began)));
  if (leg.answeredAt) call.startTime = request.time(*leg.answeredAt);
  if (leg.endedAt) {
    call.endTime = request.time(*leg.endedAt);
    call.duration =
        leg.answeredAt ? std::chrono::ceil<seconds>(*leg.endedAt - *leg.answeredAt) : seconds{0};
  }
  call.queueTime = std::chrono::milliseconds{0};
  call.priceUnit = "USD";
  call.apiVersion = "2010-04-01";
  const std::string path = "/Calls/" + leg.sid;
  call.uri = request.uri(path + ".json");
  for (const std::string_view name : {"notifications", "recordings", "payments", "events", "siprec",
                                      "streams", "transcriptions"}) {
    std::string capital{name};
    capital[0] = static_cast<char>(capital[0] - 'a' + 'A');
    call.subresourceUris.emplace(name, request.uri(path + '/' + capital + ".json"));
  }
  return call;
}

}  // namespace

std::string createCall(const ApiRequest& request) {
  const auto call = request.asked<rest::CreateCall>({"To",
                                                     "From",
                                                     "Url",
                                                     "Method",
                                                     "Twiml",
                                                     "ApplicationSid",
                                                     "FallbackUrl",
                                                     "FallbackMethod",
                                                     "StatusCallback",
                                                     "StatusCallbackEvent",
                                                     "StatusCallbackMethod",
                                                     "SendDigits",
                                                     "Timeout",
                                                     "TimeLimit",
                                                     "Record",
                                                     "RecordingChannels",
                                                     "RecordingTrack",
                                                     "RecordingStatusCallback",
                                                     "RecordingStatusCallbackEvent",
                                                     "RecordingStatusCallbackMethod",
                                                     "MachineDetection",
                                                     "AsyncAmd",
                                                     "AsyncAmdStatusCallback",
                                                     "AsyncAmdStatusCallbackMethod"});
  if (call.applicationSid && !call.applicationSid->empty()) refuse(21218);
  const auto leg = dial(request, call);
  leg->number = {.voiceUrl = call.url.value_or(""),
                 .voiceMethod = call.method.value_or(HttpMethod::post),
                 .fallbackUrl = call.fallbackUrl.value_or(""),
                 .fallbackMethod = call.fallbackMethod.value_or(HttpMethod::post)};
  if (leg->number.voiceUrl.empty()) leg->twiml = call.twiml.value_or("");
  leg->sendDigits = call.sendDigits.value_or("");
  leg->isDetectedLater = call.asyncAmd.value_or(false);
  if (leg->isDetectedLater) {
    leg->detectionCallback = {
        .url = call.asyncAmdStatusCallback.value_or(""),
        .method = call.asyncAmdStatusCallbackMethod.value_or(HttpMethod::post)};
  }
  leg->whenAnswered = [weak = std::weak_ptr{leg}] {
    const auto still = weak.lock();
    if (!still) return;
    still->board().beginRecordings(*still);
    still->start();
  };
  return rest::jsonOf(callResource(request, *leg));
}

std::string listCalls(const ApiRequest& request) {
  const auto filter = request.asked<rest::ListCalls>(
      {"To", "From", "ParentCallSid", "Status", "StartTime", "EndTime"});
  std::vector<const Leg*> calls;
  for (const auto& [sid, leg, over] : request.board().legs().newestFirst()) {
    if (leg->isDeleted) continue;
    if (filter.to && *filter.to != leg->to) continue;
    if (filter.from && *filter.from != leg->from) continue;
    if (filter.parentCallSid && *filter.parentCallSid != leg->parentSid) continue;
    if (filter.status && *filter.status != leg->status) continue;
    if (!request.matches(filter.startTime, "StartTime", leg->answeredAt)) continue;
    if (!request.matches(filter.endTime, "EndTime", leg->endedAt)) continue;
    calls.push_back(leg.get());
  }
  return request.page(
      calls, filter, [](const Leg* one) { return one->sid; },
      [&](const Leg* one) { return callResource(request, *one); });
}

std::string fetchCall(const ApiRequest& request) {
  return rest::jsonOf(callResource(request, *request.call()));
}

std::string updateCall(const ApiRequest& request) {
  const auto leg = request.call();
  const auto update = request.asked<rest::UpdateCall>(
      {"Url", "Method", "Twiml", "Status", "FallbackUrl", "FallbackMethod", "StatusCallback",
       "StatusCallbackMethod", "TimeLimit"});
  const bool isLive = leg->status == rest::CallStatus::inProgress;
  const bool cannotEnd = leg->isOver() || (update.status == rest::CallEnd::canceled && isLive);
  if (update.status ? cannotEnd : (update.url || update.twiml) && !isLive) refuse(kWrongCallState);
  if (update.fallbackUrl) leg->number.fallbackUrl = *update.fallbackUrl;
  if (update.fallbackMethod) leg->number.fallbackMethod = *update.fallbackMethod;
  if (update.statusCallback) leg->statusCallback.url = *update.statusCallback;
  if (update.statusCallbackMethod) leg->statusCallback.method = *update.statusCallbackMethod;
  if (update.status) {
    leg->report(Happening::updated, std::string{textOf(*update.status)});
    leg->end(isLive ? rest::CallStatus::completed : rest::CallStatus::canceled);
  } else if (update.url || update.twiml) {
    leg->redirect(update.url.value_or(""), update.method.value_or(HttpMethod::post),
                  update.twiml.value_or(""));
  }
  if (update.timeLimit && !leg->isOver()) leg->limitTime(*update.timeLimit);
  return rest::jsonOf(callResource(request, *leg));
}

std::string deleteCall(const ApiRequest& request) {
  const auto leg = request.call();
  if (!leg->isOver()) refuse(kWrongCallState);
  leg->isDeleted = true;
  return {};
}

}  // namespace ivr::phone
