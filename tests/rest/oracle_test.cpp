// Compares our requests with those of Twilio's own library for Node, field by field; see
// tests/oracle/rest.mjs.

#include "http/url.hpp"
#include "rest/client.hpp"
#include "support/twilio_oracle.hpp"

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using namespace ivr::rest;
using support::full;
using support::ignore;
using support::kCallSid;
using support::kConferenceSid;
using support::kMessageSid;
using support::kQueueSid;
using support::kRecordingSid;
using support::restConfig;

using Json = nlohmann::json;
using Ask = std::function<void(Client&)>;

/// Values by name; those with the same name in order.
Json byName(const Form& form) {
  Json fields = Json::object();
  for (const auto& [name, value] : form) {
    fields[std::string{name}].push_back(std::string{value});
  }
  return fields;
}

Json byName(const Json& pairs) {
  Json fields = Json::object();
  for (const Json& pair : pairs) fields[pair.at(0).get<std::string>()].push_back(pair.at(1));
  return fields;
}

Json described(const http::OutgoingRequest& request) {
  const http::Url url = http::Url::parse(request.url).value();
  return {
      {"method", request.method},
      {"host", url.host},
      {"path", url.path},
      {"query", byName(Form::parse(url.query.value_or(""), 1000).value())},
      {"form", byName(Form::parse(request.body, 1000).value())},
      {"authorization", "Basic " + request.credentials->user + ':' + request.credentials->password},
      {"accept", request.headers.find("Accept").value_or("")},
      {"contentType", request.body.empty()
                          ? Json(nullptr)
                          : Json(request.headers.find("Content-Type").value_or(""))}};
}

Json ours(const Ask& ask, const ClientOptions& config = restConfig()) {
  support::FakeApi api{config};
  ask(*api.client);
  const auto sent = api.transport->sent();
  if (sent.size() != 1) throw std::logic_error{"not one request"};
  return described(sent.front());
}

