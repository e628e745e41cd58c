// The client asks a phone that is served: every request of its list, over HTTP, is carried out, and
// every field and filter that it can send is taken.

#include "ivr/http/transport.hpp"
#include "ivr/phone/service.hpp"
#include "ivr/server/server.hpp"
#include "phone/scripted_application.hpp"
#include "rest/requests.hpp"
#include "support/eventually.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>

namespace {

using namespace ivr;
using namespace ivr::support;
using namespace std::chrono_literals;

const std::string kTelephone = "+14155550199";
const std::string kApp = std::string{kApplicationUrl};

class PhoneServed : public testing::Test {
 protected:
  PhoneServed() {
    application_->say("/stay", R"(<Pause length="3600"/>)");
    application_->say("/room", R"(<Dial><Conference waitUrl="">room</Conference></Dial>)");
    application_->say("/queue", R"(<Enqueue waitUrl="">line</Enqueue>)");
    phone::ServiceOptions options;
    options.provider.accountSid = support::kAccount;
    options.provider.authToken = support::kSecret;
    options.provider.transport = application_;
    options.provider.origins = {kApp};
    options.telephones = {
        {.number = kTelephone, .telephone = {.reaction = phone::Telephone::Reaction::answers}}};
    service_.emplace(std::move(options));
    server_.emplace(
        service_->handler(),
        ServerOptions{
            .port = 0, .threads = 1, .refusal = phone::Service::refusalOf, .drainDeadline = 0ms});
    ClientOptions account = restConfig();
    account.baseUrl = "http://127.0.0.1:" + std::to_string(server_->port());
    client.emplace(std::move(account), http::curlTransport(), steadyTimers());
  }

  std::string call(const std::string& path) {
    const CallResource made =
        client->createCall({.to = kTelephone, .from = "+14155550100", .url = kApp + path}).get();
    EXPECT_TRUE(eventually(
        [&] { return client->fetchCall(made.sid).get().status == CallStatus::inProgress; }));
    return made.sid;
  }

  /// The SID of the conference with so many participants, once they are there.
  std::string conferenceOf(std::size_t participants) {
    std::string sid;
    EXPECT_TRUE(eventually([&] {
      const auto rooms = client->listConferences({.friendlyName = "room"}).get().items;
      if (rooms.empty()) return false;
      sid = rooms.front().sid;
      return client->listParticipants(sid).get().items.size() == participants;
    }));
    return sid;
  }

  std::optional<Client> client;

 private:
  std::shared_ptr<ScriptedApplication> application_ = std::make_shared<ScriptedApplication>();
  std::optional<phone::Service> service_;
  std::optional<Server> server_;
};

class RestRequestServed : public PhoneServed, public testing::WithParamInterface<RestRequest> {
 protected:
  RestSids sids() {
    RestSids made;
    made.emptyQueue = client->createQueue({.friendlyName = "empty"}).get().sid;
    made.queue = client->createQueue({.friendlyName = "line"}).get().sid;
    made.message =
        client->createMessage({.to = kTelephone, .from = "+14155550100", .body = "Hi"}).get().sid;
    made.endedCall = call("/stay");
    made.recording = client->startRecording(made.endedCall).get().sid;
    (void)client->updateCall(made.endedCall, {.status = CallEnd::completed}).get();
    made.call = call("/stay");
    (void)client->startRecording(made.call).get();
    made.participant = call("/room");
    (void)call("/room");
    made.member = call("/queue");
    made.conference = conferenceOf(2);
    EXPECT_TRUE(eventually([&] { return !client->listMembers(made.queue).get().items.empty(); }));
    return made;
  }
};

TEST_P(RestRequestServed, IsCarriedOut) {
  const RestSids of = sids();
  try {
    (void)GetParam().send(*client, of).get();
  } catch (const RestError& error) {
    ADD_FAILURE() << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(All, RestRequestServed, testing::ValuesIn(kRestRequests),
                         [](const auto& test) { return test.param.name; });

/// Every filter at once, on the first page.
template <class List>
List filters() {
  List list = full<List>();
  list.page.reset();
  list.pageToken.reset();
  return list;
}

TEST_F(PhoneServed, TakesEveryFilter) {
  const std::string live = call("/room");
  const std::string room = conferenceOf(1);
  const std::string queue = client->createQueue({.friendlyName = "line"}).get().sid;
  EXPECT_EQ(client->listCalls(filters<ListCalls>()).get().pageSize, 20);
  EXPECT_EQ(client->listConferences(filters<ListConferences>()).get().pageSize, 20);
  EXPECT_EQ(client->listParticipants(room, filters<ListParticipants>()).get().pageSize, 20);
  EXPECT_EQ(client->listQueues(filters<ListQueues>()).get().pageSize, 20);
  EXPECT_EQ(client->listMembers(queue, filters<ListMembers>()).get().pageSize, 20);
  EXPECT_EQ(client->listRecordings(filters<ListRecordings>()).get().pageSize, 20);
  EXPECT_EQ(client->listCallRecordings(live, filters<ListCallRecordings>()).get().pageSize, 20);
  EXPECT_EQ(client->listMessages(filters<ListMessages>()).get().pageSize, 20);
}

TEST_F(PhoneServed, TakesEveryFieldOfAChange) {
  const std::string live = call("/room");
  const std::string room = conferenceOf(1);
  const std::string queue = client->createQueue({.friendlyName = "line"}).get().sid;
  EXPECT_EQ(client->startRecording(live, full<StartRecording>()).get().callSid, live);
  EXPECT_EQ(client->updateRecording(live, kCurrentRecording, full<UpdateRecording>()).get().status,
            RecordingStatus::paused);
  EXPECT_EQ(client->updateQueue(queue, full<UpdateQueue>()).get().maxSize, 60);
  UpdateParticipant participant = full<UpdateParticipant>();
  participant.callSidToCoach = live;
  EXPECT_TRUE(client->updateParticipant(room, live, participant).get().hold);
  EXPECT_EQ(client->updateConference(room, full<UpdateConference>()).get().status,
            ConferenceStatus::completed);
  const std::string other = call("/stay");
  UpdateCall update = full<UpdateCall>();
  update.status.reset();  // ends a call, or changes it
  EXPECT_EQ(client->updateCall(other, update).get().sid, other);
}

}  // namespace