std::map<std::string, Json> allOurs() {
  const std::vector<std::pair<std::string, Ask>> asks{
      {"updateCallByTwiml",
       [](Client& c) {
         ignore(c.updateCall(kCallSid, {.twiml = "<Response><Say>Ahoy there</Say></Response>"}));
       }},
      {"updateCallByUrl",
       [](Client& c) {
         ignore(c.updateCall(kCallSid, {.url = "http://demo.twilio.com/docs/voice.xml",
                                        .method = HttpMethod::post}));
       }},
      {"updateCallToCompleted",
       [](Client& c) { ignore(c.updateCall(kCallSid, {.status = CallEnd::completed})); }},
      {"createCall", [](Client& c) { ignore(c.createCall(full<CreateCall>())); }},
      {"createCallWithTwiml",
       [](Client& c) {
         ignore(c.createCall({.to = "client:ann",
                              .from = "+14155550111",
                              .twiml = R"(<?xml version="1.0" encoding="UTF-8"?><Response/>)"}));
       }},
      {"fetchCall", [](Client& c) { ignore(c.fetchCall(kCallSid)); }},
      {"deleteCall", [](Client& c) { ignore(c.deleteCall(kCallSid)); }},
      {"listCalls", [](Client& c) { ignore(c.listCalls(full<ListCalls>())); }},
      {"updateCall", [](Client& c) { ignore(c.updateCall(kCallSid, full<UpdateCall>())); }},
      {"listConferences", [](Client& c) { ignore(c.listConferences(full<ListConferences>())); }},
      {"fetchConference", [](Client& c) { ignore(c.fetchConference(kConferenceSid)); }},
      {"updateConference",
       [](Client& c) { ignore(c.updateConference(kConferenceSid, full<UpdateConference>())); }},
      {"createParticipant",
       [](Client& c) { ignore(c.createParticipant(kConferenceSid, full<CreateParticipant>())); }},
      {"listParticipants",
       [](Client& c) { ignore(c.listParticipants(kConferenceSid, full<ListParticipants>())); }},
      {"fetchParticipant", [](Client& c) { ignore(c.fetchParticipant(kConferenceSid, kCallSid)); }},
      {"fetchParticipantByItsLabel",
       [](Client& c) { ignore(c.fetchParticipant(kConferenceSid, "customer 17")); }},
      {"updateParticipant",
       [](Client& c) {
         ignore(c.updateParticipant(kConferenceSid, kCallSid, full<UpdateParticipant>()));
       }},
      {"removeParticipant",
       [](Client& c) { ignore(c.removeParticipant(kConferenceSid, kCallSid)); }},
      {"createQueue", [](Client& c) { ignore(c.createQueue(full<CreateQueue>())); }},
      {"listQueues", [](Client& c) { ignore(c.listQueues(full<ListQueues>())); }},
      {"fetchQueue", [](Client& c) { ignore(c.fetchQueue(kQueueSid)); }},
      {"updateQueue", [](Client& c) { ignore(c.updateQueue(kQueueSid, full<UpdateQueue>())); }},
      {"deleteQueue", [](Client& c) { ignore(c.deleteQueue(kQueueSid)); }},
      {"listMembers", [](Client& c) { ignore(c.listMembers(kQueueSid, full<ListMembers>())); }},
      {"fetchMember", [](Client& c) { ignore(c.fetchMember(kQueueSid, kFrontMember)); }},
      {"dequeueMember",
       [](Client& c) { ignore(c.dequeueMember(kQueueSid, kCallSid, full<DequeueMember>())); }},
      {"listRecordings", [](Client& c) { ignore(c.listRecordings(full<ListRecordings>())); }},
      {"fetchRecording", [](Client& c) { ignore(c.fetchRecording(kRecordingSid)); }},
      {"deleteRecording", [](Client& c) { ignore(c.deleteRecording(kRecordingSid)); }},
      {"startRecording",
       [](Client& c) { ignore(c.startRecording(kCallSid, full<StartRecording>())); }},
      {"listCallRecordings",
       [](Client& c) { ignore(c.listCallRecordings(kCallSid, full<ListCallRecordings>())); }},
      {"updateRecording",
       [](Client& c) {
         ignore(c.updateRecording(kCallSid, kCurrentRecording, full<UpdateRecording>()));
       }},
      {"createMessage", [](Client& c) { ignore(c.createMessage(full<CreateMessage>())); }},
      {"listMessages", [](Client& c) { ignore(c.listMessages(full<ListMessages>())); }},
      {"fetchMessage", [](Client& c) { ignore(c.fetchMessage(kMessageSid)); }},
  };
  std::map<std::string, Json> requests;
  for (const auto& [name, ask] : asks) requests.emplace(name, ours(ask));

  const Ask fetchCall = [](Client& c) { ignore(c.fetchCall(kCallSid)); };
  ClientOptions config = restConfig();
  config.user = "SK0123456789abcdef0123456789abcdef";
  requests.emplace("withAnApiKey", ours(fetchCall, config));
  config = restConfig();
  config.region = "ie1";
  requests.emplace("inARegion", ours(fetchCall, config));
  config.edge = "dublin";
  requests.emplace("atAnEdgeOfARegion", ours(fetchCall, config));
  config = restConfig();
  config.edge = "sydney";
  requests.emplace("atAnEdge", ours(fetchCall, config));
  return requests;
}

class RestOracle : public support::NeedsOracle {};

TEST_F(RestOracle, SendsTheSameRequests) {
  const Json theirs = Json::parse(support::askOracle("rest.mjs"));
  const auto requests = allOurs();
  EXPECT_GE(requests.size(), 39u);
  for (const auto& [name, request] : requests) {
    if (!theirs.contains(name)) {
      ADD_FAILURE() << name << " is not in tests/oracle/rest.mjs";
      continue;
    }
    Json their = theirs.at(name);
    their["query"] = byName(their.at("query"));
    their["form"] = byName(their.at("form"));
    if (request.at("method") == "DELETE")
      their["accept"] = request.at("accept");  // no body, so it does not matter
    for (const auto& [part, value] : request.items()) {
      EXPECT_EQ(value, their.at(part)) << part << " of " << name;
    }
    EXPECT_EQ(request.size(), their.size());
  }
  for (const auto& [name, request] : theirs.items()) {
    EXPECT_TRUE(requests.contains(name)) << name << " is not in tests/rest/oracle_test.cpp";
  }
}

}  // namespace
